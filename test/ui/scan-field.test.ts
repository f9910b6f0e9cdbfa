import { beforeEach, expect, test } from 'vitest';
import { empty, giveBack, sendFrom, startAnew, taken, textIn } from '../../src/ui/scan-field.ts';

let field: HTMLInputElement;
beforeEach(() => {
  // Only its value is used.
  field = { value: ' 6909990000011 ' } as HTMLInputElement;
});

test('a text on its way stays in sight and counts as gone', () => {
  expect(sendFrom(field)).toEqual({ text: '6909990000011' });
  expect([field.value, textIn(field)]).toEqual([' 6909990000011 ', '']);
});

test('a second Enter before the answer sends nothing', () => {
  sendFrom(field);
  expect(sendFrom(field)).toBeNull();
});

test('the answer empties the field', () => {
  taken(field, sendFrom(field)!);
  expect([field.value, textIn(field)]).toEqual(['', '']);
});

test('what was typed before the answer stays', () => {
  const sent = sendFrom(field)!;
  startAnew(field);
  expect(field.value).toBe('');
  field.value = '4';
  taken(field, sent);
  expect(textIn(field)).toBe('4');
});

test('a second code sent before the first answer waits for its own', () => {
  const first = sendFrom(field)!;
  startAnew(field);
  field.value = 'mi';
  const second = sendFrom(field)!;
  taken(field, first);
  expect(field.value).toBe('mi');
  giveBack(field, second);
  expect(textIn(field)).toBe('mi');
});

test('a text that the till did not take is the cashier’s again', () => {
  const sent = sendFrom(field)!;
  giveBack(field, sent);
  taken(field, sent);
  startAnew(field);
  expect(textIn(field)).toBe(' 6909990000011 ');
});

test('an emptied field is ready for the next text', () => {
  sendFrom(field);
  empty(field);
  field.value = '5';
  expect(sendFrom(field)).toEqual({ text: '5' });
});

test('without a field there is nothing to send', () => {
  expect([textIn(null), sendFrom(null)]).toEqual(['', null]);
  startAnew(null);
  empty(null);
});
