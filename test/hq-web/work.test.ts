/** What the working pages work out by themselves: rules, drafts, conflicts, imports, cashiers, questions about members. */
import { describe, expect, test } from 'vitest';
import { looksOf, type Shift } from '../../cloud/hq/web/pages/fleet/shift.ts';
import { questionOf } from '../../cloud/hq/web/pages/members/member-search.ts';
import { conflictsOf } from '../../cloud/hq/web/pages/prices/conflicts.ts';
import {
  blankReward,
  differenceOf,
  newRule,
  REWARD_KINDS,
  toPublish,
} from '../../cloud/hq/web/pages/prices/draft.ts';
import { isGtin } from '../../cloud/hq/web/pages/prices/item-draft.ts';
import { readItems } from '../../cloud/hq/web/pages/prices/item-import.ts';
import {
  added,
  askable,
  blankOf,
  parseRule,
  type Rule,
  replaced,
} from '../../cloud/hq/web/pages/segments/rule-tree.ts';
import type { RuleSet } from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { demoRules, demoWorld } from '../../src/tools/demo-world.ts';

describe('segment rules', () => {
  const rule: Rule = {
    all: [{ source: 'tier', in: ['gold'] }, { not: { source: 'cell', recency: ['lost'] } }],
  };

  test('a condition is put in its place, added to its group, and taken off with what negates it', () => {
    expect(replaced(rule, [1, 0], { source: 'lifecycle', in: ['once'] })).toEqual({
      all: [{ source: 'tier', in: ['gold'] }, { not: { source: 'lifecycle', in: ['once'] } }],
    });
    expect(replaced(rule, [1, 0], null)).toEqual({ all: [{ source: 'tier', in: ['gold'] }] });
    expect(added(rule, [], { source: 'coupon', state: 'used' })).toMatchObject({
      all: [{}, {}, { source: 'coupon' }],
    });
  });

  test('what is still being filled in is not asked of HQ, nor a group of nothing', () => {
    expect(askable({ all: [blankOf('rfm'), { any: [] }, { source: 'tier', in: ['gold'] }] })).toEqual({
      all: [{ source: 'tier', in: ['gold'] }],
    });
    expect(askable({ all: [blankOf('tag')] })).toBeNull();
  });

  test('an address that holds no rule is none', () => {
    expect(parseRule(JSON.stringify(rule))).toEqual(rule);
    for (const text of ['{', '[]', '{"all":7}', '{"source":1}', undefined])
      expect(parseRule(text)).toBeNull();
  });
});

describe('promotions', () => {
  test('every kind of reward begins as one that the kernel takes, once its goods are named', () => {
    for (const kind of REWARD_KINDS) {
      const reward = blankReward(kind);
      const filled =
        reward.kind === 'bundle'
          ? { ...reward, parts: reward.parts.map((part) => ({ ...part, items: { categories: ['食品'] } })) }
          : reward;
      const rules = [{ ...newRule([], kind), reward: filled }];
      const parsed = parseRuleSet({ version: 'x', policy: { across: 'compound_within' }, rules });
      expect([kind, parsed.ok ? [] : parsed.error]).toEqual([kind, []]);
    }
  });

  test('coupon rules are HQ’s: they are neither published nor counted as changes', () => {
    const set = demoRules();
    const coupon = { ...set.rules[3]!, id: 'cp.X' };
    const now: RuleSet = {
      ...set,
      rules: [...set.rules.slice(1), { ...set.rules[0]!, priority: 7 }, coupon],
    };
    expect(differenceOf(set, now)).toEqual({ added: 0, changed: 1, removed: 0 });
    expect(toPublish(now, 'v2').rules).toHaveLength(4);
  });

  test('two rules on the same drinks stack at one priority, the higher one wins at two, and not before they meet in time', () => {
    const rule = (id: string, priority: number, validity?: object) => ({
      ...newRule([], id),
      id,
      priority,
      items: { categories: ['饮料'] },
      ...(validity === undefined ? {} : { validity }),
    });
    const set = (...rules: RuleSet['rules']) => ({ ...demoRules(), rules });
    const items = demoWorld().items;
    expect(conflictsOf(set(rule('a', 5), rule('b', 5)), items)).toMatchObject([{ items: 6, what: 'stack' }]);
    expect(conflictsOf(set(rule('a', 5), rule('b', 9)), items)).toMatchObject([
      { what: 'higher', wins: { id: 'b' } },
    ]);
    const may = rule('a', 5, { to: '2026-05-31' });
    expect(conflictsOf(set(may, rule('b', 5, { from: '2026-06-01' })), items)).toEqual([]);
  });
});

describe('items from a spreadsheet', () => {
  test('quotes, currency signs and a byte order mark are read; each fault names its line', () => {
    const check = readItems(
      '\uFEFFsku,name,price,gtin\r\nA,"Tea, green","¥1,299.5",4006381333931\r\nB,,1\r\nA,Again,1\r\nC,Cup,1,4006381333932\r\n',
    );
    expect(check.items).toMatchObject([
      { sku: 'A', name: 'Tea, green', priceMinor: 129_950, gtins: ['04006381333931'] },
    ]);
    expect(check.faults.map(({ line }) => line)).toEqual([3, 4, 5]);
  });

  test('a file without the columns is refused as a whole; 10,000 rows are read', () => {
    expect(readItems('code\tprice\nA\t1').faults).toEqual([{ line: 1, what: 'no column sku, name' }]);
    const rows = Array.from({ length: 10_000 }, (_, index) => `S${index}\tName ${index}\t${index}.50`);
    expect(readItems(`sku\tname\tprice\n${rows.join('\n')}`).items).toHaveLength(10_000);
  });

  test.each([
    ['4006381333931', true],
    ['4006381333930', false],
    ['96385074', true],
    ['12345', false],
  ])('GTIN %s: %s', (text, good) => {
    expect(isGtin(text)).toBe(good);
  });
});

test('a cashier with twice the refunds of all stands out, one with few sales does not', () => {
  const part = (key: string, tickets: number, refunds: number) => ({
    key,
    name: null,
    names: null,
    tickets,
    refunds,
    pieces: tickets,
    grossMinor: tickets * 1_000,
    adjustmentMinor: -tickets * 20,
    totalMinor: tickets * 980,
    memberTickets: 0,
    memberTotalMinor: 0,
    members: 0,
  });
  const shift = (differenceMinor: number) => ({ cashierId: 'x', differenceMinor }) as Shift;
  const looks = looksOf(
    [part('a', 900, 10), part('x', 100, 10), part('n', 5, 5)],
    [shift(-100), shift(-50), shift(-10)],
  );
  expect(looks.map(({ cashierId, odd }) => [cashierId, odd])).toEqual([
    ['x', ['refunds', 'cash']],
    ['n', []],
    ['a', []],
  ]);
});

test.each([
  ['13800001007', { phone: '13800001007' }],
  ['138 0000 1007', { phone: '13800001007' }],
  ['2900001000015', { card: '2900001000015' }],
  ['lin@example.com', { mail: 'lin@example.com' }],
  ['王芳', { name: '王芳' }],
  ['王', null],
])('%s is looked for as %o', (typed, question) => {
  expect(questionOf(typed)).toEqual(question);
});
