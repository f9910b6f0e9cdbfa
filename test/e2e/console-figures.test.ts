/**
 * Every figure of Today, Sales and Members, read from the pages and compared with plain SQL over what the tills wrote.
 *
 * Friday, 27 November 2026, half past three in Shanghai. Two stores sell in yuan at tills and on the web, one in London in pounds by
 * its own clock; there are refunds, an exchange, discounts, two members who became one, and one who was erased.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainRfm } from '../kit/plain-rfm.ts';
import * as plain from '../kit/plain-sales.ts';
import { visit } from './console-pages.ts';
import { type ConsolePage, type ConsoleStage, openConsole } from './console-stage.ts';
import { bare, CHANGE, changeOf, moreTrade, pairsOf, tableOf, texts, tilesOf } from './figures-stage.ts';

const TODAY = '2026-11-27';
const NOW_MS = Date.parse(`${TODAY}T15:30:00+08:00`);
const CURRENCIES = ['CNY', 'GBP'] as const;

let stage: ConsoleStage;
let shown: ConsolePage;
let page: Page;
let people: { readonly merged: string; readonly erased: string };
beforeAll(async () => {
  stage = await openConsole({ days: 15, startMs: NOW_MS });
  people = await moreTrade(stage);
  await plain.makePlain(stage.cloud.db);
  shown = await stage.open(`/`);
  ({ page } = shown);
  await page.getByTestId('today-total').waitFor();
}, 180_000);
afterAll(() => stage?.close());

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 15_000 };

describe('today', () => {
  test.each([
    ['the running day, by the hours that are over', TODAY, 15, 7],
    ['a day that is over, as a whole', '2026-11-26', 24, 24],
  ])(
    '%s: the equation of each currency, each store, each hour, the last receipts',
    async (_, date, hourNow, london) => {
      const { db } = stage.cloud;
      await visit(page, `/?date=${date}&view=table`, 'en');
      for (const [index, currency] of CURRENCIES.entries()) {
        const hour = currency === 'CNY' ? hourNow : london;
        const expected = await plain.dayShown(db, date, currency, hour);
        await expect
          .poll(async () => {
            const row = page.locator('.equation').nth(index);
            const values = await texts(row.locator('.factor-value'));
            const notes = await texts(row.locator('.factor-note'));
            const members = /^Member tickets: (\S+)/.exec(notes[4] ?? '')?.[1];
            const refunds =
              /Refunds: (\S+)/.exec(await row.locator('.factor-hint').first().innerText())?.[1] ?? '0';
            const moved = notes.slice(0, 2).map((note) => CHANGE.exec(note)?.[0] ?? '—');
            return [...values.slice(0, 5), members, refunds, ...moved];
          }, SOON)
          .toEqual(expected);
        const card = page.locator('.behind-card').nth(index);
        await expect
          .poll(async () => (await tableOf(card)).map((row) => [row[0], ...row.slice(2, 7)]), SOON)
          .toEqual(await plain.storesShown(db, date, currency, hour));
        // The curve says in words what it shows.
        const hours = await plain.rowsOf(
          db,
          `select array[hour::text, plain.money(sum(net))] as row from plain.sold where day = $1::date and currency = $2
         group by hour having sum(net) <> 0 order by hour`,
          [date, currency],
        );
        await expect
          .poll(() => pairsOf(page.locator('.chart').nth(index), /(\d+):00 (\S+)/g), SOON)
          .toEqual(hours);
      }
      await visit(page, `/?date=${date}`, 'en');
      const tiles = [
        ...(await plain.storesShown(db, date, 'CNY', hourNow)),
        ...(await plain.storesShown(db, date, 'GBP', london)),
      ];
      await expect
        .poll(async () => Object.fromEntries(await tilesOf(page.locator('.store-tile'))), SOON)
        .toEqual(Object.fromEntries(tiles.map(([store, sales, change]) => [store, `${sales} ${change}`])));
      const last = await plain.rowsOf(
        db,
        `select array[plain.money(net)] as row from plain.sold where day = $1::date order by at_ms desc limit 12`,
        [date],
      );
      await expect
        .poll(async () => (await texts(page.locator('.arrival-amount b'))).map((text) => [text]), SOON)
        .toEqual(last);
    },
  );

  test('tills are as many as are at work, and none is on the line; a store’s last seven days are its own', async () => {
    const { db } = stage.cloud;
    const [tills] = await plain.rowsOf(
      db,
      `select array[count(*)::text] as row from till where channel is null`,
    );
    await visit(page, '/stores/S02', 'en');
    const days = await plain.rowsOf(
      db,
      `select array[plain.money(coalesce(sum(net), 0))] as row from generate_series($1::date - 6, $1::date, '1 day') d
       left join plain.sold on day = d and store_id = 'S02' group by d order by d desc`,
      [TODAY],
    );
    await expect
      .poll(async () => (await texts(page.locator('.bar-value'))).map((text) => [text]), SOON)
      .toEqual(days);
    await visit(page, '/', 'en');
    await expect
      .poll(async () => (await texts(page.locator('.equation').first().locator('.factor-value')))[5], SOON)
      .toBe(`0 / ${tills![0]}`);
  });
});

describe('sales', () => {
  const days = { from: '2026-11-21', to: TODAY };
  const before = { from: '2026-11-14', to: '2026-11-20' };

  test.each(CURRENCIES.map((currency, index) => ({ currency, index })))(
    'seven days in $currency: eight figures and how they moved, the curve, the equation as a tree',
    async ({ currency, index }) => {
      const { db } = stage.cloud;
      await visit(page, '/analysis?days=7', 'en');
      const stack = page.locator('.stack').nth(index);
      const span = { ...days, currency };
      const whole = await plain.wholeShown(db, span, { ...before, currency });
      await expect
        .poll(async () => {
          const notes = await texts(stack.locator('.kpis .factor-note'));
          return [...(await texts(stack.locator('.kpis .factor-value'))), ...notes.slice(0, 6).map(changeOf)];
        }, SOON)
        .toEqual(whole);
      const curve = await plain.rowsOf(
        db,
        `select array[to_char(d, 'Dy FMDD Mon'), plain.money(coalesce(sum(net), 0))] as row
         from generate_series($2::date, $3::date, '1 day') d left join plain.sold on day = d and currency = $1 group by d order by d`,
        [currency, days.from, days.to],
      );
      await expect
        .poll(() => pairsOf(stack.locator('.chart').first(), /(\w+,? \d+ \w+) (\S+?)(?=,? |$)/g), SOON)
        .toEqual(curve);
      const [doors] = await plain.rowsOf(
        db,
        `select array[sum(visitors)::text, sum(tickets)::text] as row from (
           select t.visitors, (select count(*) from plain.sold s where s.store_id = t.store_id and s.day = t.business_date
             and s.kind <> 'refund') as tickets
           from store_traffic t join store using (store_id)
           where t.business_date between $2::date and $3::date and data->'currency'->>'code' = $1) q`,
        [currency, days.from, days.to],
      );
      const [tree] = await plain.rowsOf(
        db,
        `select array[plain.money(sum(net)), plain.count(count(*) filter (where kind <> 'refund')),
           plain.quotient(sum(pieces), count(*) filter (where kind <> 'refund'), 3), plain.quotient(sum(net), 100 * sum(pieces), 2)] as row
         from plain.sold where currency = $1 and day between $2::date and $3::date`,
        [currency, days.from, days.to],
      );
      const visits = await plain.visitsShown(db, span);
      await expect
        .poll(async () => {
          const boxes = await stack
            .locator('.tree-box')
            .evaluateAll((all) =>
              all.map((box) => [...box.children].slice(1).map((part) => part.textContent!)),
            );
          return boxes.map((parts) => parts.map(bare));
        }, SOON)
        .toEqual([
          ...tree!.map((text) => [text]),
          ...(doors![0] === null ? [] : trafficShown(Number(doors![0]), Number(doors![1]))),
          ...visits.map(([, money, share]) => [money, share === '—' ? '' : share]),
        ]);
    },
  );

  test('by all eighteen dimensions: each part, its share, how it moved, and the sums below', async () => {
    const { db } = stage.cloud;
    await visit(page, '/analysis?days=7', 'en');
    expect(plain.DIMENSIONS).toHaveLength(18);
    const spans = CURRENCIES.map(
      (currency) =>
        [
          { ...days, currency },
          { ...before, currency },
        ] as const,
    );
    const wholes = await Promise.all(
      spans.map(async ([now, then]) => {
        const [sales, tickets, , attach, , , , refunds] = await plain.wholeShown(db, now, then);
        const [off] = await plain.rowsOf(
          db,
          'select array[plain.money(sum(off))] as row from plain.sold where currency = $1 and day between $2::date and $3::date',
          [now.currency, now.from, now.to],
        );
        return ['Total', sales, tickets, attach, off![0], refunds];
      }),
    );
    for (const by of plain.DIMENSIONS) {
      const parts = await Promise.all(spans.map(([now, then]) => plain.partsShown(db, by, now, then)));
      expect([by, parts.every((rows) => rows.length > 0)]).toEqual([by, true]);
      await page.getByTestId(`by-${by}`).first().click();
      await expect
        .poll(async () => {
          const cards = await page.locator('.stack .card-table').all();
          const tables = await Promise.all(cards.map(tableOf));
          return [by, ...tables.map((rows) => rows.map(([key, , ...cells]) => [key, ...cells]))];
        }, SOON)
        .toEqual([by, ...parts]);
      const sums = await Promise.all(
        (await page.locator('.stack .sum-row').all()).map((row) => texts(row.locator('td'))),
      );
      expect([by, ...sums.map((cells) => cells.filter((text) => text !== ''))]).toEqual([by, ...wholes]);
    }
  }, 90_000);

  test('stores and days by all four measures, with sums that are those of their cells; the newest receipts', async () => {
    const { db } = stage.cloud;
    const measures = {
      total: 'plain.money(coalesce(sum(net), 0))',
      tickets: `plain.count(count(*) filter (where kind <> 'refund'))`,
      pieces: 'plain.count(coalesce(sum(pieces), 0))',
      memberTotal: 'plain.money(coalesce(sum(net) filter (where member_id is not null), 0))',
    };
    for (const [measure, sql] of Object.entries(measures)) {
      await visit(page, `/days?measure=${measure}`, 'en');
      for (const [index, currency] of CURRENCIES.entries()) {
        const cells = await plain.rowsOf(
          db,
          `select array[coalesce('day-cell-' || store_id || '-' || day, 'store-sum-' || store_id, 'date-sum-' || day, 'day-total-' || $1), ${sql}] as row
           from plain.sold where currency = $1 and day between $2::date and $3::date group by cube (store_id, day) order by 1`,
          [currency, days.from, days.to],
        );
        const matrix = page.locator('.matrix').nth(index);
        await expect
          .poll(async () => {
            const all = await matrix
              .locator('[data-testid]')
              .evaluateAll((cells) =>
                cells.map((cell) => [cell.getAttribute('data-testid')!, cell.textContent!]),
              );
            return Object.fromEntries(all.filter(([, text]) => !['—', '0', '0.00'].includes(text!)));
          }, SOON)
          .toEqual(Object.fromEntries(cells.filter(([, text]) => !['0', '0.00'].includes(text!))));
      }
    }
    await visit(page, '/sales', 'en');
    const receipts = await plain.rowsOf(
      db,
      `select array[receipt_no, plain.count(pieces), case off when 0 then '—' else plain.money(off) end, plain.money(net)] as row
       from plain.sold order by at_ms desc limit 50`,
    );
    await expect
      .poll(async () => {
        const numbers = await texts(page.locator('main .row-link'));
        const rows = await tableOf(page.locator('main'));
        return rows.map((row, index) => [numbers[index], ...row.slice(5, 8)]);
      }, SOON)
      .toEqual(receipts);
  });
});

describe('members', () => {
  test('one who was two: points, spent, visits, last purchase, every receipt, every point, and the scores month by month', async () => {
    const { db } = stage.cloud;
    const { merged } = people;
    await visit(page, `/members/${merged}`, 'en');
    const [out] = await plain.rowsOf(
      db,
      `select array[plain.count(sum(points) filter (where purse = 'points')),
         plain.money(coalesce(sum(points) filter (where purse <> 'points'), 0))] as row from ledger_entry where holder_id = $1`,
      [merged],
    );
    // A book a currency: pounds are never added to yuan.
    const books = await plain.rowsOf(
      db,
      `select array[plain.money(sum(net)), count(distinct day) filter (where kind <> 'refund')::text,
         (max(day) filter (where kind <> 'refund'))::text] as row
       from plain.sold where member_id = $1 group by currency order by currency`,
      [merged],
    );
    expect(books).toHaveLength(2);
    await expect
      .poll(async () => {
        const [, points, value, ...values] = await texts(page.locator('.kpis .factor-value'));
        const notes = (await texts(page.locator('.kpis .factor-note'))).slice(3);
        const visits = notes.slice(0, 2).map((note) => /\d+/.exec(note)?.[0]);
        const last = notes.slice(2).map((note) => /\d{4}-\d\d-\d\d/.exec(note)?.[0]);
        return [[points, value], ...[0, 1].map((index) => [values[index], visits[index], last[index]])];
      }, SOON)
      .toEqual([out, ...books]);
    const tables = page.locator('main .card-table');
    const bought = await plain.rowsOf(
      db,
      'select array[day::text, receipt_no, plain.money(net)] as row from plain.sold where member_id = $1 order by at_ms desc',
      [merged],
    );
    expect(bought.length).toBeGreaterThan(1);
    await expect
      .poll(async () => (await tableOf(tables.nth(0))).map((row) => [row[1], row[2], row[5]]), SOON)
      .toEqual(bought.slice(0, 10));
    const scores = plainRfm(await everyPurchase(), TODAY, 5).find(({ memberId }) => memberId === merged)!;
    await expect
      .poll(async () => (await tableOf(tables.nth(1)))[0], SOON)
      .toEqual([
        TODAY,
        TODAY,
        `${scores.r} ${scores.f} ${scores.m}`,
        `${named(scores.recency)} × ${named(scores.frequency)}`,
        String(scores.visits),
        books[0]![0],
        scores.lastOn,
      ]);
    // The scores of the other currency are of its own purchases.
    await page.getByTestId('rfm-GBP').click();
    await expect
      .poll(async () => {
        const [newest] = await tableOf(tables.nth(1));
        return [newest?.[5], newest?.[4], newest?.[6]];
      }, SOON)
      .toEqual(books[1]);
    const ledger = await tableOf(tables.nth(2));
    expect(ledger.reduce((sum, row) => sum + Number(row[3]!.replaceAll(/[+,]/g, '')), 0)).toBe(
      Number(out![0]!.replace(',', '')),
    );
  });

  test('who was erased has no page; their sales stay in every sum', async () => {
    const { db } = stage.cloud;
    const [sales] = await plain.rowsOf(
      db,
      'select array[count(*)::text] as row from plain.sold where member_id = $1',
      [people.erased],
    );
    expect(Number(sales![0])).toBeGreaterThan(0);
    await visit(page, `/members/${people.erased}`, 'en');
    await page.getByTestId('error-notice').waitFor();
    const refused = shown.errors.filter((line) => !line.startsWith('Failed to load resource'));
    expect(refused).toEqual([]);
  });
});

function everyPurchase() {
  return stage.cloud.db.query<{ memberId: string; on: string; kind: 'sale' | 'refund'; totalMinor: number }>(
    `select member_id as "memberId", day::text as on, case kind when 'refund' then 'refund' else 'sale' end as kind, net as "totalMinor"
     from plain.sold where member_id is not null and currency = 'CNY'`,
  );
}

function trafficShown(visitors: number, tickets: number): string[][] {
  const bp = Math.round((10_000 * tickets) / visitors);
  return [[grouped(visitors)], [`${bp / 100} %`], [grouped(tickets)]];
}

function grouped(n: number): string {
  return n.toLocaleString('en-US');
}

function named(word: string): string {
  const words: Record<string, string> = { old: 'Regular' };
  return words[word] ?? `${word[0]!.toUpperCase()}${word.slice(1)}`;
}
