/** The catalogue at the till: what a code turns out to be, and what a few letters find. */
import { describe, expect, test } from 'vitest';
import { memberCardNo } from '../../src/core/barcode.ts';
import { checkDigit, shortGtin } from '../../src/core/gtin.ts';
import type { Found } from '../../src/till/catalog.ts';
import { demoRows, type Shop, withShop, world } from './shop.ts';

const store = world.stores[0]!;
const towel = world.items.find(({ sku }) => sku === 'T1001')!;
const member = world.members[0]!;

function told(found: Found): unknown {
  if (found.kind === 'item') {
    const { item, priceMinor, weightG } = found;
    return [
      item.sku,
      ...(priceMinor === undefined ? [] : [priceMinor]),
      ...(weightG === undefined ? [] : [`${weightG} g`]),
    ];
  }
  return found.kind === 'member' ? found.member.id : found.meaning.kind;
}

const withCheck = (body: string) => body + checkDigit(body);

describe('find', () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ['a GTIN-13 as on the pack', shortGtin(towel.gtins[0]!), ['T1001']],
    ['the same with 14 digits', towel.gtins[0]!, ['T1001']],
    ['with blanks around it', `  ${shortGtin(towel.gtins[0]!)} `, ['T1001']],
    ['an SKU', 'T1001', ['T1001']],
    ['a PLU', '07001', ['V7001']],
    ['a scale label of 1.234 kg', withCheck('210700101234'), ['V7001', '1234 g']],
    ['a price label of 12.34', withCheck('220800101234'), ['G8001', 1_234]],
    ['a scale label of an unknown PLU', withCheck('219999901234'), 'embedded_weight'],
    ['a member card', member.cardNo, member.id],
    ['a member card in small letters', member.cardNo.toLowerCase(), member.id],
    ['a member card that nobody has', memberCardNo(999_999_999), 'member'],
    [
      'a member card with a wrong check digit',
      `${member.cardNo.slice(0, -1)}${(Number(member.cardNo.at(-1)) + 1) % 10}`,
      'invalid',
    ],
    ['a GTIN that nobody sells', '4006381333931', 'gtin'],
    ['nothing', '  ', 'invalid'],
    ['600 characters', 'x'.repeat(600), 'invalid'],
    ["somebody's SQL", "' or 1=1 --", 'alias'],
    ['a GS1 DataMatrix of it', `]d201${towel.gtins[0]!}10A`, ['T1001']],
    ['a Digital Link to it', `https://id.example/01/${towel.gtins[0]!}`, ['T1001']],
    ['a price in its code, which has one already', `(01)${towel.gtins[0]!}(3922)100`, ['T1001']],
    ['a GTIN that nobody sells, in GS1 data', '(01)04006381333931', 'gtin'],
    ['a damaged GS1 code', `]d201${towel.gtins[0]!}17261301`, 'alias'],
    ['a parcel', '(00)095201234567891235', 'elements'],
    ['an own coupon', 'CP-TEN', 'coupon'],
    ['a GS1 coupon', '(255)9501101530003', 'gs1_coupon'],
    ['a coupon EAN that nobody sells', withCheck('991234567890'), 'gs1_coupon'],
    ['a receipt', 'CF1.e30.c2ln', 'receipt'],
    ['a payment code', '134567890123456789', 'payment_code'],
    ['a card', '4111111111111111', 'card_number'],
  ];
  test.each(cases)('%s', (_what, code, expected) =>
    withShop(({ catalog }) => expect(told(catalog.find(code, store))).toEqual(expected)),
  );

  test('a code with a wrong check digit that the shop does use as an SKU is that item', () =>
    withShop(({ catalog, feed }) => {
      const code = '6901234567890';
      feed.apply(
        { rows: [{ kind: 'item', key: code, data: { ...towel, sku: code, gtins: [] } }], nextCursor: 101 },
        null,
      );
      expect(told(catalog.find(code, store))).toEqual([code]);
    }));
});

describe('what a pack says of itself', () => {
  const gtin = '09506000134352';
  const soldBy = async (facts: object, code: string) => {
    let told: unknown;
    await withShop(({ catalog, feed }) => {
      const data = { ...towel, sku: 'P1', gtins: [gtin], ...facts };
      feed.apply({ rows: [{ kind: 'item', key: 'P1', data }], nextCursor: 101 }, null);
      const { kind, item, ...rest } = catalog.find(code, store) as Extract<Found, { kind: 'item' }>;
      expect([kind, item.sku]).toEqual(['item', 'P1']);
      told = rest;
    });
    return told;
  };

  test('expiry, batch and serial go with it', async () => {
    const rest = await soldBy({}, `(01)${gtin}(17)261231(10)A1(21)S9`);
    expect(rest).toEqual({ gtin, pack: { expiry: '2026-12-31', batch: 'A1', serial: 'S9' } });
  });

  test('a weight counts for goods that are weighed, and for no others', async () => {
    const code = `(01)${gtin}(3103)000450`;
    expect(await soldBy({ unit: 'kg' }, code)).toEqual({ gtin, weightG: 450 });
    expect(await soldBy({}, code)).toEqual({ gtin });
  });

  test('a price counts for goods without one, and is that of the pack: no weight goes with it', async () => {
    const code = `(01)${gtin}(3103)000450(3922)299`;
    expect(await soldBy({ priceMinor: null }, code)).toEqual({ gtin, priceMinor: 299 });
    expect(await soldBy({ unit: 'kg' }, code)).toEqual({ gtin, priceMinor: 299 });
    expect(await soldBy({}, code)).toEqual({ gtin });
  });

  test('a coupon EAN that is an article here is that article; a card number that is a member is that member', () =>
    withShop(({ catalog, feed }) => {
      const coupon = withCheck('991234567890');
      const rows = [
        { kind: 'item', key: 'P2', data: { ...towel, sku: 'P2', gtins: [`0${coupon}`] } },
        { kind: 'member', key: 'old', data: { ...member, id: 'old', cardNo: '6000000000000007' } },
      ];
      feed.apply({ rows, nextCursor: 101 }, null);
      expect(told(catalog.find(coupon, store))).toEqual(['P2']);
      expect(told(catalog.find('6000000000000007', store))).toBe('old');
    }));

  test('the AIM identifier may come apart from the code', () =>
    withShop(({ catalog }) => {
      expect(told(catalog.find(`01${towel.gtins[0]!}10A`, store, ']C1'))).toEqual(['T1001']);
    }));
});

describe('search', () => {
  const skus = (shop: Shop, text: string, limit = 20) =>
    shop.catalog.searchItems(text, limit).map(({ sku }) => sku);

  test('the start of a name comes before a part of one: 纯棉 finds three, 毛巾 one', () =>
    withShop((shop) => {
      expect(skus(shop, '纯棉')).toEqual(expect.arrayContaining(['T1001', 'T1002', 'C5001']));
      expect(skus(shop, '毛巾')).toEqual(['T1001']);
    }));

  test('initials find it too, in any case; `%` and `_` stand for themselves; blank finds nothing', () =>
    withShop((shop) => {
      const rows = demoRows().map((row) =>
        row.key === 'T1001' ? { ...row, data: { ...row.data, initials: 'cmmj' } } : row,
      );
      shop.feed.apply({ rows, nextCursor: 101 }, null);
      expect(skus(shop, 'CMM')).toEqual(['T1001']);
      expect(skus(shop, '72 %')).toEqual(['F2008']);
      expect(skus(shop, '_')).toEqual([]);
      expect(skus(shop, '   ')).toEqual([]);
    }));

  test('no item is named twice, and no more than `limit` come', () =>
    withShop((shop) => {
      const found = skus(shop, '纯');
      expect(new Set(found).size).toBe(found.length);
      expect(skus(shop, '0', 3)).toHaveLength(3);
    }));

  test('members by card, by whole phone, by its last four digits, by name; three digits are too few', () =>
    withShop(({ catalog }) => {
      const { cardNo, phone, name, id } = world.members.find((candidate) => candidate.phone !== null)!;
      const ids = (text: string) => catalog.searchMembers(text, 10).map((found) => found.id);
      expect(ids(cardNo)).toEqual([id]);
      expect(ids(phone!)).toContain(id);
      expect(ids(phone!.slice(-4))).toContain(id);
      expect(ids(name)).toContain(id);
      expect(ids(phone!.slice(-3))).toEqual([]);
    }));
});

test('before the first feed there is no store, no tier, no item, and no failure', () =>
  withShop(({ catalog }) => {
    expect([catalog.store, catalog.tier('gold'), catalog.itemBySku('T1001'), catalog.counts()]).toEqual([
      null,
      null,
      null,
      { items: 0, members: 0 },
    ]);
  }, false));
