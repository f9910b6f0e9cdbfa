import { expect, test } from 'vitest';
import type { Adjustment } from '../../src/core/promotion.ts';
import { couponText, discountName, nearMissText } from '../../src/ui/i18n/offer-text.ts';
import { type Say, sayIn } from '../../src/ui/i18n/words.ts';
import { discountsByRule, offRateBp, percentText, readOff, savedOn } from '../../src/ui/offers.ts';
import { aLine } from './a-view.ts';

const CNY = { digits: 2 };

function off(ruleId: string, amountMinor: number): Adjustment {
  return { ruleId, amountMinor, reason: { kind: 'percent_off', name: ruleId, rateBp: 1_000 } };
}

test('what each rule took off the basket adds up over its lines, the largest first; returned goods are not in it', () => {
  const lines = [
    aLine(1, { adjustments: [off('a', -100), off('b', -250)] }),
    aLine(2, { adjustments: [off('a', -50)] }),
    aLine(3, { qty: -1, adjustments: [off('b', 400)] }),
  ];
  const totals = discountsByRule(lines);
  expect(savedOn(lines)).toBe(400);
  expect(totals.map(({ ruleId, amountMinor }) => [ruleId, amountMinor])).toEqual([
    ['b', -250],
    ['a', -150],
  ]);
});

test.each([
  ['10', 'percent', { rateBp: 1_000 }],
  ['2.5', 'percent', { rateBp: 250 }],
  ['100', 'percent', { rateBp: 10_000 }],
  ['100.01', 'percent', null],
  ['0', 'percent', null],
  ['-5', 'percent', null],
  ['12.50', 'amount', { amountMinor: 1_250 }],
  ['80.00', 'amount', { amountMinor: 8_000 }],
  ['80.01', 'amount', null],
  ['12.505', 'amount', null],
  ['', 'amount', null],
] as const)('%s as %s off 80.00 is %j', (text, unit, wanted) => {
  expect(readOff(text, unit, 2, 8_000)).toEqual(wanted);
});

test('8.01 off 80.00 is over a limit of 10 percent, 8.00 is not; rates are said without idle zeros', () => {
  expect(offRateBp({ amountMinor: 801 }, 8_000)).toBe(1_002);
  expect(offRateBp({ amountMinor: 800 }, 8_000)).toBe(1_000);
  expect(offRateBp({ rateBp: 250 }, 8_000)).toBe(250);
  expect([percentText(1_000), percentText(250), percentText(0)]).toEqual(['10', '2.5', '0']);
});

const SAY = { cn: say('zh-CN'), en: say('en') };

function say(locale: 'zh-CN' | 'en'): Say {
  return sayIn(locale);
}

test('a coupon from 100 on a basket of 90.80 is 9.20 short, in words', () => {
  const answer = { code: 'C1', ruleId: 'r', kind: 'below_minimum', missingMinor: 920 } as const;
  expect(couponText(answer, SAY.cn, CNY)).toBe('还差 9.20');
  expect(couponText(answer, SAY.en, CNY)).toBe('9.20 short');
  expect(couponText({ ...answer, kind: 'applied', offMinor: 1_000 }, SAY.en, CNY)).toBe('10.00 off');
});

test('13.87 more takes 10 off', () => {
  const miss = {
    ruleId: 'r',
    name: '满200减20',
    kind: 'amount',
    missingMinor: 1_387,
    gainMinor: 1_000,
  } as const;
  expect(nearMissText(miss, SAY.en, CNY)).toBe('13.87 more takes 10.00 off (满200减20)');
  expect(nearMissText(miss, SAY.cn, CNY)).toBe('再买 13.87 减 10.00（满200减20）');
  expect(nearMissText({ ...miss, gainMinor: 0 }, SAY.en, CNY)).toBe('13.87 more brings a gift (满200减20)');
});

test('a row of the totals has the name of its rule, or what a person did', () => {
  const manual = { kind: 'manual', scope: 'order', offMinor: 500, approvalId: null } as const;
  expect(discountName(manual, SAY.cn)).toBe('整单手工折扣');
  expect(discountName({ kind: 'coupon', name: '满减', code: 'C1', offMinor: 1 }, SAY.cn)).toBe('券 满减');
  expect(discountName({ kind: 'gift', name: '送毛巾', units: 1 }, SAY.cn)).toBe('送毛巾');
});
