/** Tables as files, periods and drilling of the analysis, saved views. */
import { describe, expect, test } from 'vitest';
import { columnName, crc32, csvOf, xlsxOf } from '../../cloud/hq/web/format/sheet.ts';
import { drilled, receiptsOf } from '../../cloud/hq/web/pages/analysis/drill.ts';
import { comparedWith, periodOf, stepOf } from '../../cloud/hq/web/pages/analysis/period.ts';
import { parseViews } from '../../cloud/hq/web/shell/views.ts';

const sheet = {
  name: 'a/b',
  head: ['Name', 'Sum'],
  rows: [
    ['=1+1', 2.5],
    ['"x", y', null],
  ],
} as const;

describe('files', () => {
  test('a formula is a text, quotes are doubled, nothing is empty', () => {
    expect(csvOf(sheet)).toBe('\uFEFFName,Sum\r\n\'=1+1,2.5\r\n"""x"", y",\r\n');
  });

  test('an XLSX is a zip whose entries carry their checksums and whose cells are texts and numbers', () => {
    const bytes = xlsxOf(sheet);
    const text = new TextDecoder('latin1').decode(bytes);
    expect(text.startsWith('PK\u0003\u0004')).toBe(true);
    expect(text).toContain(
      '<c r="A2" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c><c r="B2"><v>2.5</v></c>',
    );
    expect(text).toContain('sheet name="a b"');
    expect(new DataView(bytes.buffer).getUint16(bytes.length - 12, true)).toBe(5);
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  test.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [701, 'ZZ'],
    [702, 'AAA'],
  ])('column %i is %s', (index, name) => {
    expect(columnName(index)).toBe(name);
  });
});

describe('periods', () => {
  test('the last 7 days up to the 30th are the 24th to the 30th; before them the 17th to the 23rd', () => {
    const period = periodOf({ days: '7' }, '2026-11-30');
    expect(period).toEqual({ from: '2026-11-24', to: '2026-11-30' });
    expect(comparedWith(period, 'previous')).toEqual({ from: '2026-11-17', to: '2026-11-23' });
    // The same weekdays: a Sunday is compared with a Sunday.
    expect(comparedWith(period, 'year')).toEqual({ from: '2025-11-25', to: '2025-12-01' });
    expect(comparedWith(period, 'none')).toBeNull();
  });

  test('dates the wrong way round are turned; days that are no preset are 30', () => {
    expect(periodOf({ from: '2026-11-09', to: '2026-11-01' }, '2026-11-30')).toEqual({
      from: '2026-11-01',
      to: '2026-11-09',
    });
    expect(periodOf({ days: '5' }, '2026-11-30').from).toBe('2026-11-01');
    expect(
      ['2026-11-30', '2026-10-01', '2026-01-01', '2025-01-01'].map((from) =>
        stepOf({ from, to: '2026-11-30' }),
      ),
    ).toEqual(['hour', 'day', 'week', 'month']);
  });
});

describe('drilling', () => {
  const route = { page: 'analysis', storeId: 'S01', days: '30' } as const;
  const period = { from: '2026-11-01', to: '2026-11-30' };

  test('a category leads to its items, a month to its days, a nameless part nowhere', () => {
    expect(drilled(route, 'category', '食品')).toEqual({ ...route, category: '食品', by: 'item' });
    expect(drilled(route, 'month', '2026-02')).toEqual({
      page: 'analysis',
      storeId: 'S01',
      from: '2026-02-01',
      to: '2026-02-28',
      by: 'day',
    });
    expect(drilled(route, 'brand', '')).toBeNull();
  });

  test('its receipts are of the same store, dates and part; those of a till’s code are not asked for', () => {
    expect(receiptsOf(route, period, 'hour', '09')).toEqual({
      page: 'sales',
      ...period,
      storeId: 'S01',
      hour: '9',
    });
    expect(receiptsOf(route, period, 'week', '2026-11-02')).toMatchObject({
      from: '2026-11-02',
      to: '2026-11-08',
    });
    expect(receiptsOf(route, period, 'till', 'NJ01')).toBeNull();
  });
});

test('of what stands in the browser’s store only addresses of this console are views', () => {
  expect(
    parseViews('[{"name":"a","href":"/sales?x=1"},{"name":"b","href":"//evil"},{"href":"/"},7]'),
  ).toEqual([{ name: 'a', href: '/sales?x=1' }]);
  expect(parseViews('{')).toEqual([]);
});
