/** Shapes of the member-facts part of `/api/v1`: custom fields, tags, events, interactions, the timeline. */
import { z } from 'zod';
import { FIELD_TYPES } from '../../src/core/custom-field.ts';
import { INTERACTION_KINDS } from '../facts/interactions.ts';
import { TAG_LENGTH_MAX } from '../facts/tags.ts';
import { TIMELINE_KINDS } from '../facts/timeline.ts';
import { nextCursor } from './schemas.ts';

const id = z.string().min(1).max(64);
const words = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !text.includes('\u0000'), 'expected a text without NUL');
const why = words(500).default('').describe('why, for whoever reads the timeline');
const ms = z.int().min(0).max(8_640_000_000_000_000);

export const MemberParams = z.object({ memberId: id });

// ---- custom fields ----

const Limits = z
  .strictObject({
    min: z.number().optional(),
    max: z.number().optional(),
    decimals: z.int().min(0).max(6).optional(),
    lengthMax: z.int().min(1).max(2_000).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe('of money, whose values are minor units'),
  })
  .describe('what a value must keep to');
export const FieldParams = z.object({
  fieldId: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'expected lower case letters, digits and _, a letter first'),
});
export const FieldBody = z
  .object({
    name: words(100).min(1),
    names: z.record(z.string().max(20), words(100)).default({}).describe('in other languages, by locale'),
    type: z.enum(FIELD_TYPES),
    options: z.array(words(200).min(1)).max(500).default([]).describe('of choice and choices'),
    limits: Limits.default({}),
    sensitive: z.boolean().default(false).describe('true: its values lie sealed, and no segment finds them'),
  })
  .meta({ id: 'CustomFieldDraft' });
export const FieldChange = FieldBody.extend({
  revision: z.int().min(1).optional().describe('the one that was read; instead of If-Match'),
  retired: z.boolean().default(false).describe('true: its values stay, and nobody is asked for them'),
}).meta({ id: 'CustomFieldChange' });
export const FieldShape = z
  .object({
    id: z.string(),
    name: z.string(),
    names: z.record(z.string(), z.string()),
    type: z.enum(FIELD_TYPES),
    options: z.array(z.string()),
    limits: Limits,
    sensitive: z.boolean(),
    revision: z.int(),
    retired: z.boolean(),
    updatedBy: z.string(),
    updatedAtMs: z.int(),
  })
  .meta({ id: 'CustomField' });
export const FieldList = z.object({ fields: z.array(FieldShape) }).meta({ id: 'CustomFieldList' });
const Values = z
  .record(z.string(), z.unknown())
  .describe('by field id; null takes the value away, a field that is not named stays as it is');
export const ValuesBody = z.object({ values: Values });
export const ValuesBatch = z.object({
  rows: z
    .array(z.object({ memberId: id, values: Values }))
    .min(1)
    .max(5_000),
});
export const ValuesShown = z
  .object({
    memberId: z.string(),
    fields: z.array(
      z.object({
        fieldId: z.string(),
        type: z.enum(FIELD_TYPES),
        value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
        updatedAtMs: z.int(),
        updatedBy: z.string(),
      }),
    ),
  })
  .meta({ id: 'MemberFields' });

// ---- tags ----

const tag = words(TAG_LENGTH_MAX).trim().min(1);
export const TagParams = z.object({ memberId: id, tag });
export const TagBody = z.object({ why });
export const TagsShown = z
  .object({
    memberId: z.string(),
    tags: z.array(
      z.object({
        tag: z.string(),
        source: z.string().describe('manual, profile, import, rule:ID'),
        by: z.string(),
        why: z.string(),
        atMs: z.int(),
      }),
    ),
  })
  .meta({ id: 'MemberTags' });
export const TagList = z
  .object({ tags: z.array(z.object({ tag: z.string(), members: z.int() })), nextCursor })
  .meta({ id: 'TagList' });
export const TagBulk = z.object({
  tag,
  set: z.boolean().describe('false takes it off'),
  memberIds: z.array(id).min(1).max(10_000),
  why,
});
const Cause = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('event'),
    kinds: z.array(words(64).min(1)).min(1).max(50),
    subjects: z.array(words(200).min(1)).min(1).max(1_000).nullable().default(null).describe('null: any'),
  }),
  z.strictObject({
    kind: z.literal('segment'),
    segmentId: id,
    keep: z.boolean().default(false).describe('the tag stays when a member leaves the segment'),
  }),
]);
export const TagRuleBody = z
  .object({
    name: words(100).min(1),
    tag: tag.describe('`{subject}` in it is what the event was about'),
    cause: Cause,
    active: z.boolean().default(true),
  })
  .meta({ id: 'TagRuleDraft' });
export const TagRuleChange = TagRuleBody.extend({
  revision: z.int().min(1).optional().describe('the one that was read; instead of If-Match'),
}).meta({ id: 'TagRuleChange' });
export const TagRuleParams = z.object({ ruleId: id });
export const TagRuleShape = TagRuleBody.extend({
  id: z.string(),
  revision: z.int(),
  changedBy: z.string(),
  updatedAtMs: z.int(),
}).meta({ id: 'TagRule' });
export const TagRuleList = z.object({ rules: z.array(TagRuleShape) }).meta({ id: 'TagRuleList' });
export const TagsRefreshedShape = z
  .object({
    set: z.int(),
    unset: z.int(),
    failed: z.array(z.object({ ruleId: z.string(), message: z.string() })),
  })
  .meta({ id: 'TagsRefreshed' });

// ---- events ----

const DATA_BYTES_MAX = 8_192;
export const EventBatch = z.object({
  events: z
    .array(
      z.object({
        eventId: id.describe('of the sender: said again, the event is known'),
        kind: z
          .string()
          .regex(/^[a-z][a-z0-9_.-]{0,63}$/)
          .describe('browse, cart, click, search, visit, rating …'),
        subject: words(200).describe('what it is about: a SKU, a page, a theme'),
        atMs: ms,
        memberId: id.nullable().default(null),
        visitorId: id.nullable().default(null).describe('the browser or app'),
        data: z
          .record(z.string(), z.unknown())
          .default({})
          .refine(
            (data) => JSON.stringify(data).length <= DATA_BYTES_MAX,
            `expected at most ${DATA_BYTES_MAX} characters`,
          )
          .refine((data) => !JSON.stringify(data).includes('\\u0000'), 'expected texts without NUL'),
      }),
    )
    .min(1)
    .max(5_000),
});
export const EventsTakenShape = z
  .object({
    stored: z.int(),
    repeated: z.int().describe('known already'),
    joined: z.int().describe('of visitors who became a member’s'),
    tagged: z.int().describe('tags that rules set'),
    refused: z
      .array(z.object({ index: z.int(), kind: z.string(), path: z.string(), message: z.string() }))
      .describe('left out; the others are in'),
  })
  .meta({ id: 'EventsTaken' });
export const VisitorParams = z.object({ visitorId: id });
export const JoinBody = z.object({ memberId: id, atMs: ms.optional().describe('of the login; now without') });
export const JoinedShape = z.object({ joined: z.int(), tagged: z.int() }).meta({ id: 'VisitorJoined' });
export const LatelyQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) });
const viewed = { subject: z.string(), times: z.int(), lastAtMs: z.int(), name: z.string().nullable() };
export const ViewedList = z.object({ viewed: z.array(z.object(viewed)) }).meta({ id: 'RecentlyViewed' });
export const CartList = z
  .object({ tries: z.array(z.object({ ...viewed, bought: z.boolean() })) })
  .meta({ id: 'CartTries' });

// ---- interactions and the timeline ----

const InteractionFields = {
  interactionId: id.describe('of the sender: said again, the record is known'),
  kind: z.enum(INTERACTION_KINDS),
  direction: z.enum(['in', 'out']).default('in').describe('in: the member came to the shop'),
  storeId: id.nullable().default(null),
  author: words(100).optional().describe('who spoke for the shop; the caller without'),
  subject: words(200).default(''),
  text: words(20_000).default(''),
  outcome: words(200).default(''),
  atMs: ms.optional().describe('now without'),
};
export const InteractionBatch = z.object({
  interactions: z
    .array(z.object({ memberId: id, ...InteractionFields }))
    .min(1)
    .max(2_000),
});
export const InteractionsTaken = z
  .object({ stored: z.int(), repeated: z.int() })
  .meta({ id: 'InteractionsTaken' });
const kinds = new Set<string>(TIMELINE_KINDS);
export const TimelineQuery = z.object({
  kinds: z
    .string()
    .optional()
    .describe(`some of ${TIMELINE_KINDS.join(',')}; all without`)
    .refine(
      (text) => text === undefined || text.split(',').every((kind) => kinds.has(kind)),
      `expected some of ${TIMELINE_KINDS.join(',')}`,
    ),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const TimelineShape = z
  .object({
    memberId: z.string(),
    entries: z.array(
      z.object({
        kind: z.enum(TIMELINE_KINDS),
        id: z.string(),
        atMs: z.int(),
        data: z.record(z.string(), z.unknown()),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Timeline' });
