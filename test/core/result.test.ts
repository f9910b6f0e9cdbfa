/** Results: a value or an error, told apart by `ok`. */
import { expect, test } from 'vitest';
import { err, ok } from '../../src/core/result.ts';

test('ok holds a value, err an error, nothing else', () => {
  expect(ok(7)).toEqual({ ok: true, value: 7 });
  expect(err({ kind: 'length' })).toEqual({ ok: false, error: { kind: 'length' } });
});
