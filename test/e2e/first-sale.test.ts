import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Chain, startChain } from './chain.ts';
import { tillPage } from './till-page.ts';

/** Pictures of each step, for people: `SHOTS=folder npx vitest run test/e2e`. */
const SHOTS = process.env.SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

/** The demo's manager. */
async function signOn(page: Page): Promise<void> {
  await tillPage(page).signOn('09', '9999');
}

/** Errors that a page wrote to its console; there are to be none. */
function listenForErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

describe('npm start, a shop owner and one laptop', () => {
  let chain: Chain;
  let browser: Browser;

  beforeAll(async () => {
    [chain, browser] = await Promise.all([startChain(), openBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await chain?.stop();
  });

  test('a scan over the serial line, cash, the slip on paper, and the sale at HQ without a reload', async () => {
    const till = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    const hq = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const errors = [listenForErrors(till), listenForErrors(hq)];
    await hq.goto(chain.hqUrl);
    await till.goto(chain.tillUrl);
    await signOn(till);
    await shoot(till, 'till-empty');
    await shoot(hq, 'hq-empty');

    // The visitor taps goods on the virtual shelf: bytes go over a PTY to the serial driver.
    await till.getByTestId('demo-toggle').click();
    await till.getByTestId('demo-item-T1001').click();
    await till.getByTestId('line-1').waitFor();
    await till.getByTestId('demo-item-T1001').click();
    await till.getByTestId('demo-item-B4001').click();
    await till.getByTestId('line-2').waitFor();
    await till.getByTestId('demo-item-V7001').click();
    await till.getByTestId('line-3').waitFor();
    await expect.poll(() => till.getByTestId('line-1').innerText()).toContain('30.00');
    await shoot(till, 'till-selling');
    const due = await till.getByTestId('total-due').innerText();

    // Cash by keyboard alone.
    await till.getByTestId('demo-toggle').click();
    await till.keyboard.press('F8');
    await till.getByTestId('cash-amount').waitFor();
    await shoot(till, 'till-cash');
    await till.getByTestId('cash-amount').fill('500');
    await till.keyboard.press('Enter');
    const receiptNo = (await till.getByTestId('receipt-no').innerText()).match(/NJ01-\d{6}/)?.[0];
    expect(receiptNo).toBe('NJ01-000001');
    await till.getByTestId('change-due').waitFor();
    await shoot(till, 'till-done');

    // The paper, drawn from the bytes that the virtual printer received.
    await till.getByTestId('demo-toggle').click();
    const paperWords = async () => (await till.getByTestId('demo-paper').textContent())!.replace(/\s/g, '');
    await expect.poll(paperWords, { timeout: 10_000 }).toContain('NJ01-000001');
    const paper = await paperWords();
    for (const words of ['南京西路店', 'NJ01-000001', '纯棉毛巾素色', '2×15.00', '500.00']) {
      expect(paper).toContain(words);
    }
    await shoot(till, 'till-paper');

    // HQ was open all the time.
    await hq.getByTestId('live-sale-NJ01-000001').waitFor({ timeout: 15_000 });
    await shoot(hq, 'hq-live');
    // Due was rounded to whole jiao; the books hold the sale itself, 30.00 + 148.00 + 5.96.
    expect(due).toContain('184.00');
    expect(await hq.getByTestId('live-sale-NJ01-000001').innerText()).toContain('183.96');
    await hq.getByTestId('live-sale-NJ01-000001').click();
    await hq.getByTestId('receipt-paper').waitFor();
    expect((await hq.getByTestId('receipt-paper').textContent())!.replace(/\s/g, '')).toContain(
      'NJ01-000001',
    );
    await shoot(hq, 'hq-receipt');
    expect(errors.flat()).toEqual([]);
  }, 90_000);

  test('a sale of five items without the mouse, with a member by phone', async () => {
    const till = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await till.goto(chain.tillUrl);
    await signOn(till);
    for (const code of ['6909990000011', '3*6909990000097', 'F2003', '6909990000257', '6909990000332']) {
      await till.keyboard.type(code);
      await till.keyboard.press('Enter');
    }
    await shoot(till, 'till-typed');
    await till.getByTestId('line-5').waitFor();
    await till.keyboard.press('F4');
    await till.keyboard.type('13800001007');
    await till.keyboard.press('Enter');
    await till.getByTestId('member-card').waitFor();
    await till.getByTestId('member-query').waitFor({ state: 'hidden' });
    await shoot(till, 'till-member');
    await till.keyboard.press('F8');
    await till.getByTestId('cash-amount').waitFor();
    await till.keyboard.type('900');
    await till.keyboard.press('Enter');
    expect(await till.getByTestId('receipt-no').innerText()).toContain('NJ01-000002');
  }, 60_000);

  test('a shift by keyboard: float, X, a blind count by denomination, Z on paper', async () => {
    const till = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await till.goto(chain.tillUrl);
    await signOn(till);
    await till.keyboard.press('F12');
    await till.getByTestId('shift-dialog').waitFor();
    await till.keyboard.press('o');
    await till.getByTestId('shift-float').fill('200');
    await shoot(till, 'till-float');
    await till.getByTestId('shift-float').press('Enter');
    await till.getByTestId('shift-dialog').waitFor({ state: 'hidden' });
    await expect.poll(() => till.getByTestId('shift-state').innerText()).toContain('Z1');
    await till.keyboard.press('F12');
    await till.getByTestId('shift-x').waitFor();
    await till.getByTestId('shift-x').click();
    await till.getByTestId('report').waitFor();
    await shoot(till, 'till-x');
    await till.keyboard.press('Escape');
    await till.getByTestId('shift-z').click();
    await till.getByTestId('count-10000').fill('2');
    expect(await till.getByTestId('count-total').innerText()).toContain('200.00');
    await shoot(till, 'till-count');
    await till.getByTestId('z-confirm').click();
    await till.getByTestId('z-difference').waitFor();
    expect(await till.getByTestId('z-difference').innerText()).toContain('0.00');
    await shoot(till, 'till-z');
    await till.close();
  }, 60_000);

  test('weight from the scale, the customer watching, and the cable pulled in the middle of the receipt: one copy', async () => {
    const till = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await till.goto(chain.tillUrl);
    await signOn(till);
    // The customer's window, by key and touch.
    await till.keyboard.press('Shift+F11');
    await till.getByTestId('device-customer_screen').click();
    const [customer] = await Promise.all([
      till.waitForEvent('popup'),
      till.getByTestId('customer-open').click(),
    ]);
    await customer.locator('[data-testid=customer][data-phase=idle]').waitFor();
    await till.getByTestId('dialog-close').click();

    if (!(await till.getByTestId('demo-tab-hands').isVisible())) await till.keyboard.press('Shift+F9');
    await till.getByTestId('demo-tab-hands').click();
    await till.getByTestId('hands-weight').fill('842');
    await till.getByTestId('scan-input').focus();
    await till.keyboard.type('V7001');
    await till.keyboard.press('Enter');
    await till.locator('[data-testid=from-scale][data-state=weighed]').waitFor();
    expect(await till.getByTestId('number-input').inputValue()).toBe('0.842');
    await till.keyboard.press('Enter');
    await till.getByTestId('line-1').waitFor();
    const due = await till.getByTestId('total-due').innerText();
    await expect
      .poll(() => customer.getByTestId('customer-due').innerText(), { timeout: 20_000 })
      .toContain(due.trim());
    await shoot(customer, 'customer-selling');

    const copies = async () =>
      ((await till.getByTestId('demo-paper').textContent()) ?? '').replace(/\s/g, '').split('副本').length -
      1;
    expect(await copies()).toBe(0);
    await till.getByTestId('hands-cut').click();
    await till.keyboard.press('F8');
    await till.getByTestId('cash-amount').fill('100');
    await till.keyboard.press('Enter');
    const receiptNo = (await till.getByTestId('receipt-no').innerText()).match(/NJ01-\d{6}/)![0];
    await customer.getByTestId('customer-change').waitFor();
    await shoot(customer, 'customer-done');
    await expect
      .poll(() => till.getByTestId('hands-unplugged').getAttribute('aria-pressed'), { timeout: 20_000 })
      .toBe('true');
    await till.getByTestId('hands-unplugged').click();
    await expect.poll(copies, { timeout: 20_000 }).toBe(1);
    await expect
      .poll(async () => (await till.getByTestId('printer-state').innerText()).trim(), { timeout: 20_000 })
      .not.toMatch(/\d/);
    expect(await copies()).toBe(1);
    expect((await till.getByTestId('demo-paper').textContent())!).toContain(receiptNo);
    await shoot(till, 'till-copy');
    await customer.close();
    await till.close();
  }, 90_000);

  for (const locale of ['zh-CN', 'zh-TW', 'en'] as const) {
    test(`both pages speak ${locale}`, async () => {
      const till = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await till.goto(chain.tillUrl);
      await signOn(till);
      await till.getByTestId(`lang-${locale}`).click();
      await expect.poll(() => till.evaluate(() => document.documentElement.lang)).toBe(locale);
      await shoot(till, `till-${locale}`);
      const hq = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await hq.goto(chain.hqUrl);
      await hq.getByTestId('today-total').first().waitFor();
      await hq.getByTestId(`lang-${locale}`).click();
      await expect.poll(() => hq.evaluate(() => document.documentElement.lang)).toBe(locale);
      await shoot(hq, `hq-${locale}`);
      await till.close();
      await hq.close();
    }, 60_000);
  }

  test('Ctrl-C stops all of it with exit 0', async () => {
    const other = await startChain(['--store', 'pglite', '--tills', '2']);
    expect(other.words()).toContain('till XH01');
    expect(await other.stop()).toBe(0);
  }, 120_000);
});
