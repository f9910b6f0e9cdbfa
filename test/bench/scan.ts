/**
 * `scan`: from the bytes of a scanner to a priced line, with the goods and members of a large chain in the till's own file.
 *
 * Bytes go through the frame reader, the look-up in encrypted SQLite, the basket and its pricing with a gold member; baskets
 * grow to twenty lines. The peer is the same basket with the look-up in a Map: what is left is the price of SQLite.
 */
import { addLine, openBasket } from '../../src/core/basket.ts';
import { uuidV7 } from '../../src/core/id.ts';
import type { Item } from '../../src/core/item.ts';
import { priceBasket } from '../../src/core/pricing.ts';
import { NO_PROMOTIONS } from '../../src/core/promotion-index.ts';
import { plainContext } from '../../src/core/promotion-run.ts';
import { localTime } from '../../src/core/shift.ts';
import { Scanner } from '../../src/devices/scanner.ts';
import { Catalog } from '../../src/till/catalog.ts';
import { seeded } from '../../src/tools/demo-world.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile, sorted } from './report.ts';
import { gtinOf, shopOf } from './shop-of.ts';

const LINES_A_BASKET = 20;
const P95_MS_GOAL = 5;

export async function scanBench({ small }: BenchOptions): Promise<BenchResult> {
  const size = small ? { items: 2_000, members: 2_000 } : { items: 200_000, members: 400_000 };
  const scans = small ? 400 : 20_000;
  const folder = aFolder();
  try {
    const db = shopOf(folder, size);
    const catalog = new Catalog(db);
    const map = new Map<string, Item>();
    for (let n = 0; n < size.items; n++) map.set(gtinOf(n), catalog.itemBySku(`SKU${n}`)!);
    const ours = scanAll(scans, size.items, catalog, (code) => {
      const found = catalog.find(code, catalog.store!);
      return found.kind === 'item' ? found.item : null;
    });
    const peer = scanAll(scans, size.items, catalog, (code) => map.get(code.padStart(14, '0')) ?? null);
    db.close();
    const facts = { bench: 'scan', unit: 'ms', better: 'lower' } as const;
    return {
      input: `${scans} scans of 13 digits, baskets of ${LINES_A_BASKET} lines, ${size.items} items, ${size.members} members`,
      checksum: checksumOf(ours.totalMinor, peer.totalMinor),
      cases: [
        aCase({
          ...facts,
          case: 'p95',
          ours: quantile(ours.ms, 0.95),
          other: P95_MS_GOAL,
          otherName: 'goal',
        }),
        aCase({
          ...facts,
          case: 'p50',
          ours: quantile(ours.ms, 0.5),
          other: quantile(peer.ms, 0.5),
          otherName: 'same with a Map',
        }),
        aCase({
          ...facts,
          case: 'p99',
          ours: quantile(ours.ms, 0.99),
          other: quantile(peer.ms, 0.99),
          otherName: 'same with a Map',
        }),
      ],
      notes: [],
    };
  } finally {
    removeFolder(folder);
  }
}

function scanAll(scans: number, items: number, catalog: Catalog, find: (code: string) => Item | null) {
  const next = seeded(4_600);
  const scanner = new Scanner();
  const tier = catalog.tier('gold')!;
  const store = catalog.store!;
  const rules = { version: 'bench', tax: store.tax, promotions: NO_PROMOTIONS };
  const at = localTime(0, store.timeZone);
  const context = { ...plainContext(store.id, at, store.locale), member: { tier } };
  const id = uuidV7(1, new Uint8Array(10));
  const ms: number[] = [];
  let basket = openBasket(id, 0);
  let totalMinor = 0;
  for (let n = 0; n < scans; n++) {
    const bytes = new TextEncoder().encode(`${gtinOf(Math.floor(next() * items)).slice(1)}\r`);
    if (basket.lines.length === LINES_A_BASKET) basket = openBasket(id, 0);
    const startedMs = performance.now();
    const [scan] = scanner.feed(bytes, startedMs);
    const item = find(scan!.text);
    if (item === null) throw new Error(`${scan!.text} is not in the shop`);
    const added = addLine(basket, { item, name: item.name, gtin: item.gtins[0]!, qty: 1 }, { merge: true });
    if (!added.ok) throw new Error(added.error.kind);
    basket = added.value.basket;
    totalMinor += priceBasket(basket, rules, context).totalMinor;
    ms.push(performance.now() - startedMs);
  }
  return { ms: sorted(ms), totalMinor };
}
