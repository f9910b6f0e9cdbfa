/**
 * The list of sales as they reach HQ, newest arrival first.
 *
 * Pure. A sale that was fetched stands at its own time; one that came live stands at the time it came, so that a sale
 * from a till that was offline for an hour is seen when it arrives, and says that it is late.
 */
import type { SaleRow } from '../../schemas.ts';

export interface Arrival {
  readonly sale: SaleRow;
  /** When the stream brought it; null when it was fetched. */
  readonly arrivedAtMs: number | null;
}

/** A till that is online has its sale at HQ within seconds; five minutes is a line that was down. */
const LATE_MS = 5 * 60_000;

export function mergeArrivals(
  fetched: readonly SaleRow[],
  live: readonly Arrival[],
  limit: number,
): Arrival[] {
  const byId = new Map<string, Arrival>();
  for (const sale of fetched) byId.set(sale.id, { sale, arrivedAtMs: null });
  for (const arrival of live) byId.set(arrival.sale.id, arrival);
  return [...byId.values()].sort((a, b) => placeMs(b) - placeMs(a)).slice(0, limit);
}

/** How late a live sale came, in ms; null when it came in time or was fetched. */
export function lateMs({ sale, arrivedAtMs }: Arrival): number | null {
  if (arrivedAtMs === null || arrivedAtMs - sale.atMs < LATE_MS) return null;
  return arrivedAtMs - sale.atMs;
}

function placeMs({ sale, arrivedAtMs }: Arrival): number {
  return arrivedAtMs ?? sale.atMs;
}
