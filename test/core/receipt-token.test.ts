/** Receipt tokens: compact, signed, one receipt one text; whatever is changed in them is found out. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Addition } from '../../src/core/basket.ts';
import {
  fromBase64Url,
  isReceiptToken,
  parseToken,
  receiptPayload,
  receiptQr,
  TOKEN_CHARS_MAX,
  toBase64Url,
  tokenStatement,
  tokenText,
} from '../../src/core/receipt-token.ts';
import { soldReceipt } from '../../src/core/returns.ts';
import type { Sale } from '../../src/core/sale.ts';
import { verifyEd25519 } from '../../src/till/identity.ts';
import { aBasket, anId, anItem, aRefund, aSale, aStore, aTier, aWeighedItem } from './builders.ts';

/** A key that is the same each time: PKCS8 head of Ed25519, then 32 bytes. */
const KEY = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = createPublicKey(KEY).export({ format: 'der', type: 'spki' }).toString('base64');
const DAY = { businessDate: '2026-11-21' };

function aToken(sale: Sale): string {
  const payload = receiptPayload(sale, DAY)!;
  return tokenText(payload, sign(null, tokenStatement(payload), KEY).toString('base64url'));
}

function believed(text: string): boolean {
  const parsed = parseToken(text);
  if (!parsed.ok) return false;
  const { payload, signature } = parsed.value;
  return verifyEd25519({ publicKey, statement: tokenStatement(payload), signature });
}

const goods = (count: number, sku = (n: number) => `T${1000 + n}`): Partial<Addition>[] =>
  Array.from({ length: count }, (_, n) => ({
    item: anItem({ sku: sku(n), priceMinor: 1_299 + n * 100, taxCode: n % 3 === 0 ? 'food' : 'standard' }),
    qty: 1 + (n % 3),
  }));

/** A member's sale with discount and points on every line. */
function aMemberSale(count: number, sku?: (n: number) => string): Sale {
  const sale = aSale({ basket: aBasket(goods(count, sku), { id: anId(5) }), tier: aTier() });
  const byLine = sale.lines.map((line) => Math.floor(line.netMinor / 100));
  return { ...sale, points: { programme: 'p', earned: byLine.reduce((a, b) => a + b, 0), byLine } };
}

describe('a receipt of three lines', () => {
  const basket = aBasket([{ qty: 3 }, { item: aWeighedItem(), weightG: 1234 }, ...goods(1)], { id: anId(5) });
  const plain = aSale({ basket, tier: aTier() });
  const sale = { ...plain, points: { programme: 'p', earned: 14, byLine: [5, 8, 1] } };

  test('reads back as what was sold: numbers, weights, nets, taxes, points', () => {
    const parsed = parseToken(aToken(sale));
    const token = parsed.ok ? parsed.value.token : null;
    expect(token).toMatchObject({
      tillCode: 'T01',
      saleId: anId(5),
      receiptNo: 'T01-000123',
      businessDate: '2026-11-21',
      currency: 'CNY',
      taxMode: 'inclusive',
      totalMinor: sale.totalMinor,
      headOnly: false,
    });
    const fields = ({ gtin: _, name: _n, adjustments: _a, ...line }: Record<string, unknown>) => line;
    expect(token!.lines.map((line) => fields({ ...line }))).toEqual(
      soldReceipt(sale).lines.map((line) => fields({ ...line })),
    );
  });

  test('is believed as printed, also with white space around it, and is written the same each time', () => {
    expect(believed(aToken(sale))).toBe(true);
    expect(believed(` ${aToken(sale)}\r\n`)).toBe(true);
    expect(aToken(sale)).toBe(aToken(sale));
    expect(isReceiptToken(aToken(sale))).toBe(true);
  });

  test('every byte flipped in any bit is unreadable or not believed', () => {
    const text = aToken(sale);
    const [, payload, signature] = text.split('.') as [string, string, string];
    for (const [part, other] of [
      [payload, 0],
      [signature, 1],
    ] as const) {
      const bytes = fromBase64Url(part)!;
      for (let at = 0; at < bytes.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const forged = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));
          const made =
            other === 0 ? `CF1.${toBase64Url(forged)}.${signature}` : `CF1.${payload}.${toBase64Url(forged)}`;
          expect(believed(made), `part ${other} byte ${at} bit ${bit}`).toBe(false);
        }
      }
    }
  });

  test('cut anywhere, doubled, or with another’s signature it is not believed', () => {
    const text = aToken(sale);
    for (let length = 0; length < text.length; length++) expect(believed(text.slice(0, length))).toBe(false);
    expect(believed(text + text)).toBe(false);
    expect(believed(`${text}A`)).toBe(false);
    const other = aToken({ ...sale, receiptSeq: 124, receiptNo: 'T01-000124' });
    const [payload, signature] = [text.split('.')[1], other.split('.')[2]];
    expect(believed(`CF1.${payload}.${signature}`)).toBe(false);
  });

  test('any text is an answer, never a crash', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.string().map((text) => `CF1.${text}`),
      fc
        .tuple(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 64, maxLength: 64 }))
        .map(([payload, signature]) => `CF1.${toBase64Url(payload)}.${toBase64Url(signature)}`),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseToken(text);
        return parsed.ok || parsed.error.kind === 'receipt_unreadable';
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('size', () => {
  test.each([
    { lines: 1, chars: 163 },
    { lines: 5, chars: 258 },
    { lines: 10, chars: 355 },
    { lines: 20, chars: 554 },
    { lines: 25, chars: 654 },
  ])('$lines lines with discount and points are $chars characters', ({ lines, chars }) => {
    const text = aToken(aMemberSale(lines));
    expect(text.length).toBe(chars);
    expect(parseToken(text)).toMatchObject({ ok: true, value: { token: { headOnly: false } } });
  });

  test('26 such lines have no room: the token carries header and total, and says so', () => {
    const sale = aMemberSale(26);
    const text = aToken(sale);
    expect(text.length).toBeLessThan(150);
    expect(parseToken(text)).toMatchObject({
      ok: true,
      value: { token: { headOnly: true, lines: [], totalMinor: sale.totalMinor, receiptNo: 'T01-000123' } },
    });
    expect(believed(text)).toBe(true);
  });

  test('13-digit SKUs leave room for 17 lines; 200 lines are never longer than a QR of version 20', () => {
    const ean = (n: number) => String(6_921_168_509_000 + n);
    expect(aToken(aMemberSale(17, ean)).length).toBeLessThanOrEqual(TOKEN_CHARS_MAX);
    expect(parseToken(aToken(aMemberSale(18, ean)))).toMatchObject({ value: { token: { headOnly: true } } });
    expect(aToken(aMemberSale(200)).length).toBeLessThan(150);
  });
});

describe('for any sale', () => {
  const anySale = fc
    .tuple(
      fc.array(
        fc.record({
          sku: fc.string({ minLength: 1, maxLength: 12 }),
          qty: fc.integer({ min: 1, max: 99_999 }),
          priceMinor: fc.nat(100_000),
          taxCode: fc.constantFrom('standard', 'food', 'zero'),
          kg: fc.boolean(),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      fc.constantFrom('inclusive' as const, 'exclusive' as const),
      fc.constantFrom('line' as const, 'rate' as const, 'document' as const),
      fc.nat(10_000),
    )
    .map(([lines, mode, rounding, discountBp]) =>
      aSale({
        basket: aBasket(
          lines.map(({ sku, qty, priceMinor, taxCode, kg }) => ({
            item: anItem({ sku, priceMinor, taxCode, unit: kg ? 'kg' : 'each' }),
            ...(kg ? { weightG: qty } : { qty }),
          })),
        ),
        store: aStore({ tax: { ...aStore().tax, mode, rounding } }),
        tier: aTier({ discountBp }),
      }),
    );

  test('what is read is what was sold, to the cent', () => {
    fc.assert(
      fc.property(anySale, (sale) => {
        const parsed = parseToken(aToken(sale));
        if (!parsed.ok) throw new Error('unreadable');
        const { token } = parsed.value;
        if (token.headOnly) return;
        const pick = ({
          lineNo,
          sku,
          qty,
          weightG,
          netMinor,
          taxMinor,
          grossMinor,
          taxRateBp,
        }: Sale['lines'][0]) => [...[lineNo, sku, qty, weightG, netMinor, taxMinor, grossMinor, taxRateBp]];
        expect(token.lines.map((line) => pick(line as never))).toEqual(sale.lines.map(pick));
      }),
    );
  });

  test('base64url there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
    for (const text of ['A', 'AB', 'A=', 'A+BC', 'ÄÄ']) expect(fromBase64Url(text)).toBeNull();
  });
});

describe('no token', () => {
  test('for a refund; for a receipt number that is not of our making; without a proof', () => {
    expect(receiptPayload(aRefund(aSale()), DAY)).toBeNull();
    expect(receiptPayload({ ...aSale(), receiptNo: 'X' }, DAY)).toBeNull();
    expect(receiptQr(aSale(), DAY.businessDate, null)).toBeNull();
  });
});
