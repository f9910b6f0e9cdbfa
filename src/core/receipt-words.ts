/**
 * The words of receipts in the three languages. Amounts and numbers are put beside them by `receipt.ts`.
 */
import type { Locale } from './item.ts';

export interface ReceiptWords {
  readonly copy: string;
  readonly refund: string;
  readonly exchange: string;
  readonly gift: string;
  readonly giftNote: string;
  readonly receiptNo: string;
  readonly refundOf: string;
  readonly time: string;
  readonly cashier: string;
  readonly returnedGoods: string;
  readonly soldGoods: string;
  readonly batch: string;
  readonly serial: string;
  readonly expiry: string;
  readonly bestBefore: string;
  readonly pieces: string;
  readonly list: (pieces: number) => string;
  readonly saved: string;
  readonly goodsBought: string;
  readonly goodsBack: string;
  readonly taxIncluded: string;
  readonly taxAdded: string;
  readonly total: string;
  readonly paidBack: string;
  readonly rounding: string;
  /** Money that went out by this tender. */
  readonly backTo: (tender: string) => string;
  readonly approval: string;
  readonly reference: string;
  readonly face: string;
  readonly change: string;
  readonly coupon: string;
  readonly member: string;
  readonly pointsEarned: string;
  readonly pointsBack: string;
  readonly pointsBalance: string;
  readonly keepUnitNet: string;
  readonly scanToReturn: string;
  readonly returnHere: string;
  readonly chain: string;
}

export const RECEIPT_WORDS: Readonly<Record<Locale, ReceiptWords>> = {
  'zh-CN': {
    copy: '副本',
    refund: '退货单',
    exchange: '换货单',
    gift: '礼品小票',
    giftNote: '凭此小票可退换商品',
    receiptNo: '单号',
    refundOf: '原单号',
    time: '时间',
    cashier: '收银员',
    returnedGoods: '退回商品',
    soldGoods: '购买商品',
    batch: '批号',
    serial: '序列号',
    expiry: '有效期至',
    bestBefore: '最佳赏味期',
    pieces: '件数',
    list: (pieces) => `原价 ${pieces} 件`,
    saved: '共省',
    goodsBought: '购买金额',
    goodsBack: '退回金额',
    taxIncluded: '含税',
    taxAdded: '税',
    total: '合计',
    paidBack: '应退',
    rounding: '现金抹零',
    backTo: (tender) => `退至${tender}`,
    approval: '授权码',
    reference: '流水号',
    face: '面值',
    change: '找零',
    coupon: '使用优惠券',
    member: '会员',
    pointsEarned: '本单积分',
    pointsBack: '扣回积分',
    pointsBalance: '积分余额',
    keepUnitNet: '按原单每件实付金额退款',
    scanToReturn: '退换货请扫此码',
    returnHere: '商品较多，退换货请到原收银机或凭单号联网办理',
    chain: '凭证码',
  },
  'zh-TW': {
    copy: '副本',
    refund: '退貨單',
    exchange: '換貨單',
    gift: '禮品收據',
    giftNote: '憑此收據可退換商品',
    receiptNo: '單號',
    refundOf: '原單號',
    time: '時間',
    cashier: '收銀員',
    returnedGoods: '退回商品',
    soldGoods: '購買商品',
    batch: '批號',
    serial: '序號',
    expiry: '有效期限',
    bestBefore: '賞味期限',
    pieces: '件數',
    list: (pieces) => `原價 ${pieces} 件`,
    saved: '共省',
    goodsBought: '購買金額',
    goodsBack: '退回金額',
    taxIncluded: '含稅',
    taxAdded: '稅',
    total: '合計',
    paidBack: '應退',
    rounding: '現金尾差',
    backTo: (tender) => `退至${tender}`,
    approval: '授權碼',
    reference: '交易序號',
    face: '面額',
    change: '找零',
    coupon: '使用優惠券',
    member: '會員',
    pointsEarned: '本單點數',
    pointsBack: '扣回點數',
    pointsBalance: '點數餘額',
    keepUnitNet: '依原單每件實付金額退款',
    scanToReturn: '退換貨請掃此碼',
    returnHere: '商品較多，退換貨請至原收銀機或憑單號連線辦理',
    chain: '憑證碼',
  },
  en: {
    copy: 'COPY',
    refund: 'REFUND',
    exchange: 'EXCHANGE',
    gift: 'GIFT RECEIPT',
    giftNote: 'Goods can be exchanged or returned with this receipt',
    receiptNo: 'Receipt',
    refundOf: 'Refund of',
    time: 'Time',
    cashier: 'Cashier',
    returnedGoods: 'Returned',
    soldGoods: 'Bought',
    batch: 'Batch',
    serial: 'Serial no.',
    expiry: 'Use by',
    bestBefore: 'Best before',
    pieces: 'Items',
    list: (pieces) => `List price, ${pieces} ${pieces === 1 ? 'item' : 'items'}`,
    saved: 'You save',
    goodsBought: 'Bought',
    goodsBack: 'Returned',
    taxIncluded: 'Includes tax',
    taxAdded: 'Tax',
    total: 'TOTAL',
    paidBack: 'TO YOU',
    rounding: 'Cash rounding',
    backTo: (tender) => `Back to: ${tender}`,
    approval: 'Approval',
    reference: 'Reference',
    face: 'Face value',
    change: 'Change',
    coupon: 'Coupon used',
    member: 'Member',
    pointsEarned: 'Points earned',
    pointsBack: 'Points taken back',
    pointsBalance: 'Points balance',
    keepUnitNet: 'Refunded at the price paid for each unit',
    scanToReturn: 'Scan to return or exchange',
    returnHere: 'Many items: return at the till that sold them, or online by number',
    chain: 'Proof',
  },
};
