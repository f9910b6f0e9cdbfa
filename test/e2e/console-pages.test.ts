/**
 * Every page of HQ's console on a phone and on a desk: nothing wider than the window, no serious fault for who cannot see, no
 * error in the browser's console. Languages take turns; `node test/e2e/console-pages.ts FOLDER` takes pictures of all.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCALES, type Locale } from '../../src/core/item.ts';
import { demoWorld } from '../../src/tools/demo-world.ts';
import { seriousFaults } from './axe.ts';
import { A_MEMBER, allPages, drawn, SIZES, visit } from './console-pages.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';
import { setUpThings } from './console-things.ts';
import { pageFaults } from './page-faults.ts';

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 15_000 };

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await openConsole({ days: 8 });
  await setUpThings(stage, A_MEMBER);
  await giveLongNames();
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

const LOOKS = [
  { size: SIZES[0], colorScheme: 'light' },
  { size: SIZES[1], colorScheme: 'dark' },
] as const;

test('every page fits a desk by day and a phone by night: nothing cut, wide, over the head or in another language, no serious fault', async () => {
  const pages = await allPages(stage);
  const half = Math.ceil(pages.length / 2);
  // In two tabs: while one waits for HQ, the other is looked at.
  const walked = await Promise.all([0, 1].map((tab) => walk(pages.slice(tab * half, (tab + 1) * half))));
  expect(walked.flatMap(({ faults }) => faults)).toEqual([]);
  expect(walked.flatMap(({ errors }) => errors)).toEqual([]);
}, 120_000);

/** Each page in both sizes and in one language after the other, and without a reload. */
async function walk(
  pages: readonly string[],
): Promise<{ readonly faults: string[]; readonly errors: readonly string[] }> {
  const { page, errors } = await stage.open('/', SIZES[0]);
  await page.getByTestId('today-total').waitFor();
  const faults: string[] = [];
  for (const [index, href] of pages.entries()) {
    const [locale, ...others] = [0, 1, 2].map((turn) => LOCALES[(index + turn) % LOCALES.length]!);
    await visit(page, href, locale!);
    for (const [turn, { size, colorScheme }] of (index % 2 === 0 ? LOOKS : LOOKS.toReversed()).entries()) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      await drawn(page);
      const where = `${href} ${locale} ${size.width}`;
      // The audit log still names routes as the API does.
      const isData = (text: string) => href === '/audit' || DATA.test(text);
      const look = async (at: string, language: Locale) =>
        faults.push(
          ...(await pageFaults(page, { locale: language, isData })).map((fault) => `${at}: ${fault}`),
        );
      await look(where, locale!);
      if (size === SIZES[0])
        faults.push(...(await unsaved(page)).map((table) => `${where}: ${table} cannot be saved as a file`));
      const rules = turn === 0 ? 'all' : 'look';
      faults.push(...(await seriousFaults(page, rules)).map((fault) => `${where}: ${fault}`));
      // Of the other two one in each size: words are of other lengths there.
      await visit(page, href, others[turn]!);
      await drawn(page);
      await look(`${href} ${others[turn]} ${size.width}`, others[turn]!);
      if (turn === 0) await visit(page, href, locale!);
    }
  }
  await page.close();
  return { faults, errors };
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

test('an address is a page: after a reload it shows the same, filters and all', async () => {
  const hrefs = [
    '/analysis?days=7&by=hour&storeId=S01&vs=none',
    '/sales?storeId=S02&kind=refund',
    '/segments?tab=flow&months=3',
    '/prices?tab=items&q=%E9%BE%99%E4%BA%95',
    '/fleet?tab=poison&aside=closed',
  ];
  const { page } = await stage.open('/');
  await page.getByTestId('today-total').waitFor();
  const shown = (tab: Page) =>
    tab.evaluate(() => [location.pathname + location.search, document.querySelector('main')?.innerText]);
  const before: unknown[] = [];
  for (const href of hrefs) {
    await visit(page, href, 'en');
    await drawn(page);
    before.push(await shown(page));
  }
  // Each loaded from its address alone, at the same time.
  const loaded = await Promise.all(hrefs.map((href) => stage.open(href)));
  for (const [index, { page: tab }] of loaded.entries()) {
    await expect.poll(() => shown(tab), SOON).toEqual(before[index]);
    expect(before[index]).toMatchObject([hrefs[index], expect.stringMatching(/./)]);
    await tab.close();
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

test('a slow report is taken back when its page is left, and asked anew by who comes again', async () => {
  const { page } = await stage.open('/sales');
  await page.locator('a.row-link').first().waitFor();
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
