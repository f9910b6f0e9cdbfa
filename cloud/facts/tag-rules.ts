/**
 * Tag rules: what sets tags by itself. An event does it at once (a click on a theme sets the theme's tag, and no tag is there
 * without the click); being in a saved segment does it when segments are refreshed (`cloud/segments/segment-tags`).
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { setTags, TAG_LENGTH_MAX, unsetAll } from './tags.ts';

export type TagCause =
  | { readonly kind: 'event'; readonly kinds: readonly string[]; readonly subjects: readonly string[] | null }
  /** `keep`: the tag stays when the member leaves the segment. */
  | { readonly kind: 'segment'; readonly segmentId: string; readonly keep: boolean };

export interface TagRuleDraft {
  readonly name: string;
  /** `{subject}` in it is what the event was about. */
  readonly tag: string;
  readonly cause: TagCause;
  readonly active: boolean;
}

export interface TagRule extends TagRuleDraft {
  readonly id: string;
  readonly revision: number;
  readonly changedBy: string;
  readonly updatedAtMs: number;
}

export type TagRuleError =
  | { readonly kind: 'unknown_rule' }
  | { readonly kind: 'name_taken' }
  | { readonly kind: 'changed'; readonly revision: number }
  | { readonly kind: 'rule'; readonly path: string; readonly message: string };

const COLUMNS = `rule_id as id, name, tag, cause, is_active as active, revision, changed_by as "changedBy", updated_at as "updatedAtMs"`;
const SUBJECT = '{subject}';

export async function listTagRules(db: Queryable): Promise<TagRule[]> {
  return db.query<TagRule>(`select ${COLUMNS} from tag_rule order by name`);
}

export function sourceOfRule(ruleId: string): string {
  return `rule:${ruleId}`;
}

/** @param revision of the one that was read; null for a new rule */
export async function putTagRule(
  db: Db,
  id: string,
  revision: number | null,
  draft: TagRuleDraft,
  word: { readonly by: string; readonly atMs: number },
): Promise<Result<TagRule, TagRuleError>> {
  return db.transaction(async (tx): Promise<Result<TagRule, TagRuleError>> => {
    const problem = await draftProblem(tx, draft);
    if (problem !== null) return err(problem);
    const [known] = await tx.query<TagRule>(`select ${COLUMNS} from tag_rule where rule_id = $1 for update`, [
      id,
    ]);
    if (revision !== null && known === undefined) return err({ kind: 'unknown_rule' });
    if (known !== undefined && known.revision !== revision)
      return err({ kind: 'changed', revision: known.revision });
    const others = await tx.query('select 1 from tag_rule where name = $1 and rule_id <> $2', [
      draft.name,
      id,
    ]);
    if (others.length > 0) return err({ kind: 'name_taken' });
    // A rule that sets another tag from now on lets go of those it set before.
    if (known !== undefined && (known.tag !== draft.tag || known.cause.kind !== draft.cause.kind))
      await unsetAll(tx, { source: sourceOfRule(id), why: `rule ${draft.name} was changed`, ...word });
    const [row] = await tx.query<TagRule>(
      `insert into tag_rule as r (rule_id, name, tag, cause, is_active, revision, changed_by, updated_at)
       values ($1, $2, $3, $4::jsonb, $5, 1, $6, to_timestamp($7::float8 / 1000))
       on conflict (rule_id) do update set name = excluded.name, tag = excluded.tag, cause = excluded.cause,
         is_active = excluded.is_active, revision = r.revision + 1, changed_by = excluded.changed_by, updated_at = excluded.updated_at
       returning ${COLUMNS}`,
      [id, draft.name, draft.tag, JSON.stringify(draft.cause), draft.active, word.by, word.atMs],
    );
    return ok(row!);
  });
}

async function draftProblem(tx: Queryable, { tag, cause }: TagRuleDraft): Promise<TagRuleError | null> {
  if (cause.kind === 'event') return null;
  if (tag.includes(SUBJECT))
    return { kind: 'rule', path: 'tag', message: `${SUBJECT} is of events: a segment has no subject` };
  const known = await tx.query('select 1 from segment where segment_id = $1', [cause.segmentId]);
  return known.length > 0
    ? null
    : { kind: 'rule', path: 'cause.segmentId', message: 'there is no such segment' };
}

/** Drops a rule and the tags that it set. */
export async function dropTagRule(
  tx: Queryable,
  id: string,
  word: { readonly by: string; readonly atMs: number },
): Promise<boolean> {
  const [gone] = await tx.query<{ name: string }>('delete from tag_rule where rule_id = $1 returning name', [
    id,
  ]);
  if (gone === undefined) return false;
  await unsetAll(tx, { source: sourceOfRule(id), why: `rule ${gone.name} was dropped`, ...word });
  return true;
}

/** Tags by events that were just stored. @returns how many tags are new */
export async function tagByEvents(
  tx: Queryable,
  events: readonly { readonly memberId: string; readonly kind: string; readonly subject: string }[],
  nowMs: number,
): Promise<number> {
  if (events.length === 0) return 0;
  const rules = await tx.query<TagRule>(
    `select ${COLUMNS} from tag_rule where is_active and cause->>'kind' = 'event' order by rule_id`,
  );
  let tagged = 0;
  for (const { id, name, tag, cause } of rules) {
    if (cause.kind !== 'event') continue;
    const marks = events
      .filter(
        ({ kind, subject }) =>
          cause.kinds.includes(kind) && (cause.subjects === null || cause.subjects.includes(subject)),
      )
      .map(({ memberId, subject }) => ({
        memberId,
        tag: tag.replaceAll(SUBJECT, subject).slice(0, TAG_LENGTH_MAX),
      }));
    tagged += await setTags(tx, marks, { source: sourceOfRule(id), by: 'rule', why: name, atMs: nowMs });
  }
  return tagged;
}
