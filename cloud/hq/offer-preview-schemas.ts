/** Shapes of offers before and after they are out: what one would have cost, and its versions. */
import { z } from 'zod';
import { OFFER_KINDS } from '../loyalty/offer-versions.ts';
import { RulePreview } from './catalog-schemas.ts';
import { PolicyShape, TemplateShape, TierRuleShape } from './loyalty-schemas.ts';
import { pageQuery } from './pages.ts';
import { BenefitShape, DrawShape } from './reward-schemas.ts';
import { minor, nextCursor } from './schemas.ts';

const day = z.iso.date();

// ---- versions ----

export const OfferVersionQuery = pageQuery({ usual: 50, max: 200 }).extend({
  kind: z.enum(OFFER_KINDS),
  offerId: z.string().max(64).optional().describe('left out: of all offers of the kind'),
});
export const OfferVersionList = z
  .object({
    versions: z.array(
      z.object({
        kind: z.enum(OFFER_KINDS),
        offerId: z.string().describe('`chain` where the chain has one of the kind'),
        no: z.int(),
        data: z.record(z.string(), z.unknown()).describe('as it was put; to publish it again, put it again'),
        ended: z.boolean().describe('from it on no till takes the offer'),
        atMs: z.int(),
        by: z.object({
          kind: z.string().describe('owner, user, token; empty: nobody wrote it down'),
          name: z.string().describe('a login or a token’s name'),
        }),
      }),
    ),
    nextCursor,
  })
  .meta({ id: 'OfferVersions' });
export type OfferVersionList = z.infer<typeof OfferVersionList>;

// ---- coupons ----

export const CouponPreviewAsked = z.object({
  businessDate: day.describe('the last day that is looked at'),
  days: z.int().min(1).max(7).default(1).describe('so many days that end with it'),
  template: TemplateShape.describe('as for publishing; its own dates are not looked at'),
  codes: z.int().min(1).max(1_000_000_000).optional().describe('an issue of so many codes'),
});
export const CouponPreview = z
  .object({
    from: day,
    to: day,
    receipts: z.int().describe('of members in these days, returns aside'),
    priced: z.int().describe('of them that were priced again: the newest, by programs of this kernel'),
    books: z.array(
      z.object({
        currency: z.string(),
        salesMinor: minor.describe('what all receipts of these days came to, members’ and others’'),
        receipts: z.int().describe('of members that were priced again'),
        eligible: z.int().describe('of them on which the coupon takes something off'),
        redeemed: z.int().describe('of them within the limits of the template: the dearest ones'),
        members: z.int().describe('who redeem one'),
        givenMinor: minor.describe('taken off, if each of `redeemed` redeems one'),
        shareBp: z.int().describe('of `salesMinor`, rounded down'),
        largestMinor: minor.describe('taken off one receipt'),
        eachMaxMinor: minor.describe(
          'one code at most: by its own terms, or `largestMinor` where they have no end',
        ),
        codesMaxMinor: minor.nullable().describe('`codes` at `eachMaxMinor`'),
      }),
    ),
    isCapped: z.boolean().describe('whether the terms of the coupon bound what one code is worth'),
  })
  .meta({ id: 'CouponPreview' });
export type CouponPreview = z.infer<typeof CouponPreview>;

// ---- benefits and draws ----

const Cost = z.object({
  members: z.int().describe('who get something'),
  grants: z.int().describe('times that it is given'),
  points: z.int(),
  pointsMinor: minor.describe('what they pay at the tills'),
  coupons: z.int(),
  couponsMinor: minor.describe('at most, each used'),
  costMinor: minor.describe('both'),
});
/** What rewards are counted in. */
const costFrame = {
  from: day,
  to: day,
  currency: z.string().describe('of the first store'),
  salesMinor: minor.describe('what all receipts of these days came to'),
  shareBp: z.int().describe('the cost of what is tried, of `salesMinor`, rounded down'),
  couponEachMinor: minor.describe('one coupon at most'),
  isCapped: z
    .boolean()
    .describe(
      'whether the terms of the coupon bound it; else it is the most it takes off one receipt of these days',
    ),
};
export const BenefitPreviewAsked = z.object({
  businessDate: day.describe('the last day that is looked at'),
  days: z.int().min(1).max(366).default(1).describe('so many days that end with it'),
  benefit: BenefitShape,
});
export const BenefitPreview = z
  .object({
    ...costFrame,
    tried: Cost,
    published: Cost.nullable().describe('by the benefit of this id as it is out; null: there is none'),
  })
  .meta({ id: 'BenefitPreview' });
export type BenefitPreview = z.infer<typeof BenefitPreview>;
export const DrawPreviewAsked = z.object({
  businessDate: day.describe('the day whose sales it is held against'),
  draw: DrawShape,
});
export const DrawPreview = z
  .object({ ...costFrame, tried: Cost.describe('if every prize is won') })
  .meta({ id: 'DrawPreview' });
export type DrawPreview = z.infer<typeof DrawPreview>;

// ---- stored value ----

export const PolicyPreviewAsked = z.object({
  businessDate: day.describe('the last day that is looked at'),
  days: z.int().min(1).max(31).default(1).describe('so many days that end with it'),
  policy: PolicyShape,
});
export const PolicyPreview = z
  .object({
    from: day,
    to: day,
    currency: z.string().describe('of the policy'),
    topUps: z.int().describe('of members and gift cards in this currency'),
    toppedUpMinor: minor,
    refused: z.int().describe('that the limits of a top-up would not have let through'),
    refusedMinor: minor,
    bonusThenMinor: minor.describe('that was given'),
    bonusNowMinor: minor.describe('that would have been'),
  })
  .meta({ id: 'PolicyPreview' });
export type PolicyPreview = z.infer<typeof PolicyPreview>;

// ---- tier rules ----

export const TierRulePreviewAsked = z.object({
  businessDate: day.describe('the day whose sales are priced again'),
  rule: TierRuleShape,
});
export const TierRulePreview = z
  .object({
    on: day.describe('the first day of the rule: tiers that members hold by then run to their end'),
    members: z.int(),
    looked: z.int().describe('of them that were worked out'),
    up: z.int(),
    down: z.int(),
    moves: z.array(z.object({ fromTierId: z.string(), toTierId: z.string(), members: z.int() })),
    books: RulePreview.shape.books.describe(
      'the sales of the day with the discounts of the tiers to which members move',
    ),
  })
  .meta({ id: 'TierRulePreview' });
export type TierRulePreview = z.infer<typeof TierRulePreview>;
