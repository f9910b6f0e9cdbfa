/** `TillApi` over the real loopback socket: every refusal can be reached, what is said twice happens once, nonsense harms nobody. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memberCardNo } from '../../src/core/barcode.ts';
import { checkDigit } from '../../src/core/gtin.ts';
import type { TillApiError } from '../../src/till/api.ts';
import type { Sqlite } from '../../src/till/db.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

const world = smallWorld();
const member = world.members.find(({ tierId }) => tierId === 'gold') ?? world.members[0]!;
const withCheck = (body: string) => body + checkDigit(body);

let cloud: TestCloud;
let till: TestTill;
let client: TillClient;

beforeAll(async () => {
  // Labels with a price verifier digit, beside the demo's own.
  const verified = { pattern: '23IIIIIVPPPPC', decimals: 2 };
  const stores = world.stores.map((store) => ({ ...store, templates: [...store.templates, verified] }));
  cloud = await openCloud(QUICK, { world: { ...world, stores } });
  till = await openTill(await aTillFolder(cloud, { code: 'C01' }), {
    openPrinter: null,
    scanner: true,
    demo: true,
  });
  client = await till.client();
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});
beforeEach(async () => {
  await client.call('clearBasket', {});
});

const journalled = () => till.till.journal.head.seq;
const sales = () => client.call('recentSales', { limit: 200 });

describe('a sale', () => {
  test('two articles, paid with 100.00: change, one entry, a cleared basket with another id', async () => {
    const before = journalled();
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { view } = (await client.call('enter', { text: '3*D3001' })) as { view: typeof client.view };
    expect(view.payment.dueMinor).toBe(2 * 1500 + 3 * 450);
    const { id } = view.basket;
    const paid = await client.call('payCash', { basketId: id, amountMinor: 10_000 });
    expect(paid.settled).toBe(true);
    expect(paid.view.lastSale).toMatchObject({
      saleId: id,
      totalMinor: 4_350,
      tenderedMinor: 10_000,
      changeMinor: 5_650,
    });
    expect(paid.view.basket).toMatchObject({ lines: [], totalMinor: 0 });
    expect(paid.view.basket.id).not.toBe(id);
    expect(journalled()).toBe(before + 1);
  });

  test('a gold member gets 5 % off on every line, and the receipt preview names the rule', async () => {
    await client.call('setMember', { memberId: member.id });
    await client.call('addItem', { sku: 'B4002', qty: 1 });
    const tier = world.tiers.find(({ id }) => id === member.tierId)!;
    expect(client.view.basket.adjustmentMinor).toBe(-(9_800 * tier.discountBp) / 10_000);
    const saleId = client.view.basket.id;
    await client.call('payCash', { basketId: saleId, amountMinor: 10_000 });
    const { svg } = await client.call('receiptPreview', { saleId });
    expect(svg).toContain('<svg');
  });

  test('payCash said twice with one basketId, one after the other and both at once, is one sale', async () => {
    for (const atOnce of [false, true]) {
      await client.call('addItem', { sku: 'T1001', qty: 1 });
      const before = journalled();
      const payment = { basketId: client.view.basket.id, amountMinor: 2_000 };
      const pay = () => client.call('payCash', payment);
      const answers = atOnce ? await Promise.all([pay(), pay(), pay()]) : [await pay(), await pay()];
      expect(
        answers.every(({ settled, view }) => settled && view.lastSale?.saleId === payment.basketId),
      ).toBe(true);
      expect(new Set(answers.map(({ view }) => view.lastSale!.receiptNo)).size).toBe(1);
      expect(journalled()).toBe(before + 1);
    }
  });

  test('a basket that is no longer there is `basket_changed`: nothing is taken, nothing is committed', async () => {
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    const old = client.view.basket.id;
    await client.call('clearBasket', {});
    await client.call('addItem', { sku: 'T1002', qty: 1 });
    const before = journalled();
    expect(await client.refusal('payCash', { basketId: old, amountMinor: 10_000 })).toEqual({
      kind: 'basket_changed',
    });
    expect([journalled(), client.view.payment.tenderedMinor]).toEqual([before, 0]);
  });

  test('10.00 of 15.00, then the rest: nothing is committed before; meanwhile the basket is closed to changes', async () => {
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    const before = journalled();
    const basketId = client.view.basket.id;
    const part = await client.call('payCash', { basketId, amountMinor: 1_000 });
    expect([part.settled, part.view.payment.dueMinor, journalled()]).toEqual([false, 500, before]);
    for (const [method, params] of [
      ['addItem', { sku: 'T1002', qty: 1 }],
      ['setQuantity', { lineNo: 1, qty: 2 }],
      ['setUnitPrice', { lineNo: 1, unitPriceMinor: 1 }],
      ['voidLine', { lineNo: 1 }],
      ['setMember', { memberId: member.id }],
      ['enter', { text: 'T1002' }],
    ] as const) {
      expect(await client.refusal(method, params), method).toEqual({ kind: 'paying' });
    }
    const rest = await client.call('payCash', { basketId, amountMinor: 500 });
    expect([rest.settled, rest.view.lastSale?.changeMinor, journalled()]).toEqual([true, 0, before + 1]);
  });

  test('tenders taken back leave the basket open and the whole amount due', async () => {
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 1_000 });
    await client.call('clearTenders', {});
    expect(client.view.payment).toMatchObject({ dueMinor: 1_500, tenderedMinor: 0 });
    await client.call('setQuantity', { lineNo: 1, qty: 2 });
    expect(client.view.payment.dueMinor).toBe(3_000);
  });
});

describe('a refund', () => {
  test('gives back what was paid, once: said twice it is one refund, and nothing of it comes back again', async () => {
    const saleId = await sell(client, ['T1001', 'B4001']);
    const { receiptNo } = client.view.lastSale!;
    const lines = [1, 2].map((lineNo) => ({ lineNo, qty: 1 }));
    await client.call('returnLines', { receipt: ` ${receiptNo.toLowerCase()} `, lines });
    const { basket, payment } = client.view;
    expect(payment.dueMinor).toBe(-16_300);
    const before = journalled();
    const pay = () =>
      client.call('payCash', { basketId: basket.id, amountMinor: -16_300, totalMinor: -16_300 });
    const [first, again] = [await pay(), await pay()];
    expect(first.view.lastSale).toMatchObject({ kind: 'refund', saleId: basket.id, totalMinor: -16_300 });
    expect(again.view.lastSale?.receiptNo).toBe(first.view.lastSale?.receiptNo);
    expect(journalled()).toBe(before + 1);
    const card = await client.call('findSale', { receiptNo });
    expect([card.saleId, card.refundedBy]).toEqual([saleId, first.view.lastSale!.receiptNo]);
    expect(await client.refusal('returnLines', { receipt: receiptNo, lines })).toEqual({
      kind: 'over_refund',
      lineNo: 1,
      qtyLeft: 0,
    });
    const refundNo = first.view.lastSale!.receiptNo;
    expect(await client.refusal('returnLines', { receipt: refundNo, lines })).toEqual({
      kind: 'not_refundable',
    });
    expect(journalled()).toBe(before + 1);
  });
});

describe('every refusal', () => {
  /** kind → the call that earns it, on an empty basket. */
  const cases: readonly (readonly [TillApiError['kind'], string, unknown])[] = [
    ['empty', 'enter', { text: '   ' }],
    ['too_long', 'enter', { text: 'x'.repeat(600) }],
    ['not_text', 'enter', { text: 'ab\u0007cd' }],
    ['check_digit', 'enter', { text: `690999000001${(Number(checkDigit('690999000001')) + 1) % 10}` }],
    ['price_verifier', 'enter', { text: withCheck('230800101234') }],
    ['member_check_digit', 'enter', { text: 'M0000000010' }],
    ['unknown_code', 'enter', { text: '4006381333931' }],
    ['unknown_code', 'addItem', { sku: 'NOTHING', qty: 1 }],
    ['unknown_member', 'enter', { text: memberCardNo(999_999_999) }],
    ['unknown_member', 'setMember', { memberId: 'nobody' }],
    ['quantity', 'addItem', { sku: 'T1001', qty: 0 }],
    ['quantity', 'enter', { text: '0*T1001' }],
    ['price_missing', 'addItem', { sku: 'G8001', qty: 1 }],
    ['weight_missing', 'addItem', { sku: 'V7001', qty: 1 }],
    ['amount_too_large', 'addItem', { sku: 'T1001', qty: 2, unitPriceMinor: 99_999_999_999_99 }],
    ['no_such_line', 'voidLine', { lineNo: 9 }],
    ['no_such_line', 'setQuantity', { lineNo: -1, qty: 2 }],
    ['unknown_receipt', 'findSale', { receiptNo: 'C01-999999' }],
    ['unknown_receipt', 'reprint', { saleId: 'nothing' }],
    ['unknown_receipt', 'receiptPreview', { saleId: 'nothing' }],
    ['unknown_receipt', 'returnLines', { receipt: 'nothing', lines: [{ lineNo: 1, qty: 1 }] }],
    ['receipt_unreadable', 'findSale', { receiptNo: 'CF1.nonsense' }],
    ['receipt_unreadable', 'enter', { text: 'CF1.AQ.AQ' }],
    ['unknown_code', 'returnWithoutReceipt', { sku: 'NOTHING', qty: 1, unitPriceMinor: 100 }],
    ['weight_missing', 'returnWithoutReceipt', { sku: 'V7001', qty: 1, unitPriceMinor: 100 }],
    ['bad_request', 'payCash', { basketId: 'x' }],
  ];
  test.each(cases)('%s: %s %j', async (kind, method, params) => {
    expect((await client.refusal(method, params)).kind).toBe(kind);
    expect(client.view.basket.lines).toEqual([]);
  });

  test('empty_basket: nothing to pay; not_enough: 0, and less than nothing, for a due of 15.00', async () => {
    const basketId = client.view.basket.id;
    expect(await client.refusal('payCash', { basketId, amountMinor: 100 })).toEqual({ kind: 'empty_basket' });
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    for (const amountMinor of [0, -1_500]) {
      const refused = await client.refusal('payCash', { basketId: client.view.basket.id, amountMinor });
      expect(refused).toEqual({ kind: 'not_enough', dueMinor: 1_500 });
    }
  });

  test('weighed_goods: 0.5 kg of apples take no quantity', async () => {
    await client.call('addItem', { sku: 'V7001', qty: 1, weightG: 500 });
    expect(await client.refusal('setQuantity', { lineNo: 1, qty: 2 })).toEqual({
      kind: 'weighed_goods',
      lineNo: 1,
    });
  });

  test('too_many_lines: line 2,001', async () => {
    const store = till.till.catalog.store!;
    const item = till.till.catalog.itemBySku('T1001')!;
    for (let index = 0; index < 2_000; index++) {
      till.till.checkout.add({ item, gtin: null, qty: 1, unitPriceMinor: 1, priceSource: 'manual' }, store);
    }
    expect(await client.refusal('addItem', { sku: 'T1002', qty: 1 })).toEqual({
      kind: 'too_many_lines',
      linesMax: 2_000,
    });
  });

  test('journal: a full disk refuses the sale, keeps the basket as it was, and the same call works once there is room', async () => {
    const db = (till.till as unknown as { journalDb: Sqlite }).journalDb;
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    const payment = { basketId: client.view.basket.id, amountMinor: 1_500 };
    const before = journalled();
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    const filler = 'x'.repeat(20_000);
    const append = till.till.journal.append.bind(till.till.journal);
    till.till.journal.append = (stamp, body) => append({ ...stamp, cashierId: filler }, body);
    expect(await client.refusal('payCash', payment)).toEqual({ kind: 'journal', detail: 'disk_full' });
    till.till.journal.append = append;
    expect([journalled(), client.view.basket.lines.length]).toEqual([before, 1]);
    db.pragma('max_page_count = 1000000');
    expect((await client.call('payCash', payment)).settled).toBe(true);
    expect(journalled()).toBe(before + 1);
  });

  test('internal: a fault of ours is logged, told without its words, and the till goes on', async () => {
    const { catalog } = till.till;
    const search = catalog.searchItems.bind(catalog);
    catalog.searchItems = () => {
      throw new Error('secret words');
    };
    expect(await client.refusal('searchItems', { text: 'x', limit: 5 })).toEqual({ kind: 'internal' });
    catalog.searchItems = search;
    expect(till.logs.some((text) => text.includes('secret words'))).toBe(true);
    expect(await client.call('searchItems', { text: '毛巾', limit: 5 })).toHaveLength(1);
  });

  test('not_ready before the first feed; no_virtual_devices on a till with real ones', async () => {
    const fresh = await openTill(await aTillFolder(cloud, { code: 'C02' }), {
      openPrinter: null,
      sync: false,
    });
    const screen = await fresh.client();
    expect(screen.view.store).toBeNull();
    expect(await screen.refusal('enter', { text: 'T1001' })).toEqual({ kind: 'not_ready' });
    expect(await screen.refusal('payCash', { basketId: screen.view.basket.id, amountMinor: 1 })).toEqual({
      kind: 'not_ready',
    });
    for (const method of ['demoShelf', 'demoPaper', 'demoScan']) {
      expect((await screen.refusal(method, { code: '1', limit: 1 })).kind).toBe('no_virtual_devices');
    }
    await fresh.stop();
  });
});

describe('what is found', () => {
  test('letters give choices, an open price and a weight are asked for, a member card puts the member on', async () => {
    expect(await client.call('enter', { text: '毛巾' })).toMatchObject({
      kind: 'choices',
      items: [{ sku: 'T1001' }],
    });
    expect(await client.call('enter', { text: '2*G8001' })).toMatchObject({ kind: 'needs_price', qty: 2 });
    expect(await client.call('enter', { text: 'V7001' })).toMatchObject({
      kind: 'needs_weight',
      item: { sku: 'V7001' },
    });
    expect(await client.call('enter', { text: member.cardNo })).toMatchObject({
      kind: 'member',
      view: { member: { id: member.id } },
    });
    expect(await client.call('searchMembers', { text: member.name, limit: 5 })).toMatchObject([
      { cardNo: member.cardNo },
    ]);
  });

  test('a scan over the serial line becomes a line that is pushed; a bad one a notice; the basket stays', async () => {
    await until(() => client.view.scanner.state === 'ready', 'the scanner');
    await till.scan('6909990000012'.replace(/.$/, String(checkDigit('690999000001'))));
    await until(() => client.view.basket.lines.length === 1, 'the scanned line');
    expect(client.view.notice).toMatchObject({ level: 'good', error: null });
    await till.scan('4006381333931');
    await until(() => client.view.notice?.error?.kind === 'unknown_code', 'the notice');
    expect(client.view.basket.lines).toHaveLength(1);
  });

  test('versions only count up, whoever asks', async () => {
    const other = await till.client();
    const seen = [client.view.version, other.view.version];
    await other.call('addItem', { sku: 'T1001', qty: 1 });
    await until(() => client.view.basket.lines.length === 1, 'the push to the other screen');
    expect(client.view.version).toBeGreaterThan(seen[1]!);
  });
});

describe('nonsense', () => {
  const texts = [
    'not json',
    '',
    'null',
    '[]',
    '42',
    '{"id":"1","method":"enter"}',
    '{"id":1}',
    '{"id":7,"method":"fly","params":{}}',
    '{"id":7,"method":"__proto__","params":{}}',
    '{"id":7,"method":"constructor","params":{}}',
    '{"id":7,"method":"view","params":{}}',
    '{"id":7,"method":"enter","params":{"text":5}}',
    '{"id":7,"method":"enter","params":null}',
    '{"id":7,"method":"addItem","params":{"sku":"T1001","qty":1.5}}',
    '{"id":7,"method":"addItem","params":{"sku":"T1001","qty":1e300}}',
    '{"id":7,"method":"addItem","params":{"sku":"T1001","qty":1,"unitPriceMinor":-5}}',
    '{"id":7,"method":"returnLines","params":{"receipt":"x","lines":[]}}',
    '{"id":7,"method":"recentSales","params":{"limit":100000}}',
    '{"id":7,"method":"setLocale","params":{"locale":"xx"}}',
    `{"id":7,"method":"enter","params":{"text":"${'x'.repeat(2_000)}"}}`,
    '['.repeat(30_000),
  ];
  test.each(texts)('%.60j is a bad_request, and the next call works', async (text) => {
    expect((await client.sayText(text)).error?.kind).toBe('bad_request');
    expect(await client.call('searchItems', { text: '毛巾', limit: 1 })).toHaveLength(1);
  });

  test('9,007,199,254,740,991 of cash for 15.00 is no change of 90 trillion: it is refused, and nothing is committed', async () => {
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    const before = journalled();
    const refused = await client.refusal('payCash', {
      basketId: client.view.basket.id,
      amountMinor: Number.MAX_SAFE_INTEGER,
    });
    expect([refused.kind, journalled()]).toEqual(['bad_request', before]);
  });

  test('a message of 70 KB ends that screen with 1009; the others and the till go on', async () => {
    const other = await till.client();
    other.ws.send('x'.repeat(70_000));
    expect((await other.closed).code).toBe(1009);
    expect((await client.call('recentSales', { limit: 1 })).length).toBeLessThanOrEqual(1);
  });

  test('1,000 calls at once are answered 1,000 times', async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => client.call('newId', {})));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1_000);
  });
});

test('in the end each sale of this file is in the journal once, and HQ holds exactly the journal', async () => {
  await until(() => till.till.link!.ackedSeq === journalled(), 'the last acknowledgement');
  const ids = (await sales()).map(({ saleId }) => saleId);
  expect(new Set(ids).size).toBe(ids.length);
  const rows = await cloud.db.query<{ seq: number; hash: string }>(
    'select seq, hash from journal_entry where till_id = $1 order by seq',
    [till.till.identity.tillId],
  );
  expect(rows).toEqual(till.till.journal.read(1, 10_000).map(({ seq, hash }) => ({ seq, hash })));
  expect(await cloud.db.query('select * from quarantine')).toEqual([]);
});
