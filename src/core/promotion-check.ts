/**
 * Rule sets from outside: a file, the feed, HQ's editor. Either a rule set that cannot surprise, or what is wrong and where.
 *
 * Pure. Every problem has a path and says what was expected. Shape and sizes are read here; rules that cannot mean what they
 * say (`promotion-sense.ts`) are refused with a kind of their own.
 */
import { LINE_MINOR_MAX, QTY_MAX } from './basket.ts';
import { SERIES } from './coupon-code.ts';
import { LOCALES } from './item.ts';
import type { Gift, ItemFilter, Off, Reward, Rule, RuleSet, Step } from './promotion.ts';
import { Reader, type RuleProblem } from './promotion-reader.ts';
import { senseProblems } from './promotion-sense.ts';
import { err, ok, type Result } from './result.ts';

/** More live rules than any chain runs; a file beyond is a mistake. */
export const RULES_MAX = 20_000;
const TIMES_MAX = 1_000_000_000;

/** @returns the set, or all problems found, at most 50 */
export function parseRuleSet(data: unknown): Result<RuleSet, readonly RuleProblem[]> {
  const reader = new Reader(data);
  const set = readSet(reader);
  if (reader.problems.length > 0) return err(reader.problems.slice(0, 50));
  const problems = senseProblems(set);
  return problems.length > 0 ? err(problems.slice(0, 50)) : ok(set);
}

function readSet(r: Reader): RuleSet {
  r.only('version', 'policy', 'groups', 'rules');
  const policy = r.at('policy');
  policy.only('across', 'tierOnPromoPrice');
  const groups = r.maybe('groups', (at) =>
    at.list(1_000, (group) => {
      group.only('id', 'percents', 'onlyOne');
      return {
        id: group.at('id').id(),
        ...group.some('percents', (field) => field.oneOf(['chain', 'add'])),
        ...group.some('onlyOne', (field) => field.flag()),
      };
    }),
  );
  return {
    version: r.at('version').text(128),
    policy: {
      across: policy.at('across').oneOf(['compound_within', 'compete_within_compound_across']),
      ...policy.some('tierOnPromoPrice', (at) => at.flag()),
    },
    ...(groups === undefined ? {} : { groups }),
    rules: r.at('rules').list(RULES_MAX, readRule),
  };
}

function readRule(r: Reader): Rule {
  r.only(
    'id',
    'version',
    'name',
    'names',
    'priority',
    'mode',
    'group',
    'validity',
    'audience',
    'items',
    'conditions',
    'coupon',
    'limits',
    'reward',
  );
  return {
    id: r.at('id').id(),
    name: r.at('name').text(300),
    ...r.some('names', readNames),
    ...r.some('version', (at) => at.text(128)),
    priority: r.maybe('priority', (at) => at.whole(0, 999)) ?? 0,
    mode: r.maybe('mode', (at) => at.oneOf(['exclusive', 'best_price', 'compound'])) ?? usualMode(r),
    ...r.some('group', (at) => at.id()),
    ...r.some('validity', readValidity),
    ...r.some('audience', readAudience),
    items: r.at('items').filter(),
    ...r.some('conditions', (at) => at.list(20, readCondition)),
    ...r.some('coupon', readCoupon),
    ...r.some('limits', readLimits),
    reward: readReward(r.at('reward')),
  };
}

/** Offers do not pile up unless somebody says so; a price is no offer, and offers come on top of it. */
function usualMode(r: Reader): Rule['mode'] {
  return r.at('reward').at('kind').value === 'unit_price' ? 'compound' : 'best_price';
}

function readNames(r: Reader): NonNullable<Rule['names']> {
  r.only(...LOCALES);
  return Object.assign({}, ...LOCALES.map((locale) => r.some(locale, (at) => at.text(300))));
}

function readValidity(r: Reader): NonNullable<Rule['validity']> {
  r.only('from', 'to', 'weekdays', 'monthDays', 'hours');
  return {
    ...r.some('from', (at) => at.date()),
    ...r.some('to', (at) => at.date()),
    ...r.some('weekdays', (at) => at.list(7, (day) => day.whole(1, 7))),
    ...r.some('monthDays', (at) => at.list(31, (day) => day.whole(1, 31))),
    ...r.some('hours', (at) =>
      at.list(24, (span) => {
        span.only('fromMinute', 'toMinute');
        return {
          fromMinute: span.at('fromMinute').whole(0, 1_439),
          toMinute: span.at('toMinute').whole(0, 1_440),
        };
      }),
    ),
  };
}

function readAudience(r: Reader): NonNullable<Rule['audience']> {
  r.only('stores', 'membersOnly', 'tiers', 'tags', 'segments', 'birthday');
  const ids = (at: Reader) => at.list(10_000, (id) => id.text(128));
  return {
    ...r.some('stores', ids),
    ...r.some('membersOnly', (at) => at.flag()),
    ...r.some('tiers', ids),
    ...r.some('tags', ids),
    ...r.some('segments', ids),
    ...r.some('birthday', (at) => {
      if (at.value === 'month') return 'month' as const;
      at.only('daysBefore', 'daysAfter');
      return { daysBefore: at.at('daysBefore').whole(0, 182), daysAfter: at.at('daysAfter').whole(0, 182) };
    }),
  };
}

function readCondition(r: Reader): NonNullable<Rule['conditions']>[number] {
  r.only('kind', 'items', 'fromMinor', 'from');
  const items: { items?: ItemFilter } = r.some('items', (at) => at.filter());
  return r.at('kind').oneOf(['amount', 'quantity']) === 'amount'
    ? { kind: 'amount', ...items, fromMinor: r.at('fromMinor').whole(0, LINE_MINOR_MAX) }
    : { kind: 'quantity', ...items, from: r.at('from').whole(1, QTY_MAX) };
}

function readCoupon(r: Reader): NonNullable<Rule['coupon']> {
  r.only('codes', 'series', 'gs1', 'issuer');
  return {
    ...r.some('codes', (at) => at.list(100_000, (code) => code.text(64))),
    ...r.some('series', (at) => at.list(100, (one) => one.matching(SERIES, '1 to 10 of A-Z and 0-9'))),
    ...r.some('gs1', (at) => at.list(1_000, (code) => code.matching(/^\d{13}$/, '13 digits'))),
    ...r.some('issuer', (at) => at.oneOf(['merchant', 'platform'])),
  };
}

function readLimits(r: Reader): NonNullable<Rule['limits']> {
  r.only('perSale', 'perMember', 'total', 'unitsPerLine', 'maxDiscountMinor');
  return {
    ...r.some('perSale', (at) => at.whole(1, TIMES_MAX)),
    ...r.some('perMember', (at) => at.whole(1, TIMES_MAX)),
    ...r.some('total', (at) => at.whole(1, TIMES_MAX)),
    ...r.some('unitsPerLine', (at) => at.whole(1, QTY_MAX)),
    ...r.some('maxDiscountMinor', (at) => at.whole(1, LINE_MINOR_MAX)),
  };
}

function readReward(r: Reader): Reward {
  const kind = r
    .at('kind')
    .oneOf([
      'unit_price',
      'amount_off',
      'percent_off',
      'n_for_price',
      'buy_get',
      'bundle',
      'threshold',
      'order_off',
    ]);
  switch (kind) {
    case 'unit_price': {
      r.only('kind', 'priceMinor', 'prices');
      return r.has('prices')
        ? { kind, prices: r.at('prices').record((price) => price.money()) }
        : { kind, priceMinor: r.at('priceMinor').money() };
    }
    case 'amount_off':
      r.only('kind', 'amountMinor');
      return { kind, amountMinor: r.at('amountMinor').money(1) };
    case 'percent_off':
      r.only('kind', 'rateBp');
      return { kind, rateBp: r.at('rateBp').rate() };
    case 'n_for_price':
      r.only('kind', 'qty', 'priceMinor');
      return { kind, qty: r.at('qty').whole(1, QTY_MAX), priceMinor: r.at('priceMinor').money() };
    case 'buy_get':
      r.only('kind', 'buyQty', 'getQty', 'rateBp', 'getItems', 'pick');
      return {
        kind,
        buyQty: r.at('buyQty').whole(1, QTY_MAX),
        getQty: r.at('getQty').whole(1, QTY_MAX),
        rateBp: r.at('rateBp').rate(),
        ...r.some('getItems', (at) => at.filter()),
        ...r.some('pick', (at) => at.oneOf(['cheapest', 'dearest'])),
      };
    case 'bundle':
      r.only('kind', 'parts', 'off');
      return {
        kind,
        parts: r.at('parts').list(10, (part) => {
          part.only('items', 'qty');
          return { items: part.at('items').filter(), qty: part.at('qty').whole(1, 1_000) };
        }),
        off: r.at('off').has('priceMinor')
          ? { priceMinor: r.at('off').at('priceMinor').money() }
          : readOff(r.at('off')),
      };
    case 'threshold':
      r.only('kind', 'by', 'steps');
      return {
        kind,
        by: r.at('by').oneOf(['amount', 'quantity']),
        steps: r.at('steps').list(50, readStep),
      };
    case 'order_off':
      r.only('kind', 'off');
      return {
        kind,
        off:
          r.at('off').has('fromCode') && r.at('off').at('fromCode').flag()
            ? { fromCode: true }
            : readOff(r.at('off')),
      };
  }
}

function readStep(r: Reader): Step {
  r.only('from', 'off', 'every');
  const at = r.at('off');
  return {
    from: r.at('from').whole(0, LINE_MINOR_MAX),
    off: at.has('gift') ? readGift(at.at('gift')) : readOff(at),
    ...r.some('every', (every) => every.flag()),
  };
}

function readGift(r: Reader): Gift {
  r.only('sku', 'qty');
  return { gift: { sku: r.at('sku').text(64), qty: r.at('qty').whole(1, 1_000) } };
}

function readOff(r: Reader): Off {
  return r.has('rateBp') ? { rateBp: r.at('rateBp').rate() } : { amountMinor: r.at('amountMinor').money(1) };
}
