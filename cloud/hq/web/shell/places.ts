/**
 * Where the console's pages stand: the navigation, and the tabs of a place that has several pages.
 */
import type { IconName } from '../parts/icons.tsx';
import type { Route } from './routes.ts';

export interface Place {
  readonly to: Route;
  readonly word:
    | 'today'
    | 'analysis'
    | 'members'
    | 'segments'
    | 'loyalty'
    | 'prices'
    | 'tills'
    | 'audit'
    | 'settings';
  readonly icon: IconName;
  readonly group: 'shop' | 'operations';
  /** Pages that stand under this one. */
  readonly pages: readonly Route['page'][];
  /** Tabs with rights of their own, where the page has none. */
  readonly tabs?: readonly string[];
}

export const SETTING_TABS = [
  'users',
  'tokens',
  'webhooks',
  'fields',
  'thresholds',
  'privacy',
  'branding',
  'jobs',
] as const;

export const PLACES: readonly Place[] = [
  { to: { page: 'today' }, word: 'today', icon: 'today', group: 'shop', pages: ['today', 'store'] },
  {
    to: { page: 'analysis' },
    word: 'analysis',
    icon: 'sales',
    group: 'shop',
    pages: ['analysis', 'days', 'sales', 'sale'],
  },
  { to: { page: 'members' }, word: 'members', icon: 'member', group: 'shop', pages: ['members', 'member'] },
  { to: { page: 'segments' }, word: 'segments', icon: 'segments', group: 'shop', pages: ['segments'] },
  { to: { page: 'loyalty' }, word: 'loyalty', icon: 'loyalty', group: 'shop', pages: ['loyalty'] },
  { to: { page: 'prices' }, word: 'prices', icon: 'prices', group: 'shop', pages: ['prices'] },
  {
    to: { page: 'tills' },
    word: 'tills',
    icon: 'till',
    group: 'operations',
    pages: ['tills', 'till', 'fleet'],
  },
  { to: { page: 'audit' }, word: 'audit', icon: 'audit', group: 'operations', pages: ['audit'] },
  {
    to: { page: 'settings' },
    word: 'settings',
    icon: 'settings',
    group: 'operations',
    pages: ['settings'],
    tabs: SETTING_TABS,
  },
];

export interface Tab {
  readonly to: Route;
  readonly word: 'overview' | 'days' | 'receipts';
}

/** Pages of one place, side by side. */
export const SALES_TABS: readonly Tab[] = [
  { to: { page: 'analysis' }, word: 'overview' },
  { to: { page: 'days' }, word: 'days' },
  { to: { page: 'sales' }, word: 'receipts' },
];
