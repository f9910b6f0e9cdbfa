/**
 * Sales in the books: units that came back, what they do to loyalty, and what HQ must look at.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import { noteRungFor } from '../identity/member-rows.ts';
import { bookLoyalty } from '../loyalty/sale-loyalty.ts';
import { announce } from '../outbox/outbox.ts';
import { recomputeMembers } from '../segments/rollup.ts';
import type { Batch, JournalBatch } from './books.ts';

export type SaleEntry = JournalEntry & { readonly kind: 'sale' };

/** @returns how many feed rows were published */
export async function bookSales(batch: Batch, stored: readonly SaleEntry[]): Promise<number> {
  await recheckReturns(batch, stored);
  await bookReturns(batch, stored);
  const { alerts, told } = await bookLoyalty(batch, stored);
  for (const { saleId, kind, detail, storeId } of alerts) {
    await alert({ ...batch, storeId: storeId ?? batch.storeId }, saleId, kind, detail);
  }
  await announceSales(batch, stored);
  const memberIds = [...new Set(stored.flatMap(({ body }) => body.memberId ?? []))].sort();
  return told + (memberIds.length === 0 ? 0 : await publishStats(batch, memberIds));
}

async function announceSales(batch: Batch, stored: readonly SaleEntry[]): Promise<void> {
  const { tx, storeId, nowMs } = batch;
  await announce(
    tx,
    stored.map(({ tillId, body, businessDate }) => ({
      kind: 'sale.booked',
      dedupe: `sale.booked:${body.id}`,
      storeId,
      data: {
        ...{ saleId: body.id, kind: body.kind, receiptNo: body.receiptNo, storeId, tillId, businessDate },
        ...{ memberId: body.memberId, currency: body.currency, totalMinor: body.totalMinor },
        refundOfSaleId: body.refundOf?.saleId ?? null,
      },
    })),
    nowMs,
  );
}

/** Those that became sales: what was set aside has no effect. */
export async function storedSales(batch: JournalBatch, entries: readonly SaleEntry[]): Promise<SaleEntry[]> {
  if (entries.length === 0) return [];
  await catchUpAliases(
    batch,
    entries.map(({ seq }) => seq),
  );
  const rows = await batch.tx.query<{ seq: number; member_id: string | null }>(
    'select seq, member_id from sale where journal_id = $1 and seq = any($2::bigint[])',
    [batch.journalId, entries.map(({ seq }) => seq)],
  );
  // The row's member is the real one where the entry has a provisional id.
  const memberOf = new Map(rows.map(({ seq, member_id }) => [seq, member_id]));
  return entries
    .filter(({ seq }) => memberOf.has(seq))
    .map((entry) => ({
      ...entry,
      tillId: batch.tillId,
      body: { ...entry.body, memberId: memberOf.get(entry.seq) ?? null },
    }));
}

/** Sales that came in while their member was being merged away: the merge did not see them, nor they the merge. */
async function catchUpAliases({ tx, journalId }: JournalBatch, seqs: readonly number[]): Promise<void> {
  const late = await tx.query<{ saleId: string; firstId: string; memberId: string }>(
    `update sale s set member_id = a.member_id from member_alias a
     where s.journal_id = $1 and s.seq = any($2::bigint[]) and a.alias_id = s.member_id
     returning s.sale_id as "saleId", a.alias_id as "firstId", a.member_id as "memberId"`,
    [journalId, seqs],
  );
  if (late.length === 0) return;
  await noteRungFor(tx, late);
  await recomputeMembers(tx, [...new Set(late.flatMap(({ firstId, memberId }) => [firstId, memberId]))]);
}

interface ReturnRow {
  readonly saleId: string;
  readonly lineNo: number;
  readonly originalSaleId: string;
  readonly originalLineNo: number;
  readonly qty: number;
  readonly netMinor: number;
}

/** One after the other: of two returns of the same unit the later one is what is too much. */
async function bookReturns(batch: Batch, entries: readonly SaleEntry[]): Promise<void> {
  for (const row of entries.flatMap(({ body }) => returnsOf(body))) {
    const added = await batch.tx.query(
      `insert into return_line (store_id, sale_id, line_no, original_sale_id, original_line_no, qty, net_minor)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning line_no`,
      [batch.storeId, row.saleId, row.lineNo, row.originalSaleId, row.originalLineNo, row.qty, row.netMinor],
    );
    if (added.length === 1) await checkReturn(batch, row);
  }
}

/**
 * A return can be here before the sale that it takes back, when the till that sold was offline for longer. Now it is known what
 * was sold: the alert that it is not goes, and what is too much is told.
 */
async function recheckReturns(batch: Batch, entries: readonly SaleEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = await batch.tx.query<ReturnRow & { readonly storeId: string }>(
    `select store_id as "storeId", sale_id as "saleId", line_no as "lineNo", original_sale_id as "originalSaleId",
       original_line_no as "originalLineNo", qty, net_minor as "netMinor"
     from return_line where original_sale_id = any($1::text[]) order by store_id, sale_id, line_no`,
    [entries.map(({ body }) => body.id)],
  );
  for (const { storeId, ...row } of rows) {
    await batch.tx.query(
      `delete from sale_alert where sale_id = $1 and kind = 'return_of_unknown' and not exists (
         select 1 from return_line r where r.sale_id = $1 and not exists (
           select 1 from sale s where s.sale_id = r.original_sale_id))`,
      [row.saleId],
    );
    await checkReturn({ ...batch, storeId }, row);
  }
}

function returnsOf(sale: Sale): ReturnRow[] {
  return sale.lines.flatMap(({ back, qty, lineNo, netMinor }) =>
    back === undefined
      ? []
      : [
          {
            saleId: sale.id,
            lineNo,
            originalSaleId: back.saleId,
            originalLineNo: back.lineNo,
            qty: Math.abs(qty),
            netMinor: Math.abs(netMinor),
          },
        ],
  );
}

/** Two tills that could not see each other may have taken the same units back: the sale stands, HQ is told. */
async function checkReturn(batch: Batch, row: ReturnRow): Promise<void> {
  const { tx } = batch;
  const [original] = await tx.query<{ storeId: string; sold: number | null; netMinor: number | null }>(
    `select s.store_id as "storeId", l.qty as sold, l.net_minor as "netMinor"
     from sale s left join sale_line l on l.store_id = s.store_id and l.sale_id = s.sale_id and l.line_no = $2
     where s.sale_id = $1`,
    [row.originalSaleId, row.originalLineNo],
  );
  if (original === undefined || original.sold === null || original.netMinor === null) {
    await alert(batch, row.saleId, 'return_of_unknown', { ...row });
    return;
  }
  const [back] = await tx.query<{ qty: number; netMinor: number }>(
    `select sum(qty)::bigint as qty, sum(net_minor)::bigint as "netMinor" from return_line
     where original_sale_id = $1 and original_line_no = $2`,
    [row.originalSaleId, row.originalLineNo],
  );
  if (back!.qty > original.sold || back!.netMinor > original.netMinor) {
    await alert(batch, row.saleId, 'over_refund', { ...row, sold: original.sold, returned: back!.qty });
  }
  if (original.storeId !== batch.storeId) await alert(batch, row.saleId, 'return_elsewhere', { ...row });
}

interface StatsRow {
  readonly memberId: string;
  readonly visits: number;
  readonly netMinor: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
}

interface PurchaseRow {
  readonly memberId: string;
  readonly date: string;
  readonly totalMinor: number;
  readonly items: readonly string[];
}

/** Purchases and articles of each that a member card shows. */
const PURCHASES_TOLD = 5;
const ITEMS_TOLD = 4;

/** What the members bought in this store goes to its tills. */
async function publishStats(batch: Batch, memberIds: readonly string[]): Promise<number> {
  const { tx, storeId, nowMs } = batch;
  const stats = await tx.query<StatsRow>(
    `select member_id as "memberId", visits, net_minor as "netMinor", first_on as "firstDate", last_on as "lastDate"
     from member_store_purchase p join store s using (store_id)
     where store_id = $1 and member_id = any($2::text[]) and p.currency = s.data->'currency'->>'code'`,
    [storeId, memberIds],
  );
  const purchases = await tx.query<PurchaseRow>(
    `select m.member_id as "memberId", s.business_date as date, s.total_minor as "totalMinor",
       array_to_json(s.line_name[1:${ITEMS_TOLD}]) as items
     from unnest($2::text[]) as m(member_id)
     cross join lateral (
       select business_date, at, total_minor, line_name
       -- \`offset 0\`: by the member's index, whatever a planner without statistics thinks of those by time and store.
       from (select * from sale where member_id = m.member_id offset 0) mine
       where store_id = $1 and kind <> 'refund'
       order by at desc limit ${PURCHASES_TOLD}) s
     order by m.member_id, s.at desc`,
    [storeId, memberIds],
  );
  const byMember = Map.groupBy(purchases, ({ memberId }) => memberId);
  await publish(
    tx,
    stats.map((row) => ({
      kind: 'member_stats',
      key: row.memberId,
      storeId,
      data: {
        ...row,
        cycleDays: cycleDaysOf(row),
        lastPurchases: (byMember.get(row.memberId) ?? []).map(({ date, totalMinor, items }) => ({
          date,
          totalMinor,
          items,
        })),
        throughMs: nowMs,
      },
    })),
  );
  return stats.length;
}

/** Days between visits on average; null for a first visit. */
function cycleDaysOf({ visits, firstDate, lastDate }: StatsRow): number | null {
  if (visits < 2 || firstDate === null || lastDate === null) return null;
  return Math.round((Date.parse(lastDate) - Date.parse(firstDate)) / 86_400_000 / (visits - 1));
}

/** Once a sale and kind. */
export async function alert(
  batch: Pick<Batch, 'storeId' | 'nowMs'> & { readonly tx: Queryable },
  saleId: string,
  kind: string,
  detail: object,
): Promise<void> {
  const { tx, storeId, nowMs } = batch;
  const fresh = await tx.query(
    `insert into sale_alert (store_id, sale_id, kind, detail, at)
     values ($1, $2, $3, $4::jsonb, to_timestamp($5::float8 / 1000)) on conflict do nothing returning 1`,
    [storeId, saleId, kind, JSON.stringify(detail), nowMs],
  );
  if (fresh.length === 0) return;
  const data = { storeId, saleId, alert: kind };
  await announce(tx, [{ kind: 'alert.raised', dedupe: `alert:${saleId}:${kind}`, storeId, data }], nowMs);
}
