/** What a sale takes of rights, by key. */
import { expect, test } from 'vitest';
import { rightKey } from '../../src/core/lease.ts';
import { spendsOf } from '../../src/core/spend.ts';
import type { Tender } from '../../src/core/tender.ts';
import { aDemoSale } from '../kit/sales.ts';

const TENDERS: readonly Tender[] = [
  { kind: 'points', amountMinor: 100, points: 100 },
  { kind: 'points', amountMinor: 50, points: 50 },
  { kind: 'stored_value', amountMinor: 700, bonusMinor: 200 },
  { kind: 'gift_card', amountMinor: 300, giftCardId: 'GC-1' },
  { kind: 'cash', amountMinor: 900 },
];

test('tenders of one right add up, value and bonus are two rights, a limited use counts for all and for the member', () => {
  const sale = {
    ...aDemoSale({ receiptSeq: 1 }),
    memberId: 'm1',
    tenders: TENDERS,
    uses: [{ ruleId: 'r', count: 2 }],
  };
  expect(Object.fromEntries(spendsOf(sale))).toEqual({
    [rightKey.points('m1')]: 150,
    [rightKey.storedValue('m1')]: 500,
    [rightKey.storedBonus('m1')]: 200,
    [rightKey.giftCard('GC-1')]: 300,
    [rightKey.rule('r', null)]: 2,
    [rightKey.rule('r', 'm1')]: 2,
  });
});

test('what goes back to the customer takes nothing', () => {
  const tenders: readonly Tender[] = [{ kind: 'points', amountMinor: -100, points: -100 }];
  expect(spendsOf({ ...aDemoSale({ receiptSeq: 1 }), memberId: 'm1', tenders }).size).toBe(0);
});
