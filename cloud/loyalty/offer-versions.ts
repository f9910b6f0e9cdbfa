/**
 * Versions of what the house offers its members: each change is a row with who and when, written in the transaction that makes
 * the change. Rows are only added: what is brought back is published again, as a new version with the old words.
 *
 * Changes of one offer take turns (`edit_turn` of the API), so numbers have no gap.
 */
import type { Queryable } from '../db/db.ts';

export const OFFER_KINDS = [
  'coupon_template',
  'coupon_pack',
  'benefit',
  'stored_value',
  'referral',
  'programme',
  'tiers',
  'tier_rule',
  'draw',
] as const;
export type OfferKind = (typeof OFFER_KINDS)[number];

/** Whom the audit log names too: a login or a token's name, no personal data. */
export interface Author {
  readonly kind: string;
  readonly name: string;
}

/** When, and by whom; left out: a program of HQ's own. */
export interface Word {
  readonly atMs: number;
  readonly by?: Author;
}

export interface OfferVersion {
  readonly kind: OfferKind;
  readonly offerId: string;
  readonly no: number;
  readonly data: object;
  /** From it on no till takes the offer. */
  readonly ended: boolean;
  readonly atMs: number;
  readonly by: Author;
}

/** Of which the chain has one. */
export const OF_CHAIN = 'chain';

/** Keeps what was published; the same as the version before is none. */
export async function keepVersion(
  tx: Queryable,
  offer: { readonly kind: OfferKind; readonly id: string; readonly data: object; readonly ended?: boolean },
  { atMs, by = { kind: '', name: '' } }: Word,
): Promise<void> {
  await tx.query(
    `insert into offer_version (kind, offer_id, version_no, data, ended, published_at, by_kind, by_name)
     select $1, $2, coalesce(last.version_no, 0) + 1, $3::jsonb, $4, to_timestamp($5::float8 / 1000), $6, $7
     from (select 1) one left join lateral (select version_no, data, ended from offer_version
       where kind = $1 and offer_id = $2 order by version_no desc limit 1) last on true
     where last.version_no is null or last.data <> $3::jsonb or last.ended <> $4`,
    [offer.kind, offer.id, JSON.stringify(offer.data), offer.ended ?? false, atMs, by.kind, by.name],
  );
}

export interface VersionsAsked {
  readonly kind: OfferKind;
  /** null: of all offers of the kind. */
  readonly offerId: string | null;
  /** The place of the last that was shown: when, which, number; nulls: from the newest on. */
  readonly after: readonly (string | number | boolean | null)[];
  readonly limit: number;
}

/** Newest first. */
export async function offerVersions(
  db: Queryable,
  { kind, offerId, after: [afterMs = null, afterId = null, afterNo = null], limit }: VersionsAsked,
): Promise<OfferVersion[]> {
  const rows = await db.query<Omit<OfferVersion, 'by'> & { byKind: string; byName: string }>(
    `select kind, offer_id as "offerId", version_no as no, data, ended, published_at as "atMs", by_kind as "byKind",
       by_name as "byName"
     from offer_version where kind = $1 and ($2::text is null or offer_id = $2)
       and ($3::float8 is null or (published_at, offer_id, version_no) < (to_timestamp($3::float8 / 1000), $4::text, $5::int))
     order by published_at desc, offer_id desc, version_no desc limit $6`,
    [kind, offerId, afterMs, afterId, afterNo, limit],
  );
  return rows.map(({ byKind, byName, ...version }) => ({ ...version, by: { kind: byKind, name: byName } }));
}
