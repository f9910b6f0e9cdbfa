/** Custom fields: what a value of each type may be, as JSON and as it stands in a file. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dateOf,
  type FieldLimits,
  type FieldRule,
  type FieldType,
  readFieldText,
  readFieldValue,
} from '../../src/core/custom-field.ts';

const rule = (type: FieldType, limits: FieldLimits = {}, options: readonly string[] = []): FieldRule => ({
  type,
  limits,
  options,
});
const said = (result: ReturnType<typeof readFieldValue>) =>
  result.ok ? result.value : `${result.error.kind}: ${result.error.message}`;
const colours = ['red', 'blue'];

describe('as JSON', () => {
  test.each<[FieldRule, unknown, unknown]>([
    [rule('text'), 'a', ['a']],
    [rule('text'), '', []],
    [rule('text'), null, []],
    [rule('text', { lengthMax: 2 }), '高雄', ['高雄']],
    [rule('text', { lengthMax: 2 }), '高雄市', 'length: expected at most 2 characters'],
    [rule('text'), 'a\u0000', 'format: expected a text without NUL'],
    [rule('text'), 5, 'type: expected a text'],
    [rule('number'), 38.5, [38.5]],
    [rule('number'), '38.5', 'type: expected a number'],
    [rule('number'), Number.NaN, 'type: expected a number'],
    [rule('number', { decimals: 1 }), 38.55, 'format: expected at most 1 digits after the point'],
    [rule('number', { min: 30, max: 50 }), 29, 'range: expected at least 30'],
    [rule('number', { min: 30, max: 50 }), 51, 'range: expected at most 50'],
    [rule('number'), 1e15, 'range: expected at most 99999999999999'],
    [rule('money'), 1250, [1250]],
    [rule('money'), 12.5, 'format: expected whole minor units, such as 1250 for 12.50'],
    [rule('date'), '2024-02-29', ['2024-02-29']],
    [rule('date'), '2026-02-29', 'date: expected a day YYYY-MM-DD'],
    [rule('date'), '2026-2-9', 'date: expected a day YYYY-MM-DD'],
    [rule('boolean'), false, [false]],
    [rule('boolean'), 'no', 'type: expected true or false'],
    [rule('choice', {}, colours), 'red', ['red']],
    [rule('choice', {}, colours), 'green', 'option: expected one of red, blue'],
    [rule('choices', {}, colours), ['blue', 'red', 'blue'], ['blue', 'red']],
    [rule('choices', {}, colours), [], []],
    [rule('choices', {}, colours), 'red', 'type: expected a list of options'],
    [rule('choices', {}, colours), ['red', 1], 'option: expected one of red, blue'],
  ])('%j takes %j: %j', (field, json, expected) => {
    expect(said(readFieldValue(field, json))).toEqual(expected);
  });
});

describe('as it stands in a file', () => {
  test.each<[FieldRule, string, unknown]>([
    [rule('number'), ' 1,234.5 ', [1234.5]],
    [rule('number'), '1,23', 'type: expected a number, such as 38.5'],
    [rule('number'), '3e4', 'type: expected a number, such as 38.5'],
    [rule('money'), '12.5', [1250]],
    [rule('money'), '-0.05', [-5]],
    [rule('money'), '1,000', [100_000]],
    [rule('money'), '12.345', 'format: expected at most 2 digits after the point'],
    [rule('money'), '￥12', 'type: expected an amount, such as 12.50'],
    [rule('date'), '2026/3/5', ['2026-03-05']],
    [rule('date'), '2026年12月5日', ['2026-12-05']],
    [rule('date'), '20261301', 'date: expected a day YYYY-MM-DD'],
    [rule('boolean'), '是', [true]],
    [rule('boolean'), 'NO', [false]],
    [rule('boolean'), 'maybe', 'type: expected yes or no (是 or 否)'],
    [rule('choices', {}, colours), 'red；blue; red', ['red', 'blue']],
    [rule('choice', {}, colours), ' red ', ['red']],
    [rule('text'), '   ', []],
  ])('%j takes %j: %j', (field, text, expected) => {
    expect(said(readFieldText(field, text))).toEqual(expected);
  });

  test('a currency without minor digits has whole amounts: 1,200 yen is 1200', () => {
    expect(said(readFieldText(rule('money'), '1,200', 0))).toEqual([1200]);
    expect(said(readFieldText(rule('money'), '1.5', 0))).toBe(
      'format: expected at most 0 digits after the point',
    );
  });

  test('any whole number of cents comes back from its text as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (minor) => {
        const digits = String(Math.abs(minor)).padStart(3, '0');
        const text = `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        expect(said(readFieldText(rule('money'), text))).toEqual([minor]);
      }),
    );
  });

  test('a date of any sort of file is the day it says', () => {
    expect(['2026-1-2', '2026.01.02', '20260102', '2026/13/1', '02/01/2026'].map(dateOf)).toEqual([
      '2026-01-02',
      '2026-01-02',
      '2026-01-02',
      null,
      null,
    ]);
  });
});
