import { beforeEach, expect, test } from 'vitest';
import { empty, giveBack, sendFrom, taken, textIn } from '../../src/ui/scan-field.ts';

let field: HTMLInputElement;
beforeEach(() => {
  // Only its value is used.
  field = { value: ' 6909990000011 ' } as HTMLInputElement;
});

test('a text on its way stays in sight and counts as gone', () => {
  expect(sendFrom(field)).toBe('6909990000011');
  expect([field.value, textIn(field)]).toEqual([' 6909990000011 ', '']);
});

test('a second Enter before the answer sends nothing', () => {
  sendFrom(field);
  expect(sendFrom(field)).toBe('');
});

test('the answer empties the field', () => {
  sendFrom(field);
  taken(field);
  expect([field.value, textIn(field)]).toEqual(['', '']);
});

test('what was typed before the answer stays', () => {
  sendFrom(field);
  taken(field);
  field.value = '4';
  taken(field);
  expect(textIn(field)).toBe('4');
});

test('a text that the till did not take is the cashier’s again', () => {
  sendFrom(field);
  giveBack(field);
  taken(field);
  expect(textIn(field)).toBe(' 6909990000011 ');
});

test('an emptied field is ready for the next text', () => {
  sendFrom(field);
  empty(field);
  field.value = '5';
  expect(sendFrom(field)).toBe('5');
});

test('without a field there is nothing to send', () => {
  expect([textIn(null), sendFrom(null)]).toEqual(['', '']);
  taken(null);
  giveBack(null);
  empty(null);
});
