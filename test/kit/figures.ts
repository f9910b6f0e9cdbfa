/** Stores, members and facts about them for tests of figures, put straight into HQ's tables. */
import type { Queryable } from '../../cloud/db/db.ts';

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
  await db.query(
    `insert into member (member_id, card_no, name, phone, tier_id, data, updated_at)
     select *, now() from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])`,
    [
      members.map(({ id }) => id),
      members.map(({ id }) => `C-${id}`),
      members.map(({ id, name }) => name ?? `Name ${id}`),
      members.map(({ phone }) => phone ?? null),
      members.map(({ tierId }) => tierId ?? 'base'),
      members.map(({ data }) => JSON.stringify(data ?? {})),
    ],
  );
}
