/**
 * The store manager's page: who this store's members are and how its day goes, from what a till holds.
 *
 * Pure. Members' purchases come from HQ and are brought up to date by this till's own sales that HQ has not counted; days of
 * the other tills come from HQ, this till's own from its journal. Money is net of refunds, minor units.
 */
import {
  FREQUENCY_BANDS,
  type FrequencyBand,
  isAtRisk,
  type PurchaseStats,
  RECENCY_STATES,
  type RecencyState,
  type RfmThresholds,
  rfmCell,
  shopCycleOf,
  topShare,
} from './rfm.ts';
import type { Sale } from './sale.ts';

/** The store manager's page: each part says how old what it rests on is. */
export interface StorePage {
  /** This till's own sales are in up to now; those of other tills up to then. */
  readonly asOfMs: number;
  readonly othersAsOfMs: number | null;
  readonly grid: {
    readonly rows: readonly RecencyState[];
    readonly columns: readonly FrequencyBand[];
    /** `counts[row][column]`: members of this store. */
    readonly counts: readonly (readonly number[])[];
    readonly netMinor: readonly (readonly number[])[];
  };
  readonly buyers: number;
  /** Part of the money that the best 15 % of buyers brought, basis points; null: no buyers. */
  readonly topShareBp: number | null;
  readonly topMembers: readonly StoreMember[];
  readonly atRisk: readonly StoreMember[];
  readonly birthdays: readonly (StoreMember & { readonly birthday: string })[];
  readonly today: StoreToday;
  readonly zReports: readonly StoreZ[];
}

export interface StoreMember {
  readonly memberId: string;
  readonly name: string;
  readonly tierName: string;
  readonly visits: number;
  readonly netMinor: number;
  readonly lastDate: string;
}

export interface StoreToday {
  readonly businessDate: string;
  readonly netMinor: number;
  readonly tickets: number;
  readonly pieces: number;
  readonly newMinor: number;
  readonly returningMinor: number;
  readonly noMemberMinor: number;
  readonly refundMinor: number;
  readonly hours: readonly HourFigures[];
  readonly cashiers: readonly (CashierFigures & { readonly name: string })[];
}

export interface HourFigures {
  readonly hour: number;
  readonly tickets: number;
  readonly netMinor: number;
}

export interface CashierFigures {
  readonly id: string;
  readonly tickets: number;
  readonly pieces: number;
  readonly netMinor: number;
  readonly refunds: number;
  readonly discountMinor: number;
}

export interface StoreZ {
  readonly tillCode: string;
  readonly zNo: number;
  readonly businessDate: string;
  readonly closedAtMs: number;
  readonly totalMinor: number;
  readonly differenceMinor: number;
}

/** One till's business day, as HQ tells the others of it and as a till folds its own. */
export interface TillDay {
  readonly tickets: number;
  readonly pieces: number;
  readonly netMinor: number;
  readonly refundMinor: number;
  readonly newMinor: number;
  readonly returningMinor: number;
  readonly noMemberMinor: number;
  readonly hours: readonly HourFigures[];
  readonly cashiers: readonly CashierFigures[];
}

/** A buyer of this store with what the page says of them. */
export interface Buyer {
  readonly memberId: string;
  readonly name: string;
  readonly tierName: string;
  /** `MM-DD` or `YYYY-MM-DD`. */
  readonly birthday: string | null;
  readonly stats: PurchaseStats;
}

/** A sale of this till with what its entry says. */
export interface DaySale {
  readonly sale: Sale;
  readonly hour: number;
  readonly cashierId: string;
  readonly businessDate: string;
}

const TOP_BP = 1_500;
const LISTED = 20;
/** Today and the six days after it. */
const BIRTHDAY_DAYS = 7;

/** Purchases with sales added that HQ has not counted; another date is another visit. */
export function withSales(stats: PurchaseStats, sales: readonly DaySale[]): PurchaseStats {
  let { visits, firstOn, lastOn, netMinor } = stats;
  for (const { sale, businessDate } of sales) {
    netMinor += sale.totalMinor;
    if (sale.kind === 'refund') continue;
    // Own sales are newer than what HQ counted, so only the last date can be the same visit.
    if (lastOn === null || businessDate > lastOn) visits++;
    firstOn = firstOn === null || businessDate < firstOn ? businessDate : firstOn;
    lastOn = lastOn === null || businessDate > lastOn ? businessDate : lastOn;
  }
  return { visits, firstOn, lastOn, netMinor };
}

/** @param firstOn date of the member's first visit, this day's sales included; null: unknown */
export function foldDay(sales: readonly DaySale[], firstOn: (memberId: string) => string | null): TillDay {
  const hours = new Map<number, HourFigures>();
  const cashiers = new Map<string, CashierFigures>();
  const day = { tickets: 0, pieces: 0, netMinor: 0, refundMinor: 0 };
  const by = { newMinor: 0, returningMinor: 0, noMemberMinor: 0 };
  for (const { sale, hour, cashierId, businessDate } of sales) {
    const { memberId, totalMinor } = sale;
    const refund = sale.kind === 'refund';
    const pieces = sale.lines.reduce((sum, { qty }) => sum + qty, 0);
    const ticket = refund ? 0 : 1;
    day.tickets += ticket;
    day.pieces += pieces;
    day.netMinor += totalMinor;
    if (refund) day.refundMinor -= totalMinor;
    const group =
      memberId === null
        ? 'noMemberMinor'
        : firstOn(memberId) === businessDate
          ? 'newMinor'
          : 'returningMinor';
    by[group] += totalMinor;
    const now = hours.get(hour) ?? { hour, tickets: 0, netMinor: 0 };
    hours.set(hour, { hour, tickets: now.tickets + ticket, netMinor: now.netMinor + totalMinor });
    cashiers.set(cashierId, addCashier(cashiers.get(cashierId), cashierId, { sale, pieces, refund }));
  }
  return { ...day, ...by, hours: byHour(hours.values()), cashiers: [...cashiers.values()] };
}

function addCashier(
  before: CashierFigures | undefined,
  id: string,
  { sale, pieces, refund }: { readonly sale: Sale; readonly pieces: number; readonly refund: boolean },
): CashierFigures {
  const { tickets, netMinor, refunds, discountMinor } = before ?? {
    tickets: 0,
    netMinor: 0,
    refunds: 0,
    discountMinor: 0,
  };
  return {
    id,
    tickets: tickets + (refund ? 0 : 1),
    pieces: (before?.pieces ?? 0) + pieces,
    netMinor: netMinor + sale.totalMinor,
    refunds: refunds + (refund ? 1 : 0),
    discountMinor: discountMinor - (refund ? 0 : sale.adjustmentMinor),
  };
}

export interface PageFacts {
  readonly asOfMs: number;
  readonly othersAsOfMs: number | null;
  readonly businessDate: string;
  readonly buyers: readonly Buyer[];
  readonly thresholds: RfmThresholds;
  /** One a till that sold today. */
  readonly days: readonly TillDay[];
  readonly cashierName: (id: string) => string;
  /** Newest first. */
  readonly zReports: readonly StoreZ[];
}

export function storePage(facts: PageFacts): StorePage {
  const { businessDate, thresholds, zReports, asOfMs, othersAsOfMs } = facts;
  const buyers = facts.buyers.filter(({ stats }) => stats.visits > 0);
  const shopCycle = shopCycleOf(buyers.map(({ stats }) => stats));
  const byMoney = buyers.toSorted(
    (a, b) => b.stats.netMinor - a.stats.netMinor || (a.memberId < b.memberId ? -1 : 1),
  );
  return {
    asOfMs,
    othersAsOfMs,
    grid: gridOf(buyers, thresholds, businessDate),
    buyers: buyers.length,
    topShareBp: topShare(
      buyers.map(({ stats }) => stats.netMinor),
      TOP_BP,
    ).shareBp,
    topMembers: byMoney.slice(0, LISTED).map(listed),
    // Whom it costs most to lose comes first.
    atRisk: byMoney
      .filter(({ stats }) => isAtRisk(stats, thresholds, businessDate, shopCycle))
      .slice(0, LISTED)
      .map(listed),
    birthdays: birthdaysOf(buyers, businessDate),
    today: { businessDate, ...today(facts) },
    zReports,
  };
}

function gridOf(
  buyers: readonly Buyer[],
  thresholds: RfmThresholds,
  businessDate: string,
): StorePage['grid'] {
  const shopCycle = shopCycleOf(buyers.map(({ stats }) => stats));
  const cells = Map.groupBy(buyers, ({ stats }) => {
    const cell = rfmCell(stats, thresholds, businessDate, shopCycle)!;
    return `${cell.recency} ${cell.frequency}`;
  });
  const table = (measure: (members: readonly Buyer[]) => number) =>
    RECENCY_STATES.map((row) =>
      FREQUENCY_BANDS.map((column) => measure(cells.get(`${row} ${column}`) ?? [])),
    );
  return {
    rows: RECENCY_STATES,
    columns: FREQUENCY_BANDS,
    counts: table((members) => members.length),
    netMinor: table((members) => members.reduce((sum, { stats }) => sum + stats.netMinor, 0)),
  };
}

function listed({ memberId, name, tierName, stats }: Buyer): StoreMember {
  return {
    memberId,
    name,
    tierName,
    visits: stats.visits,
    netMinor: stats.netMinor,
    lastDate: stats.lastOn!,
  };
}

/** In the order in which they come; born on 29 February: 28 February in other years. */
function birthdaysOf(buyers: readonly Buyer[], businessDate: string): StorePage['birthdays'] {
  const days = Array.from({ length: BIRTHDAY_DAYS }, (_, ahead) => {
    const date = new Date(Date.parse(businessDate) + ahead * 86_400_000);
    return date.toISOString().slice(5, 10);
  });
  const leap = days.includes('02-29');
  return buyers
    .flatMap((buyer) => {
      if (buyer.birthday === null) return [];
      const born = buyer.birthday.slice(-5);
      const day = days.indexOf(born === '02-29' && !leap ? '02-28' : born);
      return day === -1 ? [] : [{ day, member: { ...listed(buyer), birthday: born } }];
    })
    .sort((a, b) => a.day - b.day || b.member.netMinor - a.member.netMinor)
    .slice(0, LISTED)
    .map(({ member }) => member);
}

function today({ days, cashierName }: PageFacts): Omit<StoreToday, 'businessDate'> {
  const sum = (of: (day: TillDay) => number) => days.reduce((total, day) => total + of(day), 0);
  const hours = new Map<number, HourFigures>();
  for (const { hour, tickets, netMinor } of days.flatMap((day) => day.hours)) {
    const now = hours.get(hour) ?? { hour, tickets: 0, netMinor: 0 };
    hours.set(hour, { hour, tickets: now.tickets + tickets, netMinor: now.netMinor + netMinor });
  }
  const cashiers = Map.groupBy(
    days.flatMap((day) => day.cashiers),
    ({ id }) => id,
  );
  return {
    netMinor: sum((day) => day.netMinor),
    tickets: sum((day) => day.tickets),
    pieces: sum((day) => day.pieces),
    newMinor: sum((day) => day.newMinor),
    returningMinor: sum((day) => day.returningMinor),
    noMemberMinor: sum((day) => day.noMemberMinor),
    refundMinor: sum((day) => day.refundMinor),
    hours: byHour(hours.values()),
    cashiers: [...cashiers]
      .map(([id, rows]) => {
        const add = (of: (row: CashierFigures) => number) => rows.reduce((total, row) => total + of(row), 0);
        return {
          id,
          name: cashierName(id),
          tickets: add((row) => row.tickets),
          pieces: add((row) => row.pieces),
          netMinor: add((row) => row.netMinor),
          refunds: add((row) => row.refunds),
          discountMinor: add((row) => row.discountMinor),
        };
      })
      .sort((a, b) => b.netMinor - a.netMinor || (a.id < b.id ? -1 : 1)),
  };
}

function byHour(hours: Iterable<HourFigures>): HourFigures[] {
  return [...hours].sort((a, b) => a.hour - b.hour);
}
