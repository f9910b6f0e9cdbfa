/**
 * From a journal entry to the row that HQ's figures read, or the reason why it cannot be one.
 *
 * Pure. What breaks the books (sums that do not hold, a wrong shape) is set aside; what is merely odd is flagged and stands:
 * the goods have left the shop.
 */
import { z } from 'zod';
import type { JournalEntry } from '../../src/core/entry.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { imbalanceOf, type Sale } from '../../src/core/sale.ts';
import type { CopyTable, CopyValue } from '../db/copy.ts';
import { isPlainSale } from './plain-sale.ts';

/** The columns of table `sale` that a till's entry fills, and how each is sent. */
export const SALE_TABLE = {
  name: 'sale',
  columns: {
    store_id: 'text',
    sale_id: 'text',
    till_id: 'text',
    journal_id: 'text',
    seq: 'int8',
    kind: 'text',
    receipt_no: 'text',
    business_date: 'date',
    at: 'timestamptz',
    local_hour: 'int4',
    cashier_id: 'text',
    shift_id: 'text',
    member_id: 'text',
    currency: 'text',
    rules_version: 'text',
    tax_mode: 'text',
    gross_minor: 'int8',
    adjustment_minor: 'int8',
    tax_minor: 'int8',
    total_minor: 'int8',
    rounding_minor: 'int8',
    change_minor: 'int8',
    pieces: 'int8',
    line_no: 'int4[]',
    line_sku: 'text[]',
    line_gtin: 'text[]',
    line_name: 'text[]',
    line_qty: 'int4[]',
    line_weight_g: 'int4[]',
    line_unit_price_minor: 'int8[]',
    line_gross_minor: 'int8[]',
    line_net_minor: 'int8[]',
    line_tax_rate_bp: 'int4[]',
    line_tax_minor: 'int8[]',
    line_adjustments: 'jsonb',
    line_back: 'jsonb',
    tenders: 'jsonb',
    points: 'jsonb',
    priced: 'jsonb',
    taxes: 'jsonb',
    tender_kind: 'text[]',
    tender_amount_minor: 'int8[]',
    refund_of_sale_id: 'text',
    refund_of_receipt_no: 'text',
    flags: 'text[]',
    channel: 'text',
  },
} as const satisfies CopyTable;

/** A row of `sale`: JSON as text, times as epoch milliseconds. */
export type SaleRecord = Readonly<Record<keyof typeof SALE_TABLE.columns, CopyValue>> & {
  readonly store_id: string;
  readonly sale_id: string;
  readonly seq: number;
  readonly kind: Sale['kind'];
  readonly business_date: string;
  readonly at: number;
  readonly member_id: string | null;
  readonly currency: string;
  readonly total_minor: number;
  readonly pieces: number;
};

/** Ten times what a till can ring up. Ninety sales of it still add up to a safe integer: no one sale makes HQ unreadable. */
export const MINOR_MAX = 100_000_000_000_000;
const minor = z.int().min(-MINOR_MAX).max(MINOR_MAX);
export const SaleShape = z.object({
  id: z.string().min(1).max(64),
  kind: z.enum(['sale', 'refund', 'exchange']),
  receiptNo: z.string().min(1).max(64),
  receiptSeq: z.int().min(1),
  storeId: z.string(),
  currency: z.string().max(8),
  memberId: z.string().max(64).nullable(),
  rulesVersion: z.string().max(128),
  taxMode: z.enum(['inclusive', 'exclusive']),
  lines: z
    .array(
      z.object({
        lineNo: z.int(),
        sku: z.string(),
        gtin: z.string().nullable(),
        name: z.string(),
        qty: z.int(),
        weightG: z.int().nullable(),
        unitPriceMinor: minor,
        grossMinor: minor,
        netMinor: minor,
        taxRateBp: z.int(),
        taxMinor: minor,
        adjustments: z.array(
          z.object({ ruleId: z.string(), amountMinor: minor, reason: z.looseObject({ kind: z.string() }) }),
        ),
        back: z
          .object({ saleId: z.string().max(64), receiptNo: z.string().max(64), lineNo: z.int() })
          .loose()
          .optional(),
      }),
    )
    .min(1),
  taxes: z.array(z.object({ taxCode: z.string(), rateBp: z.int(), baseMinor: minor, taxMinor: minor })),
  grossMinor: minor,
  adjustmentMinor: minor,
  taxMinor: minor,
  totalMinor: minor,
  roundingMinor: minor,
  changeMinor: minor,
  tenders: z.array(z.looseObject({ kind: z.string(), amountMinor: minor })),
  refundOf: z.object({ saleId: z.string(), receiptNo: z.string() }).nullable(),
  points: z.object({ programme: z.string().max(64), earned: z.int(), byLine: z.array(z.int()) }).nullish(),
  priced: z.looseObject({ kernel: z.int() }).optional(),
});

export interface RowFacts {
  readonly entry: JournalEntry & { readonly kind: 'sale' };
  /** The store that the till belongs to, and its zone. */
  readonly storeId: string;
  readonly localHour: number;
  readonly currency: string;
  /** null: sold at a till. */
  readonly channel: string | null;
}

export function saleRecordOf({
  entry,
  storeId,
  localHour,
  currency,
  channel,
}: RowFacts): Result<SaleRecord, string> {
  const shaped = shapeOf(entry.body);
  if (!shaped.ok) return shaped;
  const sale = shaped.value;
  let imbalance: string | null;
  try {
    imbalance = imbalanceOf(entry.body as Sale);
  } catch (cause) {
    imbalance = (cause as Error).message;
  }
  if (imbalance !== null) return err(`sums: ${imbalance}`);
  const { lines } = sale;
  return ok({
    store_id: storeId,
    sale_id: sale.id,
    till_id: entry.tillId,
    journal_id: entry.journalId,
    seq: entry.seq,
    kind: sale.kind,
    receipt_no: sale.receiptNo,
    business_date: entry.businessDate,
    at: entry.atMs,
    local_hour: localHour,
    cashier_id: entry.cashierId,
    shift_id: entry.shiftId,
    member_id: sale.memberId,
    currency: sale.currency,
    rules_version: sale.rulesVersion,
    tax_mode: sale.taxMode,
    gross_minor: sale.grossMinor,
    adjustment_minor: sale.adjustmentMinor,
    tax_minor: sale.taxMinor,
    total_minor: sale.totalMinor,
    rounding_minor: sale.roundingMinor,
    change_minor: sale.changeMinor,
    pieces: lines.reduce((sum, line) => sum + line.qty, 0),
    line_no: lines.map((line) => line.lineNo),
    line_sku: lines.map((line) => line.sku),
    line_gtin: lines.map((line) => line.gtin),
    line_name: lines.map((line) => line.name),
    line_qty: lines.map((line) => line.qty),
    line_weight_g: lines.map((line) => line.weightG),
    line_unit_price_minor: lines.map((line) => line.unitPriceMinor),
    line_gross_minor: lines.map((line) => line.grossMinor),
    line_net_minor: lines.map((line) => line.netMinor),
    line_tax_rate_bp: lines.map((line) => line.taxRateBp),
    line_tax_minor: lines.map((line) => line.taxMinor),
    line_adjustments: JSON.stringify(lines.map((line) => line.adjustments)),
    line_back: lines.some(({ back }) => back !== undefined)
      ? JSON.stringify(lines.map(({ back }) => back ?? null))
      : null,
    tenders: JSON.stringify(sale.tenders),
    points: jsonOrNull(sale.points),
    priced: jsonOrNull(sale.priced),
    taxes: JSON.stringify(sale.taxes),
    tender_kind: sale.tenders.map((tender) => tender.kind),
    tender_amount_minor: sale.tenders.map((tender) => tender.amountMinor),
    refund_of_sale_id: sale.refundOf?.saleId ?? null,
    refund_of_receipt_no: sale.refundOf?.receiptNo ?? null,
    flags: [
      ...(sale.storeId === storeId ? [] : ['other_store']),
      ...(sale.currency === currency ? [] : ['other_currency']),
    ],
    channel,
  });
}

function shapeOf(body: Sale): Result<z.infer<typeof SaleShape> | Sale, string> {
  if (isPlainSale(body, MINOR_MAX)) return ok(body);
  const parsed = SaleShape.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err(`shape: ${issue?.path.join('.')}: ${issue?.message}`);
}

function jsonOrNull(value: object | null | undefined): string | null {
  return value == null ? null : JSON.stringify(value);
}
