/**
 * The customer's picture of the sale, from the till's own; and the two lines of it that fit a pole display.
 *
 * Pure.
 */
import type { Locale } from '../core/item.ts';
import { formatMinor } from '../core/money.ts';
import { type PricedLine, savedMinor } from '../core/pricing.ts';
import type { TillView } from './api.ts';
import type { CustomerLine, CustomerPhase, CustomerView } from './api-customer.ts';
import type { PoleLines } from './pole-line.ts';

export interface CustomerExtras {
  readonly payQrSvg: string | null;
  readonly hasIdlePicture: boolean;
}

const NO_MONEY = { code: '', digits: 2, symbol: '' };

export function customerViewOf(view: TillView, extras: CustomerExtras): CustomerView {
  const { basket, payment, lastSale, store } = view;
  const phase = phaseOf(view);
  const isDone = phase === 'done';
  const { pending } = payment;
  const wallet = phase === 'paying' && pending?.kind === 'wallet';
  return {
    phase,
    locale: view.locale,
    storeName: store?.name ?? '',
    currency: store?.currency ?? NO_MONEY,
    lines: basket.lines.map(lineOf),
    touchedLineNo: view.touchedLineNo,
    pieces: basket.pieces,
    totalMinor: isDone ? lastSale!.totalMinor : basket.totalMinor,
    savedMinor: isDone ? lastSale!.savedMinor : savedMinor(basket.lines),
    dueMinor: isDone ? 0 : phase === 'paying' ? payment.exactDueMinor : payment.dueMinor,
    paidMinor: isDone ? lastSale!.tenderedMinor : payment.tenderedMinor,
    changeMinor: isDone ? lastSale!.changeMinor : 0,
    earnPoints: isDone ? null : basket.earnPoints,
    ask: !wallet && pending?.kind !== 'card' ? null : wallet ? askOf(pending!.state) : 'use_terminal',
    payQrSvg: wallet ? extras.payQrSvg : null,
    training: view.training,
    hasIdlePicture: extras.hasIdlePicture,
  };
}

function phaseOf({ basket, payment, lastSale, people }: TillView): CustomerPhase {
  if (basket.lines.length > 0 && people.state !== 'signed_off') {
    return payment.tenders.length > 0 || payment.pending !== null ? 'paying' : 'selling';
  }
  return lastSale !== null && basket.lines.length === 0 ? 'done' : 'idle';
}

/** Once the code was read there is nothing more to show. */
function askOf(state: string): CustomerView['ask'] {
  return state === 'code' ? 'show_code' : null;
}

function lineOf(line: PricedLine): CustomerLine {
  const { lineNo, name, qty, weightG, unitPriceMinor, netMinor } = line;
  const saved = qty > 0 ? line.grossMinor - netMinor : 0;
  return { lineNo, name, qty, weightG, unitPriceMinor, netMinor, savedMinor: saved };
}

// ---- two lines ----

/** The line that came last and the total; what is due; the change; or the shop's name. */
export function poleLinesOf(view: CustomerView): PoleLines {
  const words = WORDS[view.locale];
  const money = (amountMinor: number) => formatMinor(amountMinor, view.currency.digits);
  const paidBack = view.totalMinor < 0;
  switch (view.phase) {
    case 'idle':
      return [{ left: view.storeName }, { left: words.welcome }];
    case 'selling': {
      const line = view.lines.find(({ lineNo }) => lineNo === view.touchedLineNo) ?? view.lines.at(-1)!;
      return [
        { left: quantityOf(line) + line.name, right: money(line.netMinor) },
        { left: paidBack ? words.back : words.total, right: money(view.totalMinor) },
      ];
    }
    case 'paying':
      return [
        { left: words.total, right: money(view.totalMinor) },
        { left: view.dueMinor < 0 ? words.back : words.due, right: money(Math.abs(view.dueMinor)) },
      ];
    case 'done':
      return paidBack || view.changeMinor === 0
        ? [
            { left: paidBack ? words.back : words.paid, right: money(Math.abs(view.totalMinor)) },
            { left: words.thanks },
          ]
        : [
            { left: words.paid, right: money(view.paidMinor) },
            { left: words.change, right: money(view.changeMinor) },
          ];
  }
}

function quantityOf({ qty, weightG }: CustomerLine): string {
  return weightG !== null || qty === 1 ? '' : `${qty}x`;
}

interface PoleWords {
  readonly welcome: string;
  readonly total: string;
  readonly due: string;
  readonly paid: string;
  readonly change: string;
  readonly back: string;
  readonly thanks: string;
}

const WORDS: Readonly<Record<Locale, PoleWords>> = {
  'zh-CN': {
    welcome: '欢迎光临',
    total: '合计',
    due: '应付',
    paid: '已付',
    change: '找零',
    back: '应退',
    thanks: '谢谢惠顾',
  },
  'zh-TW': {
    welcome: '歡迎光臨',
    total: '合計',
    due: '應付',
    paid: '已付',
    change: '找零',
    back: '應退',
    thanks: '謝謝惠顧',
  },
  en: {
    welcome: 'Welcome',
    total: 'Total',
    due: 'To pay',
    paid: 'Paid',
    change: 'Change',
    back: 'Back to you',
    thanks: 'Thank you',
  },
};
