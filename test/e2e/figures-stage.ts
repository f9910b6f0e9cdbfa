/**
 * What the figures of the console are read from and checked on: more trade than a plain demo has, and a page's figures as texts.
 */
import type { Locator } from 'playwright-core';
import { STORE_COMMON } from '../../src/tools/demo-world.ts';
import type { ConsoleStage } from './console-stage.ts';

/** London, orders of the web shop, an exchange, a merge and an erasure. */
export async function moreTrade(stage: ConsoleStage): Promise<{ merged: string; erased: string }> {
  const { client, db } = stage.cloud;
  const buyers = await db.query<{ id: string }>(
    `select member_id as id from sale where member_id is not null group by 1 having count(*) filter (where kind = 'sale') > 0
     order by count(*) desc, member_id limit 3`,
  );
  const [one, other, third] = buyers.map(({ id }) => id) as [string, string, string];
  const pound = { code: 'GBP', digits: 2, symbol: '£' };
  const london = {
    ...STORE_COMMON,
    id: 'S09',
    name: '伦敦店',
    currency: pound,
    timeZone: 'Europe/London',
    region: 'London',
  };
  await client.put('/api/v1/stores', {
    stores: [{ ...london, address: ['1 Long Lane'], footer: ['Thank you'] }],
  });
  const order = (
    no: number,
    storeId: string,
    at: string,
    memberId: string | null,
    lines: readonly [string, number, number, number?][],
  ) => {
    const currency = storeId === 'S09' ? 'GBP' : 'CNY';
    const totalMinor = lines.reduce((sum, [, qty, price, off = 0]) => sum + qty * price - off, 0);
    return client.post('/api/v1/orders', {
      ...{
        channel: 'web',
        externalId: `W-${no}`,
        storeId,
        atMs: Date.parse(at),
        memberId,
        currency,
        totalMinor,
      },
      lines: lines.map(([sku, qty, unitPriceMinor, off]) => ({
        ...{ sku, qty, unitPriceMinor },
        discounts: off === undefined ? [] : [{ name: 'Web day', amountMinor: off }],
      })),
      tenders: [{ kind: 'wallet', amountMinor: totalMinor, wallet: 'alipay', ref: `R${no}` }],
    });
  };
  await order(1, 'S09', '2026-11-26T23:40:00Z', one, [['T1001', 2, 450]]);
  await order(2, 'S09', '2026-11-20T06:10:00Z', null, [
    ['F2001', 1, 199],
    ['D3001', 3, 120, 60],
  ]);
  await order(3, 'S09', '2026-11-27T05:05:00Z', third, [['C5001', 1, 1250, 333]]);
  await order(4, 'S09', '2026-11-27T07:20:00Z', null, [['D3001', 1, 120]]);
  await order(5, 'S01', '2026-11-25T12:00:00+08:00', other, [
    ['T1002', 1, 6_900, 901],
    ['T1003', 2, 1_290],
  ]);
  // Goods come back and others go out: an exchange, with money to pay.
  await order(6, 'S02', '2026-11-26T12:00:00+08:00', one, [
    ['T1002', 1, 6_900],
    ['T1003', -1, 1_290],
  ]);
  await client.post('/api/v1/orders/web/W-5/refunds', {
    ...{ externalId: 'W-5-back', atMs: Date.parse('2026-11-27T10:00:00+08:00') },
    lines: [{ lineNo: 1, qty: 1 }],
  });
  await stage.cloud.books.settled();
  await client.post(`/api/v1/members/${other}/merge`, { intoId: one, reason: 'the same person' });
  await client.post(`/api/v1/members/${third}/erase`, { reason: 'asked for it' });
  await stage.cloud.books.settled();
  return { merged: one, erased: third };
}

export const CHANGE = /(up|down|level) [\d.,]+ %/;

/** Of a figure's note. */
export function changeOf(note: string): string {
  return CHANGE.exec(note)?.[0] ?? '—';
}

/** Without the sign of its money; words and number of a change apart. */
export function bare(text: string): string {
  return text
    .replaceAll(/[¥£]/g, '')
    .replace(/^(up|down|level)\s*/, '$1 ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

export async function texts(all: Locator): Promise<string[]> {
  return (await all.allInnerTexts()).map(bare);
}

/** Key and cells of each row of the one table in it. */
export async function tableOf(place: Locator): Promise<string[][]> {
  const rows = await place
    .locator('tr[data-row-key]')
    .evaluateAll((all) =>
      all.map((row) => [
        row.getAttribute('data-row-key')!,
        ...[...row.children].map((cell) => (cell as HTMLElement).innerText),
      ]),
    );
  return rows.map((cells) => cells.map(bare));
}

/** Names and amounts of a chart, as it says them to who cannot see it. */
export async function pairsOf(chart: Locator, pattern: RegExp): Promise<string[][]> {
  const label = (await chart.getAttribute('aria-label')) ?? '';
  return [...label.matchAll(pattern)].map(([, name, money]) => [name!, bare(money!).replace(/,$/, '')]);
}

/** Store, and its sales and change. */
export async function tilesOf(tiles: Locator): Promise<[string, string][]> {
  const all = await tiles.evaluateAll((list) =>
    list.map((tile) => [
      tile.getAttribute('data-testid')!.replace('store-tile-', ''),
      tile.querySelector('.tile-sales')!.textContent!,
      tile.querySelector('.change')?.textContent ?? '—',
    ]),
  );
  return all.map(([store, sales, change]) => [store!, `${bare(sales!)} ${bare(change!)}`]);
}
