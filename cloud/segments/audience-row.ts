/**
 * Audience rows: one narrow row a member with what segments ask of everybody, so a count over a million members is one scan
 * and no join (over two joined tables it takes five times as long).
 *
 * Triggers note whose row went stale, in the transaction that changed the member or the purchase; a count brings those up to
 * date first, so it is never behind what is committed. The rows are of the one currency that the chain sells in.
 */
import { asHq } from '../access/scoped-db.ts';
import type { Db, Queryable } from '../db/db.ts';
import { MEMBERS } from './profile-sql.ts';
import { roomy } from './rollup.ts';

/** `m` and `s` of a rule, from one row. */
export const FROM_AUDIENCE_ROW = `from audience_row m
  cross join lateral (select m.visits, m.tickets, m.refunds, m.net_minor, m.pieces, m.first_on, m.last_on, m.home_store_id) s`;

const SETTING = 'audience_currency';
/** From here on making all rows anew takes less time than looking each of them up. */
const STALE_MAX = 100_000;

const COLUMNS = `member_id, tier_id, gender, residence, birthday, visits, tickets, refunds, net_minor, pieces, first_on,
  last_on, home_store_id`;
const FRESH = `select m.member_id, m.tier_id, m.gender, m.residence, m.birthday,
    p.visits, p.tickets, p.refunds, p.net_minor, p.pieces, p.first_on, p.last_on, p.home_store_id
  from ${MEMBERS} left join member_purchase p on p.member_id = m.member_id and p.currency = $1::text`;

/** Brings the rows up to date, in a transaction of its own: counts wait for it, not for each other. @returns rows written */
export function refreshAudienceRows(db: Db, currency: string | null): Promise<number> {
  return asHq(() => refreshRows(db, currency));
}

async function refreshRows(db: Db, currency: string | null): Promise<number> {
  const [known] = await db.query<{ stale: boolean }>('select exists (select 1 from audience_stale) as stale');
  if (!known!.stale && (await currencyOfRows(db)) === currency) return 0;
  return db.transaction((tx) => refresh(tx, currency));
}

async function refresh(tx: Queryable, currency: string | null): Promise<number> {
  // One at a time; whoever makes rows stale does not wait.
  await tx.query('lock table audience_stale in share update exclusive mode');
  await roomy(tx);
  const [stale] = await tx.query<{ ids: string[]; all: boolean }>(
    `with gone as (delete from audience_stale returning member_id)
     select coalesce((array_agg(distinct member_id))[1:${STALE_MAX + 1}], '{}') as ids, coalesce(bool_or(member_id = ''), false) as all
     from gone`,
  );
  const { ids, all } = stale!;
  if (all || ids.length > STALE_MAX || (await currencyOfRows(tx)) !== currency)
    return remakeAll(tx, currency);
  if (ids.length === 0) return 0;
  await tx.query(
    `insert into audience_row (${COLUMNS}) ${FRESH} where m.member_id = any($2::text[])
     on conflict (member_id) do update set (${COLUMNS}) = row(excluded.*)`,
    [currency, ids],
  );
  await tx.query(
    `delete from audience_row a where a.member_id = any($1::text[])
       and not exists (select 1 from member m where m.member_id = a.member_id)`,
    [ids],
  );
  return ids.length;
}

async function remakeAll(tx: Queryable, currency: string | null): Promise<number> {
  await tx.query('truncate audience_row');
  await tx.query(`insert into audience_row (${COLUMNS}) ${FRESH}`, [currency]);
  await tx.query(
    `insert into segment_setting (name, data, updated_at) values ('${SETTING}', to_jsonb($1::text), now())
     on conflict (name) do update set data = excluded.data, updated_at = excluded.updated_at`,
    [currency],
  );
  const [row] = await tx.query<{ n: number }>('select count(*) as n from audience_row');
  return row!.n;
}

async function currencyOfRows(tx: Queryable): Promise<string | null | undefined> {
  const [row] = await tx.query<{ currency: string | null }>(
    `select data #>> '{}' as currency from segment_setting where name = '${SETTING}'`,
  );
  return row?.currency;
}
