/**
 * Shapes of the analytics part of `/api/v1`.
 *
 * Amounts are minor units of the report's one currency; rates and shares are basis points (10000 = all); dates are business
 * dates. A report is of all stores, of one, or of a region; buyers belong to the store of their first purchase.
 */
import { z } from 'zod';
import { FREQUENCY_BANDS, RECENCY_STATES } from '../../src/core/rfm.ts';
import { FLOW_STATES } from '../segments/flow.ts';
import { RuleShape } from './segment-schemas.ts';

const minor = z.int().describe('minor units');
const bp = z.int().nullable().describe('basis points; null over nothing');
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('YYYY-MM-DD');
const id = z.string().min(1).max(64);
const recency = z.enum(RECENCY_STATES);
const frequency = z.enum(FREQUENCY_BANDS);
const currency = z.string().regex(/^[A-Z]{3}$/);

/** Which buyers, and which day: today when none is named. */
const scope = {
  storeId: id.optional(),
  region: z.string().max(200).optional().describe("a store's region; empty: stores without one"),
  currency: currency.optional().describe('needed where a chain sells in several'),
};
const scopeAsOf = {
  ...scope,
  asOf: date.optional(),
  basis: z
    .enum(['home', 'store'])
    .default('home')
    .describe(
      'home: buyers at home there, with all they bought; store: what was bought in storeId, by anybody',
    ),
};
const period = { ...scope, from: date, to: date };

// ---- RFM ----

export const ThresholdsShape = z
  .strictObject({
    recency: z.discriminatedUnion('by', [
      z.strictObject({
        by: z.literal('days'),
        silentFromDays: z.int(),
        sleepingFromDays: z.int(),
        lostFromDays: z.int(),
      }),
      z.strictObject({
        by: z.literal('cycles'),
        silentPastBp: z.int().describe('10000 = past one purchase cycle'),
        sleepingPastBp: z.int(),
        lostPastBp: z.int(),
      }),
    ]),
    frequency: z.strictObject({ oldFrom: z.int(), fanFrom: z.int() }),
    sleepingDays: z.int(),
    atRiskPastBp: z.int(),
    fallbackCycleDays: z.int(),
  })
  .meta({ id: 'RfmThresholds' });

export const Strategy = z
  .object({
    recency,
    frequency,
    contactEveryDays: z.int().min(1).max(3_650).nullable().describe('null: no contact'),
    offer: z.object({
      kind: z.enum(['none', 'care', 'gift', 'coupon', 'discount', 'points']),
      strengthBp: z.int().min(0).max(10_000),
      text: z.string().max(1_000),
    }),
  })
  .meta({ id: 'CellStrategy' });
export const StrategyBatch = z.object({
  strategies: z
    .array(Strategy)
    .min(1)
    .max(16)
    .refine(
      (all) => new Set(all.map((one) => `${one.recency} ${one.frequency}`)).size === all.length,
      'the same cell stands twice in this batch',
    ),
});
export const StrategyList = z.object({ strategies: z.array(Strategy) }).meta({ id: 'CellStrategyList' });

const cycle = z
  .object({ spanDays: z.int(), gaps: z.int().min(1) })
  .describe('mean days between visits: spanDays / gaps');
const grid = {
  buyers: z.int(),
  netMinor: minor,
  sleeping: z.int(),
  atRisk: z.int(),
  cells: z.array(z.object({ recency, frequency, members: z.int(), netMinor: minor, shareBp: bp })),
};
export const GridQuery = z.object({
  ...scopeAsOf,
  split: z.enum(['none', 'store', 'region']).default('none'),
});
export const GridAnswer = z
  .object({
    asOf: date,
    currency,
    ...grid,
    shopCycle: cycle,
    parts: z.array(z.object({ key: z.string(), ...grid })).nullable(),
  })
  .meta({ id: 'RfmGrid' });

export const ScoreQuery = z.object({
  ...scopeAsOf,
  bins: z.coerce.number().int().min(2).max(10).default(5),
  only: z.enum(['all', 'at_risk', 'sleeping']).default('all'),
  cursor: z.string().min(1).max(64).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const Scored = z
  .object({
    memberId: z.string(),
    visits: z.int(),
    tickets: z.int(),
    netMinor: minor,
    firstOn: date,
    lastOn: date,
    homeStoreId: z.string(),
    r: z.int(),
    f: z.int(),
    m: z.int(),
    recency,
    frequency,
    sleeping: z.boolean(),
    atRisk: z.boolean(),
    cycle: cycle.nullable(),
  })
  .meta({ id: 'ScoredMember' });
export const ScoreList = z
  .object({
    asOf: date,
    currency,
    buyers: z.int(),
    cuts: z.object({ lastOn: z.array(date), visits: z.array(z.int()), netMinor: z.array(minor) }),
    members: z.array(Scored),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ScoreList' });
export const MemberScoreQuery = z.object({
  currency: scope.currency,
  asOf: date.optional(),
  bins: ScoreQuery.shape.bins,
});
export const ProofAnswer = z
  .object({ rows: z.int(), differences: z.int(), memberIds: z.array(z.string()) })
  .meta({ id: 'RollupProof' });

// ---- reports ----

export const ParetoQuery = z.object({
  ...scopeAsOf,
  topBp: z
    .string()
    .regex(/^\d{1,5}(,\d{1,5}){0,19}$/)
    .default('1500,2000')
    .describe('parts in basis points, separated by commas'),
});
const flowState = z.enum(FLOW_STATES);
export const FlowQuery = z.object({ ...scopeAsOf, before: date.describe('the earlier day') });
export const FlowAnswer = z
  .object({
    before: date,
    asOf: date,
    currency,
    steps: z.array(z.object({ before: flowState, after: flowState, members: z.int() })),
  })
  .meta({ id: 'LifecycleFlow' });

const topPoint = z.object({ topBp: z.int(), members: z.int(), amountMinor: minor, shareBp: bp });
export const ParetoAnswer = z
  .object({
    asOf: date,
    currency,
    buyers: z.int(),
    netMinor: minor,
    tops: z.array(topPoint),
    curve: z.array(topPoint),
  })
  .meta({ id: 'Pareto' });

export const PeriodQuery = z
  .object(period)
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'is before from' });
export const EquationQuery = z
  .object({ ...period, visitsMax: z.coerce.number().int().min(2).max(50).default(6) })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'is before from' });
const fraction = z.object({ num: z.int(), den: z.int() }).nullable();
export const EquationAnswer = z
  .object({
    currency,
    netMinor: minor,
    tickets: z.int(),
    pieces: z.int(),
    byVisit: z.array(z.object({ key: z.string(), members: z.int(), tickets: z.int(), netMinor: minor })),
    attachRate: fraction.describe('pieces / tickets'),
    unitPriceMinor: fraction.describe('net / pieces: tickets x attachRate x unitPrice is netMinor, exactly'),
    averageTicketMinor: minor.nullable(),
    traffic: z.object({ visitors: z.int(), tickets: z.int(), conversionBp: bp }).nullable(),
  })
  .meta({ id: 'SalesEquation' });

const goods = z.array(z.object({ key: z.string(), buyers: z.int(), pieces: z.int(), netMinor: minor }));
export const BehaviourAnswer = z
  .object({
    currency,
    buyers: z.int(),
    visits: z.int(),
    tickets: z.int(),
    pieces: z.int(),
    netMinor: minor,
    cycle: cycle.nullable(),
    frequencyX100: z.int().nullable(),
    unitPriceMinor: minor.nullable(),
    averageTicketMinor: minor.nullable(),
    repeatRateBp: bp,
    brands: goods,
    categories: goods,
  })
  .meta({ id: 'Behaviour' });
export const BuyerSplitAnswer = z
  .object({
    currency,
    new: z.int(),
    loyal: z.int(),
    irregular: z.int(),
    buyers: z.int(),
    before: z.object({ from: date, to: date }),
  })
  .meta({ id: 'BuyerSplit' });
export const KpiAnswer = z
  .object({
    currency,
    secondPurchaseRateBp: bp,
    averageTicketMinor: minor.nullable(),
    frequencyX100: z.int().nullable(),
    returnRateBp: bp,
    conversionBp: bp,
    satisfaction: z.object({ meanX100: z.int().nullable(), ratings: z.int() }),
    newBuyers: z.int(),
    buyers: z.int(),
  })
  .meta({ id: 'Kpis' });

export const StructureQuery = z.object({
  ...scope,
  asOf: date.optional(),
  dimension: z.string().min(1).max(100).describe('gender, age, residence, tier, store, region or field:ID'),
  population: z.enum(['members', 'buyers']).default('members'),
});
export const StructureAnswer = z
  .object({
    asOf: date,
    members: z.int(),
    parts: z.array(
      z.object({ key: z.string(), members: z.int(), shareBp: z.int(), targetBp: bp, gapBp: bp }),
    ),
  })
  .meta({ id: 'Structure' });
export const TargetBody = z
  .object({
    storeId: id.nullable(),
    dimension: StructureQuery.shape.dimension,
    parts: z
      .array(z.object({ key: z.string().max(200), shareBp: z.int().min(0).max(10_000) }))
      .max(200)
      .refine((parts) => new Set(parts.map(({ key }) => key)).size === parts.length, 'a part stands twice'),
  })
  .meta({ id: 'StructureTarget' });

export const CorrelationBody = z
  .object({
    criterion: RuleShape,
    outcome: RuleShape,
    among: RuleShape.nullish(),
    currency: currency.nullish(),
  })
  .meta({ id: 'CorrelationAsked' });
const group = z.object({ n: z.int(), yes: z.int() });
export const CorrelationAnswer = z
  .object({
    n: z.int(),
    with: group,
    without: group,
    rates: z
      .object({ difference: z.number(), low: z.number(), high: z.number(), phi: z.number().nullable() })
      .nullable()
      .describe('difference of the two rates (0..1) with its 95 % interval'),
  })
  .meta({ id: 'Correlation' });

export const ProfitQuery = z.object({
  ...scopeAsOf,
  marginBp: z.coerce.number().int().min(0).max(10_000).default(10_000),
  worst: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});
const sums = {
  netMinor: minor,
  marginMinor: minor,
  marketingMinor: minor,
  serviceMinor: minor,
  profitMinor: minor,
};
export const ProfitAnswer = z
  .object({
    asOf: date,
    currency,
    members: z.int(),
    ...sums,
    losses: z.int(),
    rows: z.array(z.object({ rank: z.int(), decile: z.int(), memberId: z.string(), ...sums })),
  })
  .meta({ id: 'ProfitReport' });
export const CostBatch = z.object({
  costs: z
    .array(
      z.object({
        id,
        memberId: id,
        kind: z.enum(['marketing', 'service']),
        currency,
        amountMinor: z.int().min(-1_000_000_000_000).max(1_000_000_000_000),
        on: date,
        note: z.string().max(300).default(''),
      }),
    )
    .max(5_000),
});
export const TrafficBatch = z.object({
  days: z
    .array(z.object({ storeId: id, businessDate: date, visitors: z.int().min(0).max(10_000_000) }))
    .max(5_000)
    .refine(
      (days) => new Set(days.map((day) => `${day.storeId} ${day.businessDate}`)).size === days.length,
      'a day stands twice in this batch',
    ),
});
