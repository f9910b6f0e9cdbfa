/**
 * What benefits and draws may cost before they are out: points at what they pay at the tills, coupons at most, each of them used.
 */
import { couponWorthMax } from '../../src/core/coupon-worth.ts';
import { addDays } from '../../src/core/ledger.ts';
import { pointsWorth } from '../../src/core/points.ts';
import type { Db } from '../db/db.ts';
import { benefitReach } from '../loyalty/benefit-count.ts';
import { type Benefit, listBenefits } from '../loyalty/benefits.ts';
import type { CouponTemplate } from '../loyalty/coupon-rules.ts';
import type { Draw } from '../loyalty/draws.ts';
import { currentProgramme } from '../loyalty/programme.ts';
import type { Reward } from '../loyalty/reward.ts';
import { previewCoupon, totalsOf } from './coupon-preview.ts';
import type { BenefitPreview, DrawPreview } from './offer-preview-schemas.ts';
import { type Days, firstCurrency } from './past-sales.ts';

/** What a coupon without an end of its own takes off is looked for on so many days. */
const COUPON_DAYS_MAX = 7;

export async function previewBenefit(
  db: Db,
  asked: { readonly businessDate: string; readonly days: number; readonly benefit: Benefit },
): Promise<BenefitPreview> {
  const { businessDate, benefit } = asked;
  const days = { from: addDays(businessDate, 1 - asked.days), to: businessDate };
  const out = (await listBenefits(db)).find(({ id }) => id === benefit.id);
  const worths = await worthsOf(db, [benefit.give, out?.give], days);
  const costBy = async ({ give, ...rest }: Benefit) => {
    const { members, grants } = await benefitReach(db, { give, ...rest }, days);
    return costOf([{ reward: give, times: grants }], members, worths);
  };
  const tried = await costBy(benefit);
  return {
    ...frameOf(days, worths, tried.costMinor, benefit.give),
    tried,
    published: out === undefined ? null : await costBy(out),
  };
}

/** If every prize is won. */
export async function previewDraw(
  db: Db,
  { businessDate, draw }: { readonly businessDate: string; readonly draw: Draw },
): Promise<DrawPreview> {
  const days = { from: businessDate, to: businessDate };
  const given = draw.prizes.flatMap(({ id, count }) =>
    Object.hasOwn(draw.rewards, id) ? [{ reward: draw.rewards[id]!, times: count }] : [],
  );
  const worths = await worthsOf(
    db,
    given.map(({ reward }) => reward),
    days,
  );
  const winners = draw.prizes.reduce((sum, { count }) => sum + count, 0);
  const tried = costOf(given, winners, worths);
  const dearest = given
    .map(({ reward }) => reward)
    .toSorted((a, b) => couponOf(worths, b).eachMinor - couponOf(worths, a).eachMinor)[0];
  return { ...frameOf(days, worths, tried.costMinor, dearest ?? {}), tried };
}

interface Worths {
  readonly currency: string;
  readonly salesMinor: number;
  readonly pointsMinor: (points: number) => number;
  /** By template that can be given; others give nothing. */
  readonly coupons: ReadonlyMap<string, CouponWorth>;
}

interface CouponWorth {
  /** Minor units that one takes off at most. */
  readonly eachMinor: number;
  /** By its own terms; else the most on a receipt of these days. */
  readonly isCapped: boolean;
}

async function worthsOf(db: Db, rewards: readonly (Reward | undefined)[], days: Days): Promise<Worths> {
  const currency = await firstCurrency(db);
  const spend = (await currentProgramme(db))?.spend;
  const totals = await totalsOf(db, days);
  const coupons = new Map<string, CouponWorth>();
  for (const templateId of new Set(rewards.flatMap((reward) => reward?.templateId ?? []))) {
    const [row] = await db.query<{ data: CouponTemplate }>(
      'select data from coupon_template where template_id = $1 and ended_at is null',
      [templateId],
    );
    if (row !== undefined) coupons.set(templateId, await couponWorth(db, row.data, { days, currency }));
  }
  return {
    currency,
    salesMinor: totals.find((total) => total.currency === currency)?.salesMinor ?? 0,
    pointsMinor: (points) => (spend === undefined ? 0 : pointsWorth(spend, points)),
    coupons,
  };
}

async function couponWorth(
  db: Db,
  template: CouponTemplate,
  { days: { from, to }, currency }: { readonly days: Days; readonly currency: string },
): Promise<CouponWorth> {
  const most = couponWorthMax(template.offer);
  if (most !== null) return { eachMinor: most, isCapped: true };
  const first = addDays(to, 1 - COUPON_DAYS_MAX);
  const days = Math.round((Date.parse(to) - Date.parse(from > first ? from : first)) / 86_400_000) + 1;
  const { books } = await previewCoupon(db, { businessDate: to, days, template });
  const eachMinor = books.find((book) => book.currency === currency)?.largestMinor ?? 0;
  return { eachMinor, isCapped: false };
}

function couponOf({ coupons }: Worths, { templateId }: Reward): CouponWorth {
  return coupons.get(templateId ?? '') ?? { eachMinor: 0, isCapped: true };
}

function costOf(
  given: readonly { readonly reward: Reward; readonly times: number }[],
  members: number,
  worths: Worths,
): BenefitPreview['tried'] {
  const sum = (of: (one: (typeof given)[number]) => number) =>
    given.reduce((total, one) => total + of(one), 0);
  const points = sum(({ reward, times }) => (reward.points ?? 0) * times);
  const couponsIn = ({ reward, times }: (typeof given)[number]) =>
    worths.coupons.has(reward.templateId ?? '') ? times : 0;
  const couponsMinor = sum((one) => couponsIn(one) * couponOf(worths, one.reward).eachMinor);
  const pointsMinor = worths.pointsMinor(points);
  return {
    members,
    grants: sum(({ times }) => times),
    points,
    pointsMinor,
    coupons: sum(couponsIn),
    couponsMinor,
    costMinor: pointsMinor + couponsMinor,
  };
}

function frameOf(days: Days, worths: Worths, costMinor: number, reward: Reward): Omit<DrawPreview, 'tried'> {
  const { currency, salesMinor } = worths;
  const { eachMinor, isCapped } = couponOf(worths, reward);
  return {
    ...days,
    currency,
    salesMinor,
    shareBp: salesMinor <= 0 ? 0 : Math.floor((costMinor * 10_000) / salesMinor),
    couponEachMinor: eachMinor,
    isCapped,
  };
}
