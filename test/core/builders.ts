/**
 * Builders: small true things for tests, each with the usual values and whatever a test changes.
 *
 * `aStore()` sells in yuan, prices include tax, cash is exact. Everything repeats exactly: no clock, no chance.
 */
import { createHash } from 'node:crypto';
import { memberCardNo } from '../../src/core/barcode.ts';
import { type Addition, addLine, addReturned, type Basket, openBasket } from '../../src/core/basket.ts';
import {
  type ChainedEntry,
  canonicalJson,
  entryHash,
  genesisHash,
  type JournalEntry,
} from '../../src/core/entry.ts';
import { uuidV7 } from '../../src/core/id.ts';
import type { Item } from '../../src/core/item.ts';
import type { Member, Tier } from '../../src/core/loyalty.ts';
import type { Sha256 } from '../../src/core/ports.ts';
import { type PricedBasket, type PriceRules, priceBasket } from '../../src/core/pricing.ts';
import { NO_PROMOTIONS } from '../../src/core/promotion-index.ts';
import { type PriceContext, plainContext } from '../../src/core/promotion-run.ts';
import { type Claimed, NOTHING_CLAIMED, returnOf, soldReceipt } from '../../src/core/returns.ts';
import { closeSale, receiptNumber, type Sale, type SaleStamp } from '../../src/core/sale.ts';
import type { Store } from '../../src/core/store.ts';
import { settleTenders, type Tender } from '../../src/core/tender.ts';

/** Saturday 2026-11-21, 16:41 in Shanghai. */
export const AT_MS = Date.UTC(2026, 10, 21, 8, 41);

export const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** A UUIDv7 that is the same each time. @param n tells ids apart */
export function anId(n = 1, atMs = AT_MS): string {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, n);
  return uuidV7(atMs, random);
}

export function aStore(over: Partial<Store> = {}): Store {
  return {
    id: 'S01',
    name: '便民超市',
    names: { en: 'Corner Shop', 'zh-TW': '便民超市' },
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    currency: { code: 'CNY', digits: 2, symbol: '￥' },
    tax: {
      mode: 'inclusive',
      rounding: 'line',
      rates: [
        { code: 'standard', rateBp: 1300 },
        { code: 'food', rateBp: 900 },
        { code: 'zero', rateBp: 0 },
      ],
    },
    cash: { cashStepMinor: 1, cashRounding: 'nearest' },
    notesMinor: [1_000, 2_000, 5_000, 10_000],
    templates: [
      { pattern: '21IIIIIPPPPPC', decimals: 2 },
      { pattern: '22IIIIIWWWWWC', decimals: 3 },
    ],
    address: ['长沙市岳麓区麓山南路 108 号'],
    footer: ['谢谢惠顾，欢迎再来！'],
    mergeSameItem: true,
    ...over,
  };
}

/** A bottle of water at 2.00, 13 % tax. */
export function anItem(over: Partial<Item> = {}): Item {
  return {
    sku: 'WATER',
    name: '农夫山泉饮用天然水 550ml',
    gtins: ['06921168509256'],
    unit: 'each',
    priceMinor: 200,
    taxCode: 'standard',
    ...over,
  };
}

/** Bananas at 6.98 a kilogram, 9 % tax, PLU 10001. */
export function aWeighedItem(over: Partial<Item> = {}): Item {
  return anItem({
    sku: 'BANANA',
    name: '香蕉',
    gtins: [],
    plu: '10001',
    unit: 'kg',
    priceMinor: 698,
    taxCode: 'food',
    ...over,
  });
}

/** Gold, 5 % off. */
export function aTier(over: Partial<Tier> = {}): Tier {
  return { id: 'gold', name: '金卡', names: { en: 'Gold' }, rank: 2, discountBp: 500, ...over };
}

export function aMember(over: Partial<Member> = {}): Member {
  return {
    id: anId(7),
    cardNo: memberCardNo(1001),
    name: '王小明',
    phone: '13800138000',
    tierId: 'gold',
    ...over,
  };
}

/** One of `anItem()`, or what `over` says. */
export function anAddition(over: Partial<Addition> = {}): Addition {
  const item = over.item ?? anItem();
  return { item, name: item.name, gtin: item.gtins[0] ?? null, qty: 1, ...over };
}

/** A basket with one line an addition; without any, one bottle of water. */
export function aBasket(
  additions: readonly Partial<Addition>[] = [{}],
  over: { readonly id?: string; readonly merge?: boolean; readonly memberId?: string | null } = {},
): Basket {
  let basket = openBasket(over.id ?? anId(1), AT_MS);
  for (const addition of additions) {
    const added = addLine(basket, anAddition(addition), { merge: over.merge ?? false });
    if (!added.ok) throw new Error(`a builder adds lines that fit: ${added.error.kind}`);
    basket = added.value.basket;
  }
  return { ...basket, memberId: over.memberId ?? null };
}

export function rulesOf(store: Store): PriceRules {
  return { version: 'rules-1', tax: store.tax, promotions: NO_PROMOTIONS };
}

/** Saturday 2026-11-21, 16:41, at store S01, nobody in particular. */
export function aContext(over: Partial<PriceContext> = {}): PriceContext {
  const at = { date: '2026-11-21', minuteOfDay: 16 * 60 + 41, weekday: 6 };
  return { ...plainContext('S01', at, 'zh-CN'), ...over };
}

/** The basket priced for the store; with a tier, for a member of it. */
export function aPricedBasket(
  basket: Basket = aBasket(),
  store: Store = aStore(),
  tier: Tier | null = null,
): PricedBasket {
  return priceBasket(basket, rulesOf(store), aContext({ member: tier === null ? null : { tier } }));
}

/** @param receiptSeq the till's count; the receipt number follows from it */
export function aStamp(receiptSeq = 123, store: Store = aStore()): SaleStamp {
  return {
    storeId: store.id,
    currency: store.currency.code,
    receiptNo: receiptNumber('T01', receiptSeq),
    receiptSeq,
  };
}

/** A closed sale; paid with the exact cash unless `tenders` say otherwise. */
export function aSale(
  facts: {
    readonly basket?: Basket;
    readonly store?: Store;
    readonly tier?: Tier | null;
    readonly tenders?: readonly Tender[];
    readonly receiptSeq?: number;
  } = {},
): Sale {
  const { basket = aBasket(), store = aStore(), tier = null, receiptSeq = 123 } = facts;
  const priced = aPricedBasket(basket, store, tier);
  const { dueMinor } = settleTenders(priced.totalMinor, [], store.cash);
  const tenders = facts.tenders ?? (dueMinor === 0 ? [] : [{ kind: 'cash', amountMinor: dueMinor }]);
  return closeSale({ basket, priced, tenders }, store.cash, aStamp(receiptSeq, store));
}

/** A basket of goods coming back: all that is left of each line, or what `wanted` says. */
export function aReturn(
  sale: Sale,
  facts: {
    readonly id?: string;
    readonly wanted?: readonly { readonly lineNo: number; readonly qty: number }[];
    /** What came back before, by line. */
    readonly claimed?: ReadonlyMap<number, Claimed>;
    readonly onto?: Basket;
  } = {},
): Basket {
  const receipt = soldReceipt(sale);
  let basket = facts.onto ?? openBasket(facts.id ?? anId(99), AT_MS);
  for (const line of receipt.lines) {
    const claimed = facts.claimed?.get(line.lineNo) ?? NOTHING_CLAIMED;
    const left = line.qty - claimed.qty;
    const qty = facts.wanted === undefined ? left : facts.wanted.find((w) => w.lineNo === line.lineNo)?.qty;
    if (qty === undefined || qty === 0) continue;
    const { sku, gtin, name, weightG, unitPriceMinor, priceSource, taxCode } = line;
    const goods = { sku, gtin, name, qty: -qty, weightG, unitPriceMinor, priceSource, taxCode };
    const added = addReturned(basket, { ...goods, back: returnOf(receipt, line, claimed, qty) });
    if (!added.ok) throw new Error(added.error.kind);
    basket = added.value.basket;
  }
  return basket;
}

/** The refund of a whole sale, in cash. */
export function aRefund(sale: Sale, store: Store = aStore()): Sale {
  return aSale({ basket: aReturn(sale), store, receiptSeq: 124 });
}

export const A_JOURNAL = { tillId: anId(101), journalId: anId(102) };

/** A sale's journal entry; its bodies differ by `seq`. */
export function anEntry(seq: number, over: Partial<JournalEntry> = {}): JournalEntry {
  return {
    v: 1,
    ...A_JOURNAL,
    seq,
    kind: 'sale',
    atMs: AT_MS + seq,
    hlc: `${AT_MS + seq}.0`,
    businessDate: '2026-11-21',
    shiftId: 'T01/2026-11-21',
    cashierId: 'C1',
    body: aSale({ receiptSeq: seq, basket: aBasket([{ qty: seq }], { id: anId(seq) }) }),
    ...over,
  } as JournalEntry;
}

/** The right chain of `count` entries. */
export function aChain(count: number): ChainedEntry[] {
  return chainOf(Array.from({ length: count }, (_, i) => canonicalJson(anEntry(i + 1))));
}

/** Chains texts as a till would, whatever they say. */
export function chainOf(texts: readonly string[], journalId = A_JOURNAL.journalId): ChainedEntry[] {
  let hash = genesisHash(sha256, journalId);
  return texts.map((text, index) => {
    hash = entryHash(sha256, hash, text);
    return { seq: index + 1, text, hash };
  });
}
