/**
 * Conditions about who a member is: profile, tier, tags, custom fields, consents, and other segments that are frozen.
 */
import { z } from 'zod';
import { err, ok } from '../../src/core/result.ts';
import { COMPARISONS, type Comparison, comparisonSql, type ValueType } from './comparison.ts';
import { PROFILE_FIELDS } from './profile-sql.ts';
import { type CustomField, type Leaf, memberAmong, readShape, type Source, unknown } from './source.ts';

const key = z.string().min(1).max(200);
const keys = z.array(key).min(1).max(1_000);

const leaf = (sql: Leaf['sql'], actual: Leaf['actual'] = null, needs: Leaf['needs'] = []): Leaf => ({
  needs,
  sql,
  actual,
});

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
        known.inRow ? [] : ['profile'],
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

export const tag: Source = {
  source: 'tag',
  about: 'the member has any, all or none of these tags',
  fields: () => [],
  read: (raw) => {
    const read = readShape(TagShape, raw);
    if (!read.ok) return read;
    const { op, tags } = read.value;
    return ok(
      leaf(
        (at) => {
          const has = (list: readonly string[]) =>
            memberAmong(`member_tag e where e.tag = any(${at.params.add(list, 'text[]')})`, at);
          if (op === 'all') return tags.map((one) => has([one])).join(' and ');
          return op === 'any' ? has(tags) : `not ${has(tags)}`;
        },
        () =>
          `(select string_agg(distinct t.tag, ', ' order by t.tag) from member_tag t where t.member_id = m.member_id)`,
      ),
    );
  },
};

const VALUE_TYPES: Readonly<Record<CustomField['type'], ValueType>> = {
  text: 'text',
  number: 'number',
  /** Minor units. */
  money: 'number',
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
    const column = `e.${type}_value`;
    return ok(
      leaf(
        (at) => {
          const { op } = read.value;
          const rows = `member_field e where e.field_id = ${at.params.add(known.id)} and ${column} is not null`;
          if (op === 'empty' || op === 'not_empty') {
            const has = memberAmong(type === 'text' ? `${rows} and ${column} <> ''` : rows, at);
            return op === 'empty' ? `not ${has}` : has;
          }
          return memberAmong(`${rows} and ${comparisonSql(type, column, read.value, at)}`, at);
        },
        (at) => `(select string_agg(${column}::text, ', ' order by e.place) from member_field e
          where e.member_id = m.member_id and e.field_id = ${at.params.add(known.id)})`,
      ),
    );
  },
};

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
      leaf((at) => {
        const rows = `member_consent e where e.granted and e.purpose = ${at.params.add(purpose)}`;
        const given = memberAmong(
          channel === undefined ? rows : `${rows} and e.channel = ${at.params.add(channel)}`,
          at,
        );
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
      leaf((at) =>
        memberAmong(`segment_member e where e.segment_id = ${at.params.add(read.value.segmentId)}`, at),
      ),
    );
  },
};
