/**
 * The till of bench `bootstrap`: an empty shop, and the snapshot taken into it. As a program (`node bootstrap-till.ts ORDER`) it prints what it took.
 */
import { createPrivateKey, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { openTillDb } from '../../src/till/db.ts';
import { FeedWriter } from '../../src/till/feed.ts';
import { DeviceKey, type Identity } from '../../src/till/identity.ts';
import { makeNext } from '../../src/till/later-indexes.ts';
import { MemberIndex } from '../../src/till/member-index.ts';
import { SnapshotLoader } from '../../src/till/snapshot.ts';
import { State } from '../../src/till/state.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';

export interface Order {
  readonly identity: Identity;
  /** PEM */
  readonly privateKey: string;
}

export interface Taken {
  /** Until it can sell. */
  readonly seconds: number;
  /** Until names are found by any part of them. */
  readonly allSeconds: number;
  /** On the line. */
  readonly bytes: number;
  readonly items: number;
  readonly members: number;
  readonly fileBytes: number;
  readonly checksum: string;
}

export function aShop() {
  const folder = aFolder();
  const key = new Uint8Array(randomBytes(32));
  const db = openTillDb(path.join(folder, 'shop.db'), 'shop', key);
  const state = new State(db);
  const index = new MemberIndex(db, state);
  const feed = new FeedWriter(db, state, index);
  const end = () => {
    const { items, members } = db
      .prepare('select (select count(*) from item) as items, (select count(*) from member) as members')
      .get() as { items: number; members: number };
    const last = index.byName('王', 1)[0]?.name ?? '';
    db.pragma('wal_checkpoint(TRUNCATE)');
    const fileBytes = statSync(path.join(folder, 'shop.db')).size;
    db.close();
    removeFolder(folder);
    return { checksum: `${items} ${members} ${last.slice(0, 1)}`, items, members, fileBytes };
  };
  return { db, key, state, index, feed, end };
}

async function take({ identity, privateKey }: Order): Promise<Taken> {
  const { end, index, ...shop } = aShop();
  let bytes = 0;
  const counting = (async (url: URL, init?: RequestInit) => {
    const response = await fetch(url, init);
    bytes += Number(response.headers.get('content-length') ?? 0);
    return response;
  }) as typeof fetch;
  const failed: string[] = [];
  const loader = new SnapshotLoader({
    ...{ ...shop, identity, deviceKey: new DeviceKey(createPrivateKey(privateKey)), members: index },
    ...{ fetch: counting, onFeed: () => {}, log: (text: string) => failed.push(text) },
  });
  const start = performance.now();
  await loader.load();
  const seconds = (performance.now() - start) / 1_000;
  if (shop.feed.cursor === 0) throw new Error(failed.join('; '));
  while (makeNext(shop.db, shop.state) || index.fillStep(5_000)) {
    // As the till does in quiet moments.
  }
  const allSeconds = (performance.now() - start) / 1_000;
  return { seconds, allSeconds, bytes, ...end() };
}

if (import.meta.main) console.log(JSON.stringify(await take(JSON.parse(process.argv[2]!) as Order)));
