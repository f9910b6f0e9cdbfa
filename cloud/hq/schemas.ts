/**
 * Shapes of `/api/v1`: zod schemas, the one source of validation, of the OpenAPI page and of the console's types.
 *
 * Money is whole minor units of the store's currency. Dates are business dates `YYYY-MM-DD`; times are epoch ms.
 */
import { z } from 'zod';
import { TENDER_KINDS } from '../../src/core/tender.ts';

/** Of a list: `pages.ts`. */
export const nextCursor = z.string().nullable().describe('null: these were the last');

export const minor = z.int().describe('minor units of the store currency');
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('business date');
export const locale = z.enum(['zh-CN', 'zh-TW', 'en']);
const names = z.partialRecord(locale, z.string().max(300)).optional();

/** A refusal: RFC 9457 problem details. */
export const Problem = z
  .object({
    type: z.string().describe('`urn:counterfoil:problem:KIND`'),
    title: z.string().describe('the kind in plain words'),
    status: z.int().describe('the HTTP status'),
    detail: z.string().describe('what is wrong here, and what to do'),
    kind: z.string().describe('stable, lower_snake_case'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('the fields at fault, `items[3].priceMinor`'),
    facts: z.unknown().optional().describe('what else a program may want to know of it'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

// ---- figures ----

/** Sales of one store on one business date; refunds are negative and counted apart. */
export const StoreDay = z
  .object({
    storeId: z.string(),
    businessDate: date,
    currency: z.string(),
    sales: z.int(),
    refunds: z.int(),
    lines: z.int(),
    pieces: z.int(),
    grossMinor: minor,
    adjustmentMinor: minor,
    taxMinor: minor,
    totalMinor: minor.describe('sales less refunds, as on the receipts, before cash rounding'),
    roundingMinor: minor,
    memberSales: z.int().describe('sales with a member'),
    memberTotalMinor: minor,
    membersSeen: z.int().describe('distinct members'),
  })
  .meta({ id: 'StoreDay' });
export type StoreDay = z.infer<typeof StoreDay>;

export const StoreDayQuery = z.object({
  from: date.optional(),
  to: date.optional(),
  storeId: z.string().optional(),
  channel: z.string().max(32).optional().describe('`till`: sold at tills; left out: all'),
});
export const StoreDayList = z
  .object({ asOfMs: z.int(), days: z.array(StoreDay) })
  .meta({ id: 'StoreDayList' });
export type StoreDayList = z.infer<typeof StoreDayList>;

/** One store's sales by local hour of one business date. */
export const HourPoint = z
  .object({ hour: z.int().min(0).max(23), sales: z.int(), totalMinor: minor })
  .meta({ id: 'HourPoint' });
export type HourPoint = z.infer<typeof HourPoint>;
export const HourQuery = z.object({ businessDate: date, storeId: z.string().optional() });
export const HourList = z.object({ asOfMs: z.int(), hours: z.array(HourPoint) }).meta({ id: 'HourList' });
export type HourList = z.infer<typeof HourList>;

/** Each store up to a local hour, beside the same weekday a week before up to that hour. */
export const StorePace = z
  .object({
    storeId: z.string(),
    totalMinor: minor,
    sales: z.int(),
    lastWeekMinor: minor,
    lastWeekSales: z.int(),
  })
  .meta({ id: 'StorePace' });
export type StorePace = z.infer<typeof StorePace>;
export const PaceQuery = z.object({
  businessDate: date,
  beforeHour: z.coerce.number().int().min(0).max(24).describe('finished hours by the store’s clock; 24: all'),
});
export const PaceList = z.object({ asOfMs: z.int(), stores: z.array(StorePace) }).meta({ id: 'PaceList' });
export type PaceList = z.infer<typeof PaceList>;

// ---- sales ----

export const SaleRow = z
  .object({
    id: z.string(),
    kind: z.enum(['sale', 'refund', 'exchange']),
    receiptNo: z.string(),
    storeId: z.string(),
    tillId: z.string(),
    tillCode: z.string(),
    channel: z.string().nullable().describe('of an order of another channel; null: sold at a till'),
    businessDate: date,
    atMs: z.int(),
    currency: z.string(),
    lines: z.int(),
    pieces: z.int(),
    totalMinor: minor,
    adjustmentMinor: minor,
    memberId: z.string().nullable(),
    flags: z.array(z.string()).describe('what HQ found odd; the sale stands all the same'),
  })
  .meta({ id: 'SaleRow' });
export type SaleRow = z.infer<typeof SaleRow>;

const some = (max: number) => z.string().min(1).max(max).optional();

/** Which sales: the same words for the list and for every figure of it. */
export const saleFilter = {
  storeId: some(64),
  region: z.string().max(200).optional().describe('of the store'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  businessDate: date.optional(),
  from: date.optional(),
  to: date.optional(),
  kind: z.enum(['sale', 'refund', 'exchange']).optional(),
  memberId: some(64),
  buyer: z.enum(['member', 'anonymous']).optional(),
  receiptNo: some(64),
  channel: some(32).describe('of orders; `till`: sold at tills'),
  tillId: some(64),
  cashierId: some(64),
  hour: z.coerce.number().int().min(0).max(23).optional().describe("of the store's own clock"),
  weekday: z.coerce.number().int().min(1).max(7).optional().describe('1 = Monday'),
  sku: some(64),
  category: some(120),
  brand: some(120),
  tender: z.enum(TENDER_KINDS).optional(),
  ruleId: some(120).describe('a promotion, tier or coupon rule that took something off'),
};

export const SaleQuery = z.object({
  ...saleFilter,
  cursor: z
    .string()
    .regex(/^\d{1,16}~.{1,64}$/)
    .optional()
    .describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const SaleList = z
  .object({ asOfMs: z.int(), sales: z.array(SaleRow), nextCursor: z.string().nullable() })
  .meta({ id: 'SaleList' });
export type SaleList = z.infer<typeof SaleList>;

const ruleName = z.string().describe("the rule's name in the store's language");
const reason = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ kind: z.literal(kind), ...shape });

/** Why a line cost less: the closed set of `src/core/promotion.ts`. */
export const Reason = z
  .discriminatedUnion('kind', [
    reason('tier', { tierId: z.string(), tierName: z.string(), rateBp: z.int() }),
    reason('price', { name: ruleName, unitPriceMinor: minor }),
    reason('amount_off', { name: ruleName, unitMinor: minor, units: z.int() }),
    reason('percent_off', { name: ruleName, rateBp: z.int() }),
    reason('set_price', { name: ruleName, qty: z.int(), priceMinor: minor }),
    reason('set_amount', { name: ruleName, qty: z.int(), offMinor: minor }),
    reason('set_percent', { name: ruleName, qty: z.int(), rateBp: z.int() }),
    reason('threshold', {
      name: ruleName,
      by: z.enum(['amount', 'quantity']),
      from: z.int(),
      offMinor: minor.describe('the whole reduction, of which the line carries its part'),
    }),
    reason('gift', { name: ruleName, units: z.int() }),
    reason('order', { name: ruleName, rateBp: z.int(), offMinor: minor }),
    reason('coupon', { name: ruleName, code: z.string(), offMinor: minor }),
    reason('manual', {
      scope: z.enum(['line', 'order']),
      offMinor: minor,
      approvalId: z.string().nullable(),
    }),
    reason('returned', { receiptNo: z.string() }),
  ])
  .meta({ id: 'Reason' });

export const SaleLine = z
  .object({
    lineNo: z.int(),
    sku: z.string(),
    gtin: z.string().nullable(),
    name: z.string(),
    qty: z.int(),
    weightG: z.int().nullable(),
    unitPriceMinor: minor,
    grossMinor: minor,
    netMinor: minor,
    taxRateBp: z.int(),
    taxMinor: minor,
    adjustments: z.array(
      z.object({
        ruleId: z.string(),
        amountMinor: minor,
        reason: Reason,
      }),
    ),
  })
  .meta({ id: 'SaleLine' });

export const SaleDetail = z
  .object({
    sale: SaleRow,
    lines: z.array(SaleLine),
    taxes: z.array(z.object({ taxCode: z.string(), rateBp: z.int(), baseMinor: minor, taxMinor: minor })),
    taxMode: z.enum(['inclusive', 'exclusive']),
    grossMinor: minor,
    taxMinor: minor,
    roundingMinor: minor,
    changeMinor: minor,
    tenders: z.array(
      z.object({
        kind: z.enum(TENDER_KINDS),
        amountMinor: minor,
        detail: z.string().nullable().describe('brand and last four, wallet and reference, points, voucher'),
      }),
    ),
    rulesVersion: z.string(),
    cashierId: z.string(),
    cashierName: z.string().nullable().describe('null: nobody of that id is on the staff'),
    member: z.object({ id: z.string(), name: z.string(), cardNo: z.string(), tierId: z.string() }).nullable(),
    refundOf: z.object({ saleId: z.string(), receiptNo: z.string() }).nullable(),
    chain: z.object({
      journalId: z.string(),
      seq: z.int(),
      hash: z.string(),
      code: z.string(),
      receivedAtMs: z.int(),
    }),
    receiptSvg: z.string().describe('the receipt as the customer saw it, as SVG'),
  })
  .meta({ id: 'SaleDetail' });
export type SaleDetail = z.infer<typeof SaleDetail>;

// ---- stores and tills ----

const named = { name: z.string().min(1).max(300), names };

export const StoreShape = z
  .object({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
    ...named,
    locale,
    timeZone: z.string().max(64),
    region: z.string().max(200).optional().describe('for reports: the part of the country it belongs to'),
    currency: z.object({
      code: z.string().length(3),
      digits: z.int().min(0).max(3),
      symbol: z.string().max(8),
    }),
    tax: z.object({
      mode: z.enum(['inclusive', 'exclusive']),
      rounding: z.enum(['line', 'rate', 'document']),
      rates: z
        .array(z.object({ code: z.string().min(1).max(16), rateBp: z.int().min(0).max(10_000) }))
        .min(1)
        .max(32),
    }),
    cash: z.object({ cashStepMinor: z.int().min(1).max(100_000), cashRounding: z.enum(['nearest', 'down']) }),
    notesMinor: z.array(z.int().min(1)).max(12),
    templates: z.array(z.object({ pattern: z.string(), decimals: z.int().min(0).max(4) })).max(16),
    address: z.array(z.string().max(120)).max(6),
    footer: z.array(z.string().max(120)).max(10),
    mergeSameItem: z.boolean(),
    expiredGoods: z
      .enum(['warn', 'block'])
      .optional()
      .describe('goods after their day (AI 17): sold with a warning, or only when a manager lets it'),
    printPack: z.boolean().optional().describe('batch, serial number and days of a pack are on the receipt'),
    foreignRefundLimitMinor: minor
      .optional()
      .describe('what a till pays out in a day, offline, on receipts of other tills'),
    consent: z
      .object({
        version: z.string().min(1).max(64),
        purposes: z
          .array(
            z.object({
              purpose: z.string().min(1).max(40),
              needed: z.boolean(),
              text: z.string().max(2_000),
              texts: z.partialRecord(locale, z.string().max(2_000)).optional(),
            }),
          )
          .max(20),
      })
      .optional()
      .describe('what a person agrees to on joining at a till'),
    leases: z
      .object({
        pointsMax: z.int().min(0).max(1_000_000_000),
        valueMinorMax: z.int().min(0).max(1_000_000_000),
        regularVisits: z.int().min(1).max(10_000),
        regularsMax: z.int().min(0).max(5_000),
        aheadPointsMax: z.int().min(0).max(1_000_000_000),
        usesAhead: z.int().min(1).max(10_000),
      })
      .optional()
      .describe('how much of what members may spend its tills ask for'),
  })
  .meta({ id: 'Store' });

export const StoreList = z.object({ stores: z.array(StoreShape), nextCursor }).meta({ id: 'StoreList' });
export type StoreList = z.infer<typeof StoreList>;

export const TillRow = z
  .object({
    id: z.string(),
    storeId: z.string(),
    code: z.string(),
    enrolled: z.boolean(),
    revoked: z.boolean(),
    stopped: z
      .boolean()
      .describe('two disks spoke as this till: nothing is taken until HQ says which one goes on'),
    online: z.boolean(),
    lastSeenAtMs: z.int().nullable(),
    lastSaleAtMs: z.int().nullable(),
    headSeq: z.int(),
    headHash: z.string().nullable(),
    unsent: z.int().nullable().describe('entries the till says it has not yet sent, as of lastSeenAtMs'),
    quarantined: z.int(),
    version: z.string().nullable(),
    readiness: z
      .object({
        score: z.int().describe('0 to 100'),
        reasons: z.array(z.object({ kind: z.string(), points: z.int() })),
      })
      .nullable()
      .describe('how well it would do with the line down, as it said last'),
    readinessAtMs: z.int().nullable(),
  })
  .meta({ id: 'Till' });
export type TillRow = z.infer<typeof TillRow>;
export const TillList = z
  .object({ asOfMs: z.int(), tills: z.array(TillRow), nextCursor })
  .meta({ id: 'TillList' });
export type TillList = z.infer<typeof TillList>;

export const NewTill = z
  .object({ storeId: z.string(), code: z.string().regex(/^[A-Za-z0-9]{1,12}$/) })
  .meta({ id: 'NewTill' });
export const EnrolmentCode = z
  .object({ tillId: z.string(), code: z.string(), expiresAtMs: z.int() })
  .meta({ id: 'EnrolmentCode' });

export const EnrolRequest = z
  .object({
    code: z.string().max(64),
    publicKey: z.string().max(200).describe('Ed25519 public key, SPKI DER, base64'),
  })
  .meta({ id: 'EnrolRequest' });
export const Enrolment = z
  .object({
    tillId: z.string(),
    tillCode: z.string(),
    storeId: z.string(),
    cloudId: z.string(),
    cloudKey: z.string().describe('Ed25519 public key of HQ, SPKI DER, base64: the till pins it'),
    lastReceiptSeq: z.int().describe('highest receipt number that HQ has of this till; 0: none'),
  })
  .meta({ id: 'Enrolment' });
export type Enrolment = z.infer<typeof Enrolment>;

// ---- catalogue and members ----

export const ItemShape = z
  .object({
    sku: z.string().min(1).max(64),
    ...named,
    gtins: z.array(z.string().regex(/^\d{8,14}$/)).max(50),
    plu: z.string().max(16).optional(),
    brand: z.string().max(120).optional(),
    category: z.string().max(120).optional(),
    unit: z.enum(['each', 'kg']),
    priceMinor: z.int().min(0).nullable(),
    minPriceMinor: z.int().min(0).optional().describe('no promotion sells a unit below this'),
    taxCode: z.string().min(1).max(16),
    flags: z
      .object({
        noDiscount: z.boolean().optional(),
        noCoupon: z.boolean().optional(),
        noPoints: z.boolean().optional(),
      })
      .optional(),
  })
  .meta({ id: 'Item' });

export const TierShape = z
  .object({ id: z.string().min(1).max(64), ...named, rank: z.int(), discountBp: z.int().min(0).max(10_000) })
  .meta({ id: 'Tier' });

/** What is sealed never meets the database's own check. */
const clean = (charsMax: number) =>
  z
    .string()
    .max(charsMax)
    .refine((text) => !text.includes('\u0000'), 'expected a text without NUL');
const word = (charsMax: number) => clean(charsMax).nullable();

export const MemberShape = z
  .object({
    id: clean(64).min(1),
    cardNo: clean(64).min(1),
    name: clean(200).min(1),
    phone: word(32),
    tierId: z.string(),
    birthday: z.string().max(10).optional(),
    tags: z.array(clean(60)).max(100).optional(),
    cards: z.array(clean(64).min(1)).max(20).optional(),
    phones: z.array(clean(32)).max(20).optional(),
    mails: z.array(clean(254)).max(20).optional(),
    address: word(500).optional(),
    note: word(2_000).optional(),
    gender: word(40).optional(),
    residence: word(100).optional(),
    preferredPayment: word(60).optional(),
    needs: word(500).optional(),
    purchaseMotive: word(200).optional(),
    homeStoreId: word(64).optional(),
    householdId: word(64).optional(),
    consents: z
      .array(
        z.object({
          entryId: z.string().min(1).max(128),
          purpose: z.string().min(1).max(60),
          channel: z.string().min(1).max(60),
          granted: z.boolean(),
          textVersion: z.string().min(1).max(60),
          atMs: z.int().min(0),
          source: z.string().min(1).max(60),
        }),
      )
      .max(100)
      .optional(),
  })
  .meta({ id: 'Member' });

/** One thing twice in a batch has no right answer, and one statement cannot write a row twice. */
function once<T>(keyOf: (thing: T) => string) {
  return [
    (things: readonly T[]) => new Set(things.map(keyOf)).size === things.length,
    'the same key stands twice in this batch',
  ] as const;
}

export const ItemBatch = z.object({
  items: z
    .array(ItemShape)
    .max(5_000)
    .refine(...once<{ sku: string }>(({ sku }) => sku)),
});
export const MemberBatch = z.object({
  members: z
    .array(MemberShape)
    .max(5_000)
    .refine(...once<{ id: string }>(({ id }) => id)),
});
export const TierBatch = z.object({
  tiers: z
    .array(TierShape)
    .max(100)
    .refine(...once<{ id: string }>(({ id }) => id)),
});
export const StoreBatch = z.object({
  stores: z
    .array(StoreShape)
    .max(1_000)
    .refine(...once<{ id: string }>(({ id }) => id)),
});
/** Read by the kernel's own check (`core/promotion-check`), which names every fault with its place. */
export const RuleSetShape = z.looseObject({ version: z.string().min(1).max(64) }).meta({ id: 'RuleSet' });
export const CurrentRules = z.object({ rules: RuleSetShape.nullable() }).meta({ id: 'CurrentRules' });

export const Applied = z.object({ applied: z.int() }).meta({ id: 'Applied' });

/** What the live stream sends: `event: sale`, one JSON a line. */
export type LiveEvent =
  | { readonly type: 'sale'; readonly sale: SaleRow }
  | { readonly type: 'till'; readonly till: TillRow };
