/**
 * GS1 data in whatever dress it comes: from a scanner, typed as `(01)…` or `^01…`, as a web address, or bare.
 *
 * Pure. What it says about an article: number, expiry, batch, weight, price; or which coupon it is.
 */
import type { Carrier } from './aim.ts';
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
 * @param carrier  what the AIM identifier said of the barcode; null: there was none
 * @returns null: this does not look like GS1 data
 */
export function readGs1Text(text: string, carrier: Carrier | null): Gs1Text | null {
  if (carrier === 'gs1') return { form: 'scanner', read: readElements(text, 0) };
  if (carrier === 'ean') return null;
  // Packs with early Digital Links are on the shelves still.
  if (isWebAddress(text)) return { form: 'link', read: readLink(text, { isShortGtinPermitted: true }) };
  // In a barcode `^` and a bracket are themselves, unless a bracketed label was put into it whole.
  if (carrier === null && text.startsWith('^')) return { form: 'caret', read: readElements(text, 1) };
  if (carrier === null ? text.startsWith('(') : /^\(\d{2,4}\)/.test(text)) {
    return { form: 'bracketed', read: readBracketed(text) };
  }
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

/** A price that is finer than the currency, or in another one, is left out. */
export function articleFacts(elements: readonly Gs1Element[], setting: MoneySetting): ArticleFacts {
  const facts: { -readonly [K in keyof ArticleFacts]: ArticleFacts[K] } = {};
  for (const { ai, value } of elements) {
    if (ai === '10') facts.batch ??= value;
    else if (ai === '21') facts.serial ??= value;
    else if (ai === '30') facts.count ??= Number(value);
    else if (ai === '15') put(facts, 'bestBefore', dayIn(value, setting));
    else if (ai.startsWith('310')) put(facts, 'weightG', scaled(value, decimalsOf(ai), 3));
  }
  put(facts, 'expiry', expiryIn(elements, setting));
  put(facts, 'priceMinor', priceIn(elements, setting));
  return facts;
}

function put<T extends object, K extends keyof T>(facts: T, name: K, value: T[K] | null): void {
  if (value !== null) facts[name] ??= value;
}

/** A decimal number as a code tells it: `value` whole, `decimals` behind the point. */
export interface CodeDecimal {
  readonly value: number;
  readonly decimals: number;
}

/** The price of the pack as the code tells it, AI 392n or 393n. `currency`: ISO 4217 number, where it is named. */
export function priceTold(
  elements: readonly Gs1Element[],
): (CodeDecimal & { readonly currency?: string }) | null {
  const price = elements.find(({ ai }) => ai.startsWith('392') || ai.startsWith('393'));
  if (price === undefined) return null;
  const decimals = decimalsOf(price.ai);
  if (price.ai.startsWith('392')) return { value: Number(price.value), decimals };
  return { value: Number(price.value.slice(3)), decimals, currency: price.value.slice(0, 3) };
}

/** The net weight as the code tells it, AI 310n or 320n. */
export function weightTold(
  elements: readonly Gs1Element[],
): (CodeDecimal & { readonly unit: 'kg' | 'lb' }) | null {
  const weight = elements.find(({ ai }) => ai.startsWith('310') || ai.startsWith('320'));
  if (weight === undefined) return null;
  const unit = weight.ai.startsWith('310') ? 'kg' : 'lb';
  return { value: Number(weight.value), decimals: decimalsOf(weight.ai), unit };
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
  const expiry = expiryIn(elements, setting);
  return ok({
    number: gcn.slice(0, 13),
    serial: gcn.slice(13),
    ...(amountMinor === undefined ? {} : { amountMinor }),
    ...(rateBp === undefined ? {} : { rateBp }),
    ...(expiry === null ? {} : { expiry }),
  });
}

function priceIn(
  elements: readonly Gs1Element[],
  { currencyDigits, currencyCode }: MoneySetting,
): number | null {
  const price = priceTold(elements);
  if (price === null) return null;
  const isOurs =
    price.currency === undefined ||
    (currencyCode !== undefined && currencyNumber(currencyCode) === price.currency);
  return isOurs ? scaled(String(price.value), price.decimals, currencyDigits) : null;
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
