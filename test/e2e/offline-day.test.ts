/** One day with the cable out, by keyboard; then the cable goes in, and HQ's numbers are those of the Z. */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectedCash, type ShiftReport } from '../../src/core/shift-report.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import { VirtualWallet } from '../../src/devices/virtual-wallet.ts';
import { DEMO_STAFF, demoProgramme, demoRules } from '../../src/tools/demo-world.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aBadLine, type BadLine } from '../kit/proxy.ts';
import { aTillFolder, openTill, type TestTill, TOKEN } from '../kit/till.ts';
import { until } from '../kit/until.ts';
import { openBrowser } from './browser.ts';
import { type TillPage, tillPage } from './till-page.ts';

const SHOTS = process.env.SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

/** T1001, a towel of 15.00. */
const TOWEL = '6909990000011';
const GOODS = [TOWEL, '6909990000097', '6909990000257', '6909990000332'];
const MANAGER = { id: '09', pin: '9999' };
const CASHIER = { id: '01', pin: '1111' };

let cloud: TestCloud;
let line: BadLine;
let shop: TestTill;
let browser: Browser;
let page: Page;
let till: TillPage;
let sales = 0;
const world = smallWorld();

beforeAll(async () => {
  cloud = await openCloud(QUICK, { world });
  await cloud.client.put('/api/v1/rules', demoRules());
  await cloud.client.put('/api/v1/programme', demoProgramme());
  await cloud.client.put('/api/v1/staff', { staff: DEMO_STAFF });
  line = await aBadLine(cloud.url, () => 0.5);
  line.decide = () => 'none';
  const folder = await aTillFolder(cloud, { code: 'D01', url: line.url });
  const [terminal, wallets] = [new VirtualTerminal(), new VirtualWallet()];
  shop = await openTill(folder, { scanner: true, terminal, wallets });
  await until(() => {
    const { catalog } = shop.till;
    return catalog.programme !== null && shop.counter.view().people.state === 'signed_off';
  }, 'the programme and the staff list');
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  await page.addInitScript((token) => sessionStorage.setItem('counterfoil-till-token', token), TOKEN);
  await page.goto(`http://127.0.0.1:${shop.server.port}/`);
  till = tillPage(page);
}, 120_000);

afterAll(async () => {
  await shoot('day-last');
  await browser?.close();
  await shop?.stop();
  await line?.close();
  await cloud?.close();
});

test('a day of thirty sales of every kind without HQ; then HQ has what the Z says, to the cent', async () => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // The cable comes out before anybody is there.
  line.decide = () => 'cut';
  line.cutAll();

  await till.signOn(MANAGER.id, MANAGER.pin);
  await openShift('200');
  await expect.poll(() => page.getByTestId('shift-state').innerText()).toContain('Z1');

  for (let n = 0; n < 16; n++) {
    await till.enter(...GOODS.slice(0, 1 + (n % GOODS.length)));
    if (n === 3) await hold();
    else await sold(till.payCash());
  }
  for (const member of world.members.slice(0, 3)) await memberSale(member.phone ?? member.cardNo);
  await couponSale();
  await cardSale();
  await walletSale('130000000000000012');
  await walletSale('280000000000000017');
  await splitSale();
  await discountSale();
  await recalled();
  await enrolledSale();
  await weighedOrTypedSales();
  expect(sales).toBe(30);

  await switchTo(CASHIER);
  await refundOne();
  await exchangeOne();
  await switchTo(MANAGER);

  const x = await xReport();
  expect(x.totals).toMatchObject({ sales: 31, refunds: 1 });
  const z = await closeShift(x);
  expect(z.differenceMinor).toBe(0);
  await shoot('day-z');
  const unsent = shop.counter.view().sync.unsent;
  expect(unsent).toBeGreaterThan(30);

  // The cable goes in.
  line.decide = () => 'none';
  await until(() => shop.counter.view().sync.unsent === 0, 'every entry at HQ', 60_000);
  // HQ's books follow its journal at their own pace.
  await until(async () => (await hqShifts()).length > 0, 'the Z at HQ', 60_000);
  expect(await hqShifts()).toMatchObject([
    {
      tillCode: 'D01',
      zNo: 1,
      totalMinor: z.totals.totalMinor,
      expectedMinor: z.expectedCashMinor,
      countedMinor: z.countedCashMinor,
      differenceMinor: 0,
      differs: [],
    },
  ]);
  const { days } = (await cloud.client.get('/api/v1/figures/store-days')) as { days: HqDay[] };
  expect(days).toHaveLength(1);
  expect(days[0]).toMatchObject({
    totalMinor: z.totals.totalMinor,
    grossMinor: z.totals.grossMinor,
    adjustmentMinor: z.totals.adjustmentMinor,
    taxMinor: z.totals.taxMinor,
    pieces: z.totals.pieces,
  });
  expect(days[0]!.sales + days[0]!.refunds).toBe(32);
  await expect.poll(() => page.getByTestId('sync-state').innerText()).toContain('在线');
  expect(errors).toEqual([]);
}, 400_000);

async function hqShifts(): Promise<readonly object[]> {
  return ((await cloud.client.get('/api/v1/shifts')) as { shifts: object[] }).shifts;
}

interface HqDay {
  readonly totalMinor: number;
  readonly sales: number;
  readonly refunds: number;
}

// ---- what happens on the day ----

async function sold(paid: Promise<string>): Promise<string> {
  const receiptNo = await paid;
  sales++;
  return receiptNo;
}

async function openShift(float: string): Promise<void> {
  await page.keyboard.press('F12');
  await page.getByTestId('shift-float').waitFor();
  await page.keyboard.type(float);
  await page.keyboard.press('Enter');
  await page.getByTestId('shift-dialog').waitFor({ state: 'hidden' });
}

async function hold(): Promise<void> {
  await page.keyboard.press('F2');
  await page.getByTestId('hold-label').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('hold-dialog').waitFor({ state: 'hidden' });
}

async function recalled(): Promise<void> {
  await page.keyboard.press('F3');
  await page.getByTestId('hold-recall').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('line-1').waitFor();
  await sold(till.payCash());
}

async function memberSale(phone: string): Promise<void> {
  await till.enter(TOWEL, ...GOODS);
  await till.member(phone);
  await sold(till.payCash());
}

/** Short of its minimum first, in words; then it applies. */
async function couponSale(): Promise<void> {
  await till.enter(TOWEL);
  await page.keyboard.press('Shift+F6');
  await page.getByTestId('coupon-code').waitFor();
  await page.keyboard.type('CP-AUTUMN10');
  await page.keyboard.press('Enter');
  const row = page.getByTestId('coupon-CP-AUTUMN10');
  await expect.poll(() => row.innerText()).toContain('还差 85.00');
  await shoot('day-coupon-short');
  await page.keyboard.press('Escape');
  await till.enter(`7*${TOWEL}`);
  await expect.poll(() => page.getByTestId('offers').innerText()).toContain('已减 10.00');
  await shoot('day-coupon');
  await sold(till.payCash());
}

async function cardSale(): Promise<void> {
  await till.enter(...GOODS);
  await page.keyboard.press('F10');
  await page.getByTestId('tender-amount').waitFor();
  await page.keyboard.press('Enter');
  await sold(till.receipt());
}

/** F9, then the scanner reads the customer's phone over the serial line. */
async function walletSale(payCode: string): Promise<void> {
  await till.enter(TOWEL);
  await page.keyboard.press('F9');
  await page.getByTestId('pay-code').waitFor();
  await shoot('day-wallet');
  await shop.scan(payCode);
  await sold(till.receipt());
}

async function splitSale(): Promise<void> {
  await till.enter(...GOODS);
  await page.keyboard.press('F10');
  await page.getByTestId('tender-amount').waitFor();
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await page.getByTestId('tendered').waitFor();
  await page.keyboard.press('F8');
  await page.getByTestId('cash-amount').waitFor();
  await shoot('day-split');
  await page.keyboard.press('Enter');
  await sold(till.receipt());
}

async function discountSale(): Promise<void> {
  await till.enter(TOWEL);
  await page.keyboard.press('F6');
  await page.getByTestId('discount-value').waitFor();
  await page.keyboard.type('10');
  await page.keyboard.press('Enter');
  await page.getByTestId('discount-dialog').waitFor({ state: 'hidden' });
  expect(await till.due()).toContain('13.50');
  await sold(till.payCash());
}

async function enrolledSale(): Promise<void> {
  await till.enter(TOWEL);
  await page.keyboard.press('F4');
  await page.keyboard.press('F9');
  await page.getByTestId('enrol-name').waitFor();
  await page.keyboard.type('钱新');
  await page.getByTestId('enrol-phone').fill('13955550001');
  for (const box of await page.locator('.consent input').all()) await box.check();
  await shoot('day-enrol');
  await page.getByTestId('enrol-confirm').click();
  await page.getByTestId('member-dialog').waitFor({ state: 'hidden' });
  await page.getByTestId('provisional').waitFor();
  await sold(till.payCash());
}

/** A quantity, an article number, a void, a weight, and whatever is left of the thirty. */
async function weighedOrTypedSales(): Promise<void> {
  await till.enter(`2*${TOWEL}`, 'T1001');
  await page.keyboard.press('Delete');
  await page.getByTestId('line-1').waitFor({ state: 'hidden' });
  while (sales < 30) {
    await till.enter(TOWEL);
    await sold(till.payCash());
  }
}

async function switchTo(who: { readonly id: string; readonly pin: string }): Promise<void> {
  await page.keyboard.press('F1');
  await page.getByTestId(`staff-${who.id}`).waitFor();
  await page.keyboard.type(who.id);
  await page.keyboard.press('Enter');
  await page.keyboard.type(who.pin);
  await page.keyboard.press('Enter');
  await page.getByTestId('people-dialog').waitFor({ state: 'hidden' });
}

async function pickReturn(digits: string): Promise<void> {
  await page.keyboard.press('F7');
  await page.getByTestId('return-query').waitFor();
  await page.keyboard.type(digits);
  await page.keyboard.press('Enter');
  await page.getByTestId('return-lines').waitFor();
}

/** The third sale had three articles: one of them comes back. */
async function refundOne(): Promise<void> {
  await pickReturn('3');
  await page.keyboard.press('1');
  await shoot('day-return');
  await page.keyboard.press('Enter');
  await page.getByTestId('return-dialog').waitFor({ state: 'hidden' });
  expect(await page.getByTestId('due-label').innerText()).toBe('应退');
  expect(await till.due()).toContain('15.00');
  await payOut();
}

/** All of the first sale for two other towels: the customer pays the difference. */
async function exchangeOne(): Promise<void> {
  await pickReturn('1');
  await page.keyboard.press('F7');
  await page.keyboard.press('Enter');
  await page.getByTestId('return-dialog').waitFor({ state: 'hidden' });
  await till.enter(`2*${TOWEL}`);
  expect(await page.getByTestId('due-label').innerText()).toBe('换货，顾客补');
  expect(await till.due()).toContain('15.00');
  await shoot('day-exchange');
  await till.payCash();
}

async function payOut(): Promise<void> {
  await page.keyboard.press('F8');
  await page.getByTestId('pay-out-due').waitFor();
  await page.keyboard.press('Enter');
  await till.receipt();
}

async function xReport(): Promise<ShiftReport> {
  await page.keyboard.press('F12');
  await page.getByTestId('shift-x').waitFor();
  await page.keyboard.press('x');
  await page.getByTestId('report-tenders').waitFor();
  await shoot('day-x');
  await page.keyboard.press('Escape');
  return shop.counter.api.readShift({});
}

/** The drawer holds what it should, counted in pieces of 0.10. */
async function closeShift({ totals }: ShiftReport): Promise<ShiftReport> {
  const cashMinor = expectedCash(totals);
  await page.keyboard.press('z');
  await page.getByTestId('count-10').fill(String(cashMinor / 10));
  await page.getByTestId('z-confirm').click();
  await page.getByTestId('z-difference').waitFor();
  return (await shop.counter.api.zReports({ limit: 1 }))[0]!;
}

async function shoot(name: string): Promise<void> {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
}
