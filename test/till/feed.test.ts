/** The feed at the till: rows and cursor move together; what this version does not know is left out, never a reason to stop. */
import { expect, test } from 'vitest';
import { demoRows, withShop, world } from './shop.ts';

const cola = {
  sku: 'COLA',
  name: '可乐',
  gtins: ['06901234567892'],
  unit: 'each',
  priceMinor: 300,
  taxCode: 'food',
};
const row = (data: object | null, key = 'COLA', kind = 'item') => ({ kind, key, data });

test('rows, cursor, rules version and age are written by one page; nothing is known before it', () =>
  withShop(({ feed, state, catalog }) => {
    expect([feed.cursor, state.number('data_as_of_ms')]).toEqual([0, null]);
    const result = feed.apply({ rows: demoRows(), nextCursor: 77 }, 5_000);
    expect(result).toMatchObject({ applied: demoRows().length, skipped: 0, settingsChanged: true });
    expect([feed.cursor, state.number('data_as_of_ms'), state.text('rules_version')]).toEqual([
      77,
      5_000,
      'feed-77',
    ]);
    expect(catalog.counts()).toEqual({ items: world.items.length, members: 20 });
  }, false));

test('a page with more to come moves the cursor, not the age', () =>
  withShop(({ feed, state }) => {
    feed.apply({ rows: [row(cola)], nextCursor: 101 }, null);
    expect([feed.cursor, state.number('data_as_of_ms')]).toEqual([101, 1_000]);
  }));

test('an empty page moves the age and keeps the rules version', () =>
  withShop(({ feed, state }) => {
    feed.apply({ rows: [], nextCursor: 100 }, 9_000);
    expect([state.text('rules_version'), state.number('data_as_of_ms')]).toEqual(['feed-100', 9_000]);
  }));

test('a page whose third row the disk refuses leaves neither its first row nor its cursor', () =>
  withShop(({ feed, catalog, db }) => {
    db.exec(
      "create trigger full before insert on item when new.sku = 'C' begin select raise(abort, 'disk'); end",
    );
    const rows = ['A', 'B', 'C', 'D'].map((sku) => row({ ...cola, sku, gtins: [] }, sku));
    expect(() => feed.apply({ rows, nextCursor: 200 }, 2_000)).toThrow('disk');
    expect([catalog.itemBySku('A'), feed.cursor]).toEqual([null, 100]);
    db.exec('drop trigger full');
    feed.apply({ rows, nextCursor: 200 }, 2_000);
    expect([catalog.itemBySku('D')?.sku, feed.cursor]).toEqual(['D', 200]);
  }));

test('unknown kinds and 6 wrong shapes are counted and left out; the right row between them is applied', () =>
  withShop(({ feed, catalog }) => {
    const rows = [
      row({ anything: 1 }, 'K1', 'coupon'),
      row({ ...cola, priceMinor: 3.5 }),
      row({ ...cola, unit: 'litre' }),
      row({ ...cola, gtins: 'none' }),
      row(cola),
      row({ id: 'm1', cardNo: 7 }, 'm1', 'member'),
      row({ id: 'gold' }, 'gold', 'tier'),
      row({ id: 'S01' }, 'S01', 'store'),
    ];
    expect(feed.apply({ rows, nextCursor: 108 }, 1_500)).toMatchObject({ applied: 1, skipped: 7 });
    expect(catalog.itemBySku('COLA')?.priceMinor).toBe(300);
    catalog.reload();
    expect([catalog.store?.id, catalog.tier('gold')?.discountBp]).toEqual(['S01', 500]);
  }));

test('a field that this version does not know is kept as it came', () =>
  withShop(({ feed, catalog }) => {
    feed.apply({ rows: [row({ ...cola, allergens: ['none'] })], nextCursor: 101 }, null);
    expect(catalog.itemBySku('COLA')).toMatchObject({ allergens: ['none'] });
  }));

test('the same page twice is the same shop', () =>
  withShop(({ feed, db }) => {
    const all = () =>
      ['item', 'item_code', 'member', 'tier', 'store'].map((table) =>
        db.prepare(`select * from ${table}`).all(),
      );
    const before = all();
    feed.apply({ rows: demoRows(), nextCursor: 100 }, 1_000);
    expect(all()).toEqual(before);
  }));

test('tombstones take away an item with its codes, a member, a tier and a store; for unknown keys they do nothing', () =>
  withShop(({ feed, catalog }) => {
    const item = world.items[0]!;
    const member = world.members[0]!;
    const rows = [
      row(null, item.sku),
      row(null, member.id, 'member'),
      row(null, 'gold', 'tier'),
      row(null, 'S01', 'store'),
      row(null, 'never-was'),
    ];
    expect(feed.apply({ rows, nextCursor: 110 }, null)).toMatchObject({ applied: 5, skipped: 0 });
    catalog.reload();
    expect([
      catalog.itemBySku(item.sku),
      catalog.itemByGtin(item.gtins[0]!),
      catalog.memberById(member.id),
      catalog.tier('gold'),
      catalog.store,
    ]).toEqual([null, null, null, null, null]);
  }));

test('of two members who are one the survivor is found by both cards, also before its own row came', () =>
  withShop(({ feed, catalog }) => {
    const [one, other] = [world.members[0]!, world.members[1]!];
    const merged = { ...one, moreCards: [other.cardNo] };
    const rows = [row({ memberId: one.id }, other.id, 'member_alias'), row(merged, one.id, 'member')];
    feed.apply({ rows, nextCursor: 110 }, null);
    expect(catalog.memberByCard(other.cardNo.toLowerCase())?.id).toBe(one.id);
    expect([catalog.memberByCard(one.cardNo)?.id, catalog.memberById(other.id)?.id]).toEqual([
      one.id,
      one.id,
    ]);
    // Taken back: each card leads to its own again.
    const apart = [
      row(null, other.id, 'member_alias'),
      row(other, other.id, 'member'),
      row(one, one.id, 'member'),
    ];
    feed.apply({ rows: apart, nextCursor: 120 }, null);
    expect([catalog.memberByCard(one.cardNo)?.id, catalog.memberByCard(other.cardNo)?.id]).toEqual([
      one.id,
      other.id,
    ]);
  }));

test('a changed item loses the codes it no longer has; a code that moves belongs to the newer item', () =>
  withShop(({ feed, catalog }) => {
    feed.apply(
      { rows: [row({ ...cola, gtins: ['06901234567892', '06901234567908'] })], nextCursor: 101 },
      null,
    );
    feed.apply({ rows: [row({ ...cola, gtins: ['06901234567908'] })], nextCursor: 102 }, null);
    expect([catalog.itemByGtin('06901234567892'), catalog.itemByGtin('06901234567908')?.sku]).toEqual([
      null,
      'COLA',
    ]);
    feed.apply(
      { rows: [row({ ...cola, sku: 'ZERO', gtins: ['06901234567908'] }, 'ZERO')], nextCursor: 103 },
      null,
    );
    expect(catalog.itemByGtin('06901234567908')?.sku).toBe('ZERO');
  }));

test('a points programme is taken as it is; one that cannot be read leaves the one that is here, null takes it away', () =>
  withShop(({ feed, catalog }) => {
    const programme = {
      version: 'p-1',
      earn: {
        perMinor: 100,
        multipliers: [{ id: 'm', timesBp: 20_000, items: { all: true } }],
        timesMaxBp: 50_000,
      },
      spend: { points: 100, worthMinor: 100, stepPoints: 1, capBp: 10_000 },
    };
    const take = (data: object | null) => {
      const result = feed.apply({ rows: [row(data, 'current', 'programme')], nextCursor: 101 }, null);
      catalog.reload();
      return result;
    };
    expect(take(programme)).toMatchObject({ applied: 1, skipped: 0, settingsChanged: true });
    expect(catalog.programme).toEqual(programme);
    for (const bad of [
      { ...programme, spend: { ...programme.spend, worthMinor: 0 } },
      { ...programme, earn: { ...programme.earn, perMinor: 0 } },
      {
        ...programme,
        earn: { ...programme.earn, multipliers: [{ id: 'm', timesBp: 1, items: { skus: 'A' } }] },
      },
      { version: 'p-2' },
    ]) {
      expect(take(bad)).toMatchObject({ applied: 0, skipped: 1 });
      expect(catalog.programme?.version).toBe('p-1');
    }
    take(null);
    expect(catalog.programme).toBeNull();
  }));
