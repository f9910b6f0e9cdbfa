/**
 * Ledgers of points, stored value and gift cards on disk: entries are added, the rest is what core/ledger folds from them.
 *
 * A writer locks the accounts, adds entries and folds them again, in one transaction; an entry that is known already changes
 * nothing. Lots, uses and balance are written where they differ. What follows from entries and moves a balance (expired,
 * forgiven, unfounded) stands in the ledger as rows too; where a late entry makes less of it, a row with the difference is
 * added, so the sum of the rows is the balance at all times and no row ever changes.
 */
import {
  foldLedger,
  type Ledger,
  MOVEMENT_MAX,
  type Movement,
  type MovementKind,
} from '../../src/core/ledger.ts';
import type { Queryable } from '../db/db.ts';
import { announce, type OutboxEvent } from '../outbox/outbox.ts';

export const PURSES = ['points', 'value', 'gift_card'] as const;
export type Purse = (typeof PURSES)[number];

export interface AccountKey {
  /** A member, or a gift card. */
  readonly holderId: string;
  readonly purse: Purse;
}

/** A movement on its way into a ledger. */
export interface NewEntry extends AccountKey, Movement {
  readonly storeId: string | null;
  readonly saleId: string | null;
  readonly reason: string | null;
  readonly author: string | null;
  /** null for points. */
  readonly currency: string | null;
}

export interface Account extends AccountKey {
  readonly currency: string | null;
  readonly ledger: Ledger;
}

/** A movement that no ledger takes: not whole, zero, or beyond `MOVEMENT_MAX`. */
export function isMovable(points: unknown): points is number {
  return Number.isSafeInteger(points) && points !== 0 && Math.abs(points as number) <= MOVEMENT_MAX;
}

/** An entry with the usual rest: no lot terms, nobody's words. */
export function entryOf(
  facts: AccountKey & Pick<Movement, 'id' | 'kind' | 'points' | 'atMs' | 'on'> & Partial<NewEntry>,
): NewEntry {
  const none = { expiresOn: null, ofId: null, bonus: 0, mayOwe: true };
  return { ...none, storeId: null, saleId: null, reason: null, author: null, currency: null, ...facts };
}

/**
 * Adds entries and folds their accounts again. Entries known by their id, wherever they stand, are left as they are.
 *
 * @returns every account that was named, as it is now
 */
export async function record(tx: Queryable, entries: readonly NewEntry[], nowMs: number): Promise<Account[]> {
  if (entries.length === 0) return [];
  await lockAccounts(tx, entries, nowMs);
  await tx.query(
    `insert into ledger_entry (holder_id, purse, entry_id, kind, points, of_id, expires_on, bonus, may_owe, on_date, at,
       store_id, sale_id, first_holder_id, reason, author, booked_at)
     select holder, purse, id, kind, points, of_id, expires::date, bonus, owe, on_date::date, to_timestamp(at / 1000),
       store, sale, holder, reason, author, to_timestamp($16::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[],
       $9::boolean[], $10::text[], $11::float8[], $12::text[], $13::text[], $14::text[], $15::text[])
       as e(holder, purse, id, kind, points, of_id, expires, bonus, owe, on_date, at, store, sale, reason, author)
     on conflict do nothing`,
    [
      entries.map(({ holderId }) => holderId),
      entries.map(({ purse }) => purse),
      entries.map(({ id }) => id),
      entries.map(({ kind }) => kind),
      entries.map(({ points }) => points),
      entries.map(({ ofId }) => ofId),
      entries.map(({ expiresOn }) => expiresOn),
      entries.map(({ bonus }) => bonus),
      entries.map(({ mayOwe }) => mayOwe),
      entries.map(({ on }) => on),
      entries.map(({ atMs }) => atMs),
      entries.map(({ storeId }) => storeId),
      entries.map(({ saleId }) => saleId),
      entries.map(({ reason }) => reason),
      entries.map(({ author }) => author),
      nowMs,
    ],
  );
  return refold(tx, entries, { nowMs });
}

/** Makes the accounts where they are missing and locks them, in one order everywhere. */
export async function lockAccounts(
  tx: Queryable,
  keys: readonly (AccountKey & { readonly currency?: string | null })[],
  nowMs: number,
): Promise<void> {
  if (keys.length === 0) return;
  const [holders, purses] = columnsOf(keys);
  await tx.query(
    `insert into ledger_account (holder_id, purse, currency, balance, bonus_balance, owed, updated_at)
     select holder, purse, max(currency), 0, 0, 0, to_timestamp($4::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::text[]) as k(holder, purse, currency)
     group by holder, purse order by holder, purse
     on conflict do nothing`,
    [holders, purses, keys.map(({ currency }) => currency ?? null), nowMs],
  );
  await tx.query(
    `select 1 from ledger_account join (select distinct * from unnest($1::text[], $2::text[]) as k(holder_id, purse)) k
       using (holder_id, purse)
     order by holder_id, purse for update of ledger_account`,
    [holders, purses],
  );
}

interface EntryRow {
  readonly holderId: string;
  readonly purse: Purse;
  readonly id: string;
  readonly kind: MovementKind;
  readonly points: number;
  readonly ofId: string | null;
  readonly expiresOn: string | null;
  readonly bonus: number;
  readonly mayOwe: boolean;
  readonly on: string;
  readonly atMs: number;
}
interface FollowRow extends AccountKey {
  readonly kind: string;
  readonly refId: string;
  readonly points: number;
  readonly rows: number;
}
interface LotRow extends AccountKey {
  readonly lotId: string;
  readonly rootId: string;
  readonly isBonus: boolean;
  readonly points: number;
  readonly left: number;
  readonly expired: number;
  readonly expiresOn: string | null;
}
interface UseRow extends AccountKey {
  readonly entryId: string;
  readonly lotId: string;
  readonly points: number;
}
interface AccountRow extends AccountKey {
  readonly currency: string | null;
  readonly balance: number;
  readonly bonusBalance: number;
  readonly owed: number;
  readonly expiredTo: string | null;
  readonly nextExpiryOn: string | null;
  readonly isStale: boolean;
}

/** What is stored of some accounts. */
export interface Stored {
  readonly accounts: readonly AccountRow[];
  readonly entries: ReadonlyMap<string, readonly EntryRow[]>;
  readonly follows: ReadonlyMap<string, readonly FollowRow[]>;
  readonly lots: ReadonlyMap<string, readonly LotRow[]>;
  readonly uses: ReadonlyMap<string, readonly UseRow[]>;
}

const FOLLOWS = "('expire', 'forgive', 'unfounded')";

/** One statement a table, each by the primary key. */
export async function storedOf(tx: Queryable, keys: readonly AccountKey[]): Promise<Stored> {
  const [holders, purses] = columnsOf(keys);
  const named =
    'join (select distinct * from unnest($1::text[], $2::text[]) as k(holder_id, purse)) k using (holder_id, purse)';
  const rows = async <T extends AccountKey>(sql: string) => tx.query<T>(sql, [holders, purses]);
  const accounts = await rows<AccountRow>(
    `select holder_id as "holderId", purse, currency, balance, bonus_balance as "bonusBalance", owed,
       expired_to as "expiredTo", next_expiry_on as "nextExpiryOn", is_stale as "isStale"
     from ledger_account ${named} order by holder_id, purse`,
  );
  const entries = await rows<EntryRow>(
    `select holder_id as "holderId", purse, entry_id as id, kind, points, of_id as "ofId", expires_on as "expiresOn", bonus,
       may_owe as "mayOwe", on_date as on, at as "atMs"
     from ledger_entry ${named} where kind not in ${FOLLOWS}`,
  );
  const follows = await rows<FollowRow>(
    `select holder_id as "holderId", purse, kind, of_id as "refId", sum(points)::bigint as points, count(*) as rows
     from ledger_entry ${named} where kind in ${FOLLOWS} group by holder_id, purse, kind, of_id`,
  );
  const lots = await rows<LotRow>(
    `select holder_id as "holderId", purse, lot_id as "lotId", root_id as "rootId", is_bonus as "isBonus", points,
       left_points as left, expired_points as expired, expires_on as "expiresOn"
     from ledger_lot ${named}`,
  );
  const uses = await rows<UseRow>(
    `select holder_id as "holderId", purse, entry_id as "entryId", lot_id as "lotId", points from ledger_use ${named}`,
  );
  const group = <T extends AccountKey>(list: readonly T[]) => Map.groupBy(list, textOf);
  return {
    accounts,
    entries: group(entries),
    follows: group(follows),
    lots: group(lots),
    uses: group(uses),
  };
}

/**
 * Folds accounts again and writes what differs. The caller holds their locks.
 *
 * @param given `asOf`: from now on lots whose last good day is before it are gone
 */
export async function refold(
  tx: Queryable,
  keys: readonly AccountKey[],
  given: { readonly nowMs: number; readonly asOf?: string },
): Promise<Account[]> {
  const stored = await storedOf(tx, keys);
  const changes = new Changes();
  const folded = stored.accounts.map((row) => {
    const expiredTo = laterOf(row.expiredTo, given.asOf ?? null);
    const ledger = foldLedger(stored.entries.get(textOf(row)) ?? [], expiredTo);
    changes.compare(row, ledger, stored);
    return { row, ledger, expiredTo };
  });
  await changes.write(tx, given.nowMs);
  await tx.query(
    `update ledger_account a set balance = n.balance, bonus_balance = n.bonus, owed = n.owed,
       expired_to = n.expired_to::date, next_expiry_on = n.next::date, is_stale = false,
       updated_at = to_timestamp($8::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
       as n(holder_id, purse, balance, bonus, owed, expired_to, next)
     where a.holder_id = n.holder_id and a.purse = n.purse`,
    [
      folded.map(({ row }) => row.holderId),
      folded.map(({ row }) => row.purse),
      folded.map(({ ledger }) => ledger.balance),
      folded.map(({ ledger }) => ledger.bonusBalance),
      folded.map(({ ledger }) => owedOf(ledger)),
      folded.map(({ expiredTo }) => expiredTo),
      folded.map(({ ledger }) => ledger.nextExpiryOn),
      given.nowMs,
    ],
  );
  await announce(
    tx,
    folded.flatMap(
      ({ row: { holderId, purse, currency, balance: before }, ledger: { balance } }): OutboxEvent[] => {
        if (balance === before) return [];
        const holder = purse === 'gift_card' ? { giftCardId: holderId } : { memberId: holderId };
        const amounts = { balance, change: balance - before };
        const data = { ...holder, ...amounts, ...(purse === 'points' ? {} : { currency }) };
        return [{ kind: `${purse}.changed`, storeId: null, data }];
      },
    ),
    given.nowMs,
  );
  return folded.map(({ row: { holderId, purse, currency }, ledger }) => ({
    holderId,
    purse,
    currency,
    ledger,
  }));
}

export function owedOf({ owed }: Ledger): number {
  return owed.reduce((sum, { points }) => sum + points, 0);
}

/** What differs between what is stored and what a fold says. */
export class Changes {
  readonly follows: { key: AccountKey; kind: string; refId: string; points: number; count: number }[] = [];
  readonly lots: LotRow[] = [];
  readonly lotsGone: LotRow[] = [];
  readonly uses: UseRow[] = [];
  readonly usesGone: UseRow[] = [];

  get count(): number {
    return [this.follows, this.lots, this.lotsGone, this.uses, this.usesGone].reduce(
      (sum, list) => sum + list.length,
      0,
    );
  }

  compare(key: AccountKey, ledger: Ledger, stored: Stored): void {
    const text = textOf(key);
    const { holderId, purse } = key;
    const told = new Map((stored.follows.get(text) ?? []).map((row) => [`${row.kind}:${row.refId}`, row]));
    const wanted = new Map(ledger.consequences.map((each) => [`${each.kind}:${each.refId}`, each]));
    for (const id of new Set([...told.keys(), ...wanted.keys()])) {
      const [before, now] = [told.get(id), wanted.get(id)];
      const points = (now?.points ?? 0) - (before?.points ?? 0);
      const { kind, refId } = (now ?? before)!;
      if (points !== 0) this.follows.push({ key, kind, refId, points, count: before?.rows ?? 0 });
    }
    const lots = ledger.lots.map(({ id, ...lot }): LotRow => ({ holderId, purse, lotId: id, ...lot }));
    differ(stored.lots.get(text) ?? [], lots, ({ lotId }) => lotId, sameLot, this.lots, this.lotsGone);
    const uses = ledger.uses.map(
      ({ movementId, lotId, points }): UseRow => ({ holderId, purse, entryId: movementId, lotId, points }),
    );
    const useId = ({ entryId, lotId }: UseRow) => `${entryId}\n${lotId}`;
    differ(
      stored.uses.get(text) ?? [],
      uses,
      useId,
      (a, b) => a.points === b.points,
      this.uses,
      this.usesGone,
    );
  }

  async write(tx: Queryable, nowMs: number): Promise<void> {
    await this.writeFollows(tx, nowMs);
    await this.writeLots(tx);
    await this.writeUses(tx);
  }

  private async writeFollows(tx: Queryable, nowMs: number): Promise<void> {
    if (this.follows.length === 0) return;
    await tx.query(
      `insert into ledger_entry (holder_id, purse, entry_id, kind, points, of_id, on_date, at, first_holder_id, booked_at)
       select holder, purse, id, kind, points, of_id, (to_timestamp($7::float8 / 1000) at time zone 'UTC')::date,
         to_timestamp($7::float8 / 1000), holder, to_timestamp($7::float8 / 1000)
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
         as f(holder, purse, id, kind, points, of_id)`,
      [
        this.follows.map(({ key }) => key.holderId),
        this.follows.map(({ key }) => key.purse),
        this.follows.map(({ kind, refId, count }) => `${kind}:${refId}:${count}`),
        this.follows.map(({ kind }) => kind),
        this.follows.map(({ points }) => points),
        this.follows.map(({ refId }) => refId),
        nowMs,
      ],
    );
  }

  private async writeLots(tx: Queryable): Promise<void> {
    if (this.lotsGone.length > 0) {
      await tx.query(
        `delete from ledger_lot l using unnest($1::text[], $2::text[], $3::text[]) as g(holder_id, purse, lot_id)
         where l.holder_id = g.holder_id and l.purse = g.purse and l.lot_id = g.lot_id`,
        [...columnsOf(this.lotsGone), this.lotsGone.map(({ lotId }) => lotId)],
      );
    }
    if (this.lots.length === 0) return;
    await tx.query(
      `insert into ledger_lot (holder_id, purse, lot_id, root_id, is_bonus, points, left_points, expired_points, expires_on)
       select holder, purse, id, root, bonus, points, lft, expired, expires::date
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::bigint[], $7::bigint[], $8::bigint[],
         $9::text[]) as l(holder, purse, id, root, bonus, points, lft, expired, expires)
       on conflict (holder_id, purse, lot_id) do update set root_id = excluded.root_id, is_bonus = excluded.is_bonus,
         points = excluded.points, left_points = excluded.left_points, expired_points = excluded.expired_points,
         expires_on = excluded.expires_on`,
      [
        ...columnsOf(this.lots),
        this.lots.map(({ lotId }) => lotId),
        this.lots.map(({ rootId }) => rootId),
        this.lots.map(({ isBonus }) => isBonus),
        this.lots.map(({ points }) => points),
        this.lots.map(({ left }) => left),
        this.lots.map(({ expired }) => expired),
        this.lots.map(({ expiresOn }) => expiresOn),
      ],
    );
  }

  private async writeUses(tx: Queryable): Promise<void> {
    if (this.usesGone.length > 0) {
      await tx.query(
        `delete from ledger_use u
         using unnest($1::text[], $2::text[], $3::text[], $4::text[]) as g(holder_id, purse, entry_id, lot_id)
         where u.holder_id = g.holder_id and u.purse = g.purse and u.entry_id = g.entry_id and u.lot_id = g.lot_id`,
        [
          ...columnsOf(this.usesGone),
          this.usesGone.map(({ entryId }) => entryId),
          this.usesGone.map(({ lotId }) => lotId),
        ],
      );
    }
    if (this.uses.length === 0) return;
    await tx.query(
      `insert into ledger_use (holder_id, purse, entry_id, lot_id, points)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
       on conflict (holder_id, purse, entry_id, lot_id) do update set points = excluded.points`,
      [
        ...columnsOf(this.uses),
        this.uses.map(({ entryId }) => entryId),
        this.uses.map(({ lotId }) => lotId),
        this.uses.map(({ points }) => points),
      ],
    );
  }
}

function differ<T>(
  before: readonly T[],
  now: readonly T[],
  idOf: (row: T) => string,
  same: (a: T, b: T) => boolean,
  changed: T[],
  gone: T[],
): void {
  const known = new Map(before.map((row) => [idOf(row), row]));
  for (const row of now) {
    const old = known.get(idOf(row));
    known.delete(idOf(row));
    if (old === undefined || !same(old, row)) changed.push(row);
  }
  gone.push(...known.values());
}

function sameLot(a: LotRow, b: LotRow): boolean {
  return (
    a.left === b.left &&
    a.expired === b.expired &&
    a.points === b.points &&
    a.expiresOn === b.expiresOn &&
    a.rootId === b.rootId &&
    a.isBonus === b.isBonus
  );
}

export function textOf({ holderId, purse }: AccountKey): string {
  return `${purse}:${holderId}`;
}

function columnsOf(keys: readonly AccountKey[]): [string[], string[]] {
  return [keys.map(({ holderId }) => holderId), keys.map(({ purse }) => purse)];
}

export function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
