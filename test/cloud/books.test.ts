/** The books on both stores: what follows from entries, exactly once, and what the tills are told of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Books } from '../../cloud/books/books.ts';
import { openRows } from '../../cloud/feed/feed.ts';
import type { JournalEntry } from '../../src/core/entry.ts';
import { earnPoints, type Programme } from '../../src/core/points.ts';
import { NO_PROMOTIONS } from '../../src/core/promotion-index.ts';
import { plainContext } from '../../src/core/promotion-run.ts';
import { pricedWith } from '../../src/core/replay.ts';
import { foldShift } from '../../src/core/shift-report.ts';
import { sha256, systemClock } from '../../src/till/run.ts';
import { demoRules } from '../../src/tools/demo-world.ts';
import { ENGINES, openCloud, type TestCloud } from '../kit/cloud.ts';
import { enrol } from '../kit/enrol.ts';
import { aRawTill, type RawTill } from '../kit/raw-till.ts';
import { aDemoSale } from '../kit/sales.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine);
  });
  afterAll(() => cloud.close());

  const pushed = async (till: RawTill) => {
    const link = await till.connect();
    await link.ask(till.pushOf(1));
    await link.hangUp();
    await cloud.books.settled();
  };
  const feed = async (kind: string, key: string) => {
    const [row] = await cloud.db.query<{ store_id: string; data: Record<string, unknown> | null }>(
      'select store_id, data from feed_row where kind = $1 and key = $2',
      [kind, key],
    );
    if (row === undefined) return null;
    const [open] = await openRows(cloud.db, [{ kind, key, data: row.data }]);
    return { ...row, data: open!.data as Record<string, unknown> | null };
  };

  test('a closed shift is folded again at HQ: the same Z, and the store hears of it', async () => {
    const till = await aRawTill(cloud);
    const { shift, sales } = aShift(till);
    await pushed(till);
    const { shifts } = (await cloud.client.get('/api/v1/shifts?storeId=S01')) as {
      shifts: Record<string, unknown>[];
    };
    const mine = shifts.find(({ tillId }) => tillId === till.tillId);
    const totalMinor = sales.reduce((sum, sale) => sum + sale.totalMinor, 0);
    expect(mine).toMatchObject({ shiftId: shift, zNo: 1, totalMinor, differenceMinor: -500, differs: [] });
    expect(await feed('z', `${till.tillId}/1`)).toMatchObject({
      store_id: 'S01',
      data: { tillCode: till.tillCode, zNo: 1, totalMinor, differenceMinor: -500 },
    });
  });

  test('a Z that says otherwise than its entries is kept with the fields that differ', async () => {
    const till = await aRawTill(cloud);
    aShift(till, (totals) => ({ ...totals, totalMinor: totals.totalMinor + 1, noSales: 7 }));
    await pushed(till);
    const [row] = await cloud.db.query<{ differs: string[] }>(
      'select differs from shift_z where till_id = $1',
      [till.tillId],
    );
    expect([...row!.differs].sort()).toEqual(['noSales', 'totalMinor']);
  });

  test('units that come back twice are told as over_refund; the sales stand', async () => {
    const till = await aRawTill(cloud);
    till.appendSale({ receiptSeq: 1, lines: 1 });
    const sold = bodyOf(till, 1);
    for (const receiptSeq of [2, 3]) {
      till.append('sale', aReturn(till, sold, receiptSeq));
    }
    await pushed(till);
    const { alerts } = (await cloud.client.get('/api/v1/alerts?kind=over_refund')) as {
      alerts: { saleId: string; detail: Record<string, unknown> }[];
    };
    const mine = alerts.filter(({ detail }) => detail.originalSaleId === sold.id);
    expect(mine).toEqual([
      expect.objectContaining({
        saleId: till.saleId(3),
        detail: expect.objectContaining({ originalLineNo: 1, sold: 1, returned: 2 }),
      }),
    ]);
    const [{ n }] = (await cloud.db.query('select count(*) as n from sale where till_id = $1', [
      till.tillId,
    ])) as [{ n: number }];
    expect(n).toBe(3);
  });

  test('returns that are here before their sale: unknown until it comes, then what is too much is told', async () => {
    const [seller, other] = [await aRawTill(cloud), await aRawTill(cloud)];
    seller.appendSale({ receiptSeq: 1, lines: 1 });
    const sold = bodyOf(seller, 1);
    for (const receiptSeq of [1, 2]) other.append('sale', aReturn(other, sold, receiptSeq));
    const kindsOf = async () =>
      cloud.db.query('select sale_id, kind from sale_alert where sale_id = any($1) order by sale_id, kind', [
        [other.saleId(1), other.saleId(2)],
      ]);
    await pushed(other);
    expect(await kindsOf()).toEqual([
      { sale_id: other.saleId(1), kind: 'return_of_unknown' },
      { sale_id: other.saleId(2), kind: 'return_of_unknown' },
    ]);
    await pushed(seller);
    // Two of one unit: HQ cannot say which of the two was first, so both are told.
    expect(await kindsOf()).toEqual([
      { sale_id: other.saleId(1), kind: 'over_refund' },
      { sale_id: other.saleId(2), kind: 'over_refund' },
    ]);
  });

  test('points move once however often the books are kept, and the balance goes to the store', async () => {
    const till = await aRawTill(cloud);
    const memberId = 'demo-points';
    await cloud.client.put('/api/v1/members', {
      members: [{ id: memberId, cardNo: 'X-POINTS', name: '点点', phone: null, tierId: 'member' }],
    });
    till.appendSale({ memberId }, (sale) => ({
      ...sale,
      points: { programme: 'p1', earned: 31, byLine: [30, 1] },
    }));
    till.appendSale({ memberId }, (sale) => ({
      ...sale,
      points: { programme: 'p1', earned: -6, byLine: [-6, 0] },
    }));
    await pushed(till);
    await cloud.db.query('update books_cursor set through_seq = 0 where till_id = $1', [till.tillId]);
    await cloud.books.settled();
    const rows = await cloud.db.query(
      'select kind, points from points_entry where member_id = $1 order by entry_id',
      [memberId],
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        { kind: 'earn', points: 31 },
        { kind: 'take_back', points: -6 },
      ]),
    );
    expect(rows).toHaveLength(2);
    expect(await feed('member_points', memberId)).toMatchObject({
      store_id: 'S01',
      data: { memberId, confirmed: 25 },
    });
  });

  test('somebody who joined at a till becomes a member; one whom HQ knows by phone becomes an alias', async () => {
    const till = await aRawTill(cloud);
    const enrolled = await enrol(cloud, till, 'prov-1', { name: '林小美', phone: '139 0000 6021' });
    till.appendSale({ memberId: 'prov-1' });
    await enrol(cloud, till, 'prov-2', { name: '林小美', phone: '13900006021' });
    till.appendSale({ memberId: 'prov-2' });
    await pushed(till);
    expect(await feed('member', 'prov-1')).toMatchObject({
      data: { id: 'prov-1', cardNo: enrolled.cardNo, name: '林小美', phone: '13900006021', initials: 'lxm' },
    });
    expect(await feed('member_alias', 'prov-2')).toMatchObject({
      store_id: '',
      data: { memberId: 'prov-1' },
    });
    const owners = await cloud.db.query('select distinct member_id from sale where till_id = $1', [
      till.tillId,
    ]);
    expect(owners).toEqual([{ member_id: 'prov-1' }]);
    // Said again later, an alias is still the same member's.
    till.appendSale({ memberId: 'prov-2' });
    await pushed(till);
    expect(
      await cloud.db.query('select distinct member_id from sale where till_id = $1', [till.tillId]),
    ).toEqual([{ member_id: 'prov-1' }]);
  });

  test('personal data that is not what the till committed to makes nobody a member', async () => {
    const till = await aRawTill(cloud);
    await enrol(cloud, till, 'prov-3', { name: 'Eve', phone: '13900006099' }, '00'.repeat(32));
    await pushed(till);
    expect(await feed('member', 'prov-3')).toBeNull();
  });

  test("a till's day is told to its store: tickets, hours, cashiers", async () => {
    const till = await aRawTill(cloud);
    till.appendSales(3);
    await pushed(till);
    const sales = [1, 2, 3].map((seq) => bodyOf(till, seq));
    const netMinor = sales.reduce((sum, sale) => sum + sale.totalMinor, 0);
    expect((await feed('till_day', `${till.tillId}/2026-11-21`))?.data).toMatchObject({
      tillCode: till.tillCode,
      tickets: 3,
      pieces: 6,
      netMinor,
      noMemberMinor: netMinor,
      newMinor: 0,
      throughSeq: 3,
      hours: [{ hour: 16, tickets: 3, netMinor }],
      cashiers: [{ id: '01', tickets: 3, netMinor, refunds: 0 }],
    });
  });

  test('what a member bought in a store goes to its tills: visits, money, cycle, last purchases', async () => {
    const till = await aRawTill(cloud);
    const memberId = 'demo-stats';
    await cloud.client.put('/api/v1/members', {
      members: [{ id: memberId, cardNo: 'X-STATS', name: '史', phone: null, tierId: 'member' }],
    });
    till.appendSale({ memberId }, (sale) => sale, { businessDate: '2026-11-01' });
    till.appendSale({ memberId }, (sale) => ({ ...sale, kind: 'exchange' }), { businessDate: '2026-11-21' });
    await pushed(till);
    const [first, second] = [bodyOf(till, 1), bodyOf(till, 2)];
    expect(await feed('member_stats', memberId)).toMatchObject({
      store_id: 'S01',
      data: {
        visits: 2,
        netMinor: first.totalMinor + second.totalMinor,
        firstDate: '2026-11-01',
        lastDate: '2026-11-21',
        cycleDays: 20,
        lastPurchases: [
          { date: '2026-11-21', totalMinor: second.totalMinor, items: second.lines.map(({ name }) => name) },
          { date: '2026-11-01', totalMinor: first.totalMinor },
        ],
      },
    });
  });

  test('each sale is priced again by the rules that it names: a cent too much taken off is told, the sale stands', async () => {
    await cloud.client.put('/api/v1/rules', demoRules());
    const till = await aRawTill(cloud);
    const context = plainContext('S01', { date: '2026-11-21', minuteOfDay: 1001, weekday: 6 }, 'zh-CN');
    const priced = pricedWith(context, { promotions: NO_PROMOTIONS, taxRounding: 'line' });
    till.appendSale({ lines: 1 }, (sale) => ({ ...sale, rulesVersion: 'none', priced }));
    till.appendSale({ lines: 1 }, (sale) => ({ ...discounted(sale), rulesVersion: 'demo-1/feed-9', priced }));
    till.appendSale({ lines: 1 }, (sale) => ({ ...sale, rulesVersion: 'lost-1/feed-9', priced }));
    await pushed(till);
    const rows = await cloud.db.query<{ sale_id: string; kind: string; detail: { difference?: string } }>(
      `select a.sale_id, a.kind, a.detail from sale_alert a join sale s using (sale_id) where s.till_id = $1 order by s.seq`,
      [till.tillId],
    );
    expect(rows).toEqual([
      {
        sale_id: till.saleId(2),
        kind: 'price_differs',
        detail: { version: 'demo-1', difference: expect.stringContaining('line 1') },
      },
      { sale_id: till.saleId(3), kind: 'rules_unknown', detail: { version: 'lost-1' } },
    ]);
    const [{ n }] = (await cloud.db.query('select count(*) as n from sale where till_id = $1', [
      till.tillId,
    ])) as [{ n: number }];
    expect(n).toBe(3);
  });

  test('points of a birthday: right for whom the till knew before a merge, told for whoever has no such birthday', async () => {
    const programme: Programme = {
      version: 'p-birthday',
      earn: {
        perMinor: 100,
        multipliers: [{ id: 'b', timesBp: 20_000, birthdayMonth: true }],
        timesMaxBp: 50_000,
      },
      spend: { points: 100, worthMinor: 100, stepPoints: 100, capBp: 5_000 },
    };
    await cloud.client.put('/api/v1/programme', programme);
    const someone = { phone: null, tierId: 'member' };
    const put = (id: string, birthday: string) =>
      cloud.client.put('/api/v1/members', {
        members: [{ ...someone, id, cardNo: `X-${id}`, name: id, birthday }],
      });
    await put('kin-1', '11-05');
    // Said later, so that this is the birthday of both.
    await put('kin-2', '05-17');
    await put('kin-3', '05-17');
    await cloud.client.post('/api/v1/members/kin-1/merge', { intoId: 'kin-2', reason: 'the same person' });
    const till = await aRawTill(cloud);
    const at = { date: '2026-11-21', minuteOfDay: 1001, weekday: 6 };
    const priced = pricedWith(plainContext('S01', at, 'zh-CN'), {
      promotions: NO_PROMOTIONS,
      taxRounding: 'line',
    });
    const doubled = (sale: ReturnType<typeof aDemoSale>) => ({
      ...sale,
      ...{ rulesVersion: 'none', priced },
      points: earnPoints(programme, { tierId: null, birthday: '11-05' }, at, sale, sale.taxMode),
    });
    till.appendSale({ lines: 1, memberId: 'kin-1' }, doubled);
    till.appendSale({ lines: 1, memberId: 'kin-3' }, doubled);
    await pushed(till);
    const rows = await cloud.db.query(
      `select a.sale_id as id, s.member_id as member from sale_alert a join sale s using (sale_id)
       where s.till_id = $1 and a.kind = 'price_differs'`,
      [till.tillId],
    );
    expect(rows).toEqual([{ id: till.saleId(2), member: 'kin-3' }]);
    const owners = await cloud.db.query('select member_id as id from sale where sale_id = $1', [
      till.saleId(1),
    ]);
    expect(owners).toEqual([{ id: 'kin-2' }]);
  });

  test('two runners keep the same books at once, and each entry counts once', async () => {
    const till = await aRawTill(cloud);
    const { db, cloudId, cloudKey } = cloud;
    const signals = { emit() {}, on: () => () => {} };
    const parts = { db, cloudId, cloudKey, clock: systemClock, sha256, signals };
    const other = new Books({ ...parts, log: () => {} });
    till.appendSales(20);
    const link = await till.connect();
    await link.ask(till.pushOf(1));
    await Promise.all([cloud.books.settled(), other.settled()]);
    await link.hangUp();
    await other.close();
    const [row] = await cloud.db.query('select head_seq, through_seq from books_cursor where till_id = $1', [
      till.tillId,
    ]);
    expect(row).toEqual({ head_seq: 20, through_seq: 20 });
  });

  test('staff reaches the tills with a hash and without a PIN; who moves leaves the old store', async () => {
    const person = { id: 'C07', name: '陈静', roleId: 'cashier', storeId: 'S01', active: true };
    await cloud.client.put('/api/v1/staff', { staff: [{ ...person, pin: '2468' }] });
    const first = await feed('staff', 'C07');
    expect(first).toMatchObject({ store_id: 'S01', data: { name: '陈静', pin: { cost: 14 } } });
    expect(JSON.stringify(first)).not.toContain('2468');
    await cloud.client.put('/api/v1/staff', { staff: [{ ...person, storeId: 'S02' }] });
    const rows = await cloud.db.query(
      "select store_id, data->'pin' = $1::jsonb as same from feed_row where kind = 'staff' and key = 'C07' order by store_id",
      [JSON.stringify((first!.data as { pin: object }).pin)],
    );
    expect(rows).toEqual([
      { store_id: 'S01', same: null },
      { store_id: 'S02', same: true },
    ]);
    const { staff } = (await cloud.client.get('/api/v1/staff')) as { staff: unknown[] };
    expect(staff).toEqual([{ ...person, storeId: 'S02' }]);
  });

  test.each([
    [
      'a PIN is missing',
      { id: 'C08', name: 'x', roleId: 'cashier', storeId: null, active: true },
      'pin_missing',
    ],
    [
      'the role is none',
      { id: 'C08', name: 'x', roleId: 'boss', storeId: null, active: true, pin: '1111' },
      'unknown_role',
    ],
    [
      'the store is none',
      { id: 'C08', name: 'x', roleId: 'cashier', storeId: 'S99', active: true, pin: '1111' },
      'unknown_store',
    ],
  ])('staff is refused whole where %s', async (_, person, kind) => {
    await expect(cloud.client.put('/api/v1/staff', { staff: [person] })).rejects.toMatchObject({
      status: 422,
      kind,
    });
    expect(await feed('staff', 'C08')).toBeNull();
  });

  test('a points programme is published once a version', async () => {
    const programme = {
      version: 'p-2026',
      earn: { perMinor: 100, multipliers: [], timesMaxBp: 50_000 },
      spend: { points: 100, worthMinor: 100, stepPoints: 100, capBp: 5_000 },
    };
    await cloud.client.put('/api/v1/programme', programme);
    expect(await cloud.client.get('/api/v1/programme')).toEqual({ programme });
    expect(await feed('programme', 'current')).toMatchObject({ data: programme });
    const other = { ...programme, earn: { ...programme.earn, perMinor: 50 } };
    await expect(cloud.client.put('/api/v1/programme', other)).rejects.toMatchObject({
      status: 409,
      kind: 'version_taken',
    });
  });
});

function bodyOf(till: RawTill, seq: number) {
  return (JSON.parse(till.chain[seq - 1]!.text) as JournalEntry & { kind: 'sale' }).body;
}

/** A shift with two sales and 5.00 missing from its drawer. */
function aShift(
  till: RawTill,
  change: (totals: ReturnType<typeof foldShift>) => object = (totals) => totals,
) {
  const shift = `shift-of-${till.tillCode}`;
  const over = { shiftId: shift };
  till.appendOpened();
  till.append('shift_opened', { shiftId: shift, zNo: 1, floatMinor: 10_000 }, over);
  till.appendSale({}, (sale) => sale, over);
  till.append('cash_moved', { kind: 'paid_out', amountMinor: 300, reason: 'stamps' }, over);
  till.appendSale({}, (sale) => sale, over);
  const entries = till.chain.slice(1).map(({ text }) => JSON.parse(text) as JournalEntry);
  const totals = foldShift(entries);
  const drawer = 10_000 + totals.cashMinor - 300 - 500;
  till.append(
    'shift_closed',
    { shiftId: shift, zNo: 1, counted: [{ valueMinor: 1, count: drawer }], totals: change(totals) },
    over,
  );
  return { shift, sales: [bodyOf(till, 3), bodyOf(till, 5)] };
}

/** A till that took 1.00 off for no rule: its sums hold all the same. */
function discounted(sale: ReturnType<typeof aDemoSale>) {
  const [line] = sale.lines;
  const netMinor = line!.netMinor - 100;
  const taxMinor = netMinor - Math.round((netMinor * 10_000) / (10_000 + line!.taxRateBp));
  const off = { ruleId: 'ghost', amountMinor: -100, reason: { kind: 'gift', name: 'x', units: 1 } };
  return {
    ...sale,
    lines: [{ ...line!, adjustments: [off], netMinor, taxMinor }],
    taxes: [{ ...sale.taxes[0]!, baseMinor: netMinor - taxMinor, taxMinor }],
    adjustmentMinor: -100,
    taxMinor,
    totalMinor: netMinor,
    roundingMinor: 0,
    changeMinor: 0,
    tenders: [{ kind: 'cash', amountMinor: netMinor }],
  };
}

/** The one line of a sale, coming back. */
function aReturn(till: RawTill, sold: ReturnType<typeof bodyOf>, receiptSeq: number) {
  const sale = aDemoSale({ id: till.saleId(receiptSeq), receiptSeq, tillCode: till.tillCode, lines: 1 });
  const minus = (value: number) => (value === 0 ? 0 : -value);
  const [line] = sold.lines;
  return {
    ...sale,
    kind: 'refund',
    refundOf: { saleId: sold.id, receiptNo: sold.receiptNo },
    lines: [
      {
        ...line!,
        qty: -1,
        grossMinor: minus(line!.grossMinor),
        netMinor: minus(line!.netMinor),
        taxMinor: minus(line!.taxMinor),
        back: {
          saleId: sold.id,
          receiptNo: sold.receiptNo,
          lineNo: 1,
          grossMinor: minus(line!.grossMinor),
          netMinor: minus(line!.netMinor),
          taxRateBp: line!.taxRateBp,
          taxMinor: minus(line!.taxMinor),
          points: 0,
        },
      },
    ],
    taxes: sold.taxes.map((tax) => ({
      ...tax,
      baseMinor: minus(tax.baseMinor),
      taxMinor: minus(tax.taxMinor),
    })),
    grossMinor: minus(sold.grossMinor),
    adjustmentMinor: 0,
    taxMinor: minus(sold.taxMinor),
    totalMinor: minus(sold.totalMinor),
    roundingMinor: minus(sold.roundingMinor),
    changeMinor: 0,
    tenders: [{ kind: 'cash', amountMinor: minus(sold.tenders[0]!.amountMinor) }],
  };
}
