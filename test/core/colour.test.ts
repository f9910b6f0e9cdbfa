/** Contrast of colours, and the lightening that makes one readable at night. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastOf, lightenedOn, mixed, READABLE } from '../../src/core/colour.ts';

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#767676', '#ffffff', 4.54],
  ['#777777', '#ffffff', 4.48],
])('%s on %s has contrast %d', (one, other, ratio) => {
  expect(contrastOf(one, other)).toBeCloseTo(ratio, 2);
  expect(contrastOf(other, one)).toBe(contrastOf(one, other));
});

test('half of black and white is #808080; a tenth of white in #0b6e4f is #237d61', () => {
  expect(mixed('#000000', '#ffffff', 0.5)).toBe('#808080');
  expect(mixed('#0b6e4f', '#ffffff', 0.1)).toBe('#237d61');
});

test('any colour, lightened, is readable on the night', () => {
  const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);
  fc.assert(
    fc.property(colour, (one) => contrastOf(lightenedOn(one, '#171b22'), '#171b22') >= READABLE),
    { numRuns: 200 },
  );
});
