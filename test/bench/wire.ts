/**
 * Bench `wire`: bytes of a six-line sale on the line, and what reading it costs HQ. Goods are drawn from 2,000 articles, each
 * sale with a member and points.
 */
import { addLine, openBasket } from '../../src/core/basket.ts';
import { canonicalJson } from '../../src/core/entry.ts';
import { uuidV7 } from '../../src/core/id.ts';
import type { Item } from '../../src/core/item.ts';
import { priceBasket } from '../../src/core/pricing.ts';
import { NO_PROMOTIONS } from '../../src/core/promotion-index.ts';
import { plainContext } from '../../src/core/promotion-run.ts';
import { closeSale, receiptNumber } from '../../src/core/sale.ts';
import { localTime } from '../../src/core/shift.ts';
import { settleTenders } from '../../src/core/tender.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { foldPush } from '../../src/protocol/entries.ts';
import { Up } from '../../src/protocol/up.ts';
import { demoWorld, seeded } from '../../src/tools/demo-world.ts';
import { anId, SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf } from './bench.ts';

const BYTES_MAX = 160;
const GOODS = [
  '鲜牛奶',
  '全麦面包',
  '矿泉水',
  '洗发水',
  '无糖酸奶',
  '速冻水饺',
  '抽纸',
  '橄榄油',
  '咖啡豆',
  '洗衣液',
];

export async function wire({ small }: BenchOptions): Promise<BenchResult> {
  const sales = small ? 500 : 10_000;
  const texts = saleTexts(sales);
  const framesOf = (batch: number) =>
    Array.from({ length: Math.ceil(sales / batch) }, (_, index) =>
      pushOf(texts.slice(index * batch, (index + 1) * batch)),
    );
  const bytesOf = (frames: readonly Uint8Array[]) =>
    frames.reduce((sum, { length }) => sum + length, 0) / sales;
  const bulk = framesOf(250);
  const limit = {
    bench: 'wire',
    other: BYTES_MAX,
    otherName: 'limit',
    unit: 'bytes/sale',
    better: 'lower',
  } as const;
  const plain = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / sales;
  const write = microsecondsOf(() => framesOf(250), sales);
  const read = microsecondsOf(() => bulk.map((frame) => decodeFrame(frame, Up)), sales);
  const parse = microsecondsOf(() => texts.map((text) => JSON.parse(text)), sales);
  return {
    input: `${sales} sales of 6 lines of 2,000 articles`,
    checksum: checksumOf(texts),
    cases: [
      aCase({ ...limit, case: 'pushes of 250, as after an outage', ours: bytesOf(bulk) }),
      aCase({ ...limit, case: 'pushes of 50', ours: bytesOf(framesOf(50)) }),
      aCase({
        ...limit,
        case: 'one by one',
        ours: bytesOf(framesOf(1)),
        other: plain,
        otherName: 'its text',
      }),
      aCase({
        ...limit,
        case: 'frame read at HQ, its entries with it',
        ours: read,
        other: parse,
        otherName: 'JSON.parse of the texts',
        unit: 'us/sale',
      }),
      aCase({
        ...limit,
        case: 'frame written at the till',
        ours: write,
        other: parse,
        otherName: 'JSON.parse of the texts',
        unit: 'us/sale',
      }),
    ],
    notes: [`a sale's text has ${plain.toFixed(0)} bytes`],
  };
}

function pushOf(entries: readonly string[]): Uint8Array {
  const sig = Buffer.alloc(64, 7).toString('base64');
  const push = { t: 'push', fromSeq: 1, entries, hash: 'ab'.repeat(32), sig, unsent: 0 };
  return encodeFrame(entries.length > 1 ? foldPush(push) : push);
}

function saleTexts(count: number): string[] {
  const store = demoWorld().stores[0]!;
  const next = seeded(11);
  const items = Array.from({ length: 2_000 }, (_, index): Item => {
    const text = `${GOODS[index % GOODS.length]} ${100 + Math.floor(next() * 900)}ml`;
    const gtin = `0${6_900_000_000_000 + index * 37}`;
    return {
      ...{ sku: `K${String(index).padStart(5, '0')}`, name: text, gtins: [gtin], unit: 'each' },
      ...{
        priceMinor: 100 + Math.floor(next() * 20_000),
        taxCode: 'standard',
        category: `c${index % 40}`,
        active: true,
      },
    } as unknown as Item;
  });
  return Array.from({ length: count }, (_, index) => {
    const seq = index + 1;
    const atMs = SALE_AT_MS + seq * 40_000;
    let basket = {
      ...openBasket(idOf(atMs - Math.floor(next() * 60_000), next), atMs),
      memberId: `m-${Math.floor(next() * 1e6)}`,
    };
    for (let line = 0; line < 6; line++) {
      const item = items[Math.floor(next() ** 2 * items.length)]!;
      const addition = {
        item,
        name: String(item.name),
        gtin: item.gtins[0] ?? null,
        qty: next() < 0.8 ? 1 : 2,
      };
      const added = addLine(basket, addition, { merge: false });
      if (added.ok) basket = { ...added.value.basket, memberId: basket.memberId };
    }
    const at = localTime(atMs, store.timeZone);
    const priced = priceBasket(
      basket,
      { version: 'none/feed-1', tax: store.tax, promotions: NO_PROMOTIONS },
      plainContext(store.id, at, store.locale),
    );
    const { dueMinor } = settleTenders(priced.totalMinor, [], store.cash);
    const byLine = priced.lines.map(({ netMinor }) => Math.floor(netMinor / 100));
    const sale = closeSale(
      { basket, priced, tenders: [{ kind: 'cash', amountMinor: dueMinor }] },
      store.cash,
      {
        ...{
          storeId: store.id,
          currency: store.currency.code,
          receiptSeq: seq,
          receiptNo: receiptNumber('T01', seq),
        },
      },
    );
    return canonicalJson({
      ...{ v: 1, tillId: anId(1), journalId: anId(2), seq, kind: 'sale', atMs, hlc: `${atMs}.0` },
      ...{ businessDate: at.date, shiftId: 'T01/1', cashierId: '01' },
      body: {
        ...sale,
        points: { programme: 'demo-1', earned: byLine.reduce((sum, points) => sum + points, 0), byLine },
        priced: {
          kernel: 2,
          at,
          locale: 'zh-CN',
          taxRounding: 'line',
          tier: null,
          tags: [],
          segments: [],
          coupons: [],
          usesLeft: {},
          manual: [],
        },
      },
    });
  });
}

/** A UUIDv7 as a till makes it: 74 bits of chance. */
function idOf(atMs: number, next: () => number): string {
  return uuidV7(
    atMs,
    Uint8Array.from({ length: 10 }, () => Math.floor(next() * 256)),
  );
}

/** The best of three: what the work takes when nobody is in the way. */
function microsecondsOf(work: () => unknown, count: number): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return (Math.min(...times) * 1_000) / count;
}
