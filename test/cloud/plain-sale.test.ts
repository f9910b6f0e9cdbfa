/** The quick look at a sale never says yes where the schema would say no or leave something out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlainSale } from '../../cloud/ingest/plain-sale.ts';
import { MINOR_MAX, SaleShape } from '../../cloud/ingest/sale-row.ts';
import { trafficOf } from '../bench/traffic.ts';
import { aDemoSale } from '../kit/sales.ts';

const [till] = trafficOf({ tills: 1, salesEach: 4, batch: 4, memberIds: ['m-1'] });
const full = JSON.parse(till!.pushes[0]!.entries[0]!).body as Record<string, unknown>;

describe('a sale as tills of ours make it', () => {
  test('with member, points and signature, and without: both are plain', () => {
    expect(isPlainSale(full, MINOR_MAX)).toBe(true);
    expect(isPlainSale(aDemoSale({ receiptSeq: 1 }), MINOR_MAX)).toBe(true);
  });

  test.each([
    ['a field that nobody knows', { surprise: 1 }],
    ['goods coming back', { refundOf: { saleId: 'x', receiptNo: 'y' } }],
    ['no lines', { lines: [] }],
    ['money beyond the limit', { totalMinor: MINOR_MAX + 1 }],
    ['half a cent', { totalMinor: 0.5 }],
    ['an id of 65 characters', { id: 'x'.repeat(65) }],
  ])('%s goes the long way', (_, change) => {
    expect(isPlainSale({ ...full, ...change }, MINOR_MAX)).toBe(false);
  });
});

const ODD = fc.oneof(
  fc.constantFrom(null, '', 'x', 'x'.repeat(200), 0, -1, 1.5, MINOR_MAX + 1, true, [], {}, [1]),
  fc.jsonValue(),
);

test('whatever is put anywhere into a sale: where it says yes, the schema does and keeps all that a row takes', () => {
  const paths = pathsOf(full);
  fc.assert(
    fc.property(fc.constantFrom(...paths), ODD, (path, odd) => {
      const changed = JSON.parse(JSON.stringify(changedAt(full, path, odd)));
      if (!isPlainSale(changed, MINOR_MAX)) return;
      const parsed = SaleShape.safeParse(changed);
      expect(parsed.success).toBe(true);
      for (const field of ['taxes', 'tenders', 'points', 'priced'] as const) {
        expect(parsed.data?.[field]).toEqual(changed[field]);
      }
      const adjustments = (lines: unknown) =>
        (lines as { adjustments: unknown }[]).map((line) => line.adjustments);
      expect(adjustments(parsed.data?.lines)).toEqual(adjustments(changed.lines));
    }),
    { numRuns: 2_000 },
  );
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    pathsOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [...(path.length === 0 ? [] : [path]), ...inner, [...path, 'surprise']];
}

function changedAt(value: unknown, path: Path, odd: unknown): unknown {
  if (path.length === 0) return odd;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1)!] = odd;
  return copy;
}
