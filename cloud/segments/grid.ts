/**
 * The R x F grid of a shop on a day: 16 cells that hold each buyer once, and what sleeps or is at risk beside them.
 */
import { allCells, type Cycle, type RfmCell, type RfmThresholds, shareBpOf } from '../../src/core/rfm.ts';
import type { Db } from '../db/db.ts';
import { cellSql, shopSql } from './cell-sql.ts';
import { Params } from './params.ts';
import { roomy } from './rollup.ts';
import { homeSql, type Scope, statsSql } from './scope.ts';

export interface GridCell extends RfmCell {
  readonly members: number;
  readonly netMinor: number;
  /** Part of all buyers, basis points. */
  readonly shareBp: number | null;
}

export interface Grid {
  readonly buyers: number;
  readonly netMinor: number;
  /** No purchase for `sleepingDays`; lost ones are among them. */
  readonly sleeping: number;
  readonly atRisk: number;
  /** In the order of `allCells`. */
  readonly cells: readonly GridCell[];
}

export interface RfmGrid extends Grid {
  readonly shopCycle: Cycle;
  /** By home store or by region, the empty ones too; adds up to the whole. Null when no split was asked for. */
  readonly parts: readonly (Grid & { readonly key: string })[] | null;
}

export type Split = 'none' | 'store' | 'region';

interface Row extends RfmCell {
  readonly key: string;
  readonly members: number;
  readonly netMinor: number;
  readonly sleeping: number;
  readonly atRisk: number;
  readonly spanDays: number;
  readonly gaps: number;
}

const KEYS: Readonly<Record<Split, string>> = {
  none: "''",
  store: 's.home_store_id',
  region: "coalesce(st.data->>'region', '')",
};

export async function rfmGrid(
  db: Db,
  scope: Scope,
  thresholds: RfmThresholds,
  split: Split = 'none',
): Promise<RfmGrid> {
  const params = new Params();
  const stats = statsSql(scope, params);
  const shop = shopSql(thresholds, params);
  const cell = cellSql(thresholds, params.add(scope.asOf, 'date'), params);
  const home = homeSql(scope, params);
  const rows = await db.transaction(async (tx) => {
    await roomy(tx);
    return tx.query<Row>(
      `with ${stats}, ${shop}
       select ${KEYS[split]} as key, ${cell.recency()} as recency, ${cell.frequency()} as frequency,
         count(*) as members, sum(s.net_minor)::bigint as "netMinor", count(*) filter (where ${cell.sleeping()}) as sleeping,
         count(*) filter (where ${cell.atRisk()}) as "atRisk",
         (select span_days from shop) as "spanDays", (select gaps from shop) as gaps
       from stats s
       ${split === 'region' ? 'left join store st on st.store_id = s.home_store_id' : ''}
       where ${home} group by 1, 2, 3`,
      params.values,
    );
  });
  return {
    ...gridOf(rows),
    shopCycle: { spanDays: rows[0]?.spanDays ?? thresholds.fallbackCycleDays, gaps: rows[0]?.gaps ?? 1 },
    parts:
      split === 'none'
        ? null
        : [...Map.groupBy(rows, ({ key }) => key)]
            .map(([key, part]) => ({ key, ...gridOf(part) }))
            .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

function gridOf(rows: readonly Row[]): Grid {
  const sum = (of: readonly Row[], field: 'members' | 'netMinor' | 'sleeping' | 'atRisk') =>
    of.reduce((total, row) => total + row[field], 0);
  const buyers = sum(rows, 'members');
  return {
    buyers,
    netMinor: sum(rows, 'netMinor'),
    sleeping: sum(rows, 'sleeping'),
    atRisk: sum(rows, 'atRisk'),
    cells: allCells().map((cell) => {
      const mine = rows.filter((row) => row.recency === cell.recency && row.frequency === cell.frequency);
      const members = sum(mine, 'members');
      return { ...cell, members, netMinor: sum(mine, 'netMinor'), shareBp: shareBpOf(members, buyers) };
    }),
  };
}
