import { expect, test } from 'vitest';
import type { MemberView, PaymentView } from '../../src/till/api.ts';
import {
  isPayOut,
  offeredMinor,
  pointsProblem,
  pointsWorth,
  TENDER_KEYS,
  TENDER_ORDER,
  tenderOfKey,
  whyNot,
} from '../../src/ui/paying.ts';
import { aView } from './a-view.ts';

const OFFER = {
  usable: 1_250,
  maxPoints: 1_200,
  maxWorthMinor: 1_200,
  stepPoints: 100,
  rate: { points: 100, worthMinor: 100 },
};

function payment(more: Partial<PaymentView>): PaymentView {
  return { ...aView().payment, ...more };
}

test('each tender has a key of its own, and the key finds it', () => {
  expect(new Set(Object.values(TENDER_KEYS)).size).toBe(TENDER_ORDER.length);
  for (const kind of TENDER_ORDER) expect(tenderOfKey(TENDER_KEYS[kind])).toBe(kind);
  expect(tenderOfKey('F2')).toBeNull();
});

test('1200 points at 100 for 1.00 pay 12.00; a part of a step pays what the rate gives, rounded down', () => {
  expect(pointsWorth(1_200, OFFER)).toBe(1_200);
  expect(pointsWorth(150, { ...OFFER, rate: { points: 100, worthMinor: 50 } })).toBe(75);
  expect(pointsWorth(1, { ...OFFER, rate: { points: 3, worthMinor: 1 } })).toBe(0);
});

test.each([
  [1_200, null],
  [100, null],
  [150, { kind: 'points_step', stepPoints: 100 }],
  [1_300, { kind: 'no_right', usable: 1_250 }],
])('%i points of 1250 usable in steps of 100: %j', (points, problem) => {
  expect(pointsProblem(points, OFFER)).toEqual(problem);
});

test('within what is usable, the cap of the sale still holds', () => {
  const capped = { ...OFFER, maxPoints: 500, maxWorthMinor: 500 };
  expect(pointsProblem(600, capped)).toEqual({ kind: 'points_cap', capMinor: 500 });
});

test('offered is all that is due to the cent, of stored value no more than there is; a voucher is typed', () => {
  const due = payment({ dueMinor: 5_255, exactDueMinor: 5_254, storedValueMinor: 2_000 });
  expect(offeredMinor('card', due)).toBe(5_254);
  expect(offeredMinor('stored_value', due)).toBe(2_000);
  expect(offeredMinor('voucher', due)).toBeNull();
});

test('a tender that cannot be taken says why', () => {
  const member = { id: 'm1' } as MemberView;
  const kinds = { payment: payment({ kinds: ['cash'] }) };
  expect(whyNot('cash', { ...kinds, member: null })).toBeNull();
  expect(whyNot('card', { ...kinds, member: null })).toEqual({ kind: 'no_terminal' });
  expect(whyNot('points', { ...kinds, member: null })).toEqual({ kind: 'no_member' });
  expect(whyNot('points', { ...kinds, member })).toEqual({ kind: 'no_programme' });
  const held = { payment: payment({ kinds: ['cash'], points: { ...OFFER, usable: 0 } }) };
  expect(whyNot('points', { ...held, member })).toEqual({ kind: 'no_right', usable: 0 });
});

test('money goes back where less than nothing is due, or where a plan says so', () => {
  expect(isPayOut(payment({ exactDueMinor: -1 }))).toBe(true);
  expect(isPayOut(payment({ exactDueMinor: 0 }))).toBe(false);
  expect(isPayOut(payment({ payBack: [{ kind: 'cash', amountMinor: 5, card: null }] }))).toBe(true);
});
