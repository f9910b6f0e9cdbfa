/** Words of changes to offers, by the route that makes them. */
import type { Triple } from '../triples.ts';

export const CHANGE_WORDS = {
  title: ['改动记录', '變更紀錄', 'Changes'],
  put_programme: ['发布积分规则', '發布點數規則', 'Points published'],
  put_tiers: ['改等级与折扣', '變更等級與折扣', 'Tiers and discounts changed'],
  put_tier_rules: ['发布等级规则', '發布等級規則', 'Tier rule published'],
  put_stored_value_policy: ['发布储值规定', '發布儲值規定', 'Limits of stored value published'],
  put_benefits: ['改会员关怀', '變更會員關懷', 'Benefit changed'],
  put_referral_terms: ['改推荐奖励', '變更推薦獎勵', 'Referral terms changed'],
  put_coupon_templates: ['改优惠券模板', '變更優惠券範本', 'Coupon template changed'],
  post_coupon_templates_templateId_end: ['停用优惠券', '停用優惠券', 'Coupon template ended'],
  post_coupon_templates_templateId_issues: ['发放优惠券', '發放優惠券', 'Coupons issued'],
  post_coupon_templates_templateId_issues_key_cancel: ['撤回发券', '撤回發券', 'Issue taken back'],
  put_coupon_packs: ['改券包', '變更券包', 'Coupon pack changed'],
  post_draws: ['新建抽奖', '新增抽獎', 'Draw made'],
  post_draws_drawId_draw: ['开奖', '開獎', 'Draw held'],
  put_rules: ['发布促销', '發布促銷', 'Promotions published'],
  put_items: ['导入商品', '匯入商品', 'Items imported'],
  put_items_sku: ['改商品', '變更商品', 'Item changed'],
} as const satisfies Readonly<Record<string, Triple>>;
