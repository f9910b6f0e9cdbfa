/**
 * Snapshots: what a new till needs in a few packed SQLite files, instead of a feed of a million rows.
 *
 * Over HTTP beside the sync line: `POST ask {tillId}` gives a nonce, `POST open {tillId, nonce, sig}` the list of parts (or
 * "being made, come again"), `GET PARTS/TOKEN/NUMBER` a part. A part is a SQLite file without indexes, packed by zstd; the
 * till reads it in memory and copies its rows into its own encrypted file. From `cursor` on the feed brings the rest.
 */
import { z } from 'zod';
import { phoneBackwards } from '../core/phone.ts';
import type { FeedRow } from './down.ts';

/** Of tables and columns: a till takes no other. 2: members are laid out as the till has them; 3: goods too. */
export const SNAPSHOT_VERSION = 3;
export const SNAPSHOT_PATH = '/sync/snapshot';

/** A part packed and unpacked: what a till must have room for in memory. */
export const PART_BYTES_MAX = 64 * 1024 * 1024;
export const PART_RAW_BYTES_MAX = 256 * 1024 * 1024;

export const SnapshotNonce = z.object({ nonce: z.string().min(16).max(128) });

export const SnapshotPart = z.object({
  /** Goods and members, or all else, which comes after them. */
  holds: z.enum(['goods', 'others']),
  bytes: z.int().min(1).max(PART_BYTES_MAX),
  rawBytes: z.int().min(1).max(PART_RAW_BYTES_MAX),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SnapshotPart = z.infer<typeof SnapshotPart>;

/** `parts` empty: there is none, the feed brings everything. `retryMs`: it is being made. */
export const SnapshotList = z.object({
  version: z.int(),
  snapshotId: z.string().max(64),
  token: z.string().max(128),
  cursor: z.int().min(0),
  rows: z.int().min(0),
  parts: z.array(SnapshotPart).max(1_000),
  retryMs: z.int().min(0).optional(),
});
export type SnapshotList = z.infer<typeof SnapshotList>;

/** What a till signs to be given its snapshot. */
export function snapshotStatement(facts: {
  readonly cloudId: string;
  readonly tillId: string;
  readonly nonce: string;
}): Uint8Array {
  return new TextEncoder().encode(`counterfoil snapshot v1 ${facts.cloudId} ${facts.tillId} ${facts.nonce}`);
}

/**
 * Tables of a part: the till's own without further indexes, which are built there. Goods stand in the order of their keys, so that
 * none is sorted at the till. `member` is the till's table to the letter, places too: SQLite then copies its rows without looking into them.
 */
export const SNAPSHOT_SCHEMA = `
  create table item (sku text primary key, name text not null, initials text not null, plu text, data text not null) without rowid;
  create table item_code (gtin text primary key, sku text not null) without rowid;
  create table member (place integer primary key, member_id text not null, card_no text not null collate nocase, phone_back text,
    name text not null collate nocase, initials text not null, data text not null);
  create table other (place integer primary key, kind text, key text, data text);`;

/** Places of a store's own members come after those of the chain's, however many there are. */
export const OWN_PLACE = 2 ** 40;

/** Where a feed row goes: the values of its columns, in their order. */
export type SnapshotRow =
  | {
      readonly table: 'item';
      readonly values: readonly [string, string, string, string | null, string];
      readonly gtins: readonly string[];
    }
  | {
      readonly table: 'member';
      readonly values: readonly [string, string, string | null, string, string, string];
    }
  /** All that is few, and all that is odd: the till takes it as it takes the feed. */
  | { readonly table: 'other'; readonly values: readonly [string, string, string | null] };

const Item = z.looseObject({
  sku: z.string(),
  name: z.string(),
  gtins: z.array(z.string()),
  plu: z.string().optional(),
  initials: z.string().optional(),
  unit: z.enum(['each', 'kg']),
  priceMinor: z.int().nullable(),
  taxCode: z.string(),
});
const Member = z.looseObject({
  id: z.string(),
  cardNo: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  tierId: z.string(),
  initials: z.string().optional(),
});

export function snapshotRow({ kind, key, data }: FeedRow): SnapshotRow {
  const text = data === null ? null : JSON.stringify(data);
  if (kind === 'item' && text !== null) {
    const { success, data: item } = Item.safeParse(data);
    if (success && item.sku === key) {
      const { name, initials = '', plu = null, gtins } = item;
      return { table: 'item', values: [key, name, initials, plu, text], gtins };
    }
  }
  if (kind === 'member' && text !== null) {
    const { success, data: member } = Member.safeParse(data);
    // Who has more cards than one goes the feed's way, which knows where those belong.
    const hasMore = Array.isArray(member?.moreCards) && member.moreCards.length > 0;
    if (success && member.id === key && !hasMore) {
      const back = member.phone === null ? null : phoneBackwards(member.phone);
      const rest = memberRest(data as object);
      return {
        table: 'member',
        values: [key, member.cardNo, back, member.name, member.initials ?? '', rest],
      };
    }
  }
  return { table: 'other', values: [kind, key, text] };
}

/** What of a member's data stands in no column of its own: kept twice it would be a third of a till's file. */
export function memberRest(data: object): string {
  const {
    id: _,
    cardNo: __,
    phone: ___,
    name: ____,
    initials: _____,
    ...rest
  } = data as Record<string, unknown>;
  return JSON.stringify(rest);
}
