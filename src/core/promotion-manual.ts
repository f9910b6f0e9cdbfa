/**
 * Step 8: what a cashier takes off by hand, a line or the whole order, within a limit or with a manager's approval.
 *
 * Pure. The margin floor holds unless it is approved; nothing goes below zero, and flagged goods take nothing.
 */
import { partBp } from './money.ts';
import { roomOf, spreadCapped, takeOff } from './promotion-draft.ts';
import type { ManualDiscount, Run } from './promotion-run.ts';

export type ManualAnswer = { readonly lineNo: number | null } & (
  | { readonly kind: 'applied'; readonly offMinor: number }
  | { readonly kind: 'over_limit'; readonly limitMinor: number }
  | { readonly kind: 'not_these_items' }
);

/** Lines first, then the order. */
export function manualDiscounts(run: Run): ManualAnswer[] {
  const { manual } = run.context;
  const lines = manual.filter(({ lineNo }) => lineNo !== null).sort((a, b) => a.lineNo! - b.lineNo!);
  return [...lines, ...manual.filter(({ lineNo }) => lineNo === null)].map((discount) =>
    byHand(run, discount),
  );
}

function byHand(run: Run, { lineNo, off, limitBp, approvalId }: ManualDiscount): ManualAnswer {
  const lines = run.lines.filter(({ line, open }) => open && (lineNo === null || line.lineNo === lineNo));
  const nets = lines.map((line) => line.netMinor);
  const dueMinor = nets.reduce((sum, net) => sum + net, 0);
  if (dueMinor === 0) return { lineNo, kind: 'not_these_items' };
  const wantedMinor = Math.min(
    dueMinor,
    'amountMinor' in off ? off.amountMinor : partBp(dueMinor, off.rateBp),
  );
  const limitMinor = partBp(dueMinor, limitBp);
  if (wantedMinor > limitMinor && approvalId === null) return { lineNo, kind: 'over_limit', limitMinor };
  const rooms = lines.map((line) => roomOf(line, approvalId !== null));
  const parts = spreadCapped(wantedMinor, nets, rooms);
  const offMinor = parts.reduce((sum, part) => sum + part, 0);
  if (offMinor === 0) return { lineNo, kind: 'not_these_items' };
  const scope = lineNo === null ? 'order' : 'line';
  for (const [i, line] of lines.entries()) {
    takeOff(line, `manual:${scope}`, parts[i]!, { kind: 'manual', scope, offMinor, approvalId });
  }
  return { lineNo, kind: 'applied', offMinor };
}
