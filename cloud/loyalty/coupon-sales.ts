/**
 * Coupons in sales: codes that took something off, codes that come back with the whole sale, and packs of coupons that were
 * sold.
 *
 * A code that took something off at two tills that could not see each other is told; both sales stand, and the one that was
 * first by its own time has the right.
 */
import { seriesOf } from '../../src/core/coupon-code.ts';
import type { Db, Queryable } from '../db/db.ts';
import { announce } from '../outbox/outbox.ts';
import type { CouponTemplate } from './coupon-rules.ts';
import { issue, publishCoupons } from './coupons.ts';
import { keepVersion, type Word } from './offer-versions.ts';
import type { SaleBatch, SaleFacts } from './sale-ledger.ts';
import type { SaleAlert } from './sale-movements.ts';

export async function bookCoupons(batch: SaleBatch, entries: readonly SaleFacts[]): Promise<SaleAlert[]> {
  const used = await bookUses(batch, entries);
  const saleIds = [
    ...new Set(
      entries.flatMap(({ body }) => [
        body.id,
        ...(body.refundOf === null ? [] : [body.refundOf.saleId]),
        ...body.lines.flatMap(({ back }) => back?.saleId ?? []),
      ]),
    ),
  ];
  const freed = await freeReturned(batch.tx, saleIds);
  const alerts = await settleCodes(batch.tx, [...new Set([...used, ...freed])]);
  return [...alerts, ...(await bookPacks(batch, saleIds))];
}

/** @returns the codes */
async function bookUses({ tx, storeId, nowMs }: SaleBatch, entries: readonly SaleFacts[]): Promise<string[]> {
  const uses = entries.flatMap(({ body, atMs, businessDate }) => {
    const off = new Map<string, number>();
    for (const { qty, adjustments } of body.lines) {
      for (const { reason, amountMinor } of qty > 0 ? adjustments : []) {
        if (reason.kind !== 'coupon' || seriesOf(String(reason.code)) === null) continue;
        off.set(reason.code, (off.get(reason.code) ?? 0) - amountMinor);
      }
    }
    const { id: saleId, memberId } = body;
    return [...off].map(([code, offMinor]) => ({ code, saleId, memberId, atMs, on: businessDate, offMinor }));
  });
  if (uses.length === 0) return [];
  const fresh = await tx.query<{
    coupon_id: string;
    sale_id: string;
    member_id: string | null;
    off_minor: number;
  }>(
    `insert into coupon_use (coupon_id, sale_id, store_id, member_id, at, on_date, off_minor)
     select code, sale_id, $1, member_id, to_timestamp(at / 1000), on_date::date, off_minor
     from unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::bigint[])
       as u(code, sale_id, member_id, at, on_date, off_minor)
     on conflict do nothing returning coupon_id, sale_id, member_id, off_minor`,
    [
      storeId,
      uses.map(({ code }) => code),
      uses.map(({ saleId }) => saleId),
      uses.map(({ memberId }) => memberId),
      uses.map(({ atMs }) => atMs),
      uses.map(({ on }) => on),
      uses.map(({ offMinor }) => offMinor),
    ],
  );
  await announce(
    tx,
    fresh.map(({ coupon_id, sale_id: saleId, member_id: memberId, off_minor: offMinor }) => ({
      kind: 'coupon.used',
      dedupe: `coupon.used:${coupon_id}:${saleId}`,
      storeId,
      data: { templateId: seriesOf(coupon_id), saleId, memberId, offMinor },
    })),
    nowMs,
  );
  return uses.map(({ code }) => code);
}

/** `s` is a sale of which everything came back: line by line, or as a whole. */
const WHOLLY_BACK = `(
  exists (select 1 from sale r where r.refund_of_sale_id = s.sale_id and r.kind = 'refund' and r.line_back is null)
  or not exists (
    select 1 from unnest(s.line_no, s.line_qty) as l(line_no, qty)
    where l.qty > coalesce((select sum(b.qty) from return_line b
      where b.original_sale_id = s.sale_id and b.original_line_no = l.line_no), 0)))`;

/** A coupon comes back only with the whole sale. @returns the codes that are free again */
async function freeReturned(tx: Queryable, saleIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ coupon_id: string }>(
    `update coupon_use u set returned = true from sale s
     where u.sale_id = any($1::text[]) and s.sale_id = u.sale_id and not u.returned and ${WHOLLY_BACK}
     returning u.coupon_id`,
    [saleIds],
  );
  return rows.map(({ coupon_id }) => coupon_id);
}

interface UseRow {
  readonly code: string;
  readonly saleId: string;
  readonly storeId: string;
  readonly memberId: string | null;
  readonly owner: string | null;
  readonly cancelled: boolean;
  readonly inTime: boolean;
  readonly place: number;
  readonly returned: boolean;
}

async function settleCodes(tx: Queryable, codes: readonly string[]): Promise<SaleAlert[]> {
  if (codes.length === 0) return [];
  const owners = await tx.query<{ member_id: string }>(
    `update member_coupon c set used_at = f.at, used_sale_id = f.sale_id
     from unnest($1::text[]) as k(code)
     left join lateral (select at, sale_id from coupon_use u where u.coupon_id = k.code and not u.returned
       order by at, sale_id limit 1) f on true
     where c.coupon_id = k.code and c.used_sale_id is distinct from f.sale_id
     returning c.member_id`,
    [codes],
  );
  await publishCoupons(
    tx,
    owners.map(({ member_id }) => member_id),
  );
  const rows = await tx.query<UseRow>(
    `select u.coupon_id as code, u.sale_id as "saleId", u.store_id as "storeId", u.member_id as "memberId",
       c.member_id as owner, c.cancelled_at is not null as cancelled, u.returned,
       u.on_date between coalesce(c.valid_from, u.on_date) and coalesce(c.valid_to, u.on_date) as "inTime",
       row_number() over (partition by u.coupon_id, u.returned order by u.at, u.sale_id) as place
     from coupon_use u join coupon_template t on t.template_id = split_part(u.coupon_id, '-', 2)
     left join member_coupon c on c.coupon_id = u.coupon_id
     where u.coupon_id = any($1::text[]) order by u.coupon_id, u.at, u.sale_id`,
    [codes],
  );
  return rows.flatMap((use) =>
    oddOf(use).map((kind) => ({
      saleId: use.saleId,
      storeId: use.storeId,
      kind,
      detail: { code: use.code, memberId: use.memberId },
    })),
  );
}

function oddOf({ owner, cancelled, inTime, place, returned, memberId }: UseRow): string[] {
  if (owner === null) return ['coupon_unknown'];
  return [
    ...(cancelled ? ['coupon_cancelled'] : []),
    ...(inTime ? [] : ['coupon_out_of_time']),
    ...(place > 1 && !returned ? ['coupon_used_twice'] : []),
    ...(owner !== '' && owner !== memberId ? ['coupon_of_another'] : []),
  ];
}

// ---- packs ----

/** An article whose buyer gets coupons. */
export interface CouponPack {
  readonly sku: string;
  readonly contents: readonly { readonly templateId: string; readonly count: number }[];
}

interface PackLine {
  readonly saleId: string;
  readonly lineNo: number;
  readonly storeId: string;
  readonly memberId: string | null;
  readonly on: string;
  readonly qty: number;
  readonly back: number;
  readonly pack: CouponPack;
}

/** Works out what the lines of these sales should have issued by now, and makes it so: sold, given back, said twice. */
async function bookPacks({ tx, nowMs }: SaleBatch, saleIds: readonly string[]): Promise<SaleAlert[]> {
  const lines = await tx.query<PackLine>(
    `select s.sale_id as "saleId", l.line_no as "lineNo", s.store_id as "storeId", s.member_id as "memberId",
       s.business_date as on, l.qty, p.data as pack,
       least(l.qty, case when exists (select 1 from sale r
           where r.refund_of_sale_id = s.sale_id and r.kind = 'refund' and r.line_back is null) then l.qty
         else coalesce((select sum(b.qty) from return_line b
           where b.original_sale_id = s.sale_id and b.original_line_no = l.line_no), 0) end)::int as back
     from sale s cross join lateral unnest(s.line_no, s.line_sku, s.line_qty) as l(line_no, sku, qty)
     join coupon_pack p on p.sku = l.sku
     where s.sale_id = any($1::text[]) and l.qty > 0 order by s.sale_id, l.line_no`,
    [saleIds],
  );
  const alerts: SaleAlert[] = [];
  for (const line of lines) alerts.push(...(await settlePack(tx, line, nowMs)));
  return alerts;
}

async function settlePack(tx: Queryable, line: PackLine, nowMs: number): Promise<SaleAlert[]> {
  const { saleId, lineNo, storeId, qty, back, pack } = line;
  const source = `pack:${saleId}:${lineNo}`;
  const alerts: SaleAlert[] = [];
  if (line.memberId === null) {
    alerts.push({ saleId, storeId, kind: 'pack_without_member', detail: { sku: pack.sku, source } });
  }
  for (const { templateId, count } of pack.contents) {
    const template = await templateForPack(tx, templateId);
    const [state] = await tx.query<{ made: number; cancelled: number }>(
      `select count(*) as made, count(cancelled_at) as cancelled from member_coupon where source = $1 and template_id = $2`,
      [source, templateId],
    );
    const missing = qty * count - state!.made;
    if (missing > 0) {
      const wanted = [{ memberId: line.memberId ?? '', codes: missing }];
      await issue(tx, { template, wanted, source, on: line.on, nowMs });
    }
    const toCancel = back * count - state!.cancelled;
    if (toCancel <= 0) continue;
    const gone = await tx.query<{ member_id: string }>(
      `update member_coupon c set cancelled_at = to_timestamp($4::float8 / 1000)
       from (select coupon_id from member_coupon where source = $1 and template_id = $2 and used_at is null
         and cancelled_at is null order by coupon_id limit $3) x
       where c.coupon_id = x.coupon_id returning c.member_id`,
      [source, templateId, toCancel, nowMs],
    );
    await publishCoupons(
      tx,
      gone.map(({ member_id }) => member_id),
    );
    if (gone.length < toCancel) {
      const detail = { source, templateId, used: toCancel - gone.length };
      alerts.push({ saleId, storeId, kind: 'pack_used', detail });
    }
  }
  return alerts;
}

async function templateForPack(tx: Queryable, templateId: string): Promise<CouponTemplate> {
  const [row] = await tx.query<{ data: CouponTemplate }>(
    'select data from coupon_template where template_id = $1 for update',
    [templateId],
  );
  return row!.data;
}

/** @returns the template that there is not, null when the pack is stored */
export async function listPacks(db: Queryable): Promise<CouponPack[]> {
  const rows = await db.query<{ data: CouponPack }>('select data from coupon_pack order by sku');
  return rows.map(({ data }) => data);
}

/** @returns a template that there is not; null: it is stored */
export async function putPack(db: Db, pack: CouponPack, word: Word): Promise<string | null> {
  return db.transaction((tx) => writePack(tx, pack, word));
}

async function writePack(tx: Queryable, pack: CouponPack, word: Word): Promise<string | null> {
  const known = await tx.query<{ template_id: string }>('select template_id from coupon_template');
  const strange = pack.contents.find(
    ({ templateId }) => !known.some(({ template_id }) => template_id === templateId),
  );
  if (strange !== undefined) return strange.templateId;
  await tx.query(
    `insert into coupon_pack (sku, data, updated_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
     on conflict (sku) do update set data = excluded.data, updated_at = excluded.updated_at`,
    [pack.sku, JSON.stringify(pack), word.atMs],
  );
  await keepVersion(tx, { kind: 'coupon_pack', id: pack.sku, data: pack }, word);
  return null;
}
