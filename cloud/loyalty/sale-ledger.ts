/**
 * Sales in the ledgers: the books give what a journal brought, here it becomes entries, balances and alerts.
 *
 * Tills come late and in any order. A refund that is here before the sale it undoes takes from whom it can; when the sale
 * comes, the refund's entries go to the member who had bought.
 */
import { addDays, type LotTerms, PLAIN_TERMS } from '../../src/core/ledger.ts';
import type { Programme } from '../../src/core/points.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Queryable } from '../db/db.ts';
import { publishBalances } from './balances.ts';
import { cardsNamed } from './card-lookup.ts';
import {
  type Account,
  type AccountKey,
  lockAccounts,
  type NewEntry,
  record,
  refold,
  textOf,
} from './ledger.ts';
import { currentProgramme, programmeByVersion } from './programme.ts';
import { type BookedSale, movesOf, originalsOf, type SaleAlert } from './sale-movements.ts';

export interface SaleBatch {
  readonly tx: Queryable;
  readonly storeId: string;
  readonly nowMs: number;
}

/** A sale entry with the member that HQ knows it to be of. */
export interface SaleFacts {
  readonly body: Sale;
  readonly businessDate: string;
  readonly atMs: number;
}

export interface LedgersBooked {
  readonly alerts: readonly SaleAlert[];
  /** Feed rows. */
  readonly told: number;
}

/** @param entries sales that are stored; said again, they change nothing */
export async function bookLedgers(batch: SaleBatch, entries: readonly SaleFacts[]): Promise<LedgersBooked> {
  const { tx, storeId, nowMs } = batch;
  const booked = entries.map((entry) => bookedOf(entry, storeId, nowMs));
  const early = await refundsBefore(tx, booked);
  const all = [...booked, ...early];
  const facts = {
    ownerOf: await ownersOf(tx, all),
    cards: await cardsNamed(
      tx,
      all.flatMap(({ sale }) => cardsOf(sale)),
    ),
  };
  const termsOf = await termsBook(tx, all);
  const moves = all.map((one) => movesOf(one, { ...facts, terms: termsOf(one.sale) }));
  const found = moves.flatMap(({ entries: some }) => some);
  const { usable, alerts } = await inTheirCurrency(tx, found, nowMs);
  const moved = await bringHome(tx, early.length === 0 ? [] : usable, nowMs);
  const accounts = [...(await record(tx, usable, nowMs)), ...moved];
  const memberIds = new Set(booked.flatMap(({ sale }) => sale.memberId ?? []));
  const mine: AccountKey[] = [...memberIds].map((holderId) => ({ holderId, purse: 'points' }));
  const told =
    (await publishBalances(tx, mine, { nowMs, storeId })) +
    (await publishBalances(
      tx,
      accounts.filter(({ holderId }) => !memberIds.has(holderId)),
      { nowMs },
    ));
  return {
    alerts: [...moves.flatMap((one) => one.alerts), ...alerts, ...oddities(accounts, usable)],
    told,
  };
}

/** A till whose clock is ahead does not take next year's lots away: dates end with tomorrow. */
function bookedOf({ body, businessDate, atMs }: SaleFacts, storeId: string, nowMs: number): BookedSale {
  const tomorrow = addDays(new Date(nowMs).toISOString().slice(0, 10), 1);
  return {
    sale: body,
    storeId,
    on: businessDate > tomorrow ? tomorrow : businessDate,
    atMs: Math.min(atMs, nowMs + 86_400_000),
  };
}

function cardsOf({ tenders }: Sale): string[] {
  return tenders.flatMap((tender) => (tender.kind === 'gift_card' ? [String(tender.giftCardId)] : []));
}

interface RefundRow {
  readonly body: Sale;
  readonly storeId: string;
  readonly on: string;
  readonly atMs: number;
  readonly memberId: string | null;
}

/** Refunds of these sales that are in the books already, from tills that were faster. */
async function refundsBefore(tx: Queryable, booked: readonly BookedSale[]): Promise<BookedSale[]> {
  const ids = booked.map(({ sale }) => sale.id);
  if (ids.length === 0) return [];
  // By their indexes, whatever a planner without statistics thinks: as one condition it would read every sale there is.
  const found = await tx.query<{ id: string }>(
    `select r.sale_id as id from unnest($1::text[]) as o(id) cross join lateral (
       select sale_id from sale where refund_of_sale_id = o.id
       union all select sale_id from return_line where original_sale_id = o.id offset 0) r`,
    [ids],
  );
  const known = new Set(ids);
  const early = [...new Set(found.map(({ id }) => id))].filter((id) => !known.has(id));
  if (early.length === 0) return [];
  const rows = await tx.query<RefundRow>(
    `select (e.text::jsonb)->'body' as body, s.store_id as "storeId", s.business_date as on, s.at as "atMs",
       s.member_id as "memberId"
     from sale s join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
     where s.sale_id = any($1::text[])`,
    [early],
  );
  return rows.map(({ body, storeId, on, atMs, memberId }) => ({
    sale: { ...body, memberId },
    storeId,
    on,
    atMs,
  }));
}

async function ownersOf(tx: Queryable, booked: readonly BookedSale[]): Promise<Map<string, string | null>> {
  const ids = new Set(booked.flatMap(({ sale }) => [...originalsOf(sale)]));
  if (ids.size === 0) return new Map();
  const rows = await tx.query<{ sale_id: string; member_id: string | null }>(
    'select sale_id, member_id from sale where sale_id = any($1::text[])',
    [[...ids]],
  );
  return new Map(rows.map(({ sale_id, member_id }) => [sale_id, member_id]));
}

async function termsBook(tx: Queryable, booked: readonly BookedSale[]): Promise<(sale: Sale) => LotTerms> {
  const versions = new Set(booked.flatMap(({ sale }) => sale.points?.programme ?? []));
  const known = new Map<string, Programme | null>();
  for (const version of versions) known.set(version, await programmeByVersion(tx, version));
  const current = booked.length === 0 ? null : await currentProgramme(tx);
  return ({ points }) => (known.get(points?.programme ?? '') ?? current)?.lots ?? PLAIN_TERMS;
}

/** Money of one currency pays no sale in another. */
async function inTheirCurrency(tx: Queryable, found: readonly NewEntry[], nowMs: number) {
  await lockAccounts(tx, found, nowMs);
  const holders = found.filter(({ purse }) => purse === 'value').map(({ holderId }) => holderId);
  const rows =
    holders.length === 0
      ? []
      : await tx.query<{ holder_id: string; currency: string }>(
          `select holder_id, currency from ledger_account where purse = 'value' and holder_id = any($1::text[])`,
          [holders],
        );
  const currencyOf = new Map(rows.map(({ holder_id, currency }) => [holder_id, currency]));
  const isForeign = ({ purse, holderId, currency }: NewEntry) =>
    purse === 'value' && currencyOf.get(holderId) !== currency;
  const alerts = found.filter(isForeign).map(
    ({ saleId, points, currency }): SaleAlert => ({
      saleId: saleId!,
      kind: 'stored_value_currency',
      detail: { amountMinor: -points, currency },
    }),
  );
  return { usable: found.filter((entry) => !isForeign(entry)), alerts };
}

/** Entries that stand with somebody else since the sale they undo was not here yet. */
async function bringHome(tx: Queryable, entries: readonly NewEntry[], nowMs: number): Promise<Account[]> {
  if (entries.length === 0) return [];
  const strays = await tx.query<AccountKey & { id: string; home: string }>(
    `select e.holder_id as "holderId", e.purse, e.entry_id as id, n.holder as home
     from ledger_entry e join unnest($1::text[], $2::text[], $3::text[]) as n(holder, purse, id)
       on e.purse = n.purse and e.entry_id = n.id
     where e.holder_id <> n.holder`,
    [entries.map(({ holderId }) => holderId), entries.map(({ purse }) => purse), entries.map(({ id }) => id)],
  );
  if (strays.length === 0) return [];
  await lockAccounts(tx, strays, nowMs);
  await tx.query(
    `update ledger_entry e set holder_id = n.home
     from unnest($1::text[], $2::text[], $3::text[]) as n(home, purse, id)
     where e.purse = n.purse and (e.entry_id = n.id or e.of_id = n.id and e.kind in ('forgive', 'unfounded'))`,
    [strays.map(({ home }) => home), strays.map(({ purse }) => purse), strays.map(({ id }) => id)],
  );
  return refold(tx, strays, { nowMs });
}

const SPENT_OF = { points: 'points', value: 'stored_value', gift_card: 'gift_card' } as const;

/** What is owed for a spend of these sales, and what they gave back without a ground. */
function oddities(accounts: readonly Account[], entries: readonly NewEntry[]): SaleAlert[] {
  const accountOf = new Map(accounts.map((account) => [textOf(account), account]));
  return entries.flatMap((entry): SaleAlert[] => {
    const ledger = accountOf.get(textOf(entry))?.ledger;
    const what = SPENT_OF[entry.purse];
    const tell = (kind: string, points: number): SaleAlert[] => [
      { saleId: entry.saleId!, kind: `${what}_${kind}`, detail: { holderId: entry.holderId, points } },
    ];
    const owed = ledger?.owed.find(({ movementId }) => movementId === entry.id);
    if (owed !== undefined && entry.kind === 'spend') return tell('overspent', owed.points);
    const odd = ledger?.consequences.find(({ kind, refId }) => kind === 'unfounded' && refId === entry.id);
    return odd === undefined ? [] : tell('unfounded', Math.abs(odd.points));
  });
}
