/**
 * A sentence for everything that a call or a scan can fail with.
 */
import type { Currency } from '../../core/money.ts';
import { moneyText } from '../amount.ts';
import type { BridgeError } from '../bridge.ts';
import type { Say } from './words.ts';

export function errorText(error: BridgeError, say: Say, currency: Currency): string {
  switch (error.kind) {
    case 'too_long':
      return say('error.too_long', { lengthMax: error.lengthMax });
    case 'check_digit':
    case 'price_verifier':
    case 'member_check_digit':
      return say(`error.${error.kind}`, { expected: error.expected });
    case 'gs1':
      return say('error.gs1', { what: error.what.replaceAll('_', ' '), place: error.at + 1 });
    case 'quantity':
      return say('error.quantity', { qtyMax: error.qtyMax });
    case 'amount_too_large':
      return say('error.amount_too_large', { amount: moneyText(error.amountMinorMax, currency) });
    case 'too_many_lines':
      return say('error.too_many_lines', { linesMax: error.linesMax });
    case 'too_many_holds':
      return say('error.too_many_holds', { holdsMax: error.holdsMax });
    case 'no_such_line':
      return say('error.no_such_line', { lineNo: error.lineNo });
    case 'unknown_code':
      return say('error.unknown_code', { code: error.code });
    case 'already_refunded':
      return say('error.already_refunded', { receiptNo: error.receiptNo });
    case 'not_enough':
      return say('error.not_enough', { amount: moneyText(error.dueMinor, currency) });
    case 'too_much':
      return say('error.too_much', { amount: moneyText(error.dueMinor, currency) });
    case 'reverse_pending':
    case 'reverse_refused':
      return say(`error.${error.kind}`, { amount: moneyText(Math.abs(error.amountMinor), currency) });
    case 'wrong_pin':
      return say('error.wrong_pin', { triesLeft: error.triesLeft });
    case 'locked_out':
      return say('error.locked_out', { time: new Date(error.untilMs).toTimeString().slice(0, 5) });
    case 'no_right':
      return say('error.no_right', { usable: error.usable });
    case 'points_step':
      return say('error.points_step', { stepPoints: error.stepPoints });
    case 'points_cap':
      return say('error.points_cap', { amount: moneyText(error.capMinor, currency) });
    case 'tender_declined':
      return say(`error.tender_declined.${error.reason}`);
    case 'voucher_used':
      return say('error.voucher_used', { receiptNo: error.receiptNo });
    case 'unknown_coupon':
      return say('error.unknown_coupon', { code: error.code });
    case 'receipt_head_only':
      return say('error.receipt_head_only', { receiptNo: error.receiptNo });
    case 'over_refund':
      return say('error.over_refund', { lineNo: error.lineNo, qtyLeft: error.qtyLeft });
    case 'over_exposure':
      return say('error.over_exposure', { amount: moneyText(error.limitMinor, currency) });
    case 'journal':
      return error.detail === 'disk_full' ? say('error.journal.disk_full') : say('error.journal');
    case 'expired_goods':
    case 'expired_sold':
      return say(`error.${error.kind}`, { date: error.expiry });
    case 'scale':
      return say(`error.scale.${error.why}`);
    case 'device_taken':
      return say('error.device_taken', { role: say(`devices.role.${error.by}`) });
    case 'bad_device':
      return say('error.bad_device', { what: error.what });
    case 'bad_request':
      return say('error.bad_request', { what: error.what });
    default:
      return say(`error.${error.kind}`);
  }
}
