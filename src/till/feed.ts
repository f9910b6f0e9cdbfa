/**
 * The feed at the till: rows and cursor in one transaction, so a break in the middle repeats nothing and skips nothing.
 */
import { z } from 'zod';
import { parseRuleSet } from '../core/promotion-check.ts';
import type { FeedRow } from '../protocol/down.ts';
import type { Sqlite, Statement } from './db.ts';
import type { State } from './state.ts';

/** What the till itself relies on in a row; the rest of `data` is kept as it came. */
const ItemData = z.looseObject({
  sku: z.string(),
  name: z.string(),
  gtins: z.array(z.string()),
  plu: z.string().optional(),
  initials: z.string().optional(),
  unit: z.enum(['each', 'kg']),
  priceMinor: z.int().nullable(),
  taxCode: z.string(),
});
const MemberData = z.looseObject({
  id: z.string(),
  cardNo: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  tierId: z.string(),
  initials: z.string().optional(),
});
const TierData = z.looseObject({ id: z.string(), name: z.string(), rank: z.int(), discountBp: z.int() });
const TillKeyData = z.looseObject({
  publicKey: z.string(),
  storeId: z.string(),
  /** Keys that the till had before: its older receipts are signed by them. */
  former: z.array(z.string()).optional(),
});
const StoreData = z.looseObject({ id: z.string(), name: z.string(), timeZone: z.string() });

export interface FeedResult {
  readonly applied: number;
  /** Rows of a kind or shape that this version does not know: left out, counted, never a reason to stop. */
  readonly skipped: number;
  readonly settingsChanged: boolean;
}

export class FeedWriter {
  private readonly db: Sqlite;
  private readonly state: State;
  private readonly statements: Readonly<Record<keyof typeof SQL, Statement>>;

  constructor(db: Sqlite, state: State) {
    this.db = db;
    this.state = state;
    this.statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as Record<keyof typeof SQL, Statement>;
  }

  get cursor(): number {
    return this.state.number('feed_cursor') ?? 0;
  }

  /** @param asOfMs set when this page brings the till up to date */
  apply(
    page: { readonly rows: readonly FeedRow[]; readonly nextCursor: number },
    asOfMs: number | null,
  ): FeedResult {
    let skipped = 0;
    let settingsChanged = false;
    this.db.transaction(() => {
      for (const row of page.rows) {
        if (!this.applyRow(row)) skipped++;
        settingsChanged ||= row.kind === 'store' || row.kind === 'tier' || row.kind === 'rules';
      }
      this.state.set('feed_cursor', page.nextCursor);
      if (page.rows.length > 0) this.state.set('rules_version', `feed-${page.nextCursor}`);
      if (asOfMs !== null) this.state.set('data_as_of_ms', asOfMs);
    })();
    return { applied: page.rows.length - skipped, skipped, settingsChanged };
  }

  private applyRow({ kind, key, data }: FeedRow): boolean {
    switch (kind) {
      case 'item':
        return this.applyItem(key, data);
      case 'member':
        return this.applyMember(key, data);
      case 'tier':
        return this.applyPlain(key, data, TierData, 'tier');
      case 'store':
        return this.applyPlain(key, data, StoreData, 'store');
      case 'till_key':
        return this.applyTillKey(key, data);
      case 'rules':
        return this.applyRules(data);
      default:
        return false;
    }
  }

  /** Rules that this version cannot read leave the ones it has: prices must not change for a misunderstanding. */
  private applyRules(data: unknown): boolean {
    if (data !== null && !parseRuleSet(data).ok) return false;
    this.state.set('rule_set', JSON.stringify(data));
    return true;
  }

  private applyItem(sku: string, data: unknown): boolean {
    const s = this.statements;
    if (data === null) {
      s.deleteCodes.run(sku);
      s.deleteItem.run(sku);
      return true;
    }
    const parsed = ItemData.safeParse(data);
    if (!parsed.success) return false;
    const item = parsed.data;
    s.deleteCodes.run(sku);
    s.putItem.run(sku, item.name, item.initials ?? '', item.plu ?? null, JSON.stringify(item));
    for (const gtin of item.gtins) s.putCode.run(gtin, sku);
    return true;
  }

  private applyMember(memberId: string, data: unknown): boolean {
    if (data === null) {
      this.statements.deleteMember.run(memberId);
      return true;
    }
    const parsed = MemberData.safeParse(data);
    if (!parsed.success) return false;
    const { cardNo, phone, name, initials } = parsed.data;
    this.statements.putMember.run(memberId, cardNo, phone, name, initials ?? '', JSON.stringify(parsed.data));
    return true;
  }

  private applyTillKey(tillCode: string, data: unknown): boolean {
    if (data === null) {
      this.statements.deleteTillKey.run(tillCode);
      return true;
    }
    if (!TillKeyData.safeParse(data).success) return false;
    this.statements.putTillKey.run(tillCode, JSON.stringify(data));
    return true;
  }

  private applyPlain(key: string, data: unknown, shape: z.ZodType, table: 'tier' | 'store'): boolean {
    if (data === null) {
      this.statements[table === 'tier' ? 'deleteTier' : 'deleteStore'].run(key);
      return true;
    }
    if (!shape.safeParse(data).success) return false;
    this.statements[table === 'tier' ? 'putTier' : 'putStore'].run(key, JSON.stringify(data));
    return true;
  }
}

const SQL = {
  deleteCodes: 'delete from item_code where sku = ?',
  deleteItem: 'delete from item where sku = ?',
  putItem: 'insert or replace into item (sku, name, initials, plu, data) values (?, ?, ?, ?, ?)',
  putCode: 'insert or replace into item_code (gtin, sku) values (?, ?)',
  deleteMember: 'delete from member where member_id = ?',
  putMember:
    'insert or replace into member (member_id, card_no, phone, name, initials, data) values (?, ?, ?, ?, ?, ?)',
  deleteTier: 'delete from tier where tier_id = ?',
  putTier: 'insert or replace into tier (tier_id, data) values (?, ?)',
  deleteTillKey: 'delete from till_key where till_code = ?',
  putTillKey: 'insert or replace into till_key (till_code, data) values (?, ?)',
  deleteStore: 'delete from store where store_id = ?',
  putStore: 'insert or replace into store (store_id, data) values (?, ?)',
} as const;
