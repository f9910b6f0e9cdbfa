/** How each figure is worked out, with the numbers that it is worked out from. */
import type { Triple } from '../triples.ts';

export const EXPLAIN_WORDS = {
  how: ['{{label}}怎么算的', '{{label}}怎麼算的', 'How {{label}} is worked out'],
  receipts: ['看这些小票', '看這些收據', 'See the receipts'],
  thresholds: ['看界线', '看界線', 'See the thresholds'],
  rules: ['看规则', '看規則', 'See the rules'],
  total: [
    '全部小票的应收相加，退货已经减掉。',
    '全部收據的應收相加，退貨已經減掉。',
    'What all receipts come to, added up; refunds are taken off.',
  ],
  tickets: [
    '销售和换货的小票张数；退货单另计。',
    '銷售和換貨的收據張數；退貨單另計。',
    'Receipts of sales and exchanges; refunds are counted apart.',
  ],
  averageTicket: [
    '销售额 {{a}} ÷ 客单数 {{b}}',
    '銷售額 {{a}} ÷ 客單數 {{b}}',
    'Sales {{a}} ÷ tickets {{b}}',
  ],
  attach: ['件数 {{a}} ÷ 客单数 {{b}}', '件數 {{a}} ÷ 客單數 {{b}}', 'Pieces {{a}} ÷ tickets {{b}}'],
  unit: ['销售额 {{a}} ÷ 件数 {{b}}', '銷售額 {{a}} ÷ 件數 {{b}}', 'Sales {{a}} ÷ pieces {{b}}'],
  memberShare: [
    '会员的销售额 {{a}} ÷ 销售额 {{b}}',
    '會員的銷售額 {{a}} ÷ 銷售額 {{b}}',
    "Members' sales {{a}} ÷ sales {{b}}",
  ],
  discountRate: [
    '优惠 {{a}} ÷ 原价合计 {{b}}',
    '優惠 {{a}} ÷ 原價合計 {{b}}',
    'Discounts {{a}} ÷ list prices {{b}}',
  ],
  refunds: [
    '退货小票的张数；退掉的金额已经从销售额里减掉。',
    '退貨收據的張數；退掉的金額已經從銷售額裡減掉。',
    'Receipts of refunds; what was paid back is taken off the sales.',
  ],
  points: [
    '积分流水的每一笔相加：得分、赠送，减去抵扣、到期和退货扣回。',
    '點數流水的每一筆相加：得分、贈送，減去折抵、到期和退貨扣回。',
    'Every movement of the ledger added up: earned and given, less spent, expired and taken back.',
  ],
  value: ['本金 {{a}} + 赠送 {{b}}', '本金 {{a}} + 贈送 {{b}}', 'Paid in {{a}} + bonus {{b}}'],
  spent: [
    '{{count}} 次购买的应收相加，退货已经减掉。',
    '{{count}} 次購買的應收相加，退貨已經減掉。',
    'What they paid on visits ({{count}}), refunds taken off.',
  ],
  cell: [
    '行看买过几次，列看最近一次离现在多久；界线由总部设定。',
    '列看買過幾次，欄看最近一次離現在多久；界線由總部設定。',
    'How often they bought, and how long ago the last time was; HQ sets where each begins.',
  ],
  pointsOut: [
    '每位会员未用的积分相加。约合金额按兑换规则：{{a}} 分抵 {{b}}。',
    '每位會員未用的點數相加。約合金額按兌換規則：{{a}} 點抵 {{b}}。',
    'What every member has left, added up. Its worth is by the rules: {{a}} points pay {{b}}.',
  ],
  pointsOutPlain: [
    '每位会员未用的积分相加。',
    '每位會員未用的點數相加。',
    'What every member has left, added up.',
  ],
  valueOut: [
    '每位会员的储值余额相加：充值和赠送，减去消费和退还。',
    '每位會員的儲值餘額相加：儲值和贈送，減去消費和退還。',
    'What every member has left, added up: topped up and given, less spent and paid out.',
  ],
  cardsOut: [
    '每张礼品卡的余额相加；停用的卡也算，钱还欠着。',
    '每張禮品卡的餘額相加；停用的卡也算，錢還欠著。',
    'What every gift card has left, added up; blocked ones too: it is still owed.',
  ],
  buyers: [
    '截至 {{date}} 买过至少一次的会员；每人正好在一格里。',
    '截至 {{date}} 買過至少一次的會員；每人正好在一格裡。',
    'Members who had bought by {{date}}; each is in one cell.',
  ],
  sleeping: [
    '超过“沉睡”界线没有再来的会员。',
    '超過「沉睡」界線沒有再來的會員。',
    'Members who have stayed away for longer than the threshold of sleeping.',
  ],
  atRisk: [
    '离上次购买已经明显超过自己平时间隔的会员。',
    '離上次購買已經明顯超過自己平時間隔的會員。',
    'Members whose last purchase is much longer ago than their own usual gap.',
  ],
  shopCycle: [
    '所有会员相邻两次购买相隔的 {{a}} 天 ÷ {{b}} 个间隔',
    '所有會員相鄰兩次購買相隔的 {{a}} 天 ÷ {{b}} 個間隔',
    'Days between one purchase and the next of all members, {{a}} ÷ gaps {{b}}',
  ],
} satisfies Readonly<Record<string, Triple>>;
