/**
 * Routes of what HQ's books say: closed shifts and alerts on sales.
 */
import { z } from 'zod';
import { type ApiParts, type App, may, ok } from './api.ts';
import { pageQuery, pageRead, placeOf } from './pages.ts';
import { minor, nextCursor } from './schemas.ts';

const ShiftQuery = pageQuery({ usual: 100, max: 500 }).extend({
  storeId: z.string().max(64).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});

export const ShiftZ = z
  .object({
    storeId: z.string(),
    tillId: z.string(),
    tillCode: z.string(),
    shiftId: z.string(),
    zNo: z.int(),
    businessDate: z.string(),
    openedAtMs: z.int(),
    closedAtMs: z.int(),
    cashierId: z.string(),
    cashierName: z.string().nullable().describe('null: nobody of that id is on the staff'),
    totalMinor: minor.describe('sales less refunds, folded by HQ from the entries'),
    expectedMinor: minor.describe('what the drawer should have held'),
    countedMinor: minor,
    differenceMinor: minor,
    differs: z.array(z.string()).describe("fields in which the till's own Z says otherwise"),
  })
  .meta({ id: 'ShiftZ' });
export const ShiftZList = z.object({ shifts: z.array(ShiftZ), nextCursor }).meta({ id: 'ShiftZList' });

const AlertQuery = pageQuery({ usual: 100, max: 500 }).extend({
  storeId: z.string().max(64).optional(),
  kind: z.string().max(64).optional(),
});

export const SaleAlert = z
  .object({
    storeId: z.string(),
    saleId: z.string(),
    kind: z.string(),
    detail: z.record(z.string(), z.unknown()),
    atMs: z.int(),
  })
  .meta({ id: 'SaleAlert' });
export const SaleAlertList = z
  .object({ alerts: z.array(SaleAlert), nextCursor })
  .meta({ id: 'SaleAlertList' });

export function registerBooks(app: App, { db }: ApiParts): void {
  app.get(
    '/api/v1/shifts',
    {
      config: may('sales.read', 'rows'),
      schema: { summary: 'Closed shifts, newest first', querystring: ShiftQuery, response: ok(ShiftZList) },
    },
    async ({ query }) => {
      const [closedAtMs, tillId, shiftId] = placeOf(query.cursor, 3);
      const rows = await db.query<z.infer<typeof ShiftZ>>(
        `select z.store_id as "storeId", z.till_id as "tillId", t.code as "tillCode", z.shift_id as "shiftId",
           z.z_no as "zNo", z.business_date as "businessDate", z.opened_at as "openedAtMs",
           z.closed_at as "closedAtMs", z.cashier_id as "cashierId", p.data->>'name' as "cashierName", z.total_minor as "totalMinor",
           z.expected_minor as "expectedMinor", z.counted_minor as "countedMinor",
           z.counted_minor - z.expected_minor as "differenceMinor", z.differs
         from shift_z z join till t using (till_id) left join staff p on p.staff_id = z.cashier_id
         where ($1::text is null or z.store_id = $1) and ($2::date is null or z.business_date >= $2::date)
           and ($3::date is null or z.business_date <= $3::date)
           and ($5::float8 is null or (z.closed_at, z.till_id, z.shift_id) < (to_timestamp($5::float8 / 1000), $6, $7))
         order by z.closed_at desc, z.till_id desc, z.shift_id desc limit $4`,
        [
          ...[query.storeId ?? null, query.from ?? null, query.to ?? null, query.limit + 1],
          ...[closedAtMs ?? null, tillId ?? null, shiftId ?? null],
        ],
      );
      const page = pageRead(rows, query, (row) => [row.closedAtMs, row.tillId, row.shiftId]);
      return { shifts: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/api/v1/alerts',
    {
      config: may('sales.read', 'rows'),
      schema: {
        summary: 'Sales that somebody must look at, newest first',
        querystring: AlertQuery,
        response: ok(SaleAlertList),
      },
    },
    async ({ query }) => {
      const [atMs, storeId, saleId, kind] = placeOf(query.cursor, 4);
      const rows = await db.query<z.infer<typeof SaleAlert>>(
        `select store_id as "storeId", sale_id as "saleId", kind, detail, at as "atMs" from sale_alert
         where ($1::text is null or store_id = $1) and ($2::text is null or kind = $2)
           and ($4::float8 is null or (at, store_id, sale_id, kind) < (to_timestamp($4::float8 / 1000), $5, $6, $7))
         order by at desc, store_id desc, sale_id desc, kind desc limit $3`,
        [
          ...[query.storeId ?? null, query.kind ?? null, query.limit + 1],
          ...[atMs ?? null, storeId ?? null, saleId ?? null, kind ?? null],
        ],
      );
      const page = pageRead(rows, query, (row) => [row.atMs, row.storeId, row.saleId, row.kind]);
      return { alerts: page.rows, nextCursor: page.nextCursor };
    },
  );
}
