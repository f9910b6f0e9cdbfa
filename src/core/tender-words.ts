/**
 * Tender kinds in words, for receipts and reports. Pure.
 */
import type { Locale } from './item.ts';
import type { Tender, TenderKind, WalletKind } from './tender.ts';

export function tenderWord(kind: TenderKind, locale: Locale): string {
  return WORDS[locale][kind];
}

/** With what tells it from another of its kind: brand and last four, points, the end of a number. */
export function tenderText(tender: Tender, locale: Locale): string {
  const detail = tenderDetail(tender, locale);
  return detail === null ? tenderWord(tender.kind, locale) : `${tenderWord(tender.kind, locale)} ${detail}`;
}

export function tenderDetail(tender: Tender, locale: Locale): string | null {
  switch (tender.kind) {
    case 'card':
      return `${tender.card.brand} ****${tender.card.last4}`;
    case 'wallet':
      return walletWord(tender.wallet.wallet, locale);
    case 'points':
      return String(tender.points);
    case 'gift_card':
      return `****${tender.giftCardId.slice(-4)}`;
    case 'voucher':
      return tender.voucherNo;
    default:
      return null;
  }
}

export function walletWord(wallet: WalletKind, locale: Locale): string {
  return WALLETS[locale][wallet];
}

const WALLETS: Readonly<Record<Locale, Readonly<Record<WalletKind, string>>>> = {
  'zh-CN': { wechat: '微信支付', alipay: '支付宝', unionpay: '云闪付' },
  'zh-TW': { wechat: '微信支付', alipay: '支付寶', unionpay: '雲閃付' },
  en: { wechat: 'WeChat Pay', alipay: 'Alipay', unionpay: 'UnionPay' },
};

const WORDS: Readonly<Record<Locale, Readonly<Record<TenderKind, string>>>> = {
  'zh-CN': {
    cash: '现金',
    card: '银行卡',
    wallet: '扫码支付',
    points: '积分抵扣',
    stored_value: '储值',
    gift_card: '礼品卡',
    voucher: '代金券',
  },
  'zh-TW': {
    cash: '現金',
    card: '銀行卡',
    wallet: '掃碼支付',
    points: '點數折抵',
    stored_value: '儲值',
    gift_card: '禮品卡',
    voucher: '抵用券',
  },
  en: {
    cash: 'Cash',
    card: 'Card',
    wallet: 'Wallet',
    points: 'Points',
    stored_value: 'Stored value',
    gift_card: 'Gift card',
    voucher: 'Voucher',
  },
};
