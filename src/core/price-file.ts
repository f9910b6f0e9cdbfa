/**
 * A basket to be priced, from a file: what the command line takes, and what HQ's preview can take.
 *
 * Pure: unknown JSON in, a priced basket or a list of problems out, each with its path and what was expected.
 *
 * `{ items, rules, member, coupons, basket, at, storeId?, locale?, tax?, policy?, groups?, usesLeft?, manual? }`
 *
 * - items: `[{ sku, name, priceMinor, unit?: 'each'|'kg', category?, brand?, minPriceMinor?, taxCode?, flags? }]`
 * - rules: the rules of a rule set (`promotion.ts`), or a whole rule set `{ version, policy, groups, rules }`
 * - member: `{ tier?: { id, name, discountBp }, tags?, segments?, birthday? }` or null
 * - coupons: `["CODE", { gs1: { number, serial, amountMinor? | rateBp? } }]`
 * - basket: `[{ sku, qty }]`, `{ sku, weightG }` for goods by weight; `unitPriceMinor` is a price typed by the cashier
 * - at: `"2026-11-21T16:41"`, the store's own clock
 * - tax: `{ mode, rounding, rates }` as in a store; default: included, 0 %
 * - currency: `{ code, digits, symbol }`; default CNY with 2 digits
 */
import { addLine, type Basket, LINE_MINOR_MAX, openBasket, QTY_MAX } from './basket.ts';
import type { Item } from './item.ts';
import { LOCALES, type Locale } from './item.ts';
import type { Currency } from './money.ts';
import { type PricedBasket, priceBasket } from './pricing.ts';
import type { CouponEntry, LocalTime, UsesLeft } from './promotion.ts';
import { weekdayOf } from './promotion-audience.ts';
import { parseRuleSet } from './promotion-check.ts';
import { compileRules } from './promotion-index.ts';
import { Reader, type RuleProblem } from './promotion-reader.ts';
import type { ManualDiscount, PriceContext, PricingMember } from './promotion-run.ts';
import { err, ok, type Result } from './result.ts';
import type { TaxPolicy } from './tax.ts';

export interface PricedFile {
  readonly priced: PricedBasket;
  readonly currency: Currency;
  readonly locale: Locale;
}

export function priceFile(data: unknown): Result<PricedFile, readonly RuleProblem[]> {
  const r = new Reader(data);
  r.only(...FIELDS);
  const rules = parseRuleSet(rulesIn(r));
  const problems = rules.ok ? [] : rules.error;
  const tax = r.maybe('tax', readTax) ?? NO_TAX;
  const items = r.at('items').list(200_000, (at) => readItem(at, tax));
  const basket = readBasket(r.at('basket'), new Map(items.map((item) => [item.sku, item])));
  const context: PriceContext = {
    at: readTime(r.at('at')),
    storeId: r.maybe('storeId', (at) => at.text(32)) ?? 'S01',
    locale: r.maybe('locale', (at) => at.oneOf(LOCALES)) ?? 'en',
    member: r.at('member').value == null ? null : readMember(r.at('member')),
    coupons: isEmptyList(r.at('coupons').value)
      ? []
      : (r.maybe('coupons', (at) => at.list(100, readCoupon)) ?? []),
    usesLeft: r.maybe('usesLeft', readUses) ?? {},
    manual: isEmptyList(r.at('manual').value)
      ? []
      : (r.maybe('manual', (at) => at.list(100, readManual)) ?? []),
  };
  const currency = r.maybe('currency', readCurrency) ?? { code: 'CNY', digits: 2, symbol: '￥' };
  if (!rules.ok || r.problems.length > 0) return err([...r.problems, ...problems]);
  const { version } = rules.value;
  const priced = priceBasket(basket, { version, tax, promotions: compileRules(rules.value) }, context);
  return ok({ priced, currency, locale: context.locale });
}

const FIELDS = [
  'items',
  'rules',
  'member',
  'coupons',
  'basket',
  'at',
  'storeId',
  'locale',
  'tax',
  'currency',
  'policy',
  'groups',
  'usesLeft',
  'manual',
];
const NO_TAX: TaxPolicy = { mode: 'inclusive', rounding: 'line', rates: [{ code: 'none', rateBp: 0 }] };

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function rulesIn(r: Reader): unknown {
  const { value } = r.at('rules');
  if (!Array.isArray(value)) return value;
  const policy = r.at('policy').value ?? { across: 'compound_within' };
  return {
    version: 'file',
    policy,
    ...(r.has('groups') ? { groups: r.at('groups').value } : {}),
    rules: value,
  };
}

function readTime(r: Reader): LocalTime {
  const text = r.matching(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/,
    'the store’s time, YYYY-MM-DDTHH:MM',
  );
  if (text === '') return { date: '1970-01-01', minuteOfDay: 0, weekday: 4 };
  const date = text.slice(0, 10);
  return {
    date,
    minuteOfDay: Number(text.slice(11, 13)) * 60 + Number(text.slice(14)),
    weekday: weekdayOf(date),
  };
}

function readItem(r: Reader, tax: TaxPolicy): Item {
  r.only('sku', 'name', 'priceMinor', 'unit', 'category', 'brand', 'minPriceMinor', 'taxCode', 'flags');
  const sku = r.at('sku').text(64);
  return {
    sku,
    name: r.maybe('name', (at) => at.text(300)) ?? sku,
    gtins: [],
    unit: r.maybe('unit', (at) => at.oneOf(['each', 'kg'])) ?? 'each',
    priceMinor: r.at('priceMinor').money(),
    taxCode: r.maybe('taxCode', (at) => at.oneOf(tax.rates.map(({ code }) => code))) ?? tax.rates[0]!.code,
    ...r.some('category', (at) => at.text(120)),
    ...r.some('brand', (at) => at.text(120)),
    ...r.some('minPriceMinor', (at) => at.money()),
    ...r.some('flags', (at) => {
      at.only('noDiscount', 'noCoupon', 'noPoints');
      return {
        ...at.some('noDiscount', (flag) => flag.flag()),
        ...at.some('noCoupon', (flag) => flag.flag()),
        ...at.some('noPoints', (flag) => flag.flag()),
      };
    }),
  };
}

function readBasket(r: Reader, items: ReadonlyMap<string, Item>): Basket {
  let basket = openBasket('file', 0);
  if (isEmptyList(r.value)) return basket;
  r.list(2_000, (at) => {
    at.only('sku', 'qty', 'weightG', 'unitPriceMinor');
    const item = items.get(at.at('sku').text(64));
    const weightG = at.maybe('weightG', (field) => field.whole(1, 9_999_999));
    const unitPriceMinor = at.maybe('unitPriceMinor', (field) => field.money());
    const qty = at.maybe('qty', (field) => field.signed(QTY_MAX)) ?? 1;
    if (item === undefined) return at.at('sku').refuse('shape', 'the sku of one of the items');
    const added = addLine(
      basket,
      {
        item,
        name: item.name,
        gtin: null,
        qty,
        ...(weightG === undefined ? {} : { weightG }),
        ...(unitPriceMinor === undefined ? {} : { unitPriceMinor, priceSource: 'manual' }),
      },
      { merge: false },
    );
    if (added.ok) basket = added.value.basket;
    else at.refuse(added.error.kind === 'amount_too_large' ? 'overflow' : 'shape', WORDS[added.error.kind]);
  });
  return basket;
}

const WORDS = {
  quantity: `a quantity, not 0, of at most ${QTY_MAX}`,
  price_missing: 'an item with a price',
  amount_too_large: `a line of at most ${LINE_MINOR_MAX} minor units`,
  too_many_lines: 'fewer lines',
  no_such_line: 'a line that is there',
  weight_missing: 'weightG, since the item is sold by the kilogram',
  returned_goods: 'goods coming back as they were sold',
  weighed_goods: 'qty 1 or -1: a weight is that of the whole line',
} as const;

function readMember(r: Reader): PricingMember {
  r.only('tier', 'tags', 'segments', 'birthday');
  const words = (at: Reader) => (isEmptyList(at.value) ? [] : at.list(1_000, (word) => word.text(128)));
  return {
    tier:
      r.maybe('tier', (at) => {
        at.only('id', 'name', 'discountBp');
        const id = at.at('id').text(64);
        return {
          id,
          name: at.maybe('name', (name) => name.text(300)) ?? id,
          rank: 0,
          discountBp: at.maybe('discountBp', (rate) => rate.whole(0, 10_000)) ?? 0,
        };
      }) ?? null,
    ...r.some('tags', words),
    ...r.some('segments', words),
    ...r.some('birthday', (at) => at.matching(/^(\d{4}-)?\d{2}-\d{2}$/, 'MM-DD or YYYY-MM-DD')),
  };
}

function readCoupon(r: Reader): CouponEntry {
  if (typeof r.value === 'string') return { code: r.text(64) };
  r.only('gs1');
  const gs1 = r.at('gs1');
  gs1.only('number', 'serial', 'amountMinor', 'rateBp');
  return {
    gs1: {
      number: gs1.at('number').matching(/^\d{13}$/, '13 digits'),
      serial: gs1.maybe('serial', (at) => at.matching(/^\d{0,12}$/, 'up to 12 digits')) ?? '',
      ...gs1.some('amountMinor', (at) => at.money(1)),
      ...gs1.some('rateBp', (at) => at.rate()),
    },
  };
}

function readUses(r: Reader): UsesLeft {
  r.only('rules', 'coupons');
  const counts = (at: Reader) => at.record((count) => count.whole(0, 1_000_000_000));
  return { ...r.some('rules', counts), ...r.some('coupons', counts) };
}

function readManual(r: Reader): ManualDiscount {
  r.only('lineNo', 'off', 'limitBp', 'approvalId');
  const off = r.at('off');
  off.only('amountMinor', 'rateBp');
  return {
    lineNo: r.at('lineNo').value == null ? null : r.at('lineNo').whole(1, 100_000),
    off: off.has('rateBp')
      ? { rateBp: off.at('rateBp').rate() }
      : { amountMinor: off.at('amountMinor').money(1) },
    limitBp: r.maybe('limitBp', (at) => at.whole(0, 10_000)) ?? 10_000,
    approvalId: r.at('approvalId').value == null ? null : r.at('approvalId').text(64),
  };
}

function readTax(r: Reader): TaxPolicy {
  r.only('mode', 'rounding', 'rates');
  const rates = r.at('rates').list(32, (at) => {
    at.only('code', 'rateBp');
    return { code: at.at('code').text(16), rateBp: at.at('rateBp').whole(0, 10_000) };
  });
  return {
    mode: r.at('mode').oneOf(['inclusive', 'exclusive']),
    rounding: r.at('rounding').oneOf(['line', 'rate', 'document']),
    rates: rates.length === 0 ? NO_TAX.rates : rates,
  };
}

function readCurrency(r: Reader): Currency {
  r.only('code', 'digits', 'symbol');
  return {
    code: r.at('code').matching(/^[A-Z]{3}$/, 'three capital letters'),
    digits: r.at('digits').whole(0, 3),
    symbol: r.maybe('symbol', (at) => at.text(8)) ?? '',
  };
}
