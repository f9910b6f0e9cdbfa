/** Whom an id means by now: the member itself, or the one that it became by a merge or a known phone. */
import type { Queryable } from '../db/db.ts';

/** @returns the ids that are known, with the member that each means; one that is not in it is nobody's */
export async function membersMeant(db: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; memberId: string }>(
    `select a.id, m.member_id as "memberId" from (select distinct id from unnest($1::text[]) id) a
     left join member_alias l on l.alias_id = a.id
     join member m on m.member_id = coalesce(l.member_id, a.id)`,
    [ids],
  );
  return new Map(rows.map(({ id, memberId }) => [id, memberId]));
}

export async function memberMeant(db: Queryable, id: string): Promise<string | null> {
  return (await membersMeant(db, [id])).get(id) ?? null;
}
