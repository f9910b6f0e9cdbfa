/** HQ's console: the shell around all pages, and sales from the first figure down to the paper. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFaults } from './axe.ts';
import { visit } from './console-pages.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await openConsole();
}, 180_000);
afterAll(() => stage?.close());

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 15_000 };

const plain = (text: string) => Number(text.replace(/[^\d.-]/g, ''));

describe('sales', () => {
  test('the figures of 30 days are those of the tables, and lead by store and category to one receipt and its proof', async () => {
    const { page, errors } = await stage.open('/analysis');
    const [sum] = await stage.cloud.db.query<{ total: number; tickets: number }>(
      `select sum(total_minor)::bigint as total, count(*) filter (where kind <> 'refund')::int as tickets from sale`,
    );
    const total = page.getByTestId('analysis-total');
    await expect.poll(async () => plain(await total.innerText()), SOON).toBe(sum!.total / 100);
    await expect
      .poll(() => page.getByTestId('equation-tree').innerText(), SOON)
      .toContain(String(sum!.tickets).replace(/\B(?=(\d{3})+$)/g, ','));
    // The number says where it comes from, and is the quotient of what it names.
    await page.getByRole('button', { name: 'How Average ticket is worked out' }).click();
    const how = page.locator('.explanation p');
    await expect.poll(() => how.innerText(), SOON).toMatch(/^Sales ¥[\d,.]+ ÷ tickets [\d,]+$/);
    const [over, under] = (await how.innerText()).split('÷').map(plain) as [number, number];
    expect([over, under]).toEqual([sum!.total / 100, sum!.tickets]);
    const factors = page.locator('.kpis .factor-value');
    expect(plain(await factors.nth(2).innerText())).toBeCloseTo(over / under, 2);
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.mouse.move(0, 0);

    await page.getByTestId('drill-S01').click();
    const [food] = await stage.cloud.db.query<{ total: number }>(
      `select sum(l.net_minor)::bigint as total from sale_line l join item i using (sku)
       where l.store_id = 'S01' and i.data->>'category' = '食品'`,
    );
    await page.getByTestId('drill-食品').click();
    await page.getByTestId('chip-category').waitFor();
    await expect.poll(async () => plain(await total.innerText()), SOON).toBe(food!.total / 100);

    await page.locator('a.cell-link').first().click();
    const row = page.locator('a.row-link').first();
    const receiptNo = await row.innerText();
    await row.click();
    await page.getByTestId('chain-proof').waitFor();
    expect(await page.getByTestId('receipt-paper').innerText()).toContain(receiptNo);
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  test('each dimension has rows, and its file holds what the table shows', async () => {
    const { page, errors } = await stage.open('/analysis?by=promotion');
    for (const by of ['tender', 'cashier', 'hour', 'item', 'promotion']) {
      await page.getByTestId(`by-${by}`).click();
      await page.locator('.card-table .ant-table-row').first().waitFor();
    }
    await page.locator('.export-button').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText('Export CSV').click(),
    ]);
    const text = await (await import('node:stream/consumers')).text((await download.createReadStream())!);
    expect(text.split('\r\n')[0]).toContain('Promotion,Sales,Share');
    expect(text).toContain('鲜牛奶第 2 件半价');
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);
});

describe('the shell', () => {
  test('Ctrl K finds a page, an article and a receipt', async () => {
    const { page, errors } = await stage.open('/');
    await page.getByTestId('today-total').waitFor();
    const first = page.getByTestId('palette-hit-0');
    const look = async (typed: string, title: string) => {
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-input').fill(typed);
      await expect.poll(() => first.innerText().catch(() => ''), SOON).toContain(title);
      await page.keyboard.press('Enter');
    };
    await look('stores & t', 'Stores & tills');
    await expect.poll(() => new URL(page.url()).pathname, SOON).toBe('/tills');
    await look('龙井', '龙井茶');
    await expect.poll(() => new URL(page.url()).search, SOON).toContain('sku=D3005');
    await look('nj11-000003', 'NJ11-000003');
    await page.getByTestId('receipt-paper').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  test('a view that was saved leads back to its filter; dark stays dark; serious faults are none', async () => {
    const { page, errors } = await stage.open('/sales?storeId=S02');
    await page.getByTestId('views-button').click();
    await page.getByTestId('view-name').fill('Xujiahui');
    await page.getByTestId('view-save').click();
    await page.keyboard.press('Escape');
    await page.getByTestId('nav-today').click();
    await page.getByTestId('look-dark').click();
    await page.reload();
    await page.getByTestId('today-total').waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').fill('xujiahui');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).search, SOON).toBe('?storeId=S02');
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);
});

describe('today', () => {
  test('at 16:30 of a day each store stands against the hours to 16 of a week before, as SQL sums them', async () => {
    const { cloud } = stage;
    const [day] = await cloud.db.query<{ date: string }>(
      `select max(business_date)::text as date from sale where business_date < (now() at time zone 'Asia/Shanghai')::date`,
    );
    const sums = await cloud.db.query<{ store: string; total: number; now: number; before: number }>(
      `select store_id as store, sum(total_minor) filter (where business_date = $1::date)::int as total,
         sum(total_minor) filter (where business_date = $1::date and at < $2::timestamptz)::int as now,
         sum(total_minor) filter (where business_date = $1::date - 7 and at < $2::timestamptz - interval '7 days')::int as before
       from sale group by store_id order by store_id`,
      [day!.date, `${day!.date}T16:00:00+08:00`],
    );
    expect(sums).toHaveLength(2);
    cloud.clock.aheadMs = Date.parse(`${day!.date}T16:30:00+08:00`) - Date.now();
    const { page, errors } = await stage.open('/');
    const change = (now: number, before: number) => (100 * now) / before - 100;
    const tile = (id: string) => page.getByTestId(`store-tile-${id}`);
    for (const { store, total, now, before } of sums) {
      const said = async () => plain(await tile(store).locator('.change').innerText());
      await expect.poll(() => said().catch(() => null), SOON).toBeCloseTo(Math.abs(change(now, before)), 0);
      expect(await tile(store).locator('.change').getAttribute('class')).toContain(
        now > before ? 'change-up' : 'change-down',
      );
      expect(plain(await tile(store).getByTestId('tile-sales').innerText())).toBe(total / 100);
    }
    const all = (key: 'now' | 'before') => sums.reduce((sum, row) => sum + row[key], 0);
    const head = page.locator('.factor-big .change');
    expect(plain(await head.innerText())).toBeCloseTo(Math.abs(change(all('now'), all('before'))), 0);
    expect(await page.locator('.factor-big .factor-note').innerText()).toContain('to 16:00');
    expect(await seriousFaults(page)).toEqual([]);

    // By the keys: one stop, arrows from tile to tile, Enter leads to the store.
    await page.locator('.store-tile').first().focus();
    await page.keyboard.press('ArrowRight');
    const second = await page.evaluate(() => (document.activeElement as HTMLElement).dataset.testid);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => new URL(page.url()).pathname, SOON)
      .toBe(`/stores/${second!.slice('store-tile-'.length)}`);
    cloud.clock.aheadMs = 0;
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);
});

test('on paper: no navigation, black on white from a dark screen, every row of a table, nothing wider than the sheet', async () => {
  const { client } = stage.cloud;
  const tiers = (await client.get('/api/v1/tiers')) as object;
  for (let deed = 0; deed < 60; deed++) await client.put('/api/v1/tiers', tiers);
  const { page, errors } = await stage.open('/audit');
  await page.getByTestId('look-dark').click();
  const rows = () => page.locator('.ant-table-row').count();
  await expect.poll(rows, SOON).toBe(50);
  const [deeds] = await stage.cloud.db.query<{ n: number }>(
    `select count(*)::int as n from (select phase from audit_entry order by seq desc limit 400) newest where phase = 'asked'`,
  );
  expect(deeds!.n).toBeGreaterThan(50);
  await page.emulateMedia({ media: 'print' });
  await expect.poll(rows, SOON).toBe(deeds!.n);
  // A4 less its margins, at 96 dots an inch.
  await page.setViewportSize({ width: 718, height: 1_030 });
  const [member] = await stage.cloud.db.query<{ id: string }>(
    'select member_id as id from member_purchase order by visits desc, member_id limit 1',
  );
  for (const href of [
    '/audit',
    '/',
    '/?view=table',
    '/sales',
    `/members/${member!.id}`,
    '/fleet?tab=shifts',
  ]) {
    await visit(page, href, 'zh-CN');
    const seen = await page.evaluate(() => {
      const shown = (selector: string) =>
        [...document.querySelectorAll<HTMLElement>(selector)].some(
          ({ offsetParent }) => offsetParent !== null,
        );
      const bright = (colour: string) => Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));
      const inks = [...document.querySelectorAll('h1, .num, td, th')].map((one) => getComputedStyle(one));
      return {
        leads: shown('.side, .top-tools, .export-button, .ant-pagination, .ant-btn'),
        line: document.querySelector('.print-line')?.textContent,
        palest: Math.max(...inks.map(({ color }) => bright(color))),
        ground: getComputedStyle(document.body).backgroundColor,
        width: document.documentElement.scrollWidth,
      };
    });
    expect([href, seen]).toEqual([
      href,
      {
        leads: false,
        line: expect.stringContaining(href),
        palest: expect.any(Number),
        ground: 'rgb(255, 255, 255)',
        width: 718,
      },
    ]);
    // Words of state keep their colour; none is paler than what can be read on white.
    expect([href, seen.palest]).toEqual([href, Math.min(seen.palest, 190)]);
  }
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await page.emulateMedia({ media: 'screen' });
  await visit(page, '/audit', 'en');
  await expect.poll(rows, SOON).toBe(50);
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

describe('members', () => {
  test('found by phone; the page has the sums of the tables; points are corrected once; what an erasure takes is seen first', async () => {
    const { page, errors } = await stage.open('/members');
    await page.locator('[data-testid=member-search] input').fill('13800001007');
    await page.keyboard.press('Enter');
    await page.getByTestId('member-m-0002').click();
    const [sum] = await stage.cloud.db.query<{ net: number; points: number }>(
      `select coalesce(sum(total_minor), 0)::bigint as net,
         (select balance from ledger_account where holder_id = 'm-0002' and purse = 'points')::int as points
       from sale where member_id = 'm-0002'`,
    );
    await expect
      .poll(async () => plain(await page.getByTestId('member-spent').innerText()), SOON)
      .toBe(sum!.net / 100);
    const points = page.getByTestId('member-points');
    await expect.poll(async () => plain(await points.innerText()), SOON).toBe(sum!.points ?? 0);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByTestId('points-amount').fill('50');
    await page.getByTestId('points-reason').fill('sorry for the wait');
    await page.getByTestId('points-save').click();
    await expect.poll(async () => plain(await points.innerText()), SOON).toBe((sum!.points ?? 0) + 50);
    await page.getByTestId('erase-preview').click();
    await expect.poll(() => page.getByTestId('erasure').innerText(), SOON).toContain('Stays, without a name');
    await page.getByTestId('member-note').fill('likes tea');
    await page.getByTestId('member-save').click();
    await expect.poll(() => page.locator('.facts').first().innerText(), SOON).toContain('likes tea');
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);
});

test('300 stores: small tiles by region, those of whom nothing is heard in a view of their own, all on a phone', async () => {
  const { client, db } = stage.cloud;
  const { stores } = (await client.get('/api/v1/stores')) as { stores: Store[] };
  const more = Array.from({ length: 300 - stores.length }, (_, index) => ({
    ...stores[0]!,
    id: `X${index}`,
    name: `第${index}分店上海市黄浦区南京东路步行街旗舰体验中心`,
    names: { en: `Branch ${index} Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik` },
    region: `区域${index % 12}`,
  }));
  await client.put('/api/v1/stores', { stores: more });
  const { page, errors } = await stage.open('/', { width: 390, height: 844 });
  await expect.poll(() => page.locator('.store-tile').count(), SOON).toBe(300);
  expect(await page.locator('.store-wall h3').count()).toBeGreaterThanOrEqual(12);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await seriousFaults(page)).toEqual([]);
  const [silent] = await db.query<{ n: number }>(
    `select count(distinct store_id)::int as n from till where channel is null and enrolled_at is not null and revoked_at is null`,
  );
  await page.getByTestId('stores-silent').click();
  await expect.poll(() => page.locator('.store-tile').count(), SOON).toBe(silent!.n);
  expect(new URL(page.url()).search).toBe('?view=silent');

  // Long names, of shops and of people, push nothing off a phone.
  const name =
    'Wilhelmine Freifrau von und zu Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz';
  const long = { id: 'm-long', cardNo: 'M-LONG', name, phone: null, tierId: 'gold' };
  await client.put('/api/v1/members', { members: [long] });
  for (const href of ['/?view=table', '/stores/X1', '/fleet?tab=remote&storeId=X1', '/members/m-long'])
    for (const locale of ['zh-CN', 'en'] as const) {
      await visit(page, href, locale);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([href, locale, width]).toEqual([href, locale, 390]);
    }
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

type Store = Record<string, unknown> & { readonly id: string };
