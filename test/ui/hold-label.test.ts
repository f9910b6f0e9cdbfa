import { expect, test } from 'vitest';
import type { MemberView } from '../../src/till/api.ts';
import { holdLabel } from '../../src/ui/hold-label.ts';
import { receiptSpan } from '../../src/ui/screens/shift-report.tsx';
import { aLine, aView } from './a-view.ts';

const LIN: MemberView = {
  id: 'm1',
  name: '林小美',
  cardNo: '2900000000018',
  phoneTail: '6021',
  tierName: '金卡',
  tierDiscountBp: 500,
  birthday: null,
  birthdayNear: null,
  tags: [],
  provisional: false,
  points: null,
  storedValue: null,
  visits: null,
  lastVisit: null,
  lastPurchases: [],
  suggestions: [],
};

test('a held basket goes by its member, else by its first article, cut at 40 characters', () => {
  const lines = [aLine(1, { name: '毛巾' }), aLine(2)];
  expect(holdLabel(aView({ lines, member: LIN }))).toBe('林小美');
  expect(holdLabel(aView({ lines }))).toBe('毛巾');
  expect(holdLabel(aView({ lines: [aLine(1, { name: '巾'.repeat(60) })] }))).toBe('巾'.repeat(40));
});

test.each([
  ['NJ01-000003', 'NJ01-000017', 'NJ01-000003 – 000017'],
  ['NJ01-000003', 'NJ01-000003', 'NJ01-000003'],
  ['NJ01-000003', null, 'NJ01-000003'],
  ['NJ01-000003', 'NJ02-000001', 'NJ01-000003 – NJ02-000001'],
])('receipts from %s to %s read %s', (first, last, text) => {
  expect(receiptSpan(first, last)).toBe(text);
});
