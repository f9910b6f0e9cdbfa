/**
 * Slips that are no sale: Z reports, cash moved, the drawer opened, a new member, a hold. Documents like receipts, drawn by the same printers.
 *
 * Pure.
 */
import type { Basket, BasketLine } from './basket.ts';
import type { MemberEnrolled } from './entry.ts';
import type { Locale } from './item.ts';
import { nameIn } from './item.ts';
import { formatMinor } from './money.ts';
import { formatRate, type ReceiptBlock, type ReceiptDoc } from './receipt.ts';
import { localDateTime } from './shift.ts';
import type { CashMoved, ShiftReport } from './shift-report.ts';
import type { Store } from './store.ts';
import { tenderWord } from './tender-words.ts';

export interface SlipFacts {
  readonly store: Store;
  readonly tillCode: string;
  readonly cashierId: string;
  readonly atMs: number;
  readonly copy: boolean;
}

export function shiftSlip(report: ShiftReport, facts: SlipFacts): ReceiptDoc {
  const { store } = facts;
  const words = WORDS[store.locale];
  const money = (amountMinor: number) => formatMinor(amountMinor, store.currency.digits);
  const pair = (left: string, right: string | number): ReceiptBlock => ({
    type: 'pair',
    left,
    right: String(right),
  });
  const { totals } = report;
  const title = report.kind === 'z' ? `${words.z} ${report.zNo}` : words.x;
  return {
    locale: store.locale,
    openDrawer: false,
    blocks: [
      ...headBlocks(title, facts, words),
      pair(words.businessDate, report.businessDate),
      pair(words.opened, localDateTime(totals.openedAtMs, store.timeZone)),
      ...(totals.firstReceiptNo === null
        ? []
        : [pair(words.receipts, `${totals.firstReceiptNo} – ${totals.lastReceiptNo}`)]),
      { type: 'rule' },
      pair(words.sales, totals.sales),
      pair(words.refunds, totals.refunds),
      pair(words.pieces, totals.pieces),
      pair(words.list, money(totals.grossMinor)),
      pair(words.discounts, money(totals.adjustmentMinor)),
      ...totals.taxes.map((tax) => pair(`${words.tax} ${formatRate(tax.rateBp)}`, money(tax.taxMinor))),
      { type: 'pair', left: words.total, right: money(totals.totalMinor), bold: true },
      pair(words.rounding, money(totals.roundingMinor)),
      { type: 'rule' },
      ...(totals.tenders ?? []).map(({ kind, count, amountMinor }) =>
        pair(`${tenderWord(kind, store.locale)} × ${count}`, money(amountMinor)),
      ),
      ...((totals.tenders ?? []).length === 0 ? [] : [{ type: 'rule' } as const]),
      pair(words.float, money(totals.floatMinor)),
      pair(words.cash, money(totals.cashMinor)),
      pair(words.paid_in, money(totals.paidInMinor)),
      pair(words.paid_out, money(-totals.paidOutMinor)),
      pair(words.drop, money(-totals.dropMinor)),
      pair(words.noSales, totals.noSales),
      ...countBlocks(report, words, money),
    ],
  };
}

function countBlocks(
  report: ShiftReport,
  words: Words,
  money: (amountMinor: number) => string,
): ReceiptBlock[] {
  const { expectedCashMinor, countedCashMinor, differenceMinor } = report;
  if (expectedCashMinor === null || countedCashMinor === null || differenceMinor === null) return [];
  return [
    { type: 'rule' },
    { type: 'pair', left: words.expected, right: money(expectedCashMinor) },
    { type: 'pair', left: words.counted, right: money(countedCashMinor) },
    { type: 'pair', left: words.difference, right: money(differenceMinor), bold: true },
  ];
}

export function cashMovedSlip(moved: CashMoved, facts: SlipFacts): ReceiptDoc {
  const words = WORDS[facts.store.locale];
  return {
    locale: facts.store.locale,
    openDrawer: !facts.copy,
    blocks: [
      ...headBlocks(words[moved.kind], facts, words),
      {
        type: 'pair',
        left: words.amount,
        right: formatMinor(moved.amountMinor, facts.store.currency.digits),
        bold: true,
      },
      { type: 'pair', left: words.reason, right: moved.reason },
    ],
  };
}

export function drawerOpenedSlip(reason: string, facts: SlipFacts): ReceiptDoc {
  const words = WORDS[facts.store.locale];
  return {
    locale: facts.store.locale,
    openDrawer: !facts.copy,
    blocks: [...headBlocks(words.noSale, facts, words), { type: 'pair', left: words.reason, right: reason }],
  };
}

/** For who joined here: the card to scan from now on, and what was agreed to. */
export function memberSlip(enrolled: MemberEnrolled, facts: SlipFacts): ReceiptDoc {
  const words = WORDS[facts.store.locale];
  const purposes = PURPOSES[facts.store.locale];
  return {
    locale: facts.store.locale,
    openDrawer: false,
    blocks: [
      ...headBlocks(words.member, facts, words),
      { type: 'rule' },
      { type: 'text', text: words.provisional, align: 'center' },
      { type: 'barcode', data: enrolled.cardNo },
      { type: 'rule' },
      { type: 'text', text: words.consents, bold: true },
      ...enrolled.consents.flatMap((consent): ReceiptBlock[] => [
        {
          type: 'pair',
          left: purposes[consent.purpose] ?? consent.purpose,
          right: consent.granted ? words.yes : words.no,
        },
        { type: 'pair', left: `  ${words.textVersion}`, right: consent.textVersion },
      ]),
      { type: 'text', text: words.withdraw },
    ],
  };
}

/** A basket that waits: how it is found again. No receipt, nothing was paid. */
export function holdSlip(
  hold: { readonly holdId: string; readonly label: string; readonly basket: Basket },
  facts: SlipFacts,
): ReceiptDoc {
  const { store } = facts;
  const words = WORDS[store.locale];
  const { lines } = hold.basket;
  const pieces = lines.reduce((sum, { qty }) => sum + Math.abs(qty), 0);
  const count = ({ qty, weightG }: BasketLine) =>
    weightG === null ? `× ${qty}` : `${formatMinor(weightG, 3)} kg`;
  return {
    locale: store.locale,
    openDrawer: false,
    blocks: [
      ...headBlocks(words.hold, facts, words),
      { type: 'pair', left: words.label, right: hold.label, bold: true },
      { type: 'rule' },
      ...lines.map((line): ReceiptBlock => ({ type: 'pair', left: line.name, right: count(line) })),
      { type: 'rule' },
      { type: 'pair', left: words.pieces, right: String(pieces) },
      { type: 'text', text: words.notPaid, align: 'center', bold: true },
      { type: 'text', text: hold.holdId.slice(-8).toUpperCase(), align: 'center' },
    ],
  };
}

function headBlocks(title: string, facts: SlipFacts, words: Words): ReceiptBlock[] {
  const { store } = facts;
  return [
    ...(facts.copy
      ? [{ type: 'text', text: words.copy, align: 'center', size: 2, bold: true } as const]
      : []),
    { type: 'text', text: nameIn(store, store.locale), align: 'center' },
    { type: 'text', text: title, align: 'center', size: 2, bold: true },
    { type: 'pair', left: words.till, right: facts.tillCode },
    { type: 'pair', left: words.cashier, right: facts.cashierId },
    { type: 'pair', left: words.time, right: localDateTime(facts.atMs, store.timeZone) },
  ];
}

type Words = Readonly<Record<(typeof KEYS)[number], string>>;

const KEYS = [
  'copy',
  'x',
  'z',
  'till',
  'cashier',
  'time',
  'businessDate',
  'opened',
  'receipts',
  'sales',
  'refunds',
  'pieces',
  'list',
  'discounts',
  'tax',
  'total',
  'rounding',
  'float',
  'cash',
  'paid_in',
  'paid_out',
  'drop',
  'noSales',
  'noSale',
  'expected',
  'counted',
  'difference',
  'amount',
  'reason',
  'member',
  'provisional',
  'consents',
  'textVersion',
  'yes',
  'no',
  'withdraw',
  'hold',
  'label',
  'notPaid',
] as const;

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    copy: '副本',
    x: 'X 报表',
    z: 'Z 报表',
    till: '收银机',
    cashier: '收银员',
    time: '时间',
    businessDate: '营业日',
    opened: '开班',
    receipts: '单号',
    sales: '销售笔数',
    refunds: '退货笔数',
    pieces: '件数',
    list: '原价合计',
    discounts: '优惠',
    tax: '税',
    total: '销售净额',
    rounding: '现金抹零',
    float: '备用金',
    cash: '现金收入',
    paid_in: '现金存入',
    paid_out: '现金支出',
    drop: '缴款',
    noSales: '开钱箱次数',
    noSale: '开钱箱',
    expected: '应有现金',
    counted: '实点现金',
    difference: '长短款',
    amount: '金额',
    reason: '原因',
    member: '会员入会',
    provisional: '临时会员码，现在即可使用',
    consents: '您的授权',
    textVersion: '条款版本',
    yes: '同意',
    no: '不同意',
    withdraw: '可随时在门店撤回授权',
    hold: '挂单',
    label: '名称',
    notPaid: '尚未付款，非收据',
  },
  'zh-TW': {
    copy: '副本',
    x: 'X 報表',
    z: 'Z 報表',
    till: '收銀機',
    cashier: '收銀員',
    time: '時間',
    businessDate: '營業日',
    opened: '開班',
    receipts: '單號',
    sales: '銷售筆數',
    refunds: '退貨筆數',
    pieces: '件數',
    list: '原價合計',
    discounts: '優惠',
    tax: '稅',
    total: '銷售淨額',
    rounding: '現金尾差',
    float: '備用金',
    cash: '現金收入',
    paid_in: '現金存入',
    paid_out: '現金支出',
    drop: '繳款',
    noSales: '開錢箱次數',
    noSale: '開錢箱',
    expected: '應有現金',
    counted: '實點現金',
    difference: '長短款',
    amount: '金額',
    reason: '原因',
    member: '會員入會',
    provisional: '臨時會員條碼，現在即可使用',
    consents: '您的同意事項',
    textVersion: '條款版本',
    yes: '同意',
    no: '不同意',
    withdraw: '可隨時於門市撤回同意',
    hold: '掛單',
    label: '名稱',
    notPaid: '尚未付款，非收據',
  },
  en: {
    copy: 'COPY',
    x: 'X REPORT',
    z: 'Z REPORT',
    till: 'Till',
    cashier: 'Cashier',
    time: 'Time',
    businessDate: 'Business date',
    opened: 'Opened',
    receipts: 'Receipts',
    sales: 'Sales',
    refunds: 'Refunds',
    pieces: 'Items',
    list: 'List price',
    discounts: 'Discounts',
    tax: 'Tax',
    total: 'Net sales',
    rounding: 'Cash rounding',
    float: 'Float',
    cash: 'Cash taken',
    paid_in: 'Paid in',
    paid_out: 'Paid out',
    drop: 'Cash drop',
    noSales: 'Drawer opened without sale',
    noSale: 'NO SALE',
    expected: 'Cash expected',
    counted: 'Cash counted',
    difference: 'Difference',
    amount: 'Amount',
    reason: 'Reason',
    member: 'NEW MEMBER',
    provisional: 'Provisional card, good from now on',
    consents: 'What you agreed to',
    textVersion: 'Text version',
    yes: 'Yes',
    no: 'No',
    withdraw: 'You can withdraw at any store, at any time',
    hold: 'ON HOLD',
    label: 'Name',
    notPaid: 'Not paid, not a receipt',
  },
};

/** Purposes of consent that we ask for; any other prints as it is named. */
const PURPOSES: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  'zh-CN': { membership: '会员服务', sms: '短信通知', email: '邮件通知', profiling: '个性化推荐' },
  'zh-TW': { membership: '會員服務', sms: '簡訊通知', email: '電子郵件通知', profiling: '個人化推薦' },
  en: { membership: 'Membership', sms: 'Text messages', email: 'Mail', profiling: 'Personal offers' },
};
