/**
 * Scopes: whose purchases a figure is about, as of which day, and the SQL that brings them.
 *
 * Each buyer has one home store (that of the first sale), so figures split by store or region add up to the whole. A chain
 * that sells in two currencies has two books, and every figure is of one.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Queryable } from '../db/db.ts';
import type { Params } from './params.ts';
import { MEMBER_SUMS, STORE_SUMS } from './rollup.ts';

export interface Place {
  readonly storeId: string | null;
  /** Of the store's setting `region`; '' is the stores without one. */
  readonly region: string | null;
}

export interface Scope extends Place {
  /** `YYYY-MM-DD`: nothing after this business date counts. */
  readonly asOf: string;
  readonly currency: string;
  /** `home`: buyers at home there, with all they bought anywhere. `store`: what was bought in `storeId`, by anybody. */
  readonly basis: 'home' | 'store';
}

export type ScopeError =
  | { readonly kind: 'currency_needed'; readonly currencies: readonly string[] }
  /** No store has that id, or lies in that region. */
  | { readonly kind: 'unknown_place' };

export const WHOLE: Place = { storeId: null, region: null };

/** The currency that was asked for, or the only one that the place has. */
export async function currencyOf(
  db: Queryable,
  wanted: string | null,
  place: Place,
): Promise<Result<string, ScopeError>> {
  if (wanted !== null) return ok(wanted);
  const rows = await db.query<{ currency: string }>(
    `select distinct data->'currency'->>'code' as currency from store
     where ($1::text is null or store_id = $1) and ($2::text is null or coalesce(data->>'region', '') = $2)
     order by 1`,
    [place.storeId, place.region],
  );
  const [only, ...others] = rows.map(({ currency }) => currency);
  if (only !== undefined && others.length === 0) return ok(only);
  if (only === undefined) return err({ kind: 'unknown_place' });
  return err({ kind: 'currency_needed', currencies: rows.map(({ currency }) => currency) });
}

/**
 * Common table `stats`: one row a buyer as of the day, from the rollup; buyers with anything after the day are added up
 * again from their sales. Columns: member_id, visits, tickets, net_minor, pieces, first_on, last_on, home_store_id.
 */
export function statsSql(scope: Scope, params: Params): string {
  const currency = params.add(scope.currency);
  const asOf = params.add(scope.asOf, 'date');
  if (scope.basis === 'store') {
    const store = params.add(scope.storeId);
    return `stats as (
      select ${STATS}, store_id as home_store_id from member_store_purchase
      where store_id = ${store} and currency = ${currency} and changed_on <= ${asOf} and visits > 0
      union all
      select ${STATS}, ${store} from (
        select member_id collate "C" as member_id, ${STORE_SUMS} from member_sale s
        where store_id = ${store} and currency = ${currency} and business_date <= ${asOf}
          and member_id in (select member_id from member_store_purchase
            where store_id = ${store} and currency = ${currency} and changed_on > ${asOf})
        group by s.member_id collate "C") again where visits > 0)`;
  }
  return `stats as (
    select ${STATS}, home_store_id from member_purchase
    where currency = ${currency} and changed_on <= ${asOf} and visits > 0
    union all
    select ${STATS}, home_store_id from (
      select member_id collate "C" as member_id, ${MEMBER_SUMS} from member_sale s
      where currency = ${currency} and business_date <= ${asOf}
        and member_id in (select member_id from member_purchase where currency = ${currency} and changed_on > ${asOf})
      group by s.member_id collate "C") again where visits > 0)`;
}

const STATS = 'member_id, visits, tickets, net_minor, pieces, first_on, last_on';

/** Condition on `alias.column` (a store id) that it lies in the place; always true for the whole chain. */
export function placeSql(place: Place, column: string, params: Params): string {
  const conditions: string[] = [];
  if (place.storeId !== null) conditions.push(`${column} = ${params.add(place.storeId)}`);
  if (place.region !== null) {
    const region = params.add(place.region);
    conditions.push(
      `${column} in (select store_id from store where coalesce(data->>'region', '') = ${region})`,
    );
  }
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

/** The place of a scope of `stats`: of those of one store there is nothing left to choose. */
export function homeSql(scope: Scope, params: Params): string {
  return scope.basis === 'store' ? 'true' : placeSql(scope, 's.home_store_id', params);
}
