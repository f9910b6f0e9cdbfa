/** People over the real API: PINs offline, lock-out over a restart, roles, approvals once, the basket that stays. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/entry.ts';
import type { Permission } from '../../src/core/people.ts';
import { verifyFile } from '../../src/tools/verify.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aStaff, PINS, staffRows } from '../kit/staff.ts';
import {
  aTestClock,
  aTillFolder,
  feedTo,
  openTill,
  sell,
  type TestClock,
  type TestTill,
} from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let folder: string;
let till: TestTill;
let client: TillClient;
let clock: TestClock;
let seqBefore = 0;

beforeAll(async () => {
  cloud = await openCloud(QUICK);
  folder = await aTillFolder(cloud, { code: 'P01' });
  const first = await openTill(folder, { openPrinter: null });
  feedTo(first, await staffRows());
  await first.stop();
});
afterAll(async () => {
  await cloud.close();
});

/** The network is unplugged throughout. */
async function open(options: { readonly signOn?: string } = {}): Promise<void> {
  till = await openTill(folder, { openPrinter: null, sync: false, clock, ...options });
  client = await till.client();
}
async function restart(options: { readonly signOn?: string } = {}): Promise<void> {
  await till.stop();
  await open(options);
}
beforeEach(async () => {
  clock = aTestClock();
  await open();
  feedTo(till, await staffRows());
  seqBefore = till.till.journal.head.seq;
});
afterEach(async () => {
  clock.passedMs += 4_000_000;
  await client.call('signOn', { staffId: 'boss', pin: PINS.boss });
  await client.call('clearBasket', {});
  for (const staffId of ['lin', 'chen'] as const)
    await client.call('signOn', { staffId, pin: PINS[staffId] });
  await till.stop();
});

function entries(): JournalEntry[] {
  const { journal } = till.till;
  return [...journal.range(seqBefore + 1, journal.head.seq)];
}
const kinds = () => entries().map(({ kind }) => kind);
const on = (staffId: keyof typeof PINS) => client.call('signOn', { staffId, pin: PINS[staffId] });

async function approved(permission: Permission, reason = '顾客改变主意'): Promise<string> {
  const { approvalId } = await client.call('approve', {
    staffId: 'boss',
    pin: PINS.boss,
    permission,
    reason,
  });
  return approvalId;
}

describe('signing on', () => {
  test('nobody is on after a start: selling answers `signed_off`, searching goods and the staff list do not', async () => {
    expect(client.view.people).toEqual({
      state: 'signed_off',
      roleName: null,
      permissions: [],
      discountLimitBp: 0,
    });
    for (const method of ['addItem', 'enter', 'setMember', 'recentSales', 'clearBasket'] as const) {
      const params = { sku: 'T1001', qty: 1, text: 'T1001', memberId: null, limit: 5 };
      expect(await client.refusal(method, params as never)).toEqual({ kind: 'signed_off' });
    }
    expect((await client.call('searchItems', { text: 'T', limit: 3 })).length).toBeGreaterThan(0);
    const staff = await client.call('staff', {});
    expect(staff.map(({ id, roleName }) => [id, roleName])).toEqual([
      ['boss', '店长'],
      ['chen', '领班'],
      ['lin', '收银员'],
    ]);
    expect(JSON.stringify(staff)).not.toMatch(/salt|hash/);
  });

  test('with the right PIN: entries name the person, and role and permissions are in the view', async () => {
    await on('lin');
    expect(client.view).toMatchObject({
      cashier: { id: 'lin', name: '林' },
      people: { state: 'signed_on', roleName: '收银员', discountLimitBp: 0 },
    });
    await sell(client, ['T1001']);
    expect(entries().map(({ kind, cashierId }) => [kind, cashierId])).toEqual([
      ['signed_on', 'lin'],
      ['sale', 'lin'],
    ]);
  });

  test('a fast switch keeps the basket, and says who left and who came', async () => {
    await on('lin');
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { basket } = client.view;
    await on('boss');
    expect(client.view.basket).toEqual(basket);
    expect(entries().map(({ kind, body, cashierId }) => [kind, body, cashierId])).toEqual([
      ['signed_on', { staffId: 'lin' }, 'lin'],
      ['signed_off', { staffId: 'lin', why: 'switch' }, 'lin'],
      ['signed_on', { staffId: 'boss' }, 'boss'],
    ]);
  });

  test('signing off leaves the basket; the same person twice is one entry; off twice is one entry', async () => {
    await on('lin');
    await on('lin');
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('signOff', {});
    await client.call('signOff', {});
    expect(client.view.people.state).toBe('signed_off');
    expect(client.view.basket.lines).toHaveLength(1);
    expect(await client.refusal('payCash', { basketId: client.view.basket.id, amountMinor: 9_999 })).toEqual({
      kind: 'signed_off',
    });
    expect(kinds()).toEqual(['signed_on', 'signed_off']);
  });

  test('somebody whom HQ has struck off is off at once, and cannot come back', async () => {
    await on('lin');
    feedTo(till, [await aStaff({ id: 'lin', name: '林', pinText: PINS.lin, active: false })]);
    expect(await client.refusal('addItem', { sku: 'T1001', qty: 1 })).toEqual({ kind: 'signed_off' });
    expect(await client.refusal('signOn', { staffId: 'lin', pin: PINS.lin })).toEqual({
      kind: 'unknown_staff',
    });
    expect(entries().at(-1)).toMatchObject({ kind: 'signed_off', body: { staffId: 'lin', why: 'removed' } });
    feedTo(till, await staffRows());
  });

  test('a demo starts signed on; a scan while nobody is on says so', async () => {
    await restart({ signOn: 'chen' });
    expect(client.view.cashier.id).toBe('chen');
    await client.call('signOff', {});
    till.till.onScan('T1001', null);
    expect(till.counter.view().notice).toMatchObject({ level: 'bad', error: { kind: 'signed_off' } });
  });
});

describe('wrong PINs', () => {
  const wrong = (pin = '0000') => client.refusal('signOn', { staffId: 'lin', pin });

  test('four are told how many are left, the fifth locks for 30 s, also against the right PIN', async () => {
    for (const triesLeft of [4, 3, 2, 1]) expect(await wrong()).toEqual({ kind: 'wrong_pin', triesLeft });
    const { untilMs } = (await wrong()) as { untilMs: number };
    expect(untilMs - clock.nowMs()).toBeGreaterThan(28_000);
    expect(untilMs - clock.nowMs()).toBeLessThanOrEqual(30_000);
    expect(await wrong(PINS.lin)).toMatchObject({ kind: 'locked_out' });
    await on('boss');
    expect((await client.call('staff', {})).find(({ id }) => id === 'lin')?.lockedUntilMs).not.toBeNull();
  });

  test('each further wrong one doubles it; the right one ends the count', async () => {
    for (let i = 0; i < 5; i++) await wrong();
    for (const lockMs of [60_000, 120_000, 240_000]) {
      clock.passedMs += lockMs;
      const { untilMs } = (await wrong()) as { untilMs: number };
      expect(Math.round((untilMs - clock.nowMs()) / 1_000)).toBe(lockMs / 1_000);
    }
    clock.passedMs += 240_000;
    await on('lin');
    expect(await wrong()).toEqual({ kind: 'wrong_pin', triesLeft: 4 });
    await on('lin');
  });

  test('a restart ends no lock-out, a clock set forward while the till runs neither', async () => {
    for (let i = 0; i < 5; i++) await wrong();
    await restart();
    expect(await wrong(PINS.lin)).toMatchObject({ kind: 'locked_out' });
    clock.aheadMs += 3_600_000;
    expect(await wrong(PINS.lin)).toMatchObject({ kind: 'locked_out' });
    clock.aheadMs = 0;
  });

  test('a clock that is three days back after the restart makes a lock-out no longer than it was', async () => {
    for (let i = 0; i < 5; i++) await wrong();
    await till.stop();
    clock.aheadMs = -3 * 86_400_000;
    await open();
    clock.passedMs += 30_500;
    await on('lin');
    expect(client.view.people.state).toBe('signed_on');
  });

  test('a flood of 200 guesses at once is five tries, and the till answers all of them', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => wrong(String(2_000 + i))));
    expect(answers.filter(({ kind }) => kind === 'wrong_pin')).toHaveLength(4);
    expect(answers.filter(({ kind }) => kind === 'locked_out')).toHaveLength(196);
  });

  test('a try is counted before it is looked at: a plug pulled in the middle gives none back', async () => {
    for (let i = 0; i < 4; i++) await wrong();
    const pending = till.till.people.check('lin', '0000');
    await Promise.resolve();
    await restart();
    await pending.catch(() => {});
    expect(await wrong(PINS.lin)).toMatchObject({ kind: 'locked_out' });
  });

  test('no PIN is in an answer, in the journal or in the log', async () => {
    await wrong('73519246');
    expect(
      await client.refusal('signOn', { staffId: 'lin', pin: '7351924673519246'.repeat(4) }),
    ).toMatchObject({
      kind: 'bad_request',
    });
    const told = JSON.stringify([till.logs, entries(), client.view]);
    expect(told).not.toContain('73519246');
    expect(readFileSync(path.join(folder, 'journal.db')).includes(Buffer.from('73519246'))).toBe(false);
    await on('lin');
  });

  test('a person whom nobody knows, and a hash that would cost minutes, let nobody in', async () => {
    expect(await client.refusal('signOn', { staffId: 'ghost', pin: '1' })).toEqual({ kind: 'unknown_staff' });
    const row = await aStaff({ id: 'slow', pinText: '1234' });
    feedTo(till, [{ ...row, data: { ...row.data, pin: { ...row.data.pin, cost: 30 } } }]);
    const start = performance.now();
    expect(await client.refusal('signOn', { staffId: 'slow', pin: '1234' })).toMatchObject({
      kind: 'wrong_pin',
    });
    expect(performance.now() - start).toBeLessThan(2_000);
    feedTo(till, [{ kind: 'staff', key: 'slow', data: null }]);
  });
});

describe('permissions and approvals', () => {
  test('what a cashier may not do names the permission; a manager does it without asking', async () => {
    await on('lin');
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { lineNo } = client.view.basket.lines[0]!;
    const refused = [
      ['setUnitPrice', { lineNo, unitPriceMinor: 1 }, 'price_override'],
      ['addItem', { sku: 'T1001', qty: 1, unitPriceMinor: 1 }, 'price_override'],
      ['addItem', { sku: 'T1001', qty: -1 }, 'refund_no_receipt'],
      ['clearBasket', {}, 'void_sale'],
      ['openShift', { floatMinor: 100 }, 'shift'],
      ['openDrawer', { reason: 'x' }, 'no_sale'],
      ['setTraining', { on: true }, 'training'],
      ['storePage', {}, 'store_page'],
    ] as const;
    for (const [method, params, permission] of refused) {
      const error = await client.refusal(method, params as never);
      // Training is refused first for the goods on the basket.
      if (method === 'setTraining') expect(error).toEqual({ kind: 'basket_not_empty' });
      else expect(error).toEqual({ kind: 'needs_approval', permission });
    }
    await client.call('setQuantity', { lineNo, qty: 1 });
    await client.call('voidLine', { lineNo });
    await on('boss');
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('clearBasket', {});
    expect(client.view.basket.lines).toEqual([]);
  });

  test('a role without `void_line` may raise a quantity, not lower it', async () => {
    feedTo(till, [
      {
        kind: 'role',
        key: 'cashier',
        data: { id: 'cashier', name: '收银员', permissions: ['sell', 'fly'], discountLimitBp: 0 },
      },
    ]);
    await on('lin');
    expect(client.view.people.permissions).toEqual(['sell']);
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { lineNo } = client.view.basket.lines[0]!;
    await client.call('setQuantity', { lineNo, qty: 3 });
    for (const [method, params] of [
      ['setQuantity', { lineNo, qty: 1 }],
      ['voidLine', { lineNo }],
    ] as const) {
      expect(await client.refusal(method, params as never)).toEqual({
        kind: 'needs_approval',
        permission: 'void_line',
      });
    }
  });

  test('approved with a reason it happens once: the entry says who let it, the line that it was', async () => {
    await on('lin');
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    const { lineNo } = client.view.basket.lines[0]!;
    const approvalId = await approved('price_override', '标签写错');
    await client.call('setUnitPrice', { lineNo, unitPriceMinor: 1_200, approvalId });
    expect(client.view.basket.totalMinor).toBe(1_200);
    expect(till.till.checkout.basket.lines[0]).toMatchObject({ approvalId, priceSource: 'manual' });
    expect(entries().at(-1)).toMatchObject({
      kind: 'approved',
      cashierId: 'lin',
      body: { approvalId, permission: 'price_override', approverId: 'boss', reason: '标签写错' },
    });
    expect(await client.refusal('setUnitPrice', { lineNo, unitPriceMinor: 1, approvalId })).toEqual({
      kind: 'needs_approval',
      permission: 'price_override',
    });
  });

  test('forged, for another permission, two minutes old, or from before a restart, it is none', async () => {
    await on('lin');
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    const needed = { kind: 'needs_approval', permission: 'void_sale' };
    const forged = (await client.call('newId', {})).id;
    expect(await client.refusal('clearBasket', { approvalId: forged })).toEqual(needed);
    const other = await approved('no_sale');
    expect(await client.refusal('clearBasket', { approvalId: other })).toEqual(needed);
    const old = await approved('void_sale');
    clock.passedMs += 120_001;
    expect(await client.refusal('clearBasket', { approvalId: old })).toEqual(needed);
    const before = await approved('void_sale');
    await restart();
    await on('lin');
    expect(await client.refusal('clearBasket', { approvalId: before })).toEqual(needed);
    await client.call('clearBasket', { approvalId: await approved('void_sale') });
  });

  test('an approval is not used up by a call that failed for another reason', async () => {
    await on('lin');
    const approvalId = await approved('price_override');
    expect(await client.refusal('setUnitPrice', { lineNo: 99, unitPriceMinor: 1, approvalId })).toMatchObject(
      {
        kind: 'no_such_line',
      },
    );
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    const { lineNo } = client.view.basket.lines[0]!;
    await client.call('setUnitPrice', { lineNo, unitPriceMinor: 100, approvalId });
  });

  test('who may not do it cannot let others; a wrong PIN at approving counts and is no approval', async () => {
    await on('lin');
    const ask = { permission: 'price_override', reason: 'x' } as const;
    expect(await client.refusal('approve', { staffId: 'chen', pin: PINS.chen, ...ask })).toEqual({
      kind: 'needs_approval',
      permission: 'price_override',
    });
    expect(await client.refusal('approve', { staffId: 'boss', pin: '0', ...ask })).toEqual({
      kind: 'wrong_pin',
      triesLeft: 4,
    });
    expect(kinds()).toEqual(['signed_on']);
  });

  test('a shift that the manager opened is closed by the senior cashier', async () => {
    await on('boss');
    await client.call('openShift', { floatMinor: 100 });
    await on('chen');
    const { shiftId } = client.view.shift!;
    const z = await client.call('closeShift', { shiftId, counted: [{ valueMinor: 100, count: 1 }] });
    expect(z).toMatchObject({ cashierId: 'chen', differenceMinor: 0 });
  });
});

test('all of it reaches HQ, and the chain is whole', async () => {
  await till.stop();
  const online = await openTill(folder, { openPrinter: null });
  await until(() => online.counter.view().sync.unsent === 0, 'the acknowledgement');
  await online.stop();
  expect(await cloud.db.query('select * from quarantine')).toEqual([]);
  expect((await verifyFile(folder)).broken).toBeNull();
  await open();
});
