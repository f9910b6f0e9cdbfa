/**
 * The ids that are one person, and the profile that follows from theirs.
 */
import type { Queryable } from '../db/db.ts';
import { foldProfiles, type MergedProfile, type StampedProfile } from '../members/profile.ts';
import { readMembers } from '../members/store.ts';
import { open, seal } from '../vault/cipher.ts';
import { keysOf, makeKeys } from '../vault/keys.ts';

const OWN = 'merged';

export async function sealOwn(
  tx: Queryable,
  memberId: string,
  { profile, stamps }: StampedProfile,
): Promise<string> {
  const key = (await makeKeys(tx, [memberId])).get(memberId)!;
  return seal(key, { holderId: memberId, what: OWN }, JSON.stringify({ profile, stamps }));
}

/** A member and everybody merged into it, directly or through another; itself first. */
export async function familyOf(tx: Queryable, rootId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with recursive family as (
       select $1::text as id, 0 as depth
       union all select m.member_id, f.depth + 1 from family f join member_merge m on m.parent_id = f.id)
     select id from family order by depth, id`,
    [rootId],
  );
  return rows.map(({ id }) => id);
}

/** The profile of a member with all that was merged into it. */
export async function foldFamily(
  tx: Queryable,
  rootId: string,
  own: StampedProfile,
): Promise<StampedProfile> {
  return foldProfiles(own, [...(await mergedInto(tx, rootId)).values()]);
}

/** Profiles that were merged into a member, the oldest merge first. */
export async function mergedInto(tx: Queryable, rootId: string): Promise<Map<string, MergedProfile>> {
  const family = (await familyOf(tx, rootId)).slice(1);
  const rows = await tx.query<{ id: string; at: number; sealed: string }>(
    `select member_id as id, at, own_sealed as sealed from member_merge
     where member_id = any($1::text[]) and own_sealed is not null order by at, member_id`,
    [family],
  );
  const keys = await keysOf(
    tx,
    rows.map(({ id }) => id),
  );
  return new Map(
    rows.flatMap(({ id, at, sealed }) => {
      const key = keys.get(id);
      if (key === undefined) return [];
      const own = JSON.parse(open(key, { holderId: id, what: OWN }, sealed)) as StampedProfile;
      return [[id, { ...own, mergedAtMs: at }]];
    }),
  );
}

/** Birthdays of all who were ever one person with this member, its own before a merge too; null: of one who has none. */
export async function kinBirthdays(tx: Queryable, memberId: string): Promise<(string | null)[]> {
  const kin = await tx.query<{ id: string }>(
    `select distinct id from member_merge_log l cross join lateral unnest(array[l.member_id, l.into_id]) as id
     where l.member_id = $1 or l.into_id = $1 order by id`,
    [memberId],
  );
  if (kin.length === 0) return [];
  const living = await readMembers(
    tx,
    kin.map(({ id }) => id),
  );
  const gone = await mergedInto(tx, memberId);
  const owns = [...living.values()].flatMap(({ own, profile }) => [profile, own?.profile ?? profile]);
  const all = [...owns, ...[...gone.values()].map(({ profile }) => profile)];
  return [...new Set(all.map(({ birthday }) => birthday))];
}
