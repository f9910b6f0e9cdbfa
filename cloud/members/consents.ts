/**
 * Consents: what a member said, purpose by purpose and channel by channel, and what follows from it.
 *
 * `consent_entry` is every word with its time, channel, text version and source, only added. `member_consent` is what holds
 * now, and what segments and campaigns ask: the newest word. Of people who were merged only the words said since count as
 * one person's; of what they said before, a yes holds where each of them had said yes. So a merge never lets anybody be
 * written to who could not be written to before, not even on the other's phone.
 */
import type { Queryable } from '../db/db.ts';

export interface ConsentWord {
  readonly memberId: string;
  /** The same id again changes nothing. */
  readonly entryId: string;
  /** `membership`, `marketing`, `profiling` … */
  readonly purpose: string;
  /** What it is about: `sms`, `email`, `phone`, `wechat`, `post`, or where it was said: `till`. */
  readonly channel: string;
  readonly granted: boolean;
  readonly textVersion: string;
  readonly atMs: number;
  /** Who wrote it down: `till`, `hq`, `web`, `import`. */
  readonly source: string;
}

/** Adds words and settles what holds. */
export async function sayConsents(tx: Queryable, words: readonly ConsentWord[]): Promise<void> {
  if (words.length === 0) return;
  await tx.query(
    `insert into consent_entry (member_id, entry_id, purpose, channel, granted, text_version, at, source)
     select member_id, entry_id, purpose, channel, granted, version, to_timestamp(at / 1000), source
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::float8[], $8::text[])
       as w(member_id, entry_id, purpose, channel, granted, version, at, source)
     on conflict do nothing`,
    [
      words.map(({ memberId }) => memberId),
      words.map(({ entryId }) => entryId),
      words.map(({ purpose }) => purpose),
      words.map(({ channel }) => channel),
      words.map(({ granted }) => granted),
      words.map(({ textVersion }) => textVersion),
      words.map(({ atMs }) => atMs),
      words.map(({ source }) => source),
    ],
  );
  await settleConsents(
    tx,
    words.map(({ memberId }) => memberId),
  );
}

/**
 * Works out what holds for these members, from their words and from those of whoever was merged into them.
 *
 * `before` is each id's newest word until the last merge, `since` the newest of the one person after it.
 */
export async function settleConsents(tx: Queryable, memberIds: readonly string[]): Promise<void> {
  const ids = [[...new Set(memberIds)]];
  await tx.query('delete from member_consent where member_id = any($1::text[])', ids);
  await tx.query(
    `with person as (
       select m.member_id, (select max(a.at) from member_alias a where a.member_id = m.member_id) as merged_at
       from member m where m.member_id = any($1::text[])),
     part as (
       select member_id, member_id as part_id from person
       union all select a.member_id, a.alias_id from member_alias a join person using (member_id)),
     parts as (select member_id, count(*) as n from part group by member_id),
     before as (
       select distinct on (p.member_id, p.part_id, e.purpose, e.channel) p.member_id, p.part_id, e.purpose, e.channel,
         e.granted, e.text_version, e.at
       from part p join person o using (member_id) join consent_entry e on e.member_id = p.part_id
       where o.merged_at is null or e.at <= o.merged_at
       order by p.member_id, p.part_id, e.purpose, e.channel, e.at desc, e.granted, e.entry_id desc),
     joined as (
       select b.member_id, b.purpose, b.channel, bool_and(b.granted) and count(*) = max(n) as granted,
         (array_agg(b.text_version order by b.granted, b.at desc))[1] as text_version, max(b.at) as at
       from before b join parts using (member_id) group by b.member_id, b.purpose, b.channel),
     since as (
       select distinct on (e.member_id, e.purpose, e.channel) e.member_id, e.purpose, e.channel, e.granted, e.text_version, e.at
       from person o join consent_entry e using (member_id) where e.at > o.merged_at
       order by e.member_id, e.purpose, e.channel, e.at desc, e.granted, e.entry_id desc)
     insert into member_consent (member_id, purpose, channel, granted, text_version, at)
     select member_id, purpose, channel, granted, text_version, at from since
     union all
     select * from joined j where not exists (select 1 from since s
       where s.member_id = j.member_id and s.purpose = j.purpose and s.channel = j.channel)`,
    ids,
  );
}

/** Every word of a member and of whoever was merged into it, oldest first. */
export async function consentWords(db: Queryable, memberId: string): Promise<ConsentWord[]> {
  return db.query<ConsentWord>(
    `select member_id as "memberId", entry_id as "entryId", purpose, channel, granted, text_version as "textVersion",
       at as "atMs", source
     from consent_entry where member_id = $1 or member_id in (select alias_id from member_alias where member_id = $1)
     order by at, entry_id`,
    [memberId],
  );
}
