/**
 * Returns on real tills: by number, by the QR of another store's till with the line down, in parts, beside other goods, across
 * restarts and a lost `shop.db`. Money and counts are worked by hand from the demo world's prices.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/entry.ts';
import { DEFAULT_ROLES } from '../../src/core/people.ts';
import { fromBase64Url, receiptQr, toBase64Url, tokenStatement } from '../../src/core/receipt-token.ts';
import { imbalanceOf, type Sale } from '../../src/core/sale.ts';
import { pinHash } from '../../src/till/pin.ts';
import { systemChance } from '../../src/till/run.ts';
import { demoRules } from '../../src/tools/demo-world.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

const world = smallWorld();
const gold = world.members.find(({ tierId }) => tierId === 'gold') ?? world.members[0]!;

let cloud: TestCloud;
let till: TestTill;
let client: TillClient;
let folder: string;
/** A till of another store that has not seen the cloud since its first feed. */
let far: TestTill;
let farClient: TillClient;

beforeAll(async () => {
  cloud = await openCloud(QUICK, { world });
  folder = await aTillFolder(cloud, { code: 'R01' });
  till = await openTill(folder, { openPrinter: null, scanner: true });
  client = await till.client();
  far = await openTill(await aTillFolder(cloud, { code: 'R02', storeId: 'S02' }), { openPrinter: null });
  farClient = await far.client();
  // HQ has told it the keys of the chain's tills; from here on its line is down.
  await far.till.link?.stop();
});
afterAll(async () => {
  await till.stop();
  await far.stop();
  await cloud.close();
});
beforeEach(async () => {
  await client.call('clearBasket', {});
  await farClient.call('clearBasket', {});
});

/** The feed row by which HQ tells a till the key of another. */
function teach(who: TestTill, tillCode: string, publicKey: string, former?: string[]): void {
  const row = { kind: 'till_key', key: tillCode, data: { publicKey, storeId: 'S01', former } };
  const result = who.till.feed.apply({ rows: [row], nextCursor: who.till.feed.cursor }, null);
  expect(result).toMatchObject({ applied: 1, skipped: 0 });
}

async function restart(): Promise<void> {
  await till.stop();
  till = await openTill(folder, { openPrinter: null });
  client = await till.client();
}

function saleOf(who: TestTill, saleId: string): JournalEntry & { kind: 'sale' } {
  const { seq } = who.till.projections.saleById(saleId)!;
  return who.till.journal.at(seq)!.entry as JournalEntry & { kind: 'sale' };
}

function qrOf(saleId: string): string {
  const { body, businessDate } = saleOf(till, saleId);
  return receiptQr(body, businessDate, till.till.returns.sign)!.text;
}

/** Pays what the basket comes to, in cash. @returns the sale as it was journalled */
async function settle(who: TestTill, screen: TillClient): Promise<Sale> {
  const { basket, payment } = screen.view;
  const paid = await screen.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  expect(paid.settled).toBe(true);
  const sale = saleOf(who, basket.id).body;
  expect(imbalanceOf(sale)).toBeNull();
  return sale;
}

/** Three of T1001 (15.00) and one B4002 (98.00) for a gold member. */
async function aSold(): Promise<{ saleId: string; receiptNo: string; sale: Sale }> {
  await client.call('setMember', { memberId: gold.id });
  await client.call('addItem', { sku: 'T1001', qty: 3 });
  await client.call('addItem', { sku: 'B4002', qty: 1 });
  const sale = await settle(till, client);
  return { saleId: sale.id, receiptNo: sale.receiptNo, sale };
}

describe('by receipt number', () => {
  test('the card says what may come back; parts come back one by one and pay out exactly what was paid', async () => {
    const { saleId, receiptNo, sale } = await aSold();
    const card = await client.call('findSale', { receiptNo });
    expect(card).toMatchObject({ saleId, from: 'journal', refundedBy: null, refundMinor: 13_590 });
    // 45.00 less 5 % is 42.75: three units of 14.25; 98.00 less 5 % is 93.10. Cash for 135.85 is 135.90.
    expect(
      card.returnable.map(({ lineNo, qtySold, qtyLeft, unitNetsMinor }) => [
        lineNo,
        qtySold,
        qtyLeft,
        unitNetsMinor,
      ]),
    ).toEqual([
      [1, 3, 3, [1_425, 1_425, 1_425]],
      [2, 1, 1, [9_310]],
    ]);
    let outMinor = 0;
    for (const [lineNo, qty] of [
      [1, 1],
      [2, 1],
      [1, 2],
    ] as const) {
      await client.call('returnLines', { receipt: receiptNo, lines: [{ lineNo, qty }] });
      expect(client.view.member?.id).toBe(gold.id);
      const refund = await settle(till, client);
      expect(refund).toMatchObject({ kind: 'refund', refundOf: { saleId, receiptNo }, memberId: gold.id });
      outMinor += refund.totalMinor;
    }
    expect(outMinor).toBe(-sale.totalMinor);
    const done = await client.call('findSale', { receiptNo });
    expect(done.returnable.map(({ qtyLeft }) => qtyLeft)).toEqual([0, 0]);
    expect([done.refundMinor, done.refundedBy]).toEqual([0, client.view.lastSale!.receiptNo]);
  });

  test('what stands on the basket or on hold cannot come back a second time; voided, it can', async () => {
    const { receiptNo } = await aSold();
    const take = (lineNo: number, qty: number) => ({ receipt: receiptNo, lines: [{ lineNo, qty }] });
    await client.call('returnLines', take(1, 2));
    expect(await client.refusal('returnLines', take(1, 2))).toEqual({
      kind: 'over_refund',
      lineNo: 1,
      qtyLeft: 1,
    });
    await client.call('hold', { label: 'queue' });
    const { holdId } = client.view.holds[0]!;
    expect(await client.refusal('returnLines', take(1, 2))).toEqual({
      kind: 'over_refund',
      lineNo: 1,
      qtyLeft: 1,
    });
    await client.call('returnLines', take(1, 1));
    await client.call('voidLine', { lineNo: 1 });
    await client.call('clearBasket', {});
    await client.call('dropHold', { holdId });
    await client.call('returnLines', take(1, 3));
    expect(client.view.basket.totalMinor).toBe(-4_275);
    const both = {
      receipt: receiptNo,
      lines: [
        { lineNo: 2, qty: 1 },
        { lineNo: 2, qty: 1 },
      ],
    };
    expect(await client.refusal('returnLines', both)).toEqual({ kind: 'over_refund', lineNo: 2, qtyLeft: 0 });
    expect(client.view.basket.lines).toHaveLength(1);
  });

  test('a hold whose goods were paid back meanwhile is not paid again', async () => {
    const { receiptNo, sale } = await aSold();
    await client.call('returnLines', { receipt: receiptNo, lines: [{ lineNo: 2, qty: 1 }] });
    // A copy of the basket, as a backup of `shop.db` would bring it back.
    const kept = till.till.checkout.parked();
    await settle(till, client);
    till.till.checkout.restore({ ...kept, basket: { ...kept.basket, id: till.till.session.newId() } });
    const { basket, payment } = till.counter.view();
    const pay = { basketId: basket.id, amountMinor: payment.dueMinor };
    expect(await client.refusal('payCash', pay)).toEqual({ kind: 'over_refund', lineNo: 2, qtyLeft: 0 });
    expect(sale.lines[1]!.qty).toBe(1);
  });

  test('a refund is never refunded; lines that are not there are named; nothing while money is on the counter', async () => {
    const { receiptNo } = await aSold();
    await client.call('returnLines', { receipt: receiptNo, lines: [{ lineNo: 2, qty: 1 }] });
    const refund = await settle(till, client);
    const again = { receipt: refund.receiptNo, lines: [{ lineNo: 1, qty: 1 }] };
    expect(await client.refusal('returnLines', again)).toEqual({ kind: 'not_refundable' });
    expect((await client.call('findSale', { receiptNo: refund.receiptNo })).returnable).toEqual([]);
    const nine = { receipt: receiptNo, lines: [{ lineNo: 9, qty: 1 }] };
    expect(await client.refusal('returnLines', nine)).toEqual({ kind: 'no_such_line', lineNo: 9 });
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 100 });
    const one = { receipt: receiptNo, lines: [{ lineNo: 1, qty: 1 }] };
    expect(await client.refusal('returnLines', one)).toEqual({ kind: 'paying' });
  });

  test('a returned line takes no quantity and no price; a hand cannot make it dearer', async () => {
    const { receiptNo } = await aSold();
    await client.call('returnLines', { receipt: receiptNo, lines: [{ lineNo: 1, qty: 1 }] });
    for (const [method, params] of [
      ['setQuantity', { lineNo: 1, qty: -3 }],
      ['setUnitPrice', { lineNo: 1, unitPriceMinor: 99_999 }],
    ] as const) {
      expect(await client.refusal(method, params)).toEqual({ kind: 'returned_goods', lineNo: 1 });
    }
    expect(client.view.basket.totalMinor).toBe(-1_425);
  });
});

describe('an exchange', () => {
  test.each([
    ['up: 93.10 for 14.25 back, 78.85 to pay', 'B4002', 7_885],
    ['even: the same goods again, nothing to pay', 'T1001', 0],
    ['down: 4.27 for 14.25 back, 9.98 out', 'D3001', -998],
  ])('%s', async (_, sku, totalMinor) => {
    const { saleId, receiptNo } = await aSold();
    await client.call('returnLines', { receipt: receiptNo, lines: [{ lineNo: 1, qty: 1 }] });
    await client.call('addItem', { sku, qty: 1 });
    const sale = await settle(till, client);
    expect(sale).toMatchObject({ kind: 'exchange', refundOf: { saleId, receiptNo }, totalMinor });
    expect(client.view.lastSale).toMatchObject({ kind: 'exchange', totalMinor });
    // What was bought may come back itself; what came back on it may not.
    const card = await client.call('findSale', { receiptNo: sale.receiptNo });
    expect(card.returnable.map(({ lineNo }) => lineNo)).toEqual([2]);
  });
});

describe('without a receipt', () => {
  test('goods come back at the price that was let out, named by the approval', async () => {
    await client.call('returnWithoutReceipt', {
      sku: 'T1001',
      qty: 2,
      unitPriceMinor: 1_000,
      approvalId: 'a-1',
    });
    expect(client.view.basket.lines[0]).toMatchObject({ qty: -2, netMinor: -2_000, approvalId: 'a-1' });
    const refund = await settle(till, client);
    expect(refund).toMatchObject({ kind: 'refund', refundOf: null, totalMinor: -2_000 });
  });
});

describe('by QR at a till of another store, with the line down', () => {
  test('is found, believed, and paid out at what was paid; the line says that nothing but the QR vouched', async () => {
    const { saleId, receiptNo, sale } = await aSold();
    const receipt = qrOf(saleId);
    const card = await farClient.call('findSale', { receiptNo: receipt });
    expect(card).toMatchObject({ saleId, receiptNo, from: 'token', totalMinor: sale.totalMinor });
    expect(card.lines.map(({ name }) => name)).toEqual(sale.lines.map(({ name }) => name));
    await farClient.call('returnLines', { receipt, lines: [{ lineNo: 1, qty: 2 }], approvalId: 'm-7' });
    const refund = await settle(far, farClient);
    expect(refund).toMatchObject({ kind: 'refund', totalMinor: -2_850, refundOf: { saleId, receiptNo } });
    expect(refund.lines[0]).toMatchObject({ approvalId: 'm-7', back: { from: 'token', saleId, lineNo: 1 } });
    const more = { receipt, lines: [{ lineNo: 1, qty: 2 }] };
    expect(await farClient.refusal('returnLines', more)).toEqual({
      kind: 'over_refund',
      lineNo: 1,
      qtyLeft: 1,
    });
    await farClient.call('returnLines', {
      receipt,
      lines: [
        { lineNo: 1, qty: 1 },
        { lineNo: 2, qty: 1 },
      ],
    });
    const rest = await settle(far, farClient);
    expect(refund.totalMinor + rest.totalMinor).toBe(-sale.totalMinor);
    expect(refund.taxMinor + rest.taxMinor).toBe(-sale.taxMinor);
  });

  test('at its own till the same QR is the journal’s sale; a scan of it asks what comes back', async () => {
    const { saleId, receiptNo } = await aSold();
    const card = await client.call('findSale', { receiptNo: qrOf(saleId) });
    expect([card.from, card.receiptNo]).toEqual(['journal', receiptNo]);
    for (const text of [qrOf(saleId), receiptNo, receiptNo.toLowerCase()]) {
      expect(await client.call('enter', { text })).toMatchObject({ kind: 'receipt', sale: { saleId } });
    }
    await till.scan(qrOf(saleId));
    await until(() => client.view.notice?.ask?.kind === 'receipt', 'the scan');
    expect(client.view.basket.lines).toEqual([]);
  });

  test('any byte changed is forged or unreadable; a till that nobody knows is of another chain', async () => {
    const { saleId } = await aSold();
    const [, payload, signature] = qrOf(saleId).split('.') as [string, string, string];
    const bytes = fromBase64Url(payload)!;
    const kinds = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      const forged = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
      const receiptNo = `CF1.${toBase64Url(forged)}.${signature}`;
      kinds.add((await farClient.refusal('findSale', { receiptNo })).kind);
    }
    expect([...kinds].sort()).toEqual(['receipt_forged', 'receipt_other_chain', 'receipt_unreadable']);
    const stranger = far.till.returns.sign(tokenStatement(bytes));
    expect(await farClient.refusal('findSale', { receiptNo: `CF1.${payload}.${stranger}` })).toEqual({
      kind: 'receipt_forged',
    });
    expect(await farClient.refusal('findSale', { receiptNo: qrOf(saleId).slice(0, -9) })).toEqual({
      kind: 'receipt_unreadable',
    });
    // R01 has R02's key by the feed; without it nobody vouches.
    const soldFar = await sell(farClient, ['T1001']);
    const { body, businessDate } = saleOf(far, soldFar);
    const receiptNo = receiptQr(body, businessDate, far.till.returns.sign)!.text;
    expect(await client.call('findSale', { receiptNo })).toMatchObject({ from: 'token', saleId: soldFar });
    till.till.feed.apply(
      { rows: [{ kind: 'till_key', key: 'R02', data: null }], nextCursor: till.till.feed.cursor },
      null,
    );
    expect(await client.refusal('findSale', { receiptNo })).toEqual({ kind: 'receipt_other_chain' });
  });

  test('a till with a new key still vouches for its old receipts, when HQ says so', async () => {
    const { saleId } = await aSold();
    const receiptNo = qrOf(saleId);
    const own = till.till.deviceKey.publicKey();
    teach(far, 'R01', far.till.deviceKey.publicKey());
    expect(await farClient.refusal('findSale', { receiptNo })).toEqual({ kind: 'receipt_forged' });
    teach(far, 'R01', far.till.deviceKey.publicKey(), [own]);
    expect((await farClient.call('findSale', { receiptNo })).from).toBe('token');
    teach(far, 'R01', own);
  });

  test('of too many lines it names the receipt, and the goods come back where they were sold', async () => {
    for (let n = 0; n < 60; n++)
      await client.call('addItem', { sku: 'T1001', qty: 1, unitPriceMinor: 100 + n });
    const { id, receiptNo } = await settle(till, client);
    expect(await farClient.refusal('findSale', { receiptNo: qrOf(id) })).toEqual({
      kind: 'receipt_head_only',
      receiptNo,
    });
    expect((await client.call('findSale', { receiptNo: qrOf(id) })).returnable).toHaveLength(60);
  });

  test('no more than 500.00 a business date on trust, counted with what is on the basket', async () => {
    const row = () =>
      (far.till.returns as unknown as { db: { prepare(sql: string): { get(): { m: number } } } }).db
        .prepare('select coalesce(sum(token_minor), 0) as m from returned_line')
        .get().m;
    const before = row();
    expect(before).toBeGreaterThan(0);
    await client.call('addItem', { sku: 'T1001', qty: 40 });
    const { id } = await settle(till, client);
    const receipt = qrOf(id);
    const room = Math.floor((50_000 - before) / 1_500);
    const over = { receipt, lines: [{ lineNo: 1, qty: room + 1 }] };
    expect(await farClient.refusal('returnLines', over)).toEqual({
      kind: 'over_exposure',
      limitMinor: 50_000,
    });
    await farClient.call('returnLines', { receipt, lines: [{ lineNo: 1, qty: room }] });
    const one = { receipt, lines: [{ lineNo: 1, qty: 1 }] };
    expect(await farClient.refusal('returnLines', one)).toEqual({
      kind: 'over_exposure',
      limitMinor: 50_000,
    });
    await settle(far, farClient);
    expect(await farClient.refusal('returnLines', one)).toEqual({
      kind: 'over_exposure',
      limitMinor: 50_000,
    });
    expect(row()).toBe(before + room * 1_500);
  });
});

describe('nothing comes back twice', () => {
  test('in any sequence of parts, voids, holds and restarts, what is paid out never passes what was sold', async () => {
    const steps = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            do: fc.constant('take'),
            lineNo: fc.integer({ min: 1, max: 2 }),
            qty: fc.integer({ min: 1, max: 4 }),
          }),
        },
        { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('pay', 'clear', 'hold', 'recall') }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart', 'rebuild') }) },
      ),
      { minLength: 6, maxLength: 14 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        await client.call('clearBasket', {});
        for (const { holdId } of client.view.holds) await client.call('dropHold', { holdId });
        const { receiptNo, sale } = await aSold();
        const out = new Map([
          [1, 0],
          [2, 0],
        ]);
        let outMinor = 0;
        for (const step of sequence) {
          if (step.do === 'take' && 'qty' in step) {
            const { lineNo, qty } = step as { lineNo: number; qty: number };
            await client
              .call('returnLines', { receipt: receiptNo, lines: [{ lineNo, qty }] })
              .catch((cause) => {
                expect(cause.error.kind).toBe('over_refund');
              });
          } else if (step.do === 'pay' && client.view.basket.lines.length > 0) {
            const refund = await settle(till, client);
            outMinor -= refund.totalMinor;
            for (const { qty, back } of refund.lines) out.set(back!.lineNo, out.get(back!.lineNo)! - qty);
          } else if (step.do === 'clear') await client.call('clearBasket', {});
          else if (step.do === 'hold' && client.view.basket.lines.length > 0) {
            await client.call('hold', { label: 'x' });
          } else if (
            step.do === 'recall' &&
            client.view.basket.lines.length === 0 &&
            client.view.holds.length > 0
          ) {
            await client.call('recall', { holdId: client.view.holds[0]!.holdId });
          } else if (step.do === 'restart') await restart();
          else if (step.do === 'rebuild') {
            await till.stop();
            for (const end of ['', '-wal', '-shm'])
              rmSync(path.join(folder, `shop.db${end}`), { force: true });
            till = await openTill(folder, { openPrinter: null });
            client = await till.client();
          }
          expect(out.get(1)).toBeLessThanOrEqual(3);
          expect(out.get(2)).toBeLessThanOrEqual(1);
        }
        const card = await client.call('findSale', { receiptNo });
        const waiting = till.till.returns.claims();
        for (const { lineNo, qtySold, qtyLeft } of card.returnable) {
          expect(qtyLeft).toBe(qtySold - waiting(sale.id, lineNo).qty);
        }
        await client.call('clearBasket', {});
        for (const { holdId } of client.view.holds) await client.call('dropHold', { holdId });
        const rest = (await client.call('findSale', { receiptNo })).returnable.filter(
          ({ qtyLeft }) => qtyLeft > 0,
        );
        if (rest.length > 0) {
          await client.call('returnLines', {
            receipt: receiptNo,
            lines: rest.map(({ lineNo, qtyLeft }) => ({ lineNo, qty: qtyLeft })),
          });
          outMinor -= (await settle(till, client)).totalMinor;
        }
        expect(outMinor).toBe(sale.totalMinor);
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});

describe('sets, and who may', () => {
  test('two milks at 14.90, the second at half price: the first comes back at 11.18, the kept one is not priced anew', async () => {
    await cloud.client.put('/api/v1/rules', demoRules());
    await until(() => till.till.catalog.rulesVersion === 'demo-1', 'the rules');
    await client.call('addItem', { sku: 'F2001', qty: 2 });
    const { receiptNo, totalMinor } = await settle(till, client);
    expect(totalMinor).toBe(2_235);
    const one = { receipt: receiptNo, lines: [{ lineNo: 1, qty: 1 }] };
    await client.call('returnLines', one);
    // A third milk beside it: the returned one makes no pair with it, and no offer is worked out on what comes back.
    await client.call('addItem', { sku: 'F2001', qty: 1 });
    expect(client.view.basket.lines.map(({ netMinor }) => netMinor)).toEqual([-1_118, 1_490]);
    await settle(till, client);
    await client.call('returnLines', one);
    expect((await settle(till, client)).lines[0]!.netMinor).toBe(-1_117);
  });

  test('a cashier takes back by number; by another till’s QR and without a receipt only with a manager’s approval', async () => {
    const { saleId, receiptNo } = await aSold();
    const pin = await pinHash('1234', systemChance, 4);
    const staff = (id: string, roleId: string) => ({
      kind: 'staff',
      key: id,
      data: { id, name: id, roleId, active: true, pin },
    });
    const store = { ...far.till.catalog.store!, foreignRefundLimitMinor: 1_000_000 };
    const rows = [
      { kind: 'store', key: store.id, data: store },
      ...DEFAULT_ROLES.map((role) => ({ kind: 'role', key: role.id, data: role })),
      staff('c1', 'cashier'),
      staff('m1', 'manager'),
    ];
    far.till.feed.apply({ rows, nextCursor: far.till.feed.cursor }, null);
    far.till.people.reload();
    far.till.catalog.reload();
    await farClient.call('signOn', { staffId: 'c1', pin: '1234' });
    const lines = [{ lineNo: 2, qty: 1 }];
    const trusted = { receipt: qrOf(saleId), lines };
    const loose = { sku: 'T1001', qty: 1, unitPriceMinor: 100 };
    for (const [method, params, permission] of [
      ['returnLines', trusted, 'refund_foreign'],
      ['returnWithoutReceipt', loose, 'refund_no_receipt'],
    ] as const) {
      expect(await farClient.refusal(method, params)).toEqual({ kind: 'needs_approval', permission });
      expect(farClient.view.basket.lines).toEqual([]);
      const given = { staffId: 'm1', pin: '1234', permission, reason: 'known customer' };
      const { approvalId } = await farClient.call('approve', given);
      // What is refused for another reason leaves the approval as it was.
      await farClient.refusal(method, { ...params, approvalId, lines: [{ lineNo: 9, qty: 1 }], sku: 'NONE' });
      await farClient.raw(method, { ...params, approvalId });
      expect(farClient.view.basket.lines[0]!.approvalId).toBe(approvalId);
      await farClient.call('signOn', { staffId: 'm1', pin: '1234' });
      await farClient.call('clearBasket', {});
      await farClient.call('signOn', { staffId: 'c1', pin: '1234' });
    }
    const own = await sell(farClient, ['T1001']);
    const ownNo = saleOf(far, own).body.receiptNo;
    await farClient.call('returnLines', { receipt: ownNo, lines: [{ lineNo: 1, qty: 1 }] });
    expect((await settle(far, farClient)).refundOf?.saleId).toBe(own);
    expect(receiptNo).toMatch(/^R01-/);
  });
});
