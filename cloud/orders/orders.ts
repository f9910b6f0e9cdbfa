/**
 * Orders as they stand: their status and how it came about, and what came back of them.
 *
 * A status is the other system's word and moves no money: goods that come back are a refund, a sale of its own.
 */
import type { Db, Queryable } from '../db/db.ts';
import { announce } from '../outbox/outbox.ts';

export interface OrderRow {
  readonly channel: string;
  readonly externalId: string;
  readonly storeId: string;
  readonly saleId: string;
  readonly kind: 'sale' | 'refund' | 'exchange';
  readonly receiptNo: string;
  readonly status: string;
  readonly refundOf: string | null;
  readonly memberId: string | null;
  readonly currency: string;
  readonly totalMinor: number;
  readonly atMs: number;
  readonly placedAtMs: number;
}

const COLUMNS = `o.channel, o.external_id as "externalId", o.store_id as "storeId", o.sale_id as "saleId", s.kind,
  s.receipt_no as "receiptNo", o.status, o.refund_of as "refundOf", s.member_id as "memberId", s.currency,
  s.total_minor as "totalMinor", s.at as "atMs", o.placed_at as "placedAtMs"`;
const FROM = 'from sale_order o join sale s on s.store_id = o.store_id and s.sale_id = o.sale_id';

/** Newest first, by when they were bought. */
export async function listOrders(
  db: Queryable,
  filter: {
    readonly channel?: string | undefined;
    readonly status?: string | undefined;
    readonly storeId?: string | undefined;
    readonly after: { readonly atMs: number; readonly saleId: string } | null;
    readonly limit: number;
  },
): Promise<OrderRow[]> {
  return db.query<OrderRow>(
    `select ${COLUMNS} ${FROM}
     where s.channel is not null and ($1::text is null or s.channel = $1) and ($2::text is null or o.status = $2)
       and ($3::text is null or o.store_id = $3)
       and ($4::float8 is null or (s.at, s.sale_id) < (to_timestamp($4::float8 / 1000), $5::text))
     order by s.at desc, s.sale_id desc limit $6`,
    [
      filter.channel ?? null,
      filter.status ?? null,
      filter.storeId ?? null,
      filter.after?.atMs ?? null,
      filter.after?.saleId ?? null,
      filter.limit,
    ],
  );
}

export interface OrderName {
  readonly channel: string;
  readonly externalId: string;
}

export interface OrderDetail extends OrderRow {
  readonly statuses: readonly { readonly status: string; readonly note: string; readonly atMs: number }[];
  readonly refunds: readonly {
    readonly externalId: string;
    readonly saleId: string;
    readonly totalMinor: number;
  }[];
}

export async function orderDetail(
  db: Queryable,
  { channel, externalId }: OrderName,
): Promise<OrderDetail | null> {
  const name = [channel, externalId];
  const [order] = await db.query<OrderRow>(
    `select ${COLUMNS} ${FROM} where o.channel = $1 and o.external_id = $2`,
    name,
  );
  if (order === undefined) return null;
  const statuses = await db.query<OrderDetail['statuses'][number]>(
    `select status, note, at as "atMs" from sale_order_status where channel = $1 and external_id = $2 order by status_no`,
    name,
  );
  const refunds = await db.query<OrderDetail['refunds'][number]>(
    `select o.external_id as "externalId", o.sale_id as "saleId", s.total_minor as "totalMinor" ${FROM}
     where o.channel = $1 and o.refund_of = $2 order by s.at, s.sale_id`,
    name,
  );
  return { ...order, statuses, refunds };
}

/** Said again as it stands, it changes nothing. @returns false: there is no such order */
export async function setStatus(
  db: Db,
  { channel, externalId }: OrderName,
  said: { readonly status: string; readonly note: string; readonly atMs: number },
  nowMs: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [order] = await tx.query<{ status: string; storeId: string; saleId: string }>(
      `select status, store_id as "storeId", sale_id as "saleId" from sale_order
       where channel = $1 and external_id = $2 for update`,
      [channel, externalId],
    );
    if (order === undefined) return false;
    if (order.status === said.status) return true;
    const [row] = await tx.query<{ no: number }>(
      `insert into sale_order_status (channel, external_id, status_no, status, note, at)
       select $1, $2, max(status_no) + 1, $3, $4, to_timestamp($5::float8 / 1000) from sale_order_status
       where channel = $1 and external_id = $2 returning status_no as no`,
      [channel, externalId, said.status, said.note, said.atMs],
    );
    await tx.query('update sale_order set status = $3 where channel = $1 and external_id = $2', [
      channel,
      externalId,
      said.status,
    ]);
    const { storeId, saleId } = order;
    const dedupe = `order.changed:${channel}:${externalId}:${row!.no}`;
    const data = { channel, externalId, saleId, status: said.status };
    await announce(tx, [{ kind: 'order.changed', dedupe, storeId, data }], nowMs);
    return true;
  });
}
