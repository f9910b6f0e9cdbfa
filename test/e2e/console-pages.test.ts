/**
 * Every page of HQ's console on a phone and on a desk: nothing wider than the window, no serious fault for who cannot see, no
 * error in the browser's console. Languages take turns; `node test/e2e/console-pages.ts FOLDER` takes pictures of all.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import { seriousFaults } from './axe.ts';
import { allPages, drawn, SIZES, visit } from './console-pages.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 15_000 };

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await openConsole({ days: 8 });
}, 180_000);
afterAll(() => stage?.close());

const LOOKS = [
  { size: SIZES[0], colorScheme: 'light' },
  { size: SIZES[1], colorScheme: 'dark' },
] as const;

test('every page fits a desk by day and a phone by night, without a serious fault, in one of three languages each', async () => {
  const pages = await allPages(stage);
  const { page, errors } = await stage.open('/', SIZES[0]);
  await page.getByTestId('today-total').waitFor();
  const faults: string[] = [];
  for (const [index, href] of pages.entries()) {
    // A third of the pages each: a change of language draws everything anew. So does one of the look: the next page begins in it.
    const locale = LOCALES[Math.floor((index * LOCALES.length) / pages.length)]!;
    await visit(page, href, locale);
    for (const [turn, { size, colorScheme }] of (index % 2 === 0 ? LOOKS : LOOKS.toReversed()).entries()) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      await drawn(page);
      const where = `${href} ${locale} ${size.width}`;
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > size.width) faults.push(`${where}: ${wide} px wide`);
      if (size === SIZES[0])
        faults.push(...(await unsaved(page)).map((table) => `${where}: ${table} cannot be saved as a file`));
      const rules = turn === 0 ? 'all' : 'look';
      faults.push(...(await seriousFaults(page, rules)).map((fault) => `${where}: ${fault}`));
    }
  }
  expect(faults).toEqual([]);
  expect(errors).toEqual([]);
  await page.close();
}, 120_000);

/** Tables without an export, in their card or above them all. */
function unsaved(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main .ant-table-wrapper, main table')]
      .filter((table) => table.closest('.ant-table-expanded-row') === null)
      .filter((table) => table.parentElement!.closest('.ant-table-wrapper') === null)
      .filter(
        (table) =>
          table.closest('.card')?.querySelector('.export-button') == null &&
          document.querySelector('.top .export-button') === null,
      )
      .map((table) => table.innerText.slice(0, 40).replaceAll(/\s+/g, ' ')),
  );
}

test('an address is a page: after a reload it shows the same, filters and all', async () => {
  const { page } = await stage.open('/');
  await page.getByTestId('today-total').waitFor();
  for (const href of [
    '/analysis?days=7&by=hour&storeId=S01&vs=none',
    '/sales?storeId=S02&kind=refund',
    '/segments?tab=flow&months=3',
    '/prices?tab=items&q=%E9%BE%99%E4%BA%95',
    '/fleet?tab=poison&aside=closed',
  ]) {
    await visit(page, href, 'en');
    await drawn(page);
    const shown = () =>
      page.evaluate(() => [location.pathname + location.search, document.querySelector('main')!.innerText]);
    const before = await shown();
    expect(before[0]).toBe(href);
    await page.reload();
    await expect.poll(shown, SOON).toEqual(before);
  }
  await page.close();
}, 60_000);

test('HQ that is slow, broken, or answers half: the page says so, keeps old figures with their time, and comes back', async () => {
  const { page } = await stage.open('/sales');
  await page.locator('a.row-link').first().waitFor();
  await page.route('**/api/v1/shifts**', (route) => route.fulfill({ status: 500, body: 'no JSON' }));
  await visit(page, '/fleet?tab=shifts', 'en');
  const notice = page.getByTestId('error-notice');
  await notice.waitFor();
  expect(await notice.getAttribute('data-kind')).toBe('server');
  await page.unroute('**/api/v1/shifts**');
  await page.route('**/api/v1/shifts**', (route) =>
    route.fulfill({ status: 200, contentType: 'application/json', body: '{"shifts":[{"storeId":' }),
  );
  await notice.getByRole('button').click();
  await notice.waitFor();
  expect(await notice.getAttribute('data-kind')).toBe('server');
  await page.unroute('**/api/v1/shifts**');
  await page.route('**/api/v1/shifts**', (route) => route.abort());
  await notice.getByRole('button').click();
  await page.locator('[data-kind=unreachable]').waitFor();
  await page.unroute('**/api/v1/shifts**');
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/api/v1/shifts**', async (route) => {
    await held;
    await route.continue();
  });
  await visit(page, '/fleet?tab=alerts', 'en');
  await page.evaluate(() => {
    history.pushState(null, '', '/fleet?tab=shifts&storeId=S01');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  // In the place of the table its outline, which says that it waits.
  await page.locator('main [data-testid=loading][aria-busy=true] .ant-skeleton').waitFor();
  letGo();
  await page.locator('.ant-table-row').first().waitFor();
  await page.unroute('**/api/v1/shifts**');
  // What is shown stays, with a note, when it cannot be read again.
  await page.route('**/api/v1/figures/**', (route) => route.abort());
  await visit(page, '/', 'en');
  await page.locator('[data-kind=unreachable]').first().waitFor();
  await page.close();
}, 60_000);

test('two people on one member: the second is told, and what was typed stays', async () => {
  const { page } = await stage.open('/members/m-0003');
  await page.getByTestId('member-note').fill('second');
  const other = await stage.open('/members/m-0003');
  await other.page.getByTestId('member-note').fill('first');
  await other.page.getByTestId('member-save').click();
  await expect.poll(() => other.page.locator('.facts').first().innerText()).toContain('first');
  await page.getByTestId('member-save').click();
  await expect.poll(() => page.getByTestId('form-problem').innerText()).toContain('Somebody else');
  expect(await page.getByTestId('member-note').inputValue()).toBe('second');
  await page.close();
  await other.page.close();
}, 60_000);
