/**
 * Sales for HQ's screens: lists, and one sale down to the receipt that the customer saw.
 */
import { chainCode, type JournalEntry } from '../../src/core/entry.ts';
import { cardTail } from '../../src/core/loyalty.ts';
import { receiptOf } from '../../src/core/receipt.ts';
import type { SignReceipt } from '../../src/core/receipt-token.ts';
import type { Tender } from '../../src/core/tender.ts';
import { receiptSvg } from '../../src/devices/print.ts';
import { storeById } from '../catalog/catalog.ts';
import type { Queryable } from '../db/db.ts';
import { memberById } from '../members/members.ts';
import { Params } from '../segments/params.ts';
import { type SaleFilter, saleConditions } from './sale-filter.ts';
import type { SaleDetail, SaleList, SaleRow } from './schemas.ts';

const ROW_COLUMNS = `s.sale_id as id, s.kind, s.receipt_no as "receiptNo", s.store_id as "storeId", s.till_id as "tillId",
  t.code as "tillCode", s.channel, s.business_date as "businessDate", s.at as "atMs", s.currency,
  cardinality(s.line_no) as lines, s.pieces, s.total_minor as "totalMinor", s.adjustment_minor as "adjustmentMinor",
  s.member_id as "memberId", s.flags`;

/** Newest first. The cursor is the last row's time and id, so new sales never shift a page. */
export async function listSales(
  db: Queryable,
  filter: SaleFilter & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Omit<SaleList, 'asOfMs'>> {
  const after = parseCursor(filter.cursor);
  const params = new Params();
  const conditions = saleConditions(filter, params);
  if (after !== null) {
    const [atMs, id] = [params.add(after.atMs, 'float8'), params.add(after.id)];
    conditions.push(`(s.at, s.sale_id) < (to_timestamp(${atMs} / 1000), ${id})`);
  }
  const rows = await db.query<SaleRow>(
    `select ${ROW_COLUMNS} from sale s join till t using (till_id)
     ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
     order by s.at desc, s.sale_id desc limit ${params.add(filter.limit + 1, 'int')}`,
    params.values,
  );
  const sales = rows.slice(0, filter.limit);
  const last = sales.at(-1);
  const nextCursor = rows.length > filter.limit && last !== undefined ? `${last.atMs}~${last.id}` : null;
  return { sales, nextCursor };
}

function parseCursor(cursor: string | undefined): { atMs: number; id: string } | null {
  const match = /^(\d{1,16})~(.{1,64})$/.exec(cursor ?? '');
  return match ? { atMs: Number(match[1]), id: match[2]! } : null;
}

export async function salesByIds(db: Queryable, saleIds: readonly string[]): Promise<SaleRow[]> {
  return db.query<SaleRow>(
    `select ${ROW_COLUMNS} from sale s join till t using (till_id) where s.sale_id = any($1::text[]) order by s.at`,
    [saleIds],
  );
}

/** @param sign with HQ's key: the QR of the receipt as HQ shows it */
export async function saleDetail(
  db: Queryable,
  saleId: string,
  sign: SignReceipt,
): Promise<SaleDetail | null> {
  const [row] = await db.query<
    SaleRow & { text: string; hash: string; receivedAtMs: number; cashierName: string | null }
  >(
    `select ${ROW_COLUMNS}, e.text, e.hash, e.received_at as "receivedAtMs", p.data->>'name' as "cashierName"
     from sale s join till t using (till_id) join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
       left join staff p on p.staff_id = s.cashier_id
     where s.sale_id = $1`,
    [saleId],
  );
  if (row === undefined) return null;
  const { text, hash, receivedAtMs, cashierName, ...sale } = row;
  // The entry is the truth; the row beside it is a projection of it.
  const entry = JSON.parse(text) as JournalEntry & { kind: 'sale' };
  const { body } = entry;
  const store = await storeById(db, sale.storeId);
  const member = body.memberId === null ? null : await memberById(db, body.memberId);
  const receipt = receiptOf({
    sale: body,
    store: store!,
    atMs: entry.atMs,
    businessDate: entry.businessDate,
    // An order of a channel is no receipt of a till.
    ...(sale.channel === null ? { sign } : {}),
    cashierName: entry.cashierId,
    entryHash: hash,
    memberTail: member === null ? null : cardTail(member.cardNo),
    copy: false,
  });
  return {
    sale,
    lines: body.lines.map((line) => ({
      ...line,
      adjustments: line.adjustments.map((adjustment) => ({ ...adjustment })),
    })),
    taxes: body.taxes.map((tax) => ({ ...tax })),
    taxMode: body.taxMode,
    grossMinor: body.grossMinor,
    taxMinor: body.taxMinor,
    roundingMinor: body.roundingMinor,
    changeMinor: body.changeMinor,
    tenders: body.tenders.map((tender) => ({
      kind: tender.kind,
      amountMinor: tender.amountMinor,
      detail: tenderDetail(tender),
    })),
    rulesVersion: body.rulesVersion,
    cashierId: entry.cashierId,
    cashierName,
    member:
      member === null
        ? null
        : { id: member.id, name: member.name, cardNo: member.cardNo, tierId: member.tierId },
    refundOf: body.refundOf,
    chain: { journalId: entry.journalId, seq: entry.seq, hash, code: chainCode(hash), receivedAtMs },
    receiptSvg: receiptSvg(receipt),
  };
}

/** What tells one payment from another of its kind. */
function tenderDetail(tender: Tender): string | null {
  switch (tender.kind) {
    case 'cash':
    case 'stored_value':
      return null;
    case 'card':
      return `${tender.card.brand} **** ${tender.card.last4} · ${tender.card.approval}`;
    case 'wallet':
      return `${tender.wallet.wallet} · ${tender.wallet.ref}`;
    case 'points':
      return String(tender.points);
    case 'gift_card':
      return `**** ${tender.giftCardId.slice(-4)}`;
    case 'voucher':
      return tender.voucherNo;
  }
}
