/**
 * The page of a member: who it is and what it is worth, in a handful of look-ups by key; and what it bought, page by page.
 */
import { isAtRisk, isSleeping, type RfmCell, rfmCell } from '../../src/core/rfm.ts';
import type { Queryable } from '../db/db.ts';
import { type MemberTag, tagsOf } from '../facts/tags.ts';
import { balancesOf, type MemberBalance } from '../loyalty/balances.ts';
import { type CouponRow, couponsOfMember } from '../loyalty/coupons.ts';
import { liveIdOf } from '../members/members.ts';
import { readMembers, type StoredMember } from '../members/store.ts';
import { rfmThresholds } from '../segments/settings.ts';

export interface Book {
  readonly currency: string;
  readonly visits: number;
  readonly tickets: number;
  readonly refunds: number;
  readonly netMinor: number;
  readonly pieces: number;
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  readonly homeStoreId: string | null;
  /** As of today; null without a purchase, or where one visit says nothing yet. */
  readonly cell: RfmCell | null;
  readonly isSleeping: boolean;
  /** null: with one visit only the whole shop's cycle would tell (`/api/v1/rfm/members/{memberId}` does). */
  readonly isAtRisk: boolean | null;
}

export interface TierStanding {
  readonly tierId: string;
  readonly sinceOn: string | null;
  readonly throughOn: string | null;
  readonly growth: number | null;
}

export interface MemberPage {
  readonly member: StoredMember;
  /** Ids that lead here. */
  readonly aliases: readonly { readonly id: string; readonly atMs: number }[];
  readonly tier: TierStanding;
  readonly balance: MemberBalance;
  /** Purchases by currency. */
  readonly books: readonly Book[];
  /** Codes that can be used today. */
  readonly coupons: readonly CouponRow[];
  readonly consents: readonly {
    purpose: string;
    channel: string;
    granted: boolean;
    textVersion: string;
    atMs: number;
  }[];
  readonly tags: readonly MemberTag[];
}

/** By any id that the member ever had; null: there is nobody, or nobody any more. @param today `YYYY-MM-DD` */
export async function memberPage(db: Queryable, asked: string, today: string): Promise<MemberPage | null> {
  const id = await liveIdOf(db, asked);
  const member = (await readMembers(db, [id])).get(id);
  if (member === undefined) return null;
  // Side by side: over a network each would wait for the one before.
  const [aliases, standings, consents, coupons, balances, books, tags] = await Promise.all([
    db.query<{ id: string; atMs: number }>(
      'select alias_id as id, at as "atMs" from member_alias where member_id = $1 order by at, alias_id',
      [id],
    ),
    db.query<Omit<TierStanding, 'tierId'>>(
      'select since_on as "sinceOn", through_on as "throughOn", growth from tier_state where member_id = $1',
      [id],
    ),
    db.query<MemberPage['consents'][number]>(
      `select purpose, channel, granted, text_version as "textVersion", at as "atMs" from member_consent
       where member_id = $1 order by purpose, channel`,
      [id],
    ),
    couponsOfMember(db, id),
    balancesOf(db, [id]),
    booksOf(db, id, today),
    tagsOf(db, id),
  ]);
  const standing = standings[0] ?? { sinceOn: null, throughOn: null, growth: null };
  return {
    member,
    aliases,
    tier: { tierId: member.tierId, ...standing },
    balance: balances[0]!,
    books,
    coupons: coupons.filter(
      ({ usedSaleId, cancelled, validTo }) =>
        usedSaleId === null && !cancelled && (validTo === null || validTo >= today),
    ),
    consents,
    tags,
  };
}

async function booksOf(db: Queryable, id: string, today: string): Promise<Book[]> {
  const rows = await db.query<Omit<Book, 'cell' | 'isSleeping' | 'isAtRisk'>>(
    `select currency, visits, tickets, refunds, net_minor as "netMinor", pieces, first_on as "firstOn", last_on as "lastOn",
       home_store_id as "homeStoreId"
     from member_purchase where member_id = $1 order by currency`,
    [id],
  );
  if (rows.length === 0) return [];
  const thresholds = await rfmThresholds(db);
  return rows.map((row) => {
    const knowsCycle = row.visits !== 1;
    return {
      ...row,
      cell: knowsCycle || thresholds.recency.by === 'days' ? rfmCell(row, thresholds, today) : null,
      isSleeping: isSleeping(row, thresholds, today),
      isAtRisk: knowsCycle ? isAtRisk(row, thresholds, today) : null,
    };
  });
}

export interface PurchaseLine {
  readonly sku: string;
  readonly name: string;
  readonly brand: string | null;
  readonly category: string | null;
  readonly qty: number;
  readonly weightG: number | null;
  readonly netMinor: number;
}

export interface Purchase {
  readonly saleId: string;
  readonly kind: string;
  readonly receiptNo: string;
  readonly date: string;
  readonly atMs: number;
  readonly storeId: string;
  readonly tillCode: string;
  readonly cashierId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly PurchaseLine[];
}

/** Sales with their lines, the newest first. @param page `cursor` of the page before */
export async function purchasesOf(
  db: Queryable,
  memberId: string,
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<{ readonly purchases: readonly Purchase[]; readonly nextCursor: string | null }> {
  const before = page.cursor === null ? null : /^(\d{1,16}):(.{1,64})$/.exec(page.cursor);
  const rows = await db.query<Purchase & { us: number }>(
    `select s.sale_id as "saleId", s.kind, s.receipt_no as "receiptNo", s.business_date as date, s.at as "atMs",
       (extract(epoch from s.at) * 1000000)::bigint as us, s.store_id as "storeId", coalesce(t.code, '') as "tillCode",
       s.cashier_id as "cashierId", s.currency, s.total_minor as "totalMinor",
       (select jsonb_agg(jsonb_build_object('sku', l.sku, 'name', l.name, 'brand', i.data->>'brand',
            'category', i.data->>'category', 'qty', l.qty, 'weightG', l.weight_g, 'netMinor', l.net_minor) order by l.place)
          from unnest(s.line_sku, s.line_name, s.line_qty, s.line_weight_g, s.line_net_minor) with ordinality
            as l(sku, name, qty, weight_g, net_minor, place) left join item i on i.sku = l.sku) as lines
     from sale s left join till t using (till_id)
     where s.member_id = $1 and ($2::bigint is null or (s.at, s.sale_id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3))
     order by s.at desc, s.sale_id desc limit $4`,
    [memberId, before === null ? null : Number(before[1]), before?.[2] ?? '', page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1)! : null;
  return {
    purchases: shown.map(({ us: _, ...purchase }) => purchase),
    nextCursor: last === null ? null : `${last.us}:${last.saleId}`,
  };
}
