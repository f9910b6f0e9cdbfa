/** Shapes of the segment part of `/api/v1`. */
import { z } from 'zod';
import { nextCursor } from './schemas.ts';

const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('YYYY-MM-DD');
const id = z.string().min(1).max(64);
const currency = z.string().regex(/^[A-Z]{3}$/);

/** Read by the rule reader, which names every fault with its place. */
export const RuleShape = z
  .unknown()
  .describe('{ all: [...] }, { any: [...] }, { not: … } or a condition { source: … }: see /segments/sources')
  .meta({ id: 'SegmentRule' });

export const SegmentParams = z.object({ segmentId: id });
export const SegmentBody = z
  .object({
    name: z.string().min(1).max(200),
    note: z.string().max(2_000).default(''),
    rule: RuleShape,
    currency: currency.nullish().describe('of purchases that the rule asks about'),
  })
  .meta({ id: 'SegmentDraft' });
export const SegmentChange = SegmentBody.extend({
  revision: z.int().min(1).optional().describe('the one that was read; instead of If-Match'),
}).meta({ id: 'SegmentChange' });
export const SegmentShape = z
  .object({
    id: z.string(),
    name: z.string(),
    note: z.string(),
    kind: z.enum(['dynamic', 'frozen']),
    rule: RuleShape,
    currency: z.string().nullable(),
    revision: z.int(),
    updatedAtMs: z.int(),
  })
  .meta({ id: 'Segment' });
export const SegmentList = z
  .object({ segments: z.array(SegmentShape), nextCursor })
  .meta({ id: 'SegmentList' });
export const CountBody = z
  .object({
    rule: RuleShape,
    currency: currency.nullish(),
    sample: z.int().min(0).max(100).default(0).describe('so many of them, spread over all'),
  })
  .meta({ id: 'SegmentCountAsked' });
export const SegmentMember = z
  .object({ memberId: z.string(), cardNo: z.string(), name: z.string(), tierId: z.string() })
  .meta({ id: 'SegmentMember' });
export const CountAnswer = z
  .object({ asOf: date, members: z.int(), sample: z.array(SegmentMember) })
  .meta({ id: 'SegmentCount' });
export const SegmentPageQuery = z.object({
  cursor: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const SegmentPage = z
  .object({ members: z.array(SegmentMember), nextCursor: z.string().nullable() })
  .meta({ id: 'SegmentPage' });
export const SizeList = z
  .object({ sizes: z.array(z.object({ on: date, members: z.int() })), nextCursor })
  .meta({ id: 'SegmentSizes' });
export const OverlapQuery = z.object({ with: id.describe('the other segment') });
export const Overlap = z
  .object({ a: z.int(), b: z.int(), both: z.int(), onlyA: z.int(), onlyB: z.int() })
  .meta({ id: 'SegmentOverlap' });
export const ReasonQuery = z.object({ memberId: id });
/** One node of the rule with what it says of the member; `of` holds the nodes below, of the same shape. */
export const ReasonAnswer = z
  .object({
    path: z.string(),
    kind: z.enum(['all', 'any', 'not', 'condition']),
    source: z.string().nullable(),
    holds: z.boolean(),
    actual: z.string().nullable(),
    of: z.array(z.unknown()),
  })
  .meta({ id: 'SegmentReason' });
export const RefreshAnswer = z
  .object({
    counted: z.int(),
    failed: z.array(
      z.object({
        segmentId: z.string(),
        problem: z.object({ path: z.string(), kind: z.string(), message: z.string() }),
      }),
    ),
  })
  .meta({ id: 'SegmentRefresh' });
export const SourceList = z
  .object({
    depthMax: z.int(),
    nodesMax: z.int(),
    operators: z.record(z.string(), z.array(z.string())),
    sources: z.array(
      z.object({
        source: z.string(),
        about: z.string(),
        fields: z.array(
          z.object({ name: z.string(), type: z.string(), options: z.array(z.string()).optional() }),
        ),
      }),
    ),
  })
  .meta({ id: 'SegmentSources' });
