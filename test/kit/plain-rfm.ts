/**
 * RFM the plain way, from a list of purchases: what HQ's answers are compared with.
 *
 * Shares nothing with `src/core/rfm` or HQ's SQL: every figure is worked out here from DOMAIN and FEATURES F14-F19, for the
 * default thresholds (90, 180, 365 days; 1, 2, 3-5, 6 and more visits; asleep at 180 days; at risk past two own cycles).
 */

export interface Bought {
  /** null: nobody's. */
  readonly memberId: string | null;
  /** `YYYY-MM-DD`. */
  readonly on: string;
  readonly kind: 'sale' | 'refund';
  /** Minor units, below zero for a refund. */
  readonly totalMinor: number;
}

export interface PlainMember {
  readonly memberId: string;
  readonly visits: number;
  readonly tickets: number;
  readonly netMinor: number;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly recency: string;
  readonly frequency: string;
  readonly sleeping: boolean;
  readonly atRisk: boolean;
}

/** Everybody with a purchase up to the day, in the order of ids. */
export function plainRfm(bought: readonly Bought[], asOf: string, bins: number): PlainMember[] {
  const known = bought.filter((one) => one.memberId !== null && one.on <= asOf);
  const buyers = [...Map.groupBy(known, ({ memberId }) => memberId!)].flatMap(([memberId, mine]) => {
    const sales = mine.filter(({ kind }) => kind === 'sale');
    if (sales.length === 0) return [];
    const days = [...new Set(sales.map(({ on }) => on))].sort();
    const netMinor = mine.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    const [firstOn, lastOn] = [days[0]!, days.at(-1)!];
    return [{ memberId, visits: days.length, tickets: sales.length, netMinor, firstOn, lastOn }];
  });
  const span = (one: { firstOn: string; lastOn: string }) => dayNo(one.lastOn) - dayNo(one.firstOn);
  const again = buyers.filter(({ visits }) => visits > 1);
  const shopSpan = again.reduce((sum, one) => sum + span(one), 0);
  const shopGaps = again.reduce((sum, { visits }) => sum + visits - 1, 0);
  const r = scores(
    buyers.map(({ lastOn }) => dayNo(lastOn)),
    bins,
  );
  const f = scores(
    buyers.map(({ visits }) => visits),
    bins,
  );
  const m = scores(
    buyers.map(({ netMinor }) => netMinor),
    bins,
  );
  return buyers
    .map((one) => {
      const days = dayNo(asOf) - dayNo(one.lastOn);
      // Cross-multiplied: days > 2 * span / gaps.
      const [ofSpan, ofGaps] = one.visits > 1 ? [span(one), one.visits - 1] : [shopSpan, shopGaps];
      return {
        ...one,
        ...{ r: r.get(dayNo(one.lastOn))!, f: f.get(one.visits)!, m: m.get(one.netMinor)! },
        recency: days >= 365 ? 'lost' : days >= 180 ? 'sleeping' : days >= 90 ? 'silent' : 'active',
        frequency: one.visits >= 6 ? 'fan' : one.visits >= 3 ? 'old' : one.visits === 2 ? 'second' : 'new',
        sleeping: days >= 180,
        atRisk: days * ofGaps > 2 * ofSpan,
      };
    })
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
}

/** 1..bins: a value scores one more for each border that it lies above; border k is the value at rank ceil(k n / bins). */
function scores(values: readonly number[], bins: number): Map<number, number> {
  const sorted = values.toSorted((a, b) => a - b);
  const borders: number[] = [];
  for (let k = 1; k < bins; k++) borders.push(sorted[Math.ceil((k * sorted.length) / bins) - 1]!);
  return new Map(sorted.map((value) => [value, 1 + borders.filter((border) => value > border).length]));
}

function dayNo(date: string): number {
  return Date.parse(date) / 86_400_000;
}
