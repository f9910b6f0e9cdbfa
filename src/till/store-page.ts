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
  const acked = till.link?.ackedSeq ?? 0;
  const own = ownSales(till, store, businessDate, acked);
  const buyers = buyersOf(till, db, own.unsent, locale);
  const firstOn = new Map(buyers.map(({ memberId, stats }) => [memberId, stats.firstOn]));
  const ownDay = foldDay(own.today, (memberId) => firstOn.get(realId(till, memberId)) ?? null);
  const others = otherDays(till, db, businessDate);
  return storePage({
    asOfMs: till.session.nowMs(),
    othersAsOfMs: till.state.number('data_as_of_ms'),
    businessDate,
    buyers,
    thresholds: DEFAULT_THRESHOLDS,
    days: [ownDay, ...others],
    cashierName: (id) => till.people.staff(id)?.name ?? id,
    zReports: zReports(till, db),
  });
}

interface Own {
  /** Of this business date. */
  readonly today: readonly DaySale[];
  /** Not acknowledged by HQ, so in none of its figures. */
  readonly unsent: readonly DaySale[];
}

/** Walks back from the head to where neither today nor the unsent begin. */
function ownSales(till: Till, store: Store, businessDate: string, acked: number): Own {
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
      if (entry.seq > acked) unsent.push(row);
    }
    through = from - 1;
    if (through <= acked && entries[0] !== undefined && entries[0].businessDate < businessDate) break;
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

function otherDays(till: Till, db: Sqlite, businessDate: string): TillDay[] {
  const mine = till.identity.tillId;
  const rows = db.prepare('select till_day_id as id, data from till_day').all() as {
    id: string;
    data: string;
  }[];
  dropOldDays(
    db,
    rows.map(({ id }) => id),
    businessDate,
  );
  return rows
    .filter(({ id }) => id.endsWith(`/${businessDate}`) && id !== `${mine}/${businessDate}`)
    .map(({ data }) => JSON.parse(data) as TillDay);
}

function dropOldDays(db: Sqlite, ids: readonly string[], businessDate: string): void {
  const oldest = new Date(Date.parse(businessDate) - DAYS_KEPT * 86_400_000).toISOString().slice(0, 10);
  const drop = db.prepare('delete from till_day where till_day_id = ?');
  for (const id of ids) if (id.slice(-10) < oldest) drop.run(id);
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
