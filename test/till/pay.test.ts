/** Paying on a real till: every tender, mixed, declined, late, broken off; nothing is charged twice and no code is kept. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkDigit } from '../../src/core/gtin.ts';
import { rightKey } from '../../src/core/lease.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import { replaySale } from '../../src/core/replay.ts';
import type { Sale } from '../../src/core/sale.ts';
import { DeviceError } from '../../src/devices/ports.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';
import {
  GS1_COUPON,
  grant,
  openPayTill,
  type PayTill,
  PROGRAMME,
  pay,
  payRefusal,
  publish,
  RULES,
  shopDb,
} from './pay-kit.ts';

const world = smallWorld();
const member = world.members.find(({ tierId }) => tierId === 'gold') ?? world.members[0]!;
const tier = world.tiers.find(({ id }) => id === member.tierId)!;
/** 18 digits from 13, made up. */
const WECHAT = '134567890123456789';
const ALIPAY = '2834567890123456';

let cloud: TestCloud;
let till: PayTill;
let client: TillClient;

beforeAll(async () => {
  cloud = await openCloud(QUICK, { world });
  till = await openPayTill(await aTillFolder(cloud, { code: 'P01' }), { scanner: true, demo: true });
  client = till.client_;
  publish(till);
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});
beforeEach(async () => {
  till.terminal.mode = 'approve';
  till.wallets.mode = 'approve';
  await client.call('clearBasket', {});
});
afterEach(async () => {
  till.terminal.mode = 'approve';
  till.wallets.mode = 'approve';
  await client.call('cancelPending', {});
  await until(() => client.view.payment.pending === null, 'nothing under way');
  await client.call('clearTenders', {});
});

/** Two of 15.00: 30.00. */
const thirty = () => client.call('addItem', { sku: 'T1001', qty: 2 });
const settled = () => until(() => client.view.basket.lines.length === 0, 'the sale');
const sale = (): Sale =>
  till.till.saleAt(till.till.projections.saleById(client.view.lastSale!.saleId)!.seq)!.sale;
const journalled = () => till.till.journal.head.seq;
const noticed = () => client.view.notice?.error ?? null;

describe('a card', () => {
  test('30.00 by card: pending at once, then the sale with token, approval, brand and last four', async () => {
    await thirty();
    const first = await pay(client, { kind: 'card', amountMinor: 3_000 });
    expect(first).toMatchObject({
      settled: false,
      view: { payment: { pending: { kind: 'card', amountMinor: 3_000 } } },
    });
    await settled();
    expect(sale()).toMatchObject({
      totalMinor: 3_000,
      changeMinor: 0,
      tenders: [
        {
          kind: 'card',
          amountMinor: 3_000,
          card: { token: expect.any(String), last4: expect.stringMatching(/^\d{4}$/) },
        },
      ],
    });
    expect(shopDb(till).prepare('select * from payment').all()).toEqual([]);
  });

  test('said twice it is one payment and one sale', async () => {
    await thirty();
    const { id: tenderId } = await client.call('newId', {});
    const { id: basketId } = client.view.basket;
    const [before, booked] = [journalled(), till.terminal.rows().length];
    const ask = {
      basketId,
      totalMinor: 3_000,
      tenderId,
      tender: { kind: 'card', amountMinor: 3_000 },
    } as const;
    await Promise.all([client.call('pay', ask), client.call('pay', ask)]);
    await settled();
    expect(await client.call('pay', ask)).toMatchObject({
      settled: true,
      view: { lastSale: { saleId: basketId } },
    });
    expect([journalled(), till.terminal.rows().length]).toEqual([before + 1, booked + 1]);
  });

  test('declined: said, nothing tendered; the same tender again stays declined, another may pay', async () => {
    till.terminal.mode = 'decline';
    await thirty();
    const { id: tenderId } = await client.call('newId', {});
    await pay(client, { kind: 'card', amountMinor: 3_000 }, tenderId);
    await until(() => noticed()?.kind === 'tender_declined', 'the notice');
    expect(client.view.payment).toMatchObject({ pending: null, tenders: [], dueMinor: 3_000 });
    till.terminal.mode = 'approve';
    const { id: basketId } = client.view.basket;
    const again = { basketId, totalMinor: 3_000, tenderId, tender: { kind: 'card', amountMinor: 3_000 } };
    expect(await client.refusal('pay', again)).toEqual({ kind: 'tender_declined', reason: 'declined' });
    await pay(client, { kind: 'card', amountMinor: 3_000 });
    await settled();
  });

  test('a terminal that is not there charges nothing and says so', async () => {
    till.terminal.mode = 'unreachable';
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 3_000 });
    await until(() => client.view.payment.pending === null, 'the end');
    expect(noticed()).toEqual({ kind: 'tender_declined', reason: 'unreachable' });
  });

  test('more than is due, nothing, and amounts beyond all sense are refused before anything is asked', async () => {
    await thirty();
    const booked = till.terminal.rows().length;
    expect(await payRefusal(client, { kind: 'card', amountMinor: 3_001 })).toEqual({
      kind: 'too_much',
      dueMinor: 3_000,
    });
    expect(await payRefusal(client, { kind: 'card', amountMinor: 0 })).toMatchObject({ kind: 'bad_request' });
    expect(await payRefusal(client, { kind: 'card', amountMinor: Number.MAX_SAFE_INTEGER })).toMatchObject({
      kind: 'bad_request',
    });
    expect(till.terminal.rows().length).toBe(booked);
  });

  test('while the terminal is asked the basket is closed, other payments wait, and cancelling ends it', async () => {
    till.terminal.mode = 'slow';
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 1_000 });
    const { id: basketId } = client.view.basket;
    expect(await client.refusal('addItem', { sku: 'T1002', qty: 1 })).toEqual({ kind: 'paying' });
    expect(await client.refusal('hold', { label: 'x' })).toEqual({ kind: 'paying' });
    expect(await client.refusal('payCash', { basketId, amountMinor: 3_000 })).toEqual({
      kind: 'tender_pending',
    });
    expect(await client.refusal('clearTenders', {})).toEqual({ kind: 'tender_pending' });
    expect(await client.refusal('clearBasket', {})).toEqual({ kind: 'tender_pending' });
    await client.call('cancelPending', {});
    await until(() => client.view.payment.pending === null, 'the end');
    expect(noticed()).toEqual({ kind: 'tender_declined', reason: 'cancelled' });
    await client.call('addItem', { sku: 'T1002', qty: 1 });
  });

  test('an answer that never comes is looked up: once the line is back the approved payment stands, charged once', async () => {
    till.terminal.mode = 'no_answer';
    const before = till.terminal.takenMinor();
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 3_000 });
    await until(() => client.view.payment.pending?.state === 'unknown', 'the doubt');
    till.terminal.mode = 'approve';
    await settled();
    expect(till.terminal.takenMinor() - before).toBe(3_000);
  });

  test('asked for and still on its way when the till looks: it is called off, so that what comes late charges nothing', async () => {
    const { terminal } = till;
    const { pay: atOnce } = terminal;
    const before = terminal.takenMinor();
    let arrive = async (): Promise<unknown> => 'nothing was asked';
    terminal.pay = (request) => {
      arrive = () => atOnce.call(terminal, request);
      return Promise.reject(new DeviceError('timeout', 'the terminal does not answer', { retry: true }));
    };
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 3_000 });
    await until(() => client.view.payment.pending === null, 'the answer');
    terminal.pay = atOnce;
    expect(noticed()).toEqual({ kind: 'tender_declined', reason: 'unreachable' });
    const { id: basketId } = client.view.basket;
    expect(await client.call('payCash', { basketId, amountMinor: 3_000 })).toMatchObject({ settled: true });
    expect(await arrive()).toMatchObject({ kind: 'declined' });
    expect(terminal.takenMinor()).toBe(before);
  });

  test('in doubt set aside: the customer pays cash, and the approved payment is taken back when the line is there', async () => {
    till.terminal.mode = 'no_answer';
    const before = till.terminal.takenMinor();
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 3_000 });
    await until(() => client.view.payment.pending?.state === 'unknown', 'the doubt');
    await client.call('cancelPending', {});
    expect(client.view.payment.pending).toBeNull();
    expect(noticed()).toEqual({ kind: 'reverse_pending', amountMinor: 3_000 });
    const { id: basketId } = client.view.basket;
    expect(await client.call('payCash', { basketId, amountMinor: 3_000 })).toMatchObject({ settled: true });
    till.terminal.mode = 'approve';
    await until(() => till.terminal.takenMinor() === before, 'the money back');
    await until(() => shopDb(till).prepare('select * from payment').all().length === 0, 'no row left');
  });

  test('clearing tenders takes card money back; one that will not be taken back stays on the basket and is said', async () => {
    const before = till.terminal.takenMinor();
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 1_000 });
    await until(() => client.view.payment.tenderedMinor === 1_000, 'the card');
    expect(client.view.payment.tenders).toMatchObject([
      { kind: 'card', amountMinor: 1_000, detail: expect.stringContaining('****') },
    ]);
    till.terminal.mode = 'decline';
    await client.call('clearTenders', {});
    expect([client.view.payment.tenderedMinor, noticed()]).toEqual([
      1_000,
      { kind: 'reverse_refused', amountMinor: 1_000 },
    ]);
    expect(await client.refusal('clearBasket', {})).toEqual({ kind: 'paying' });
    till.terminal.mode = 'approve';
    await client.call('clearTenders', {});
    expect([client.view.payment.tenderedMinor, till.terminal.takenMinor()]).toEqual([0, before]);
  });
});

describe('a wallet', () => {
  test('a pay code pays, is routed by its shape, and is taken once', async () => {
    await thirty();
    await pay(client, { kind: 'wallet', amountMinor: 3_000, code: WECHAT });
    await settled();
    expect(sale().tenders).toEqual([
      { kind: 'wallet', amountMinor: 3_000, wallet: { wallet: 'wechat', ref: expect.any(String) } },
    ]);
    await thirty();
    await pay(client, { kind: 'wallet', amountMinor: 3_000, code: WECHAT });
    await until(() => noticed()?.kind === 'tender_declined', 'the notice');
    expect(noticed()).toEqual({ kind: 'tender_declined', reason: 'expired_code' });
  });

  test.each(['6901234000016', '99999999999999999', 'hello', '1'])('%s is no pay code', async (code) => {
    await thirty();
    expect(await payRefusal(client, { kind: 'wallet', amountMinor: 3_000, code })).toEqual({
      kind: 'not_a_pay_code',
    });
  });

  test('without a code the till waits for the scan of one; before that a scan of one says when', async () => {
    await thirty();
    await till.scan(ALIPAY);
    await until(() => noticed()?.kind === 'pay_code_now', 'the notice');
    await pay(client, { kind: 'wallet', amountMinor: 3_000 });
    expect(client.view.payment.pending).toMatchObject({ kind: 'wallet', state: 'code', amountMinor: 3_000 });
    await till.scan(ALIPAY);
    await settled();
    expect(sale().tenders).toMatchObject([{ kind: 'wallet', wallet: { wallet: 'alipay' } }]);
  });

  test('what is typed as a code is a pay code too: never searched for, never said back', async () => {
    await thirty();
    const code = '136666666666666661';
    expect(await client.refusal('enter', { text: code })).toEqual({ kind: 'pay_code_now' });
    expect(await client.refusal('addCoupon', { code })).toEqual({ kind: 'pay_code_now' });
  });

  test('a number that may be a card is dropped, not said back', async () => {
    expect(await client.refusal('enter', { text: '4242424242424242' })).toEqual({ kind: 'card_number' });
    await till.scan('378282246310005');
    await until(() => noticed()?.kind === 'card_number', 'the notice');
    expect(JSON.stringify(client.view)).not.toContain('378282246310005');
  });

  test('no pay code is in the journal, in shop.db, in a log or in a view', async () => {
    till.wallets.mode = 'no_answer';
    await thirty();
    const code = '147777777777777778';
    await pay(client, { kind: 'wallet', amountMinor: 3_000, code });
    await until(() => client.view.payment.pending?.state === 'unknown', 'the doubt');
    till.wallets.mode = 'approve';
    await settled();
    const codes = [code, WECHAT, ALIPAY, '136666666666666661', '4242424242424242', '378282246310005'];
    const db = shopDb(till);
    const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as {
      name: string;
    }[];
    const kept = [
      ...till.till.journal.read(1, 10_000).map(({ text }) => text),
      ...tables.flatMap(({ name }) =>
        db
          .prepare(`select * from "${name}"`)
          .all()
          .map((row) => JSON.stringify(row)),
      ),
      ...till.logs,
      JSON.stringify(client.view),
      JSON.stringify(till.wallets.rows()),
    ].join('\n');
    expect(kept.length).toBeGreaterThan(1_000);
    for (const secret of codes) expect(kept).not.toContain(secret);
  });
});

describe('rights', () => {
  test('offline without a grant nothing is spent: points, value and gift card say so', async () => {
    expect(await payRefusal(client, { kind: 'points', points: 100 })).toEqual({ kind: 'empty_basket' });
    await thirty();
    expect(await payRefusal(client, { kind: 'points', points: 100 })).toEqual({ kind: 'no_member' });
    await client.call('setMember', { memberId: member.id });
    expect(await payRefusal(client, { kind: 'points', points: 100 })).toEqual({
      kind: 'no_right',
      usable: 0,
    });
    expect(await payRefusal(client, { kind: 'stored_value', amountMinor: 1 })).toEqual({
      kind: 'no_right',
      usable: 0,
    });
    expect(await payRefusal(client, { kind: 'gift_card', amountMinor: 1, code: 'GC1' })).toEqual({
      kind: 'no_right',
      usable: 0,
    });
    expect(client.view.payment).toMatchObject({ points: { usable: 0, maxPoints: 0 }, storedValueMinor: 0 });
  });

  test('with one exactly that is spent: 1,250 points, steps of 100, at most half; the rest stays usable', async () => {
    grant(till, rightKey.points(member.id), 1_250);
    await thirty();
    await client.call('setMember', { memberId: member.id });
    const { totalMinor } = client.view.basket;
    expect(totalMinor).toBe(3_000 - (3_000 * tier.discountBp) / 10_000);
    expect(await payRefusal(client, { kind: 'points', points: 150 })).toEqual({
      kind: 'points_step',
      stepPoints: 100,
    });
    expect(await payRefusal(client, { kind: 'points', points: 1_300 })).toEqual({
      kind: 'no_right',
      usable: 1_250,
    });
    expect(client.view.payment.points).toMatchObject({
      usable: 1_250,
      maxPoints: 1_200,
      maxWorthMinor: 1_200,
    });
    await pay(client, { kind: 'points', points: 800 });
    // 800 + 700 would be above half of the total.
    const capMinor = Math.floor(totalMinor / 2) - 800;
    expect(client.view.payment.points).toMatchObject({ usable: 450, maxPoints: 400 });
    const more = { leaseId: 'more', key: rightKey.points(member.id), amount: 5_000 };
    grant(till, more.key, more.amount, more.leaseId);
    expect(await payRefusal(client, { kind: 'points', points: 700 })).toEqual({
      kind: 'points_cap',
      capMinor,
    });
    till.till.commit({ kind: 'right_returned', body: { why: 'left', rights: [more] } }, till.till.zone);
    const { id: basketId } = client.view.basket;
    // A point a yuan of what is paid with money.
    expect(client.view.basket.earnPoints).toBe(Math.floor((totalMinor - 800) / 100));
    await client.call('payCash', { basketId, amountMinor: client.view.payment.dueMinor });
    expect(sale().points).toMatchObject({
      programme: 'points-1',
      earned: Math.floor((totalMinor - 800) / 100),
    });
    expect(till.till.rights.usable(rightKey.points(member.id))).toBe(450);
  });

  test('stored value spends what was paid in before its bonus, a gift card what it holds, both only once', async () => {
    grant(till, rightKey.storedValue(member.id), 1_000);
    grant(till, rightKey.storedBonus(member.id), 500);
    grant(till, rightKey.giftCard('GC-77'), 700);
    await thirty();
    await client.call('setMember', { memberId: member.id });
    expect(client.view.payment.storedValueMinor).toBe(1_500);
    await pay(client, { kind: 'stored_value', amountMinor: 1_200 });
    expect(await payRefusal(client, { kind: 'stored_value', amountMinor: 301 })).toEqual({
      kind: 'no_right',
      usable: 300,
    });
    await pay(client, { kind: 'gift_card', amountMinor: 700, code: 'GC-77' });
    expect(await payRefusal(client, { kind: 'gift_card', amountMinor: 1, code: 'GC-77' })).toEqual({
      kind: 'no_right',
      usable: 0,
    });
    await pay(client, { kind: 'cash', amountMinor: 10_000 });
    expect(sale().tenders).toMatchObject([
      { kind: 'stored_value', amountMinor: 1_200, bonusMinor: 200 },
      { kind: 'gift_card', amountMinor: 700, giftCardId: 'GC-77' },
      { kind: 'cash', amountMinor: 10_000 },
    ]);
    const { rights } = till.till;
    expect([
      rights.usable(rightKey.storedValue(member.id)),
      rights.usable(rightKey.storedBonus(member.id)),
      rights.usable(rightKey.giftCard('GC-77')),
    ]).toEqual([0, 300, 0]);
  });

  test('a rule of two uses a member gives nothing without a grant, and with one exactly what is left', async () => {
    const off = () =>
      client.view.basket.lines[0]!.adjustments.filter(({ ruleId }) => ruleId === 'lucky').reduce(
        (sum, { amountMinor }) => sum - amountMinor,
        0,
      );
    await client.call('setMember', { memberId: member.id });
    await client.call('addItem', { sku: 'B4002', qty: 3 });
    expect(off()).toBe(0);
    await client.call('clearBasket', {});
    grant(till, rightKey.rule('lucky', member.id), 2);
    await client.call('setMember', { memberId: member.id });
    await client.call('addItem', { sku: 'B4002', qty: 1 });
    expect(off()).toBe(1_000);
    await client.call('payCash', {
      basketId: client.view.basket.id,
      amountMinor: client.view.payment.dueMinor,
    });
    expect(sale().uses).toEqual([{ ruleId: 'lucky', count: 1 }]);
    await client.call('setMember', { memberId: member.id });
    await client.call('addItem', { sku: 'B4002', qty: 3 });
    expect(off()).toBe(1_000);
  });
});

describe('a voucher', () => {
  test('50.00 pays 30.00, the rest lapses; the same number is refused with the receipt that it paid', async () => {
    await thirty();
    await pay(client, { kind: 'voucher', faceMinor: 5_000, voucherNo: 'V-100' });
    expect(sale()).toMatchObject({
      changeMinor: 0,
      tenders: [{ kind: 'voucher', amountMinor: 3_000, faceMinor: 5_000 }],
    });
    const { receiptNo } = client.view.lastSale!;
    await thirty();
    expect(await payRefusal(client, { kind: 'voucher', faceMinor: 5_000, voucherNo: 'V-100' })).toEqual({
      kind: 'voucher_used',
      receiptNo,
    });
  });
});

describe('mixed', () => {
  test('30.00 as 10.00 card, 5.00 wallet, 5.00 voucher and cash with change; X and Z say how much of each', async () => {
    await client.call('openShift', { floatMinor: 10_000 });
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 1_000 });
    await until(() => client.view.payment.tenderedMinor === 1_000, 'the card');
    await pay(client, { kind: 'wallet', amountMinor: 500, code: '155555555555555555' });
    await until(() => client.view.payment.tenderedMinor === 1_500, 'the wallet');
    await pay(client, { kind: 'voucher', faceMinor: 500, voucherNo: 'V-200' });
    expect(client.view.payment).toMatchObject({ dueMinor: 1_000, exactDueMinor: 1_000 });
    await pay(client, { kind: 'cash', amountMinor: 5_000 });
    expect(sale()).toMatchObject({ totalMinor: 3_000, changeMinor: 4_000 });
    const { totals } = await client.call('readShift', {});
    expect(totals.tenders).toEqual([
      { kind: 'cash', count: 1, amountMinor: 1_000 },
      { kind: 'card', count: 1, amountMinor: 1_000 },
      { kind: 'wallet', count: 1, amountMinor: 500 },
      { kind: 'voucher', count: 1, amountMinor: 500 },
    ]);
    const z = await client.call('closeShift', {
      shiftId: client.view.shift!.shiftId,
      counted: [{ valueMinor: 100, count: 110 }],
    });
    // Only cash is in the drawer: 100.00 float and 10.00.
    expect(z).toMatchObject({ expectedCashMinor: 11_000, differenceMinor: 0 });
  });

  test('29.97 by card leave 0.03 that no coin pays: nothing in cash settles, the rounding is on the receipt', async () => {
    await thirty();
    await pay(client, { kind: 'card', amountMinor: 2_997 });
    await until(() => client.view.payment.tenderedMinor === 2_997, 'the card');
    expect(client.view.payment).toMatchObject({ dueMinor: 0, exactDueMinor: 3 });
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 0 });
    expect(sale()).toMatchObject({ totalMinor: 3_000, roundingMinor: -3, changeMinor: 0 });
  });

  test('a basket whose total moved is not paid but shown again', async () => {
    await thirty();
    const ask = {
      basketId: client.view.basket.id,
      totalMinor: 2_999,
      tenderId: (await client.call('newId', {})).id,
    };
    expect(await client.refusal('pay', { ...ask, tender: { kind: 'card', amountMinor: 1 } })).toEqual({
      kind: 'basket_changed',
    });
  });
});

describe('coupons and discounts by hand', () => {
  test('an own code is typed, scanned or entered once; the sale prices the same again from itself', async () => {
    await thirty();
    expect(await client.refusal('addCoupon', { code: 'NOPE' })).toEqual({
      kind: 'unknown_coupon',
      code: 'NOPE',
    });
    await client.call('enter', { text: 'WELCOME5' });
    expect(client.view.basket).toMatchObject({
      totalMinor: 2_500,
      coupons: [{ code: 'WELCOME5', kind: 'applied', offMinor: 500 }],
    });
    expect(await client.refusal('addCoupon', { code: 'WELCOME5' })).toEqual({ kind: 'coupon_twice' });
    await client.call('removeCoupon', { code: 'WELCOME5' });
    expect(client.view.basket).toMatchObject({ totalMinor: 3_000, coupons: [] });
    await till.scan('WELCOME5');
    await until(() => client.view.basket.totalMinor === 2_500, 'the coupon');
    await client.call('setDiscount', { lineNo: 1, off: { rateBp: 1_000 } });
    expect(client.view.basket).toMatchObject({
      totalMinor: 2_250,
      manual: [{ lineNo: 1, kind: 'applied', offMinor: 250 }],
    });
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 2_250 });
    expect(sale().priced).toMatchObject({ coupons: [{ code: 'WELCOME5' }], manual: [{ lineNo: 1 }] });
    expect(replaySale(sale(), compileRules(RULES), { birthday: null, programme: PROGRAMME })).toBeNull();
  });

  test('a GS1 coupon of 5.00 off tea is good once here; one of another chain says so', async () => {
    const code = (number: string) => `]C1255${number}0042\u001d3902500`;
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('enter', { text: code(GS1_COUPON) });
    expect(client.view.basket).toMatchObject({
      totalMinor: 1_000,
      coupons: [{ code: `${GS1_COUPON}0042`, kind: 'applied', offMinor: 500 }],
    });
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 1_000 });
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('addCoupon', { code: code(GS1_COUPON) });
    expect(client.view.basket).toMatchObject({ totalMinor: 1_500, coupons: [{ kind: 'used_up' }] });
    const other = `990999900001${checkDigit('990999900001')}`;
    await client.call('enter', { text: code(other) });
    expect(client.view.basket.coupons).toMatchObject([{ kind: 'used_up' }, { kind: 'other_chain' }]);
  });

  test('over the cashier’s limit it needs approval, and nothing is changed without', async () => {
    const limit = vi.spyOn(till.till.people, 'discountLimitBp', 'get').mockReturnValue(1_000);
    till.till.approvals.grant('good', 'discount');
    try {
      await thirty();
      await client.call('setDiscount', { lineNo: null, off: { rateBp: 1_000 } });
      expect(client.view.basket.totalMinor).toBe(2_700);
      const off = { lineNo: null, off: { amountMinor: 1_500 } };
      expect(await client.refusal('setDiscount', off)).toEqual({
        kind: 'needs_approval',
        permission: 'discount',
      });
      expect(await client.refusal('setDiscount', { ...off, approvalId: 'bad' })).toMatchObject({
        kind: 'needs_approval',
      });
      expect(client.view.basket.totalMinor).toBe(2_700);
      await client.call('setDiscount', { ...off, approvalId: 'good' });
      expect(client.view.basket).toMatchObject({
        totalMinor: 1_500,
        manual: [{ kind: 'applied', offMinor: 1_500 }],
      });
      await client.call('clearDiscount', { lineNo: null });
      expect(client.view.basket.totalMinor).toBe(3_000);
      expect(await client.refusal('setDiscount', { lineNo: 9, off: { rateBp: 1 } })).toEqual({
        kind: 'no_such_line',
        lineNo: 9,
      });
    } finally {
      limit.mockRestore();
    }
  });

  test('what is short of an offer is said: 196.00 is 4.00 short of 20.00 off', async () => {
    await client.call('addItem', { sku: 'B4002', qty: 2 });
    expect(client.view.basket.totalMinor).toBe(19_600);
    expect(client.view.basket.nearMisses).toMatchObject([{ ruleId: 'near' }]);
  });

  test('coupons and discounts come back with a basket that was on hold', async () => {
    await thirty();
    await client.call('addCoupon', { code: 'WELCOME5' });
    await client.call('setDiscount', { lineNo: null, off: { amountMinor: 100 } });
    await client.call('hold', { label: 'x' });
    const { holdId } = client.view.holds[0]!;
    await client.call('recall', { holdId });
    expect(client.view.basket).toMatchObject({
      totalMinor: 2_400,
      coupons: [{ kind: 'applied' }],
      manual: [{ kind: 'applied' }],
    });
  });
});

test('in training the terminal is played: nothing is asked of it, nothing is journalled as sold', async () => {
  const [booked, sold] = [till.terminal.rows().length, till.till.projections.recent(200).length];
  await client.call('setTraining', { on: true });
  await thirty();
  await pay(client, { kind: 'card', amountMinor: 1_000 });
  await client.call('clearTenders', {});
  expect(client.view.payment.tenders).toEqual([]);
  const paid = await pay(client, { kind: 'card', amountMinor: 3_000 });
  expect(paid.settled).toBe(true);
  await client.call('setTraining', { on: false });
  expect([till.terminal.rows().length, till.till.projections.recent(200).length]).toEqual([booked, sold]);
});

test('HQ takes every sale of these', async () => {
  await until(() => client.view.sync.unsent === 0, 'the acknowledgement');
});
