/**
 * Lifecycle flow: where the buyers of one day stand on another: active, silent, sleeping, lost, or not buyers yet.
 */
import { RECENCY_STATES, type RecencyState, type RfmThresholds } from '../../src/core/rfm.ts';
import type { Db } from '../db/db.ts';
import { cellSql, shopSql } from './cell-sql.ts';
import { Params } from './params.ts';
import { roomy } from './rollup.ts';
import { homeSql, type Scope, statsSql } from './scope.ts';

/** `none`: had not bought by then. */
export const FLOW_STATES = ['none', ...RECENCY_STATES] as const;
export type FlowState = 'none' | RecencyState;

export interface FlowStep {
  readonly before: FlowState;
  readonly after: FlowState;
  readonly members: number;
}

/** @param asOf the later day is the scope's own; each day is judged by its own shop cycle */
export async function flowOf(
  db: Db,
  scope: Scope,
  before: string,
  thresholds: RfmThresholds,
): Promise<FlowStep[]> {
  const params = new Params();
  const statesSql = (at: Scope) => {
    const stats = statsSql(at, params);
    const shop = shopSql(thresholds, params);
    const cell = cellSql(thresholds, params.add(at.asOf, 'date'), params);
    // Read where the thresholds are days: a parameter that nothing reads has no type.
    return `(with ${stats}, ${shop}
      select s.member_id, ${cell.recency()} as state from stats s
      where ${homeSql(at, params)} and (select gaps from shop) > 0)`;
  };
  const [old, now] = [statesSql({ ...scope, asOf: before }), statesSql(scope)];
  return db.transaction(async (tx) => {
    await roomy(tx);
    const rows = await tx.query<FlowStep>(
      `select coalesce(o.state, 'none') as before, coalesce(n.state, 'none') as after, count(*)::int as members
       from ${old} o full join ${now} n on n.member_id = o.member_id group by 1, 2`,
      params.values,
    );
    const place = (state: FlowState) => FLOW_STATES.indexOf(state);
    return rows.sort((a, b) => place(a.before) - place(b.before) || place(a.after) - place(b.after));
  });
}
