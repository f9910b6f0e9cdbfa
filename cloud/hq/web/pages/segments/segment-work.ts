/**
 * What is done with saved segments: counting them, and giving all their members a coupon.
 */
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { IssueDone } from '../../../loyalty-schemas.ts';
import type { CountAnswer, SegmentPage } from '../../../segment-schemas.ts';
import { getJson, send } from '../../api/client.ts';
import { search } from '../../api/paths.ts';
import type { Sending } from '../../api/use-send.ts';
import type { Segment } from './saved-tab.tsx';

const PAGE = 1_000;

/** Sizes as of now, by segment; one that cannot be counted has none. */
export function useCounts(segments: readonly Segment[]): ReadonlyMap<string, number> {
  const [counts, setCounts] = useState<ReadonlyMap<string, number>>(new Map());
  const key = segments.map(({ id, revision, kind }) => `${id} ${revision} ${kind}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that a count hangs on
  useEffect(() => {
    let gone = false;
    void countEach(segments, (id, count) => {
      if (!gone) setCounts((known) => new Map(known).set(id, count));
    });
    return () => {
      gone = true;
    };
  }, [key]);
  return counts;
}

async function countEach(
  segments: readonly Segment[],
  tell: (id: string, count: number) => void,
): Promise<void> {
  // One after the other: a long list does not take HQ away from who sells.
  for (const segment of segments) {
    const count = await countOf(segment).catch(() => null);
    if (count !== null) tell(segment.id, count);
  }
}

async function countOf(segment: Segment): Promise<number> {
  const { rule, currency } = segment;
  const asked = segment.kind === 'frozen' ? { source: 'segment', segmentId: segment.id } : rule;
  const answer = await send<z.infer<typeof CountAnswer>>('POST', '/api/v1/segments/count', {
    rule: asked,
    currency,
    sample: 0,
  });
  return answer.members;
}

/** @returns null when HQ refused */
export async function issueToSegment(
  segmentId: string,
  {
    templateId,
    key,
    send: order,
  }: { readonly templateId: string; readonly key: string; readonly send: Sending['send'] },
): Promise<{ issued: number; skipped: number } | null> {
  const memberIds: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = search({ limit: PAGE, cursor: cursor ?? undefined });
    const page: z.infer<typeof SegmentPage> = await getJson(
      `/api/v1/segments/${encodeURIComponent(segmentId)}/members${query}`,
    );
    memberIds.push(...page.members.map(({ memberId }) => memberId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  if (memberIds.length === 0) return { issued: 0, skipped: 0 };
  const path = `/api/v1/coupon-templates/${encodeURIComponent(templateId)}/issues`;
  const done = await order<z.infer<typeof IssueDone>>('POST', path, { key, memberIds, each: 1 });
  return done === null ? null : { issued: done.issued, skipped: done.skipped.length };
}
