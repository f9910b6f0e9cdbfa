/**
 * The feed: what tills copy from the cloud, in an order that a cursor can follow.
 *
 * Each thing has one row with its newest state; a change gives it a new place. Places are handed out under one lock that
 * the writer holds until its commit, so they become visible in order and no cursor ever skips a late commit.
 *
 * Rows about people lie sealed under the person's key and are opened on their way out: the feed keeps the newest state of
 * everybody, and would else be the one place from which an erased name could be read. Where the key is gone, a till is told
 * that the member is gone.
 */
import type { FeedRow } from '../../src/protocol/down.ts';
import type { Queryable } from '../db/db.ts';
import { open, seal } from '../vault/cipher.ts';
import { keysOf, makeKeys } from '../vault/keys.ts';

/** Any constant that nothing else in this database locks. */
const PUBLISH_LOCK = 4_600_001;

export interface FeedChange {
  readonly kind: string;
  readonly key: string;
  /** null: every store gets it. */
  readonly storeId: string | null;
  /** null: gone. */
  readonly data: object | null;
}

/** Publishes changes inside the transaction that makes them. Later writers wait until it ends. */
export async function publish(tx: Queryable, changes: readonly FeedChange[]): Promise<void> {
  if (changes.length === 0) return;
  const texts = await textsOf(tx, changes);
  await lockFeed(tx);
  await tx.query(
    `insert into feed_row (kind, key, store_id, pos, data)
     select c.kind, c.key, c.store_id, nextval('feed_pos'), c.data
     from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) with ordinality
       as c(kind, key, store_id, data, place)
     order by c.place
     on conflict (kind, key, store_id) do update set pos = excluded.pos, data = excluded.data`,
    [
      changes.map(({ kind }) => kind),
      changes.map(({ key }) => key),
      changes.map(({ storeId }) => storeId ?? ''),
      texts,
    ],
  );
}

/** Nobody publishes until the transaction ends. */
export async function lockFeed(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [PUBLISH_LOCK]);
}

/** Kinds whose key is a member and whose data says who it is. */
const SEALED_KINDS: ReadonlySet<string> = new Set(['member']);
const FEED = 'feed';

/** As they lie in `feed_row.data`; of people `{ "sealed": … }`. */
async function textsOf(tx: Queryable, changes: readonly FeedChange[]): Promise<(string | null)[]> {
  const people = changes.filter(({ kind, data }) => SEALED_KINDS.has(kind) && data !== null);
  const keys =
    people.length === 0
      ? null
      : await makeKeys(
          tx,
          people.map(({ key }) => key),
        );
  return changes.map(({ kind, key, data }) => {
    if (data === null) return null;
    const text = JSON.stringify(data);
    if (keys === null || !SEALED_KINDS.has(kind)) return text;
    return JSON.stringify({ sealed: seal(keys.get(key)!, { holderId: key, what: FEED }, text) });
  });
}

/** Rows as tills get them. */
export async function openRows(db: Queryable, rows: readonly FeedRow[]): Promise<FeedRow[]> {
  const people = rows.filter(({ kind, data }) => SEALED_KINDS.has(kind) && data !== null);
  if (people.length === 0) return [...rows];
  const keys = await keysOf(
    db,
    people.map(({ key }) => key),
  );
  return rows.map((row) => {
    const { kind, key, data } = row;
    if (!SEALED_KINDS.has(kind) || data === null) return row;
    const own = keys.get(key);
    const { sealed } = data as { readonly sealed: string };
    return {
      kind,
      key,
      data: own === undefined ? null : JSON.parse(open(own, { holderId: key, what: FEED }, sealed)),
    };
  });
}

export interface FeedPage {
  readonly rows: readonly FeedRow[];
  readonly nextCursor: number;
  readonly more: boolean;
}

/** The rows of one store's tills after a cursor, oldest first. */
export async function feedAfter(
  db: Queryable,
  facts: {
    readonly storeId: string;
    readonly cursor: number;
    readonly rowsMax: number;
    /** Without the rows of every store; '' with it: those alone. */
    readonly own?: boolean;
  },
): Promise<FeedPage> {
  const { storeId, cursor, rowsMax } = facts;
  const found = await db.query<FeedRow & { pos: number }>(
    facts.own === true || storeId === '' ? OF_ONE : OF_BOTH,
    [cursor, storeId, rowsMax + 1],
  );
  const rows = found.slice(0, facts.rowsMax);
  return {
    rows: await openRows(
      db,
      rows.map(({ kind, key, data }) => ({ kind, key, data })),
    ),
    nextCursor: rows.at(-1)?.pos ?? facts.cursor,
    more: found.length > facts.rowsMax,
  };
}

const OF_ONE = `select pos, kind, key, data from feed_row where pos > $1 and store_id = $2 order by pos limit $3`;

/** Each by its own walk of the index: one walk over both would read the rows of all other stores. */
const OF_BOTH = `select pos, kind, key, data from (
    (select pos, kind, key, data from feed_row where pos > $1 and store_id = '' order by pos limit $3)
    union all
    (select pos, kind, key, data from feed_row where pos > $1 and store_id = $2 order by pos limit $3)) as f
  order by pos limit $3`;

/** Where the feed stands, and about how many rows it has. */
export async function feedHead(db: Queryable): Promise<{ readonly pos: number; readonly rows: number }> {
  const [row] = await db.query<{ pos: number | null; rows: number }>(
    'select max(pos) as pos, (select count(*) from feed_row) as rows from feed_row',
  );
  return { pos: row?.pos ?? 0, rows: Number(row?.rows ?? 0) };
}
