/**
 * GS1 data in whatever dress it comes: from a scanner, typed as `(01)…` or `^01…`, as a web address, or bare.
 *
 * Pure. What it says about an article: number, expiry, batch, weight, price; or which coupon it is.
 */
import { elementValue, GS, type Gs1Element, type PlacedElement, readBracketed, readElements } from './gs1.ts';
import type { Gs1Fault } from './gs1-fault.ts';
import { isWebAddress, readLink } from './gs1-link.ts';
import { currencyNumber } from './gs1-list.ts';
import { dateOf, decimalsOf, scaled } from './gs1-value.ts';
import type { Gtin14 } from './gtin.ts';
import { err, ok, type Result } from './result.ts';

/** `bare`: an element string without any sign that it is one, from a scanner that sends no AIM identifier. */
export type Gs1Form = 'scanner' | 'caret' | 'bracketed' | 'link' | 'bare';

export interface Gs1Text {
  readonly form: Gs1Form;
  readonly read: Result<PlacedElement[], Gs1Fault>;
}

/**
 * @param text  without AIM identifier
 * @param isGs1Carrier  the AIM identifier said that this is GS1 data
 * @returns null: this does not look like GS1 data
 */
export function readGs1Text(text: string, isGs1Carrier: boolean): Gs1Text | null {
  if (isGs1Carrier) return { form: 'scanner', read: readElements(text, 0) };
  if (isWebAddress(text)) return { form: 'link', read: readLink(text) };
  if (text.startsWith('^')) return { form: 'caret', read: readElements(text, 1) };
  if (text.startsWith('(') && /^\(\d{2,4}\)/.test(text))
    return { form: 'bracketed', read: readBracketed(text) };
  if (text.includes(GS)) return { form: 'bare', read: readElements(text, text.startsWith(GS) ? 1 : 0) };
  if (!/^01\d{14}/.test(text)) return null;
  // Nothing says that this is GS1 data but that all of it fits.
  const read = readElements(text, 0);
  return read.ok ? { form: 'bare', read } : null;
}

/** What elements say of an article beside its number. */
export interface ArticleFacts {
  /** Use by: AI 17, or the day of AI 7003. */
  readonly expiry?: string;
  /** AI 15: good still after it, but not promised to be. */
  readonly bestBefore?: string;
  readonly batch?: string;
  readonly serial?: string;
  /** AI 310n; absent when it is finer than a gram. */
  readonly weightG?: number;
  /** AI 30: pieces in a pack of varying count. */
  readonly count?: number;
  /** AI 392n or 393n: price of the whole pack. */
  readonly priceMinor?: number;
}

export interface Gs1Coupon {
  /** AI 255, first 13 digits, and the serial after them. */
  readonly number: string;
  readonly serial: string;
  /** AI 390n. */
  readonly amountMinor?: number;
  /** AI 394n. */
  readonly rateBp?: number;
  /** Last day it is good, AI 17. */
  readonly expiry?: string;
}

export interface MoneySetting {
  readonly currencyDigits: number;
  /** ISO 4217; without it a price in a named currency (AI 393n) is left out. */
  readonly currencyCode?: string;
  /** For the century of dates; 2026 unless told, which is right for 1977 to 2076. */
  readonly yearNow?: number;
}

/** @returns a fault when a price cannot be charged: finer than the currency, or in another one */
export function articleFacts(
  elements: readonly PlacedElement[],
  setting: MoneySetting,
): Result<ArticleFacts, Gs1Fault> {
  const price = priceIn(elements, setting);
  if (!price.ok) return price;
  const weight = elements.find(({ ai }) => ai.startsWith('310'));
  const weightG = weight === undefined ? null : scaled(weight.value, decimalsOf(weight.ai), 3);
  const count = elementValue(elements, '30');
  return ok({
    ...given('expiry', expiryIn(elements, setting)),
    ...given('bestBefore', dayIn(elementValue(elements, '15'), setting)),
    ...given('batch', elementValue(elements, '10')),
    ...given('serial', elementValue(elements, '21')),
    ...given('weightG', weightG),
    ...given('count', count === undefined ? null : Number(count)),
    ...given('priceMinor', price.value),
  });
}

/** The number of an article: AI 01. */
export function gtinIn(elements: readonly Gs1Element[]): Gtin14 | null {
  return elementValue(elements, '01') ?? null;
}

/** @returns null: these elements are no coupon */
export function couponIn(
  elements: readonly PlacedElement[],
  setting: MoneySetting,
): Result<Gs1Coupon, Gs1Fault> | null {
  const gcn = elementValue(elements, '255');
  if (gcn === undefined) return null;
  const amount = elements.find(({ ai }) => ai.startsWith('390'));
  const rate = elements.find(({ ai }) => ai.startsWith('394'));
  const amountMinor =
    amount === undefined ? undefined : scaled(amount.value, decimalsOf(amount.ai), setting.currencyDigits);
  if (amountMinor === null) return err(faultAt('price_too_fine', amount!));
  const rateBp = rate === undefined ? undefined : scaled(rate.value, decimalsOf(rate.ai), 2);
  if (rateBp === null) return err(faultAt('price_too_fine', rate!));
  if (rateBp !== undefined && rateBp > 10_000) return err(faultAt('percent_over_100', rate!));
  return ok({
    number: gcn.slice(0, 13),
    serial: gcn.slice(13),
    ...given('amountMinor', amountMinor),
    ...given('rateBp', rateBp),
    ...given('expiry', expiryIn(elements, setting)),
  });
}

function priceIn(
  elements: readonly PlacedElement[],
  { currencyDigits, currencyCode }: MoneySetting,
): Result<number | null, Gs1Fault> {
  const price = elements.find(({ ai }) => ai.startsWith('392') || ai.startsWith('393'));
  if (price === undefined) return ok(null);
  let digits = price.value;
  if (price.ai.startsWith('393')) {
    if (currencyCode === undefined) return ok(null);
    if (currencyNumber(currencyCode) !== digits.slice(0, 3)) return err(faultAt('foreign_currency', price));
    digits = digits.slice(3);
  }
  const priceMinor = scaled(digits, decimalsOf(price.ai), currencyDigits);
  return priceMinor === null ? err(faultAt('price_too_fine', price)) : ok(priceMinor);
}

function expiryIn(elements: readonly Gs1Element[], setting: MoneySetting): string | null {
  return dayIn(elementValue(elements, '17') ?? elementValue(elements, '7003')?.slice(0, 6), setting);
}

function dayIn(text: string | undefined, { yearNow = 2026 }: MoneySetting): string | null {
  return text === undefined ? null : dateOf(text, yearNow);
}

function faultAt(what: Gs1Fault['what'], { ai, value, at }: PlacedElement): Gs1Fault {
  return { what, at, length: ai.length + value.length, ai };
}

/** `{ [name]: value }`, or nothing where there is no value. */
function given<K extends string, V>(name: K, value: V | null | undefined): { readonly [P in K]?: V } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
}
