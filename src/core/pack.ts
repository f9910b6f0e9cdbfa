/**
 * Packs: what a 2D code says of the one pack that is sold, beside what it is.
 *
 * Pure. Kept on the line and so in the journal: a recalled batch is found in the sales that had it.
 */

export interface PackFacts {
  /** `YYYY-MM-DD`, AI 17: to be used by then. */
  readonly expiry?: string;
  /** AI 15: good still after it, but not promised to be. */
  readonly bestBefore?: string;
  /** AI 10. */
  readonly batch?: string;
  /** AI 21: this very unit. */
  readonly serial?: string;
}

/** @returns undefined: the code said nothing of the pack */
export function packOf({ expiry, bestBefore, batch, serial }: PackFacts): PackFacts | undefined {
  const pack = {
    ...(expiry === undefined ? {} : { expiry }),
    ...(bestBefore === undefined ? {} : { bestBefore }),
    ...(batch === undefined ? {} : { batch }),
    ...(serial === undefined ? {} : { serial }),
  };
  return Object.keys(pack).length === 0 ? undefined : pack;
}

/** `expired`: the day to use it by is over. `past_best`: nobody promises any more, but it may be sold. */
export function freshnessOf(pack: PackFacts | undefined, today: string): 'fresh' | 'past_best' | 'expired' {
  if (pack?.expiry !== undefined && pack.expiry < today) return 'expired';
  return pack?.bestBefore !== undefined && pack.bestBefore < today ? 'past_best' : 'fresh';
}

/** Whether two packs may stand on one line: the same batch and days. A serial number is one unit, so never. */
export function isSamePack(a: PackFacts | undefined, b: PackFacts | undefined): boolean {
  if (a?.serial !== undefined || b?.serial !== undefined) return false;
  return a?.expiry === b?.expiry && a?.bestBefore === b?.bestBefore && a?.batch === b?.batch;
}
