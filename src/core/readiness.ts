/**
 * Readiness: how well a till would do with the line down, as a score from 0 to 100 with what is missing.
 *
 * Pure. Each part has its points; what lacks takes some of them away and says so. A till that cannot sell at all scores 0,
 * whatever else is well. Ages are milliseconds.
 */

export interface ReadinessFacts {
  /** Since the till last knew that goods, prices and members were up to date; null: never. */
  readonly catalogueAgeMs: number | null;
  /** Zero or not is what counts. */
  readonly itemCount: number;
  readonly hasStore: boolean;
  /** Rules are here, or HQ has none. */
  readonly hasRules: boolean;
  /** Regulars of the store with points to spend, and those of them that this till holds a lease for. */
  readonly regulars: number;
  readonly regularsCovered: number;
  /** Entries that HQ has not, and the age of the oldest. */
  readonly queued: number;
  readonly queueAgeMs: number;
  /** Free on the disk that the journal is on; null: the system does not say. */
  readonly diskFreeBytes: number | null;
  readonly printer: 'ready' | 'unsure' | 'gone' | 'none';
  readonly clockIsRight: boolean;
}

export const READINESS_KINDS = [
  'no_catalogue',
  'catalogue_old',
  'no_rules',
  'leases_missing',
  'queue_old',
  'disk_low',
  'disk_full',
  'printer',
  'clock',
] as const;
export type ReadinessKind = (typeof READINESS_KINDS)[number];

export interface ReadinessReason {
  readonly kind: ReadinessKind;
  /** Points that it takes away. */
  readonly points: number;
}

export interface Readiness {
  /** 0 to 100. */
  readonly score: number;
  /** The dearest first; none at 100. */
  readonly reasons: readonly ReadinessReason[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MEGABYTE = 1_000_000;
/** A shop's day of sales and what the database needs beside it. */
const DISK_LOW_BYTES = 1_000 * MEGABYTE;
const DISK_FULL_BYTES = 100 * MEGABYTE;

/** @example readinessOf({ …, diskFreeBytes: 5e7 }).reasons // [{ kind: 'disk_full', points: 30 }] */
export function readinessOf(facts: ReadinessFacts): Readiness {
  if (!facts.hasStore || facts.itemCount === 0 || facts.catalogueAgeMs === null) {
    return { score: 0, reasons: [{ kind: 'no_catalogue', points: 100 }] };
  }
  const reasons = (
    [
      ['catalogue_old', catalogueLoss(facts.catalogueAgeMs)],
      ['no_rules', facts.hasRules ? 0 : 10],
      ['leases_missing', leaseLoss(facts)],
      ['queue_old', queueLoss(facts)],
      ...diskLoss(facts.diskFreeBytes),
      ['printer', PRINTER_LOSS[facts.printer]],
      ['clock', facts.clockIsRight ? 0 : 5],
    ] as const
  )
    .map(([kind, points]): ReadinessReason => ({ kind, points }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points);
  const lost = reasons.reduce((sum, { points }) => sum + points, 0);
  return { score: Math.max(0, 100 - lost), reasons };
}

function catalogueLoss(ageMs: number): number {
  if (ageMs <= HOUR_MS) return 0;
  if (ageMs <= DAY_MS) return 5;
  return ageMs <= 7 * DAY_MS ? 15 : 25;
}

/** Of 20 points as many as regulars are not covered, rounded up: one of a thousand is told as well. */
function leaseLoss({ regulars, regularsCovered }: ReadinessFacts): number {
  return regulars === 0 ? 0 : Math.ceil((20 * (regulars - Math.min(regularsCovered, regulars))) / regulars);
}

function queueLoss({ queued, queueAgeMs }: ReadinessFacts): number {
  if (queued === 0 || queueAgeMs <= HOUR_MS) return 0;
  return queueAgeMs <= DAY_MS ? 5 : 10;
}

function diskLoss(freeBytes: number | null): readonly (readonly [ReadinessKind, number])[] {
  if (freeBytes === null || freeBytes >= DISK_LOW_BYTES) return [];
  return freeBytes >= DISK_FULL_BYTES ? [['disk_low', 10]] : [['disk_full', 30]];
}

const PRINTER_LOSS = { ready: 0, none: 0, unsure: 5, gone: 15 } as const;
