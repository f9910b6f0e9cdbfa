/** HQ's console where people and tills are looked after: import, custom fields, segment reasons, one till, set-aside entries, the lens. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { xlsxOf } from '../../cloud/hq/web/format/sheet.ts';
import { aRawTill } from '../kit/raw-till.ts';
import { seriousFaults } from './axe.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await openConsole({ days: 8 });
}, 180_000);
afterAll(() => stage?.close());

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 20_000 };

test('import: a broken workbook and a picture are refused; 10,000 pasted rows are tried and stored over a broken line; of a workbook’s two rows the fault is named, and one is stored', async () => {
  const { page, errors } = await stage.open('/members?tab=import');
  const file = page.locator('input[type=file]');
  await file.setInputFiles({
    name: 'broken.xlsx',
    mimeType: 'application/zip',
    buffer: Buffer.from('PK\x03\x04 and nothing that a workbook has'),
  });
  const problem = page.getByTestId('form-problem');
  await expect.poll(() => problem.innerText(), SOON).toContain('Excel workbook');
  await file.setInputFiles({
    name: 'photo.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  });
  await expect.poll(() => problem.innerText(), SOON).toContain('this is a picture, no list of members');
  const rows = Array.from({ length: 10_000 }, (_, index) => `7${String(index).padStart(9, '0')}\t客${index}`);
  await page.getByTestId('import-paste').evaluate(
    (field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    ['card\tname', ...rows].join('\n'),
  );
  await expect.poll(() => page.getByTestId('import-seen').innerText(), SOON).toContain('10,000 rows');
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('import-trial').click();
  const trial = page.getByTestId('import-trial-report');
  const done = page.getByTestId('import-done-report');
  const LONG = { timeout: 60_000 };
  await expect
    .poll(() => trial.innerText(), LONG)
    .toContain('10,000 added, 0 changed, 0 the same, 0 refused');
  const members = async () =>
    (await stage.cloud.db.query<{ n: number }>('select count(*)::int as n from member'))[0]!.n;
  const atFirst = await members();
  // The line breaks while HQ works: the page says that the work goes on, and finds it again after a reload.
  const looks = '**/api/v1/imports/*';
  await page.route(looks, (route) => route.abort());
  await page.getByTestId('import-run').click();
  await page.getByTestId('import-line-lost').waitFor();
  await page.unroute(looks);
  await page.reload();
  await expect
    .poll(() => page.locator('.ant-table-tbody').last().innerText(), LONG)
    .toMatch(/paste\.csv\tImport · done\t10,?000\t0\t0/);
  expect(await members()).toBe(atFirst + 10_000);

  // The small book, as a workbook: one row right, one with a phone that is none.
  const book = xlsxOf({
    name: 'members',
    head: ['card', 'name', 'phone'],
    rows: [
      ['7100000000001', '欧阳·娜娜', '13911112222'],
      ['7100000000002', '有误', '12'],
    ],
  });
  await file.setInputFiles({ name: 'members.xlsx', mimeType: 'application/zip', buffer: Buffer.from(book) });
  await expect.poll(() => page.getByTestId('import-seen').innerText(), SOON).toContain('2 rows (xlsx');
  await page.getByTestId('import-trial').click();
  await expect.poll(() => trial.innerText(), SOON).toContain('1 added, 0 changed, 0 the same, 1 refused');
  expect(await trial.innerText()).toContain('phone');
  const before = await members();
  await page.getByTestId('import-run').click();
  await expect.poll(() => done.innerText(), SOON).toContain('1 added, 0 changed, 0 the same, 1 refused');
  expect(await members()).toBe(before + 1);
  await expect
    .poll(() => page.locator('.ant-table-tbody').last().innerText(), SOON)
    .toContain('members.xlsx');
  expect(refusalsAside(errors)).toEqual([]);
  await page.close();
}, 90_000);

test('a member: scores by month, custom fields changed and undone, a consent taken back, and why a segment holds them', async () => {
  const { client, db } = stage.cloud;
  const [book] = await db.query<{ id: string; visits: number }>(
    'select member_id as id, visits::int as visits from member_purchase order by visits desc, member_id limit 1',
  );
  const api = `/api/v1/members/${book!.id}`;
  await client.post('/api/v1/custom-fields/shoe', { name: 'Shoe size', type: 'number' });
  await client.post('/api/v1/segments', {
    name: 'Has bought',
    rule: { source: 'rfm', measure: 'visits', op: 'gte', value: 1 },
  });
  await client.post(`${api}/consents`, {
    words: [
      {
        entryId: 'e2e-1',
        purpose: 'marketing',
        channel: 'sms',
        granted: true,
        textVersion: 'v1',
        atMs: 1,
        source: 'hq',
      },
    ],
  });
  const { page, errors } = await stage.open(`/members/${book!.id}`);
  await page.getByTestId('field-shoe').waitFor();
  await page.locator('input[data-testid=field-shoe], [data-testid=field-shoe] input').first().fill('38');
  await page.getByTestId('fields-save').click();
  const shoe = async () =>
    (await client.get(`${api}/fields`)) as { fields: { fieldId: string; value: unknown }[] };
  await expect.poll(async () => (await shoe()).fields.map(({ value }) => value), SOON).toEqual([38]);
  await page.getByTestId('undo').click();
  await expect.poll(async () => (await shoe()).fields, SOON).toEqual([]);

  await page.getByRole('switch', { name: 'marketing sms' }).click();
  const granted = async () =>
    (await client.get(`${api}/consents`)) as { now: { channel: string; granted: boolean }[] };
  await expect
    .poll(async () => (await granted()).now.find(({ channel }) => channel === 'sms')?.granted, SOON)
    .toBe(false);

  // Before anything moves: what is half faded in has no contrast yet.
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('segment-why-Has bought').click();
  await expect.poll(() => page.getByTestId('why').innerText(), SOON).toMatch(/Is (not )?in it/);
  await expect
    .poll(
      () =>
        page
          .locator('.ant-table-row', { has: page.locator('.scores') })
          .first()
          .innerText(),
      SOON,
    )
    .toMatch(new RegExp(`\\t${book!.visits}\\t`));
  expect(errors).toEqual([]);
  await page.close();
}, 90_000);

test('a till: readiness and head, a code as QR, an entry set aside is dismissed with a reason, cut off only when sure', async () => {
  const { db } = stage.cloud;
  const [till] = await db.query<{ id: string; code: string; hash: string; journal: string }>(
    `select till_id as id, code, acked_hash as hash, journal_id as journal from till where channel is null order by code limit 1`,
  );
  await db.query(
    `update till set readiness = '{"score":70,"reasons":[{"kind":"printer","points":20},{"kind":"catalogue_old","points":10}]}',
       readiness_at = now() where till_id = $1`,
    [till!.id],
  );
  await db.query(
    `insert into quarantine (till_id, journal_id, seq, reason, text, at) values ($1, $2, 999999, 'bad_field total', '{"odd":1}', now())`,
    [till!.id, till!.journal],
  );
  const { page, errors } = await stage.open('/tills');
  await page.getByTestId(`till-${till!.code}`).click();
  await expect.poll(() => page.getByTestId('head-hash').innerText(), SOON).toBe(till!.hash);
  expect(await page.getByTestId('readiness').innerText()).toContain('The printer cannot be used');
  await page.getByTestId('new-code').click();
  await page.getByTestId('enrol-code').waitFor();
  expect(await seriousFaults(page)).toEqual([]);

  await page.locator('[data-testid^=dismiss-]').click();
  await page.getByTestId('repair-why').fill('rung up again by hand');
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await expect
    .poll(async () => (await db.query<{ w: string }>('select closed_why as w from quarantine'))[0]!.w, SOON)
    .toBe('rung up again by hand');
  // What is left on the disk of a till that broke: a ticket that opens HQ to it for an hour.
  await page.getByTestId('rescue-why').fill('screen broken');
  await page.getByTestId('rescue').click();
  await expect
    .poll(() => page.getByTestId('rescue-command').innerText(), SOON)
    .toMatch(/^npx counterfoil rescue FOLDER --cloud http:\/\/[\d.:]+ --ticket \S{20,}$/);
  const [ticket] = await db.query<{ reason: string }>(
    'select reason from rescue_ticket where till_id = $1 and expires_at > now()',
    [till!.id],
  );
  expect(ticket).toEqual({ reason: 'screen broken' });
  await page.getByTestId('revoke').click();
  await page.locator('.ant-modal-footer .ant-btn').first().click();
  const [still] = await db.query<{ ok: boolean }>(
    'select revoked_at is null as ok from till where till_id = $1',
    [till!.id],
  );
  expect(still!.ok).toBe(true);
  expect(errors).toEqual([]);
  await page.close();
}, 90_000);

test('an entry that HQ could not use: tried too early it stays and says why; after the fix it is a receipt, and its alert is in words', async () => {
  const { cloud } = stage;
  const till = await aRawTill(cloud, { code: 'Q1' });
  till.appendSales(3);
  const bad = till.saleId(2);
  await cloud.db.script(`alter table sale add constraint broken check (sale_id <> '${bad}')`);
  const link = await till.connect();
  expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 3 });
  await link.hangUp();
  await cloud.books.settled();
  const { page, errors } = await stage.open('/fleet?tab=alerts');
  const alert = page.locator('.ant-table-row', { hasText: 'Q1' });
  await expect.poll(() => alert.innerText().catch(() => ''), SOON).toContain('An entry was set aside');
  expect(await alert.innerText()).toContain('try it again after the fix');
  await page.getByTestId('tab-poison').click();
  await page.locator('[data-testid^=retry-]').click();
  await page.getByTestId('repair-why').fill('constraint dropped');
  const again = () => page.locator('.ant-modal-footer .ant-btn-primary').click();
  await again();
  await expect
    .poll(() => page.getByTestId('form-problem').innerText(), SOON)
    .toContain('it still cannot be used');
  expect(await page.getByTestId('repair-why').inputValue()).toBe('constraint dropped');
  await cloud.db.script('alter table sale drop constraint broken');
  await again();
  await page.getByTestId('toast').waitFor();
  await expect.poll(() => page.locator('[data-testid^=retry-]').count(), SOON).toBe(0);
  await page.goto(`${cloud.url}/sales/${bad}`);
  await page.getByTestId('chain-proof').waitFor();
  expect(refusalsAside(errors)).toEqual([]);
  await page.close();
}, 60_000);

test('an entry that the books cannot take: the alert says which and why; when HQ can, the points come by themselves', async () => {
  const { cloud } = stage;
  const till = await aRawTill(cloud, { code: 'Q2' });
  const points = { programme: 'p1', earned: 77_777, byLine: [77_777, 0] };
  till.appendSale();
  till.appendSale({ memberId: 'm-0001' }, (sale) => ({ ...sale, points }));
  await cloud.db.script('alter table ledger_entry add constraint unbooked check (points <> 77777) not valid');
  const link = await till.connect();
  expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 2 });
  await link.hangUp();
  const { page, errors } = await stage.open('/fleet?tab=alerts');
  const alert = page.locator('.ant-table-row', { hasText: 'Q2' });
  await expect.poll(() => alert.innerText().catch(() => ''), SOON).toContain('HQ cannot keep its books');
  const entry = await alert.getByTestId('alert-entry').innerText();
  expect(entry).toMatch(/^Entry 2 of its journal: .*unbooked/);
  await cloud.db.script('alter table ledger_entry drop constraint unbooked');
  const booked = () =>
    cloud.db.query('select 1 from ledger_entry where points = 77777').then(({ length }) => length);
  await expect.poll(booked, { ...SOON, timeout: 30_000 }).toBe(1);
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

test('a custom field: an id that is none is told and what was typed stays; made right it is a column, and members have it', async () => {
  const { page, errors } = await stage.open('/settings?tab=fields');
  await page.getByTestId('field-id').fill('Pet Kind!');
  await page.getByTestId('field-name').fill('宠物');
  await page.locator('.ant-select').last().click();
  await page.locator('.ant-select-item-option', { hasText: /^One choice$/ }).waitFor();
  // Five kinds stand before it.
  for (let kind = 0; kind < 5; kind++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByTestId('field-options').fill('cat\ndog');
  await page.getByTestId('field-add').click();
  await page.getByTestId('form-problem').waitFor();
  expect(await page.getByTestId('field-name').inputValue()).toBe('宠物');
  await page.getByTestId('field-id').fill('pet');
  // The line breaks at the very click, then HQ answers half a sentence: told both times, and nothing typed is lost.
  const problem = page.getByTestId('form-problem');
  const route = '**/api/v1/custom-fields/pet';
  await page.route(route, (request) => request.abort());
  await page.getByTestId('field-add').click();
  await expect.poll(() => problem.innerText(), SOON).toContain('What you typed is still here');
  await page.unroute(route);
  await page.route(route, (request) => request.fulfill({ status: 502, body: '{"kind":' }));
  await page.getByTestId('field-add').click();
  await expect.poll(() => problem.innerText(), SOON).toContain('Bad Gateway');
  expect(await page.getByTestId('field-options').inputValue()).toBe('cat\ndog');
  await page.unroute(route);
  await page.getByTestId('field-add').click();
  await expect.poll(() => page.locator('.ant-table-tbody').innerText(), SOON).toContain('宠物');
  const [field] = await stage.cloud.db.query<{ type: string; options: string[] }>(
    `select type, options from custom_field where field_id = 'pet'`,
  );
  expect(field).toEqual({ type: 'choice', options: ['cat', 'dog'] });
  expect(refusalsAside(errors)).toEqual([]);
  await page.close();
}, 60_000);

test('the lens: what was found opens to its journal rows, and they lead to the receipt', async () => {
  const [sale] = await stage.cloud.db.query<{ id: string; cashier: string }>(
    `select sale_id as id, cashier_id as cashier from sale where kind = 'sale' and member_id is not null order by at desc limit 1`,
  );
  // Three of one cashier's sales of that day are given to one card.
  await stage.cloud.db.query(
    `update sale s set member_id = o.member_id from sale o where o.sale_id = $1 and s.cashier_id = o.cashier_id
       and s.business_date = o.business_date and s.kind = 'sale'`,
    [sale!.id],
  );
  const { page, errors } = await stage.open('/fleet?tab=fraud');
  const row = page.locator('.ant-table-row', { hasText: 'One member card many times a day' }).first();
  await row.click();
  await page.getByTestId('lens-rows').first().locator('a').first().click();
  await page.getByTestId('chain-proof').waitFor();
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

test('store settings go to the tills by the feed, and back by undo', async () => {
  const { page, errors } = await stage.open('/fleet?tab=remote&storeId=S02');
  await page.getByTestId('store-footer').fill('谢谢惠顾\n欢迎再来');
  await page.getByTestId('store-save').click();
  const footer = async () => {
    const [row] = await stage.cloud.db.query<{ lines: string[] }>(
      `select data->'footer' as lines from feed_row where kind = 'store' and data->>'id' = 'S02' order by pos desc limit 1`,
    );
    return row?.lines;
  };
  await expect.poll(footer, SOON).toEqual(['谢谢惠顾', '欢迎再来']);
  await page.getByTestId('undo').click();
  await expect.poll(footer, SOON).not.toEqual(['谢谢惠顾', '欢迎再来']);
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

/** Chromium itself writes of each refused request; the page wrote nothing else. */
function refusalsAside(errors: readonly string[]): string[] {
  return errors.filter((line) => !line.startsWith('Failed to load resource'));
}
