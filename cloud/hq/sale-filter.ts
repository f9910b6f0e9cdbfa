/**
 * Which sales a list or a figure is of: one filter for both, so that a number and the receipts behind it are of the same sales.
 *
 * Conditions are on `s`, a row of `sale`; every value becomes a parameter.
 */
import type { Params } from '../segments/params.ts';

export interface SaleFilter {
  readonly storeId?: string | undefined;
  readonly region?: string | undefined;
  readonly currency?: string | undefined;
  readonly businessDate?: string | undefined;
  /** Business dates, both ends included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly kind?: 'sale' | 'refund' | 'exchange' | undefined;
  readonly memberId?: string | undefined;
  /** Sales of members, or of people without a card. */
  readonly buyer?: 'member' | 'anonymous' | undefined;
  readonly receiptNo?: string | undefined;
  /** `till`: sold at tills. */
  readonly channel?: string | undefined;
  readonly tillId?: string | undefined;
  readonly cashierId?: string | undefined;
  /** Of the store's own clock. */
  readonly hour?: number | undefined;
  /** 1 = Monday .. 7 = Sunday. */
  readonly weekday?: number | undefined;
  readonly sku?: string | undefined;
  readonly category?: string | undefined;
  readonly brand?: string | undefined;
  readonly tender?: string | undefined;
  /** A promotion, tier or coupon rule that took something off. */
  readonly ruleId?: string | undefined;
}

/** @returns conditions to be joined by `and`; none for all sales */
export function saleConditions(filter: SaleFilter, params: Params): string[] {
  const conditions: string[] = [];
  const say = (value: string | number | undefined, sql: (place: string) => string, cast?: string) => {
    if (value !== undefined && value !== '') conditions.push(sql(params.add(value, cast)));
  };
  say(filter.storeId, (place) => `s.store_id = ${place}`);
  say(
    filter.region,
    (place) => `s.store_id in (select store_id from store where coalesce(data->>'region', '') = ${place})`,
  );
  say(filter.currency, (place) => `s.currency = ${place}`);
  say(filter.businessDate, (place) => `s.business_date = ${place}`, 'date');
  say(filter.from, (place) => `s.business_date >= ${place}`, 'date');
  say(filter.to, (place) => `s.business_date <= ${place}`, 'date');
  say(filter.kind, (place) => `s.kind = ${place}`);
  say(filter.memberId, (place) => `s.member_id = ${place}`);
  if (filter.buyer !== undefined) {
    conditions.push(filter.buyer === 'member' ? 's.member_id is not null' : 's.member_id is null');
  }
  say(filter.receiptNo, (place) => `s.receipt_no = ${place}`);
  say(filter.channel, (place) => `coalesce(s.channel, 'till') = ${place}`);
  say(filter.tillId, (place) => `s.till_id = ${place}`);
  say(filter.cashierId, (place) => `s.cashier_id = ${place}`);
  say(filter.hour, (place) => `s.local_hour = ${place}`, 'int');
  say(filter.weekday, (place) => `extract(isodow from s.business_date) = ${place}`, 'int');
  say(filter.tender, (place) => `${place} = any(s.tender_kind)`);
  say(
    filter.ruleId,
    (place) =>
      `s.line_adjustments @> jsonb_build_array(jsonb_build_array(jsonb_build_object('ruleId', ${place})))`,
    'text',
  );
  const goods = goodsCondition(filter, 'k.sku', params);
  if (goods !== null) conditions.push(`exists (select 1 from unnest(s.line_sku) as k(sku) where ${goods})`);
  return conditions;
}

/** Whether the filter names goods: then a figure counts their lines alone. */
export function namesGoods({ sku, category, brand }: SaleFilter): boolean {
  return [sku, category, brand].some((value) => value !== undefined && value !== '');
}

/** Condition on a column of SKUs that it is of the goods that the filter names; null where it names none. */
export function goodsCondition(filter: SaleFilter, column: string, params: Params): string | null {
  const conditions: string[] = [];
  const { sku, category, brand } = filter;
  if (sku !== undefined && sku !== '') conditions.push(`${column} = ${params.add(sku)}`);
  for (const [field, value] of [
    ['category', category],
    ['brand', brand],
  ] as const) {
    if (value === undefined || value === '') continue;
    const place = params.add(value);
    conditions.push(`${column} in (select sku from item where coalesce(data->>'${field}', '') = ${place})`);
  }
  return conditions.length === 0 ? null : conditions.join(' and ');
}
