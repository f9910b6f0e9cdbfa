/**
 * Audiences: who a rule picks: how many, some of them, all of them page by page, and why one member is in or out.
 */
import { ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { readMembers } from '../members/store.ts';
import { refreshAudienceRows } from './audience-row.ts';
import type { At } from './comparison.ts';
import { Params } from './params.ts';
import { roomy } from './rollup.ts';
import {
  type CompiledRule,
  compileRule,
  groundSql,
  needsOf,
  nodeSql,
  type RuleNode,
  readRule,
} from './rule.ts';
import { currencyOf, WHOLE } from './scope.ts';
import { rfmThresholds } from './settings.ts';
import type { CustomField, RuleFacts, RuleProblem } from './source.ts';

export interface Audience {
  readonly rule: RuleNode;
  readonly facts: RuleFacts;
  /** `YYYY-MM-DD` */
  readonly asOf: string;
}

export interface AudienceMember {
  readonly memberId: string;
  readonly cardNo: string;
  readonly name: string;
  readonly tierId: string;
}

/** Reads a rule against what HQ knows now: thresholds, custom fields, currencies. */
export async function readAudience(
  db: Queryable,
  asked: { readonly rule: unknown; readonly currency: string | null; readonly asOf: string },
): Promise<Result<Audience, RuleProblem>> {
  const facts = await ruleFacts(db, asked.currency);
  const rule = readRule(asked.rule, facts);
  return rule.ok ? ok({ rule: rule.value, facts, asOf: asked.asOf }) : rule;
}

export async function ruleFacts(db: Queryable, wanted: string | null): Promise<RuleFacts> {
  const currency = await currencyOf(db, wanted, WHOLE);
  const fields = await db.query<CustomField>(
    'select field_id as id, name, type, options from custom_field where retired_at is null and not is_sensitive order by field_id',
  );
  return {
    thresholds: await rfmThresholds(db),
    currency: currency.ok ? currency.value : null,
    customFields: new Map(fields.map((field) => [field.id, field])),
  };
}

function compiled({ rule, facts, asOf }: Audience): CompiledRule {
  return compileRule(rule, facts, asOf);
}

export async function countAudience(db: Db, audience: Audience): Promise<number> {
  const { rule, facts, asOf } = audience;
  const rows = !needsOf(rule).has('profile') && facts.currency !== null;
  if (rows) await refreshAudienceRows(db, facts.currency);
  const sql = compileRule(rule, facts, asOf, rows ? 'rows' : 'tables');
  return db.transaction(async (tx) => {
    await roomy(tx);
    // A condition that picks more than the planner thinks would look up a hundred thousand members one by one.
    if (rows) await tx.query('set local enable_nestloop = off');
    const [row] = await tx.query<{ n: number }>(
      `${sql.with} select count(*) as n ${sql.from} where ${sql.where}`,
      sql.params.values,
    );
    return row!.n;
  });
}

/** Some members, spread over all of them; the same seed gives the same ones. */
export async function sampleAudience(
  db: Db,
  audience: Audience,
  facts: { readonly limit: number; readonly seed: string },
): Promise<AudienceMember[]> {
  const sql = compiled(audience);
  const [seed, limit] = [sql.params.add(facts.seed, 'text'), sql.params.add(facts.limit, 'int')];
  return rowsOf(
    db,
    sql,
    `where ${sql.where} order by md5(m.member_id || ${seed}), m.member_id limit ${limit}`,
  );
}

/** Members in the order of their ids, after one of them. */
export async function pageOfAudience(
  db: Db,
  audience: Audience,
  page: { readonly after: string | null; readonly limit: number },
): Promise<AudienceMember[]> {
  const sql = compiled(audience);
  const after = page.after === null ? 'true' : `m.member_id > ${sql.params.add(page.after, 'text')}`;
  const limit = sql.params.add(page.limit, 'int');
  return rowsOf(db, sql, `where ${sql.where} and ${after} order by m.member_id limit ${limit}`);
}

async function rowsOf(db: Db, sql: CompiledRule, tail: string): Promise<AudienceMember[]> {
  return db.transaction(async (tx) => {
    await roomy(tx);
    const rows = await tx.query<{ memberId: string; tierId: string }>(
      `${sql.with} select m.member_id as "memberId", m.tier_id as "tierId" ${sql.from} ${tail}`,
      sql.params.values,
    );
    const people = await readMembers(
      tx,
      rows.map(({ memberId }) => memberId),
    );
    return rows.map(({ memberId, tierId }) => {
      const profile = people.get(memberId)?.profile;
      return { memberId, tierId, cardNo: profile?.cards[0] ?? '', name: profile?.name ?? '' };
    });
  });
}

/** All of them by id, for a job that needs each. */
export async function memberIdsOf(db: Db, audience: Audience): Promise<string[]> {
  const sql = compiled(audience);
  return db.transaction(async (tx) => {
    await roomy(tx);
    const rows = await tx.query<{ id: string }>(
      `${sql.with} select m.member_id as id ${sql.from} where ${sql.where} order by 1`,
      sql.params.values,
    );
    return rows.map(({ id }) => id);
  });
}

/** Writes the members of an audience into `segment_member`. @returns how many */
export function freezeAudience(tx: Queryable, segmentId: string, audience: Audience): Promise<number> {
  return collectAudience(tx, { table: 'segment_member', segmentId, audience });
}

/** Adds the members of an audience to a table of (segment_id, member_id). @returns how many */
export async function collectAudience(
  tx: Queryable,
  facts: {
    readonly table: 'segment_member' | 'counted_segment';
    readonly segmentId: string;
    readonly audience: Audience;
  },
): Promise<number> {
  const { table, segmentId, audience } = facts;
  const sql = compiled(audience);
  const segment = sql.params.add(segmentId, 'text');
  await roomy(tx);
  const [row] = await tx.query<{ n: number }>(
    `with frozen as (
       insert into ${table} (segment_id, member_id)
       select ${segment}, member_id from (${sql.with} select m.member_id ${sql.from} where ${sql.where}) picked
       returning 1)
     select count(*) as n from frozen`,
    sql.params.values,
  );
  return row!.n;
}

// ---- reasons ----

export interface Reason {
  /** Place in the rule: `rule.all[1]`. */
  readonly path: string;
  readonly kind: RuleNode['kind'];
  readonly source: string | null;
  readonly holds: boolean;
  /** What the member has, where a word says it. */
  readonly actual: string | null;
  readonly of: readonly Reason[];
}

/** Why a member is in or out, node by node; null when there is no such member. */
export async function reasonsFor(
  db: Queryable,
  { rule, facts, asOf }: Audience,
  memberId: string,
): Promise<Reason | null> {
  const params = new Params();
  const at: At = { params, asOf: params.add(asOf, 'date'), one: true };
  const ground = groundSql(needsOf(rule), facts, params);
  const conditions = conditionsOf(rule);
  const columns = conditions.map(({ leaf }, index) => {
    const actual = leaf.actual === null ? 'null' : leaf.actual(at);
    return `coalesce((${leaf.sql(at)}), false) as h${index}, (${actual})::text as a${index}`;
  });
  const [row] = await db.query<Record<string, boolean | string | null>>(
    `${ground.with} select ${at.asOf} as as_of, ${columns.join(', ')} ${ground.from}
     where m.member_id = ${params.add(memberId, 'text')}`,
    params.values,
  );
  if (row === undefined) return null;
  const indexOf = new Map(conditions.map((condition, index) => [condition.path, index]));
  const reasonOf = (node: RuleNode): Reason => {
    const { path, kind } = node;
    if (node.kind === 'condition') {
      const index = indexOf.get(path)!;
      const holds = row[`h${index}`] === true;
      return { path, kind, source: node.source, holds, actual: row[`a${index}`] as string | null, of: [] };
    }
    const of = node.of.map(reasonOf);
    const holds =
      kind === 'not'
        ? !of[0]!.holds
        : kind === 'all'
          ? of.every((inner) => inner.holds)
          : of.some((inner) => inner.holds);
    return { path, kind, source: null, holds, actual: null, of };
  };
  return reasonOf(rule);
}

type Condition = Extract<RuleNode, { kind: 'condition' }>;

function conditionsOf(node: RuleNode): Condition[] {
  return node.kind === 'condition' ? [node] : node.of.flatMap(conditionsOf);
}

/** SQL that is true for members of an audience, for reports that hold two of them against each other. */
export function audienceSql(rule: RuleNode, at: At): string {
  return nodeSql(rule, at, true);
}
