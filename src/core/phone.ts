/**
 * Phone numbers of mainland China, Taiwan and Hong Kong: checked, and brought to one form.
 *
 * Pure. The form is digits with country code and no trunk zero: `8613800001007`, `886912345678`, `85291234567`. Numbers of
 * other countries are taken when they are written with their `+`.
 */
import { err, ok, type Result } from './result.ts';

export type PhoneRegion = 'CN' | 'TW' | 'HK';

interface Plan {
  readonly region: PhoneRegion;
  readonly code: string;
  /** Without country code and trunk zero. */
  readonly mobile: RegExp;
  readonly trunk: '' | '0';
}

const PLANS: readonly Plan[] = [
  // Longer codes first: 86 is the beginning of 886 read from the left only by mistake, but 852 and 886 are three digits.
  { region: 'TW', code: '886', mobile: /^9\d{8}$/, trunk: '0' },
  { region: 'HK', code: '852', mobile: /^[4-9]\d{7}$/, trunk: '' },
  { region: 'CN', code: '86', mobile: /^1[3-9]\d{9}$/, trunk: '' },
];

/** Where a number without a country code is from, by the store's own clock. */
export function phoneRegion(timeZone: string): PhoneRegion {
  if (timeZone === 'Asia/Taipei') return 'TW';
  return timeZone === 'Asia/Hong_Kong' || timeZone === 'Asia/Macau' ? 'HK' : 'CN';
}

/**
 * @param home where the store is: `91234567` is a number in Hong Kong only
 * @returns digits with country code
 */
export function normalisePhone(text: string, home: PhoneRegion): Result<string, { kind: 'bad_phone' }> {
  const bad = err({ kind: 'bad_phone' } as const);
  const wide = text.normalize('NFKC').trim();
  if (!/^\+?[\d\s().-]+$/.test(wide)) return bad;
  const digits = wide.replace(/\D/g, '');
  const abroad = wide.startsWith('+') ? digits : digits.startsWith('00') ? digits.slice(2) : null;
  if (abroad !== null) return withCode(abroad) ?? bad;
  for (const plan of PLANS) {
    if (plan.trunk === '0' ? !digits.startsWith('0') : plan.region === 'HK' && home !== 'HK') continue;
    const national = digits.slice(plan.trunk.length);
    if (plan.mobile.test(national)) return ok(plan.code + national);
  }
  // Written with the code but without the plus: `8613800001007`.
  const known = PLANS.find(
    ({ code, mobile }) => digits.startsWith(code) && mobile.test(digits.slice(code.length)),
  );
  return known === undefined ? bad : ok(digits);
}

function withCode(digits: string): Result<string, { kind: 'bad_phone' }> | null {
  const plan = PLANS.find(({ code }) => digits.startsWith(code));
  if (plan === undefined) return /^[1-9]\d{7,14}$/.test(digits) ? ok(digits) : null;
  // `+886 0912…`: the trunk zero is a common slip.
  const national = digits.slice(plan.code.length).replace(plan.trunk === '0' ? /^0/ : /^$/, '');
  return plan.mobile.test(national) ? ok(plan.code + national) : null;
}

/**
 * What a stored number may end with when this was typed: as typed, and without country code or trunk zero.
 *
 * @param digits digits only, four or more
 */
export function phoneEnds(digits: string): string[] {
  const ends = new Set([digits]);
  const bare = digits.replace(/^00/, '');
  for (const { code, mobile, trunk } of PLANS) {
    const national = bare.startsWith(code) ? bare.slice(code.length).replace(/^0/, '') : null;
    if (national !== null && mobile.test(national)) ends.add(national);
    if (trunk === '0' && digits.startsWith('0') && mobile.test(digits.slice(1))) ends.add(digits.slice(1));
  }
  return [...ends];
}

/** Its digits from the last to the first: so kept, the numbers with the same last digits stand side by side. */
export function phoneBackwards(digits: string): string {
  let back = '';
  for (let i = digits.length - 1; i >= 0; i--) back += digits[i];
  return back;
}
