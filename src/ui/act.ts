/**
 * Act: what a key or a button does, whichever of the two it came from.
 */
import { useCallback, useRef } from 'react';
import type { PricedLine } from '../core/pricing.ts';
import type { TenderKind } from '../core/tender.ts';
import { CallError } from './bridge.ts';
import type { Command, Opening } from './keys.ts';
import { empty, giveBack, sendFrom, taken, textIn } from './scan-field.ts';
import { type Choice, canUndo, type Message, type VoidedLine } from './selling.ts';
import { beep } from './sound.ts';
import type { TillScreen } from './till-screen.ts';

export type Deed = Command | { readonly do: 'pick'; readonly choice: Choice };
export type Act = (deed: Deed) => void;

type Scan = HTMLInputElement | null;

export function useAct(screen: TillScreen, scanRef: { readonly current: Scan }, toggleDock: () => void): Act {
  // The newest screen for handlers that were bound earlier: keys come between renders.
  const latest = useRef({ screen, toggleDock });
  latest.current = { screen, toggleDock };
  return useCallback(
    (deed) => {
      const now = latest.current;
      if (deed.do !== 'toggle_dock') void perform(deed, now.screen, scanRef.current);
      else if (now.screen.view.till.virtualDevices) now.toggleDock();
    },
    [scanRef],
  );
}

async function perform(
  deed: Exclude<Deed, { do: 'toggle_dock' }>,
  screen: TillScreen,
  scan: Scan,
): Promise<void> {
  const { dispatch, selling, view } = screen;
  // Said only where it matters: each event is a drawing, and the key's own answer waits for it.
  if (deed.do !== 'open' && selling.done !== null) dispatch({ type: 'go_on' });
  switch (deed.do) {
    case 'open':
      open(deed.what, screen);
      break;
    case 'move_line':
      dispatch({ type: 'move_line', by: deed.by, view });
      break;
    case 'move_choice':
      dispatch({ type: 'move_choice', by: deed.by });
      break;
    case 'pick_choice': {
      const choice = selling.choices?.list[selling.choices.index];
      if (choice !== undefined) await pick(choice, screen, scan);
      break;
    }
    case 'pick':
      await pick(deed.choice, screen, scan);
      break;
    case 'submit':
      await submit(screen, scan);
      break;
    case 'void_line':
      await voidLine(screen);
      break;
    case 'clear_basket':
      if (view.basket.lines.length > 0) dispatch({ type: 'open', dialog: { kind: 'clear' } });
      break;
    case 'undo':
      await undo(screen);
      break;
    case 'clock_seen':
      if (view.clock.state !== 'ok') await screen.ask('clockSeen', {});
      break;
    case 'escape':
      stepBack(screen, scan);
      break;
    case 'focus_scan':
      scan?.focus();
  }
}

// ---- dialogs ----

function open(what: Opening, screen: TillScreen): void {
  const { dispatch, view, selling } = screen;
  const tender = TENDER_OF[what];
  if (tender !== undefined) openPay(tender, screen);
  else if (what === 'return') dispatch({ type: 'open', dialog: { kind: 'return', receipt: null } });
  else if (what === 'member') {
    dispatch({ type: 'open', dialog: { kind: 'member', page: view.member === null ? 'find' : 'card' } });
  } else if (what === 'receipts') {
    dispatch({ type: 'open', dialog: { kind: 'receipts', saleId: view.lastSale?.saleId ?? null } });
  } else if (
    what === 'holds' ||
    what === 'people' ||
    what === 'store' ||
    what === 'devices' ||
    what === 'coupons'
  ) {
    dispatch({ type: 'open', dialog: { kind: what } });
  } else if (what === 'shift' || what === 'no_sale') {
    dispatch({ type: 'open', dialog: { kind: 'shift', page: what === 'shift' ? 'home' : 'no_sale' } });
  } else if (view.basket.lines.length === 0) {
    tell(screen, { kind: 'error', error: { kind: 'empty_basket' } });
  } else if (what === 'hold') {
    if (view.payment.tenders.length > 0) tell(screen, { kind: 'error', error: { kind: 'paying' } });
    else dispatch({ type: 'open', dialog: { kind: 'hold', basketId: view.basket.id } });
  } else if (what === 'discount') {
    dispatch({ type: 'open', dialog: { kind: 'discount', lineNo: selling.selectedLineNo } });
  } else openQuantity(screen);
}

/** `mixed` starts with what a mixed payment mostly starts with. */
const TENDER_OF: Readonly<Partial<Record<Opening, TenderKind>>> = {
  cash: 'cash',
  wallet: 'wallet',
  card: 'card',
  points: 'points',
  stored_value: 'stored_value',
  mixed: 'voucher',
};

function openPay(tender: TenderKind, screen: TillScreen): void {
  const { view, dispatch } = screen;
  const { kinds, pending } = view.payment;
  if (view.basket.lines.length === 0) tell(screen, { kind: 'error', error: { kind: 'empty_basket' } });
  else {
    const shown = kinds.includes(tender) || pending !== null ? tender : (kinds[0] ?? 'cash');
    dispatch({ type: 'open', dialog: { kind: 'pay', basketId: view.basket.id, tender: shown } });
  }
}

function openQuantity(screen: TillScreen): void {
  const line = selectedLine(screen);
  if (line === undefined) tell(screen, { kind: 'select_line' });
  else if (line.weightG !== null) {
    tell(screen, { kind: 'error', error: { kind: 'weighed_goods', lineNo: line.lineNo } });
  } else screen.dispatch({ type: 'open', dialog: { kind: 'quantity', lineNo: line.lineNo } });
}

function selectedLine({ view, selling }: TillScreen) {
  return view.basket.lines.find((line) => line.lineNo === selling.selectedLineNo);
}

function tell(screen: TillScreen, message: Message): void {
  beep('bad');
  screen.dispatch({ type: 'message', message });
}

function stepBack({ selling, dispatch }: TillScreen, scan: Scan): void {
  if (selling.choices !== null) {
    dispatch({ type: 'close_choices' });
    return;
  }
  empty(scan);
  dispatch({ type: 'worked' });
}

// ---- scanning and picking ----

async function submit(screen: TillScreen, scan: Scan): Promise<void> {
  const sent = sendFrom(scan);
  if (sent === null) return;
  await enterText(sent.text, screen, {
    kept: () => giveBack(scan, sent),
    taken: () => afterPaint(() => taken(scan, sent)),
  });
}

/** In a frame that is painted, what is posted is heard after it. A hidden page paints none: the next key will do. */
function afterPaint(run: () => void): void {
  requestAnimationFrame(() => setTimeout(run));
}

/**
 * Sends what was typed or scanned.
 *
 * @param field  hears whether the till took the text or it is still needed, before the answer is drawn
 */
export async function enterText(
  text: string,
  screen: Pick<TillScreen, 'bridge' | 'dispatch' | 'fail'>,
  field: { readonly kept: (text: string) => void; readonly taken: () => void },
): Promise<void> {
  const { bridge, dispatch, fail } = screen;
  try {
    const outcome = await bridge.call('enter', { text });
    if (outcome.kind === 'choices') field.kept(text);
    else field.taken();
    if (outcome.kind === 'line' && outcome.expired !== undefined) {
      beep('bad');
      const error = { kind: 'expired_sold', expiry: outcome.expired } as const;
      dispatch({ type: 'message', message: { kind: 'error', error } });
    } else if (outcome.kind === 'line' || outcome.kind === 'member' || outcome.kind === 'taken') {
      beep('good');
      dispatch({ type: 'worked' });
    } else if (outcome.kind === 'choices') {
      dispatch({ type: 'choices', items: outcome.items, members: outcome.members });
    } else if (outcome.kind === 'receipt') {
      beep('good');
      dispatch({ type: 'open', dialog: { kind: 'return', receipt: outcome.receipt } });
    } else {
      dispatch({ type: 'asked', ask: outcome });
    }
  } catch (thrown) {
    if (thrown instanceof CallError && thrown.error.kind === 'disconnected') field.kept(text);
    else field.taken();
    fail(thrown);
  }
}

async function pick(choice: Choice, screen: TillScreen, scan: Scan): Promise<void> {
  const { dispatch, ask } = screen;
  const qty = quantityBefore(textIn(scan));
  empty(scan);
  dispatch({ type: 'close_choices' });
  if (choice.kind === 'member') {
    await ask('setMember', { memberId: choice.member.id });
    return;
  }
  const { item } = choice;
  if (item.unit === 'kg') dispatch({ type: 'asked', ask: { kind: 'needs_weight', item } });
  else if (item.priceMinor === null) dispatch({ type: 'asked', ask: { kind: 'needs_price', item, qty } });
  else if ((await ask('addItem', { sku: item.sku, qty })) !== null) beep('good');
}

/** `3*milk` was searched: the pick keeps the three. */
export function quantityBefore(text: string): number {
  const match = /^(\d{1,5})\*/.exec(text.trim());
  return match === null ? 1 : Math.max(1, Number(match[1]));
}

// ---- voiding and bringing back ----

async function voidLine(screen: TillScreen): Promise<void> {
  const line = selectedLine(screen);
  if (line === undefined) return;
  if ((await screen.ask('voidLine', { lineNo: line.lineNo })) === null) return;
  const add = additionOf(line);
  const voided = { basketId: screen.view.basket.id, name: line.name, add };
  screen.dispatch({ type: 'message', message: { kind: 'voided', line: voided } });
}

/** What cannot be told to the till again in parts is scanned once more. */
function additionOf(line: PricedLine): VoidedLine['add'] {
  // A price from a scale's label, and goods that came back on a receipt.
  if (line.priceSource === 'embedded' || line.qty < 0) return null;
  return {
    sku: line.sku,
    qty: line.qty,
    ...(line.priceSource === 'list' ? {} : { unitPriceMinor: line.unitPriceMinor }),
    ...(line.weightG === null ? {} : { weightG: line.weightG }),
  };
}

async function undo({ selling, view, ask, dispatch }: TillScreen): Promise<void> {
  const { message } = selling;
  if (message?.kind !== 'voided' || !canUndo(message, view)) return;
  dispatch({ type: 'worked' });
  if (message.line.add !== null) await ask('addItem', message.line.add);
}
