/**
 * Shapes of the loyalty routes. Every write that moves something has a `key` of the caller's own: the same key with the same
 * words is one effect and the same answer, with other words it is 409 `key_taken`.
 */
import { z } from 'zod';
import { MOVEMENT_KINDS, MOVEMENT_MAX } from '../../src/core/ledger.ts';
import { PURSES } from '../loyalty/ledger.ts';
import { locale, minor, nextCursor } from './schemas.ts';

const id = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/);
export const key = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,64}$/)
  .describe('the caller’s own id of this write: said again, it happens once');
const day = z.iso.date().describe('business date');
const reason = z.string().trim().min(1).max(200);
const author = z.string().trim().min(1).max(80).optional();
const series = z.string().regex(/^[A-Z0-9]{1,10}$/);
const names = z.partialRecord(locale, z.string().max(300)).optional();
const amount = z.int().min(1).max(MOVEMENT_MAX);
const currency = z.string().regex(/^[A-Z]{3}$/);

export const MemberParams = z.object({ memberId: z.string().min(1).max(64) });
export const TemplateParams = z.object({ templateId: z.string().max(64) });
export const CardParams = z.object({ card: z.string().min(1).max(64) });
export const CodeParams = z.object({ code: z.string().min(1).max(64) });

// ---- ledgers ----

export const PointsWrite = z.object({
  key,
  points: z
    .int()
    .min(-MOVEMENT_MAX)
    .max(MOVEMENT_MAX)
    .refine((points) => points !== 0, 'not zero'),
  reason,
  author,
  on: day.optional(),
  expiresOn: day.nullable().optional().describe('last good day; left out: as the programme says'),
});
export const Redemption = z.object({ key, points: amount, reason, author, on: day.optional() });
export const MoneyWrite = z.object({ key, amountMinor: amount, currency, author, on: day.optional() });
export const MoneyBack = MoneyWrite.extend({ ofKey: key.describe('the key of the spend') });
export const WayOut = z.object({ key, author, on: day.optional() });

export const BalanceQuery = z.object({
  asOf: day.optional().describe('worked out from what moved up to the end of that day'),
});
export const Balance = z
  .object({
    memberId: z.string(),
    points: z.int().describe('below zero: owed'),
    valueMinor: minor.describe('principal'),
    bonusMinor: minor.describe('given by the shop on top: spent last, never paid out'),
    currency: z.string().nullable(),
  })
  .meta({ id: 'MemberBalance' });

const Entry = z.object({
  id: z.string(),
  purse: z.enum(PURSES),
  kind: z.enum([...MOVEMENT_KINDS, 'expire', 'forgive', 'unfounded']),
  points: z.int(),
  on: day,
  atMs: z.int(),
  expiresOn: day.nullable(),
  ofId: z.string().nullable(),
  saleId: z.string().nullable(),
  storeId: z.string().nullable(),
  reason: z.string().nullable(),
  author: z.string().nullable(),
  lots: z
    .array(z.object({ lotId: z.string(), points: z.int() }))
    .describe('the lots that a spend took, less what came back to them'),
});
const Lot = z.object({
  id: z.string(),
  purse: z.enum(PURSES),
  points: z.int(),
  left: z.int(),
  expired: z.int(),
  expiresOn: day.nullable(),
  isBonus: z.boolean(),
});
export const LedgerPage = z
  .object({
    balance: Balance,
    entries: z.array(Entry),
    lots: z.array(Lot),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'MemberLedger' });
export const LedgerQuery = z.object({
  purse: z.enum(['points', 'value']).default('points'),
  cursor: z
    .string()
    .regex(/^\d{1,16}~.{1,200}$/)
    .optional()
    .describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const JobDay = z.object({ asOf: day.describe('the business date that begins') });
export const ExpiryDone = z
  .object({
    accounts: z.int(),
    expired: z.object({ points: z.int(), value: z.int(), gift_card: z.int() }),
  })
  .meta({ id: 'ExpiryDone' });
export const ProofDone = z
  .object({
    accounts: z.int(),
    differences: z.array(z.object({ holderId: z.string(), purse: z.enum(PURSES) })),
  })
  .meta({ id: 'LedgerProof' });

// ---- policy ----

const cardTerms = z.object({
  balanceMaxMinor: z.int().min(0).max(MOVEMENT_MAX),
  validYears: z.int().min(1).max(100).nullable(),
});
export const PolicyShape = z
  .object({
    version: z.string().min(1).max(64),
    currency,
    named: cardTerms,
    unnamed: cardTerms,
    topUp: z.object({ minMinor: z.int().min(1), maxMinor: z.int().min(1).max(MOVEMENT_MAX) }),
    bonus: z
      .array(z.object({ fromMinor: z.int().min(1), bonusMinor: z.int().min(1).max(MOVEMENT_MAX) }))
      .max(50),
    bonusDays: z.int().min(1).max(36_500).nullable(),
    registerFromMinor: z.int().min(1),
    registerYears: z.int().min(1).max(100),
  })
  .meta({ id: 'StoredValuePolicy' });

// ---- gift cards ----

export const NewCard = z.object({
  key,
  amountMinor: amount,
  currency,
  memberId: z.string().max(64).optional().describe('a card in a name'),
  buyer: z
    .object({ name: z.string().min(1).max(120), document: z.string().min(1).max(120) })
    .optional()
    .describe('asked for from `registerFromMinor` on'),
  on: day.optional(),
});
export const CardState = z
  .object({
    giftCardId: z.string(),
    codeTail: z.string(),
    currency: z.string(),
    balanceMinor: minor,
    validTo: day.nullable(),
    blocked: z.boolean(),
    memberId: z.string().nullable(),
  })
  .meta({ id: 'GiftCard' });
export const IssuedCard = CardState.extend({
  code: z.string().nullable().describe('shown once; null when the same key is said again'),
}).meta({ id: 'IssuedGiftCard' });
export const CardBuyer = z
  .object({
    giftCardId: z.string(),
    name: z.string(),
    document: z.string(),
    amountMinor: minor,
    currency: z.string(),
    atMs: z.int(),
    keepTo: day.describe('the entry is gone after it'),
  })
  .meta({ id: 'GiftCardBuyer' });
export const KeyOnly = z.object({ key });

// ---- tiers ----

export const TierRuleShape = z
  .object({
    version: z.string().min(1).max(64),
    from: day,
    growth: z.object({
      perMinor: z.record(currency, z.int().min(1)),
      windowMonths: z.int().min(1).max(600).nullable(),
    }),
    levels: z
      .array(z.object({ tierId: z.string().min(1).max(64), fromGrowth: z.int().min(0) }))
      .min(1)
      .max(20),
    validity: z.object({
      months: z.int().min(1).max(600).nullable(),
      graceDays: z.int().min(0).max(366),
      drop: z.enum(['earned', 'one']),
    }),
  })
  .meta({ id: 'TierRule' });
export const TierRules = z.object({ rules: z.array(TierRuleShape) }).meta({ id: 'TierRules' });
export const GrowthWrite = z.object({
  id: key,
  growth: z.int().min(-MOVEMENT_MAX).max(MOVEMENT_MAX),
  on: day,
  reason,
  author,
});
export const TierQuery = z.object({ date: day });
export const TierAnswer = z
  .object({
    tier: z
      .object({
        tierId: z.string(),
        sinceOn: day,
        throughOn: day.nullable(),
        growth: z.int(),
        version: z.string(),
        nextReviewOn: day.nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'TierAt' });
export const ReviewDone = z.object({ reviewed: z.int(), changed: z.int() }).meta({ id: 'TierReview' });

// ---- coupons ----

const anything = z.record(z.string(), z.unknown());
export const TemplateShape = z
  .object({
    id: series.describe('the series of its codes: CP-SERIES-SERIAL'),
    name: z.string().min(1).max(300),
    names,
    offer: z.object({
      priority: z.int().min(0).max(999),
      mode: z.enum(['exclusive', 'best_price', 'compound']),
      items: anything.describe('as in a rule'),
      conditions: z.array(anything).max(20).optional(),
      limits: anything.optional(),
      audience: anything.optional(),
      reward: anything.describe('as in a rule'),
      issuer: z.enum(['merchant', 'platform']).optional(),
    }),
    valid: z.union([
      z.strictObject({ days: z.int().min(1).max(36_500) }),
      z.strictObject({ from: day.optional(), to: day.optional() }),
    ]),
    limits: z.object({
      issuedMax: z.int().min(1).optional(),
      perMemberMax: z.int().min(1).optional(),
    }),
  })
  .meta({ id: 'CouponTemplate' });
export const TemplateList = z
  .object({
    templates: z.array(
      z.object({ template: TemplateShape, issued: z.int(), used: z.int(), ended: z.boolean() }),
    ),
    nextCursor,
  })
  .meta({ id: 'CouponTemplates' });
export const IssueAsked = z.object({
  key,
  memberIds: z.array(z.string().max(64)).min(1).max(100_000),
  each: z.int().min(1).max(100).default(1),
  on: day.optional(),
});
export const IssueDone = z
  .object({
    issued: z.int(),
    skipped: z.array(z.object({ memberId: z.string(), why: z.enum(['unknown_member', 'member_limit']) })),
  })
  .meta({ id: 'CouponIssue' });
export const IssueParams = TemplateParams.extend({ key });
export const IssueTakenBack = z
  .object({
    cancelled: z.int().describe('codes that are worth nothing now'),
    used: z.int().describe('codes that somebody was faster with: they stand'),
  })
  .meta({ id: 'CouponIssueTakenBack' });
export const CouponList = z
  .object({
    coupons: z.array(
      z.object({
        code: z.string(),
        templateId: z.string(),
        memberId: z.string().nullable(),
        validFrom: day.nullable(),
        validTo: day.nullable(),
        usedSaleId: z.string().nullable(),
        cancelled: z.boolean(),
        source: z.string().nullable(),
      }),
    ),
    nextCursor,
  })
  .meta({ id: 'MemberCoupons' });
export const PackShape = z
  .object({
    sku: z.string().min(1).max(64),
    contents: z
      .array(z.object({ templateId: id, count: z.int().min(1).max(100) }))
      .min(1)
      .max(20),
  })
  .meta({ id: 'CouponPack' });

export const PackList = z.object({ packs: z.array(PackShape) }).meta({ id: 'CouponPackList' });

// ---- what is out ----

export const LiabilityQuery = z.object({ asOf: day.optional() });
export const LiabilityAnswer = z
  .object({
    asOf: day,
    purses: z.array(
      z.object({
        purse: z.enum(PURSES),
        currency: z.string().nullable(),
        holders: z.int(),
        balance: z.int().describe('points or minor units, bonus included'),
        bonus: z.int(),
        owed: z.int().describe('what members owe'),
      }),
    ),
    ending: z.array(z.object({ purse: z.enum(PURSES), month: z.string(), left: z.int() })),
    coupons: z.array(z.object({ templateId: z.string(), on: day, uses: z.int(), offMinor: minor })),
  })
  .meta({ id: 'Liability' });
export const ProgrammePreviewAsked = z.object({ businessDate: day, programme: z.unknown() });
export const ProgrammePreview = z
  .object({
    sales: z.int(),
    changed: z.int(),
    pointsThen: z.int(),
    pointsNow: z.int(),
    worthMinor: z.int(),
    endsThen: day
      .nullable()
      .describe('last good day of points of that day by the programme that is out; null: none'),
    endsNow: day.nullable().describe('by the one that is tried'),
  })
  .meta({ id: 'ProgrammePreview' });
export const VersionList = z
  .object({ versions: z.array(z.object({ version: z.string(), publishedAtMs: z.int() })), nextCursor })
  .meta({ id: 'Versions' });
