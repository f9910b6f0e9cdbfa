/**
 * Leases at HQ: granting, offering again, freezing, writing off. What journals say of them is booked by books/book-lease.
 *
 * Whoever changes what is leased, or takes from a balance in another way than by a booked sale, holds the right's row in
 * `right_balance` first (`lockRight`), several in the order of their keys, and publishes no feed row after it.
 */
import { epochAt, grantable, type LeasePurpose, type LeaseTerms } from '../../src/core/lease.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { type Db, kept, type Queryable } from '../db/db.ts';
import { balanceOf } from './balance.ts';
import { countedKey, familyKeys } from './keys.ts';
import { holdAtSeller } from './refunds.ts';
import { isSettled } from './settling.ts';

export interface LeaseAsk {
  readonly tillId: string;
  readonly journalId: string;
  readonly requestId: string;
  readonly key: string;
  readonly wanted: number;
  readonly purpose: LeasePurpose;
}

export interface Offer extends LeaseTerms {
  readonly requestId: string;
}

export interface NoLease {
  /** What could still be handed out; null: HQ counts no such right. */
  readonly free: number | null;
  /** With what tills hold of it; left out where that does not matter. */
  readonly left?: number;
  /** Other tills that hold some of it, each with its own name for it. */
  readonly holders: readonly { readonly tillId: string; readonly key: string }[];
}

/** Leases of a till that its journal does not name yet, said again after one welcome. */
const OFFERS_MAX = 1_000;

/**
 * Hands out a part of a right. Asked again under the same id, the same lease is the answer, whatever came of it since.
 *
 * @param leaseId of a new lease
 */
export async function grantLease(
  db: Db,
  asked: LeaseAsk,
  { leaseId, nowMs }: { readonly leaseId: string; readonly nowMs: number },
): Promise<Result<Offer, NoLease>> {
  return db.transaction(async (tx) => {
    if (!(await isSettled(tx))) return err({ free: 0, holders: [] });
    // Against a revocation that is under way: it freezes what was granted before it.
    const till = await tx.query('select 1 from till where till_id = $1 and revoked_at is null for share', [
      asked.tillId,
    ]);
    if (till.length === 0) return err({ free: 0, holders: [] });
    const before = await offerOf(tx, asked);
    if (before !== null) return ok(before);
    const ask = { ...asked, key: await countedKey(tx, asked.key) };
    const balance = await balanceOf(tx, ask.key);
    if (balance === null) return err({ free: null, holders: [] });
    let account = await lockRight(tx, ask.key);
    if (ask.key.startsWith('refund:')) {
      await holdAtSeller(tx, ask.key, { left: account.balance, nowMs });
      account = await lockRight(tx, ask.key);
    }
    const amount = grantable(account, ask);
    if (amount === 0) {
      return err({ free: freeOf(account), left: account.balance, holders: await otherHolders(tx, ask) });
    }
    const lease: Offer = {
      leaseId,
      requestId: ask.requestId,
      key: ask.key,
      amount,
      purpose: ask.purpose,
      ...epochAt(nowMs),
    };
    await insertLease(tx, asked, lease, nowMs);
    return ok({ ...lease, key: asked.key });
  });
}

function freeOf({ balance, leased }: { readonly balance: number; readonly leased: number }): number {
  return Math.max(0, balance - leased);
}

/**
 * Locks a right until the transaction ends.
 *
 * HQ's own jobs (expiry, a deduction by hand) call it before they take from a balance, and take at most `balance - leased`:
 * the rest is in the hands of tills.
 */
export async function lockRight(
  tx: Queryable,
  key: string,
): Promise<{ readonly balance: number; readonly leased: number }> {
  await tx.query(
    'insert into right_balance (key, balance, leased, spent) values ($1, 0, 0, 0) on conflict do nothing',
    [key],
  );
  const rows = await tx.query<{ key: string; leased: number }>(
    'select key, leased from right_balance where key = any($1::text[]) order by key for update',
    [await familyKeys(tx, key)],
  );
  const row = rows.find((right) => right.key === key);
  // Read only now: whoever held the row before has moved the ledger.
  const balance = (await balanceOf(tx, key)) ?? 0;
  await tx.query('update right_balance set balance = $2 where key = $1', [key, balance]);
  return { balance, leased: row!.leased };
}

/**
 * Whether HQ has just taken more of these rights than was free: the rest is in the hands of tills.
 *
 * Asked after the ledger was moved and its rows were published, in the same transaction: the feed's lock comes before those of
 * rights everywhere.
 *
 * @returns by how much it is too much; 0: all is well
 */
export async function takenFromLeased(tx: Queryable, keys: readonly string[]): Promise<number> {
  let most = 0;
  for (const key of [...keys].sort()) {
    const { balance, leased } = await lockRight(tx, key);
    most = Math.max(most, leased - balance);
  }
  return most;
}

/** The caller holds the right, and has seen that there is enough. */
export async function insertLease(
  tx: Queryable,
  ask: Pick<LeaseAsk, 'tillId' | 'journalId' | 'requestId' | 'key'>,
  lease: LeaseTerms,
  nowMs: number,
): Promise<void> {
  await tx.query(
    `insert into lease (lease_id, key, till_id, journal_id, request_id, amount, purpose, epoch, until_at, state, granted_at,
       asked_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::float8 / 1000), 'offered',
       to_timestamp($10::float8 / 1000), $11)`,
    [
      lease.leaseId,
      lease.key,
      ask.tillId,
      ask.journalId,
      ask.requestId,
      lease.amount,
      lease.purpose,
      lease.epoch,
      lease.untilMs,
      nowMs,
      ask.key === lease.key ? null : ask.key,
    ],
  );
  await tx.query('update right_balance set leased = leased + $2 where key = $1', [lease.key, lease.amount]);
}

const OFFER = `select lease_id as "leaseId", request_id as "requestId", coalesce(asked_key, key) as key, amount, purpose, epoch,
  until_at as "untilMs" from lease`;

/** A lease of another journal is no answer: that journal alone may spend it. */
async function offerOf(tx: Queryable, { tillId, journalId, requestId }: LeaseAsk): Promise<Offer | null> {
  const [row] = await tx.query<Offer>(`${OFFER} where till_id = $1 and request_id = $2 and journal_id = $3`, [
    tillId,
    requestId,
    journalId,
  ]);
  return row ?? null;
}

async function otherHolders(tx: Queryable, { key, tillId }: LeaseAsk): Promise<NoLease['holders']> {
  return tx.query(
    `select distinct till_id as "tillId", coalesce(asked_key, key) as key from lease
     where key = $1 and till_id <> $2 and state = 'held' and not is_frozen`,
    [key, tillId],
  );
}

const OPEN_OFFERS = kept(
  `${OFFER} where till_id = $1 and journal_id = $2 and state = 'offered' order by lease_id limit ${OFFERS_MAX}`,
);

/** What was granted to this journal and may have been lost on the way. */
export async function openOffers(
  db: Queryable,
  facts: { readonly tillId: string; readonly journalId: string },
): Promise<Offer[]> {
  return db.query<Offer>(OPEN_OFFERS, [facts.tillId, facts.journalId]);
}

/** What was frozen and is of the kept journal goes on after all: the till says it, and it was not cut off. */
const FREEZE = kept(
  `update lease set is_frozen = not is_frozen
   where till_id = $1 and state in ('offered', 'held', 'short')
     and case when is_frozen
       then journal_id = $2 and exists (select 1 from till where till_id = $1 and revoked_at is null)
       else journal_id is distinct from $2::text end`,
);

/**
 * Freezes what a till holds: nothing of it becomes free until the journal has given it back or a manager writes it off.
 *
 * @param keptJournalId the journal that goes on; null: none, the till is revoked
 */
export async function freezeLeases(
  db: Queryable,
  tillId: string,
  keptJournalId: string | null,
): Promise<void> {
  await db.query(FREEZE, [tillId, keptJournalId]);
}

export interface LeaseRow {
  readonly leaseId: string;
  readonly key: string;
  readonly tillId: string;
  readonly amount: number;
  readonly left: number;
  readonly state: string;
  readonly isFrozen: boolean;
  readonly epoch: number;
  readonly untilMs: number;
  readonly grantedAtMs: number;
}

/** What tills hold, frozen leases first, then the oldest. */
export async function listLeases(
  db: Queryable,
  filter: {
    readonly tillId?: string | undefined;
    readonly key?: string | undefined;
    /** From there on; null: from the first. */
    readonly after: {
      readonly isThawed: boolean;
      readonly grantedAtMs: number;
      readonly leaseId: string;
    } | null;
    readonly limit: number;
  },
): Promise<LeaseRow[]> {
  return db.query<LeaseRow>(
    `select lease_id as "leaseId", key, till_id as "tillId", amount, amount - spent - returned as left, state,
       is_frozen as "isFrozen", epoch, until_at as "untilMs", granted_at as "grantedAtMs"
     from lease where state in ('offered', 'held', 'short')
       and ($1::text is null or till_id = $1) and ($2::text is null or key = $2)
       and ($4::boolean is null or
         (not is_frozen, granted_at, lease_id) > ($4, to_timestamp($5::float8 / 1000), $6))
     order by not is_frozen, granted_at, lease_id limit $3`,
    [
      ...[filter.tillId ?? null, filter.key ?? null, filter.limit],
      ...[filter.after?.isThawed ?? null, filter.after?.grantedAtMs ?? null, filter.after?.leaseId ?? null],
    ],
  );
}

export type WriteOffError = { readonly kind: 'unknown_lease' } | { readonly kind: 'not_frozen' };

/**
 * A manager frees what a lost till held. If that till comes back with sales from it, they stand, and HQ is told.
 *
 * @returns how much is free again; zero when it was written off before
 */
export async function writeOffLease(
  db: Db,
  leaseId: string,
  { reason, nowMs }: { readonly reason: string; readonly nowMs: number },
): Promise<Result<number, WriteOffError>> {
  return db.transaction(async (tx) => {
    const [found] = await tx.query<{ key: string }>('select key from lease where lease_id = $1', [leaseId]);
    if (found === undefined) return err({ kind: 'unknown_lease' });
    await lockRight(tx, found.key);
    const [lease] = await tx.query<{ state: string; frozen: boolean; left: number }>(
      `select state, is_frozen as frozen, amount - spent - returned as left from lease where lease_id = $1`,
      [leaseId],
    );
    const { state, frozen, left } = lease!;
    if (state === 'written_off' || state === 'closed') return ok(0);
    // `short`: its till has given it back for good, and says that there is less.
    if (!frozen && state !== 'short') return err({ kind: 'not_frozen' });
    await tx.query("update lease set state = 'written_off' where lease_id = $1", [leaseId]);
    await tx.query('update right_balance set leased = leased - $2 where key = $1', [found.key, left]);
    await tx.query(
      `insert into lease_write_off (lease_id, amount, reason, at)
       values ($1, $2, $3, to_timestamp($4::float8 / 1000))`,
      [leaseId, left, reason, nowMs],
    );
    return ok(left);
  });
}
