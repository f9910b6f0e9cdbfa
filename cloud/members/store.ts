/**
 * Members on disk: `member` (what segments ask for), `member_person` (who it is, sealed), `member_lookup` (the ways in), and
 * the feed row that tills copy. The only writer of the first three.
 *
 * One path: whoever changes a member reads it locked, decides on the value, and writes it whole; the four go together in one
 * transaction. Feed rows are sealed as well (cloud/feed), so nothing at rest names anybody, and a shredded key takes all.
 */
import { assert } from '../../src/core/assert.ts';
import type { Member } from '../../src/core/loyalty.ts';
import type { Queryable } from '../db/db.ts';
import { setProfileTags } from '../facts/tags.ts';
import { type FeedChange, publish } from '../feed/feed.ts';
import { initialsOf } from '../feed/initials.ts';
import { announce } from '../outbox/outbox.ts';
import { open, seal } from '../vault/cipher.ts';
import { keysOf, makeKeys } from '../vault/keys.ts';
import { vaultOf } from '../vault/vault.ts';
import { blindsOf, homeRegion, nameBuckets } from './lookup.ts';
import {
  EMPTY_PROFILE,
  FACT_FIELDS,
  type Profile,
  SEALED_FIELDS,
  type StampedProfile,
  type Stamps,
} from './profile.ts';

export interface StoredMember extends StampedProfile {
  readonly id: string;
  readonly tierId: string;
  /** Of a member that others were merged into: what was said of this one alone. */
  readonly own: StampedProfile | null;
  /** Goes up with each write. 0: not written yet. */
  readonly revision: number;
  readonly updatedAtMs: number;
}

const PERSON = 'person';

interface Row {
  readonly id: string;
  readonly tierId: string;
  readonly data: Partial<Profile>;
  readonly sealed: string;
  readonly stamps: Stamps;
  readonly revision: number;
  readonly updatedAtMs: number;
}

/**
 * Members by id; ids that are nobody's (any more) are not in it.
 *
 * @param lock their rows, in one order everywhere, until the transaction ends
 */
export async function readMembers(
  tx: Queryable,
  ids: readonly string[],
  lock = false,
): Promise<Map<string, StoredMember>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<Row>(
    `select m.member_id as id, m.tier_id as "tierId", m.data, p.sealed, p.stamps, p.revision, m.updated_at as "updatedAtMs"
     from member m join member_person p using (member_id) where m.member_id = any($1::text[])
     order by m.member_id ${lock ? 'for update of m' : ''}`,
    [ids],
  );
  const keys = await keysOf(
    tx,
    rows.map(({ id }) => id),
  );
  return new Map(
    rows.flatMap(({ data, sealed, ...row }) => {
      const key = keys.get(row.id);
      // Erased between the two statements.
      if (key === undefined) return [];
      const { own = null, ...person } = JSON.parse(
        open(key, { holderId: row.id, what: PERSON }, sealed),
      ) as Partial<Profile> & {
        own?: StampedProfile;
      };
      return [[row.id, { ...row, own, profile: { ...EMPTY_PROFILE, ...factsIn(data), ...person } }]];
    }),
  );
}

function factsIn(data: Partial<Profile>): Partial<Profile> {
  return Object.fromEntries(FACT_FIELDS.flatMap((field) => (field in data ? [[field, data[field]]] : [])));
}

export interface MemberWrite extends StampedProfile {
  readonly id: string;
  readonly tierId: string;
  readonly own: StampedProfile | null;
  readonly revision: number;
}

/** Writes members whole and tells the tills. */
export async function writeMembers(
  tx: Queryable,
  writes: readonly MemberWrite[],
  atMs: number,
): Promise<void> {
  if (writes.length === 0) return;
  const vault = vaultOf(tx);
  const ids = writes.map(({ id }) => id);
  assert(new Set(ids).size === ids.length, 'a member is written once at a time');
  const keys = await makeKeys(tx, ids);
  const home = await homeRegion(tx);
  await tx.query(
    `insert into member (member_id, tier_id, data, updated_at)
     select id, tier_id, data, to_timestamp($4::float8 / 1000) from unnest($1::text[], $2::text[], $3::jsonb[]) as r(id, tier_id, data)
     order by id
     on conflict (member_id) do update set tier_id = excluded.tier_id, data = excluded.data, updated_at = excluded.updated_at`,
    [ids, writes.map(({ tierId }) => tierId), writes.map(({ profile }) => factsOf(profile)), atMs],
  );
  await tx.query(
    `insert into member_person (member_id, revision, sealed, stamps, name_terms)
     select id, revision, sealed, stamps, terms::int[]
     from unnest($1::text[], $2::int[], $3::text[], $4::jsonb[], $5::text[]) as r(id, revision, sealed, stamps, terms)
     on conflict (member_id) do update set revision = excluded.revision, sealed = excluded.sealed, stamps = excluded.stamps,
       name_terms = excluded.name_terms`,
    [
      ids,
      writes.map(({ revision }) => revision),
      writes.map(({ id, profile, own }) =>
        seal(keys.get(id)!, { holderId: id, what: PERSON }, sealedText(profile, own)),
      ),
      writes.map(({ stamps }) => JSON.stringify(stamps)),
      writes.map(
        ({ profile }) => `{${nameBuckets(vault, profile.name, initialsOf(profile.name)).join(',')}}`,
      ),
    ],
  );
  await tx.query('delete from member_lookup where member_id = any($1::text[])', [ids]);
  const blinds = writes.flatMap(({ id, profile }) =>
    blindsOf(vault, profile, home).map((each) => ({ ...each, id })),
  );
  await tx.query(
    `insert into member_lookup (kind, blind, member_id)
     select * from unnest($1::text[], $2::text[], $3::text[])`,
    [blinds.map(({ kind }) => kind), blinds.map(({ blind }) => blind), blinds.map(({ id }) => id)],
  );
  await setProfileTags(
    tx,
    writes.map(({ id, profile }) => ({ memberId: id, tags: profile.tags })),
    { by: 'hq', why: '', atMs },
  );
  await publish(tx, writes.map(memberFeed));
  await announce(
    tx,
    writes.map(({ id, revision }) => ({
      kind: revision === 1 ? 'member.created' : 'member.changed',
      storeId: null,
      data: { memberId: id },
    })),
    atMs,
  );
}

/** What a till is told. */
export function memberFeed(member: Pick<StoredMember, 'id' | 'tierId' | 'profile'>): FeedChange {
  const { name, cards, birthday, tags, homeStoreId } = member.profile;
  const more = cards.slice(1);
  const data = {
    ...memberOf(member),
    initials: initialsOf(name),
    ...(more.length === 0 ? {} : { moreCards: more }),
    ...(birthday === null ? {} : { birthday }),
    ...(homeStoreId === null ? {} : { homeStoreId }),
    tags,
  };
  return { kind: 'member', key: member.id, storeId: null, data };
}

/** The member as core knows one. */
export function memberOf({ id, tierId, profile }: Pick<StoredMember, 'id' | 'tierId' | 'profile'>): Member {
  const { name, cards, phones, birthday, tags } = profile;
  return {
    id,
    cardNo: cards[0] ?? '',
    name,
    phone: phones[0] ?? null,
    tierId,
    ...(birthday === null ? {} : { birthday }),
    tags,
  };
}

/** In clear: what names nobody. Empty fields are left out, so that a condition can ask whether there is one. */
function factsOf(profile: Profile): string {
  const facts: Record<string, unknown> = {};
  for (const field of FACT_FIELDS) {
    const value = profile[field];
    if (value !== null && value.length > 0) facts[field] = value;
  }
  if (profile.phones.length > 0) facts.hasPhone = true;
  if (profile.mails.length > 0) facts.hasMail = true;
  return JSON.stringify(facts);
}

function sealedText(profile: Profile, own: StampedProfile | null): string {
  const person = Object.fromEntries(SEALED_FIELDS.map((field) => [field, profile[field]]));
  return JSON.stringify(own === null ? person : { ...person, own });
}
