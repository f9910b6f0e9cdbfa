/**
 * The register of who bought prepaid cards for as much as the policy asks to register (DOMAIN 2.9): kept for the policy's years,
 * then gone with its key.
 *
 * Each entry is sealed under a key of the card's own, not the member's: the law keeps it where a member is erased.
 */
import type { Db, Queryable } from '../db/db.ts';
import { openOne, sealOne, shredKeys } from '../vault/keys.ts';

export interface Buyer {
  readonly name: string;
  /** Kind and number of the paper that was shown. */
  readonly document: string;
}

export interface Registered extends Buyer {
  readonly giftCardId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly atMs: number;
  /** Last day. */
  readonly keepTo: string;
}

const WHAT = 'buyer';
const holderOf = (giftCardId: string) => `buyer:${giftCardId}`;

export async function registerBuyer(tx: Queryable, { name, document, ...sale }: Registered): Promise<void> {
  const { giftCardId, amountMinor, currency, atMs, keepTo } = sale;
  const sealed = await sealOne(tx, holderOf(giftCardId), WHAT, JSON.stringify({ name, document }));
  await tx.query(
    `insert into card_buyer (buyer_id, sealed, amount_minor, currency, at, keep_to)
     values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), $6::date)`,
    [giftCardId, sealed, amountMinor, currency, atMs, keepTo],
  );
}

/** null: nobody had to be registered for this card, or the years are over. */
export async function buyerOf(db: Queryable, giftCardId: string): Promise<Registered | null> {
  const [row] = await db.query<Omit<Registered, keyof Buyer> & { sealed: string }>(
    `select buyer_id as "giftCardId", sealed, amount_minor as "amountMinor", currency, at as "atMs", keep_to as "keepTo"
     from card_buyer where buyer_id = $1 and sealed is not null`,
    [giftCardId],
  );
  if (row === undefined) return null;
  const { sealed, ...sale } = row;
  const text = await openOne(db, holderOf(giftCardId), WHAT, sealed);
  return text === null ? null : { ...sale, ...(JSON.parse(text) as Buyer) };
}

/** Entries whose years are over. @returns how many */
export async function forgetBuyers(db: Db, asOf: string): Promise<number> {
  return db.transaction(async (tx) => {
    const gone = await tx.query<{ id: string }>(
      'delete from card_buyer where keep_to < $1::date returning buyer_id as id',
      [asOf],
    );
    await shredKeys(
      tx,
      gone.map(({ id }) => holderOf(id)),
    );
    return gone.length;
  });
}

/** What lies in clear from before: sealed when HQ starts, and gone from the files. @returns how many */
export async function sealOldBuyers(db: Db): Promise<number> {
  const count = await db.transaction(async (tx) => {
    const rows = await tx.query<{ id: string; data: Buyer }>(
      'select buyer_id as id, data from card_buyer where sealed is null for update',
    );
    for (const { id, data } of rows) {
      await tx.query('update card_buyer set sealed = $2, data = null where buyer_id = $1', [
        id,
        await sealOne(tx, holderOf(id), WHAT, JSON.stringify(data)),
      ]);
    }
    return rows.length;
  });
  if (count > 0) await db.query('vacuum full card_buyer');
  return count;
}
