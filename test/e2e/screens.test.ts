/** Every screen, in three languages and two sizes: contrast, names, targets, nothing cut off; and a picture for people. */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShiftReport } from '../../src/core/shift-report.ts';
import type { TillView } from '../../src/till/api.ts';
import { openBrowser } from './browser.ts';
import { CUSTOMER_SCENES } from './customer-views.ts';
import { drawn, faultsOf } from './look.ts';
import { type Answers, openStage, type Stage } from './stage.ts';
import * as shop from './stage-views.ts';

const SHOTS = process.env.SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

const Z: ShiftReport = {
  kind: 'z',
  shiftId: 'z1',
  zNo: 41,
  businessDate: '2026-11-22',
  cashierId: '101',
  atMs: shop.NOW_MS,
  totals: {
    openedAtMs: shop.NOW_MS - 30_000_000,
    floatMinor: 20_000,
    sales: 30,
    refunds: 2,
    pieces: 88,
    grossMinor: 412_000,
    adjustmentMinor: -31_205,
    taxes: [{ taxCode: 'S', rateBp: 1_300, baseMinor: 336_987, taxMinor: 43_808 }],
    taxMinor: 43_808,
    totalMinor: 380_795,
    roundingMinor: -5,
    cashMinor: 120_790,
    tenders: [
      { kind: 'cash', count: 14, amountMinor: 120_790 },
      { kind: 'card', count: 8, amountMinor: 140_000 },
      { kind: 'wallet', count: 7, amountMinor: 118_000 },
      { kind: 'points', count: 1, amountMinor: 2_000 },
    ],
    paidInMinor: 5_000,
    paidOutMinor: 1_200,
    dropMinor: 50_000,
    noSales: 1,
    firstReceiptNo: 'NJ01-000101',
    lastReceiptNo: 'NJ01-000132',
  },
  expectedCashMinor: 94_590,
  countedCashMinor: 94_090,
  differenceMinor: -500,
};

const ANSWERS: Answers = {
  staff: () => [...shop.STAFF],
  searchMembers: () => [...shop.HITS],
  searchItems: () => [...shop.ITEMS],
  consentText: () => shop.CONSENT,
  recentSales: () => [shop.SOLD, { ...shop.SOLD, saleId: 's2', receiptNo: 'NJ01-000122', memberName: null }],
  findSale: () => shop.SOLD,
  storePage: () => shop.STORE_PAGE,
  zReports: () => [Z, { ...Z, zNo: 40, shiftId: 'z0', differenceMinor: 0 }],
  readShift: () => ({
    ...Z,
    kind: 'x',
    expectedCashMinor: null,
    countedCashMinor: null,
    differenceMinor: null,
  }),
  clearBasket: () => ({ error: { kind: 'needs_approval', permission: 'void_sale' } }),
  signOn: () => ({ error: { kind: 'wrong_pin', triesLeft: 3 } }),
  newId: () => ({ id: 'id-1' }),
  deviceBoard: () => shop.DEVICE_BOARD,
  scanTest: () => shop.DEVICE_BOARD,
  weigh: () => ({ error: { kind: 'scale', why: 'gone' } }),
};

interface Scene {
  readonly name: string;
  readonly view: () => TillView;
  readonly act?: (page: Page) => Promise<void>;
}

const press =
  (...keys: readonly string[]) =>
  async (page: Page) => {
    for (const key of keys) await page.keyboard.press(key);
  };

const SHIFT = {
  shiftId: 'x',
  zNo: 42,
  openedAtMs: shop.NOW_MS - 30_000_000,
  businessDate: '2026-11-22',
  floatMinor: 20_000,
};

const SCENES: readonly Scene[] = [
  { name: 'empty', view: () => shop.aShop() },
  { name: 'selling', view: () => shop.selling() },
  { name: 'exchange', view: shop.EXCHANGE },
  { name: 'refund', view: shop.REFUND },
  {
    name: 'training-clock',
    view: () => shop.selling({ training: true, clock: { state: 'jumped', byMs: -259_200_000 } }),
  },
  { name: 'pay-cash', view: () => shop.selling(), act: press('F8') },
  {
    name: 'pay-mixed',
    view: () =>
      shop.selling({
        payment: shop.payment({
          dueMinor: 16_110,
          exactDueMinor: 16_113,
          tenderedMinor: 12_000,
          tenders: [
            { kind: 'points', amountMinor: 2_000, detail: '2000' },
            { kind: 'card', amountMinor: 10_000, detail: 'UnionPay 4242' },
          ],
        }),
      }),
    act: press('F8'),
  },
  { name: 'pay-card', view: () => shop.selling(), act: press('F10') },
  { name: 'pay-points', view: () => shop.selling(), act: press('F8', 'F6') },
  { name: 'pay-stored', view: () => shop.selling(), act: press('F8', 'F7') },
  { name: 'pay-gift', view: () => shop.selling(), act: press('F8', 'F11') },
  { name: 'pay-voucher', view: () => shop.selling(), act: press('Shift+F8') },
  {
    name: 'pay-waiting-code',
    view: () => pending('wallet', 'code'),
    act: press('F8'),
  },
  { name: 'pay-waiting-card', view: () => pending('card', 'waiting'), act: press('F8') },
  { name: 'pay-unknown', view: () => pending('card', 'unknown'), act: press('F8') },
  { name: 'pay-back', view: shop.REFUND, act: press('F8') },
  { name: 'coupons', view: () => shop.selling(), act: press('Shift+F6') },
  { name: 'discount', view: () => shop.selling(), act: press('F6', '2', '0') },
  { name: 'price', view: () => shop.selling(), act: press('F6', 'ArrowUp') },
  { name: 'member', view: () => shop.selling(), act: press('F4') },
  {
    name: 'member-provisional',
    view: () =>
      shop.selling({
        member: {
          ...shop.MEMBER,
          provisional: true,
          points: null,
          lastPurchases: [],
          suggestions: [],
          tags: [],
        },
      }),
    act: press('F4'),
  },
  {
    name: 'member-find',
    view: () => shop.aShop(),
    act: async (page) => {
      await page.keyboard.press('F4');
      await page.keyboard.type('林小');
      await page.getByTestId('member-hit-0').waitFor();
    },
  },
  {
    name: 'enrol',
    view: () => shop.aShop(),
    act: async (page) => {
      await press('F4', 'F9')(page);
      await page.getByTestId('consent-membership').waitFor();
      await page.getByTestId('enrol-name').fill('王新');
      await page.getByTestId('enrol-phone').fill('1380');
    },
  },
  { name: 'return', view: () => shop.aShop(), act: press('F7') },
  {
    name: 'return-lines',
    view: () => shop.aShop(),
    act: async (page) => {
      await page.keyboard.press('F7');
      await page.keyboard.type('123');
      await page.keyboard.press('Enter');
      await page.getByTestId('return-lines').waitFor();
      await press('2', 'ArrowDown', '+')(page);
    },
  },
  {
    name: 'return-plain',
    view: () => shop.aShop(),
    act: async (page) => {
      await press('F7', 'F9')(page);
      await page.keyboard.type('ya');
      await page.getByTestId('return-item-0').waitFor();
      await page.keyboard.press('Enter');
      await page.getByTestId('return-price').waitFor();
    },
  },
  {
    name: 'sign-on',
    view: () =>
      shop.aShop({ people: { state: 'signed_off', roleName: null, permissions: [], discountLimitBp: 0 } }),
    act: async (page) => {
      await page.getByTestId('staff-102').waitFor();
      await page.keyboard.type('201');
      await press('Enter', '1', '2', '3', '4', 'Enter')(page);
      await page.getByTestId('notice').waitFor();
    },
  },
  { name: 'people', view: () => shop.selling(), act: press('F1') },
  {
    name: 'approval',
    view: () => shop.selling(),
    act: async (page) => {
      await page.keyboard.press('Shift+Delete');
      await page.getByTestId('clear-confirm').click();
      await page.getByTestId('staff-301').waitFor();
    },
  },
  {
    name: 'store',
    view: () => shop.selling(),
    act: async (page) => {
      await page.keyboard.press('Shift+F12');
      await page.getByTestId('store-grid').waitFor();
    },
  },
  { name: 'ready-lacks', view: () => shop.selling({ readiness: shop.LACKING }) },
  {
    name: 'drill-offered',
    view: () => shop.selling({ readiness: shop.LACKING }),
    act: (page) => toReadiness(page),
  },
  {
    name: 'drill-runs',
    view: () => shop.selling({ drill: { untilMs: shop.NOW_MS + 900_000, report: null } }),
    act: (page) => toReadiness(page),
  },
  ...([true, false] as const).map((keptItsWord) => ({
    name: keptItsWord ? 'drill-kept' : 'drill-broken',
    view: () => shop.selling({ drill: { untilMs: null, report: { ...shop.DRILLED, keptItsWord } } }),
    act: (page: Page) => toReadiness(page),
  })),
  ...(['printer', 'scanner-1', 'scale'] as const).map((device) => ({
    name: `device-${device}`,
    view: () =>
      shop.selling({
        devices: { scale: 'absent', drawerOpen: true, troubled: ['printer', 'scale'], wedges: [] },
      }),
    act: async (page: Page) => {
      await page.keyboard.press('Shift+F11');
      await page.getByTestId(`device-${device}`).click();
      if (device === 'scale') await page.getByTestId('device-weigh').click();
    },
  })),
  { name: 'shift', view: () => shop.selling({ shift: SHIFT }), act: press('F12') },
  { name: 'x-report', view: () => shop.selling({ shift: SHIFT }), act: press('F12', 'x') },
  {
    name: 'z-reports',
    view: () => shop.selling(),
    act: async (page) => {
      await press('F12', 'r')(page);
      await page.getByTestId('z-reprint').waitFor();
    },
  },
  { name: 'receipts', view: () => shop.selling(), act: press('Shift+F7') },
  { name: 'count', view: () => shop.aShop({ shift: SHIFT }), act: press('F12', 'z') },
  { name: 'hold', view: () => shop.selling(), act: press('F2') },
  { name: 'drawer', view: () => shop.selling(), act: press('F11') },
  { name: 'quantity', view: () => shop.selling(), act: press('*') },
  {
    name: 'holds',
    view: () =>
      shop.aShop({
        holds: [
          {
            holdId: 'h1',
            label: '林小美',
            atMs: shop.NOW_MS,
            pieces: 3,
            grossMinor: 12_800,
            memberName: '林小美',
          },
          { holdId: 'h2', label: '毛巾', atMs: shop.NOW_MS, pieces: 1, grossMinor: 1_500, memberName: null },
        ],
      }),
    act: press('F3'),
  },
];

async function toReadiness(page: Page): Promise<void> {
  await page.keyboard.press('Shift+F12');
  await page.getByTestId('store-ready').scrollIntoViewIfNeeded();
}

function pending(kind: 'card' | 'wallet', state: 'code' | 'waiting' | 'unknown'): TillView {
  return shop.selling({
    payment: shop.payment({
      pending: {
        kind,
        amountMinor: 28_113,
        wallet: null,
        state: state as 'waiting',
        sinceMs: shop.NOW_MS - 12_000,
      },
    }),
  });
}

const SMALL = { width: 1_024, height: 768 };
const LARGE = { width: 1_920, height: 1_080 };

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser?.close());

/** The small screen in every language, the large one in one of them; what is open stays open while the language changes. */
const LOOKS = [
  { locale: 'zh-CN', size: LARGE },
  { locale: 'zh-CN', size: SMALL },
  { locale: 'zh-TW', size: SMALL },
  { locale: 'en', size: SMALL },
] as const;

describe('in three languages', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(browser, SMALL);
  }, 60_000);
  afterAll(() => stage?.close());

  async function faultsOfAll(name: string): Promise<Record<string, string[]>> {
    const { page } = stage;
    const faults: Record<string, string[]> = {};
    for (const { locale, size } of LOOKS) {
      await stage.speak(locale);
      await page.setViewportSize(size);
      await drawn(page);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.${locale}.${size.width}.png` });
      const found = await faultsOf(page);
      if (found.length > 0) faults[`${locale} ${size.width} x ${size.height}`] = found;
    }
    return faults;
  }

  test.each(SCENES)('$name', async ({ name, view, act }) => {
    await stage.play({ ...view(), locale: 'zh-CN' }, ANSWERS);
    await act?.(stage.page);
    expect(await faultsOfAll(name)).toEqual({});
  });

  test.each(CUSTOMER_SCENES)('the customer’s page: %s', async (name, view) => {
    await stage.playCustomer({ ...view, locale: 'zh-CN' });
    expect(await faultsOfAll(`customer-${name}`)).toEqual({});
  });
});

test('the fire drill: the pill names what lacks, the button asks for 15 minutes, and what happened is said', async () => {
  const stage = await openStage(browser, SMALL);
  const { page } = stage;
  const asked: unknown[] = [];
  const view = shop.selling({ locale: 'en', readiness: shop.LACKING });
  await stage.play(view, {
    ...ANSWERS,
    startDrill: (params: unknown) => {
      asked.push(params);
      return { ...view, drill: { untilMs: null, report: shop.DRILLED } };
    },
  });
  await expect.poll(() => page.getByTestId('readiness').getAttribute('title')).toContain('printer');
  expect(await page.getByTestId('readiness').innerText()).toContain('45');
  await toReadiness(page);
  await page.getByTestId('drill-15').click();
  await expect.poll(() => asked).toEqual([{ minutes: 15 }]);
  await stage.close();
});

describe('a scanner that types into the page', () => {
  const CODE = '6909990000011';
  const entered: string[] = [];
  const asked: string[] = [];
  const answers: Answers = {
    ...ANSWERS,
    enter: ({ text }: { text: string }) => {
      entered.push(text);
      return { error: { kind: 'unknown_code', code: text } };
    },
    findSale: ({ receiptNo }: { receiptNo: string }) => {
      asked.push(receiptNo);
      return { error: { kind: 'unknown_receipt' } };
    },
  };
  const withPrefix = () =>
    shop.aShop({
      devices: { scale: 'none', drawerOpen: null, troubled: [], wedges: [{ prefix: '~', suffix: 'line' }] },
    });
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(browser, SMALL);
  }, 60_000);
  afterAll(() => stage?.close());

  /** All keys at once, as a scanner sends them: one awaited after the other would be a slow typist. */
  async function scan(text: string): Promise<void> {
    const keys = await stage.page.context().newCDPSession(stage.page);
    const strokes = [...text].flatMap((char) => [
      { type: 'keyDown', key: char, text: char } as const,
      { type: 'keyUp', key: char } as const,
    ]);
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' };
    await Promise.all(
      [...strokes, { type: 'keyDown', ...enter } as const, { type: 'keyUp', ...enter } as const].map(
        (stroke) => keys.send('Input.dispatchKeyEvent', stroke),
      ),
    );
    await keys.detach();
  }

  async function joining(view: () => TillView): Promise<void> {
    await stage.play(view(), answers);
    await press('F4', 'F9')(stage.page);
    await stage.page.getByTestId('enrol-name').fill('王新');
  }

  test('with a prefix: its code is entered, whatever has the focus, and no field sees a key of it', async () => {
    const { page } = stage;
    await stage.play(withPrefix(), answers);
    entered.length = 0;
    await page.getByTestId('scan-input').focus();
    await scan(`~${CODE}`);
    await expect.poll(() => entered).toEqual([CODE]);
    expect(await page.getByTestId('scan-input').inputValue()).toBe('');

    await joining(withPrefix);
    await scan(`~${CODE}`);
    await expect.poll(() => page.getByTestId('member-dialog').innerText()).toContain(CODE);
    expect(await page.getByTestId('enrol-name').inputValue()).toBe('王新');
    expect(entered).toEqual([CODE]);
  });

  test('with a prefix, in a field that is there for codes: the code is looked for without the prefix', async () => {
    const { page } = stage;
    await stage.play(withPrefix(), answers);
    await press('F7')(page);
    await page.getByTestId('return-query').focus();
    await scan('~NJ01-000123');
    await expect.poll(() => asked).toEqual(['NJ01-000123']);
  });

  test('without one it is known by its speed: the name that it was typed into stands as before', async () => {
    const { page } = stage;
    await joining(() => shop.aShop());
    await scan(CODE);
    await expect.poll(() => page.getByTestId('member-dialog').innerText()).toContain(CODE);
    expect(await page.getByTestId('enrol-name').inputValue()).toBe('王新');
  });

  test('a person who types the prefix sees it', async () => {
    const { page } = stage;
    await joining(withPrefix);
    await page.keyboard.type('~');
    await expect.poll(() => page.getByTestId('enrol-name').inputValue()).toBe('王新~');
  });
});
