/** A till's `shop.db` filled straight from the demo world, without a cloud. */
import path from 'node:path';
import { Catalog } from '../../src/till/catalog.ts';
import { openTillDb, type Sqlite } from '../../src/till/db.ts';
import { FeedWriter } from '../../src/till/feed.ts';
import { MemberIndex } from '../../src/till/member-index.ts';
import { State } from '../../src/till/state.ts';
import { demoWorld } from '../../src/tools/demo-world.ts';
import { withFolder } from '../kit/folder.ts';

export const world = demoWorld();

export interface Shop {
  readonly db: Sqlite;
  readonly state: State;
  readonly feed: FeedWriter;
  readonly catalog: Catalog;
}

/** Feed rows of the demo world, as the cloud would publish them. @param members how many of them */
export function demoRows(members = 20): { kind: string; key: string; data: object }[] {
  return [
    { kind: 'store', key: 'S01', data: world.stores[0]! },
    ...world.tiers.map((tier) => ({ kind: 'tier', key: tier.id, data: tier })),
    ...world.items.map((item) => ({ kind: 'item', key: item.sku, data: { ...item, initials: '' } })),
    ...world.members
      .slice(0, members)
      .map((member) => ({ kind: 'member', key: member.id, data: { ...member, initials: 'lxm' } })),
  ];
}

export async function withShop(work: (shop: Shop) => void | Promise<void>, filled = true): Promise<void> {
  await withFolder(async (folder) => {
    const db = openTillDb(path.join(folder, 'shop.db'), 'shop', new Uint8Array(32).fill(1));
    try {
      const state = new State(db);
      const members = new MemberIndex(db, state);
      const feed = new FeedWriter(db, state, members);
      if (filled) feed.apply({ rows: demoRows(), nextCursor: 100 }, 1_000);
      await work({ db, state, feed, catalog: new Catalog(db, members) });
    } finally {
      db.close();
    }
  });
}
