/**
 * Who may be one person twice: members that share a phone, a mail, or name and birthday, with a score and its reasons.
 *
 * The blind indexes find the pairs; the profiles of those alone are opened to look at the names.
 */
import type { Db, Queryable } from '../db/db.ts';
import { readMembers, type StoredMember } from '../members/store.ts';

export type DuplicateReason = 'phone' | 'mail' | 'name_birthday' | 'name' | 'household' | 'other_birthday';

export interface Duplicate {
  /** The smaller id first. */
  readonly one: StoredMember;
  readonly other: StoredMember;
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly DuplicateReason[];
}

/** What a reason adds to the score. Families share phones: a phone alone is a question, with the name it is an answer. */
const WEIGHTS: Readonly<Record<DuplicateReason, number>> = {
  phone: 45,
  mail: 45,
  name_birthday: 50,
  name: 40,
  household: 10,
  other_birthday: -40,
};

/** More members behind one number are a mistake of a list (a shop's own phone), not one person. */
const SHARERS_MAX = 10;

/**
 * @param asked `memberId`: of this one alone; `after`: the pair that a page ended with
 * @returns pairs by their ids, from `scoreMin` on
 */
export async function duplicates(
  db: Queryable,
  asked: {
    readonly memberId?: string | undefined;
    readonly after?: { readonly oneId: string; readonly otherId: string } | undefined;
    readonly scoreMin: number;
    readonly limit: number;
  },
): Promise<{
  readonly pairs: readonly Duplicate[];
  /** Where the next page goes on; null at the end. */
  readonly next: { readonly oneId: string; readonly otherId: string } | null;
}> {
  const rows = await db.query<{ oneId: string; otherId: string; kinds: DuplicateReason[] }>(
    `with shared as (
       select kind, blind from member_lookup
       where kind <> 'card' ${asked.memberId === undefined ? '' : `and (kind, blind) in (select kind, blind from member_lookup where member_id = $4)`}
       group by kind, blind having count(*) between 2 and ${SHARERS_MAX})
     select a.member_id as "oneId", b.member_id as "otherId", array_agg(distinct a.kind) as kinds
     from shared join member_lookup a using (kind, blind) join member_lookup b using (kind, blind)
     where a.member_id < b.member_id and (a.member_id, b.member_id) > ($1, $2)
       ${asked.memberId === undefined ? '' : 'and $4 in (a.member_id, b.member_id)'}
       and not exists (select 1 from member_distinct d where d.one_id = a.member_id and d.other_id = b.member_id)
     group by a.member_id, b.member_id order by a.member_id, b.member_id limit $3`,
    [
      asked.after?.oneId ?? '',
      asked.after?.otherId ?? '',
      asked.limit + 1,
      ...(asked.memberId === undefined ? [] : [asked.memberId]),
    ],
  );
  const page = rows.slice(0, asked.limit);
  const members = await readMembers(
    db,
    page.flatMap(({ oneId, otherId }) => [oneId, otherId]),
  );
  const pairs = page.flatMap(({ oneId, otherId, kinds }): Duplicate[] => {
    const [one, other] = [members.get(oneId), members.get(otherId)];
    if (one === undefined || other === undefined) return [];
    const reasons = reasonsOf(one, other, kinds);
    const score = Math.max(
      0,
      Math.min(
        100,
        reasons.reduce((sum, reason) => sum + WEIGHTS[reason], 0),
      ),
    );
    return score < asked.scoreMin ? [] : [{ one, other, score, reasons }];
  });
  const last = rows.length > asked.limit ? page.at(-1)! : null;
  return { pairs, next: last === null ? null : { oneId: last.oneId, otherId: last.otherId } };
}

function reasonsOf(
  one: StoredMember,
  other: StoredMember,
  kinds: readonly DuplicateReason[],
): DuplicateReason[] {
  const [a, b] = [one.profile, other.profile];
  const plain = (name: string) =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
  const sameName = plain(a.name) !== '' && plain(a.name) === plain(b.name);
  const days = a.birthday !== null && b.birthday !== null;
  return [
    ...kinds,
    ...(sameName && !kinds.includes('name_birthday') ? (['name'] as const) : []),
    ...(a.householdId !== null && a.householdId === b.householdId ? (['household'] as const) : []),
    ...(days && a.birthday!.slice(-5) !== b.birthday!.slice(-5) ? (['other_birthday'] as const) : []),
  ];
}

/** Somebody looked: these are two people. Said again it changes nothing. */
export async function keepApart(
  db: Db,
  pair: { readonly oneId: string; readonly otherId: string; readonly author: string | null },
  nowMs: number,
): Promise<void> {
  const [oneId, otherId] = [pair.oneId, pair.otherId].sort() as [string, string];
  await db.query(
    `insert into member_distinct (one_id, other_id, at, author) values ($1, $2, to_timestamp($3::float8 / 1000), $4)
     on conflict do nothing`,
    [oneId, otherId, nowMs, pair.author],
  );
}
