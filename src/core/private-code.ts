/**
 * Numbers that a till must not keep: payment codes of wallets, and card numbers.
 *
 * Pure. A payment code buys something as soon as it is sent; a card number brings its holder's data into the shop. Neither is
 * logged, stored or shown. Sources: DOMAIN 2.2 (lengths and prefixes of payment codes), 2.6; ISO/IEC 7812 (Luhn).
 */

export type Wallet = 'wechat' | 'alipay' | 'unionpay';

/** Whose payment code this is; null: nobody's. Length tells them from EAN-13 with the same first digits. */
export function walletOf(text: string): Wallet | null {
  if (/^1[0-5]\d{16}$/.test(text)) return 'wechat';
  if (/^(?:2[5-9]|30)\d{14,22}$/.test(text)) return 'alipay';
  return /^62\d{17}$/.test(text) ? 'unionpay' : null;
}

/**
 * Whether this is a card number: 15-19 digits that Luhn's check fits, grouped or not; 13 or 14 with a scheme's prefix; or what
 * a magnetic stripe holds.
 *
 * One in ten numbers of 13 and 14 digits fits by chance, and most are GTINs: ask `fitsCardScheme` about those that are right.
 */
export function isCardNumber(text: string): boolean {
  if (/^%?B\d{13,19}\^|^;?\d{13,19}=\d{4}/.test(text)) return true;
  if (!/^[1-9]\d*(?:[ -]\d+)*$/.test(text)) return false;
  const digits = text.replaceAll(/[ -]/g, '');
  if (digits.length < 15) return fitsCardScheme(digits);
  return digits.length <= 19 && fitsLuhn(digits);
}

/** Whether 13 or 14 digits could be a card as well as a GTIN: Visa had 13, Diners Club has 14. */
export function fitsCardScheme(digits: string): boolean {
  return /^(?:4\d{12}|3(?:0[0-59]|[689]\d)\d{11})$/.test(digits) && fitsLuhn(digits);
}

/** Luhn: every second digit from the right doubled, digits of the doubles added, sum a multiple of ten. */
export function fitsLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}
