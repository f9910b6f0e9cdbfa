/** Assertions: a failure says what held until now. */
import { expect, test } from 'vitest';
import { AssertionError, assert } from '../../src/core/assert.ts';

test.each([false, 0, '', null, undefined, Number.NaN])(
  '%s stops with its words and its own class',
  (condition) => {
    expect(() => assert(condition, 'journal has no gap')).toThrow(new AssertionError('journal has no gap'));
  },
);

test.each([true, 1, 'x', {}])('%j goes on', (condition) => {
  expect(() => assert(condition, 'journal has no gap')).not.toThrow();
});
