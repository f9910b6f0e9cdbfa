/**
 * Segments at the tills: who is in the segments that the published rules ask for, so that a rule for a segment prices
 * offline.
 *
 * A till gets `member_segments` rows, one a member, as of the last count: when rules are published, when a segment changes,
 * and with the daily refresh. Only members whose segments changed are told again. Segments that no rule asks for stay at HQ.
 */
import type { RuleSet } from '../../src/core/promotion.ts';
import { currentRuleSet } from '../catalog/rules.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type FeedChange, publish } from '../feed/feed.ts';
import { collectAudience } from './audience.ts';
import { type Now, segmentAudience, segmentById } from './segments.ts';
import type { RuleProblem } from './source.ts';

/** Feed rows written by one statement. */
const ROWS_MAX = 5_000;
/** Two counts at once would tell the older one last. */
const COUNT_LOCK = 4_600_130;

export interface SegmentsTold {
  /** Segments that the rules ask for and HQ has. */
  readonly segments: number;
  /** Members whose segments at the tills changed. */
  readonly members: number;
  /** What cannot be counted keeps nobody: a rule for it applies to no one until it is mended. */
  readonly failed: readonly {
    readonly segmentId: string;
    readonly problem: RuleProblem | 'unknown_segment';
  }[];
}

export async function tellSegments(db: Db, now: Now): Promise<SegmentsTold> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [COUNT_LOCK]);
    const wanted = segmentsAskedFor(await currentRuleSet(tx));
    const failed: SegmentsTold['failed'][number][] = [];
    await tx.query('create temporary table counted_segment (segment_id text, member_id text) on commit drop');
    for (const segmentId of wanted) {
      const segment = await segmentById(tx, segmentId);
      const audience = segment === null ? null : await segmentAudience(tx, segment, now.today);
      if (audience === null) failed.push({ segmentId, problem: 'unknown_segment' });
      else if (!audience.ok) failed.push({ segmentId, problem: audience.error });
      else await collectAudience(tx, { table: 'counted_segment', segmentId, audience: audience.value });
    }
    return { segments: wanted.length - failed.length, members: await tellChanges(tx), failed };
  });
}

function segmentsAskedFor(set: RuleSet | null): string[] {
  const ids = (set?.rules ?? []).flatMap(({ audience }) => audience?.segments ?? []);
  return [...new Set(ids)].sort();
}

interface Change {
  readonly memberId: string;
  /** null: in none any more. */
  readonly segments: readonly string[] | null;
}

async function tellChanges(tx: Queryable): Promise<number> {
  const changes = await tx.query<Change>(
    `with counted as (
       select member_id, array_agg(segment_id order by segment_id) as segment_ids from counted_segment group by member_id)
     select coalesce(c.member_id, t.member_id) as "memberId", c.segment_ids as segments
     from counted c full join till_segment t using (member_id)
     where c.segment_ids is distinct from t.segment_ids order by 1`,
  );
  for (let from = 0; from < changes.length; from += ROWS_MAX) {
    const some = changes.slice(from, from + ROWS_MAX);
    await keep(tx, some);
    await publish(
      tx,
      some.map(({ memberId, segments }): FeedChange => {
        const data = segments === null ? null : { memberId, segments };
        return { kind: 'member_segments', key: memberId, storeId: null, data };
      }),
    );
  }
  return changes.length;
}

async function keep(tx: Queryable, changes: readonly Change[]): Promise<void> {
  await tx.query('delete from till_segment where member_id = any($1::text[])', [
    changes.map(({ memberId }) => memberId),
  ]);
  const kept = changes.filter(({ segments }) => segments !== null);
  await tx.query(
    `insert into till_segment (member_id, segment_ids)
     select member_id, array(select jsonb_array_elements_text(ids)) from unnest($1::text[], $2::jsonb[]) as r(member_id, ids)`,
    [kept.map(({ memberId }) => memberId), kept.map(({ segments }) => JSON.stringify(segments))],
  );
}
