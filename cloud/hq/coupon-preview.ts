/**
 * What a coupon would have cost on the receipts of past days: each receipt of a member is priced once without a code of it and once
 * with one, by the tills' own kernel and the rules that it was sold by.
 *
 * An upper bound: every receipt on which it takes something off redeems one code, as far as the template's own limits let it; of more
 * receipts than that the dearest. Nobody buys more or less for it. The template's dates are not looked at, its other terms are; tags
 * and segments are today's.
 */
import { couponCode, SERIAL_SIGNS, seriesOf } from '../../src/core/coupon-code.ts';
import { couponWorthMax } from '../../src/core/coupon-worth.ts';
import { addDays } from '../../src/core/ledger.ts';
import type { CouponEntry, RuleSet } from '../../src/core/promotion.ts';
import { type CompiledRules, compileRules } from '../../src/core/promotion-index.ts';
import { priceAgain, ruleSetVersion } from '../../src/core/replay.ts';
import type { PricedWith, Sale } from '../../src/core/sale.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type CouponTemplate, ruleOf } from '../loyalty/coupon-rules.ts';
import { memberIdsOf } from '../segments/audience.ts';
import { segmentAudience, segmentById } from '../segments/segments.ts';
import type { CouponPreview } from './offer-preview-schemas.ts';
import { type Days, firstCurrency, pastSales, ruleSetsOf } from './past-sales.ts';

type Book = CouponPreview['books'][number];

export interface CouponTrial {
  readonly businessDate: string;
  readonly days: number;
  readonly template: CouponTemplate;
  readonly codes?: number;
}

export async function previewCoupon(db: Db, trial: CouponTrial): Promise<CouponPreview> {
  const { businessDate, days: count, template, codes } = trial;
  const days = { from: addDays(businessDate, 1 - count), to: businessDate };
  const sales = await pastSales(db, days, 'members');
  const offs = await offsOn(db, sales, trial);
  const eachMaxMinor = couponWorthMax(template.offer);
  const sold = await totalsOf(db, days);
  // Without sales a code has its worth all the same.
  const none = { currency: await firstCurrency(db), salesMinor: 0, ofMembers: 0 };
  const totals = sold.length === 0 ? [none] : sold;
  return {
    ...days,
    receipts: totals.reduce((sum, { ofMembers }) => sum + ofMembers, 0),
    priced: sales.length,
    isCapped: eachMaxMinor !== null,
    books: totals.map(({ currency, salesMinor }): Book => {
      const taken = offs.filter((off) => off.currency === currency && off.offMinor > 0);
      const redeemed = withinLimits(taken, template.limits);
      const givenMinor = redeemed.reduce((sum, { offMinor }) => sum + offMinor, 0);
      const largestMinor = taken.reduce((most, { offMinor }) => Math.max(most, offMinor), 0);
      const each = eachMaxMinor ?? largestMinor;
      return {
        currency,
        salesMinor,
        receipts: offs.filter((off) => off.currency === currency).length,
        eligible: taken.length,
        redeemed: redeemed.length,
        members: new Set(redeemed.map(({ memberId }) => memberId)).size,
        givenMinor,
        shareBp: salesMinor <= 0 ? 0 : Math.floor((givenMinor * 10_000) / salesMinor),
        largestMinor,
        eachMaxMinor: each,
        codesMaxMinor: codes === undefined ? null : each * codes,
      };
    }),
  };
}

interface Off {
  readonly memberId: string;
  readonly currency: string;
  readonly offMinor: number;
}

/** What one code takes off each receipt; 0: nothing, or it is refused there. */
async function offsOn(
  db: Db,
  sales: readonly Sale[],
  { template, businessDate }: CouponTrial,
): Promise<Off[]> {
  const code = couponCode(template.id, '0'.repeat(SERIAL_SIGNS));
  const sets = await ruleSetsOf(db, sales);
  const compiled = new Map<string, CompiledRules>();
  const rulesOf = (sale: Sale): CompiledRules | null => {
    const version = ruleSetVersion(sale);
    const set = sets.get(version);
    if (set === undefined) return null;
    const known = compiled.get(version) ?? compileRules(withTemplate(set, template));
    compiled.set(version, known);
    return known;
  };
  const facts = await factsOf(db, sales, template);
  const segments = await segmentsOf(db, template, businessDate);
  return sales.map((sale) => {
    const rules = rulesOf(sale);
    const { currency, memberId } = sale;
    if (rules === null || memberId === null) return { memberId: memberId ?? '', currency, offMinor: 0 };
    const fact = facts.get(memberId);
    const others = sale.priced!.coupons.filter(
      (entry) => !('code' in entry) || seriesOf(entry.code) !== template.id,
    );
    const totalWith = (coupons: readonly CouponEntry[]) => {
      const priced: PricedWith = {
        ...sale.priced!,
        coupons,
        tags: [...sale.priced!.tags, ...(fact?.tags ?? [])],
        segments: [
          ...sale.priced!.segments,
          ...segments.filter(({ members }) => members.has(memberId)).map(({ id }) => id),
        ],
      };
      return priceAgain({ ...sale, priced }, rules, { birthday: fact?.birthday ?? null }).totalMinor;
    };
    return { memberId, currency, offMinor: totalWith(others) - totalWith([...others, { code }]) };
  });
}

/** The set as it was, with the template as it is to be. */
function withTemplate(set: RuleSet, template: CouponTemplate): RuleSet {
  const { validity: _, ...rule } = ruleOf(template);
  return { ...set, rules: [...set.rules.filter(({ id }) => id !== rule.id), rule] };
}

interface Fact {
  readonly memberId: string;
  readonly birthday: string | null;
  readonly tags: readonly string[];
}

/** What the coupon asks of members that their receipts do not say. */
async function factsOf(
  db: Queryable,
  sales: readonly Sale[],
  { offer: { audience } }: CouponTemplate,
): Promise<ReadonlyMap<string, Fact>> {
  const { tags = [], birthday } = audience ?? {};
  if (tags.length === 0 && birthday === undefined) return new Map();
  const rows = await db.query<Fact>(
    `select m.member_id as "memberId", m.data->>'birthday' as birthday,
       array(select t.tag from member_tag t where t.member_id = m.member_id and t.tag = any($2::text[])) as tags
     from member m where m.member_id = any($1::text[])`,
    [[...new Set(sales.map(({ memberId }) => memberId))], tags],
  );
  return new Map(rows.map((row) => [row.memberId, row]));
}

/** Who is in the segments that the coupon is for, counted as of the day; one that cannot be counted keeps nobody. */
async function segmentsOf(
  db: Db,
  { offer: { audience } }: CouponTemplate,
  asOf: string,
): Promise<{ readonly id: string; readonly members: ReadonlySet<string> }[]> {
  const counted: { id: string; members: ReadonlySet<string> }[] = [];
  for (const id of audience?.segments ?? []) {
    const segment = await segmentById(db, id);
    const read = segment === null ? null : await segmentAudience(db, segment, asOf);
    if (read?.ok === true) counted.push({ id, members: new Set(await memberIdsOf(db, read.value)) });
  }
  return counted;
}

/** Within each member's limit the dearest, and of those within the limit of all. */
function withinLimits(
  offs: readonly Off[],
  { perMemberMax = Number.MAX_SAFE_INTEGER, issuedMax = Number.MAX_SAFE_INTEGER }: CouponTemplate['limits'],
): readonly Off[] {
  const had = new Map<string, number>();
  return offs
    .toSorted((a, b) => b.offMinor - a.offMinor)
    .filter(({ memberId }) => {
      const count = (had.get(memberId) ?? 0) + 1;
      had.set(memberId, count);
      return count <= perMemberMax;
    })
    .slice(0, issuedMax);
}

/** All receipts of these days, a line a currency. */
export async function totalsOf(
  db: Queryable,
  { from, to }: Days,
): Promise<{ readonly currency: string; readonly salesMinor: number; readonly ofMembers: number }[]> {
  return db.query(
    `select currency, sum(total_minor)::bigint as "salesMinor",
       count(*) filter (where member_id is not null) as "ofMembers"
     from sale where business_date between $1::date and $2::date and kind <> 'refund' group by currency order by currency`,
    [from, to],
  );
}
