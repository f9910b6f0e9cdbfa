/** Shapes of members in `/api/v1`: search, the page, patches, consents, duplicates, merges, erasure, retention. */
import { z } from 'zod';
import { FREQUENCY_BANDS, RECENCY_STATES } from '../../src/core/rfm.ts';
import { CouponList } from './loyalty-schemas.ts';

const id = z.string().min(1).max(64);
const word = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !text.includes('\u0000'), 'expected a text without NUL');
const key = word(60).min(1);
const ms = z.int().min(0).max(8_640_000_000_000_000);
const minor = z.int();
const day = z.string();

export const MemberParams = z.object({ memberId: id });

// ---- who ----

const ProfileShape = z
  .object({
    name: z.string(),
    cards: z.array(z.string()).describe('the first is the primary one; phones and mails alike'),
    phones: z.array(z.string()).describe('digits, with country code where known'),
    mails: z.array(z.string()),
    address: z.string().nullable(),
    note: z.string().nullable(),
    birthday: z.string().nullable().describe('MM-DD or YYYY-MM-DD'),
    gender: z.string().nullable(),
    residence: z.string().nullable().describe('city or region, never a street'),
    preferredPayment: z.string().nullable(),
    needs: z.string().nullable(),
    purchaseMotive: z.string().nullable(),
    homeStoreId: z.string().nullable(),
    householdId: z.string().nullable(),
    tags: z.array(z.string()),
  })
  .meta({ id: 'MemberProfile' });

export const MemberShown = z
  .object({
    id: z.string(),
    tierId: z.string(),
    revision: z.int().describe('the ETag of the profile'),
    updatedAtMs: ms,
    profile: ProfileShape,
  })
  .meta({ id: 'MemberShown' });

export const SearchBody = z
  .object({
    phone: word(32).min(5).optional(),
    card: word(64).min(1).optional(),
    mail: word(254).min(3).optional(),
    name: word(60)
      .min(2)
      .optional()
      .describe('two signs or more: 王芳, 小芳, wxf, 王x, the beginning of a Latin word'),
    limit: z.int().min(1).max(100).default(20),
  })
  .refine(({ phone, card, mail, name }) => (phone ?? card ?? mail ?? name) !== undefined, {
    message: 'ask for a phone, card, mail or name',
  });
export const SearchAnswer = z.object({ members: z.array(MemberShown) }).meta({ id: 'MemberSearch' });

// ---- the page ----

const ConsentNow = z.object({
  purpose: z.string(),
  channel: z.string(),
  granted: z.boolean(),
  textVersion: z.string(),
  atMs: ms,
});

export const PageShown = z
  .object({
    member: MemberShown,
    aliases: z.array(z.object({ id: z.string(), atMs: ms })).describe('ids that lead here'),
    tier: z.object({
      tierId: z.string(),
      sinceOn: day.nullable(),
      throughOn: day.nullable(),
      growth: z.int().nullable(),
    }),
    balance: z.object({
      memberId: z.string(),
      points: z.int(),
      valueMinor: minor,
      bonusMinor: minor,
      currency: z.string().nullable(),
    }),
    books: z.array(
      z.object({
        currency: z.string(),
        visits: z.int(),
        tickets: z.int(),
        refunds: z.int(),
        netMinor: minor,
        pieces: z.int(),
        firstOn: day.nullable(),
        lastOn: day.nullable(),
        homeStoreId: z.string().nullable(),
        cell: z.object({ recency: z.enum(RECENCY_STATES), frequency: z.enum(FREQUENCY_BANDS) }).nullable(),
        isSleeping: z.boolean(),
        isAtRisk: z.boolean().nullable().describe('null: one visit says nothing'),
      }),
    ),
    coupons: CouponList.shape.coupons.describe('that can be used today'),
    consents: z.array(ConsentNow),
    tags: z.array(
      z.object({ tag: z.string(), source: z.string(), by: z.string(), why: z.string(), atMs: ms }),
    ),
  })
  .meta({ id: 'MemberPage' });

export const PurchaseQuery = z.object({
  cursor: z.string().max(90).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const PurchaseList = z
  .object({
    purchases: z.array(
      z.object({
        saleId: z.string(),
        kind: z.string(),
        receiptNo: z.string(),
        date: day,
        atMs: ms,
        storeId: z.string(),
        tillCode: z.string(),
        cashierId: z.string(),
        currency: z.string(),
        totalMinor: minor,
        lines: z.array(
          z.object({
            sku: z.string(),
            name: z.string(),
            brand: z.string().nullable(),
            category: z.string().nullable(),
            qty: z.int(),
            weightG: z.int().nullable(),
            netMinor: minor,
          }),
        ),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'PurchaseList' });

// ---- changes ----

const list = (max: number) => z.array(word(max)).max(20);
const nullable = (max: number) => word(max).nullable();
export const PatchBody = z
  .strictObject({
    set: z
      .strictObject({
        name: word(200),
        cards: list(64),
        phones: list(32),
        mails: list(254),
        address: nullable(500),
        note: nullable(2_000),
        birthday: nullable(10),
        gender: nullable(40),
        residence: nullable(100),
        preferredPayment: nullable(60),
        needs: nullable(500),
        purchaseMotive: nullable(200),
        homeStoreId: nullable(64),
        householdId: nullable(64),
        tags: z.array(word(60)).max(100),
      })
      .partial(),
    source: z.enum(['import', 'web', 'erp', 'till', 'hq']).default('hq'),
    at: z
      .string()
      .max(32)
      .optional()
      .describe(
        'hybrid clock `ms.n` of the source; left out: now. Fields that were said later stay as they are',
      ),
  })
  .meta({ id: 'MemberPatch' });
export const PatchAnswer = z
  .object({ member: MemberShown, changed: z.array(z.string()), kept: z.array(z.string()) })
  .meta({ id: 'MemberPatched' });

export const ConsentBody = z.object({
  words: z
    .array(
      z.object({
        entryId: z.string().min(1).max(128).describe('your own id: said again under it, a word counts once'),
        purpose: key,
        channel: key,
        granted: z.boolean(),
        textVersion: key.describe('which text was shown'),
        atMs: ms,
        source: key.default('hq'),
      }),
    )
    .min(1)
    .max(100),
});
export const ConsentShown = z
  .object({
    now: z.array(ConsentNow),
    words: z.array(ConsentNow.extend({ memberId: z.string(), entryId: z.string(), source: z.string() })),
  })
  .meta({ id: 'MemberConsents' });

// ---- one person of two ----

const Reason = z.object({ reason: word(500).min(1) });
export const MergeBody = Reason.extend({ intoId: id });
export const UnmergeBody = Reason;
export const UnmergeAnswer = z
  .object({ member: MemberShown, survivor: MemberShown })
  .meta({ id: 'MemberUnmerged' });
export const DuplicateQuery = z.object({
  memberId: id.optional(),
  scoreMin: z.coerce.number().int().min(0).max(100).default(50),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const DuplicateList = z
  .object({
    pairs: z.array(
      z.object({
        one: MemberShown,
        other: MemberShown,
        score: z.int(),
        reasons: z.array(z.enum(['phone', 'mail', 'name_birthday', 'name', 'household', 'other_birthday'])),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'DuplicateList' });
export const ApartBody = z.object({ oneId: id, otherId: id });

// ---- forgetting ----

export const EraseBody = Reason.extend({
  giveUpValue: z.boolean().default(false).describe('the member gives up stored value that is left'),
});
export const Erasure = z
  .object({
    memberId: z.string(),
    ids: z.array(z.string()).describe('every id that the person had'),
    goes: z.record(z.string(), z.int()),
    stays: z.record(z.string(), z.int()),
    points: z.int(),
    valueMinor: minor,
    currency: z.string().nullable(),
  })
  .meta({ id: 'Erasure' });
export const BundleShown = z
  .looseObject({ memberId: z.string(), madeAtMs: ms, profile: z.looseObject({}) })
  .meta({ id: 'MemberBundle' });
export const LiftBody = z
  .object({ phone: word(32).min(5).optional(), mail: word(254).min(3).optional() })
  .refine(({ phone, mail }) => (phone ?? mail) !== undefined, { message: 'name a phone or a mail' });
export const RetentionRuleShape = z.object({
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/),
  afterMonths: z.int().min(1).max(1_200),
  who: z.enum(['any', 'no_consent']),
  active: z.boolean(),
});
export const RetentionRules = z
  .object({ rules: z.array(RetentionRuleShape).max(50) })
  .meta({ id: 'RetentionRules' });
export const RetentionTried = z.object({
  afterMonths: z.coerce.number().int().min(1).max(1_200),
  who: z.enum(['any', 'no_consent']),
});
export const RetentionPreview = z
  .object({ asOf: z.iso.date(), members: z.int().describe('whom the rule would forget on that day') })
  .meta({ id: 'RetentionPreview' });
