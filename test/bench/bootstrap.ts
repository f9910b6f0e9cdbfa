/**
 * Bench `bootstrap`: a new till of a chain with 200,000 items and 1,000,000 members until it can sell: by a snapshot, and by
 * the same rows as pages of the feed (JSON, zstd) with prepared inserts. The snapshot comes over loopback to a process of its own, the pages
 * lie in memory; both into an encrypted file.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { feedAfter, publish } from '../../cloud/feed/feed.ts';
import { memberCardNo } from '../../src/core/barcode.ts';
import { uuidV7 } from '../../src/core/id.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { Down } from '../../src/protocol/down.ts';
import { DeviceKey, type Identity } from '../../src/till/identity.ts';
import { SnapshotLoader } from '../../src/till/snapshot.ts';
import { seeded } from '../../src/tools/demo-world.ts';
import { openCloud, type TestCloud } from '../kit/cloud.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf } from './bench.ts';
import { aShop, type Order, type Taken } from './bootstrap-till.ts';

const TILL = fileURLToPath(new URL('./bootstrap-till.ts', import.meta.url));
const PAGE_ROWS = 2_000;
const FILL_ROWS = 20_000;
/** Members joined one after the other over some years. */
const FIRST_JOINED_MS = Date.UTC(2020, 0, 1);
const JOIN_STEP_MS = 180_000;

export async function bootstrap({ small }: BenchOptions): Promise<BenchResult> {
  const size = small
    ? { items: 1_000, members: 5_000 }
    : process.env.BENCH_MID
      ? { items: 20_000, members: 100_000 }
      : { items: 200_000, members: 1_000_000 };
  const cloud = await openCloud(embeddedBinaries() === null ? 'pglite' : 'pg', { snapshot: { rowsMin: 1 } });
  try {
    await fillFeed(cloud, size);
    const pages = await pagesOf(cloud);
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = new DeviceKey(privateKey);
    await cloud.db.query(
      "insert into till (till_id, store_id, code, public_key) values ('bench', 'S01', 'B01', $1)",
      [key.publicKey()],
    );
    const taken = await bySnapshot(cloud, key, privateKey);
    const fed = byPages(pages.frames);
    for (const { items, members } of [taken, fed])
      if (items < size.items || members < size.members)
        throw new Error(`a till has ${items} items, ${members} members`);
    const line = { bench: 'bootstrap', otherName: 'JSON pages', better: 'lower' } as const;
    return {
      input: `${size.items} items, ${size.members} members, ${pages.rows} rows in all`,
      checksum: checksumOf([taken.checksum, fed.checksum]),
      cases: [
        aCase({ ...line, case: 'to a selling till', ours: taken.seconds, other: fed.seconds, unit: 's' }),
        aCase({
          ...line,
          case: 'on the line',
          ours: taken.bytes / 1e6,
          other: pages.bytes / 1e6,
          unit: 'MB',
        }),
        aCase({
          ...line,
          case: 'with typed search',
          ours: taken.allSeconds,
          other: fed.seconds,
          unit: 's',
        }),
      ],
      notes: [
        `the snapshot is made once for all tills: ${taken.madeWords}`,
        `shop.db: ${(taken.fileBytes / 1e6).toFixed(0)} MB by snapshot, ${(fed.fileBytes / 1e6).toFixed(0)} MB by pages`,
        'search by typing (by any part of a name) gets its indexes while the till sells; by pages they are filled with the rows',
      ],
    };
  } finally {
    await cloud.close();
  }
}

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗';
const GIVEN = '伟静丽敏强军杰娟艳涛明超秀霞平刚桂英华玉';
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

/** Rows as HQ publishes them: those of members sealed under keys of their own. */
async function fillFeed({ db }: TestCloud, { items, members }: { items: number; members: number }) {
  const next = seeded(7);
  const pick = (from: ArrayLike<string>) => from[Math.floor(next() * from.length)]!;
  const put = async (kind: string, count: number, make: (index: number) => { key: string; data: object }) => {
    for (let from = 0; from < count; from += FILL_ROWS) {
      const rows = Array.from({ length: Math.min(FILL_ROWS, count - from) }, (_, index) =>
        make(from + index),
      );
      const changes = rows.map(({ key, data }) => ({ kind, key, data, storeId: null }));
      await db.transaction((tx) => publish(tx, changes));
    }
  };
  await put('item', items, (index) => {
    const sku = `K${String(index).padStart(7, '0')}`;
    const gtin = `0${690_000_000_000 + index}`.padStart(13, '0');
    const name = { 'zh-CN': `${pick(GOODS)} ${Math.floor(next() * 900) + 100}ml`, en: `Article ${index}` };
    const priceMinor = Math.floor(next() * 20_000) + 100;
    return {
      key: sku,
      data: {
        ...{ sku, name: name['zh-CN'], gtins: [gtin], unit: 'each', priceMinor, taxCode: 'standard' },
        ...{ initials: 'xnn', category: `c${index % 60}`, brand: `b${index % 500}`, active: true },
      },
    };
  });
  await put('member', members, (index) => {
    const id = uuidV7(
      FIRST_JOINED_MS + index * JOIN_STEP_MS,
      Uint8Array.from({ length: 10 }, () => Math.floor(next() * 256)),
    );
    return {
      key: id,
      data: {
        ...{ id, cardNo: memberCardNo(1_000_001 + index), name: pick(SURNAMES) + pick(GIVEN) + pick(GIVEN) },
        ...{ phone: `861${Math.floor(3e9 + next() * 6e9)}`, tierId: 'member', initials: 'wxm' },
        ...{ birthday: `${1 + Math.floor(next() * 12)}-${1 + Math.floor(next() * 28)}`, tags: [] },
      },
    };
  });
}

/** The feed as HQ sends it, made before the clock runs. */
async function pagesOf({ db }: TestCloud) {
  const frames: Uint8Array[] = [];
  let rows = 0;
  for (let cursor = 0, more = true; more; ) {
    const page = await feedAfter(db, { storeId: 'S01', cursor, rowsMax: PAGE_ROWS });
    frames.push(
      encodeFrame({ t: 'feed', rows: [...page.rows], nextCursor: page.nextCursor, more: page.more }),
    );
    rows += page.rows.length;
    ({ nextCursor: cursor, more } = page);
  }
  return { frames, rows, bytes: frames.reduce((sum, { length }) => sum + length, 0) };
}

/** At a till in a process of its own, as every till is: HQ sends while it copies. */
async function bySnapshot(
  cloud: TestCloud,
  key: DeviceKey,
  privateKey: KeyObject,
): Promise<Taken & { madeWords: string }> {
  const { cloudId, url: cloudUrl } = cloud;
  const identity = { tillId: 'bench', tillCode: 'B01', storeId: 'S01', cloudId, cloudUrl, journalId: 'j' };
  await made(cloud, identity, key);
  const order: Order = {
    identity,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [TILL, JSON.stringify(order)]);
  const madeWords = cloud.logs.find((text) => text.startsWith('snapshot:')) ?? '';
  return { ...(JSON.parse(stdout) as Taken), madeWords };
}

/** Asked for once, so that it is ready: a chain makes it for its first new till. */
async function made(cloud: TestCloud, identity: Identity, deviceKey: DeviceKey): Promise<void> {
  const { end, index: members, ...shop } = aShop();
  const log = (text: string) => console.error(text);
  const asking = new SnapshotLoader({ ...shop, identity, deviceKey, members, onFeed: () => {}, log });
  const loading = asking.load();
  while (!cloud.logs.some((text) => text.startsWith('snapshot:'))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await asking.stop();
  await loading;
  end();
}

function byPages(frames: readonly Uint8Array[]) {
  const { feed, end } = aShop();
  const start = performance.now();
  for (const bytes of frames) {
    const frame = decodeFrame(bytes, Down);
    if (!frame.ok || frame.value.t !== 'feed') throw new Error('the bench makes frames');
    feed.apply(frame.value, null);
  }
  return { seconds: (performance.now() - start) / 1_000, ...end() };
}
