/** Stores, members and facts about them for tests of figures, put straight into HQ's tables. */
import type { Queryable } from '../../cloud/db/db.ts';
import { EMPTY_PROFILE } from '../../cloud/members/profile.ts';
import { writeMembers } from '../../cloud/members/store.ts';

export async function insertStores(
  db: Queryable,
  stores: readonly { readonly id: string; readonly region?: string; readonly currency?: string }[],
): Promise<void> {
  for (const { id, region, currency = 'CNY' } of stores) {
    const data = { id, currency: { code: currency }, ...(region === undefined ? {} : { region }) };
    await db.query('insert into store values ($1, $2::jsonb, now())', [id, JSON.stringify(data)]);
  }
}

export interface MemberFacts {
  readonly id: string;
  readonly tierId?: string;
  readonly name?: string;
  readonly phone?: string | null;
  readonly data?: object;
}

export async function insertMembers(db: Queryable, members: readonly MemberFacts[]): Promise<void> {
  const tiers = [...new Set(members.map(({ tierId }) => tierId ?? 'base'))];
  await db.query(`insert into tier select t, '{}', now() from unnest($1::text[]) t on conflict do nothing`, [
    tiers,
  ]);
  await writeMembers(
    db,
    members.map(({ id, tierId, name, phone }) => ({
      id,
      tierId: tierId ?? 'base',
      profile: {
        ...EMPTY_PROFILE,
        name: name ?? `Name ${id}`,
        cards: [`C-${id}`],
        phones: phone == null ? [] : [phone],
      },
      stamps: {},
      own: null,
      revision: 1,
    })),
    0,
  );
  // Facts of any kind, also such as no profile would hold.
  await db.query(
    `update member m set data = m.data || f.data from unnest($1::text[], $2::jsonb[]) as f(id, data) where m.member_id = f.id`,
    [members.map(({ id }) => id), members.map(({ data }) => JSON.stringify(data ?? {}))],
  );
}
