/**
 * Which gift card a tender means: it names the card's id, or the code that was scanned, of which HQ keeps only the hash.
 */
import type { Queryable } from '../db/db.ts';
import { codeHash } from '../leases/keys.ts';

export interface NamedCard {
  readonly giftCardId: string;
  readonly currency: string;
  readonly blocked: boolean;
}

/** @returns by the name that was given */
export async function cardsNamed(tx: Queryable, names: readonly string[]): Promise<Map<string, NamedCard>> {
  const asked = [...new Set(names)];
  if (asked.length === 0) return new Map();
  const rows = await tx.query<NamedCard & { name: string }>(
    `select n.name, c.gift_card_id as "giftCardId", c.currency, c.blocked_at is not null as blocked
     from unnest($1::text[], $2::text[]) as n(name, hash)
     join gift_card c on c.gift_card_id = n.name or c.code_hash = n.hash`,
    [asked, asked.map(codeHash)],
  );
  return new Map(rows.map(({ name, ...card }) => [name, card]));
}
