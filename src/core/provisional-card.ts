/**
 * Provisional card numbers: what a member who joins offline gets until HQ has given the card its own number.
 *
 * Pure. `P`, till code, hyphen, the till's count, check character: `PT1-0001H`. The till code makes it one of a kind without
 * asking anybody. Check character: ISO 7064 MOD 37,36, which finds every single wrong sign and nearly every swap of neighbours.
 */
import { assert } from './assert.ts';

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SHAPE = /^P[A-Z0-9]{1,12}-\d{4,9}[A-Z0-9]$/;

/** @param count 1, 2, 3 … of this till */
export function provisionalCardNo(tillCode: string, count: number): string {
  assert(/^[A-Za-z0-9]{1,12}$/.test(tillCode), 'a till code is letters and digits');
  assert(Number.isInteger(count) && count > 0 && count < 1_000_000_000, 'a till counts its members from one');
  const body = `P${tillCode.toUpperCase()}-${String(count).padStart(4, '0')}`;
  return body + checkSign(body);
}

/** Whether a text is meant as one, right or wrong. */
export function looksProvisional(text: string): boolean {
  return SHAPE.test(text.trim().toUpperCase());
}

export function isProvisionalCard(text: string): boolean {
  const card = text.trim().toUpperCase();
  return SHAPE.test(card) && checkSign(card.slice(0, -1)) === card.at(-1);
}

/** ISO/IEC 7064, hybrid system MOD 37,36. @param body digits, capital letters; hyphens do not count */
export function checkSign(body: string): string {
  let product = 36;
  for (const sign of body.replaceAll('-', '')) {
    const sum = (product + SIGNS.indexOf(sign)) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return SIGNS[(37 - product) % 36]!;
}
