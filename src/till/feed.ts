/**
 * The feed at the till: rows and cursor in one transaction, so a break in the middle repeats nothing and skips nothing.
 */
import { z } from 'zod';
import type { Member } from '../core/loyalty.ts';
import { parseRuleSet } from '../core/promotion-check.ts';
import type { FeedRow } from '../protocol/down.ts';
import type { Sqlite, Statement } from './db.ts';
import { FeedAnew } from './feed-anew.ts';
import type { MemberIndex } from './member-index.ts';
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
  moreCards: z.array(z.string()).optional(),
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

const StaffData = z.looseObject({
  id: z.string(),
  name: z.string(),
  roleId: z.string(),
  active: z.boolean(),
  pin: z.looseObject({ salt: z.string(), hash: z.string(), cost: z.int() }),
});
const RoleData = z.looseObject({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.string()),
  discountLimitBp: z.int(),
});
const StatsData = z.looseObject({
  memberId: z.string(),
  visits: z.int(),
  netMinor: z.int(),
  lastDate: z.string().nullable(),
  lastPurchases: z.array(
    z.looseObject({ date: z.string(), totalMinor: z.int(), items: z.array(z.string()) }),
  ),
  throughMs: z.int(),
});
const PointsData = z.looseObject({
  memberId: z.string(),
  confirmed: z.int(),
  asOfMs: z.int(),
  storedValueMinor: z.int(),
});
const hour = z.looseObject({ hour: z.int(), tickets: z.int(), netMinor: z.int() });
const cashier = z.looseObject({
  id: z.string(),
  tickets: z.int(),
  pieces: z.int(),
  netMinor: z.int(),
  refunds: z.int(),
  discountMinor: z.int(),
});
const DayData = z.looseObject({
  tickets: z.int(),
  pieces: z.int(),
  netMinor: z.int(),
  refundMinor: z.int(),
  newMinor: z.int(),
  returningMinor: z.int(),
  noMemberMinor: z.int(),
  hours: z.array(hour),
  cashiers: z.array(cashier),
});
const ZData = z.looseObject({
  tillCode: z.string(),
  zNo: z.int(),
  businessDate: z.string(),
  closedAtMs: z.int(),
  totalMinor: z.int(),
  differenceMinor: z.int(),
});
const SegmentsData = z.looseObject({ memberId: z.string(), segments: z.array(z.string()) });
const AliasData = z.looseObject({ memberId: z.string() });

/** Kinds that are kept as they came, one row a key. */
const PLAIN = {
  tier: TierData,
  store: StoreData,
  staff: StaffData,
  role: RoleData,
  member_stats: StatsData,
  member_points: PointsData,
  member_segments: SegmentsData,
  till_day: DayData,
  z: ZData,
  till_key: TillKeyData,
} as const;
type PlainKind = keyof typeof PLAIN;
const strings = z.array(z.string()).optional();
const lists = { skus: strings, categories: strings, brands: strings };
const Validity = z.looseObject({
  from: z.string().optional(),
  to: z.string().optional(),
  weekdays: z.array(z.int()).optional(),
  monthDays: z.array(z.int()).optional(),
  hours: z.array(z.looseObject({ fromMinute: z.int(), toMinute: z.int() })).optional(),
});
const ProgrammeData = z.looseObject({
  version: z.string().min(1),
  earn: z.looseObject({
    perMinor: z.int().min(1),
    timesMaxBp: z.int().min(0).max(1_000_000),
    multipliers: z.array(
      z.looseObject({
        id: z.string(),
        timesBp: z.int().min(0).max(1_000_000),
        tiers: z.array(z.string()).optional(),
        birthdayMonth: z.boolean().optional(),
        validity: Validity.optional(),
        items: z
          .looseObject({ all: z.boolean().optional(), ...lists, exclude: z.looseObject(lists).optional() })
          .optional(),
      }),
    ),
  }),
  spend: z.looseObject({
    points: z.int().min(1),
    worthMinor: z.int().min(1),
    stepPoints: z.int().min(1),
    capBp: z.int().min(0).max(10_000),
  }),
});

/** Kinds that the till keeps in memory as well. */
const SETTINGS: ReadonlySet<string> = new Set(['store', 'tier', 'rules', 'programme', 'staff', 'role']);

export interface FeedResult {
  readonly applied: number;
  /** Rows of a kind or shape that this version does not know: left out, counted, never a reason to stop. */
  readonly skipped: number;
  readonly settingsChanged: boolean;
  /** Members that HQ no longer has. */
  readonly gone: readonly string[];
  /** A provisional id has got its member: baskets that name it look again. */
  readonly aliased: boolean;
}

export class FeedWriter {
  private readonly db: Sqlite;
  private readonly state: State;
  private readonly members: MemberIndex;
  private readonly statements: Readonly<Record<keyof typeof SQL, Statement>>;
  private readonly plain: Readonly<Record<PlainKind, { readonly put: Statement; readonly drop: Statement }>>;
  private readonly anew: FeedAnew;
  /** Most tills never enrolled anybody: then no member row needs a look at the aliases. */
  private aliases: number;

  constructor(db: Sqlite, state: State, members: MemberIndex) {
    this.db = db;
    this.state = state;
    this.members = members;
    this.anew = new FeedAnew(db, state);
    this.statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as Record<keyof typeof SQL, Statement>;
    this.plain = Object.fromEntries(
      Object.keys(PLAIN).map((kind) => [
        kind,
        {
          put: db.prepare(`insert or replace into ${kind} (${keyColumn(kind)}, data) values (?, ?)`),
          drop: db.prepare(`delete from ${kind} where ${keyColumn(kind)} = ?`),
        },
      ]),
    ) as typeof this.plain;
    this.aliases = (db.prepare('select count(*) as n from member_alias').get() as { n: number }).n;
  }

  get cursor(): number {
    return this.state.number('feed_cursor') ?? 0;
  }

  /** @param asOfMs set when this page brings the till up to date */
  apply(
    page: {
      readonly rows: readonly FeedRow[];
      readonly nextCursor: number;
      /** The first page of another feed: HQ was put back, and what these pages do not bring is gone. */
      readonly generation?: string | undefined;
    },
    asOfMs: number | null,
  ): FeedResult {
    let skipped = 0;
    const kinds = new Set<string>();
    const gone: string[] = [];
    this.db.transaction(() => {
      if (page.generation !== undefined) this.anew.begin(page.generation);
      const isAnew = this.anew.isOn;
      for (const row of page.rows) {
        if (isAnew && row.data !== null) this.anew.seen(row);
        if (!this.applyRow(row)) skipped++;
        kinds.add(row.kind);
        if (row.kind === 'member' && row.data === null) gone.push(row.key);
      }
      this.state.set('feed_cursor', page.nextCursor);
      if (page.rows.length > 0) this.state.set('rules_version', `feed-${page.nextCursor}`);
      if (asOfMs !== null) {
        for (const row of isAnew ? this.anew.end() : []) {
          this.applyRow(row);
          kinds.add(row.kind);
        }
        this.state.set('data_as_of_ms', asOfMs);
      }
    })();
    return {
      applied: page.rows.length - skipped,
      skipped,
      settingsChanged: [...kinds].some((kind) => SETTINGS.has(kind)),
      gone,
      aliased: kinds.has('member_alias'),
    };
  }

  private applyRow({ kind, key, data }: FeedRow): boolean {
    switch (kind) {
      case 'item':
        return this.applyItem(key, data);
      case 'member':
        return this.applyMember(key, data);
      case 'tier':
      case 'store':
      case 'staff':
      case 'role':
      case 'member_stats':
      case 'member_points':
      case 'member_segments':
      case 'till_day':
      case 'z':
      case 'till_key':
        return this.applyPlain(key, data, kind);
      case 'member_alias':
        return this.applyAlias(key, data);
      case 'rules':
        return this.applyRules(data);
      case 'programme':
        return this.applyProgramme(data);
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

  /** As with rules: one that cannot be read leaves the one that is here. */
  private applyProgramme(data: unknown): boolean {
    if (data !== null && !ProgrammeData.safeParse(data).success) return false;
    this.state.set('programme', JSON.stringify(data));
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
      this.members.delete(memberId);
      return true;
    }
    const parsed = MemberData.safeParse(data);
    if (!parsed.success) return false;
    this.members.put(parsed.data as Member, parsed.data.initials ?? '');
    if (this.aliases > 0) this.dropProvisional(memberId);
    return true;
  }

  private applyPlain(key: string, data: unknown, kind: PlainKind): boolean {
    if (data === null) {
      this.plain[kind].drop.run(key);
      return true;
    }
    if (!PLAIN[kind].safeParse(data).success) return false;
    this.plain[kind].put.run(key, JSON.stringify(data));
    return true;
  }

  private applyAlias(provisionalId: string, data: unknown): boolean {
    if (data === null) {
      this.statements.deleteAlias.run(provisionalId);
      return true;
    }
    const parsed = AliasData.safeParse(data);
    if (!parsed.success || parsed.data.memberId === provisionalId) return false;
    this.statements.putAlias.run(provisionalId, parsed.data.memberId);
    this.aliases++;
    if (this.members.byId(parsed.data.memberId) !== null) this.members.delete(provisionalId);
    return true;
  }

  /** The member is here: the row made at enrolment would be a second one of the same person. */
  private dropProvisional(memberId: string): void {
    const rows = this.statements.provisionalOf.all(memberId) as { provisionalId: string }[];
    for (const { provisionalId } of rows) this.members.delete(provisionalId);
  }
}

/** `member_stats` is kept by `member_id`, a till's key by the code on its receipts, every other kind by its own name. */
function keyColumn(kind: string): string {
  if (kind === 'till_key') return 'till_code';
  return `${kind.replace(/_(?:stats|points|segments)$/, '')}_id`;
}

const SQL = {
  deleteCodes: 'delete from item_code where sku = ?',
  deleteItem: 'delete from item where sku = ?',
  putItem: 'insert or replace into item (sku, name, initials, plu, data) values (?, ?, ?, ?, ?)',
  putCode: 'insert or replace into item_code (gtin, sku) values (?, ?)',
  putAlias: 'insert or replace into member_alias (provisional_id, member_id) values (?, ?)',
  deleteAlias: 'delete from member_alias where provisional_id = ?',
  provisionalOf: 'select provisional_id as provisionalId from member_alias where member_id = ?',
} as const;
