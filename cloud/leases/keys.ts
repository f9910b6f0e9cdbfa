/**
 * Keys of rights: as tills name them, and as HQ counts them. A till knows a gift card by its code, HQ by its id, so both names
 * are one right.
 */
import { createHash } from 'node:crypto';
import { rightKey } from '../../src/core/lease.ts';
import type { Queryable } from '../db/db.ts';

/** Codes are typed in either case, with blanks or without; HQ keeps the hash alone. */
export function codeHash(code: string): string {
  return createHash('sha256').update(code.replaceAll(/\s/g, '').toUpperCase()).digest('hex');
}

const CARD = rightKey.giftCard('');

/** @returns for keys that HQ counts under another name, that name */
export async function countedKeys(
  tx: Queryable,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = keys.filter((key) => key.startsWith(CARD)).map((key) => key.slice(CARD.length));
  if (names.length === 0) return new Map();
  const rows = await tx.query<{ name: string; id: string }>(
    `select n.name, c.gift_card_id as id from unnest($1::text[], $2::text[]) as n(name, hash)
     join gift_card c on c.code_hash = n.hash`,
    [names, names.map(codeHash)],
  );
  return new Map(rows.map(({ name, id }) => [rightKey.giftCard(name), rightKey.giftCard(id)]));
}

export async function countedKey(tx: Queryable, key: string): Promise<string> {
  return (await countedKeys(tx, [key])).get(key) ?? key;
}

const RULE = rightKey.rule('', null);

/**
 * Keys under which one person's uses of a rule are counted: of the member and of every id that was merged with it, in the order
 * in which they are locked. Of any other right the key alone.
 */
export async function familyKeys(tx: Queryable, key: string): Promise<readonly string[]> {
  const cut = key.lastIndexOf(':');
  if (!key.startsWith(RULE) || cut < RULE.length) return [key];
  const [rule, memberId] = [key.slice(0, cut), key.slice(cut + 1)];
  const rows = await tx.query<{ id: string }>(
    `with own as (select coalesce((select member_id from member_alias where alias_id = $1), $1) as id)
     select id from own union select a.alias_id from member_alias a join own on a.member_id = own.id`,
    [memberId],
  );
  return [...new Set([key, ...rows.map(({ id }) => `${rule}:${id}`)])].sort();
}
