/**
 * Every page of HQ's console on a phone and on a desk: nothing wider than the window, no serious fault for who cannot see, no
 * error in the browser's console. `node test/e2e/console-pages.ts FOLDER` takes pictures of all.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCALES, type Locale } from '../../src/core/item.ts';
import { demoWorld } from '../../src/tools/demo-world.ts';
import { seriousFaults } from './axe.ts';
import { A_MEMBER, allPages, drawn, SIZES, visit } from './console-pages.ts';
import { type ConsolePage, type ConsoleStage, openConsole } from './console-stage.ts';
import { setUpThings } from './console-things.ts';
import { pageFaults } from './page-faults.ts';

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 15_000 };

let stage: ConsoleStage;
/** Two people's browsers, open all the time: to load a console takes a second. */
let tabs: readonly ConsolePage[];
beforeAll(async () => {
  stage = await openConsole({ days: 8 });
  await setUpThings(stage, A_MEMBER);
  await giveLongNames();
  tabs = await Promise.all([stage.open('/'), stage.open('/')]);
  for (const { page } of tabs) await page.getByTestId('today-total').waitFor();
}, 180_000);
afterAll(() => stage?.close());

/** Names as some are, in the places where a page has little room. */
const GERMAN =
  'Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle Untermünkheim-Oberscheffach';
const CHINESE = '上海市静安区南京西路恒隆广场地下一层全球精品超市会员旗舰体验中心暨生活方式概念馆';

async function giveLongNames(): Promise<void> {
  const { client } = stage.cloud;
  const { stores } = (await client.get('/api/v1/stores')) as { stores: object[] };
  const { items } = (await client.get('/api/v1/items?limit=2')) as { items: object[] };
  const named = (all: readonly object[]) =>
    all.map((one, index) => ({
      ...one,
      name: index === 0 ? CHINESE : GERMAN,
      names: { 'zh-TW': CHINESE, en: GERMAN },
    }));
  await client.put('/api/v1/stores', { stores: named(stores.slice(0, 2)) });
  await client.put('/api/v1/items', { items: named(items) });
  await client.put('/api/v1/members', {
    members: [{ ...demoWorld().members[1]!, name: GERMAN }],
  });
  await client.post('/api/v1/segments', {
    ...{ name: GERMAN.slice(0, 96), note: CHINESE },
    rule: { source: 'tier', in: ['gold'] },
  });
}

/** What is not the console's to translate: names of the stage, codes of the shop, what a database said. */
const DATA =
  /^(standard|food|exempt|raw|lin|zhou|web shop|pet|shoe|wedding|asleep|not storable: .*|Donaudampf.*|[0-9A-F]{4}-[0-9A-F]{4})$/;

test('every page fits a phone by night and a desk by day: nothing cut, wide, over the head or in another language, no serious fault', async () => {
  const pages = await allPages(stage);
  const half = Math.ceil(pages.length / 2);
  // In two tabs: while one waits for HQ, the other is looked at.
  const faults = await Promise.all(
    tabs.map(({ page }, tab) => walk(page, pages.slice(tab * half, (tab + 1) * half))),
  );
  expect(faults.flat()).toEqual([]);
  expect(tabs.flatMap(({ errors }) => errors)).toEqual([]);
}, 120_000);

/** Without a reload: each page on a phone in three languages, then on a desk in the last of them, which is another for each. */
async function walk(page: Page, pages: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, href] of pages.entries()) {
    // The audit log still names routes as the API does.
    const isData = (text: string) => href === '/audit' || DATA.test(text);
    const look = async (locale: Locale, rules: 'all' | 'look' | null) => {
      await drawn(page);
      let found = await pageFaults(page, { locale, isData });
      // A table finds out that it is too wide when it is there: what is a fault stays one.
      for (let again = 0; found.length > 0 && again < 5; again++) {
        await drawn(page);
        found = await pageFaults(page, { locale, isData });
      }
      if (rules !== null) found.push(...(await seriousFaults(page, rules)));
      const where = `${href} ${locale} ${page.viewportSize()!.width}`;
      faults.push(...found.map((fault) => `${where}: ${fault}`));
    };
    await page.setViewportSize(SIZES[1]);
    await page.emulateMedia({ colorScheme: 'dark' });
    const locales = [0, 1, 2].map((turn) => LOCALES[(index + turn) % LOCALES.length]!);
    for (const [turn, locale] of locales.entries()) {
      await visit(page, href, locale);
      await look(locale, turn === 0 ? 'all' : null);
    }
    await page.setViewportSize(SIZES[0]);
    await page.emulateMedia({ colorScheme: 'light' });
    await look(locales[2]!, 'look');
    faults.push(...(await unsaved(page)).map((table) => `${href}: ${table} cannot be saved as a file`));
  }
  return faults;
}

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

test('an address is a page: in a tab that was never there, and after a reload, it shows the same, filters and all', async () => {
  const [{ page }, { page: other }] = tabs as [ConsolePage, ConsolePage];
  const shown = (tab: Page) =>
    tab.evaluate(() => [location.pathname + location.search, document.querySelector('main')?.innerText]);
  for (const href of [
    '/analysis?days=7&by=hour&storeId=S01&vs=none',
    '/sales?storeId=S02&kind=refund',
    '/segments?tab=flow&months=3',
    '/prices?tab=items&q=%E9%BE%99%E4%BA%95',
    '/fleet?tab=poison&aside=closed',
  ]) {
    for (const tab of [page, other]) {
      await visit(tab, href, 'en');
      await drawn(tab);
    }
    const before = await shown(page);
    expect(before).toMatchObject([href, expect.stringMatching(/./)]);
    await expect.poll(() => shown(other), SOON).toEqual(before);
  }
  const before = await shown(page);
  await page.reload();
  await expect.poll(() => shown(page), SOON).toEqual(before);
}, 60_000);

test('HQ that is slow, broken, or answers half: the page says so, keeps old figures with their time, and comes back', async () => {
  const { page } = tabs[0]!;
  await visit(page, '/sales', 'en');
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
  await page.unroute('**/api/v1/figures/**');
}, 60_000);

test('a slow report is taken back when its page is left, and asked anew by who comes again', async () => {
  const { page } = tabs[0]!;
  await visit(page, '/account', 'en');
  const pareto = '**/api/v1/reports/pareto**';
  // HQ never answers.
  await page.route(pareto, () => {});
  const asked = page.waitForRequest(pareto);
  await page.evaluate(() => {
    history.pushState(null, '', '/segments?tab=concentration');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  const request = await asked;
  await page.locator('main [data-testid=loading]').first().waitFor();
  expect(request.failure()).toBeNull();
  await visit(page, '/account', 'en');
  await expect.poll(() => request.failure()?.errorText, SOON).toBe('net::ERR_ABORTED');
  await page.unroute(pareto);
  await visit(page, '/segments?tab=concentration', 'en');
  await expect.poll(() => page.locator('.facts-list').innerText(), SOON).toContain('The top 10 % bring');
  expect(await page.getByTestId('error-notice').count()).toBe(0);
}, 60_000);

test('two people on one member: the second is told, and what was typed stays', async () => {
  const [{ page }, other] = tabs as [ConsolePage, ConsolePage];
  for (const tab of [page, other.page]) await visit(tab, '/members/m-0003', 'en');
  await page.getByTestId('member-note').fill('second');
  await other.page.getByTestId('member-note').fill('first');
  await other.page.getByTestId('member-save').click();
  await expect.poll(() => other.page.locator('.facts').first().innerText()).toContain('first');
  await page.getByTestId('member-save').click();
  await expect.poll(() => page.getByTestId('form-problem').innerText()).toContain('Somebody else');
  expect(await page.getByTestId('member-note').inputValue()).toBe('second');
}, 60_000);
