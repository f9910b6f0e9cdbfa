/** Stored value: the limits of the policy, to the cent. */
import { describe, expect, test } from 'vitest';
import { CHINA_2012, type StoredValuePolicy, topUpOf } from '../../src/core/stored-value.ts';

const policy: StoredValuePolicy = {
  ...CHINA_2012,
  topUp: { minMinor: 100, maxMinor: 300_000 },
  bonus: [
    { fromMinor: 100_000, bonusMinor: 12_000 },
    { fromMinor: 50_000, bonusMinor: 5_000 },
  ],
  bonusDays: 90,
};
const top = (amountMinor: number, over: Partial<Parameters<typeof topUpOf>[1]> = {}) =>
  topUpOf(policy, {
    amountMinor,
    currency: 'CNY',
    principalMinor: 0,
    isNamed: true,
    on: '2024-02-29',
    ...over,
  });

describe('a top-up', () => {
  test.each([
    [49_999, 0],
    [50_000, 5_000],
    [99_999, 5_000],
    [100_000, 12_000],
    [300_000, 12_000],
  ])('of %i brings %i on top, for 90 days', (amountMinor, bonusMinor) => {
    expect(top(amountMinor)).toEqual({
      ok: true,
      value: { amountMinor, expiresOn: null, bonusMinor, bonusExpiresOn: '2024-05-29' },
    });
  });

  test('of an unnamed card is good for three years: from 29 February to 28 February', () => {
    expect(top(1_000, { isNamed: false })).toMatchObject({ value: { expiresOn: '2027-02-28' } });
  });

  test.each([
    ['amount', 99, {}],
    ['amount', 300_001, {}],
    ['amount', 0, {}],
    ['amount', -500, {}],
    ['amount', 100.5, {}],
    ['balance_limit', 200_001, { principalMinor: 300_000 }],
    ['balance_limit', 100_001, { isNamed: false }],
    ['other_currency', 1_000, { currency: 'HKD' }],
  ])('is refused for its %s: %i %j', (kind, amountMinor, over) => {
    expect(top(amountMinor, over)).toMatchObject({ ok: false, error: { kind } });
  });

  test('to the limit itself is allowed: 3000 and 2000 are 5000', () => {
    expect(top(200_000, { principalMinor: 300_000 }).ok).toBe(true);
  });
});
