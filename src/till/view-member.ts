/**
 * The member card: who stands at the counter, as far as this till knows, and how old each part of that is.
 *
 * What HQ has summed up comes by the feed; this till's own sales that HQ had not counted then are added at once.
 */
import { type Locale, nameIn } from '../core/item.ts';
import { rightKey } from '../core/lease.ts';
import type { Member } from '../core/loyalty.ts';
import { sumMinor } from '../core/money.ts';
import { isBirthday } from '../core/promotion-audience.ts';
import type { LastPurchase, MemberHit, MemberView, PointsView } from './api.ts';
import type { MemberPoints, MemberStats } from './catalog.ts';
import type { MemberSale } from './projection.ts';
import type { Till } from './till.ts';

const PURCHASES_MAX = 5;
const SOON_DAYS = 7;

export function memberHit(till: Till, member: Member, locale: Locale): MemberHit {
  const tier = till.catalog.tier(member.tierId);
  return {
    id: member.id,
    name: member.name,
    cardNo: member.cardNo,
    phoneTail: member.phone?.slice(-4) ?? null,
    tierName: tier === null ? member.tierId : nameIn(tier, locale),
  };
}

export function memberView(till: Till, member: Member, locale: Locale): MemberView {
  const { catalog, session } = till;
  const today = session.businessDate(catalog.store?.timeZone ?? 'UTC');
  const stats = catalog.memberStats(member.id);
  const own = till.projections.salesOf(catalog.idsOf(member.id));
  const purchases = purchasesOf(till, stats, own);
  const usableMinor = till.rights.usable(rightKey.storedValue(member.id));
  return {
    ...memberHit(till, member, locale),
    tierDiscountBp: catalog.tier(member.tierId)?.discountBp ?? 0,
    birthday: member.birthday ?? null,
    birthdayNear: birthdayNear(member.birthday, today),
    tags: member.tags ?? [],
    provisional: member.provisional === true,
    points: pointsOf(till, member.id, own),
    storedValue: usableMinor > 0 || catalog.memberPoints(member.id) !== null ? { usableMinor } : null,
    visits: purchases.visits,
    lastVisit: purchases.list[0]?.date ?? stats?.lastDate ?? null,
    lastPurchases: purchases.list,
    suggestions: [],
  };
}

function birthdayNear(birthday: string | undefined, today: string): MemberView['birthdayNear'] {
  if (isBirthday({ daysBefore: 0, daysAfter: 0 }, birthday, today)) return 'today';
  return isBirthday({ daysBefore: SOON_DAYS, daysAfter: 0 }, birthday, today) ? 'soon' : null;
}

/** Sales of this till that HQ had not counted at `throughMs`: made later, or not with HQ yet whenever they were made. */
function uncounted(till: Till, own: readonly MemberSale[], throughMs: number | null): MemberSale[] {
  const acked = till.state.number('acked_seq') ?? 0;
  return own.filter(({ atMs, seq }) => throughMs === null || atMs > throughMs || seq > acked);
}

function pointsOf(till: Till, memberId: string, own: readonly MemberSale[]): PointsView | null {
  const kept: MemberPoints | null = till.catalog.memberPoints(memberId);
  const usable = till.rights.usable(rightKey.points(memberId));
  const pending = sumMinor(uncounted(till, own, kept?.asOfMs ?? null).map(({ points }) => points));
  if (kept === null && usable === 0 && pending === 0) return null;
  return { confirmed: kept?.confirmed ?? null, confirmedAtMs: kept?.asOfMs ?? null, usable, pending };
}

function purchasesOf(
  till: Till,
  stats: MemberStats | null,
  own: readonly MemberSale[],
): { visits: number | null; list: LastPurchase[] } {
  const newer = uncounted(till, own, stats?.throughMs ?? null).filter(({ bought }) => bought);
  const mine = newer.slice(0, PURCHASES_MAX).map(({ seq }): LastPurchase => {
    const { sale, entry } = till.saleAt(seq)!;
    const items = sale.lines.filter(({ qty }) => qty > 0).map(({ name }) => name);
    return { date: entry.businessDate, totalMinor: sale.totalMinor, items };
  });
  const known = stats === null && newer.length === 0 ? null : (stats?.visits ?? 0) + newer.length;
  return { visits: known, list: [...mine, ...(stats?.lastPurchases ?? [])].slice(0, PURCHASES_MAX) };
}
