import { expect, test } from 'vitest';
import { freshnessOf, isSamePack, packOf } from '../../src/core/pack.ts';

test.each([
  [{ expiry: '2026-11-21' }, 'expired'],
  [{ expiry: '2026-11-22' }, 'fresh'],
  [{ bestBefore: '2026-11-21' }, 'past_best'],
  [{ bestBefore: '2026-11-22' }, 'fresh'],
  [{ bestBefore: '2026-11-01', expiry: '2026-11-21' }, 'expired'],
  [{ batch: 'A1' }, 'fresh'],
  [undefined, 'fresh'],
] as const)('on 2026-11-22 %j is %s', (pack, is) => {
  expect(freshnessOf(pack, '2026-11-22')).toBe(is);
});

test.each([
  [{ batch: 'A1', expiry: '2026-12-31' }, { batch: 'A1', expiry: '2026-12-31' }, true],
  [{ batch: 'A1' }, { batch: 'A2' }, false],
  [{ batch: 'A1' }, undefined, false],
  [undefined, undefined, true],
  [{ serial: '7' }, { serial: '7' }, false],
])('%j and %j on one line: %s', (a, b, is) => {
  expect(isSamePack(a, b)).toBe(is);
});

test('a code that says nothing of the pack leaves nothing on the line', () => {
  expect(packOf({})).toBeUndefined();
  expect(packOf({ batch: 'A1' })).toEqual({ batch: 'A1' });
});
