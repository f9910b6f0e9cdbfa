/**
 * Pay codes: what a customer's wallet shows to be scanned, told apart by length and prefix; and digits that may be a card.
 *
 * Pure. A pay code is a live, one-time credential: whoever reads one sends it on at once and keeps it nowhere.
 * Source of the shapes: DOMAIN 2.2.
 */
import type { WalletKind } from './tender.ts';

const SHAPES: readonly (readonly [WalletKind, RegExp])[] = [
  ['wechat', /^1[0-5]\d{16}$/],
  ['alipay', /^(?:2[5-9]|30)\d{14,22}$/],
  ['unionpay', /^62\d{17}$/],
];

/** Whose pay code this is; null: it is none. */
export function walletOf(code: string): WalletKind | null {
  return SHAPES.find(([, shape]) => shape.test(code))?.[0] ?? null;
}

/** 13 to 19 digits whose last is right by Luhn: it may be a payment card, and is dropped. */
export function mayBeCard(text: string): boolean {
  if (!/^\d{13,19}$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = Number(text[text.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
