/**
 * Money as the console shows it: symbol, grouped digits, exact to the minor unit.
 *
 * Pure. Amounts are whole minor units. A quotient (price per piece) stays an exact fraction until it is written, so
 * that rounding happens once, on the screen.
 */
import { type Currency, divHalfUp, formatMinor } from '../../../../src/core/money.ts';

/** `-123456` in CNY is `-¥1,234.56`. */
export function formatMoney(amountMinor: number, currency: Currency): string {
  const plain = formatMinor(Math.abs(amountMinor), currency.digits);
  return `${amountMinor < 0 ? '-' : ''}${screenSymbol(currency)}${group(plain)}`;
}

/** The amount alone, for columns whose head names the currency: `1,234.56`. */
export function formatAmount(amountMinor: number, currency: Currency): string {
  const plain = formatMinor(Math.abs(amountMinor), currency.digits);
  return `${amountMinor < 0 ? '-' : ''}${group(plain)}`;
}

/** Whole units, for axes and narrow cells: `123456` is `¥1,235`. */
export function formatMoneyWhole(amountMinor: number, currency: Currency): string {
  const whole = divHalfUp(BigInt(Math.round(amountMinor)), 10n ** BigInt(currency.digits));
  return `${whole < 0 ? '-' : ''}${screenSymbol(currency)}${group(String(Math.abs(whole)))}`;
}

/**
 * A price that is a quotient, for example sales per piece.
 *
 * A currency without minor units gets one digit more, because a whole unit is too coarse for a mean.
 *
 * @returns null when there is nothing to divide by
 */
export function formatMoneyRatio(totalMinor: number, count: number, currency: Currency): string | null {
  if (count === 0) return null;
  const digits = Math.max(currency.digits, 1);
  const finer = 10n ** BigInt(digits - currency.digits);
  const rounded = divHalfUp(BigInt(totalMinor) * finer * (count < 0 ? -1n : 1n), BigInt(Math.abs(count)));
  return formatMoney(rounded, { ...currency, digits });
}

/** What we know of a currency from its code alone, for a row whose store is not in the list. */
export function currencyOf(code: string): Currency {
  const symbols: Record<string, string> = { CNY: '¥', TWD: 'NT$', HKD: 'HK$', GBP: '£', EUR: '€', USD: '$' };
  const digits = ['TWD', 'JPY', 'KRW', 'VND'].includes(code) ? 0 : 2;
  return { code, digits, symbol: symbols[code] ?? `${code} ` };
}

// Paper wants the full-width sign to hold its grid; on a screen it tears a hole into the number.
function screenSymbol(currency: Currency): string {
  return currency.symbol === '￥' ? '¥' : currency.symbol;
}

function group(plain: string): string {
  const [whole, fraction] = plain.split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
