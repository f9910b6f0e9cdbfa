/**
 * People at the till: roles, what each may do, and how far a discount by hand may go.
 *
 * Pure data. Staff and roles come by the feed; until a store has any, one nameless cashier may do everything, so that a new
 * shop can sell at once.
 */
import type { Named } from './item.ts';

/** What a role allows. A call that needs one and lacks it can be approved by somebody who has it. */
export const PERMISSIONS = [
  'sell',
  'void_line',
  'void_sale',
  'price_override',
  'discount',
  'refund',
  'refund_no_receipt',
  'refund_foreign',
  'refund_to_cash',
  'no_sale',
  'cash_move',
  'shift',
  'reprint',
  'training',
  'store_page',
  'enrol_member',
  'devices',
  'sell_expired',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Role extends Named {
  readonly id: string;
  readonly permissions: readonly Permission[];
  /** Discount by hand without approval, of the line or order: 1000 = 10 %. */
  readonly discountLimitBp: number;
}

export interface Staff {
  readonly id: string;
  readonly name: string;
  readonly roleId: string;
  readonly active: boolean;
  readonly pin: PinHash;
}

/** scrypt: base64 of salt and hash, cost as powers of two. The PIN itself is nowhere. */
export interface PinHash {
  readonly salt: string;
  readonly hash: string;
  /** log2 N. */
  readonly cost: number;
}

export const DEFAULT_ROLES: readonly Role[] = [
  {
    id: 'cashier',
    name: '收银员',
    names: { 'zh-TW': '收銀員', en: 'Cashier' },
    permissions: ['sell', 'void_line', 'reprint', 'enrol_member', 'refund'],
    discountLimitBp: 0,
  },
  {
    id: 'senior',
    name: '领班',
    names: { 'zh-TW': '領班', en: 'Senior cashier' },
    permissions: [
      'sell',
      'void_line',
      'void_sale',
      'discount',
      'refund',
      'no_sale',
      'cash_move',
      'shift',
      'reprint',
      'training',
      'enrol_member',
    ],
    discountLimitBp: 1000,
  },
  {
    id: 'manager',
    name: '店长',
    names: { 'zh-TW': '店長', en: 'Store manager' },
    permissions: PERMISSIONS,
    discountLimitBp: 10_000,
  },
];

/** What an approval leaves in the journal: who let whom do what, and why. */
export interface Approval {
  readonly approvalId: string;
  readonly permission: Permission;
  readonly approverId: string;
  readonly reason: string;
}
