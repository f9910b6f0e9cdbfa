/**
 * What HQ knows of the stores, articles and members that orders name: read once for many orders.
 */
import type { Item } from '../../src/core/item.ts';
import type { Store } from '../../src/core/store.ts';
import type { Queryable } from '../db/db.ts';
import { currentProgramme } from '../loyalty/programme.ts';
import { cardForm } from '../members/lookup.ts';
import { vaultOf } from '../vault/vault.ts';
import type { OrderFacts } from './decide.ts';
import type { OrderDraft } from './order.ts';

interface MemberRow {
  readonly memberId: string;
  readonly tierId: string;
  readonly birthday: string | null;
}

/** @returns the facts of each order, in order */
export async function orderFacts(
  tx: Queryable,
  drafts: readonly OrderDraft[],
  nowMs: number,
): Promise<OrderFacts[]> {
  const stores = await tx.query<{ store_id: string; data: Store }>(
    'select store_id, data from store where store_id = any($1::text[])',
    [[...new Set(drafts.map(({ storeId }) => storeId))]],
  );
  const skus = [...new Set(drafts.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
  const items = await tx.query<{ data: Item }>('select data from item where sku = any($1::text[])', [skus]);
  const ids = [...new Set(drafts.flatMap(({ memberId }) => memberId ?? []))];
  const ownerOf = await ownersOf(tx, [...new Set(drafts.flatMap(({ cardNo }) => cardNo ?? []))]);
  const aliases = await tx.query<{ alias_id: string; member_id: string }>(
    'select alias_id, member_id from member_alias where alias_id = any($1::text[])',
    [ids],
  );
  const realOf = new Map(aliases.map(({ alias_id, member_id }) => [alias_id, member_id]));
  const members = await tx.query<MemberRow>(
    `select member_id as "memberId", tier_id as "tierId", data->>'birthday' as birthday from member
     where member_id = any($1::text[])`,
    [[...new Set([...ids.map((id) => realOf.get(id) ?? id), ...ownerOf.values()])]],
  );
  const byId = new Map(members.map((row) => [row.memberId, row]));
  const storeOf = new Map(stores.map(({ store_id, data }) => [store_id, data]));
  const itemOf = new Map(items.map(({ data }) => [data.sku, data]));
  const programme = await currentProgramme(tx);
  return drafts.map(({ storeId, memberId, cardNo }) => {
    const id = cardNo === undefined ? memberId : (ownerOf.get(cardNo) ?? '');
    const row = id === null ? null : byId.get(realOf.get(id) ?? id);
    const member =
      row == null
        ? row
        : {
            memberId: row.memberId,
            tierId: row.tierId,
            ...(row.birthday === null ? {} : { birthday: row.birthday }),
          };
    return { store: storeOf.get(storeId) ?? null, items: itemOf, member, programme, nowMs };
  });
}

/** Members by card. */
async function ownersOf(tx: Queryable, cards: readonly string[]): Promise<Map<string, string>> {
  if (cards.length === 0) return new Map();
  const vault = vaultOf(tx);
  const cardOf = new Map(cards.map((card) => [vault.blind('card', cardForm(card)), card]));
  const rows = await tx.query<{ blind: string; member_id: string }>(
    `select blind, member_id from member_lookup where kind = 'card' and blind = any($1::text[])`,
    [[...cardOf.keys()]],
  );
  return new Map(rows.map(({ blind, member_id }) => [cardOf.get(blind)!, member_id]));
}
