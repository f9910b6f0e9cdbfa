/** The fraud lens: each pattern is found where it was put, on both engines, and an ordinary day shows nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../cloud/db/db.ts';
import { type LensKind, lensFindings } from '../../cloud/hq/lens.ts';
import { ENGINES } from '../kit/cloud.ts';
import { openTestDb } from '../kit/db.ts';

const DAY = '2026-11-21';
const NOON_MS = Date.parse(`${DAY}T12:00:00Z`);

interface Rung {
  readonly seq: number;
  readonly cashierId: string;
  readonly minutes: number;
  readonly kind?: 'sale' | 'refund';
  readonly memberId?: string;
  readonly refundOf?: number;
  readonly tender?: string;
  /** Receipt number; else the seq. */
  readonly number?: number;
}

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
    await db.query(
      `insert into store (store_id, data, updated_at) values ('S01', '{"timeZone":"UTC"}', to_timestamp(0)), ('S02', '{"timeZone":"UTC"}', to_timestamp(0))`,
    );
    await db.query(
      `insert into till (till_id, store_id, code) values ('T1', 'S01', 'A01'), ('T2', 'S02', 'B01')`,
    );
    // An honest cashier: sales, a refund the next hour, the drawer opened once.
    for (let seq = 1; seq <= 5; seq++) await ring('T2', { seq, cashierId: 'ann', minutes: seq * 10 });
    await ring('T2', { seq: 6, cashierId: 'ann', minutes: 100, kind: 'refund', refundOf: 2 });
    await opened('T2', 7, 'ann');
    // The others, each with a habit of their own.
    for (const seq of [1, 2, 3]) await opened('T1', seq, 'bob');
    for (const seq of [4, 6]) {
      await ring('T1', { seq, cashierId: 'cai', minutes: seq * 10 });
      await ring('T1', {
        seq: seq + 1,
        cashierId: 'cai',
        minutes: seq * 10 + 2,
        kind: 'refund',
        refundOf: seq,
      });
    }
    for (const seq of [8, 9, 10])
      await ring('T1', { seq, cashierId: 'dan', minutes: seq * 10, kind: 'refund' });
    await ring('T1', { seq: 11, cashierId: 'eva', minutes: 110, memberId: 'm-1' });
    await ring('T1', { seq: 12, cashierId: 'eva', minutes: 120, memberId: 'm-1', tender: 'points' });
    await ring('T1', {
      seq: 13,
      cashierId: 'eva',
      minutes: 150,
      kind: 'refund',
      refundOf: 11,
      memberId: 'm-1',
    });
    for (const seq of [14, 15, 16])
      await ring('T1', { seq, cashierId: 'fay', minutes: seq * 10, memberId: 'm-2' });
    await ring('T1', { seq: 17, cashierId: 'gus', minutes: 170, number: 20 });
  }, 60_000);
  afterAll(() => db?.close());

  test('each habit is found once, with its rows and what it moved; the honest cashier is not', async () => {
    const findings = await lensFindings(db, { from: DAY, to: DAY, storeId: null });
    const told = findings.map(({ kind, cashierId, count, amountMinor, rows }) => [
      kind,
      cashierId,
      count,
      amountMinor,
      rows.map(({ seq }) => seq),
    ]);
    const expected: [LensKind, string | null, number, number | null, number[]][] = [
      ['drawer_without_sale', 'bob', 3, null, [3, 2, 1]],
      ['own_card', 'fay', 3, 3_000, [16, 15, 14]],
      ['receipt_gap', null, 1, null, [17]],
      ['refund_keeps_points', 'eva', 1, -1_000, [13]],
      ['refund_without_receipt', 'dan', 3, -3_000, [10, 9, 8]],
      ['void_after_print', 'cai', 2, -2_000, [7, 5]],
    ];
    expect(told.toSorted()).toEqual(expected);
    expect(findings[0]!.rows[0]).toMatchObject({ tillId: 'T1', journalId: 'j-T1' });
  });

  test('another store, or another day, shows nothing', async () => {
    expect(await lensFindings(db, { from: DAY, to: DAY, storeId: 'S02' })).toEqual([]);
    expect(await lensFindings(db, { from: '2026-11-22', to: '2026-11-30', storeId: null })).toEqual([]);
  });

  async function ring(tillId: string, rung: Rung): Promise<void> {
    const {
      seq,
      cashierId,
      minutes,
      kind = 'sale',
      memberId = null,
      refundOf,
      tender = 'cash',
      number,
    } = rung;
    const total = kind === 'sale' ? 1_000 : -1_000;
    await db.query(
      `insert into sale (store_id, sale_id, till_id, journal_id, seq, kind, receipt_no, business_date, at, local_hour,
         cashier_id, shift_id, member_id, currency, rules_version, tax_mode, gross_minor, adjustment_minor, tax_minor,
         total_minor, rounding_minor, change_minor, pieces, line_no, line_sku, line_gtin, line_name, line_qty,
         line_weight_g, line_unit_price_minor, line_gross_minor, line_net_minor, line_tax_rate_bp, line_tax_minor,
         line_adjustments, taxes, tender_kind, tender_amount_minor, refund_of_sale_id, flags)
       select t.store_id, t.till_id || '-' || $2::text, t.till_id, 'j-' || t.till_id, $2::bigint, $3, t.code || '-' || lpad($4::text, 6, '0'),
         $5::date, to_timestamp($6::float8 / 1000), 12, $7, 'sh', $8, 'CNY', 'v1', 'inclusive', $9::bigint, 0, 0, $9::bigint, 0, 0, 1,
         '{1}', '{K1}', '{null}', '{Tea}', '{1}', '{null}', array[$9::bigint], array[$9::bigint], array[$9::bigint], '{0}', '{0}', '[[]]', '[]',
         array[$10::text], array[$9::bigint], t.till_id || '-' || $11::text, '{}'
       from till t where t.till_id = $1`,
      [
        ...[tillId, seq, kind, number ?? seq, DAY, NOON_MS + minutes * 60_000, cashierId, memberId, total],
        ...[tender, refundOf ?? null],
      ],
    );
  }

  async function opened(tillId: string, seq: number, cashierId: string): Promise<void> {
    const text = JSON.stringify({ cashierId, atMs: NOON_MS + seq, businessDate: DAY, kind: 'drawer_opened' });
    await db.query(
      `insert into journal_entry (journal_id, seq, till_id, kind, hash, text, received_at)
       values ('j-' || $1::text, $2, $1, 'drawer_opened', '', $3, to_timestamp($4::float8 / 1000))`,
      [tillId, seq, text, NOON_MS],
    );
  }
});
