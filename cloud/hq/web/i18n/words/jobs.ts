/** What HQ does by itself, job by job, by the name that the API gives it. */
import type { Triple } from '../triples.ts';

export const JOB_WORDS = {
  'expire-points': [
    '到期的积分和储值作废',
    '到期的點數和儲值失效',
    'Points and stored value past their last day expire',
  ],
  'expire-coupons': [
    '到期的优惠券从收银台撤下',
    '到期的優惠券從收銀台撤下',
    'Coupons past their last day leave the tills',
  ],
  'review-tiers': [
    '按当天的规则升降会员等级',
    '按當天的規則升降會員等級',
    'Members move to the tier of the day',
  ],
  'give-benefits': [
    '发放当天的生日、节日和会员日权益，每人每期一次',
    '發放當天的生日、節日和會員日權益，每人每期一次',
    'Birthday, festival and member-day benefits of the day, once a period and member',
  ],
  'pay-referrals': [
    '好友已过退货期的推荐，发放奖励',
    '好友已過退貨期的推薦，發放獎勵',
    'Referrals are paid once the friend can return nothing any more',
  ],
  'refresh-segments': [
    '重新计算每个人群，记下当天人数，并把规则用到的人群发给收银台',
    '重新計算每個人群，記下當天人數，並把規則用到的人群傳給收銀台',
    'Every segment is counted, its size kept, and tills told who is in those that rules ask for',
  ],
  'tag-by-segments': [
    '按规则给人群里的会员打标签，离开的去掉',
    '按規則給人群裡的會員貼標籤，離開的去掉',
    'Tags follow their segments: who is in has the tag, who left has not',
  ],
  'lease-epochs': [
    '向收银台收回过期未用的额度',
    '向收銀台收回過期未用的額度',
    'Rights that tills hold beyond their time are asked back',
  ],
  'prove-purchases': [
    '重新累计每个会员的购买并核对，有出入就改正并记下',
    '重新累計每個會員的購買並核對，有出入就改正並記下',
    'What members bought is added up again and compared; a difference is mended and told',
  ],
  'prove-ledgers': [
    '重新推算每本账并核对，有出入就改正并记下',
    '重新推算每本帳並核對，有出入就改正並記下',
    'Every ledger is folded again and compared; a difference is mended and told',
  ],
  retention: [
    '清除到了保存期限的资料：礼品卡购买人、旧验证码、旧运行记录',
    '清除到了保存期限的資料：禮品卡購買人、舊驗證碼、舊執行紀錄',
    'What was kept for a time only is removed: buyers of gift cards, old codes, old runs',
  ],
  'forget-members': [
    '按保留规则删除会员的个人资料，交易仍在，但不带姓名',
    '按保留規則刪除會員的個人資料，交易仍在，但不帶姓名',
    'Members whom a retention rule forgets are erased; sales stay without a name',
  ],
} as const satisfies Readonly<Record<string, Triple>>;

/** One word that is there or not: a newer HQ may have a job that this page has not heard of. */
export type KnownJob = keyof typeof JOB_WORDS;
export const isKnownJob = (name: string): name is KnownJob => Object.hasOwn(JOB_WORDS, name);
