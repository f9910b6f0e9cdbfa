/**
 * Rates of two groups and how sure their difference is. Pure; rates are fractions 0..1, kept as floats: they are estimates.
 */

export interface RateDifference {
  /** Rate in the first group less rate in the second. */
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly low: number;
  readonly high: number;
  /** Correlation of two yes-or-no questions, -1..1; null when a question has one answer only. */
  readonly phi: number | null;
}

export interface Group {
  /** How many, and how many of them said yes. */
  readonly n: number;
  readonly yes: number;
}

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's score interval of a rate.
 * Source: E. B. Wilson 1927; formula 3 in Newcombe, Statistics in Medicine 17 (1998) 857-872.
 *
 * @example wilson({ n: 10, yes: 0 }) // { low: 0, high: 0.2775 }
 */
export function wilson({ n, yes }: Group): { readonly low: number; readonly high: number } {
  const rate = yes / n;
  const square = Z * Z;
  const middle = 2 * yes + square;
  const reach = Z * Math.sqrt(square + 4 * yes * (1 - rate));
  const width = 2 * (n + square);
  return {
    low: yes === 0 ? 0 : Math.max(0, (middle - reach) / width),
    high: yes === n ? 1 : Math.min(1, (middle + reach) / width),
  };
}

/**
 * The difference of two rates with Newcombe's interval from Wilson scores (his method 10): it holds for few and for many,
 * and near 0 and 1. Null when a group is empty.
 */
export function rateDifference(first: Group, second: Group): RateDifference | null {
  if (first.n === 0 || second.n === 0) return null;
  const [p1, p2] = [first.yes / first.n, second.yes / second.n];
  const [w1, w2] = [wilson(first), wilson(second)];
  const difference = p1 - p2;
  return {
    difference,
    low: difference - Math.hypot(p1 - w1.low, w2.high - p2),
    high: difference + Math.hypot(w1.high - p1, p2 - w2.low),
    phi: phiOf(first, second),
  };
}

function phiOf(first: Group, second: Group): number | null {
  const [a, b] = [first.yes, first.n - first.yes];
  const [c, d] = [second.yes, second.n - second.yes];
  const spread = Math.sqrt((a + b) * (c + d) * (a + c) * (b + d));
  return spread === 0 ? null : (a * d - b * c) / spread;
}
