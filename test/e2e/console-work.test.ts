/** HQ's console where people work: segments, prices and promotions, loyalty. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import type { TierRules as TierRulesShape } from '../../cloud/hq/loyalty-schemas.ts';
import type { CouponPreview } from '../../cloud/hq/offer-preview-schemas.ts';
import { formatCount } from '../../cloud/hq/web/format/number.ts';
import { localDate } from '../../src/core/shift.ts';
import { seriousFaults } from './axe.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';

type TierRules = z.infer<typeof TierRulesShape>;

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await openConsole();
}, 180_000);
afterAll(() => stage?.close());

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 15_000 };

test('segments: a cell leads to its people, counted as SQL counts them, saved, and given a coupon', async () => {
  const { page, errors } = await stage.open('/segments');
  await page.getByTestId('rf-grid').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('cell-active-new').click();
  await page.getByTestId('see-cell').click();
  const [newcomers] = await stage.cloud.db.query<{ n: number }>(
    `select count(*)::int as n from member_purchase where visits = 1 and last_on > current_date - 60`,
  );
  expect(newcomers!.n).toBeGreaterThan(5);
  await expect.poll(() => page.getByTestId('rule-count').innerText(), SOON).toBe(String(newcomers!.n));
  expect(new URL(page.url()).searchParams.get('rule')).toContain('"cell"');
  await page.getByTestId('segment-name').fill('Active new');
  await page.getByTestId('segment-save').click();

  await page.getByTestId('segment-menu-Active new').click();
  await page.getByText('Give a coupon').click();
  await page.locator('.ant-modal .ant-select').click();
  await page.locator('.ant-select-item-option').first().click();
  // What they may cost is told before they are out.
  const give = page.locator('.ant-modal-footer .ant-btn-primary');
  await expect.poll(() => give.innerText(), SOON).toContain(String(newcomers!.n));
  await page.getByTestId('coupon-trial').click();
  await expect
    .poll(
      () =>
        page
          .getByTestId('codes-cost')
          .innerText()
          .catch(() => ''),
      SOON,
    )
    .toBe(`${newcomers!.n} codes at ¥20.00 each: ¥${formatCount(newcomers!.n * 20)}.00 at most`);
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await expect
    .poll(() => page.getByTestId('coupon-done').innerText(), SOON)
    .toBe(`${newcomers!.n} issued, 0 skipped`);
  const [coupons] = await stage.cloud.db.query<{ n: number }>('select count(*)::int as n from member_coupon');
  expect(coupons!.n).toBe(newcomers!.n);
  // Taken back at once, all of them are worth nothing: the tills hear of it.
  await page.getByTestId('undo').last().click();
  await expect
    .poll(() => page.getByTestId('coupon-done').innerText(), SOON)
    .toBe(`Taken back: ${newcomers!.n} codes are worth nothing now, 0 were used before`);
  const [open] = await stage.cloud.db.query<{ n: number }>(
    'select count(*)::int as n from member_coupon where cancelled_at is null',
  );
  expect(open!.n).toBe(0);

  // A change of it is taken back too.
  await page.locator('.ant-modal-footer .ant-btn').first().click();
  await page.getByText('Active new', { exact: true }).click();
  await page.getByTestId('segment-name').fill('New ones');
  await page.getByTestId('segment-save').click();
  const named = async () =>
    (await stage.cloud.db.query<{ name: string }>(`select name from segment where name like '%ew%'`))[0]
      ?.name;
  await expect.poll(named, SOON).toBe('New ones');
  await page.getByTestId('undo').last().click();
  await expect.poll(named, SOON).toBe('Active new');
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

test('promotions: a new rule is tried in the basket and on a day, its faults are told, and publishing brings it to HQ', async () => {
  const { page, errors } = await stage.open('/prices');
  await page.getByTestId('rule-editor').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('new-rule').click();
  await page.getByTestId('rule-name').fill('');
  await expect.poll(() => page.getByTestId('rule-problems').innerText(), SOON).toContain('name');
  await page.getByTestId('rule-name').fill('全场九折');
  await expect.poll(() => page.getByTestId('rule-problems').count(), SOON).toBe(0);

  // A towel of 15.00 with ten per cent off.
  await page.getByTestId('test-add').click();
  await page.keyboard.type('T1001');
  await page.locator('.ant-select-item-option', { hasText: 'T1001' }).click();
  await expect.poll(() => page.getByTestId('test-total').innerText(), SOON).toBe('¥13.50');
  await page.getByTestId('preview').click();
  await expect
    .poll(() => page.getByTestId('preview-answer').innerText(), SOON)
    .toMatch(/^Of \d+ sales \d+ would differ: ¥[\d.,]+ less$/);

  // What was typed is there after a reload, and only then published.
  await page.reload();
  await expect.poll(() => page.getByTestId('draft-state').innerText(), SOON).toBe('1 changes in the draft');
  await page.getByTestId('publish').click();
  await page.getByTestId('publish-sure').click();
  await expect
    .poll(() => page.getByTestId('draft-state').innerText(), SOON)
    .toBe('Same as what the tills use');
  const outNow = async () => {
    const [set] = await stage.cloud.db.query<{ names: string[]; version: string }>(
      // HQ puts the rules of coupon templates in, and their mark behind the name.
      `select split_part(version, '+', 1) as version, array(select r->>'name' from jsonb_array_elements(data->'rules') r) as names
       from rule_set order by published_at desc limit 1`,
    );
    return set!;
  };
  const published = await outNow();
  expect(published.names).toContain('全场九折');

  // Taken back within seconds: what was out before is out again, under a version of its own; both are told with who.
  await page.getByTestId('undo').click();
  await expect.poll(async () => (await outNow()).names, SOON).not.toContain('全场九折');
  expect((await outNow()).version).toMatch(/-back$/);
  await page.getByTestId('tab-history').click();
  const told = () => page.locator('.ant-table-row').allInnerTexts();
  await expect.poll(async () => (await told())[0], SOON).toContain((await outNow()).version);
  expect((await told())[1]!.trim().split('\t').slice(1)).toEqual([
    'Promotions published',
    'Owner (this machine)',
    published.version,
  ]);

  // A rule that is taken off the draft comes back; so does a draft that was dropped.
  await page.getByTestId('tab-promotions').click();
  const rules = () => page.locator('.rule-list button').count();
  await page.getByTestId('rule-editor').waitFor();
  const before = await rules();
  await page.getByTestId('rule-remove').click();
  await expect.poll(rules, SOON).toBe(before - 1);
  await page.getByTestId('undo').last().click();
  await expect.poll(rules, SOON).toBe(before);
  await page.getByTestId('rule-name').fill('改名');
  await page.getByTestId('discard').click();
  await expect.poll(() => page.getByTestId('discard').count(), SOON).toBe(0);
  await page.getByTestId('undo').last().click();
  await expect.poll(() => page.getByTestId('draft-state').innerText(), SOON).toBe('1 changes in the draft');
  await page.getByTestId('discard').click();
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

test('items: of three rows two are right; nothing is stored before that is seen, then two are', async () => {
  const { page, errors } = await stage.open('/prices?tab=items');
  await page.getByTestId('import-items').click();
  await page
    .getByTestId('import-text')
    .fill(
      'sku\tname\tprice\tcategory\nN1\tNew tea\t12.50\t饮料\nN2\tNew cup\t¥1,299\t家居\nN3\tBad\ttwelve\t家居',
    );
  expect(await page.getByTestId('import-check').innerText()).toBe('3 rows: 2 can be stored, 1 have problems');
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.getByTestId('import-done').waitFor();
  const rows = await stage.cloud.db.query<{ sku: string; price: number }>(
    `select sku, (data->>'priceMinor')::int as price from item where sku like 'N_' order by sku`,
  );
  expect(rows).toEqual([
    { sku: 'N1', price: 1250 },
    { sku: 'N2', price: 129900 },
  ]);
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

test('loyalty: what is out is what the ledgers hold; twice the points are tried on yesterday and published as a version', async () => {
  const { page, errors } = await stage.open('/loyalty');
  const [out] = await stage.cloud.db.query<{ n: number }>(
    `select sum(balance)::int as n from ledger_account where purse = 'points' and balance > 0`,
  );
  await expect
    .poll(() => page.getByTestId('points-out').innerText(), SOON)
    .toBe(String(out!.n).replace(/\B(?=(\d{3})+$)/g, ','));
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('tab-programme').click();
  const spend = page.getByLabel('Spend for one point');
  await spend.fill('0.50');
  await page.getByTestId('preview-programme').click();
  const said = async () => page.getByTestId('programme-answer').innerText();
  await expect
    .poll(() => said().catch(() => ''), SOON)
    .toMatch(/^\d+ member sales: [\d,]+ points would be [\d,]+, worth ¥/);
  const [before, after] = (await said())
    .match(/[\d,]+(?= points)|(?<=would be )[\d,]+/g)!
    .map((text) => Number(text.replace(',', '')));
  expect(after! / before!).toBeGreaterThan(1.9);
  await page.getByTestId('publish-programme').click();
  const perNow = async () => {
    const [row] = await stage.cloud.db.query<{ per: number }>(
      `select (data->'earn'->>'perMinor')::int as per from programme order by published_at desc limit 1`,
    );
    return row!.per;
  };
  await expect.poll(perNow, SOON).toBe(50);
  await page.getByTestId('undo').click();
  await expect.poll(perNow, SOON).toBe(100);

  // A tier's discount, changed and taken back; the page tells who changed what, and what it was before.
  const gold = async () => {
    const [row] = await stage.cloud.db.query<{ bp: number }>(
      `select (data->>'discountBp')::int as bp from tier where tier_id = 'gold'`,
    );
    return row!.bp;
  };
  const was = await gold();
  await page.getByTestId('tab-tiers').click();
  await page.getByTestId('discount-gold').fill(String(was / 100 + 1.5));
  await page.keyboard.press('Tab');
  // What it would have cost yesterday: each sale of a gold member, priced again by the till's own code, comes to less.
  await page.getByTestId('preview-discounts').click();
  const [sold] = await stage.cloud.db.query<{ sales: number; gold: number }>(
    `select count(*)::int as sales, (count(*) filter (where e.text::jsonb #>> '{body,priced,tier,id}' = 'gold'
         and s.kind <> 'refund'))::int as gold
     from sale s join journal_entry e using (journal_id, seq)
     where s.business_date = (now() at time zone 'Asia/Shanghai')::date - 1`,
  );
  const answer = page.getByTestId('discounts-answer');
  await expect.poll(() => answer.innerText().catch(() => ''), SOON).not.toBe('');
  if (sold!.gold === 0) expect(await answer.innerText()).toBe('Nothing would change');
  else {
    const told = /^Of (\d+) sales (\d+) would differ: ¥[\d.,]+ less$/.exec(await answer.innerText())!;
    expect(Number(told[1])).toBe(sold!.sales);
    expect(Number(told[2])).toBeGreaterThan(0);
    expect(Number(told[2])).toBeLessThanOrEqual(sold!.gold);
  }
  expect(await gold()).toBe(was);
  await page.getByTestId('discounts-save').click();
  await expect.poll(gold, SOON).toBe(was + 150);
  await page.getByTestId('undo').last().click();
  await expect.poll(gold, SOON).toBe(was);
  await expect
    .poll(async () => Number(await page.getByTestId('discount-gold').inputValue()), SOON)
    .toBe(was / 100);
  await page.getByTestId('tab-history').click();
  const deed = page.locator('.ant-table-row', { hasText: 'Tiers and discounts changed' });
  await expect.poll(() => deed.count(), SOON).toBeGreaterThanOrEqual(2);
  expect(await deed.first().innerText()).toContain('Owner');
  await deed.first().click();
  await expect
    .poll(() => page.locator('.ant-table-expanded-row').innerText(), SOON)
    .toMatch(new RegExp(`Discount\\s+${(was + 150) / 100} %\\s+${was / 100} %`));
  expect(await page.locator('.ant-table-row', { hasText: 'Points published' }).count()).toBe(3);
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);

test('coupons, benefits, stored value, tier rules: each is tried as HQ works it out, saved as a version of its own with who, and taken back', async () => {
  const { page, errors } = await stage.open('/loyalty?tab=coupons');
  const { client, db } = stage.cloud;
  const yesterday = localDate(stage.cloud.clock.nowMs() - 86_400_000, 'Asia/Shanghai');
  const one = async <T>(text: string) => (await db.query<T & object>(text))[0];
  await page.getByTestId('template-id').fill('e2e5');
  await page.getByTestId('template-name').fill('满百减十');
  await page.getByText('Last 7 days').click();
  await page.getByTestId('coupon-trial').click();
  const template = {
    ...{ id: 'E2E5', name: '满百减十', valid: { days: 30 }, limits: {} },
    offer: {
      ...{ priority: 5, mode: 'compound', items: { all: true } },
      conditions: [{ kind: 'amount', fromMinor: 10_000 }],
      reward: { kind: 'order_off', off: { amountMinor: 1_000 } },
    },
  };
  const asked = { businessDate: yesterday, days: 7, template };
  const { books } = (await client.post('/api/v1/coupon-templates/preview', asked)) as CouponPreview;
  const { givenMinor, redeemed, receipts, eligible } = books[0]!;
  expect(eligible).toBeGreaterThan(5);
  expect(givenMinor).toBeLessThanOrEqual(eligible * 1_000);
  const answer = page.getByTestId('coupon-trial-answer');
  await expect
    .poll(() => answer.innerText().catch(() => ''), SOON)
    .toContain(`${redeemed} of ${receipts} member`);
  expect((await answer.innerText()).replaceAll(',', '')).toContain(
    `at most ¥${(givenMinor / 100).toFixed(2)} (`,
  );
  await page.getByTestId('template-save').click();
  const live = () =>
    one<{ live: boolean }>(`select ended_at is null as live from coupon_template where template_id = 'E2E5'`);
  await expect.poll(live, SOON).toEqual({ live: true });
  await page.getByTestId('undo').last().click();
  await expect.poll(live, SOON).toEqual({ live: false });
  await page.getByTestId('back-E2E5-1').click();
  await expect.poll(live, SOON).toEqual({ live: true });
  await expect.poll(() => page.getByTestId('versions-coupon_template').innerText(), SOON).toContain('no. 3');
  expect(await page.getByTestId('versions-coupon_template').innerText()).toContain('Owner (this machine)');
  expect(await seriousFaults(page)).toEqual([]);

  await page.getByTestId('tab-benefits').click();
  await page.getByTestId('change-birthday').click();
  const points = () =>
    one<{ points: number }>(
      `select (data #>> '{give,points}')::int as points from benefit where benefit_id = 'birthday'`,
    );
  await page.getByRole('spinbutton', { name: 'Points' }).first().fill('250');
  await page.keyboard.press('Tab');
  await page.getByText('Last 365 days').click();
  await page.getByTestId('benefit-trial').click();
  const born = await one<{ n: number }>(
    `select count(*)::int as n from member where data ? 'birthday' and tier_id in ('silver', 'gold', 'black')`,
  );
  await expect
    .poll(
      () =>
        page
          .getByTestId('benefit-trial-answer')
          .innerText()
          .catch(() => ''),
      SOON,
    )
    .toContain(`As it is out now, on the same days: ¥`);
  // A year holds each birthday once; those whose days reach over its ends lie in it twice.
  const told = /(\d[\d,]*) members/.exec(await page.getByTestId('benefit-trial-answer').innerText())!;
  expect(Number(told[1]!.replace(',', ''))).toBe(born!.n);
  await page.getByTestId('benefit-save').click();
  await expect.poll(points, SOON).toEqual({ points: 250 });
  await page.getByTestId('undo').last().click();
  await expect.poll(points, SOON).toEqual({ points: 200 });
  expect(await seriousFaults(page)).toEqual([]);

  // A draw of one prize of 1,000 points, which pay 10.00.
  await page.getByTestId('draw-id').fill('e2e');
  await page.getByTestId('draw-name').fill('年末抽奖');
  await page.getByTestId('prize-1').fill('一等奖');
  await page.getByTestId('draw-trial').click();
  await expect
    .poll(
      () =>
        page
          .getByTestId('draw-trial-answer')
          .innerText()
          .catch(() => ''),
      SOON,
    )
    .toMatch(/^At most ¥10\.00 if every one of 1 prizes is won/);
  await page.getByTestId('draw-open').click();
  await expect.poll(() => page.getByTestId('versions-draw').innerText(), SOON).toContain('e2e · 年末抽奖');
  // Yesterday's one top-up of 500 brought 30; with 60 for it the page says so, publishes, and brings the first version back.
  const [member] = await db.query<{ id: string }>('select member_id as id from member order by 1 limit 1');
  await client.post(`/api/v1/members/${member!.id}/stored-value/top-ups`, {
    ...{ key: 'e2e-top', amountMinor: 50_000, currency: 'CNY', on: yesterday },
  });
  await page.getByTestId('tab-value').click();
  await page.getByRole('spinbutton', { name: 'gives' }).first().fill('60');
  await page.keyboard.press('Tab');
  await page.getByTestId('policy-trial').click();
  await expect
    .poll(
      () =>
        page
          .getByTestId('policy-trial-answer')
          .innerText()
          .catch(() => ''),
      SOON,
    )
    .toContain('1 top-ups of ¥500.00: bonus of ¥30.00 would be ¥60.00, a difference of ¥30.00');
  await page.getByTestId('publish-policy').click();
  const gives = async () =>
    (
      await one<{ gives: number }>(
        `select (data #>> '{bonus,0,bonusMinor}')::int as gives from loyalty_policy order by published_at desc limit 1`,
      )
    )?.gives;
  await expect.poll(gives, SOON).toBe(6_000);
  await page.getByTestId('back-chain-1').click();
  await expect.poll(gives, SOON).toBe(3_000);

  await page.getByTestId('tab-tiers').click();
  await page.getByTestId('tier-rule-trial').click();
  await expect
    .poll(
      () =>
        page
          .getByTestId('tier-rule-trial-answer')
          .innerText()
          .catch(() => ''),
      SOON,
    )
    .toMatch(/^On \d{4}-\d\d-\d\d \d+ members rise and \d+ fall/);
  const levels = async () => {
    const { rules } = (await client.get('/api/v1/tier-rules')) as TierRules;
    return rules.map((rule) => rule.levels.map(({ fromGrowth }) => fromGrowth).join(' '));
  };
  await page.getByTestId('publish-tier-rule').click();
  await expect.poll(async () => (await levels()).length, SOON).toBe(1);
  const [first] = await levels();
  // A harder one after it, and back: the words of the first, under a day and a name of their own.
  const rules = (await client.get('/api/v1/tier-rules')) as TierRules;
  const { from } = rules.rules[0]!;
  const hard = rules.rules[0]!.levels.map((level, index) => ({ ...level, fromGrowth: index * 900_000 }));
  await client.put('/api/v1/tier-rules', {
    ...rules.rules[0]!,
    version: 'hard',
    from: `2099${from.slice(4)}`,
    levels: hard,
  });
  await page.reload();
  await page.getByTestId('take-back-rule').click();
  await page.getByTestId('publish-tier-rule').click();
  await expect.poll(levels, SOON).toEqual([first, first]);
  await expect
    .poll(() => page.getByTestId('versions-tier_rule').innerText(), SOON)
    .toMatch(/-back\s+·\s+no\. 3/);
  expect(await seriousFaults(page)).toEqual([]);
  expect(errors).toEqual([]);
  await page.close();
}, 90_000);

test('a tier’s discount on a day’s sales: as it was nothing differs; 1.5 points more is less money, by no more than 1.5 % of what was bought', async () => {
  const [day] = await stage.cloud.db.query<{
    date: string;
    tier: string;
    bp: number;
    sales: number;
    ofTier: number;
    gross: number;
  }>(
    `with sold as (
       select s.business_date, s.gross_minor, e.text::jsonb #> '{body,priced,tier}' as tier
       from sale s join journal_entry e using (journal_id, seq) where s.kind = 'sale')
     select business_date::text as date, tier->>'id' as tier, (tier->>'discountBp')::int as bp, count(*)::int as "ofTier",
       sum(gross_minor)::int as gross,
       (select count(*)::int from sale a where a.business_date = min(sold.business_date)) as sales
     from sold where (tier->>'discountBp')::int > 0 group by 1, 2, 3 order by count(*) desc, 1 limit 1`,
  );
  const tried = async (discountBp: number) => {
    const body = { businessDate: day!.date, tiers: [{ id: day!.tier, discountBp }] };
    const answer = (await stage.cloud.client.post('/api/v1/tiers/preview', body)) as {
      books: { sales: number; changed: number; differenceMinor: number }[];
    };
    return answer.books[0]!;
  };
  expect(await tried(day!.bp)).toMatchObject({ sales: day!.sales, changed: 0, differenceMinor: 0 });
  const { changed, differenceMinor } = await tried(day!.bp + 150);
  expect(changed).toBeGreaterThan(0);
  expect(differenceMinor).toBeLessThan(0);
  // A cent a sale for rounding.
  expect(-differenceMinor).toBeLessThanOrEqual((day!.gross * 150) / 10_000 + day!.ofTier);
}, 60_000);

test('tills: shifts with their cash, a one-time code for a new till, and a user whose password is shown once', async () => {
  const { page, errors } = await stage.open('/fleet');
  const [shifts] = await stage.cloud.db.query<{ n: number }>('select count(*)::int as n from shift_z');
  await expect.poll(() => page.locator('.ant-table-row').count(), SOON).toBe(Math.min(100, shifts!.n));
  await page.getByTestId('tab-fraud').click();
  await page.locator('.ant-table-row').first().waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('tab-addTill').click();
  await page.locator('.ant-select').click();
  await page.locator('.ant-select-item-option').first().click();
  await page.getByTestId('till-code').fill('E2E1');
  await page.getByTestId('make-code').click();
  await page.getByTestId('enrol-code').waitFor();
  await page.getByTestId('nav-settings').click();
  await page.getByTestId('user-login').fill('lin');
  await page.getByTestId('user-name').fill('林店长');
  // A manager without a store is refused, and what was typed stays.
  await page.getByTestId('user-add').click();
  await page.getByTestId('form-problem').waitFor();
  expect(await page.getByTestId('user-login').inputValue()).toBe('lin');
  await page.locator('.ant-select-multiple').click();
  await page.locator('.ant-select-item-option').first().click();
  await page.keyboard.press('Escape');
  await page.getByTestId('user-add').click();
  await page.getByTestId('secret-shown').waitFor();
  await expect.poll(() => page.locator('.ant-table-row').innerText(), SOON).toContain('Store manager');
  // Chromium itself writes of each refused request; the page wrote nothing.
  expect(errors.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
  await page.close();
}, 60_000);
