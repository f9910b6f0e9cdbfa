/**
 * Receipt tokens: what a receipt's QR says, signed by who drew it (N04): the till that sold, or HQ for a copy that it shows.
 *
 * Pure. Text `CF1.PAYLOAD.SIGNATURE`, both base64url; the signature is Ed25519 over `tokenStatement`. The payload names the
 * sale and holds of each line that was sold what a refund needs, so that any till of the chain can take goods back with the
 * line down. Nothing in it is personal. What is read is written again and must come to the same bytes: one receipt, one text.
 *
 * Layout, version 1; numbers are varints (7 bits a byte, low first), signed ones zigzag, texts a length and UTF-8:
 * version, till code, receipt count, sale id (16 bytes), days since 2020-01-01, currency, flags (1 exclusive tax, 2 lines left
 * out), total (signed), tax rates (count; code, rate), lines (count; number less the one before, flags 1 weighed 2 off 4 tax
 * 8 points, rate's place, SKU, quantity or grams, unit price, what came off, tax less what the rate makes of the net (signed), points).
 */
import { assert } from './assert.ts';
import { grossMinor } from './basket.ts';
import { mulDivHalfUp } from './money.ts';
import { err, ok, type Result } from './result.ts';
import { type SoldLine, soldReceipt } from './returns.ts';
import { receiptNumber, type Sale } from './sale.ts';

/** Ed25519 by the key of who draws the receipt. @returns base64url */
export type SignReceipt = (statement: Uint8Array) => string;

export interface ReceiptToken {
  readonly tillCode: string;
  readonly saleId: string;
  readonly receiptNo: string;
  /** `YYYY-MM-DD` */
  readonly businessDate: string;
  readonly currency: string;
  readonly taxMode: 'inclusive' | 'exclusive';
  readonly totalMinor: number;
  /** `name` is empty, `gtin` null: the till that reads it knows the goods by their SKU. */
  readonly lines: readonly SoldLine[];
  /** More lines were sold than a slip has room for: they come back online, or at the till that sold them. */
  readonly headOnly: boolean;
}

export type TokenError = { readonly kind: 'receipt_unreadable' };

const PREFIX = 'CF1.';
const SIGNATURE_BYTES = 64;
/**
 * A QR code of version 20 at level M, 97 modules: 36 mm wide at 3 dots a module, which 58 mm paper (384 dots) has room for.
 * Lines beyond are left out, all of them: half a receipt would look like a whole one.
 */
export const TOKEN_CHARS_MAX = 666;

/** Whether a scanned text says of itself that it is a receipt. */
export function isReceiptToken(text: string): boolean {
  return text.trimStart().startsWith(PREFIX);
}

/** What is signed. */
export function tokenStatement(payload: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode('counterfoil receipt v1 ');
  const statement = new Uint8Array(head.length + payload.length);
  statement.set(head);
  statement.set(payload, head.length);
  return statement;
}

/** @returns null when no goods were sold, or the sale's id or number is not of this program's making: nothing to refund by QR */
export function receiptPayload(
  sale: Omit<Sale, 'proof'>,
  facts: { readonly businessDate: string },
): Uint8Array | null {
  const { lines } = soldReceipt(sale);
  const at = sale.receiptNo.lastIndexOf('-');
  const tillCode = sale.receiptNo.slice(0, Math.max(at, 0));
  if (lines.length === 0 || receiptNumber(tillCode, sale.receiptSeq) !== sale.receiptNo) return null;
  if (!isUuid(sale.id)) return null;
  const { id: saleId, receiptSeq, currency, taxMode, totalMinor } = sale;
  const head = { tillCode, receiptSeq, saleId, ...facts, currency, taxMode, totalMinor };
  const whole = payloadOf(head, lines, false);
  return tokenLength(whole) <= TOKEN_CHARS_MAX ? whole : payloadOf(head, [], true);
}

/** The text of the QR. @param signature base64url */
export function tokenText(payload: Uint8Array, signature: string): string {
  return `${PREFIX}${toBase64Url(payload)}.${signature}`;
}

/**
 * The text of a sale's receipt QR, and whether its lines are left out; null where it has none.
 *
 * @param sign null: only what an older program's sale holds itself
 */
export function receiptQr(
  sale: Sale,
  businessDate: string,
  sign: SignReceipt | null,
): { readonly text: string; readonly headOnly: boolean } | null {
  if (sale.proof === undefined && sign === null) return null;
  const payload = receiptPayload(sale, { businessDate });
  if (payload === null) return null;
  const signature = sale.proof ?? sign!(tokenStatement(payload));
  return { text: tokenText(payload, signature), headOnly: readPayload(payload)?.headOnly ?? true };
}

function tokenLength(payload: Uint8Array): number {
  return PREFIX.length + Math.ceil((payload.length * 4) / 3) + 1 + Math.ceil((SIGNATURE_BYTES * 4) / 3);
}

/** Reads what a scanner read. Nothing of it is true before its signature has been checked. */
export function parseToken(
  text: string,
): Result<
  { readonly payload: Uint8Array; readonly signature: Uint8Array; readonly token: ReceiptToken },
  TokenError
> {
  const unreadable = err({ kind: 'receipt_unreadable' } as const);
  const trimmed = text.trim();
  if (!trimmed.startsWith(PREFIX) || trimmed.length > TOKEN_CHARS_MAX) return unreadable;
  const parts = trimmed.slice(PREFIX.length).split('.');
  const payload = fromBase64Url(parts[0] ?? '');
  const signature = fromBase64Url(parts[1] ?? '');
  if (parts.length !== 2 || payload === null || signature?.length !== SIGNATURE_BYTES) return unreadable;
  const token = readPayload(payload);
  return token === null ? unreadable : ok({ payload, signature, token });
}

// ---- payload ----

interface Head extends Pick<ReceiptToken, 'tillCode' | 'saleId' | 'businessDate' | 'currency' | 'taxMode'> {
  readonly receiptSeq: number;
  readonly totalMinor: number;
}

const VERSION = 1;
const DAY_MS = 86_400_000;
const DAY_ZERO_MS = Date.UTC(2020, 0, 1);
const [EXCLUSIVE, HEAD_ONLY] = [1, 2];
const [WEIGHED, OFF, TAX, POINTS] = [1, 2, 4, 8];

function payloadOf(head: Head, lines: readonly SoldLine[], headOnly: boolean): Uint8Array {
  const w = new Writer();
  w.number(VERSION);
  w.text(head.tillCode);
  w.number(head.receiptSeq);
  w.bytes(uuidBytes(head.saleId));
  w.number((Date.parse(`${head.businessDate}T00:00:00Z`) - DAY_ZERO_MS) / DAY_MS);
  w.text(head.currency);
  w.number((head.taxMode === 'exclusive' ? EXCLUSIVE : 0) + (headOnly ? HEAD_ONLY : 0));
  w.signed(head.totalMinor);
  const rates = [...Map.groupBy(lines, rateKey).values()].map(([line]) => line!);
  w.number(rates.length);
  for (const { taxCode, taxRateBp } of rates) {
    w.text(taxCode);
    w.number(taxRateBp);
  }
  w.number(lines.length);
  let before = 0;
  for (const line of lines) {
    const offMinor = line.grossMinor - line.netMinor;
    const taxMore = line.taxMinor - taxOf(line.netMinor, line.taxRateBp, head.taxMode);
    const weighed = line.weightG !== null;
    w.number(line.lineNo - before);
    w.number(
      (weighed ? WEIGHED : 0) +
        (offMinor === 0 ? 0 : OFF) +
        (taxMore === 0 ? 0 : TAX) +
        (line.points === 0 ? 0 : POINTS),
    );
    w.number(rates.findIndex((rate) => rateKey(rate) === rateKey(line)));
    w.text(line.sku);
    w.number(line.weightG ?? line.qty);
    w.number(line.unitPriceMinor);
    if (offMinor !== 0) w.number(offMinor);
    if (taxMore !== 0) w.signed(taxMore);
    if (line.points !== 0) w.number(line.points);
    before = line.lineNo;
  }
  return w.done();
}

function rateKey({ taxCode, taxRateBp }: Pick<SoldLine, 'taxCode' | 'taxRateBp'>): string {
  return `${taxCode} ${taxRateBp}`;
}

/** What rounding each line by itself makes of it; later rounding differs by a cent, which the line then says. */
function taxOf(netMinor: number, rateBp: number, mode: ReceiptToken['taxMode']): number {
  return mulDivHalfUp(netMinor, rateBp, mode === 'inclusive' ? 10_000 + rateBp : 10_000);
}

/** null: not a payload of ours, or not written as we write it. */
function readPayload(payload: Uint8Array): ReceiptToken | null {
  try {
    const r = new Reader(payload);
    if (r.number() !== VERSION) return null;
    const tillCode = r.text();
    const receiptSeq = r.number();
    const saleId = uuidText(r.bytes(16));
    const days = r.number();
    if (days > 100_000) return null;
    const businessDate = new Date(DAY_ZERO_MS + days * DAY_MS).toISOString().slice(0, 10);
    const currency = r.text();
    const flags = r.number();
    const taxMode = (flags & EXCLUSIVE) === 0 ? 'inclusive' : 'exclusive';
    const headOnly = (flags & HEAD_ONLY) !== 0;
    const totalMinor = r.signed();
    const rates = r.list(() => ({ taxCode: r.text(), taxRateBp: r.number() }));
    let lineNo = 0;
    const lines = r.list((): SoldLine => {
      lineNo += r.number();
      const has = r.number();
      const rate = rates[r.number()]!;
      const sku = r.text();
      const count = r.number();
      const [qty, weightG] = (has & WEIGHED) === 0 ? [count, null] : [1, count];
      const unitPriceMinor = r.number();
      const gross = grossMinor({ qty, weightG, unitPriceMinor });
      const netMinor = gross - ((has & OFF) === 0 ? 0 : r.number());
      const taxMinor = taxOf(netMinor, rate.taxRateBp, taxMode) + ((has & TAX) === 0 ? 0 : r.signed());
      const points = (has & POINTS) === 0 ? 0 : r.number();
      return {
        lineNo,
        sku,
        gtin: null,
        name: '',
        qty,
        weightG,
        unitPriceMinor,
        priceSource: 'list',
        ...rate,
        grossMinor: gross,
        netMinor,
        taxMinor,
        points,
      };
    });
    const head = { tillCode, receiptSeq, saleId, businessDate, currency, taxMode, totalMinor } as const;
    if (!r.atEnd || !same(payloadOf(head, lines, headOnly), payload)) return null;
    if (lines.some(({ qty, netMinor }) => qty <= 0 || netMinor < 0)) return null;
    const receiptNo = receiptNumber(tillCode, receiptSeq);
    return { tillCode, saleId, receiptNo, businessDate, currency, taxMode, totalMinor, lines, headOnly };
  } catch (cause) {
    // Whatever a stranger's bytes break is what they are: unreadable.
    if (cause instanceof Error) return null;
    throw cause;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

// ---- bytes ----

class Writer {
  readonly #bytes: number[] = [];

  number(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, `a token holds whole numbers, not ${value}`);
    let rest = value;
    while (rest >= 128) {
      this.#bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
  }

  signed(value: number): void {
    this.number(value < 0 ? -value * 2 - 1 : value * 2);
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.number(bytes.length);
    this.bytes(bytes);
  }

  bytes(value: Uint8Array): void {
    for (const byte of value) this.#bytes.push(byte);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Every read throws past the end. */
class Reader {
  readonly #source: Uint8Array;
  #at = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at === this.#source.length;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes(1)[0]!;
      value += (byte % 128) * scale;
      assert(Number.isSafeInteger(value), 'a number of a token is safe');
      if (byte < 128) return value;
    }
  }

  signed(): number {
    const value = this.number();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  text(): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes(this.number()));
  }

  list<T>(read: () => T): T[] {
    const count = this.number();
    assert(count <= this.#source.length, 'a list is no longer than its bytes');
    return Array.from({ length: count }, read);
  }

  bytes(count: number): Uint8Array {
    const end = this.#at + count;
    assert(end <= this.#source.length, 'a token ends after its last byte');
    const bytes = this.#source.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function uuidBytes(text: string): Uint8Array {
  assert(isUuid(text), 'a sale id is a UUID');
  const hex = text.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [0, 8, 12, 16, 20].map((from, i, all) => hex.slice(from, all[i + 1])).join('-');
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, bytes.length - i + 1);
    for (let d = 0; d < digits; d++) text += DIGITS[(word >> (18 - 6 * d)) & 63];
  }
  return text;
}

/** null: not base64url, or bits set that stand for nothing. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (text.length % 4 === 1 || !/^[\w-]*$/.test(text)) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const char of text) {
    word = ((word << 6) | DIGITS.indexOf(char)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (word >> bits) & 255;
    }
  }
  return (word & ((1 << bits) - 1)) === 0 ? bytes : null;
}
