/**
 * The purchase rollup: what each member's sales add up to, kept in the transaction that stores them.
 *
 * Every column but `visits` is a sum, a least or a greatest, so sales may come late and in any order. A new date after the
 * last one is one visit more; a date before it may be known already, so such a row is counted anew by a second statement:
 * by then its row is locked, and whoever held it before has committed. Rows are locked in the order of their keys, members
 * before stores, so two tills that serve the same members wait for each other and never for ever.
 */
import { type Db, kept, type Queryable } from '../db/db.ts';

/** Columns of `member_purchase` after its key, from rows of `member_sale` in groups of member and currency. */
export const MEMBER_SUMS = sumsOf(
  `(array_agg(store_id order by business_date, store_id collate "C") filter (where kind = 'sale'))[1] as home_store_id`,
);
/** Columns of `member_store_purchase` after its key. */
export const STORE_SUMS = sumsOf();

const MEMBER_COLUMNS = columnsOf('home_store_id');
const STORE_COLUMNS = columnsOf();

function sumsOf(...more: readonly string[]): string {
  return [
    "(count(distinct business_date) filter (where kind = 'sale'))::int as visits",
    "(count(*) filter (where kind = 'sale'))::int as tickets",
    "(count(*) filter (where kind = 'refund'))::int as refunds",
    'sum(total_minor)::bigint as net_minor',
    "coalesce(sum(total_minor) filter (where kind = 'refund'), 0)::bigint as refund_minor",
    'sum(pieces)::bigint as pieces',
    "min(business_date) filter (where kind = 'sale') as first_on",
    "max(business_date) filter (where kind = 'sale') as last_on",
    'max(business_date) as changed_on',
    ...more,
  ].join(',\n');
}

function columnsOf(...more: readonly string[]): string {
  return [
    'visits, tickets, refunds, net_minor, refund_minor, pieces, first_on, last_on, changed_on',
    ...more,
  ].join(', ');
}

/** What a row becomes when more sales of its member come; `p` is the row, `excluded` the new sales. */
const ADDED = `
  visits = case
    when excluded.first_on is null then p.visits
    when p.last_on is null or excluded.first_on > p.last_on then p.visits + excluded.visits
    when excluded.first_on = p.last_on then p.visits + excluded.visits - 1
    else -1 end,
  tickets = p.tickets + excluded.tickets,
  refunds = p.refunds + excluded.refunds,
  net_minor = p.net_minor + excluded.net_minor,
  refund_minor = p.refund_minor + excluded.refund_minor,
  pieces = p.pieces + excluded.pieces,
  first_on = least(p.first_on, excluded.first_on),
  last_on = greatest(p.last_on, excluded.last_on),
  changed_on = greatest(p.changed_on, excluded.changed_on)`;

const HOME_ADDED = `
  home_store_id = case
    when p.first_on is null or excluded.first_on < p.first_on then excluded.home_store_id
    when excluded.first_on = p.first_on then least(p.home_store_id collate "C", excluded.home_store_id collate "C")
    else p.home_store_id end`;

/** A sale as view `member_sale` shows it. */
export interface MemberSale {
  readonly memberId: string;
  readonly storeId: string;
  readonly currency: string;
  /** An exchange counts as a sale. */
  readonly kind: 'sale' | 'refund';
  /** `YYYY-MM-DD` */
  readonly businessDate: string;
  readonly totalMinor: number;
  readonly pieces: number;
}

const ADD_SALES = kept(`
  with fresh as materialized (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bigint[], $7::bigint[])
      as s(member_id, store_id, currency, kind, business_date, total_minor, pieces)),
  whole as (
    insert into member_purchase as p (member_id, currency, ${MEMBER_COLUMNS})
    select member_id, currency, ${MEMBER_SUMS} from fresh group by member_id, currency order by member_id, currency
    on conflict (member_id, currency) do update set ${ADDED}, ${HOME_ADDED}
    returning member_id, visits),
  by_store as (
    insert into member_store_purchase as p (member_id, store_id, currency, ${STORE_COLUMNS})
    select member_id, store_id, currency, ${STORE_SUMS} from fresh
    group by member_id, store_id, currency order by member_id, store_id, currency
    on conflict (member_id, store_id, currency) do update set ${ADDED}
    returning member_id, visits)
  select member_id as "memberId" from whole where visits = -1
  union select member_id from by_store where visits = -1`);

/**
 * The sales of all members for one great sort: by bytes, which takes a third of the time that a language's order takes.
 * (Only the whole table: an index is in the order of the database and finds nothing in this one.)
 */
export const ALL_MEMBER_SALES = `(select member_id collate "C" as member_id, store_id collate "C" as store_id,
  currency collate "C" as currency, kind, business_date, total_minor, pieces from member_sale) every`;

/** Takes sales that were just stored into the rollup. Ingest calls it last, in its own transaction. */
export async function onSalesStored(tx: Queryable, sales: readonly MemberSale[]): Promise<void> {
  if (sales.length === 0) return;
  const late = await tx.query<{ memberId: string }>(ADD_SALES, [
    sales.map(({ memberId }) => memberId),
    sales.map(({ storeId }) => storeId),
    sales.map(({ currency }) => currency),
    sales.map(({ kind }) => kind),
    sales.map(({ businessDate }) => businessDate),
    sales.map(({ totalMinor }) => totalMinor),
    sales.map(({ pieces }) => pieces),
  ]);
  if (late.length === 0) return;
  const members = late.map(({ memberId }) => memberId);
  await tx.query(
    `update member_purchase p set visits = (
       select count(distinct s.business_date) from member_sale s
       where s.member_id = p.member_id and s.currency = p.currency and s.kind = 'sale')
     where p.visits = -1 and p.member_id = any($1::text[])`,
    [members],
  );
  await tx.query(
    `update member_store_purchase p set visits = (
       select count(distinct s.business_date) from member_sale s
       where s.member_id = p.member_id and s.store_id = p.store_id and s.currency = p.currency and s.kind = 'sale')
     where p.visits = -1 and p.member_id = any($1::text[])`,
    [members],
  );
}

/**
 * Makes the rows of some members anew from their sales: after a merge, an un-merge, or a difference that was found.
 *
 * Ingest waits for the end of the transaction: a sale that is half in would be lost from the sum or counted twice.
 */
export async function recomputeMembers(tx: Queryable, memberIds: readonly string[]): Promise<void> {
  await tx.query('lock table member_purchase, member_store_purchase in share row exclusive mode');
  const members = [memberIds];
  await tx.query('delete from member_purchase where member_id = any($1::text[])', members);
  await tx.query('delete from member_store_purchase where member_id = any($1::text[])', members);
  await insertSums(tx, 'member_sale where member_id = any($1::text[])', members);
}

/** All rows anew. Returns the number of rows by member. Ingest waits; sales already stored stay what they are. */
export async function rebuildPurchases(db: Db): Promise<number> {
  return db.transaction(async (tx) => {
    await roomy(tx);
    await tx.query('lock table member_purchase, member_store_purchase in access exclusive mode');
    await tx.query('truncate member_purchase, member_store_purchase');
    await insertSums(tx, ALL_MEMBER_SALES, []);
    const [row] = await tx.query<{ n: number }>('select count(*) as n from member_purchase');
    return Number(row!.n);
  });
}

async function insertSums(
  tx: Queryable,
  sales: string,
  params: readonly (readonly string[])[],
): Promise<void> {
  await tx.query(
    `insert into member_purchase (member_id, currency, ${MEMBER_COLUMNS})
     select member_id, currency, ${MEMBER_SUMS} from ${sales} group by member_id, currency`,
    params,
  );
  await tx.query(
    `insert into member_store_purchase (member_id, store_id, currency, ${STORE_COLUMNS})
     select member_id, store_id, currency, ${STORE_SUMS} from ${sales}
     group by member_id, store_id, currency`,
    params,
  );
}

/** A sort or a hash of a million members fits in memory, and no time goes into compiling plans. Until the commit. */
export async function roomy(tx: Queryable): Promise<void> {
  await tx.query("set local work_mem = '192MB'");
  await tx.query('set local jit = off');
}

export interface Proof {
  /** Rows compared, by member and by member and store. */
  readonly rows: number;
  /** Rows that differ, are missing or are too many. */
  readonly differences: number;
  /** Members of those, at most `MEMBERS_TOLD_MAX`. */
  readonly memberIds: readonly string[];
}

const MEMBERS_TOLD_MAX = 1_000;

/**
 * Adds everything up again and compares: stored = recomputed means no differences.
 *
 * Each table is one statement, so it sees one moment: sales go on coming in, and nothing is locked.
 */
export async function provePurchases(db: Db): Promise<Proof> {
  return db.transaction(async (tx) => {
    await roomy(tx);
    const whole = await differencesOf(
      tx,
      'member_purchase',
      'member_id, currency',
      MEMBER_SUMS,
      MEMBER_COLUMNS,
    );
    const byStore = await differencesOf(
      tx,
      'member_store_purchase',
      'member_id, store_id, currency',
      STORE_SUMS,
      STORE_COLUMNS,
    );
    return {
      rows: whole.rows + byStore.rows,
      differences: whole.differences + byStore.differences,
      memberIds: [...new Set([...whole.memberIds, ...byStore.memberIds])].slice(0, MEMBERS_TOLD_MAX),
    };
  });
}

async function differencesOf(
  tx: Queryable,
  table: string,
  key: string,
  sums: string,
  columns: string,
): Promise<Proof> {
  const row = (alias: string) =>
    columns
      .split(', ')
      .map((column) => `${alias}.${column}`)
      .join(', ');
  const [found] = await tx.query<{ rows: number; differences: number; memberIds: string[] | null }>(
    `with fresh as (select ${key}, ${sums} from ${ALL_MEMBER_SALES} group by ${key}),
     compared as (
       select member_id, (${row('fresh')}) is distinct from (${row('p')}) as differs
       from fresh full join ${table} p using (${key}))
     select count(*) as rows, count(*) filter (where differs) as differences,
       (array_agg(distinct member_id) filter (where differs))[1:${MEMBERS_TOLD_MAX}] as "memberIds"
     from compared`,
  );
  return {
    rows: Number(found!.rows),
    differences: Number(found!.differences),
    memberIds: found!.memberIds ?? [],
  };
}

/** The nightly job: proves the rollup and mends what differs. A difference is a fault of ours: the caller logs it. */
export async function proveAndMend(db: Db): Promise<Proof> {
  const proof = await provePurchases(db);
  if (proof.memberIds.length > 0) await db.transaction((tx) => recomputeMembers(tx, proof.memberIds));
  return proof;
}
