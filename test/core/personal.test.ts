/** Personal rows: what an entry proves of them, and what is left when they are erased. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { commitmentOf, isCommitted, parsePersonal, personalRow } from '../../src/core/personal.ts';
import { sha256 } from '../../src/till/run.ts';

const salt = new Uint8Array(16).fill(0xab);
const row = personalRow('p1', { phone: '8613800001007', name: '王小芳', birthday: '02-29' }, salt);

test('the row is canonical JSON, the commitment SHA-256 of the salt and its bytes', () => {
  expect(row).toEqual({
    personalId: 'p1',
    salt: 'ab'.repeat(16),
    data: '{"birthday":"02-29","name":"王小芳","phone":"8613800001007"}',
  });
  const expected = createHash('sha256').update(salt).update(row.data, 'utf8').digest('hex');
  expect(commitmentOf(sha256, row)).toBe(expected);
});

test('another salt, another name or no salt at all is not what was committed', () => {
  const commitment = commitmentOf(sha256, row);
  expect(isCommitted(sha256, row, commitment)).toBe(true);
  expect(isCommitted(sha256, { ...row, data: row.data.replace('小', '晓') }, commitment)).toBe(false);
  expect(isCommitted(sha256, { ...row, salt: 'cd'.repeat(16) }, commitment)).toBe(false);
  for (const bad of ['', 'x', 'ABCD', 'abc'])
    expect(isCommitted(sha256, { ...row, salt: bad }, commitment)).toBe(false);
});

test('a row is read back, and nonsense is null', () => {
  expect(parsePersonal(row.data)).toEqual({ name: '王小芳', phone: '8613800001007', birthday: '02-29' });
  expect(parsePersonal('{"name":"a","phone":"1","birthday":7}')).toEqual({ name: 'a', phone: '1' });
  for (const text of ['', 'null', '7', '[]', '{"name":"a"}', '{"name":1,"phone":"2"}']) {
    expect(parsePersonal(text)).toBeNull();
  }
});
