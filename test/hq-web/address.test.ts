/** Addresses, dates and the live stream of HQ's console. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventReader } from '../../cloud/hq/web/api/sse.ts';
import {
  addDays,
  agoOf,
  clockTime,
  datesBetween,
  dateTime,
  formatDay,
  hourIn,
} from '../../cloud/hq/web/format/date.ts';
import { hrefOf, parseRoute, type Route } from '../../cloud/hq/web/shell/routes.ts';

describe('addresses', () => {
  const rows: readonly { href: string; route: Route }[] = [
    { href: '/', route: { page: 'today' } },
    { href: '/?date=2026-11-21', route: { page: 'today', date: '2026-11-21' } },
    { href: '/?view=down', route: { page: 'today', view: 'down' } },
    { href: '/stores/sh-1?date=2026-11-21', route: { page: 'store', storeId: 'sh-1', date: '2026-11-21' } },
    {
      href: '/days?from=2026-11-01&to=2026-11-07',
      route: { page: 'days', from: '2026-11-01', to: '2026-11-07' },
    },
    {
      href: '/sales?storeId=sh-1&receiptNo=T01-7',
      route: { page: 'sales', storeId: 'sh-1', receiptNo: 'T01-7' },
    },
    { href: '/sales/0192-a%2Fb', route: { page: 'sale', saleId: '0192-a/b' } },
    { href: '/tills', route: { page: 'tills' } },
    {
      href: '/segments?tab=flow&months=3',
      route: { page: 'segments', tab: 'flow', months: '3' },
    },
    { href: '/tills/t-1?aside=closed', route: { page: 'till', id: 't-1', aside: 'closed' } },
    { href: '/nowhere/at/all', route: { page: 'missing', path: '/nowhere/at/all' } },
  ];
  for (const { href, route } of rows) {
    test(`${href} means ${route.page} and is written so`, () => {
      const [path, query] = href.split('?') as [string, string?];
      expect(parseRoute(path, query ?? '')).toEqual(route);
      expect(hrefOf(route)).toBe(href);
    });
  }

  test('a date that is none is dropped; a path that cannot be decoded is missing', () => {
    expect(parseRoute('/', 'date=2026-13-99')).toEqual({ page: 'today' });
    expect(parseRoute('/', 'date=tomorrow')).toEqual({ page: 'today' });
    expect(parseRoute('/sales/%E0%A4%A', '')).toEqual({ page: 'missing', path: '/sales/%E0%A4%A' });
  });
});

describe('dates', () => {
  test('the day after 2026-02-28 is 2026-03-01; a week is seven dates', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-03-01', -7)).toBe('2026-02-22');
    expect(datesBetween('2026-11-16', '2026-11-22')).toHaveLength(7);
    expect(datesBetween('2026-11-22', '2026-11-16')).toEqual([]);
  });

  test('2026-11-21 is a Saturday in each language', () => {
    expect(formatDay('2026-11-21', 'zh-CN')).toBe('11月21日 周六');
    expect(formatDay('2026-11-21', 'zh-TW')).toBe('11月21日 週六');
    expect(formatDay('2026-11-21', 'en')).toMatch(/^Sat,? 21 Nov$/);
  });

  test('an instant is told in the time of its store', () => {
    const atMs = Date.parse('2026-11-21T16:30:07Z');
    expect(clockTime(atMs, 'Asia/Shanghai')).toBe('00:30');
    expect(clockTime(atMs, 'Asia/Shanghai', true)).toBe('00:30:07');
    expect(dateTime(atMs, 'Asia/Shanghai')).toBe('2026-11-22 00:30:07');
    expect(hourIn(atMs, 'Asia/Shanghai')).toBe(0);
    expect(hourIn(atMs, 'Asia/Tokyo')).toBe(1);
  });

  test('59 seconds are now, 38 minutes are minutes, 47 hours are hours, 49 hours are 2 days', () => {
    const ago = (minutes: number) => agoOf(0, minutes * 60_000);
    expect(ago(0.98)).toEqual({ unit: 'now' });
    expect(ago(38)).toEqual({ unit: 'minutes', count: 38 });
    expect(ago(47 * 60)).toEqual({ unit: 'hours', count: 47 });
    expect(ago(49 * 60)).toEqual({ unit: 'days', count: 2 });
  });
});

describe('the live stream', () => {
  test('comments and pings are no events; data of two lines is one event', () => {
    const read = eventReader();
    expect(read(': ping\n\nevent: sale\ndata: {"a":\ndata: 1}\n\n')).toEqual([
      { name: 'sale', data: '{"a":\n1}' },
    ]);
  });

  test('an event whose line was cut is not told until it is whole', () => {
    const read = eventReader();
    expect(read('event: till\nda')).toEqual([]);
    expect(read('ta: {}\n')).toEqual([]);
    expect(read('\n')).toEqual([{ name: 'till', data: '{}' }]);
  });

  test('wherever the stream is cut, and with CR, LF or both, the same events come out', () => {
    const stream = [': hello', '', 'event: sale', 'data: {"n":1}', '', 'event: till', 'data:{"n":2}', '', ''];
    const expected = [
      { name: 'sale', data: '{"n":1}' },
      { name: 'till', data: '{"n":2}' },
    ];
    const cuts = fc.array(fc.nat(100), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom('\n', '\r\n'), cuts, (end, places) => {
        const text = stream.join(end);
        const edges = [0, ...places.map((place) => place % text.length).sort((a, b) => a - b), text.length];
        const read = eventReader();
        const events = edges.slice(1).flatMap((to, index) => read(text.slice(edges[index], to)));
        expect(events).toEqual(expected);
      }),
    );
  });
});
