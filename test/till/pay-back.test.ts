/** Money going back: to what paid, in reverse, never more than it paid, and never out of a gift card as cash. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rightKey } from '../../src/core/lease.ts';
import type { Sale } from '../../src/core/sale.ts';
import { DeviceError } from '../../src/devices/ports.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';
import { grant, openPayTill, type PayTill, pay, publish } from './pay-kit.ts';

const world = smallWorld();
const member = world.members[0]!;
let cloud: TestCloud;
let till: PayTill;
let client: TillClient;

beforeAll(async () => {
  cloud = await openCloud(QUICK, { world });
  till = await openPayTill(await aTillFolder(cloud, { code: 'B01' }));
  client = till.client_;
  publish(till, {
    version: 'points-2',
    earn: { perMinor: 100, multipliers: [], timesMaxBp: 50_000 },
    spend: { points: 300, worthMinor: 100, stepPoints: 1, capBp: 10_000 },
  });
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});

const lastSale = (): Sale =>
  till.till.saleAt(till.till.projections.saleById(client.view.lastSale!.saleId)!.seq)!.sale;
const payBackOf = () => client.view.payment.payBack.map(({ kind, amountMinor }) => [kind, amountMinor]);

/** As the returns desk puts them there. */
function putBack(sale: Sale | null, amountMinor: number): void {
  const { checkout, session } = till.till;
  checkout.reset();
  const { basket } = checkout;
  const line = {
    lineNo: 1,
    sku: 'T1001',
    gtin: null,
    name: '龙井',
    qty: -1,
    weightG: null,
    unitPriceMinor: amountMinor,
    priceSource: 'manual' as const,
    taxCode: till.till.catalog.store!.tax.rates[0]!.code,
    ...(sale === null
      ? {}
      : {
          back: {
            saleId: sale.id,
            receiptNo: sale.receiptNo,
            lineNo: 1,
            taxMode: sale.taxMode,
            grossMinor: -amountMinor,
            netMinor: -amountMinor,
            taxRateBp: sale.lines[0]!.taxRateBp,
            taxMinor: 0,
            points: 0,
          },
        }),
  };
  checkout.restore({
    basket: {
      ...basket,
      id: session.newId(),
      lines: [line],
      lastLineNo: 1,
      memberId: sale?.memberId ?? null,
    },
    memberId: sale?.memberId ?? null,
    tenders: [],
  });
  till.till.onChange();
}

async function giveBack(to: 'original' | 'cash') {
  const { id: tenderId } = await client.call('newId', {});
  const { basket } = client.view;
  return client.call('payBack', { basketId: basket.id, totalMinor: basket.totalMinor, tenderId, to });
}

/** 30.00: 10.00 card, then 20.00 cash out of 50.00. */
async function cardAndCash(): Promise<Sale> {
  await client.call('addItem', { sku: 'T1001', qty: 2 });
  await pay(client, { kind: 'card', amountMinor: 1_000 });
  await until(() => client.view.payment.tenderedMinor === 1_000, 'the card');
  await pay(client, { kind: 'cash', amountMinor: 5_000 });
  return lastSale();
}

describe('back to what paid', () => {
  test('of 30.00 (10.00 card, then 20.00 cash) 25.00 go back as 20.00 cash and 5.00 card, then 5.00 to the card: no more', async () => {
    const sale = await cardAndCash();
    const before = till.terminal.takenMinor();
    putBack(sale, 2_500);
    await until(() => client.view.basket.totalMinor === -2_500, 'the return');
    expect(payBackOf()).toEqual([
      ['card', 500],
      ['cash', 2_000],
    ]);
    await giveBack('original');
    await until(() => client.view.payment.tenderedMinor === -500, 'the card');
    expect(payBackOf()).toEqual([['cash', 2_000]]);
    await giveBack('original');
    expect(lastSale().tenders).toMatchObject([
      { kind: 'card', amountMinor: -500, card: (sale.tenders[0] as { card: object }).card },
      { kind: 'cash', amountMinor: -2_000 },
    ]);
    expect(till.terminal.takenMinor() - before).toBe(-500);
    putBack(sale, 500);
    await until(() => client.view.basket.totalMinor === -500, 'the rest');
    expect(payBackOf()).toEqual([['card', 500]]);
    await giveBack('original');
    await until(() => client.view.basket.lines.length === 0, 'the refund');
    // All 30.00 are back: whatever comes again has no payment to go to.
    putBack(sale, 700);
    await until(() => client.view.basket.totalMinor === -700, 'too much');
    expect(payBackOf()).toEqual([['cash', 700]]);
    await client.call('clearBasket', {});
  });

  test('points and gift card go back where they came from, by part and in sum; cash instead is for the rest only', async () => {
    grant(till, rightKey.points(member.id), 10_000);
    grant(till, rightKey.giftCard('GC-9'), 10_000);
    await client.call('setMember', { memberId: member.id });
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    await pay(client, { kind: 'points', points: 1_000 });
    await pay(client, { kind: 'gift_card', amountMinor: 1_000, code: 'GC-9' });
    const { exactDueMinor: cardMinor, tenderedMinor } = client.view.payment;
    // 1,000 points at 300 a yuan are 3.33, which takes 999 of them.
    expect(tenderedMinor).toBe(1_333);
    await pay(client, { kind: 'card', amountMinor: cardMinor });
    await until(() => client.view.basket.lines.length === 0, 'the sale');
    const sale = lastSale();
    expect(sale.tenders[0]).toEqual({ kind: 'points', amountMinor: 333, points: 999 });

    putBack(sale, cardMinor + 1_000 + 100);
    await until(() => client.view.payment.payBack.length > 0, 'the plan');
    expect(payBackOf()).toEqual([
      ['gift_card', 1_000],
      ['points', 100],
      ['card', cardMinor],
    ]);
    await giveBack('cash');
    expect(lastSale().tenders).toMatchObject([
      { kind: 'gift_card', amountMinor: -1_000, giftCardId: 'GC-9', ofSaleId: sale.id },
      { kind: 'points', amountMinor: -100, points: -300, ofSaleId: sale.id },
      // 16.67, rounded to the store's 0.10.
      { kind: 'cash', amountMinor: -1_670 },
    ]);
    // Nothing comes back to this till's rights: it goes to the account at HQ.
    expect(till.till.rights.usable(rightKey.points(member.id))).toBe(10_000 - 999);
  });

  test('to cash needs the permission', async () => {
    const sale = await cardAndCash();
    putBack(sale, 3_000);
    await until(() => client.view.basket.totalMinor === -3_000, 'the return');
    const role = vi
      .spyOn(till.till.people, 'may')
      .mockImplementation((permission) => permission !== 'refund_to_cash');
    till.till.approvals.grant('good', 'refund_to_cash');
    try {
      const { basket } = client.view;
      const { id: tenderId } = await client.call('newId', {});
      const ask = { basketId: basket.id, totalMinor: -3_000, tenderId, to: 'cash' } as const;
      const refused = { kind: 'needs_approval', permission: 'refund_to_cash' };
      expect(await client.refusal('payBack', ask)).toEqual(refused);
      expect(await client.refusal('payCash', { basketId: basket.id, amountMinor: -3_000 })).toEqual(refused);
      expect(await client.call('payBack', { ...ask, approvalId: 'good' })).toMatchObject({ settled: true });
      expect(await client.call('payBack', { ...ask, approvalId: 'good' })).toMatchObject({ settled: true });
    } finally {
      role.mockRestore();
    }
  });

  test('what has no known payment goes out in cash; a card that declines the refund says so and nothing is lost', async () => {
    putBack(null, 1_200);
    await until(() => client.view.basket.totalMinor === -1_200, 'the return');
    expect(payBackOf()).toEqual([['cash', 1_200]]);
    await giveBack('original');
    expect(lastSale().tenders).toEqual([{ kind: 'cash', amountMinor: -1_200 }]);

    const sale = await cardAndCash();
    till.terminal.mode = 'decline';
    putBack(sale, 3_000);
    await until(() => client.view.basket.totalMinor === -3_000, 'the return');
    await giveBack('original');
    await until(() => client.view.notice?.error?.kind === 'tender_declined', 'the notice');
    expect(client.view.payment).toMatchObject({ tenders: [], pending: null });
    till.terminal.mode = 'approve';
    await giveBack('cash');
    expect(lastSale().tenders).toEqual([{ kind: 'cash', amountMinor: -3_000 }]);
  });

  test('a card has its money back and the disk does not take the refund: said again it is made, and the card is asked once', async () => {
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { id } = client.view.basket;
    await pay(client, { kind: 'card', amountMinor: 3_000 });
    await until(() => client.view.lastSale?.saleId === id, 'the sale');
    putBack(lastSale(), 500);
    await until(() => client.view.basket.totalMinor === -500, 'the return');
    const { journal } = till.till;
    const append = journal.append.bind(journal);
    journal.append = () => {
      throw new Error('the disk is full');
    };
    await giveBack('original');
    await until(() => client.view.payment.tenderedMinor === -500, 'the money is back');
    const asked = till.terminal.rows().length;
    journal.append = append;
    await giveBack('original');
    expect(lastSale().totalMinor).toBe(-500);
    expect(till.terminal.rows().length).toBe(asked);
  });

  test('a refund that is still on its way when the till looks is asked for again by its id: given once', async () => {
    const sale = await cardAndCash();
    const { terminal } = till;
    const { refund: atOnce } = terminal;
    const before = terminal.takenMinor();
    let arrive = async (): Promise<unknown> => 'nothing was asked';
    terminal.refund = (request) => {
      terminal.refund = atOnce;
      arrive = () => atOnce.call(terminal, request);
      return Promise.reject(new DeviceError('timeout', 'the terminal does not answer', { retry: true }));
    };
    putBack(sale, 3_000);
    await until(() => client.view.basket.totalMinor === -3_000, 'the return');
    await giveBack('original');
    await until(() => client.view.payment.tenderedMinor === -1_000, 'the money back');
    await giveBack('original');
    expect(await arrive()).toMatchObject({ kind: 'approved' });
    expect(terminal.takenMinor() - before).toBe(-1_000);
  });

  test('a refund to a card of which nobody knows is owed: the sale is made, and the till gives it until it is given', async () => {
    const sale = await cardAndCash();
    const before = till.terminal.takenMinor();
    till.terminal.mode = 'no_answer';
    putBack(sale, 3_000);
    await until(() => client.view.basket.totalMinor === -3_000, 'the return');
    await giveBack('original');
    await until(() => client.view.payment.pending?.state === 'unknown', 'the doubt');
    await client.call('cancelPending', {});
    expect(client.view.payment).toMatchObject({ tenderedMinor: -1_000, pending: null });
    await giveBack('original');
    till.terminal.mode = 'approve';
    await until(() => till.till.payments.all().length === 0, 'the money back');
    expect(till.terminal.takenMinor() - before).toBe(-1_000);
  });
});
