import { describe, expect, test } from 'vitest';
import { logLine, withoutPersonal } from '../../src/core/log-line.ts';

const atMs = Date.UTC(2026, 10, 30, 8, 0, 0);

describe('a log line as JSON is one record of at, level, from, part and message', () => {
  const cases: [string, string, Record<string, string>][] = [
    ['news', 'note: the key was made', { level: 'info', message: 'the key was made' }],
    ['a warning', 'warning: PGlite never fsyncs', { level: 'warn', message: 'PGlite never fsyncs' }],
    ['trouble of a part', 'sync: gap', { level: 'error', part: 'sync', message: 'gap' }],
    ['of two words', 'receipt token: no', { level: 'error', part: 'receipt token', message: 'no' }],
    ['a sentence', 'it broke', { level: 'error', message: 'it broke' }],
    ['two lines', 'db: a\nb', { level: 'error', part: 'db', message: 'a\nb' }],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    const line = logLine('json', { atMs, from: 'hq', text });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({ at: '2026-11-30T08:00:00.000Z', from: 'hq', ...expected });
  });

  test('as text it is the time and the sentence', () => {
    expect(logLine('text', { atMs, from: 'T1', text: 'sync: gap' })).toBe(
      '2026-11-30T08:00:00.000Z sync: gap',
    );
  });
});

describe('numbers of people are cut out, numbers of ours stay', () => {
  const cases: [string, string][] = [
    ['Key (phone)=(13800138000) exists', 'Key (phone)=([number]) exists'],
    ['+86 138 0013 8000 called', '[number] called'],
    ['card 4111 1111 1111 1111', 'card [number]'],
    ['li.wei@example.com.cn wrote', '[mail] wrote'],
    [
      'till 0193a000-0000-7000-8000-0000000000a1 has 1234567 entries',
      'till 0193a000-0000-7000-8000-0000000000a1 has 1234567 entries',
    ],
    ['head 27df43ce8a15000000001111', 'head 27df43ce8a15000000001111'],
    ['138-0013-8000', '[number]'],
    ['T1-000123 of 2026-11-30 08:00:59', 'T1-000123 of 2026-11-30 08:00:59'],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(withoutPersonal(text)).toBe(expected);
  });
});
