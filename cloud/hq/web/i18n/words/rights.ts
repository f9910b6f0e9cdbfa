/** Words of the rights, by area and verb: `members.write` is `Members: change`. */
import type { Triple } from '../triples.ts';

export const RIGHT_WORDS = {
  read: ['查看', '檢視', 'see'],
  write: ['修改', '修改', 'change'],
  run: ['运行', '執行', 'run'],
  of: ['{{area}}：{{verbs}}', '{{area}}：{{verbs}}', '{{area}}: {{verbs}}'],
  sales: ['销售', '銷售', 'Sales'],
  orders: ['订单', '訂單', 'Orders'],
  stores: ['门店', '門市', 'Stores'],
  catalog: ['商品', '商品', 'Items'],
  promotions: ['促销', '促銷', 'Promotions'],
  programme: ['积分规则', '積分規則', 'Points rules'],
  members: ['会员', '會員', 'Members'],
  privacy: ['隐私', '隱私', 'Privacy'],
  loyalty: ['会员权益', '會員權益', 'Loyalty'],
  reports: ['报表', '報表', 'Reports'],
  segments: ['人群', '人群', 'Segments'],
  campaigns: ['活动', '活動', 'Campaigns'],
  service: ['客服', '客服', 'Service'],
  events: ['行为事件', '行為事件', 'Events'],
  tills: ['收银机', '收銀機', 'Tills'],
  staff: ['员工', '員工', 'Staff'],
  jobs: ['后台任务', '背景工作', 'Jobs'],
  webhooks: ['Webhook', 'Webhook', 'Webhooks'],
  access: ['用户与令牌', '使用者與權杖', 'Users and tokens'],
  audit: ['审计', '稽核', 'Audit'],
} as const satisfies Record<string, Triple>;
