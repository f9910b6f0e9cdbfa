/**
 * Receipts: a sale as a document that any printer, screen or picture can show.
 *
 * Pure. Blocks carry words and structure, never bytes. A reprint makes the same document with `copy` set.
 */
import { chainCode } from './entry.ts';
import { type Locale, nameIn } from './item.ts';
import { formatMinor, sumMinor } from './money.ts';
import type { PackFacts } from './pack.ts';
import type { PricedLine } from './pricing.ts';
import { reasonText } from './reason.ts';
import { receiptQr, type SignReceipt } from './receipt-token.ts';
import { RECEIPT_WORDS, type ReceiptWords } from './receipt-words.ts';
import type { Sale } from './sale.ts';
import { localDateTime } from './shift.ts';
import type { Store } from './store.ts';
import type { Tender } from './tender.ts';
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
  /** For a customer: the shop's logo stands at its head, where the till has one. */
  readonly letterhead?: true;
  readonly blocks: readonly ReceiptBlock[];
}

export interface ReceiptFacts {
  readonly sale: Sale;
  readonly store: Store;
  readonly atMs: number;
  /** Of the sale's entry: with it the receipt carries a QR. */
  readonly businessDate?: string;
  /** Signs the QR; not given: only a sale that holds its signature has one. */
  readonly sign?: SignReceipt;
  readonly cashierName: string;
  /** Hash of the sale's journal entry: printed in short, so that a slip without an entry is found out. */
  readonly entryHash: string;
  readonly memberTail: string | null;
  /** What the member has after this sale, as far as the till knows; not printed where nobody knows. */
  readonly pointsBalance?: number | null;
  readonly copy: boolean;
  /** For who gets the goods as a present: no prices, no tenders. */
  readonly gift?: boolean;
}

export function receiptOf(facts: ReceiptFacts): ReceiptDoc {
  const { sale, store } = facts;
  const words = RECEIPT_WORDS[store.locale];
  const opens = !facts.copy && facts.gift !== true;
  return {
    locale: store.locale,
    openDrawer: opens && sale.tenders.some((tender) => tender.kind === 'cash'),
    letterhead: true,
    blocks: [
      ...headBlocks(facts, words),
      { type: 'rule' },
      ...(facts.gift === true
        ? giftBlocks(sale, words)
        : [
            ...goodsBlocks(sale, store, words),
            { type: 'rule' } as const,
            ...totalBlocks(sale, store, words),
            ...tenderBlocks(sale, store, words),
            ...memberBlocks(facts, words),
          ]),
      ...tailBlocks(facts, words),
    ],
  };
}

const loud = (text: string): ReceiptBlock => ({ type: 'text', text, align: 'center', size: 2, bold: true });
const middle = (text: string): ReceiptBlock => ({ type: 'text', text, align: 'center' });
const pair = (left: string, right: string): ReceiptBlock => ({ type: 'pair', left, right });

function headBlocks(facts: ReceiptFacts, words: ReceiptWords): ReceiptBlock[] {
  const { sale, store } = facts;
  const title = facts.gift === true ? words.gift : sale.kind === 'sale' ? null : words[sale.kind];
  return [
    ...(facts.copy ? [loud(words.copy)] : []),
    loud(nameIn(store, store.locale)),
    ...store.address.map(middle),
    ...(title === null ? [] : [loud(title)]),
    pair(words.receiptNo, sale.receiptNo),
    ...(sale.refundOf === null ? [] : [pair(words.refundOf, sale.refundOf.receiptNo)]),
    pair(words.time, localDateTime(facts.atMs, store.timeZone)),
    pair(words.cashier, facts.cashierName),
  ];
}

/** What comes back stands first, each under its heading where both are there. */
function goodsBlocks(sale: Sale, store: Store, words: ReceiptWords): ReceiptBlock[] {
  const back = sale.lines.filter(({ qty }) => qty < 0);
  const sold = sale.lines.filter(({ qty }) => qty > 0);
  const show = (lines: readonly PricedLine[]) =>
    lines.flatMap((line) => lineBlocks(line, sale, store, words));
  if (back.length === 0 || sold.length === 0) return show(sale.lines);
  const heading = (text: string): ReceiptBlock => ({ type: 'text', text, bold: true });
  return [heading(words.returnedGoods), ...show(back), heading(words.soldGoods), ...show(sold)];
}

function lineBlocks(line: PricedLine, sale: Sale, store: Store, words: ReceiptWords): ReceiptBlock[] {
  const { digits } = store.currency;
  // Several receipts given back at once: each line says its own.
  const of = line.back !== undefined && sale.refundOf === null ? [line.back.receiptNo] : [];
  return [
    { type: 'text', text: line.name },
    ...(store.printPack === true ? packBlocks(line.pack, words) : []),
    ...of.map((receiptNo) => pair(`  ${words.refundOf}`, receiptNo)),
    pair(
      `  ${quantityText(line)} × ${formatMinor(line.unitPriceMinor, digits)}`,
      formatMinor(line.grossMinor, digits),
    ),
    ...line.adjustments.map((adjustment) =>
      pair(
        `  ${reasonText(adjustment.reason, store.locale, digits)}`,
        formatMinor(adjustment.amountMinor, digits),
      ),
    ),
  ];
}

/** One line each, as far as the pack told. */
function packBlocks(pack: PackFacts | undefined, words: ReceiptWords): ReceiptBlock[] {
  const told = [
    [words.batch, pack?.batch],
    [words.serial, pack?.serial],
    [words.expiry, pack?.expiry],
    [words.bestBefore, pack?.bestBefore],
  ] as const;
  return told.flatMap(([label, text]) => (text === undefined ? [] : [pair(`  ${label}`, text)]));
}

function quantityText({ qty, weightG }: PricedLine): string {
  return weightG === null ? String(qty) : `${qty < 0 ? '-' : ''}${formatMinor(weightG, 3)} kg`;
}

function giftBlocks(sale: Sale, words: ReceiptWords): ReceiptBlock[] {
  return [
    ...sale.lines.filter(({ qty }) => qty > 0).map((line) => pair(line.name, `× ${quantityText(line)}`)),
    { type: 'rule' },
    middle(words.giftNote),
  ];
}

function totalBlocks(sale: Sale, store: Store, words: ReceiptWords): ReceiptBlock[] {
  const { digits, symbol } = store.currency;
  const money = (amountMinor: number) => formatMinor(amountMinor, digits);
  const blocks: ReceiptBlock[] = [];
  const sold = sale.lines.filter(({ qty }) => qty > 0);
  const savedMinor = sumMinor(sold.map((line) => line.netMinor - line.grossMinor));
  // Goods coming back save nothing of their own: what had been taken off them stands on their lines.
  if (savedMinor !== 0) {
    const listMinor = sumMinor(sold.map((line) => line.grossMinor));
    blocks.push(pair(words.list(piecesOf(sold)), money(listMinor)), pair(words.saved, money(savedMinor)));
  } else blocks.push(pair(words.pieces, String(piecesOf(sale.lines))));
  if (sale.kind === 'exchange') {
    const net = (lines: readonly PricedLine[]) => money(sumMinor(lines.map((line) => line.netMinor)));
    blocks.push(pair(words.goodsBought, net(sold)));
    blocks.push(pair(words.goodsBack, net(sale.lines.filter(({ qty }) => qty < 0))));
  }
  for (const tax of sale.taxes.filter((candidate) => candidate.taxMinor !== 0)) {
    const label = sale.taxMode === 'inclusive' ? words.taxIncluded : words.taxAdded;
    blocks.push(pair(`${label} ${formatRate(tax.rateBp)}`, money(tax.taxMinor)));
  }
  const back = sale.totalMinor < 0;
  blocks.push({
    type: 'pair',
    left: back ? words.paidBack : words.total,
    right: signedMoney(sale.totalMinor, symbol, digits),
    size: 2,
    bold: true,
  });
  if (sale.roundingMinor !== 0) blocks.push(pair(words.rounding, money(sale.roundingMinor)));
  return blocks;
}

function piecesOf(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, line) => sum + Math.abs(line.qty), 0);
}

/** What came in and by what; on a refund where the money went. */
function tenderBlocks(sale: Sale, store: Store, words: ReceiptWords): ReceiptBlock[] {
  const money = (amountMinor: number) => formatMinor(amountMinor, store.currency.digits);
  const blocks = sale.tenders.flatMap((tender) => {
    const name = tenderText(tender.kind === 'points' ? absolutePoints(tender) : tender, store.locale);
    const label = tender.amountMinor < 0 ? words.backTo(name) : name;
    const proofs = tenderProofs(tender, words, money);
    return [pair(label, money(tender.amountMinor)), ...proofs.map(([what, is]) => pair(`  ${what}`, is))];
  });
  if (sale.changeMinor !== 0) blocks.push(pair(words.change, money(sale.changeMinor)));
  for (const entry of sale.priced?.coupons ?? []) {
    const code = 'code' in entry ? entry.code : `${entry.gs1.number}${entry.gs1.serial}`;
    blocks.push(pair(words.coupon, code));
  }
  return blocks;
}

/** The sign stands with the money. */
function absolutePoints(tender: Extract<Tender, { kind: 'points' }>): Tender {
  return { ...tender, points: Math.abs(tender.points) };
}

/** What a customer needs to find the payment again, and what of a voucher was left unused. */
function tenderProofs(
  tender: Tender,
  words: ReceiptWords,
  money: (amountMinor: number) => string,
): (readonly [string, string])[] {
  switch (tender.kind) {
    case 'card':
      return [[words.approval, tender.card.approval]];
    case 'wallet':
      return [[words.reference, tender.wallet.ref]];
    case 'voucher':
      return Math.abs(tender.amountMinor) === tender.faceMinor ? [] : [[words.face, money(tender.faceMinor)]];
    default:
      return [];
  }
}

function memberBlocks(facts: ReceiptFacts, words: ReceiptWords): ReceiptBlock[] {
  const { sale, memberTail } = facts;
  const byLine = sale.points?.byLine ?? [];
  const earned = byLine.reduce((sum, points) => sum + Math.max(0, points), 0);
  const taken = byLine.reduce((sum, points) => sum + Math.min(0, points), 0);
  const balance = facts.pointsBalance ?? null;
  return [
    ...(memberTail === null ? [] : [pair(words.member, `**** ${memberTail}`)]),
    ...(earned === 0 ? [] : [pair(words.pointsEarned, `+${earned}`)]),
    ...(taken === 0 ? [] : [pair(words.pointsBack, String(taken))]),
    ...(memberTail === null || balance === null ? [] : [pair(words.pointsBalance, String(balance))]),
  ];
}

function tailBlocks(facts: ReceiptFacts, words: ReceiptWords): ReceiptBlock[] {
  const { sale, store, gift } = facts;
  return [
    { type: 'rule' },
    ...(sale.lines.some(({ back }) => back !== undefined) && gift !== true
      ? [middle(words.keepUnitNet)]
      : []),
    ...store.footer.map(middle),
    { type: 'barcode', data: sale.receiptNo },
    ...(gift === true ? [] : qrBlocks(facts, words)),
    middle(`${words.chain} ${chainCode(facts.entryHash)}`),
  ];
}

function qrBlocks({ sale, businessDate, sign }: ReceiptFacts, words: ReceiptWords): ReceiptBlock[] {
  const qr = businessDate === undefined ? null : receiptQr(sale, businessDate, sign ?? null);
  if (qr === null) return [];
  return [{ type: 'qr', data: qr.text }, middle(qr.headOnly ? words.returnHere : words.scanToReturn)];
}

/** `-￥27.36`: the sign stands before the symbol. */
function signedMoney(amountMinor: number, symbol: string, digits: number): string {
  return `${amountMinor < 0 ? '-' : ''}${symbol}${formatMinor(Math.abs(amountMinor), digits)}`;
}

/** 1300 basis points are `13%`, 825 are `8.25%`. */
export function formatRate(rateBp: number): string {
  return `${formatMinor(rateBp, 2).replace(/\.?0+$/, '')}%`;
}
