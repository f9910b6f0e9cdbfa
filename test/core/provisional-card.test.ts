/** Provisional card numbers: one of a kind, and a wrong sign is found. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkSign,
  isProvisionalCard,
  looksProvisional,
  provisionalCardNo,
} from '../../src/core/provisional-card.ts';

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const aCard = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9]{1,12}$/), fc.integer({ min: 1, max: 99_999 }))
  .map(([code, count]) => provisionalCardNo(code, count));

test("the check character of ISO 7064's own example, the release id A1-2425G-ABC1234002, is M", () => {
  expect(checkSign('A1-2425G-ABC1234002')).toBe('M');
});

test('each till and count has its own, and it may be typed in lower case', () => {
  expect(
    new Set(['T1', 'T11', 'T111'].flatMap((code) => [1, 11, 10_001].map((n) => provisionalCardNo(code, n))))
      .size,
  ).toBe(9);
  expect(isProvisionalCard(` ${provisionalCardNo('t1', 7).toLowerCase()} `)).toBe(true);
});

test('any one wrong sign is found', () => {
  fc.assert(
    fc.property(aCard, fc.nat(), fc.constantFrom(...SIGNS), (card, at, sign) => {
      const place = 1 + (at % (card.length - 1));
      if (card[place] === '-') return;
      const wrong = card.slice(0, place) + sign + card.slice(place + 1);
      expect(isProvisionalCard(wrong)).toBe(wrong === card);
    }),
  );
});

test('of neighbours swapped in 2,000 cards fewer than one in fifty pass', () => {
  let [swaps, missed] = [0, 0];
  for (let count = 1; count <= 2_000; count++) {
    const card = provisionalCardNo('NJ01', count);
    for (let place = 1; place < card.length - 1; place++) {
      const [a, b] = [card[place]!, card[place + 1]!];
      if (a === b || a === '-' || b === '-') continue;
      swaps++;
      if (isProvisionalCard(card.slice(0, place) + b + a + card.slice(place + 2))) missed++;
    }
  }
  expect(swaps).toBeGreaterThan(5_000);
  expect(missed / swaps).toBeLessThan(0.02);
});

test.each(['P', 'PT1', 'M0001000207', 'T1-000001', '6901234567892', 'PT1-001A'])(
  '%s is none and looks like none',
  (text) => {
    expect([looksProvisional(text), isProvisionalCard(text)]).toEqual([false, false]);
  },
);
