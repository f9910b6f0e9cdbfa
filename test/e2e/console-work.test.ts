/** HQ's console where people work: segments, prices and promotions, loyalty. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './axe.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';

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
  await page.getByTestId('cell-active-fan').click();
  await page.getByTestId('see-cell').click();
  const [fans] = await stage.cloud.db.query<{ n: number }>(
    `select count(*)::int as n from member_purchase where visits >= 6 and last_on > current_date - 60`,
  );
  await expect.poll(() => page.getByTestId('rule-count').innerText(), SOON).toBe(String(fans!.n));
  expect(new URL(page.url()).searchParams.get('rule')).toContain('"cell"');
  await page.getByTestId('segment-name').fill('Active fans');
  await page.getByTestId('segment-save').click();

  await page.getByTestId('segment-menu-Active fans').click();
  await page.getByText('Give a coupon').click();
  await page.locator('.ant-modal .ant-select').click();
  await page.locator('.ant-select-item-option').first().click();
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await expect
    .poll(() => page.getByTestId('coupon-done').innerText(), SOON)
    .toBe(`${fans!.n} issued, 0 skipped`);
  const [coupons] = await stage.cloud.db.query<{ n: number }>('select count(*)::int as n from member_coupon');
  expect(coupons!.n).toBe(fans!.n);
  expect(errors).toEqual([]);
  await page.close();
}, 60_000);
