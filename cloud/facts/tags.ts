/**
 * Tags: what members are marked with, by whom and why. Written here alone.
 *
 * A row says which source set the tag: `manual`, `profile` (came with the profile), `import`, `rule:ID`. One tag may have
 * several sources; the member has it as long as one is left. Every change is kept in `tag_change`.
 */
import type { Queryable } from '../db/db.ts';

export const TAG_LENGTH_MAX = 100;

export interface TagMark {
  readonly memberId: string;
  readonly tag: string;
}

/** Who does it, why and when. */
export interface TagWord {
  readonly source: string;
  readonly by: string;
  readonly why: string;
  readonly atMs: number;
}

export interface MemberTag {
  readonly tag: string;
  readonly source: string;
  readonly by: string;
  readonly why: string;
  readonly atMs: number;
}

/** Sets tags; those that are set by this source already stay as they are. @returns how many are new */
export async function setTags(tx: Queryable, marks: readonly TagMark[], word: TagWord): Promise<number> {
  if (marks.length === 0) return 0;
  const [row] = await tx.query<{ n: number }>(
    `with asked as (select distinct member_id, tag from unnest($1::text[], $2::text[]) as a(member_id, tag)),
     fresh as (
       insert into member_tag (member_id, tag, source, origin_id, set_by, why, at)
       select member_id, tag, $3, member_id, $4, $5, to_timestamp($6::float8 / 1000) from asked a
       where not exists (select 1 from member_tag t where t.member_id = a.member_id and t.tag = a.tag and t.source = $3)
       order by member_id, tag
       on conflict do nothing
       returning member_id, tag),
     ${logSql('fresh', true)}
     select count(*) as n from fresh`,
    columnsOf(marks, word),
  );
  return row!.n;
}

/** Takes off what this source set. @returns how many members lost the word of it */
export async function unsetTags(tx: Queryable, marks: readonly TagMark[], word: TagWord): Promise<number> {
  if (marks.length === 0) return 0;
  const [row] = await tx.query<{ n: number }>(
    `with gone as (
       delete from member_tag t using (select distinct member_id, tag from unnest($1::text[], $2::text[]) as a(member_id, tag)) a
       where t.member_id = a.member_id and t.tag = a.tag and t.source = $3
       returning t.member_id, t.tag),
     ${logSql('(select distinct member_id, tag from gone)', false)}
     select count(*) as n from (select distinct member_id, tag from gone) g`,
    columnsOf(marks, word),
  );
  return row!.n;
}

function columnsOf(marks: readonly TagMark[], { source, by, why, atMs }: TagWord) {
  return [marks.map(({ memberId }) => memberId), marks.map(({ tag }) => tag), source, by, why, atMs];
}

/** The log gets a row a change; its id follows from what changed when, so it repeats exactly. */
function logSql(changed: string, isSet: boolean): string {
  return `logged as (
    insert into tag_change (member_id, change_id, origin_id, tag, source, is_set, set_by, why, at)
    select member_id, md5(concat_ws(chr(31), tag, $3::text, $6::text, '${isSet}')), member_id, tag, $3, ${isSet}, $4, $5,
      to_timestamp($6::float8 / 1000)
    from ${changed} c
    on conflict do nothing)`;
}

/** What profiles came with: each list replaces the one that the profile had before. */
export async function setProfileTags(
  tx: Queryable,
  rows: readonly { readonly memberId: string; readonly tags: readonly string[] }[],
  word: Omit<TagWord, 'source'>,
): Promise<void> {
  const marks = rows.flatMap(({ memberId, tags }) =>
    tags.filter((tag) => tag.trim() !== '').map((tag) => ({ memberId, tag })),
  );
  const before = await tx.query<{ memberId: string; tag: string }>(
    `select member_id as "memberId", tag from member_tag where source = 'profile' and member_id = any($1::text[])`,
    [rows.map(({ memberId }) => memberId)],
  );
  const keyOf = ({ memberId, tag }: TagMark) => `${memberId}\u0000${tag}`;
  const kept = new Set(marks.map(keyOf));
  await unsetTags(
    tx,
    before.filter((mark) => !kept.has(keyOf(mark))),
    { ...word, source: 'profile' },
  );
  await setTags(tx, marks, { ...word, source: 'profile' });
}

export async function tagsOf(db: Queryable, memberId: string): Promise<MemberTag[]> {
  return db.query<MemberTag>(
    `select tag, source, set_by as by, why, at as "atMs" from member_tag where member_id = $1
     order by tag, at, source`,
    [memberId],
  );
}

export interface TagCount {
  readonly tag: string;
  readonly members: number;
}

/** All tags in use, the most used first. */
export async function tagCounts(db: Queryable): Promise<TagCount[]> {
  return db.query<TagCount>(
    `select tag, count(distinct member_id) as members from member_tag group by tag order by members desc, tag limit 2000`,
  );
}

/** Takes off everything that a source set. */
export async function unsetAll(tx: Queryable, word: TagWord): Promise<number> {
  const marks = await tx.query<TagMark>(
    'select distinct member_id as "memberId", tag from member_tag where source = $1',
    [word.source],
  );
  return unsetTags(tx, marks, word);
}
