/**
 * Conditions about who a member is: profile, tier, tags, custom fields, consents, and other segments that are frozen.
 */
import { z } from 'zod';
import { err, ok } from '../../src/core/result.ts';
import { COMPARISONS, type Comparison, comparisonSql, type ValueType } from './comparison.ts';
import { PROFILE_FIELDS } from './profile-sql.ts';
import { type CustomField, type Leaf, readShape, type Source, unknown } from './source.ts';

const key = z.string().min(1).max(200);
const keys = z.array(key).min(1).max(1_000);

const leaf = (sql: Leaf['sql'], actual: Leaf['actual'] = null): Leaf => ({ needs: [], sql, actual });

export const profile: Source = {
  source: 'profile',
  about: 'name, residence, gender, age and the rest of the profile',
  fields: () => Object.entries(PROFILE_FIELDS).map(([name, { type }]) => ({ name, type })),
  read: ({ field, ...asked }) => {
    const known =
      typeof field === 'string' && Object.hasOwn(PROFILE_FIELDS, field) ? PROFILE_FIELDS[field] : undefined;
    if (known === undefined) return unknown('.field', `one of ${Object.keys(PROFILE_FIELDS).join(', ')}`);
    const comparison = readShape(COMPARISONS[known.type], asked);
    if (!comparison.ok) return comparison;
    return ok(
      leaf(
        (at) => comparisonSql(known.type, `(${known.sql(at.asOf)})`, comparison.value, at),
        (at) => `(${known.sql(at.asOf)})::text`,
      ),
    );
  },
};

const TierShape = z.strictObject({ in: keys });

export const tier: Source = {
  source: 'tier',
  about: 'the member is on one of these tiers',
  fields: () => [],
  read: (raw) => {
    const read = readShape(TierShape, raw);
    if (!read.ok) return read;
    return ok(
      leaf(
        ({ params }) => `m.tier_id = any(${params.add(read.value.in, 'text[]')})`,
        () => 'm.tier_id',
      ),
    );
  },
};

const TagShape = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['any', 'all', 'none']), tags: keys }),
]);

/** Tags as rows, and those that the profile came with. */
export const tag: Source = {
  source: 'tag',
  about: 'the member has any, all or none of these tags',
  fields: () => [],
  read: (raw) => {
    const read = readShape(TagShape, raw);
    if (!read.ok) return read;
    const { op, tags } = read.value;
    // A list that is hashed once, for a question asked of every member.
    const has = (list: string) =>
      `(m.data->'tags' ?| ${list} or m.member_id in (select member_id from member_tag where tag = any(${list})))`;
    return ok(
      leaf(
        ({ params }) => {
          if (op === 'all') return tags.map((one) => has(params.add([one], 'text[]'))).join(' and ');
          const any = has(params.add(tags, 'text[]'));
          return op === 'any' ? any : `not coalesce(${any}, false)`;
        },
        () =>
          `(select string_agg(tag, ', ' order by tag) from (
             select tag from member_tag t where t.member_id = m.member_id
             union select jsonb_array_elements_text(
               case jsonb_typeof(m.data->'tags') when 'array' then m.data->'tags' else '[]' end)) all_tags(tag))`,
      ),
    );
  },
};

const VALUE_TYPES: Readonly<Record<CustomField['type'], ValueType>> = {
  text: 'text',
  number: 'number',
  date: 'date',
  boolean: 'boolean',
  choice: 'text',
  choices: 'text',
};

/** A custom field, compared by its type and found by its index. Of `choices`, one that fits is enough. */
export const field: Source = {
  source: 'field',
  about: 'a custom field',
  fields: ({ customFields }) =>
    [...customFields.values()].map(({ id, type, options }) => ({
      name: id,
      type: VALUE_TYPES[type],
      ...(options.length === 0 ? {} : { options }),
    })),
  read: ({ field: id, ...asked }, { customFields }) => {
    const known = typeof id === 'string' ? customFields.get(id) : undefined;
    if (known === undefined) return unknown('.field', 'there is no such custom field');
    const type = VALUE_TYPES[known.type];
    const read = readShape(COMPARISONS[type], asked);
    if (!read.ok) return read;
    const strange = foreignOption(known, read.value);
    if (strange !== null) return err(strange);
    const column = `f.${type}_value`;
    const rows = (params: { add(value: string): string }) =>
      `from member_field f where f.member_id = m.member_id and f.field_id = ${params.add(known.id)}`;
    return ok(
      leaf(
        (at) => {
          const { op } = read.value;
          if (op === 'empty' || op === 'not_empty') {
            const exists = `exists (select 1 ${rows(at.params)} and not (${emptyValue(type, column)}))`;
            return op === 'empty' ? `not ${exists}` : exists;
          }
          const fits = comparisonSql(type, column, read.value, at);
          return `exists (select 1 ${rows(at.params)} and ${column} is not null and ${fits})`;
        },
        (at) => `(select string_agg(${column}::text, ', ' order by f.place) ${rows(at.params)})`,
      ),
    );
  },
};

function emptyValue(type: ValueType, column: string): string {
  return type === 'text' ? `coalesce(${column}, '') = ''` : `${column} is null`;
}

/** A value that a field of choices can never have is a mistake of whoever wrote the rule. */
function foreignOption({ type, options }: CustomField, asked: Comparison) {
  if (type !== 'choice' && type !== 'choices') return null;
  if (asked.op === 'contains' || asked.op === 'starts_with') return null;
  const values: readonly unknown[] = 'values' in asked ? asked.values : 'value' in asked ? [asked.value] : [];
  const at = values.findIndex((value) => !options.includes(String(value)));
  if (at < 0) return null;
  const path = 'values' in asked ? `.values[${at}]` : '.value';
  return { path, kind: 'unknown' as const, message: `one of ${options.join(', ')}` };
}

const ConsentShape = z.strictObject({ purpose: key, channel: key.optional(), granted: z.boolean() });

/** `granted: false` is who said no and who was never asked. */
export const consent: Source = {
  source: 'consent',
  about: 'the newest word on a purpose and channel',
  fields: () => [],
  read: (raw) => {
    const read = readShape(ConsentShape, raw);
    if (!read.ok) return read;
    const { purpose, channel, granted } = read.value;
    return ok(
      leaf(({ params }) => {
        const given = `exists (select 1 from member_consent c where c.member_id = m.member_id and c.granted
          and c.purpose = ${params.add(purpose)}
          ${channel === undefined ? '' : `and c.channel = ${params.add(channel)}`})`;
        return granted ? given : `not ${given}`;
      }),
    );
  },
};

const SegmentShape = z.strictObject({ segmentId: key });

export const frozen: Source = {
  source: 'segment',
  about: 'the member is in this frozen segment',
  fields: () => [],
  read: (raw) => {
    const read = readShape(SegmentShape, raw);
    if (!read.ok) return read;
    return ok(
      leaf(
        ({ params }) =>
          `exists (select 1 from segment_member g where g.member_id = m.member_id
             and g.segment_id = ${params.add(read.value.segmentId)})`,
      ),
    );
  },
};
