/**
 * What a visit of the demo buys, as a sale that the real kernel priced: the same rules, tiers, points and returns as at a till.
 *
 * Pure: everything is drawn from the visit's seed.
 */
import { addLine, addReturned, type Basket, openBasket } from '../core/basket.ts';
import { uuidV7 } from '../core/id.ts';
import { type Item, nameIn } from '../core/item.ts';
import type { Tier } from '../core/loyalty.ts';
import { earnPoints, type Programme } from '../core/points.ts';
import { type PricedBasket, priceBasket } from '../core/pricing.ts';
import type { CompiledRules } from '../core/promotion-index.ts';
import type { ManualDiscount, PriceContext } from '../core/promotion-run.ts';
import { pricedWith } from '../core/replay.ts';
import { NOTHING_CLAIMED, returnOf, soldReceipt } from '../core/returns.ts';
import { closeSale, receiptNumber, type Sale } from '../core/sale.ts';
import { localTime } from '../core/shift.ts';
import type { Store } from '../core/store.ts';
import { settleTenders, type Tender, type WalletKind } from '../core/tender.ts';
import type { Habit } from './demo-chain.ts';
import type { Visit } from './demo-plan.ts';
import { seeded } from './demo-world.ts';

/** What a till of the demo prices by. */
export interface DemoShop {
  readonly items: readonly Item[];
  readonly tiers: readonly Tier[];
  readonly rules: CompiledRules;
  readonly programme: Programme;
}

export interface DemoStamp {
  readonly store: Store;
  readonly tillCode: string;
  readonly receiptSeq: number;
  readonly atMs: number;
  /** Part of the baskets on which this cashier gives a discount by hand, in hundredths. */
  readonly discounts: number;
}

/** Index 0 = January: what sells with the season. */
const SEASONS: Readonly<Record<string, readonly number[]>> = {
  饮料: [0.6, 0.6, 0.8, 1, 1.3, 1.7, 2, 2, 1.4, 1, 0.7, 0.6],
  服饰: [1.5, 1.2, 0.8, 0.7, 0.7, 0.7, 0.6, 0.7, 1, 1.3, 1.7, 1.7],
  文具: [0.8, 1.5, 1, 0.8, 0.8, 0.9, 0.8, 2, 1.9, 0.9, 0.8, 0.8],
  护肤: [0.9, 0.9, 1, 1.1, 1.2, 1.4, 1.3, 1.1, 1, 1, 1.5, 1.1],
};
const WEIGHTS: Readonly<Record<string, number>> = {
  家居: 15,
  食品: 30,
  饮料: 18,
  护肤: 9,
  服饰: 6,
  文具: 9,
  生鲜: 13,
};

export function saleOfVisit(shop: DemoShop, visit: Visit, stamp: DemoStamp): Sale {
  const next = seeded(visit.seed);
  const { store, atMs } = stamp;
  const { habit } = visit;
  let basket: Basket = { ...openBasket(idOf(atMs, next), atMs - 40_000), memberId: habit?.member.id ?? null };
  const month = Number(localTime(atMs, store.timeZone).date.slice(5, 7));
  for (let more = true; more && basket.lines.length < 14; more = next() < continues(habit)) {
    basket = withArticle(basket, pickItem(shop.items, habit, month, next), store, next);
  }
  const context = contextOf(shop, habit, stamp, next);
  return closed(shop, basket, context, stamp, next);
}

/** One line of an earlier sale of the same till comes back whole. */
export function refundOfSale(shop: DemoShop, sold: Sale, stamp: DemoStamp, seed: number): Sale {
  const next = seeded(seed);
  const receipt = soldReceipt(sold);
  const line = receipt.lines[Math.floor(next() * receipt.lines.length)]!;
  const back = returnOf(receipt, line, NOTHING_CLAIMED, line.qty);
  const added = addReturned(
    { ...openBasket(idOf(stamp.atMs, next), stamp.atMs - 40_000), memberId: sold.memberId },
    {
      sku: line.sku,
      gtin: line.gtin,
      name: line.name,
      qty: -line.qty,
      weightG: line.weightG,
      unitPriceMinor: line.unitPriceMinor,
      priceSource: line.priceSource,
      taxCode: line.taxCode,
      back,
    },
  );
  if (!added.ok) throw new Error(`a demo return takes its line: ${added.error.kind}`);
  const context = contextOf(shop, null, stamp, () => 1);
  return closed(shop, added.value.basket, context, stamp, next);
}

function continues(habit: Habit | null): number {
  const mean = habit?.basket ?? 0.75;
  return mean / (1 + mean);
}

function pickItem(items: readonly Item[], habit: Habit | null, month: number, next: () => number): Item {
  const weightOf = ({ category = '' }: Item) =>
    (WEIGHTS[category] ?? 0) *
    (SEASONS[category]?.[month - 1] ?? 1) *
    (habit?.likes.includes(category) === true ? 3 : 1);
  const categories = [...new Set(items.map(({ category }) => category ?? ''))];
  const weights = categories.map((category) => weightOf({ category } as Item));
  const category = categories[drawn(weights, next)]!;
  const goods = items.filter((item) => item.category === category && item.priceMinor !== null);
  // The first of a shelf sells most.
  return goods[
    drawn(
      goods.map((_, index) => 1 / (index + 1.6)),
      next,
    )
  ]!;
}

function drawn(weights: readonly number[], next: () => number): number {
  let draw = next() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    draw -= weight;
    return draw < 0;
  });
  return index < 0 ? 0 : index;
}

function withArticle(basket: Basket, item: Item, store: Store, next: () => number): Basket {
  const several = item.category === '饮料' || item.sku === 'F2001' ? 0.42 : 0.14;
  const qty = next() < several ? (next() < 0.6 ? 2 : 3) : 1;
  const added = addLine(
    basket,
    {
      item,
      name: nameIn(item, store.locale),
      gtin: item.gtins[0] ?? null,
      qty: item.unit === 'kg' ? 1 : qty,
      ...(item.unit === 'kg' ? { weightG: 180 + Math.floor(next() * 1_900) } : {}),
    },
    { merge: item.unit !== 'kg' },
  );
  if (!added.ok) throw new Error(`a demo basket takes its goods: ${added.error.kind}`);
  return added.value.basket;
}

function contextOf(shop: DemoShop, habit: Habit | null, stamp: DemoStamp, next: () => number): PriceContext {
  const { store, atMs } = stamp;
  const at = localTime(atMs, store.timeZone);
  const autumn = at.date.slice(5) >= '09-15' && at.date.slice(5) <= '11-30';
  const manual: ManualDiscount[] =
    next() * 100 < stamp.discounts
      ? [{ lineNo: null, off: { rateBp: next() < 0.6 ? 500 : 1_000 }, limitBp: 2_000, approvalId: null }]
      : [];
  return {
    at,
    storeId: store.id,
    locale: store.locale,
    member: habit === null ? null : pricingMember(shop, habit),
    coupons: habit !== null && autumn && next() < 0.22 ? [{ code: 'CP-AUTUMN10' }] : [],
    usesLeft: {},
    manual,
  };
}

function pricingMember({ tiers }: DemoShop, { member }: Habit): PriceContext['member'] {
  const { birthday, tags = [], tierId } = member;
  return {
    tier: tiers.find(({ id }) => id === tierId) ?? null,
    tags,
    segments: [],
    ...(birthday === undefined ? {} : { birthday }),
  };
}

function closed(
  shop: DemoShop,
  basket: Basket,
  context: PriceContext,
  stamp: DemoStamp,
  next: () => number,
): Sale {
  const { store, tillCode, receiptSeq } = stamp;
  const version = `${shop.rules.set.version}/1`;
  const priced = priceBasket(basket, { version, tax: store.tax, promotions: shop.rules }, context);
  const tenders = [tenderFor(priced, store, next)];
  const earner = { tierId: context.member?.tier?.id ?? null, ...birthdayOf(context) };
  const points =
    basket.memberId === null
      ? null
      : earnPoints(shop.programme, earner, context.at, { lines: priced.lines, tenders }, priced.taxMode);
  return closeSale(
    {
      basket,
      priced,
      tenders,
      context: {
        priced: pricedWith(context, { promotions: shop.rules, taxRounding: store.tax.rounding }),
        points,
      },
    },
    store.cash,
    {
      storeId: store.id,
      currency: store.currency.code,
      receiptSeq,
      receiptNo: receiptNumber(tillCode, receiptSeq),
    },
  );
}

function birthdayOf({ member }: PriceContext): { readonly birthday?: string } {
  return member?.birthday === undefined ? {} : { birthday: member.birthday };
}

function tenderFor({ totalMinor }: PricedBasket, store: Store, next: () => number): Tender {
  const draw = next();
  const ref = () => String(Math.floor(next() * 1e12)).padStart(12, '0');
  if (draw < 0.66 && totalMinor !== 0) {
    const wallet: WalletKind = draw < 0.38 ? 'wechat' : draw < 0.63 ? 'alipay' : 'unionpay';
    return { kind: 'wallet', amountMinor: totalMinor, wallet: { wallet, ref: ref() } };
  }
  if (draw < 0.83 && totalMinor !== 0) {
    const last4 = String(Math.floor(next() * 10_000)).padStart(4, '0');
    const card = { token: ref(), approval: ref().slice(0, 6), brand: 'UnionPay', last4 };
    return { kind: 'card', amountMinor: totalMinor, card };
  }
  const { dueMinor } = settleTenders(totalMinor, [], store.cash);
  // Half of who pays cash gives a round note.
  const note = store.notesMinor.find((minor) => minor >= dueMinor);
  return { kind: 'cash', amountMinor: dueMinor > 0 && note !== undefined && next() < 0.5 ? note : dueMinor };
}

function idOf(atMs: number, next: () => number): string {
  return uuidV7(
    atMs,
    Uint8Array.from({ length: 10 }, () => Math.floor(next() * 256)),
  );
}
