/** Words of what happened to a member: movements of points, and the timeline. */
import type { Triple } from '../triples.ts';

/** Purposes and channels of consents as most chains name them; a chain may have others. */
export const CONSENT_WORDS = {
  marketing: ['营销', '行銷', 'Marketing'],
  service: ['服务通知', '服務通知', 'Service'],
  profiling: ['个性化推荐', '個人化推薦', 'Profiling'],
  sms: ['短信', '簡訊', 'SMS'],
  mail: ['邮件', '郵件', 'Mail'],
  email: ['邮件', '郵件', 'Mail'],
  phone: ['电话', '電話', 'Phone'],
  wechat: ['微信', '微信', 'WeChat'],
  line: ['LINE', 'LINE', 'LINE'],
  app: ['App 推送', 'App 推播', 'App'],
  post: ['信件', '信件', 'Post'],
} satisfies Readonly<Record<string, Triple>>;

export function isConsentWord(word: string): word is keyof typeof CONSENT_WORDS {
  return Object.hasOwn(CONSENT_WORDS, word);
}

export const HISTORY_WORDS = {
  earn: ['消费得分', '消費得分', 'Earned'],
  grant: ['赠送', '贈送', 'Given'],
  top_up: ['充值', '儲值', 'Topped up'],
  bonus: ['充值赠送', '儲值贈送', 'Bonus'],
  correct: ['人工调整', '人工調整', 'Corrected'],
  spend: ['抵扣', '折抵', 'Spent'],
  pay_out: ['退还', '退還', 'Paid out'],
  take_back: ['退货扣回', '退貨扣回', 'Taken back'],
  give_back: ['退货返还', '退貨返還', 'Given back'],
  expire: ['到期', '到期', 'Expired'],
  forgive: ['免扣', '免扣', 'Forgiven'],
  unfounded: ['多记冲回', '多記沖回', 'Set right'],
  sale: ['购买', '購買', 'Purchase'],
  refund: ['退货', '退貨', 'Refund'],
  exchange: ['换货', '換貨', 'Exchange'],
  interaction: ['联系', '聯繫', 'Contact'],
  event: ['事件', '事件', 'Event'],
  consent: ['同意项', '同意項', 'Consent'],
  tag: ['标签', '標籤', 'Tag'],
  tier: ['等级', '等級', 'Tier'],
  points: ['积分', '點數', 'Points'],
  value: ['储值', '儲值', 'Stored value'],
  coupon: ['优惠券', '優惠券', 'Coupon'],
  contact: ['活动触达', '活動觸達', 'Campaign'],
  tagSet: ['加上 {{tag}}', '加上 {{tag}}', '{{tag}} set'],
  tagGone: ['去掉 {{tag}}', '去掉 {{tag}}', '{{tag}} taken off'],
  couponUntil: ['{{id}}，有效到 {{date}}', '{{id}}，有效至 {{date}}', '{{id}}, good until {{date}}'],
  couponUsed: ['{{id}}，已使用', '{{id}}，已使用', '{{id}}, used'],
  growth: ['成长值 {{count}}', '成長值 {{count}}', 'Growth {{count}}'],
  visits: ['来过 {{count}} 次', '來過 {{count}} 次', 'Visits: {{count}}'],
} as const satisfies Record<string, Triple>;
