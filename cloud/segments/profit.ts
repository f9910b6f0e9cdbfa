/**
 * What a customer costs and brings: spend, margin, marketing and service cost, and the ranking by what is left.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db } from '../db/db.ts';
import { Params } from './params.ts';
import { homeSql, type Scope, statsSql } from './scope.ts';
import { steady } from './scores.ts';

export interface MemberCost {
  readonly id: string;
  readonly memberId: string;
  readonly kind: 'marketing' | 'service';
  readonly currency: string;
  readonly amountMinor: number;
  readonly on: string;
  readonly note: string;
}

export interface ProfitRow {
  readonly rank: number;
  /** 1 is the best tenth of all, 10 the last: how much of an agent's time a caller gets. */
  readonly decile: number;
  readonly memberId: string;
  readonly netMinor: number;
  /** Part of the net amount that is left after goods, rounded half up. */
  readonly marginMinor: number;
  readonly marketingMinor: number;
  readonly serviceMinor: number;
  /** Margin less both costs. */
  readonly profitMinor: number;
}

export interface ProfitReport {
  readonly members: number;
  readonly netMinor: number;
  readonly marginMinor: number;
  readonly marketingMinor: number;
  readonly serviceMinor: number;
  readonly profitMinor: number;
  /** Members that cost more than they bring. */
  readonly losses: number;
  readonly rows: readonly ProfitRow[];
}

/**
 * Books costs; one that is booked already under its id stays as it is.
 * @returns how many were new; or the cost whose id is taken by another one
 */
export async function bookCosts(
  db: Db,
  costs: readonly MemberCost[],
): Promise<Result<number, { readonly kind: 'cost_taken'; readonly id: string; readonly memberId: string }>> {
  const fields = [
    costs.map(({ memberId }) => memberId),
    costs.map(({ id }) => id),
    costs.map(({ kind }) => kind),
    costs.map(({ currency }) => currency),
    costs.map(({ amountMinor }) => amountMinor),
    costs.map(({ on }) => on),
    costs.map(({ note }) => note),
  ];
  const given = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::date[], $7::text[])
    as c(member_id, cost_id, kind, currency, amount_minor, on_date, note)`;
  return db.transaction(async (tx) => {
    const [other] = await tx.query<{ id: string; memberId: string }>(
      `select c.cost_id as id, c.member_id as "memberId" from ${given} join member_cost k using (member_id, cost_id)
       where (c.kind, c.currency, c.amount_minor, c.on_date) <> (k.kind, k.currency, k.amount_minor, k.on_date) limit 1`,
      fields,
    );
    if (other !== undefined) return err({ kind: 'cost_taken', ...other });
    const added = await tx.query(
      `insert into member_cost (member_id, cost_id, kind, currency, amount_minor, on_date, note)
       select * from ${given} on conflict do nothing returning 1`,
      fields,
    );
    return ok(added.length);
  });
}

/**
 * Ranks the buyers of a scope, and members who only cost, when the scope is the whole chain.
 *
 * @param facts.marginBp  10000: net amounts are taken whole, because HQ knows no cost of goods
 */
export async function profitReport(
  db: Db,
  scope: Scope,
  facts: {
    readonly marginBp: number;
    readonly limit: number;
    readonly offset: number;
    readonly worst: boolean;
  },
): Promise<ProfitReport> {
  const params = new Params();
  const stats = statsSql(scope, params);
  const home = homeSql(scope, params);
  const marginBp = params.add(facts.marginBp, 'bigint');
  const [asOf, currency] = [params.add(scope.asOf, 'date'), params.add(scope.currency)];
  const whole = scope.storeId === null && scope.region === null;
  const ranked = `with ${stats},
    costs as (
      select member_id, coalesce(sum(amount_minor) filter (where kind = 'marketing'), 0) as marketing,
        coalesce(sum(amount_minor) filter (where kind = 'service'), 0) as service
      from member_cost where currency = ${currency} and on_date <= ${asOf} group by member_id),
    here as (select s.member_id, s.net_minor from stats s where ${home}),
    each_one as (
      select member_id, coalesce(net_minor, 0) as net,
        (case when net_minor < 0 then -1 else 1 end) * div(2 * abs(coalesce(net_minor, 0))::numeric * ${marginBp} + 10000, 20000) as margin,
        coalesce(marketing, 0) as marketing, coalesce(service, 0) as service
      from here ${whole ? 'full' : 'left'} join costs using (member_id)),
    profits as (select *, margin - marketing - service as profit from each_one),
    ranked as (
      select *, row_number() over (order by profit desc, member_id) as rank,
        ntile(10) over (order by profit desc, member_id) as decile from profits)`;
  return db.transaction(async (tx) => {
    await steady(tx);
    const [sums] = await tx.query<Omit<ProfitReport, 'rows'>>(
      `${ranked} select count(*) as members, coalesce(sum(net), 0)::bigint as "netMinor",
         coalesce(sum(margin), 0)::bigint as "marginMinor", coalesce(sum(marketing), 0)::bigint as "marketingMinor",
         coalesce(sum(service), 0)::bigint as "serviceMinor", coalesce(sum(profit), 0)::bigint as "profitMinor",
         count(*) filter (where profit < 0) as losses from ranked`,
      params.values,
    );
    const [limit, offset] = [params.add(facts.limit, 'int'), params.add(facts.offset, 'int')];
    const rows = await tx.query<ProfitRow>(
      `${ranked} select rank, decile, member_id as "memberId", net::bigint as "netMinor", margin::bigint as "marginMinor",
         marketing::bigint as "marketingMinor", service::bigint as "serviceMinor", profit::bigint as "profitMinor"
       from ranked order by rank ${facts.worst ? 'desc' : ''} limit ${limit} offset ${offset}`,
      params.values,
    );
    return { ...sums!, rows };
  });
}
