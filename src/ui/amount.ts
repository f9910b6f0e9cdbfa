/**
 * Amounts as a screen shows them and as a cashier types them.
 *
 * Pure. Screens group thousands and use the typographic minus; receipts and files do not (see core/money).
 */
import { type Currency, formatMinor, parseMinor } from '../core/money.ts';

export const MINUS = '\u2212';

/** `1,234.50`, `−3.00`: an amount in a column, without its currency. */
export function amountText(amountMinor: number, currency: Pick<Currency, 'digits'>): string {
  const plain = formatMinor(Math.abs(amountMinor), currency.digits);
  const [whole, fraction] = plain.split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = amountMinor < 0 ? MINUS : '';
  return fraction === undefined ? sign + grouped : `${sign}${grouped}.${fraction}`;
}

/** `¥1,234.50`, `−NT$30`: an amount that stands alone. */
export function moneyText(amountMinor: number, currency: Currency): string {
  // The store's symbol is full-width for printers; a screen has the narrow one.
  const symbol = currency.symbol.normalize('NFKC');
  const sign = amountMinor < 0 ? MINUS : '';
  return `${sign}${symbol}${amountText(Math.abs(amountMinor), currency)}`;
}

/** `0.842 kg`. @param weightG grams */
export function weightText(weightG: number): string {
  const text = formatMinor(Math.abs(weightG), 3);
  return `${weightG < 0 ? MINUS : ''}${text} kg`;
}

/** A quantity with the typographic minus. */
export function countText(count: number): string {
  return count < 0 ? `${MINUS}${-count}` : String(count);
}

/**
 * Reads what was typed as an amount; grouping commas and full-width digits are the cashier's habit, not an error.
 *
 * @returns minor units, or null when it is no amount of this currency
 */
export function parseAmount(text: string, currency: Pick<Currency, 'digits'>): number | null {
  const plain = text.normalize('NFKC').replaceAll(',', '').replaceAll('。', '.').trim();
  return parseMinor(plain.startsWith('.') ? `0${plain}` : plain, currency.digits);
}

/** Kilograms typed as `0.842` are 842 grams. @returns null when it is no weight above zero */
export function parseWeight(text: string): number | null {
  const weightG = parseAmount(text, { digits: 3 });
  return weightG !== null && weightG > 0 ? weightG : null;
}

export type PadKey =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '00'
  | '.'
  | 'back'
  | 'clear';

/** What a key of the touch pad makes of a number being typed. A key that would make it no number does nothing. */
export function pressPad(text: string, key: PadKey, digits: number): string {
  if (key === 'clear') return '';
  if (key === 'back') return text.slice(0, -1);
  if (key === '.') {
    if (digits === 0 || text.includes('.')) return text;
    return text === '' ? '0.' : `${text}.`;
  }
  const next = text === '0' ? key.replace(/^0+(?=\d)/, '') : text === '' && key === '00' ? '0' : text + key;
  const fraction = next.split('.')[1] ?? '';
  return fraction.length > digits || next.length > PAD_CHARS_MAX ? text : next;
}

/** Longer than any amount or phone number that a person types. */
const PAD_CHARS_MAX = 20;
