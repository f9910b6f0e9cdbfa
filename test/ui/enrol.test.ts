import { expect, test } from 'vitest';
import { isBirthday, isPhone } from '../../src/ui/enrol.ts';

test.each([
  ['13800001007', true],
  ['+86 138-0000-1007', true],
  ['0912345678', true],
  ['1380000', false],
  ['138000010071234567', false],
  ['张三', false],
  ['', false],
])('%s is a phone number: %s', (text, wanted) => {
  expect(isPhone(text)).toBe(wanted);
});

test.each([
  ['1990-11-22', true],
  ['11-22', true],
  ['02-29', true],
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['1990-13-01', false],
  ['1990-04-31', false],
  ['1890-01-01', false],
  ['22.11.1990', false],
])('%s is a birthday: %s', (text, wanted) => {
  expect(isBirthday(text)).toBe(wanted);
});
