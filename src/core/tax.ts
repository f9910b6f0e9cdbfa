/**
 * Tax: what part of each line is tax, inclusive or exclusive, rounded per line, per rate or per document.
 *
 * Pure. Rates are basis points. Where rounding is later than the line, exact fractions are summed first and rounded
 * once; lines then get whole parts by largest remainder, so that the print adds up. Source of the numbers: DOMAIN 2.8.
 */
import { assert } from './assert.ts';
import { divHalfUp, largestRemainder, mulDivHalfUp, type Ratio, sumMinor } from './money.ts';

export interface TaxRate {
  readonly code: string;
  /** 1300 = 13 %. 0 for zero-rated and exempt goods. */
  readonly rateBp: number;
}

export interface TaxPolicy {
  readonly mode: 'inclusive' | 'exclusive';
  readonly rounding: 'line' | 'rate' | 'document';
  readonly rates: readonly TaxRate[];
}

export interface TaxableLine {
  /** After all discounts; holds the tax when prices are inclusive. Negative on a refund. */
  readonly netMinor: number;
  readonly taxCode: string;
  /** The net before it was rounded to minor units, where a percentage made it finer; used only by later rounding of exclusive tax. */
  readonly exactNet?: Ratio;
}

export interface TaxTotal {
  readonly taxCode: string;
  readonly rateBp: number;
  /** Without tax. */
  readonly baseMinor: number;
  readonly taxMinor: number;
}

export interface TaxResult {
  /** Tax of each line, in the order given; sums to `taxMinor`. */
  readonly lineTaxMinor: readonly number[];
  /** One per rate that occurs, by code. */
  readonly totals: readonly TaxTotal[];
  readonly taxMinor: number;
  /** What the customer pays: net lines, plus the tax when it is exclusive. */
  readonly totalMinor: number;
}

export function rateOf(policy: TaxPolicy, taxCode: string): number {
  const rate = policy.rates.find((candidate) => candidate.code === taxCode);
  assert(rate !== undefined, `tax code ${taxCode} is one of the store's rates`);
  return rate.rateBp;
}

export function computeTax(lines: readonly TaxableLine[], policy: TaxPolicy): TaxResult {
  const lineTaxMinor =
    policy.rounding === 'line'
      ? lines.map((line) => lineTax(line, policy))
      : roundLater(lines, policy, policy.rounding);
  const taxMinor = sumMinor(lineTaxMinor);
  const netMinor = sumMinor(lines.map((line) => line.netMinor));
  return {
    lineTaxMinor,
    totals: totalsByCode(lines, lineTaxMinor, policy),
    taxMinor,
    totalMinor: policy.mode === 'inclusive' ? netMinor : netMinor + taxMinor,
  };
}

function lineTax({ netMinor, taxCode }: TaxableLine, policy: TaxPolicy): number {
  const rateBp = rateOf(policy, taxCode);
  return mulDivHalfUp(netMinor, rateBp, policy.mode === 'inclusive' ? 10_000 + rateBp : 10_000);
}

/** The tax of one line as an exact, signed fraction. */
function exactTax(line: TaxableLine, policy: TaxPolicy): Ratio {
  const rate = BigInt(rateOf(policy, line.taxCode));
  if (policy.mode === 'inclusive') return { n: BigInt(line.netMinor) * rate, d: 10_000n + rate };
  const net = line.exactNet ?? { n: BigInt(line.netMinor), d: 1n };
  return { n: net.n * rate, d: net.d * 10_000n };
}

function roundLater(
  lines: readonly TaxableLine[],
  policy: TaxPolicy,
  rounding: 'rate' | 'document',
): number[] {
  const exact = lines.map((line) => exactTax(line, policy));
  const parts = new Array<number>(lines.length).fill(0);
  for (const group of groupsOf(lines, rounding)) {
    const sum = group.map((index) => exact[index]!).reduce(addRatio, { n: 0n, d: 1n });
    const rounded = divHalfUp(sum.n, sum.d);
    // Lines against the sign of the group (returns inside an exchange) are rounded as one; the others share the rest.
    const along = group.filter((index) => (sum.n < 0n ? exact[index]!.n < 0n : exact[index]!.n > 0n));
    const against = group.filter((index) => exact[index]!.n !== 0n && !along.includes(index));
    const back = against.map((index) => exact[index]!).reduce(addRatio, { n: 0n, d: 1n });
    const backMinor = divHalfUp(back.n, back.d);
    for (const [side, totalMinor] of [
      [against, backMinor],
      [along, rounded - backMinor],
    ] as const) {
      const shares = spread(
        totalMinor,
        side.map((index) => exact[index]!),
      );
      for (const [i, index] of side.entries()) parts[index] = shares[i]!;
    }
  }
  return parts;
}

/** Whole parts near their exact values that sum to `totalMinor`. */
function spread(totalMinor: number, exact: readonly Ratio[]): number[] {
  if (exact.length === 0 || totalMinor === 0) return exact.map(() => 0);
  return largestRemainder(
    totalMinor,
    exact.map(({ n, d }) => ({ n: n < 0n ? -n : n, d })),
  );
}

function groupsOf(lines: readonly TaxableLine[], rounding: 'rate' | 'document'): number[][] {
  const all = lines.map((_, index) => index);
  if (rounding === 'document') return all.length === 0 ? [] : [all];
  return [...Map.groupBy(all, (index) => lines[index]!.taxCode).values()];
}

function totalsByCode(
  lines: readonly TaxableLine[],
  lineTaxMinor: readonly number[],
  policy: TaxPolicy,
): TaxTotal[] {
  const byCode = Map.groupBy(lines.keys(), (index) => lines[index]!.taxCode);
  return [...byCode.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([taxCode, indexes]) => {
      const taxMinor = sumMinor(indexes.map((index) => lineTaxMinor[index]!));
      const netMinor = sumMinor(indexes.map((index) => lines[index]!.netMinor));
      const baseMinor = policy.mode === 'inclusive' ? netMinor - taxMinor : netMinor;
      return { taxCode, rateBp: rateOf(policy, taxCode), baseMinor, taxMinor };
    });
}

function addRatio(a: Ratio, b: Ratio): Ratio {
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}
