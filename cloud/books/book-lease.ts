/**
 * Rights in the books: leases that a journal names, what its sales spent of them, what it gave back.
 *
 * Entry by entry in the order of the chain, since what a sale may spend hangs on what stands before it. Last in its batch: the
 * rows of rights are locked after the feed's lock, never before.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import {
  draw,
  giveBack,
  heldNow,
  homeLeaseId,
  type LeaseCount,
  leaseLeft,
  type RightGranted,
  type RightReturned,
  refundOf,
} from '../../src/core/lease.ts';
import { spendsOf } from '../../src/core/spend.ts';
import { balanceOf } from '../leases/balance.ts';
import { rightsProblem } from '../leases/entries.ts';
import { countedKeys } from '../leases/keys.ts';
import { sellerGaveBack } from '../leases/refunds.ts';
import { tellTillAlert } from '../tills/alerts.ts';
import { alert, type SaleEntry } from './book-sale.ts';
import type { JournalBatch } from './books.ts';

/** A lease row with its key. */
interface LeaseRow extends LeaseCount {
  readonly key: string;
}

/** What HQ must look at, by the sale or entry that shows it. */
interface Found {
  readonly id: string;
  readonly kind: 'overspent_right' | 'unknown_lease' | 'lease_differs';
  readonly detail: object;
}

/** @param stored the sales of `entries` that are in the books: one that was set aside spends nothing until it is repaired */
export async function bookLeases(
  batch: JournalBatch,
  entries: readonly JournalEntry[],
  stored: readonly SaleEntry[],
): Promise<void> {
  const storedSeqs = new Set(stored.map(({ seq }) => seq));
  const said = entries.filter((entry) =>
    entry.kind === 'sale'
      ? storedSeqs.has(entry.seq)
      : entry.kind.startsWith('right_') && rightsProblem(entry) === null,
  );
  const named = said.flatMap((entry) =>
    keysOf(entry, entry.kind === 'sale' ? spendsOf(entry.body) : new Map<string, number>()),
  );
  // A gift card has the name that the till gave it, and the one that HQ counts it by.
  const counted = await countedKeys(batch.tx, [...new Set(named)]);
  const moving = counted.size === 0 ? said : said.map((entry) => underCounted(entry, counted));
  const spends = new Map(
    moving.map((entry) => [
      entry.seq,
      entry.kind === 'sale' ? summed(spendsOf(entry.body), counted) : new Map<string, number>(),
    ]),
  );
  const keys = [...new Set(moving.flatMap((entry) => keysOf(entry, spends.get(entry.seq)!)))].sort();
  if (keys.length === 0) return;
  await lockAndCount(batch, keys, [...spends.values()]);
  await takeUp(batch, said, counted);
  const before = await leasesOf(batch, keys);
  const fold = new LeaseFold(batch.journalId, before);
  for (const entry of moving) fold.add(entry, spends.get(entry.seq)!);
  await write(batch, before, fold.leases);
  await sellersWords(batch, moving, fold);
  await tell(batch, fold.found);
}

/** One alert a sale or entry and kind: a sale can go beyond several rights at once, so all are named in it. */
async function tell(batch: JournalBatch, all: readonly Found[]): Promise<void> {
  const { tx, tillId, nowMs } = batch;
  const found: Found[] = [];
  for (const one of all) {
    // What HQ does not count (a rule without a limit) needs no lease.
    const key = (one.detail as { readonly key: string }).key;
    if (one.kind === 'overspent_right' && (await balanceOf(tx, key)) === null) continue;
    found.push(one);
  }
  for (const some of Map.groupBy(found, ({ id, kind }) => `${kind} ${id}`).values()) {
    const [{ id, kind, detail }, ...others] = some as [Found, ...Found[]];
    const also = others.length === 0 ? {} : { also: others.map((other) => other.detail) };
    await alert(batch, id, kind, { ...detail, ...also });
    if (kind !== 'unknown_lease') continue;
    // HQ signs its grants: what it does not know and has not signed was made up at the till, or is of an older program.
    await tellTillAlert(tx, {
      ...{ tillId, kind: 'forged_lease', atMs: nowMs },
      detail: { entry: id, ...detail, ...also },
    });
  }
}

/** Lines that the till sold here and pays back no more: another till may. */
async function sellersWords(
  { tx, tillId, journalId, nowMs }: JournalBatch,
  entries: readonly JournalEntry[],
  fold: LeaseFold,
): Promise<void> {
  for (const entry of entries) {
    if (entry.kind !== 'right_returned') continue;
    for (const right of entry.body.rights.filter(isHome)) {
      const known = await sellerGaveBack(tx, { tillId, journalId, key: right.key, nowMs });
      const id = `${journalId}:${entry.seq}`;
      if (!known) fold.found.push({ id, kind: 'unknown_lease', detail: { ...right } });
    }
  }
}

function isHome({ leaseId, key }: { readonly leaseId: string; readonly key: string }): boolean {
  const line = refundOf(key);
  return line !== null && leaseId === homeLeaseId(line);
}

/** What an entry says of rights, under the keys that HQ counts by; `sig` stays that of the till's word. */
function underCounted(entry: JournalEntry, counted: ReadonlyMap<string, string>): JournalEntry {
  const keyOf = (key: string) => counted.get(key) ?? key;
  if (entry.kind === 'right_granted') {
    return { ...entry, body: { ...entry.body, key: keyOf(entry.body.key) } };
  }
  if (entry.kind !== 'right_returned') return entry;
  const rights = entry.body.rights.map((right) => ({ ...right, key: keyOf(right.key) }));
  return { ...entry, body: { ...entry.body, rights } };
}

function summed(
  spends: ReadonlyMap<string, number>,
  counted: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [key, amount] of spends) {
    const to = counted.get(key) ?? key;
    sums.set(to, (sums.get(to) ?? 0) + amount);
  }
  return sums;
}

/**
 * HQ's own leases that it does not know: its database was put back to an older state. Its signature says that each is real, so
 * they are leased again; what was spent of them comes with the entries that follow.
 */
async function takeUp(
  batch: JournalBatch,
  entries: readonly JournalEntry[],
  counted: ReadonlyMap<string, string>,
): Promise<void> {
  const { tx, tillId, journalId, nowMs, vouched } = batch;
  const granted = entries.flatMap((entry) => (entry.kind === 'right_granted' ? [entry.body] : []));
  if (granted.length === 0) return;
  const rows = await tx.query<{ id: string }>(
    'select lease_id as id from lease where lease_id = any($1::text[])',
    [granted.map(({ leaseId }) => leaseId)],
  );
  const known = new Set(rows.map(({ id }) => id));
  for (const body of granted) {
    const { leaseId, key, amount, purpose, epoch, untilMs, sig } = body;
    if (known.has(leaseId) || sig === undefined) continue;
    if (!vouched({ tillId, journalId, leaseId, key, amount, untilMs }, sig)) continue;
    known.add(leaseId);
    const own = counted.get(key) ?? key;
    await tx.query(
      `insert into lease (lease_id, key, till_id, journal_id, request_id, amount, purpose, epoch, until_at, state, granted_at,
         asked_key)
       values ($1, $2, $3, $4, $1, $5, $6, $7, to_timestamp($8::float8 / 1000), 'offered',
         to_timestamp($9::float8 / 1000), $10)`,
      [leaseId, own, tillId, journalId, amount, purpose, epoch, untilMs, nowMs, own === key ? null : key],
    );
    await tx.query('update right_balance set leased = leased + $2 where key = $1', [own, amount]);
  }
}

function keysOf(entry: JournalEntry, spends: ReadonlyMap<string, number>): string[] {
  if (entry.kind === 'right_granted') return [entry.body.key];
  if (entry.kind === 'right_returned') return entry.body.rights.map(({ key }) => key);
  return [...spends.keys()];
}

/** The fold of one batch; what it found is told afterwards. */
class LeaseFold {
  leases: readonly LeaseRow[];
  readonly found: Found[] = [];
  private readonly journalId: string;

  constructor(journalId: string, leases: readonly LeaseRow[]) {
    this.journalId = journalId;
    this.leases = leases;
  }

  add(entry: JournalEntry, spends: ReadonlyMap<string, number>): void {
    const entryId = `${this.journalId}:${entry.seq}`;
    if (entry.kind === 'right_granted') this.granted(entry.body, entryId);
    if (entry.kind === 'right_returned') this.returned(entry.body, entryId);
    if (entry.kind !== 'sale') return;
    for (const [key, amount] of spends) this.spent(key, amount, entry.body.id);
  }

  private granted(body: RightGranted, entryId: string): void {
    const lease = this.byId(body);
    // Never granted, or to another journal, or something else: it does not count, so what is spent of it is too much.
    if (lease === undefined || lease.amount !== body.amount) {
      this.found.push({ id: entryId, kind: 'unknown_lease', detail: { ...body } });
    } else this.put(heldNow(lease));
  }

  private returned({ rights }: RightReturned, entryId: string): void {
    for (const right of rights) {
      if (isHome(right)) continue;
      const lease = this.byId(right);
      if (lease === undefined) {
        this.found.push({ id: entryId, kind: 'unknown_lease', detail: { ...right } });
        continue;
      }
      const { lease: after, differs } = giveBack(lease, right.amount);
      this.put(after);
      if (differs !== 0) {
        this.found.push({ id: entryId, kind: 'lease_differs', detail: { ...right, differs } });
      }
    }
  }

  private spent(key: string, amount: number, saleId: string): void {
    const mine = this.leases.filter((lease) => lease.key === key);
    const { leases, beyond } = draw(mine, amount);
    for (const lease of leases) this.put(lease);
    if (beyond > 0) {
      this.found.push({ id: saleId, kind: 'overspent_right', detail: { key, amount, beyond } });
    }
  }

  private byId({ leaseId, key }: { readonly leaseId: string; readonly key: string }): LeaseRow | undefined {
    return this.leases.find((lease) => lease.leaseId === leaseId && lease.key === key);
  }

  private put(lease: LeaseRow): void {
    this.leases = this.leases.map((other) => (other.leaseId === lease.leaseId ? lease : other));
  }
}

/** Locks the rights in the order of their keys, and counts what the sales spent. */
async function lockAndCount(
  { tx }: JournalBatch,
  keys: readonly string[],
  spends: readonly ReadonlyMap<string, number>[],
): Promise<void> {
  const spentOf = (key: string) => spends.reduce((sum, spend) => sum + (spend.get(key) ?? 0), 0);
  await tx.query(
    `insert into right_balance (key, balance, leased, spent)
     select key, 0, 0, spent from unnest($1::text[], $2::bigint[]) as r(key, spent) order by key
     on conflict (key) do update set spent = right_balance.spent + excluded.spent`,
    [keys, keys.map(spentOf)],
  );
}

async function leasesOf({ tx, journalId }: JournalBatch, keys: readonly string[]): Promise<LeaseRow[]> {
  return tx.query<LeaseRow>(
    `select lease_id as "leaseId", key, amount, spent, returned, until_at as "untilMs", state
     from lease where journal_id = $1 and key = any($2::text[]) and state <> 'closed' order by lease_id`,
    [journalId, keys],
  );
}

async function write(
  { tx }: JournalBatch,
  before: readonly LeaseRow[],
  after: readonly LeaseRow[],
): Promise<void> {
  const changed = after.filter((lease, index) => lease !== before[index]);
  if (changed.length === 0) return;
  await tx.query(
    `update lease l set spent = c.spent, returned = c.returned, state = c.state
     from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) as c(lease_id, spent, returned, state)
     where l.lease_id = c.lease_id`,
    [
      changed.map(({ leaseId }) => leaseId),
      changed.map(({ spent }) => spent),
      changed.map(({ returned }) => returned),
      changed.map(({ state }) => state),
    ],
  );
  const byKey = Map.groupBy(changed, ({ key }) => key);
  for (const [key, leases] of byKey) {
    const leftBefore = before.filter((lease) => leases.some(({ leaseId }) => leaseId === lease.leaseId));
    const less = sumLeft(leftBefore) - sumLeft(leases);
    await tx.query('update right_balance set leased = leased - $2, balance = $3 where key = $1', [
      key,
      less,
      (await balanceOf(tx, key)) ?? 0,
    ]);
  }
}

function sumLeft(leases: readonly LeaseRow[]): number {
  return leases.reduce((sum, lease) => sum + leaseLeft(lease), 0);
}
