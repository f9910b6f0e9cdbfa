/**
 * The member card: who stands at the counter, as far as this till knows.
 */
import { type Locale, nameIn } from '../core/item.ts';
import type { Member } from '../core/loyalty.ts';
import type { MemberView } from './api.ts';
import type { Till } from './till.ts';

export function memberView(till: Till, member: Member, locale: Locale): MemberView {
  const tier = till.catalog.tier(member.tierId);
  return {
    id: member.id,
    name: member.name,
    cardNo: member.cardNo,
    phoneTail: member.phone?.slice(-4) ?? null,
    tierName: tier === null ? member.tierId : nameIn(tier, locale),
    tierDiscountBp: tier?.discountBp ?? 0,
    birthday: member.birthday ?? null,
    birthdayNear: null,
    tags: member.tags ?? [],
    provisional: false,
    points: null,
    storedValue: null,
    visits: null,
    lastVisit: null,
    lastPurchases: [],
    suggestions: [],
  };
}
