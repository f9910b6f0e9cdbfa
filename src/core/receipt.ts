/**
 * Receipts: a sale as a document that any printer, screen or picture can show.
 *
 * Pure. Blocks carry words and structure, never bytes. A reprint makes the same document with `copy` set.
 */
import { chainCode } from './entry.ts';
import { type Locale, nameIn } from './item.ts';
import { formatMinor } from './money.ts';
import type { PricedLine } from './pricing.ts';
import { reasonText } from './reason.ts';
import type { Sale } from './sale.ts';
import { localDateTime } from './shift.ts';
import type { Store } from './store.ts';
import { tenderText } from './tender-words.ts';

export type Align = 'left' | 'center' | 'right';

export type ReceiptBlock =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly align?: Align;
      readonly size?: 1 | 2;
      readonly bold?: boolean;
    }
  /** Left text, right text on one line; the left side wraps. */
  | {
      readonly type: 'pair';
      readonly left: string;
      readonly right: string;
      readonly size?: 1 | 2;
      readonly bold?: boolean;
    }
  | { readonly type: 'rule' }
  | { readonly type: 'qr'; readonly data: string }
  | { readonly type: 'barcode'; readonly data: string }
  | { readonly type: 'feed'; readonly lines: number };

export interface ReceiptDoc {
  readonly locale: Locale;
  /** Opens the drawer before the paper comes. */
  readonly openDrawer: boolean;
  readonly blocks: readonly ReceiptBlock[];
}

export interface ReceiptFacts {
  readonly sale: Sale;
  readonly store: Store;
  readonly atMs: number;
  readonly cashierName: string;
  /** Hash of the sale's journal entry: printed in short, so that a slip without an entry is found out. */
  readonly entryHash: string;
  readonly memberTail: string | null;
  readonly copy: boolean;
}

export function receiptOf(facts: ReceiptFacts): ReceiptDoc {
  const { sale, store } = facts;
  const words = WORDS[store.locale];
  return {
    locale: store.locale,
    openDrawer: !facts.copy && sale.tenders.some((tender) => tender.kind === 'cash'),
    blocks: [
      ...headBlocks(facts, words),
      { type: 'rule' },
      ...sale.lines.flatMap((line) => lineBlocks(line, store)),
      { type: 'rule' },
      ...totalBlocks(sale, store, words),
      ...tailBlocks(facts, words),
    ],
  };
}

function headBlocks(facts: ReceiptFacts, words: Words): ReceiptBlock[] {
  const { sale, store } = facts;
  const mark: ReceiptBlock[] = facts.copy
    ? [{ type: 'text', text: words.copy, align: 'center', size: 2, bold: true }]
    : [];
  const title: ReceiptBlock[] =
    sale.kind === 'refund'
      ? [{ type: 'text', text: words.refund, align: 'center', size: 2, bold: true }]
      : [];
  const of: ReceiptBlock[] =
    sale.refundOf === null ? [] : [{ type: 'pair', left: words.refundOf, right: sale.refundOf.receiptNo }];
  return [
    ...mark,
    { type: 'text', text: nameIn(store, store.locale), align: 'center', size: 2, bold: true },
    ...store.address.map((text): ReceiptBlock => ({ type: 'text', text, align: 'center' })),
    ...title,
    { type: 'pair', left: words.receiptNo, right: sale.receiptNo },
    ...of,
    { type: 'pair', left: words.time, right: localDateTime(facts.atMs, store.timeZone) },
    { type: 'pair', left: words.cashier, right: facts.cashierName },
  ];
}

function lineBlocks(line: PricedLine, store: Store): ReceiptBlock[] {
  const { digits } = store.currency;
  const price = formatMinor(line.unitPriceMinor, digits);
  const quantity =
    line.weightG === null
      ? `${line.qty} × ${price}`
      : `${line.qty < 0 ? '-' : ''}${formatMinor(line.weightG, 3)} kg × ${price}`;
  return [
    { type: 'text', text: line.name },
    { type: 'pair', left: `  ${quantity}`, right: formatMinor(line.grossMinor, digits) },
    ...line.adjustments.map(
      (adjustment): ReceiptBlock => ({
        type: 'pair',
        left: `  ${reasonText(adjustment.reason, store.locale, digits)}`,
        right: formatMinor(adjustment.amountMinor, digits),
      }),
    ),
  ];
}

function totalBlocks(sale: Sale, store: Store, words: Words): ReceiptBlock[] {
  const { digits, symbol } = store.currency;
  const money = (amountMinor: number) => formatMinor(amountMinor, digits);
  const blocks: ReceiptBlock[] = [];
  const pieces = sale.lines.reduce((sum, line) => sum + Math.abs(line.qty), 0);
  // A refund gives back what was paid: it lists no savings of its own.
  if (sale.adjustmentMinor !== 0 && sale.kind === 'sale') {
    blocks.push({ type: 'pair', left: words.list(pieces), right: money(sale.grossMinor) });
    blocks.push({ type: 'pair', left: words.saved, right: money(sale.adjustmentMinor) });
  } else {
    blocks.push({ type: 'pair', left: words.pieces, right: String(pieces) });
  }
  for (const tax of sale.taxes.filter((candidate) => candidate.taxMinor !== 0)) {
    const label = sale.taxMode === 'inclusive' ? words.taxIncluded : words.taxAdded;
    blocks.push({ type: 'pair', left: `${label} ${formatRate(tax.rateBp)}`, right: money(tax.taxMinor) });
  }
  blocks.push({
    type: 'pair',
    left: words.total,
    right: signedMoney(sale.totalMinor, symbol, digits),
    size: 2,
    bold: true,
  });
  if (sale.roundingMinor !== 0) {
    blocks.push({ type: 'pair', left: words.rounding, right: money(sale.roundingMinor) });
  }
  for (const tender of sale.tenders) {
    blocks.push({ type: 'pair', left: tenderText(tender, store.locale), right: money(tender.amountMinor) });
  }
  if (sale.changeMinor !== 0)
    blocks.push({ type: 'pair', left: words.change, right: money(sale.changeMinor) });
  return blocks;
}

function tailBlocks(facts: ReceiptFacts, words: Words): ReceiptBlock[] {
  const { sale, store, memberTail } = facts;
  const member: ReceiptBlock[] =
    memberTail === null ? [] : [{ type: 'pair', left: words.member, right: `**** ${memberTail}` }];
  return [
    ...member,
    { type: 'rule' },
    ...store.footer.map((text): ReceiptBlock => ({ type: 'text', text, align: 'center' })),
    { type: 'barcode', data: sale.receiptNo },
    { type: 'text', text: `${words.chain} ${chainCode(facts.entryHash)}`, align: 'center' },
  ];
}

/** `-￥27.36`: the sign stands before the symbol. */
function signedMoney(amountMinor: number, symbol: string, digits: number): string {
  return `${amountMinor < 0 ? '-' : ''}${symbol}${formatMinor(Math.abs(amountMinor), digits)}`;
}

/** 1300 basis points are `13%`, 825 are `8.25%`. */
export function formatRate(rateBp: number): string {
  return `${formatMinor(rateBp, 2).replace(/\.?0+$/, '')}%`;
}

interface Words {
  readonly copy: string;
  readonly refund: string;
  readonly receiptNo: string;
  readonly refundOf: string;
  readonly time: string;
  readonly cashier: string;
  readonly pieces: string;
  readonly list: (pieces: number) => string;
  readonly saved: string;
  readonly taxIncluded: string;
  readonly taxAdded: string;
  readonly total: string;
  readonly rounding: string;
  readonly change: string;
  readonly member: string;
  readonly chain: string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    copy: '副本',
    refund: '退货单',
    receiptNo: '单号',
    refundOf: '原单号',
    time: '时间',
    cashier: '收银员',
    pieces: '件数',
    list: (pieces) => `原价 ${pieces} 件`,
    saved: '共省',
    taxIncluded: '含税',
    taxAdded: '税',
    total: '合计',
    rounding: '现金抹零',
    change: '找零',
    member: '会员',
    chain: '凭证码',
  },
  'zh-TW': {
    copy: '副本',
    refund: '退貨單',
    receiptNo: '單號',
    refundOf: '原單號',
    time: '時間',
    cashier: '收銀員',
    pieces: '件數',
    list: (pieces) => `原價 ${pieces} 件`,
    saved: '共省',
    taxIncluded: '含稅',
    taxAdded: '稅',
    total: '合計',
    rounding: '現金尾差',
    change: '找零',
    member: '會員',
    chain: '憑證碼',
  },
  en: {
    copy: 'COPY',
    refund: 'REFUND',
    receiptNo: 'Receipt',
    refundOf: 'Refund of',
    time: 'Time',
    cashier: 'Cashier',
    pieces: 'Items',
    list: (pieces) => `List price, ${pieces} items`,
    saved: 'You save',
    taxIncluded: 'Includes tax',
    taxAdded: 'Tax',
    total: 'TOTAL',
    rounding: 'Cash rounding',
    change: 'Change',
    member: 'Member',
    chain: 'Proof',
  },
};
