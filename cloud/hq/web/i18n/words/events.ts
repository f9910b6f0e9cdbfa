/** What HQ tells other systems, by the name that the API gives it; `points.*` is all of `points`. */
import type { Triple } from '../triples.ts';

export const EVENT_WORDS = {
  'sale*': ['销售：全部', '銷售：全部', 'Sales: all'],
  sale_booked: ['销售入账', '銷售入帳', 'Sale booked'],
  'order*': ['订单：全部', '訂單：全部', 'Orders: all'],
  order_changed: ['渠道订单变动', '通路訂單變動', 'Order changed'],
  'member*': ['会员：全部', '會員：全部', 'Members: all'],
  member_created: ['会员加入', '會員加入', 'Member joined'],
  member_changed: ['会员资料变动', '會員資料變動', 'Profile changed'],
  member_merged: ['会员合并', '會員合併', 'Members merged'],
  member_unmerged: ['撤销合并', '撤銷合併', 'Merge taken back'],
  member_erased: ['个人资料删除', '個人資料刪除', 'Member erased'],
  'tier*': ['等级：全部', '等級：全部', 'Tiers: all'],
  tier_changed: ['等级变动', '等級變動', 'Tier changed'],
  'points*': ['积分：全部', '點數：全部', 'Points: all'],
  points_changed: ['积分变动', '點數變動', 'Points changed'],
  'value*': ['储值：全部', '儲值：全部', 'Stored value: all'],
  value_changed: ['储值变动', '儲值變動', 'Stored value changed'],
  'gift_card*': ['礼品卡：全部', '禮品卡：全部', 'Gift cards: all'],
  gift_card_changed: ['礼品卡变动', '禮品卡變動', 'Gift card changed'],
  'coupon*': ['优惠券：全部', '優惠券：全部', 'Coupons: all'],
  coupon_issued: ['发券', '發券', 'Coupons issued'],
  coupon_used: ['用券', '用券', 'Coupon used'],
  'alert*': ['告警：全部', '警示：全部', 'Alerts: all'],
  alert_raised: ['出现告警', '出現警示', 'Alert raised'],
  'till*': ['收银机：全部', '收銀機：全部', 'Tills: all'],
  till_enrolled: ['收银机登记', '收銀機登記', 'Till enrolled'],
  till_revoked: ['收银机停用', '收銀機停用', 'Till cut off'],
  'webhook*': ['测试：全部', '測試：全部', 'Tests: all'],
  webhook_ping: ['测试连线', '測試連線', 'Test of the line'],
  '*': ['全部事件', '全部事件', 'All events'],
} satisfies Readonly<Record<string, Triple>>;

export type EventWord = keyof typeof EVENT_WORDS;

/** `sale.booked` is `sale_booked`, `points.*` is `points*`; null: this page does not know it. */
export function eventWord(kind: string): EventWord | null {
  const word = kind.replace('.*', '*').replaceAll('.', '_');
  return Object.hasOwn(EVENT_WORDS, word) ? (word as EventWord) : null;
}
