/**
 * What the store manager's page rests on at this till: members and days that HQ told, and this till's own newest sales.
 */
import type { Locale } from '../core/item.ts';
import { nameIn } from '../core/item.ts';
import type { PurchaseStats } from '../core/rfm.ts';
import { DEFAULT_THRESHOLDS } from '../core/rfm.ts';
import { localHour } from '../core/shift.ts';
import { expectedCash } from '../core/shift-report.ts';
import type { Store } from '../core/store.ts';
import {
  type Buyer,
  type DaySale,
  foldDay,
  type StorePage,
  type StoreZ,
  storePage,
  type TillDay,
  withSales,
} from '../core/store-page.ts';
import type { Sqlite } from './db.ts';
import type { Till } from './till.ts';

/** Days of other tills that are kept to look at. */
const DAYS_KEPT = 40;
const Z_SHOWN = 60;
/** Entries that are read at once while looking for where the day begins. */
const STEP = 500;

export function storePageOf(till: Till, db: Sqlite, store: Store, locale: Locale): StorePage {
  const businessDate = till.session.businessDate(store.timeZone);
  const days = toldDays(till, db, businessDate);
  const own = ownSales(till, store, businessDate, countedSeq(till, days));
  const buyers = buyersOf(till, db, own.unsent, locale);
  const firstOn = new Map(buyers.map(({ memberId, stats }) => [memberId, stats.firstOn]));
  const ownDay = foldDay(own.today, (memberId) => firstOn.get(realId(till, memberId)) ?? null);
  return storePage({
    asOfMs: till.session.nowMs(),
    othersAsOfMs: till.state.number('data_as_of_ms'),
    businessDate,
    buyers,
    thresholds: DEFAULT_THRESHOLDS,
    days: [ownDay, ...days.filter(({ mine, date }) => !mine && date === businessDate).map(({ day }) => day)],
    cashierName: (id) => till.people.staff(id)?.name ?? id,
    zReports: zReports(till, db),
  });
}

interface Own {
  /** Of this business date. */
  readonly today: readonly DaySale[];
  /** In none of HQ's figures that are here. */
  readonly unsent: readonly DaySale[];
}

/** Walks back from the head to where neither today nor the unsent begin. */
function ownSales(till: Till, store: Store, businessDate: string, counted: number): Own {
  const today: DaySale[] = [];
  const unsent: DaySale[] = [];
  let through = till.journal.head.seq;
  while (through > 0) {
    const from = Math.max(1, through - STEP + 1);
    const entries = [...till.journal.range(from, through)];
    for (const entry of entries) {
      if (entry.kind !== 'sale') continue;
      const hour = localHour(entry.atMs, store.timeZone);
      const { cashierId, businessDate: date, body: sale } = entry;
      const row = { sale, hour, cashierId, businessDate: date };
      if (date === businessDate) today.push(row);
      if (entry.seq > counted) unsent.push(row);
    }
    through = from - 1;
    if (through <= counted && entries[0] !== undefined && entries[0].businessDate < businessDate) break;
  }
  const inOrder = (a: DaySale, b: DaySale) => a.sale.receiptSeq - b.sale.receiptSeq;
  return { today: today.sort(inOrder), unsent: unsent.sort(inOrder) };
}

interface StatsRow {
  readonly memberId: string;
  readonly visits: number;
  readonly netMinor: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
}

const NOTHING: PurchaseStats = { visits: 0, firstOn: null, lastOn: null, netMinor: 0 };

function buyersOf(till: Till, db: Sqlite, unsent: readonly DaySale[], locale: Locale): Buyer[] {
  const rows = db.prepare('select data from member_stats').all() as { data: string }[];
  const known = new Map<string, PurchaseStats>(
    rows.map(({ data }) => {
      const { memberId, visits, netMinor, firstDate, lastDate } = JSON.parse(data) as StatsRow;
      return [memberId, { visits, netMinor, firstOn: firstDate, lastOn: lastDate }];
    }),
  );
  const fresh = Map.groupBy(
    unsent.filter(({ sale }) => sale.memberId !== null),
    ({ sale }) => realId(till, sale.memberId!),
  );
  for (const [memberId, sales] of fresh) {
    known.set(memberId, withSales(known.get(memberId) ?? NOTHING, sales));
  }
  return [...known].map(([memberId, stats]) => {
    const member = till.catalog.memberById(memberId);
    const tier = member === null ? null : till.catalog.tier(member.tierId);
    return {
      memberId,
      // Erased at HQ: what was bought stays, the name does not.
      name: member?.name ?? '—',
      tierName: tier === null ? '' : nameIn(tier, locale),
      birthday: member?.birthday ?? null,
      stats,
    };
  });
}

/** The member behind a provisional id. */
function realId(till: Till, memberId: string): string {
  return till.catalog.memberById(memberId)?.id ?? memberId;
}

interface ToldDay {
  readonly id: string;
  readonly date: string;
  readonly mine: boolean;
  readonly day: TillDay & { readonly throughSeq?: number };
}

/** Days of the store's tills as HQ has told them; those that are too old to look at are dropped. */
function toldDays(till: Till, db: Sqlite, businessDate: string): ToldDay[] {
  const mine = till.identity.tillId;
  const rows = db.prepare('select till_day_id as id, data from till_day order by till_day_id').all() as {
    id: string;
    data: string;
  }[];
  const days = rows.map(
    ({ id, data }): ToldDay => ({
      id,
      date: id.slice(-10),
      mine: id === `${mine}/${id.slice(-10)}`,
      day: JSON.parse(data) as TillDay,
    }),
  );
  const oldest = new Date(Date.parse(businessDate) - DAYS_KEPT * 86_400_000).toISOString().slice(0, 10);
  // The newest of its own says what HQ has counted, however long ago that was.
  const ownNewest = days.findLast((each) => each.mine)?.id;
  const drop = db.prepare('delete from till_day where till_day_id = ?');
  for (const { id, date } of days) if (date < oldest && id !== ownNewest) drop.run(id);
  return days;
}

/**
 * Through which of its entries HQ's figures of members are here: they are told together with the day. An entry that HQ has
 * acknowledged is counted a moment later only, and in between it must not be missing from the page.
 */
function countedSeq(till: Till, days: readonly ToldDay[]): number {
  const through = days.reduce(
    (most, { mine, day }) => (mine ? Math.max(most, day.throughSeq ?? 0) : most),
    0,
  );
  // Of a journal that was replaced, a higher number may be told.
  return Math.min(till.link?.ackedSeq ?? 0, through);
}

/** The store's, newest first; this till's own from its journal, so that none waits for HQ. */
function zReports(till: Till, db: Sqlite): StoreZ[] {
  const { tillCode } = till.identity;
  const own = till.drawer.zReports(Z_SHOWN).map(
    (report): StoreZ => ({
      tillCode,
      zNo: report.zNo,
      businessDate: report.businessDate,
      closedAtMs: report.atMs,
      totalMinor: report.totals.totalMinor,
      differenceMinor: (report.countedCashMinor ?? 0) - expectedCash(report.totals),
    }),
  );
  const told = (db.prepare('select data from z').all() as { data: string }[])
    .map(({ data }) => JSON.parse(data) as StoreZ)
    .filter((z) => z.tillCode !== tillCode);
  return [...own, ...told].sort((a, b) => b.closedAtMs - a.closedAtMs).slice(0, Z_SHOWN);
}
