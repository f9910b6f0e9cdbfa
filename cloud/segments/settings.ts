/**
 * Settings of the figures: the thresholds of the grid, and what is done for the members of each of its cells.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import {
  allCells,
  DEFAULT_THRESHOLDS,
  type RfmCell,
  type RfmThresholds,
  thresholdsProblem,
} from '../../src/core/rfm.ts';
import type { Queryable } from '../db/db.ts';

export interface ThresholdError {
  readonly kind: 'threshold';
  readonly path: string;
  readonly expected: string;
}

/** How members of a cell are treated. */
export interface CellStrategy extends RfmCell {
  /** At most one contact in so many days; null: none at all. */
  readonly contactEveryDays: number | null;
  readonly offer: {
    readonly kind: 'none' | 'care' | 'gift' | 'coupon' | 'discount' | 'points';
    /** How much is given away: 1000 = 10 % of the usual ticket. */
    readonly strengthBp: number;
    readonly text: string;
  };
}

const THRESHOLDS = 'rfm_thresholds';

export async function rfmThresholds(db: Queryable): Promise<RfmThresholds> {
  const [row] = await db.query<{ data: RfmThresholds }>('select data from segment_setting where name = $1', [
    THRESHOLDS,
  ]);
  return row?.data ?? DEFAULT_THRESHOLDS;
}

export async function putRfmThresholds(
  db: Queryable,
  thresholds: RfmThresholds,
  atMs: number,
): Promise<Result<RfmThresholds, ThresholdError>> {
  const problem = thresholdsProblem(thresholds);
  if (problem !== null) return err({ kind: 'threshold', ...problem });
  await db.query(
    `insert into segment_setting (name, data, updated_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
     on conflict (name) do update set data = excluded.data, updated_at = excluded.updated_at`,
    [THRESHOLDS, JSON.stringify(thresholds), atMs],
  );
  return ok(thresholds);
}

/** All 16 cells in the order of the grid; those nobody has set do nothing. */
export async function cellStrategies(db: Queryable): Promise<CellStrategy[]> {
  const rows = await db.query<RfmCell & { data: Omit<CellStrategy, keyof RfmCell> }>(
    'select recency, frequency, data from cell_strategy',
  );
  const set = new Map(rows.map(({ recency, frequency, data }) => [`${recency} ${frequency}`, data]));
  return allCells().map((cell) => ({
    ...cell,
    ...(set.get(`${cell.recency} ${cell.frequency}`) ?? {
      contactEveryDays: null,
      offer: { kind: 'none' as const, strengthBp: 0, text: '' },
    }),
  }));
}

/** @param strategies each cell at most once */
export async function putCellStrategies(
  db: Queryable,
  strategies: readonly CellStrategy[],
  atMs: number,
): Promise<number> {
  await db.query(
    `insert into cell_strategy (recency, frequency, data, updated_at)
     select r, f, d, to_timestamp($4::float8 / 1000) from unnest($1::text[], $2::text[], $3::jsonb[]) as c(r, f, d)
     on conflict (recency, frequency) do update set data = excluded.data, updated_at = excluded.updated_at`,
    [
      strategies.map(({ recency }) => recency),
      strategies.map(({ frequency }) => frequency),
      strategies.map(({ recency: _r, frequency: _f, ...data }) => JSON.stringify(data)),
      atMs,
    ],
  );
  return strategies.length;
}
