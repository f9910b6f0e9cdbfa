/** Words of the customer's page. */
import type { Locale } from '../../core/item.ts';

export interface CustomerWords {
  readonly welcome: string;
  readonly goods: string;
  readonly pieces: string;
  readonly saved: string;
  readonly points: string;
  readonly total: string;
  readonly paid: string;
  readonly due: string;
  readonly back: string;
  readonly change: string;
  readonly thanks: string;
  readonly showCode: string;
  readonly useTerminal: string;
  readonly payQr: string;
  readonly training: string;
}

export const CUSTOMER_WORDS: Readonly<Record<Locale, CustomerWords>> = {
  'zh-CN': {
    welcome: '欢迎光临',
    goods: '商品',
    pieces: '件数',
    saved: '已省',
    points: '本单积分',
    total: '合计',
    paid: '已付',
    due: '应付',
    back: '应退',
    change: '找零',
    thanks: '谢谢惠顾，欢迎再来',
    showCode: '请出示付款码',
    useTerminal: '请在刷卡机上付款',
    payQr: '请扫码付款',
    training: '练习',
  },
  'zh-TW': {
    welcome: '歡迎光臨',
    goods: '商品',
    pieces: '件數',
    saved: '已省',
    points: '本單點數',
    total: '合計',
    paid: '已付',
    due: '應付',
    back: '應退',
    change: '找零',
    thanks: '謝謝惠顧，歡迎再來',
    showCode: '請出示付款碼',
    useTerminal: '請在刷卡機上付款',
    payQr: '請掃碼付款',
    training: '練習',
  },
  en: {
    welcome: 'Welcome',
    goods: 'Goods',
    pieces: 'Items',
    saved: 'You save',
    points: 'Points earned',
    total: 'Total',
    paid: 'Paid',
    due: 'To pay',
    back: 'Back to you',
    change: 'Change',
    thanks: 'Thank you, see you again',
    showCode: 'Please show your pay code',
    useTerminal: 'Please pay at the card terminal',
    payQr: 'Please scan to pay',
    training: 'TRAINING',
  },
};
