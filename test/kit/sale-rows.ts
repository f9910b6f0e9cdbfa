/** Rows of `sale` for tests of figures: as plain as they come, stored the way ingest stores them. */
import type { Db, Queryable } from '../../cloud/db/db.ts';
import { type MemberSale, onSalesStored } from '../../cloud/segments/rollup.ts';

export interface LineFacts {
  readonly sku: string;
  readonly qty: number;
  readonly netMinor: number;
}

export interface SaleRowFacts {
  readonly id: string;
  readonly memberId: string | null;
  /** `YYYY-MM-DD`. */
  readonly on: string;
  readonly storeId?: string;
  readonly kind?: 'sale' | 'refund' | 'exchange';
  /** Minor units; negative for a refund. One piece of `X` when no lines are given. */
  readonly totalMinor?: number;
  readonly lines?: readonly LineFacts[];
  readonly currency?: string;
  readonly atMs?: number;
}

/** In one transaction: the rows, then the rollup. */
export async function storeSales(db: Db, sales: readonly SaleRowFacts[]): Promise<void> {
  await db.transaction(async (tx) => {
    await insertSaleRows(tx, sales);
    const ids = sales.map(({ id }) => id);
    await onSalesStored(tx, await memberSales(tx, ids));
  });
}

/** Of sales that are stored. */
export function memberSales(tx: Queryable, saleIds: readonly string[]): Promise<MemberSale[]> {
  return tx.query<MemberSale>(
    `select member_id as "memberId", store_id as "storeId", currency, kind, business_date as "businessDate",
       total_minor as "totalMinor", pieces
     from member_sale where sale_id = any($1::text[])`,
    [saleIds],
  );
}

export async function insertSaleRows(tx: Queryable, sales: readonly SaleRowFacts[]): Promise<void> {
  await tx.query('insert into sale select * from jsonb_populate_recordset(null::sale, $1::jsonb)', [
    JSON.stringify(sales.map(saleRowOf)),
  ]);
}

let nextSeq = 1;

function saleRowOf(facts: SaleRowFacts): object {
  const kind = facts.kind ?? 'sale';
  const sign = kind === 'refund' ? -1 : 1;
  const lines = facts.lines ?? [{ sku: 'X', qty: sign, netMinor: facts.totalMinor ?? 0 }];
  const totalMinor = facts.totalMinor ?? lines.reduce((sum, { netMinor }) => sum + netMinor, 0);
  const of = <T>(value: (line: LineFacts, index: number) => T) => lines.map(value);
  return {
    store_id: facts.storeId ?? 'S01',
    sale_id: facts.id,
    till_id: 'T',
    journal_id: 'J',
    seq: nextSeq++,
    kind,
    receipt_no: `R-${facts.id}`.slice(0, 64),
    business_date: facts.on,
    at: new Date(facts.atMs ?? Date.parse(`${facts.on}T08:00:00Z`)).toISOString(),
    local_hour: 8,
    cashier_id: '01',
    shift_id: 'T/1',
    member_id: facts.memberId,
    currency: facts.currency ?? 'CNY',
    rules_version: 'v1',
    tax_mode: 'inclusive',
    gross_minor: totalMinor,
    adjustment_minor: 0,
    tax_minor: 0,
    total_minor: totalMinor,
    rounding_minor: 0,
    change_minor: 0,
    pieces: of(({ qty }) => qty).reduce((sum, qty) => sum + qty, 0),
    line_no: of((_line, index) => index + 1),
    line_sku: of(({ sku }) => sku),
    line_gtin: of(() => null),
    line_name: of(({ sku }) => sku),
    line_qty: of(({ qty }) => qty),
    line_weight_g: of(() => null),
    line_unit_price_minor: of(() => 0),
    line_gross_minor: of(({ netMinor }) => netMinor),
    line_net_minor: of(({ netMinor }) => netMinor),
    line_tax_rate_bp: of(() => 0),
    line_tax_minor: of(() => 0),
    line_adjustments: of(() => []),
    taxes: [],
    tender_kind: [],
    tender_amount_minor: [],
    refund_of_sale_id: null,
    refund_of_receipt_no: null,
    flags: [],
  };
}
