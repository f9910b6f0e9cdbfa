/**
 * Orders into the books: each once by its channel and name, all that are good of a batch in one transaction.
 *
 * A channel in a store has a journal that HQ writes itself; an order is a `sale` entry in it. From there on it is a sale like
 * any other: row, rollup, points, returns, alerts, what the tills of the store are told. Tills' own chains are not touched.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/core/entry.ts';
import { uuidV7 } from '../../src/core/id.ts';
import type { Chance, Clock, Sha256 } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { localDate } from '../../src/core/shift.ts';
import type { Store } from '../../src/core/store.ts';
import type { Db, Queryable } from '../db/db.ts';
import { ingestOwn, type OwnEntry } from '../ingest/ingest.ts';
import { announce } from '../outbox/outbox.ts';
import type { Signals } from '../signal.ts';
import { type OrderSale, saleOfOrder } from './decide.ts';
import { orderFacts } from './facts.ts';
import type { OrderDraft, OrderError, Placed } from './order.ts';
import { leaseFor } from './rights.ts';

export interface OrderParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sha256: Sha256;
  readonly signals: Signals;
}

/** A sale that is decided and goes into the books. */
export interface Decided {
  readonly channel: string;
  readonly externalId: string;
  readonly store: Store;
  readonly atMs: number;
  readonly sale: OrderSale;
  readonly fingerprint: string;
  readonly status: string;
  /** Name of the order whose goods come back; null: none. */
  readonly refundOf: string | null;
}

export type Outcome = Result<Placed, OrderError>;

/** @returns what became of each, in order: a wrong one holds up no other */
export async function placeOrders(
  parts: OrderParts,
  drafts: readonly OrderDraft[],
): Promise<readonly Outcome[]> {
  const { clock, chance } = parts;
  const nowMs = clock.nowMs();
  return bookOrders(
    parts,
    drafts.map(({ channel }) => channel),
    async (tx) => {
      const facts = await orderFacts(tx, drafts, nowMs);
      return drafts.map((draft, index) => ({
        name: draft,
        fingerprint: fingerprintOf(draft),
        decide: (): Result<Decided, OrderError> => {
          const { channel, externalId, atMs, status } = draft;
          const sale = saleOfOrder(draft, facts[index]!, uuidV7(nowMs, chance.bytes(10)));
          if (!sale.ok) return err({ kind: 'order', errors: sale.error });
          const fingerprint = fingerprintOf(draft);
          return ok({
            channel,
            externalId,
            store: facts[index]!.store!,
            atMs,
            sale: sale.value,
            fingerprint,
            status,
            refundOf: null,
          });
        },
      }));
    },
  );
}

export function fingerprintOf(said: object): string {
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(said))))
    .digest('hex');
}

export interface Asked {
  readonly name: { readonly channel: string; readonly externalId: string };
  readonly fingerprint: string;
  readonly decide: () => Result<Decided, OrderError>;
}

/** Any constant that nothing else in this database locks by two numbers. */
const CHANNEL_LOCK = 4_600_002;

/**
 * One transaction: channels are locked, names that are known answer what they did before, what is left is decided and stored.
 *
 * @param read what is asked, once the channels are locked
 */
export async function bookOrders(
  parts: OrderParts,
  channels: readonly string[],
  read: (tx: Queryable) => Promise<readonly Asked[]>,
): Promise<readonly Outcome[]> {
  const { db, signals } = parts;
  const done = await db.transaction(async (tx) => {
    for (const channel of [...new Set(channels)].sort()) {
      await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [CHANNEL_LOCK, channel]);
    }
    const asked = await read(tx);
    const known = await knownOrders(tx, asked);
    const outcomes: Outcome[] = [];
    const fresh: { readonly place: number; readonly decided: Decided }[] = [];
    for (const { name, fingerprint, decide } of asked) {
      const before = known.get(keyOf(name));
      if (before !== undefined) {
        const isSame = before.fingerprint === fingerprint;
        const { saleId, receiptNo } = before;
        outcomes.push(
          isSame
            ? ok({ ...nameOf(name), saleId, receiptNo, repeated: true })
            : err({ kind: 'order_taken', saleId }),
        );
        continue;
      }
      const decided = decide();
      if (decided.ok) {
        const { id: saleId, receiptNo } = decided.value.sale;
        // The same name further down in the batch is this order said again.
        known.set(keyOf(name), { fingerprint, saleId, receiptNo });
        fresh.push({ place: outcomes.length, decided: decided.value });
        outcomes.push(ok({ ...nameOf(name), saleId, receiptNo, repeated: false }));
      } else outcomes.push(decided);
    }
    const byJournal = [...Map.groupBy(fresh, ({ decided }) => `${decided.store.id} ${decided.channel}`)].sort(
      ([a], [b]) => (a < b ? -1 : 1),
    );
    const tillIds: string[] = [];
    const saleIds: string[] = [];
    for (const [, some] of byJournal) {
      const stored = await storeIn(tx, parts, some, outcomes);
      tillIds.push(stored.tillId);
      saleIds.push(...stored.saleIds);
    }
    return { outcomes, tillIds, saleIds };
  });
  if (done.saleIds.length > 0) signals.emit('sales', { saleIds: done.saleIds });
  for (const tillId of done.tillIds) signals.emit('entries', { tillId });
  return done.outcomes;
}

function nameOf({ channel, externalId }: Asked['name']): Asked['name'] {
  return { channel, externalId };
}

function keyOf({ channel, externalId }: Asked['name']): string {
  return `${channel} ${externalId}`;
}

async function knownOrders(tx: Queryable, asked: readonly Asked[]) {
  const rows = await tx.query<Asked['name'] & { fingerprint: string; saleId: string; receiptNo: string }>(
    `select o.channel, o.external_id as "externalId", o.fingerprint, o.sale_id as "saleId", s.receipt_no as "receiptNo"
     from unnest($1::text[], $2::text[]) as a(channel, external_id)
     join sale_order o using (channel, external_id) join sale s using (sale_id)`,
    [asked.map(({ name }) => name.channel), asked.map(({ name }) => name.externalId)],
  );
  return new Map<string, { fingerprint: string; saleId: string; receiptNo: string }>(
    rows.map((row) => [keyOf(row), row]),
  );
}

/** Those of one channel and store; what lacks a right becomes a refusal in `outcomes`. */
async function storeIn(
  tx: Queryable,
  { clock, chance, sha256 }: OrderParts,
  some: readonly { readonly place: number; readonly decided: Decided }[],
  outcomes: Outcome[],
): Promise<{ readonly tillId: string; readonly saleIds: readonly string[] }> {
  const nowMs = clock.nowMs();
  const newId = () => uuidV7(nowMs, chance.bytes(10));
  const { store, channel } = some[0]!.decided;
  const journal = await channelJournal(tx, { storeId: store.id, channel }, newId);
  const entries: OwnEntry[] = [];
  const stored: Decided[] = [];
  for (const { place, decided } of some) {
    const { atMs, sale } = decided;
    const { leases, problems } = await leaseFor(tx, journal, sale, { newId, nowMs });
    if (problems.length > 0) {
      outcomes[place] = err({ kind: 'order', errors: problems });
      continue;
    }
    const at = { atMs, businessDate: localDate(atMs, store.timeZone) };
    for (const body of leases) entries.push({ ...at, body: { kind: 'right_granted', body } });
    const receiptSeq = journal.headSeq + entries.length + 1;
    entries.push({ ...at, body: { kind: 'sale', body: { ...sale, receiptSeq } } });
    stored.push(decided);
  }
  if (entries.length === 0) return { tillId: journal.tillId, saleIds: [] };
  const saleIds = await ingestOwn(tx, sha256, { ...journal, author: channel, entries }, nowMs);
  await noteOrders(tx, stored, nowMs);
  return { tillId: journal.tillId, saleIds };
}

/** Made with the channel's first order in a store. The row is locked: its journal has one writer at a time. */
async function channelJournal(
  tx: Queryable,
  { storeId, channel }: { readonly storeId: string; readonly channel: string },
  newId: () => string,
): Promise<{ readonly tillId: string; readonly journalId: string; readonly headSeq: number }> {
  await tx.query(
    `insert into till (till_id, store_id, code, channel, journal_id) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    // No till of ours has such a code: receipts of tills carry theirs.
    [newId(), storeId, `${channel}@${storeId}`, channel, newId()],
  );
  const [row] = await tx.query<{ tillId: string; journalId: string; headSeq: number }>(
    `select till_id as "tillId", journal_id as "journalId", acked_seq as "headSeq" from till
     where store_id = $1 and channel = $2 for update`,
    [storeId, channel],
  );
  return row!;
}

async function noteOrders(tx: Queryable, stored: readonly Decided[], nowMs: number): Promise<void> {
  await tx.query(
    `insert into sale_order (channel, external_id, store_id, sale_id, fingerprint, refund_of, status, placed_at)
     select channel, external_id, store_id, sale_id, fingerprint, refund_of, status, to_timestamp($8::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       as o(channel, external_id, store_id, sale_id, fingerprint, refund_of, status)`,
    [
      stored.map(({ channel }) => channel),
      stored.map(({ externalId }) => externalId),
      stored.map(({ store }) => store.id),
      stored.map(({ sale }) => sale.id),
      stored.map(({ fingerprint }) => fingerprint),
      stored.map(({ refundOf }) => refundOf),
      stored.map(({ status }) => status),
      nowMs,
    ],
  );
  await tx.query(
    `insert into sale_order_status (channel, external_id, status_no, status, note, at)
     select channel, external_id, 1, status, '', to_timestamp(at / 1000)
     from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as s(channel, external_id, status, at)`,
    [
      stored.map(({ channel }) => channel),
      stored.map(({ externalId }) => externalId),
      stored.map(({ status }) => status),
      stored.map(({ atMs }) => atMs),
    ],
  );
  await announce(
    tx,
    stored.map(({ channel, externalId, status, store, sale }) => ({
      kind: 'order.changed',
      dedupe: `order.changed:${channel}:${externalId}:1`,
      storeId: store.id,
      data: { channel, externalId, saleId: sale.id, status },
    })),
    nowMs,
  );
}
