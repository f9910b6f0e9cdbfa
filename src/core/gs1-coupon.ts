/**
 * North American coupons: the data of AI (8110), printed on paper, and of AI (8112), an offer file at the till.
 *
 * Pure. Fields stand one behind the other, many led by a digit that tells their length. Sources: "North American Coupon
 * Application Guideline Using GS1 DataBar Expanded Symbols"; "Coupon Data Specifications, positive offer file".
 */
import type { Flaw } from './gs1-fault.ts';

/** One field: what a digit before it says about its length, or its own fixed length. */
type Field =
  | { readonly name: string; readonly length: number }
  /** `digits`: those that may lead the field; its length is the digit and `plus`. */
  | { readonly vli: string; readonly name: string; readonly digits: RegExp; readonly plus: number }
  /** One digit out of a set. */
  | { readonly code: string; readonly digits: RegExp };

const REQUIRED: readonly Field[] = [
  { vli: 'gcp', name: 'gcp', digits: /[0-6]/, plus: 6 },
  { name: 'offer_code', length: 6 },
  { vli: 'save_value', name: 'save_value', digits: /[1-5]/, plus: 0 },
  ...purchase('1st'),
];

/** By the digit that announces them; they come in this order, each once at most. */
const OPTIONAL: readonly (readonly [string, readonly Field[]])[] = [
  ['1', [{ code: 'additional_purchase_rules_code', digits: /[0-3]/ }, ...purchase('2nd'), buyer('2nd')]],
  ['2', [...purchase('3rd'), buyer('3rd')]],
  ['3', []],
  ['4', []],
  ['5', [{ vli: 'serial_number', name: 'serial_number', digits: /\d/, plus: 6 }]],
  ['6', [{ vli: 'retailer_gcp_or_gln', name: 'retailer_gcp_or_gln', digits: /[1-7]/, plus: 6 }]],
  [
    '9',
    [
      { code: 'save_value_code', digits: /[0-2569]/ },
      { code: 'save_value_applies_to_item', digits: /[0-2]/ },
      { code: 'store_coupon_flag', digits: /\d/ },
      { code: 'dont_multiply_flag', digits: /[01]/ },
    ],
  ],
];

function purchase(which: string): Field[] {
  const name = `${which}_purchase_requirement`;
  return [
    { vli: name, name, digits: /[1-5]/, plus: 0 },
    { code: `${name}_code`, digits: /[0-49]/ },
    { name: `${which}_purchase_family_code`, length: 3 },
  ];
}

/** 9 stands for the company of the coupon itself: no number follows. */
function buyer(which: string): Field {
  return { vli: `${which}_purchase_gcp`, name: `${which}_purchase_gcp`, digits: /[0-69]/, plus: 6 };
}

/** AI (8110). */
export function couponCode(data: string): Flaw | null {
  const strange = nonDigit(data);
  if (strange !== null) return strange;
  const reader = new Reader(data);
  if (!reader.takeAll(REQUIRED)) return reader.flaw;
  let expiry: { readonly at: number; readonly date: string } | null = null;
  for (const [sign, fields] of OPTIONAL) {
    if (data[reader.at] !== sign) continue;
    const at = reader.at++;
    if (sign === '3' || sign === '4') {
      const date = reader.takeDate(sign === '3' ? 'expiration' : 'start');
      if (date === null) return reader.flaw;
      if (sign === '3') expiry = { at, date };
      else if (expiry !== null && expiry.date < date) {
        return { what: 'coupon_expiration_before_start', at: expiry.at, length: reader.at - expiry.at };
      }
    } else if (!reader.takeAll(fields)) return reader.flaw;
  }
  return reader.rest();
}

/** AI (8112): format code, funder, offer code, serial number. */
export function couponPosOffer(data: string): Flaw | null {
  const strange = nonDigit(data);
  if (strange !== null) return strange;
  const reader = new Reader(data);
  const isWhole = reader.takeAll([
    { code: 'format_code', digits: /[01]/ },
    { vli: 'funder', name: 'funder', digits: /[0-6]/, plus: 6 },
    { name: 'offer_code', length: 6 },
    { vli: 'serial_number', name: 'serial_number', digits: /\d/, plus: 6 },
  ]);
  return isWhole ? reader.rest() : reader.flaw;
}

function nonDigit(data: string): Flaw | null {
  const at = data.search(/[^0-9]/);
  return at < 0 ? null : { what: 'non_digit_character', at, length: 1 };
}

class Reader {
  at = 0;
  flaw: Flaw | null = null;
  private readonly data: string;

  constructor(data: string) {
    this.data = data;
  }

  /** @returns whether all fields were there and right; else `flaw` says what is not */
  takeAll(fields: readonly Field[]): boolean {
    return fields.every((field) => {
      if ('length' in field) return this.takeText(field.name, field.length);
      if ('code' in field) return this.takeDigit(field.code, field.digits, `invalid_${field.code}`) !== null;
      const lead = this.takeDigit(`${field.vli}_vli`, field.digits, `invalid_${field.vli}_length`);
      if (lead === null) return false;
      // Only a company prefix may be left out, and 9 says so.
      const isLeftOut = lead === '9' && field.name.endsWith('_purchase_gcp');
      return isLeftOut || this.takeText(field.name, Number(lead) + field.plus);
    });
  }

  /** YYMMDD. */
  takeDate(name: 'expiration' | 'start'): string | null {
    const date = this.data.slice(this.at, this.at + 6);
    if (date.length < 6) {
      this.fail(`too_short_for_${name}_date`, this.at, date.length);
      return null;
    }
    if (!isDate(date)) {
      this.fail(`invalid_${name}_date`, this.at, 6);
      return null;
    }
    this.at += 6;
    return date;
  }

  /** @returns what is wrong when anything is left */
  rest(): Flaw | null {
    const length = this.data.length - this.at;
    return length === 0 ? null : { what: 'coupon_excess_data', at: this.at, length };
  }

  private takeDigit(name: string, digits: RegExp, otherwise: string): string | null {
    const digit = this.data[this.at];
    if (digit === undefined) this.fail(`missing_${name}`, this.at, 0);
    else if (!digits.test(digit)) this.fail(otherwise, this.at, 1);
    else {
      this.at++;
      return digit;
    }
    return null;
  }

  private takeText(name: string, length: number): boolean {
    const there = Math.min(length, this.data.length - this.at);
    if (there < length) this.fail(`truncated_${name}`, this.at, there);
    else this.at += length;
    return there === length;
  }

  /** Where nothing is left to point at, the whole is at fault. */
  private fail(what: string, at: number, length: number): void {
    this.flaw = {
      what: `coupon_${what}`,
      at: length === 0 ? 0 : at,
      length: length === 0 ? this.data.length : length,
    };
  }
}

function isDate(text: string): boolean {
  const [year, month, day] = [text.slice(0, 2), text.slice(2, 4), text.slice(4)].map(Number) as [
    number,
    number,
    number,
  ];
  const time = new Date(Date.UTC(2000 + year, month - 1, day));
  return (
    month >= 1 && month <= 12 && day >= 1 && time.getUTCDate() === day && time.getUTCMonth() === month - 1
  );
}
