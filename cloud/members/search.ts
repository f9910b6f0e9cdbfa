/**
 * Who is it? Members by card, phone or mail exactly, by two signs of the name or its initials nearly.
 */
import type { Queryable } from '../db/db.ts';
import { initialsOf } from '../feed/initials.ts';
import { vaultOf } from '../vault/vault.ts';
import { exactBlinds, membersBehind, membersInBuckets, nameSearch, phoneBlinds } from './lookup.ts';
import { readMembers, type StoredMember } from './store.ts';

export interface Asked {
  readonly phone?: string | undefined;
  readonly card?: string | undefined;
  readonly mail?: string | undefined;
  /** Two signs or more: `王芳`, `小芳`, `wxf`, `王x`, the beginning of a Latin word. */
  readonly name?: string | undefined;
  readonly limit: number;
  /** Only members of these stores; null: of the chain. */
  readonly stores?: readonly string[] | null;
}

/** Names that share the buckets of a search: more of them are not opened. */
const CANDIDATES_MAX = 2_000;
const OPENED_AT_ONCE = 100;

/** Members who fit all that is asked, in the order of their ids; asking for nothing finds nobody. */
export async function searchMembers(db: Queryable, asked: Asked): Promise<StoredMember[]> {
  const vault = vaultOf(db);
  const exact = [
    asked.phone === undefined ? null : phoneBlinds(vault, asked.phone),
    asked.card === undefined ? null : exactBlinds(vault, 'card', asked.card),
    asked.mail === undefined ? null : exactBlinds(vault, 'mail', asked.mail),
  ].filter((blinds) => blinds !== null);
  const byName = asked.name === undefined ? null : nameSearch(vault, asked.name);
  if (asked.name !== undefined && byName === null) return [];
  const lists: string[][] = [];
  for (const blinds of exact) lists.push(await membersBehind(db, blinds, CANDIDATES_MAX));
  if (lists.length === 0 && byName !== null) {
    lists.push(await membersInBuckets(db, byName.buckets, CANDIDATES_MAX));
  }
  const [first = [], ...others] = lists;
  const ids = first.filter((id) => others.every((list) => list.includes(id)));
  const fits = ({ profile: { name } }: StoredMember) =>
    byName === null || byName.fits(name, initialsOf(name));
  const found: StoredMember[] = [];
  // Opening is what takes time, and of a common name the first page holds enough.
  const sorted = ids.toSorted();
  for (let from = 0; from < sorted.length && found.length < asked.limit; from += OPENED_AT_ONCE) {
    const page = await ofStores(db, sorted.slice(from, from + OPENED_AT_ONCE), asked.stores ?? null);
    const members = await readMembers(db, page);
    found.push(...[...members.values()].filter(fits));
  }
  return found.slice(0, asked.limit);
}

/** Which of these members are at home in one of the stores, or have bought there. @param stores null: every store */
export async function ofStores(
  db: Queryable,
  ids: readonly string[],
  stores: readonly string[] | null,
): Promise<readonly string[]> {
  if (stores === null || ids.length === 0) return ids;
  const rows = await db.query<{ member_id: string }>(
    `select m.member_id from member m where m.member_id = any($1::text[]) and (m.data->>'homeStoreId' = any($2::text[])
       or exists (select 1 from member_store_purchase p where p.member_id = m.member_id and p.store_id = any($2::text[])))`,
    [ids, stores],
  );
  return rows.map(({ member_id }) => member_id);
}
