/**
 * Tags by segments: who is in a saved segment gets the tag of its rule, who left it loses it unless the rule keeps it.
 */
import type { Db } from '../db/db.ts';
import { listTagRules, sourceOfRule } from '../facts/tag-rules.ts';
import { setTags, type TagMark, unsetTags } from '../facts/tags.ts';
import { memberIdsOf } from './audience.ts';
import { type Now, segmentAudience, segmentById } from './segments.ts';

export interface TagsRefreshed {
  readonly set: number;
  readonly unset: number;
  /** Rules whose segment is gone or does not hold any more: their tags stay as they are. */
  readonly failed: readonly { readonly ruleId: string; readonly message: string }[];
}

/** The daily job, and after a rule was changed. Each rule is one transaction. */
export async function refreshSegmentTags(db: Db, now: Now): Promise<TagsRefreshed> {
  const failed: { ruleId: string; message: string }[] = [];
  let [set, unset] = [0, 0];
  for (const { id, name, tag, cause, active } of await listTagRules(db)) {
    if (!active || cause.kind !== 'segment') continue;
    const segment = await segmentById(db, cause.segmentId);
    if (segment === null) {
      failed.push({ ruleId: id, message: 'its segment is gone' });
      continue;
    }
    const audience = await segmentAudience(db, segment, now.today);
    if (!audience.ok) {
      failed.push({ ruleId: id, message: `${audience.error.path}: ${audience.error.message}` });
      continue;
    }
    const inside = await memberIdsOf(db, audience.value);
    const word = { source: sourceOfRule(id), by: 'rule', why: name, atMs: now.atMs };
    await db.transaction(async (tx) => {
      const had = await tx.query<TagMark>(
        'select distinct member_id as "memberId", tag from member_tag where source = $1',
        [word.source],
      );
      const still = new Set(inside);
      if (!cause.keep)
        unset += await unsetTags(
          tx,
          had.filter(({ memberId }) => !still.has(memberId)),
          word,
        );
      const known = new Set(had.map(({ memberId }) => memberId));
      const marks = inside.filter((memberId) => !known.has(memberId)).map((memberId) => ({ memberId, tag }));
      set += await setTags(tx, marks, word);
    });
  }
  return { set, unset, failed };
}
