/**
 * Coupons: templates, and the codes that were issued of them. A code is one row of `member_coupon`, good once.
 */
import { isDeepStrictEqual } from 'node:util';
import { couponCode, SERIAL_SIGNS, SERIES } from '../../src/core/coupon-code.ts';
import { addDays } from '../../src/core/ledger.ts';
import type { RuleProblem } from '../../src/core/promotion-reader.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { RulesError } from '../catalog/rules.ts';
import type { Db, Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import { announce } from '../outbox/outbox.ts';
import { type CouponTemplate, republishRules, templateProblems } from './coupon-rules.ts';
import { utcDate } from './member-ledger.ts';
import { keepVersion, type Word } from './offer-versions.ts';
import { type KeyTaken, once } from './request.ts';
import { serial } from './serial.ts';

export type TemplateError =
  | RulesError
  | { readonly kind: 'offer'; readonly problems: readonly RuleProblem[] }
  | { readonly kind: 'series'; readonly id: string }
  /** Codes of it are out, and customers hold them to its words. */
  | { readonly kind: 'template_taken'; readonly id: string };

/** Adds a template, or changes one of which no code is out, and publishes the rules. */
export async function putTemplate(
  db: Db,
  template: CouponTemplate,
  word: Word,
): Promise<Result<string, TemplateError>> {
  const { id } = template;
  const { atMs } = word;
  if (!SERIES.test(id)) return err({ kind: 'series', id });
  const problems = templateProblems(template);
  if (problems.length > 0) return err({ kind: 'offer', problems });
  const taken = await db.transaction(async (tx) => {
    const before = await lockTemplate(tx, id);
    const plain = JSON.parse(JSON.stringify(template));
    if (before !== null && before.issued > 0 && !isDeepStrictEqual(before.template, plain)) return true;
    await tx.query(
      `insert into coupon_template (template_id, data, created_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
       on conflict (template_id) do update set data = excluded.data, ended_at = null`,
      [id, JSON.stringify(template), atMs],
    );
    await keepVersion(tx, { kind: 'coupon_template', id, data: template }, word);
    return false;
  });
  if (taken) return err({ kind: 'template_taken', id });
  const published = await republishRules(db, atMs);
  return published.ok ? ok(id) : published;
}

/** No till takes codes of it any more. @returns false: there is no such template */
export async function endTemplate(db: Db, id: string, word: Word): Promise<boolean> {
  const known = await db.transaction(async (tx) => {
    const [row] = await tx.query<{ data: CouponTemplate }>(
      `update coupon_template set ended_at = coalesce(ended_at, to_timestamp($2::float8 / 1000))
       where template_id = $1 returning data`,
      [id, word.atMs],
    );
    if (row !== undefined)
      await keepVersion(tx, { kind: 'coupon_template', id, data: row.data, ended: true }, word);
    return row !== undefined;
  });
  if (known) await republishRules(db, word.atMs);
  return known;
}

interface Locked {
  readonly template: CouponTemplate;
  readonly issued: number;
  readonly ended: boolean;
}

async function lockTemplate(tx: Queryable, id: string): Promise<Locked | null> {
  const [row] = await tx.query<Locked>(
    `select data as template, issued, ended_at is not null as ended from coupon_template where template_id = $1 for update`,
    [id],
  );
  return row ?? null;
}

export async function listTemplates(db: Queryable) {
  return db.query<{ template: CouponTemplate; issued: number; used: number; ended: boolean }>(
    `select data as template, issued, ended_at is not null as ended,
       (select count(*) from member_coupon c where c.template_id = t.template_id and c.used_at is not null) as used
     from coupon_template t order by template_id`,
  );
}

// ---- issue ----

export interface IssueAsked {
  /** The caller's own: said again, nobody gets a second one. */
  readonly key: string;
  readonly templateId: string;
  /** A segment's members, or any. */
  readonly memberIds: readonly string[];
  readonly each: number;
  readonly nowMs: number;
  readonly on?: string;
}

export interface Issued {
  readonly issued: number;
  /** Members who got fewer than `each`, and why. */
  readonly skipped: readonly { readonly memberId: string; readonly why: 'unknown_member' | 'member_limit' }[];
}

export type IssueRefusal =
  | KeyTaken
  | { readonly kind: 'unknown_template'; readonly templateId: string }
  | { readonly kind: 'ended'; readonly templateId: string }
  | { readonly kind: 'expired'; readonly templateId: string; readonly to: string }
  | { readonly kind: 'issue_limit'; readonly left: number };

/** The hand-over from a segment: all who may have it get it; beyond the limit of the template nobody does. */
export async function issueCoupons(db: Db, asked: IssueAsked): Promise<Result<Issued, IssueRefusal>> {
  const { key, templateId, memberIds, each, nowMs, on = utcDate(nowMs) } = asked;
  const words = { templateId, memberIds, each, on: asked.on ?? null };
  return once<Issued, IssueRefusal>(db, { key: `issue:${key}`, asked: words, nowMs }, async (tx) => {
    const locked = await lockTemplate(tx, templateId);
    if (locked === null) return err({ kind: 'unknown_template', templateId });
    if (locked.ended) return err({ kind: 'ended', templateId });
    const { template } = locked;
    const { to } = validityOf(template, on);
    if (to !== null && to < on) return err({ kind: 'expired', templateId, to });
    const { wanted, skipped } = await wantedBy(tx, template, asked);
    const left = (template.limits.issuedMax ?? Number.MAX_SAFE_INTEGER) - locked.issued;
    const count = wanted.reduce((sum, { codes }) => sum + codes, 0);
    if (count > left) return err({ kind: 'issue_limit', left: Math.max(0, left) });
    await issue(tx, { template, wanted, source: `issue:${key}`, on, nowMs });
    return ok({ issued: count, skipped });
  });
}

interface Wanted {
  readonly memberId: string;
  readonly codes: number;
}

async function wantedBy(tx: Queryable, template: CouponTemplate, { memberIds, each }: IssueAsked) {
  const ids = [...new Set(memberIds)];
  const rows = await tx.query<{ memberId: string; held: number }>(
    `select m.member_id as "memberId", (select count(*) from member_coupon c
       where c.member_id = m.member_id and c.template_id = $2 and c.cancelled_at is null) as held
     from member m where m.member_id = any($1::text[])`,
    [ids, template.id],
  );
  const heldBy = new Map(rows.map(({ memberId, held }) => [memberId, held]));
  const most = template.limits.perMemberMax ?? Number.MAX_SAFE_INTEGER;
  const skipped: { memberId: string; why: 'unknown_member' | 'member_limit' }[] = [];
  const wanted = ids.flatMap((memberId): Wanted[] => {
    const held = heldBy.get(memberId);
    if (held === undefined) {
      skipped.push({ memberId, why: 'unknown_member' });
      return [];
    }
    const codes = Math.min(each, Math.max(0, most - held));
    if (codes < each) skipped.push({ memberId, why: 'member_limit' });
    return codes === 0 ? [] : [{ memberId, codes }];
  });
  return { wanted, skipped };
}

/** Makes codes; who may have how many was decided before. The template is locked. @returns the codes */
export async function issue(
  tx: Queryable,
  facts: {
    readonly template: CouponTemplate;
    /** `''`: codes of nobody in particular. */
    readonly wanted: readonly Wanted[];
    readonly source: string;
    readonly on: string;
    readonly nowMs: number;
  },
): Promise<string[]> {
  const { template, wanted, source, on, nowMs } = facts;
  const { from, to } = validityOf(template, on);
  const rows = wanted.flatMap(({ memberId, codes }) =>
    Array.from({ length: codes }, () => ({ memberId, code: couponCode(template.id, serial(SERIAL_SIGNS)) })),
  );
  if (rows.length === 0) return [];
  await tx.query(
    `insert into member_coupon (member_id, coupon_id, template_id, issued_at, expires_at, valid_from, valid_to, source)
     select member_id, code, $3, to_timestamp($4::float8 / 1000),
       ($6::date + 1)::timestamp at time zone 'UTC' - interval '1 millisecond', $5::date, $6::date, $7
     from unnest($1::text[], $2::text[]) as i(member_id, code)`,
    [
      rows.map(({ memberId }) => memberId),
      rows.map(({ code }) => code),
      template.id,
      nowMs,
      from,
      to,
      source,
    ],
  );
  await tx.query('update coupon_template set issued = issued + $2 where template_id = $1', [
    template.id,
    rows.length,
  ]);
  await publishCoupons(
    tx,
    wanted.map(({ memberId }) => memberId),
  );
  await announce(
    tx,
    wanted.map(({ memberId, codes }) => ({
      kind: 'coupon.issued',
      storeId: null,
      data: { memberId: memberId === '' ? null : memberId, templateId: template.id, codes, source },
    })),
    nowMs,
  );
  return rows.map(({ code }) => code);
}

/** First and last good day of a code that is issued on a day; null: no end. */
export function validityOf(
  { valid }: Pick<CouponTemplate, 'valid'>,
  on: string,
): { readonly from: string; readonly to: string | null } {
  if ('days' in valid) return { from: on, to: addDays(on, valid.days - 1) };
  return { from: valid.from ?? on, to: valid.to ?? null };
}

/** A code that should not be used any more. @returns false: unknown, or used already */
export async function cancelCoupon(db: Db, code: string, nowMs: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    const rows = await tx.query<{ member_id: string }>(
      `update member_coupon set cancelled_at = coalesce(cancelled_at, to_timestamp($2::float8 / 1000))
       where coupon_id = $1 and used_at is null returning member_id`,
      [code, nowMs],
    );
    await publishCoupons(
      tx,
      rows.map(({ member_id }) => member_id),
    );
    return rows.length > 0;
  });
}

/** Codes in one transaction. */
const CODES_AT_ONCE = 1_000;

/**
 * Codes whose last good day was before `asOf` leave the tills. A sale from within their time that comes later still counts.
 *
 * @returns how many; again, or after a crash, those that are left
 */
export async function lapseCoupons(db: Db, asOf: string, nowMs: number): Promise<number> {
  for (let lapsed = 0; ; ) {
    const some = await db.transaction(async (tx) => {
      const rows = await tx.query<{ member_id: string }>(
        `update member_coupon c set lapsed_at = to_timestamp($2::float8 / 1000)
         from (select member_id, coupon_id from member_coupon
           where valid_to < $1::date and used_at is null and cancelled_at is null and lapsed_at is null
           order by valid_to, coupon_id limit $3 for update) d
         where c.member_id = d.member_id and c.coupon_id = d.coupon_id returning c.member_id`,
        [asOf, nowMs, CODES_AT_ONCE],
      );
      await publishCoupons(
        tx,
        rows.map(({ member_id }) => member_id),
      );
      return rows.length;
    });
    lapsed += some;
    if (some < CODES_AT_ONCE) return lapsed;
  }
}

export interface CouponRow {
  readonly code: string;
  readonly templateId: string;
  readonly memberId: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly usedSaleId: string | null;
  readonly cancelled: boolean;
  readonly source: string | null;
}

export async function couponsOfMember(db: Queryable, memberId: string): Promise<CouponRow[]> {
  return db.query<CouponRow>(
    `select coupon_id as code, template_id as "templateId", nullif(member_id, '') as "memberId", valid_from as "validFrom",
       valid_to as "validTo", used_sale_id as "usedSaleId", cancelled_at is not null as cancelled, source
     from member_coupon where member_id = $1 order by issued_at desc, coupon_id`,
    [memberId],
  );
}

/** What a member may still use, to the stores that know the member: feed kind `member_coupons`. */
export async function publishCoupons(tx: Queryable, memberIds: readonly string[]): Promise<void> {
  const rows = await tx.query<{ memberId: string; storeId: string; coupons: object[] | null }>(
    `select f.key as "memberId", f.store_id as "storeId",
       (select json_agg(json_build_object('code', c.coupon_id, 'templateId', c.template_id, 'name', t.data->'name',
          'names', t.data->'names', 'validFrom', c.valid_from, 'validTo', c.valid_to) order by c.valid_to, c.coupon_id)
        from member_coupon c join coupon_template t using (template_id)
        where c.member_id = f.key and c.used_at is null and c.cancelled_at is null and c.lapsed_at is null) as coupons
     from feed_row f where f.kind = 'member_points' and f.key = any($1::text[]) order by f.key, f.store_id`,
    [[...new Set(memberIds)]],
  );
  await publish(
    tx,
    rows.map(({ memberId, storeId, coupons }) => ({
      kind: 'member_coupons',
      key: memberId,
      storeId: storeId === '' ? null : storeId,
      data: { memberId, coupons: coupons ?? [] },
    })),
  );
}
