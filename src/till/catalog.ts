/**
 * The catalogue at the till: goods, members, tiers and the store's settings, looked up in the local copy.
 */
import { type GtinMeaning, readCode, type ScanMeaning } from '../core/barcode.ts';
import type { Item } from '../core/item.ts';
import { type Member, NEW_MEMBER_TIER, type Tier } from '../core/loyalty.ts';
import { type PackFacts, packOf } from '../core/pack.ts';
import type { Programme } from '../core/points.ts';
import { parseRuleSet } from '../core/promotion-check.ts';
import { type CompiledRules, compileRules, NO_PROMOTIONS } from '../core/promotion-index.ts';
import { looksProvisional } from '../core/provisional-card.ts';
import type { Store } from '../core/store.ts';
import type { LastPurchase } from './api.ts';
import type { Sqlite, Statement } from './db.ts';
import { asPhoneEnd, type MemberIndex } from './member-index.ts';

/** A member's purchases in this store, as HQ had them at `throughMs`. */
export interface MemberStats {
  readonly memberId: string;
  readonly visits: number;
  readonly netMinor: number;
  readonly lastDate: string | null;
  readonly lastPurchases: readonly LastPurchase[];
  readonly throughMs: number;
}

export interface MemberPoints {
  readonly memberId: string;
  readonly confirmed: number;
  readonly asOfMs: number;
  readonly storedValueMinor: number;
}

/** What a code turned out to be. */
export type Found =
  | {
      readonly kind: 'item';
      readonly item: Item;
      readonly gtin: string | null;
      readonly priceMinor?: number;
      readonly weightG?: number;
      /** What a 2D code says of the very pack. */
      readonly pack?: PackFacts;
    }
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'unknown'; readonly meaning: ScanMeaning };

export class Catalog {
  readonly members: MemberIndex;
  private readonly db: Sqlite;
  private readonly statements: Readonly<Record<StatementName, Statement>>;
  private promotionsNow: CompiledRules = NO_PROMOTIONS;
  private rulesVersionNow = 'none';
  private programmeNow: Programme | null = null;
  private storeNow: Store | null = null;
  private tiersNow: ReadonlyMap<string, Tier> = new Map();

  constructor(db: Sqlite, members: MemberIndex) {
    this.db = db;
    this.members = members;
    this.statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as Record<StatementName, Statement>;
    this.reload();
  }

  /** After the feed changed settings. */
  reload(): void {
    const store = this.statements.store.get() as Row | undefined;
    this.storeNow = store === undefined ? null : (JSON.parse(store.data) as Store);
    const tiers = this.db.prepare('select data from tier').all() as Row[];
    this.reloadRules();
    const programme = this.db.prepare("select value as data from state where name = 'programme'").get();
    this.programmeNow = parse<Programme>(programme);
    this.tiersNow = new Map(tiers.map(({ data }) => JSON.parse(data) as Tier).map((tier) => [tier.id, tier]));
  }

  /** The promotions in force, ready to price by; the empty set until HQ has published one. */
  get promotions(): CompiledRules {
    return this.promotionsNow;
  }

  /** Version of the rule set that `promotions` was made of. */
  get rulesVersion(): string {
    return this.rulesVersionNow;
  }

  /** The points programme in force; null until HQ has published one. */
  get programme(): Programme | null {
    return this.programmeNow;
  }

  private reloadRules(): void {
    const row = this.db.prepare("select value as data from state where name = 'rule_set'").get() as
      | Row
      | undefined;
    const parsed = row === undefined ? null : parseRuleSet(JSON.parse(row.data));
    this.promotionsNow = parsed?.ok ? compileRules(parsed.value) : NO_PROMOTIONS;
    this.rulesVersionNow = parsed?.ok ? parsed.value.version : 'none';
  }

  /** null until the first feed has come. */
  get store(): Store | null {
    return this.storeNow;
  }

  tier(tierId: string): Tier | null {
    if (tierId !== NEW_MEMBER_TIER) return this.tiersNow.get(tierId) ?? null;
    return [...this.tiersNow.values()].sort((a, b) => a.rank - b.rank)[0] ?? null;
  }

  /**
   * Reads a code and looks up what it names.
   *
   * @param aim  the AIM identifier that the scanner sent before it
   */
  find(text: string, store: Store, aim: string | null = null): Found {
    const { templates, currency } = store;
    const setting = { templates, currencyDigits: currency.digits, currencyCode: currency.code };
    const meaning = readCode(text, setting, aim);
    switch (meaning.kind) {
      case 'member': {
        const member = this.memberByCard(meaning.cardNo);
        return member === null ? { kind: 'unknown', meaning } : { kind: 'member', member };
      }
      case 'gtin': {
        for (const gtin of [meaning.gtin, ...meaning.alternatives]) {
          const item = this.itemByGtin(gtin);
          if (item !== null) return { kind: 'item', item, gtin, ...packFacts(item, meaning) };
        }
        return this.findAlias(text.trim(), meaning);
      }
      case 'gs1_coupon': {
        const item = meaning.gtin === undefined ? null : this.itemByGtin(meaning.gtin);
        return item === null ? { kind: 'unknown', meaning } : { kind: 'item', item, gtin: meaning.gtin! };
      }
      case 'embedded_price':
      case 'embedded_weight': {
        const item = this.itemByPlu(meaning.plu);
        if (item === null) return { kind: 'unknown', meaning };
        return meaning.kind === 'embedded_price'
          ? { kind: 'item', item, gtin: null, priceMinor: meaning.priceMinor }
          : { kind: 'item', item, gtin: null, weightG: meaning.weightG };
      }
      case 'alias':
        return this.findAlias(meaning.text, meaning);
      case 'card_number':
        // Members of an older system may carry such numbers. What nobody goes by is forgotten here.
        return this.findAlias(text.trim(), meaning);
      case 'invalid':
      case 'receipt':
      case 'coupon':
      case 'payment_code':
      case 'elements':
        return { kind: 'unknown', meaning };
    }
  }

  private findAlias(text: string, meaning: ScanMeaning): Found {
    const item = this.itemBySku(text) ?? this.itemByPlu(text);
    if (item !== null) return { kind: 'item', item, gtin: null };
    const member = this.memberByCard(text);
    if (member !== null) return { kind: 'member', member };
    // A card of another till, or a slip of the finger: in any case somebody, not something.
    const asked = looksProvisional(text) ? ({ kind: 'member', cardNo: text } as const) : meaning;
    return { kind: 'unknown', meaning: asked };
  }

  itemByGtin(gtin: string): Item | null {
    return parse<Item>(this.statements.itemByGtin.get(gtin));
  }

  itemBySku(sku: string): Item | null {
    return parse<Item>(this.statements.itemBySku.get(sku));
  }

  itemByPlu(plu: string): Item | null {
    return parse<Item>(this.statements.itemByPlu.get(plu, plu.replace(/^0+/, '')));
  }

  /** By the card's number, or by the provisional one that this till gave when the member joined. */
  memberByCard(cardNo: string): Member | null {
    const member = this.members.byCard(cardNo);
    if (member !== null) return member;
    const row = this.statements.enrolledByCard.get(cardNo) as { memberId: string } | undefined;
    return row === undefined ? null : this.memberById(row.memberId);
  }

  /** A provisional id is the member's own as soon as HQ has said whose it is. */
  memberById(memberId: string): Member | null {
    return this.members.byId(this.realId(memberId)) ?? this.members.byId(memberId);
  }

  /** The id that HQ knows this one by. */
  realId(memberId: string): string {
    const row = this.statements.alias.get(memberId) as { memberId: string } | undefined;
    return row?.memberId ?? memberId;
  }

  /** By the start of the name or of its pinyin initials first, then by any part of the name. */
  searchItems(text: string, limit: number): Item[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    // A range on the index, not LIKE: it must stay fast over hundreds of thousands of names.
    const end = `${wanted}\u{10ffff}`;
    const { itemsByPrefix, itemsByPart } = this.statements;
    const first = itemsByPrefix.all(wanted, end, wanted, end, limit).map((row) => parse<Item>(row)!);
    if (first.length >= limit) return first;
    const escaped = wanted.replace(/[\\%_]/g, '\\$&');
    const known = new Set(first.map(({ sku }) => sku));
    const more = itemsByPart.all(`%${escaped}%`, limit).map((row) => parse<Item>(row)!);
    return [...first, ...more.filter(({ sku }) => !known.has(sku))].slice(0, limit);
  }

  /** All ids that a member has had: sales made before HQ answered name the provisional one. */
  idsOf(memberId: string): string[] {
    const rows = this.statements.aliasesOf.all(memberId) as { provisionalId: string }[];
    return [memberId, ...rows.map(({ provisionalId }) => provisionalId)];
  }

  /** What HQ has summed up of a member in this store; null: nothing was told. */
  memberStats(memberId: string): MemberStats | null {
    return parse<MemberStats>(this.statements.stats.get(memberId));
  }

  memberPoints(memberId: string): MemberPoints | null {
    return parse<MemberPoints>(this.statements.points.get(memberId));
  }

  /** Of the segments that the rules ask for those that the member is in, as HQ counted them last. */
  memberSegments(memberId: string): readonly string[] {
    const row = parse<{ readonly segments: readonly string[] }>(this.statements.segments.get(memberId));
    return row?.segments ?? [];
  }

  /** By card, by phone (whole, or its last four digits and more), by any part of the name, by pinyin initials. */
  searchMembers(text: string, limit: number): Member[] {
    const wanted = text.trim();
    const byCard = wanted === '' ? null : this.memberByCard(wanted);
    if (byCard !== null) return [byCard];
    const digits = asPhoneEnd(wanted);
    return digits === null ? this.members.byName(wanted, limit) : this.members.byPhoneEnd(digits, limit);
  }

  hasItems(): boolean {
    return this.statements.anyItem.get() !== undefined;
  }

  counts(): { items: number; members: number } {
    return this.statements.counts.get() as { items: number; members: number };
  }

  someItems(limit: number): Item[] {
    return this.db
      .prepare('select data from item order by sku limit ?')
      .all(limit)
      .map((row) => parse<Item>(row)!);
  }

  someMembers(limit: number): Member[] {
    return this.members.first(limit);
  }
}

/**
 * What the code tells of this pack, beside which article it is.
 *
 * Weight and price count only for goods that are weighed or have no price of their own: no printed code may set the price of
 * the others. A price is that of the whole pack, so it leaves no weight to multiply.
 */
function packFacts(item: Item, meaning: GtinMeaning): Partial<Extract<Found, { kind: 'item' }>> {
  const { priceMinor, weightG } = meaning;
  const pack = packOf(meaning);
  const isPriced = priceMinor !== undefined && (item.unit === 'kg' || item.priceMinor === null);
  return {
    ...(isPriced ? { priceMinor } : {}),
    ...(weightG !== undefined && !isPriced && item.unit === 'kg' ? { weightG } : {}),
    ...(pack === undefined ? {} : { pack }),
  };
}

interface Row {
  readonly data: string;
}

function parse<T>(row: unknown): T | null {
  return row === undefined ? null : (JSON.parse((row as Row).data) as T);
}

const SQL = {
  store: 'select data from store limit 1',
  itemByGtin: 'select i.data from item_code c join item i using (sku) where c.gtin = ?',
  itemBySku: 'select data from item where sku = ?',
  itemByPlu: 'select data from item where plu in (?, ?) limit 1',
  enrolledByCard: 'select member_id as memberId from enrolled where card_no = ?',
  stats: 'select data from member_stats where member_id = ?',
  points: 'select data from member_points where member_id = ?',
  segments: 'select data from member_segments where member_id = ?',
  aliasesOf: 'select provisional_id as provisionalId from member_alias where member_id = ?',
  alias: 'select member_id as memberId from member_alias where provisional_id = ?',
  itemsByPrefix: `select data from (select sku, data from item where name >= ? and name < ?
     union select sku, data from item where initials >= ? and initials < ?) limit ?`,
  itemsByPart: "select data from item where name like ? escape '\\' limit ?",
  anyItem: 'select 1 from item limit 1',
  counts: 'select (select count(*) from item) as items, (select count(*) from member) as members',
} as const;
type StatementName = keyof typeof SQL;
