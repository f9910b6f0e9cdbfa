/** A member's ledger as a person reads it: newest first, each spend with its lots, and the lots that are open. */
import type { MovementKind } from '../../src/core/ledger.ts';
import type { Queryable } from '../db/db.ts';
import { balancesOf, type MemberBalance } from './balances.ts';
import type { Purse } from './ledger.ts';

export interface LedgerLine {
  readonly id: string;
  readonly purse: Purse;
  readonly kind: MovementKind | 'expire' | 'forgive' | 'unfounded';
  readonly points: number;
  readonly on: string;
  readonly atMs: number;
  readonly expiresOn: string | null;
  readonly ofId: string | null;
  readonly saleId: string | null;
  readonly storeId: string | null;
  readonly reason: string | null;
  readonly author: string | null;
  readonly lots: { readonly lotId: string; readonly points: number }[];
}

export interface LotLine {
  readonly id: string;
  readonly purse: Purse;
  readonly points: number;
  readonly left: number;
  readonly expired: number;
  readonly expiresOn: string | null;
  readonly isBonus: boolean;
}

export async function ledgerPage(
  db: Queryable,
  asked: {
    readonly memberId: string;
    readonly purse: Purse;
    readonly cursor?: string | undefined;
    readonly limit: number;
  },
) {
  const { memberId, purse, cursor, limit } = asked;
  const cut = cursor?.indexOf('~') ?? -1;
  const found = await db.query<LedgerLine>(
    `select e.entry_id as id, e.purse, e.kind, e.points, e.on_date as on, e.at as "atMs", e.expires_on as "expiresOn",
       e.of_id as "ofId", e.sale_id as "saleId", e.store_id as "storeId", e.reason, e.author,
       coalesce((select json_agg(json_build_object('lotId', u.lot_id, 'points', u.points) order by u.lot_id)
         from ledger_use u where u.holder_id = e.holder_id and u.purse = e.purse and u.entry_id = e.entry_id), '[]') as lots
     from ledger_entry e
     where e.holder_id = $1 and e.purse = $2
       and ($3::float8 is null or (e.at, e.entry_id) < (to_timestamp($3::float8 / 1000), $4))
     order by e.at desc, e.entry_id desc limit $5`,
    [
      memberId,
      purse,
      cut < 0 ? null : Number(cursor!.slice(0, cut)),
      cut < 0 ? null : cursor!.slice(cut + 1),
      limit + 1,
    ],
  );
  const entries = found.slice(0, limit);
  const lots = await db.query<LotLine>(
    `select lot_id as id, purse, points, left_points as left, expired_points as expired, expires_on as "expiresOn",
       is_bonus as "isBonus"
     from ledger_lot where holder_id = $1 and purse = $2 and left_points > 0
     order by is_bonus, expires_on nulls last, lot_id`,
    [memberId, purse],
  );
  const [balance] = (await balancesOf(db, [memberId])) as [MemberBalance];
  const last = entries.at(-1);
  return {
    balance,
    entries,
    lots,
    nextCursor: found.length > limit && last !== undefined ? `${last.atMs}~${last.id}` : null,
  };
}
