/**
 * Sales of the demo shop made by core alone, for pushes that no till of ours would send.
 */
import { addLine, openBasket } from '../../src/core/basket.ts';
import { uuidV7 } from '../../src/core/id.ts';
import { nameIn } from '../../src/core/item.ts';
import { priceBasket } from '../../src/core/pricing.ts';
import { NO_PROMOTIONS } from '../../src/core/promotion-index.ts';
import { plainContext } from '../../src/core/promotion-run.ts';
import { closeSale, receiptNumber, type Sale } from '../../src/core/sale.ts';
import { localTime } from '../../src/core/shift.ts';
import { settleTenders } from '../../src/core/tender.ts';
import { demoWorld } from '../../src/tools/demo-world.ts';

const world = demoWorld();
const pieces = world.items.filter(({ unit, priceMinor }) => unit === 'each' && priceMinor !== null);

/** 2026-11-21 16:41 in Shanghai. */
export const SALE_AT_MS = Date.UTC(2026, 10, 21, 8, 41);

/** A UUIDv7 that is the same each time. */
export function anId(n: number, atMs = SALE_AT_MS): string {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, n);
  return uuidV7(atMs, random);
}

export interface SaleFacts {
  readonly id?: string;
  readonly receiptSeq: number;
  readonly tillCode?: string;
  readonly storeId?: string;
  readonly memberId?: string | null;
  /** Different goods on this many lines, one piece each. */
  readonly lines?: number;
}

/** A whole, balanced sale, paid in exact cash; goods follow from `receiptSeq`. */
export function aDemoSale(facts: SaleFacts): Sale {
  const { receiptSeq, tillCode = 'T01', storeId = 'S01', memberId = null, lines = 2 } = facts;
  const store = world.stores.find(({ id }) => id === storeId) ?? world.stores[0]!;
  let basket = { ...openBasket(facts.id ?? anId(receiptSeq), SALE_AT_MS), memberId };
  for (let index = 0; index < lines; index++) {
    const item = pieces[(receiptSeq * 7 + index) % pieces.length]!;
    const addition = { item, name: nameIn(item, store.locale), gtin: item.gtins[0] ?? null, qty: 1 };
    const added = addLine(basket, addition, { merge: false });
    if (!added.ok) throw new Error(`a demo sale takes its lines: ${added.error.kind}`);
    basket = added.value.basket;
  }
  const priced = priceBasket(
    basket,
    { version: 'feed-1', tax: store.tax, promotions: NO_PROMOTIONS },
    plainContext(store.id, localTime(SALE_AT_MS, store.timeZone), store.locale),
  );
  const { dueMinor } = settleTenders(priced.totalMinor, [], store.cash);
  return closeSale({ basket, priced, tenders: [{ kind: 'cash', amountMinor: dueMinor }] }, store.cash, {
    storeId: store.id,
    currency: store.currency.code,
    receiptSeq,
    receiptNo: receiptNumber(tillCode, receiptSeq),
  });
}
