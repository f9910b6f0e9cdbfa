/**
 * Selling: what the screen adds to the till's picture, namely the one open dialog, the selected line, the choices and
 * the one message.
 *
 * Pure. The till's views come in as events like keys do, so the order in which they meet is one function's subject.
 */
import type { CashMoveKind } from '../core/shift-report.ts';
import type { TenderKind } from '../core/tender.ts';
import type { EnterOutcome, ItemHit, LastSale, MemberHit, TillView } from '../till/api.ts';
import type { BridgeError } from './bridge.ts';

/** A number that the till needs before it can add an item. */
export type Ask = Extract<EnterOutcome, { kind: 'needs_price' | 'needs_weight' }>;

export type Dialog =
  | { readonly kind: 'pay'; readonly basketId: string; readonly tender: TenderKind }
  | { readonly kind: 'member'; readonly page: 'card' | 'find' | 'enrol' }
  /** `receipt`: a number or QR that was scanned already. */
  | { readonly kind: 'return'; readonly receipt: string | null }
  | { readonly kind: 'receipts'; readonly saleId: string | null }
  | { readonly kind: 'quantity'; readonly lineNo: number }
  /** Takes something off by hand: of a line, of the order, or a new price for a line. */
  | { readonly kind: 'discount'; readonly lineNo: number | null }
  | { readonly kind: 'coupons' }
  | { readonly kind: 'people' }
  | { readonly kind: 'store' }
  | { readonly kind: 'devices' }
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'code' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'hold'; readonly basketId: string }
  | { readonly kind: 'holds' }
  | { readonly kind: 'shift'; readonly page: 'home' | 'no_sale' };

/** What a voided line was, to add it again. */
export interface VoidedLine {
  readonly basketId: string;
  readonly name: string;
  /** Null: the till cannot add such a line from its parts, so it is scanned again. */
  readonly add: {
    readonly sku: string;
    readonly qty: number;
    readonly unitPriceMinor?: number;
    readonly weightG?: number;
  } | null;
}

export type Message =
  | { readonly kind: 'error'; readonly error: BridgeError }
  | { readonly kind: 'voided'; readonly line: VoidedLine }
  | { readonly kind: 'scan_blocked'; readonly code: string }
  | { readonly kind: 'ask_next'; readonly name: string }
  | { readonly kind: 'select_line' }
  | { readonly kind: 'held'; readonly label: string }
  | { readonly kind: 'hold_dropped'; readonly label: string }
  | { readonly kind: 'shift_opened'; readonly zNo: number }
  | { readonly kind: 'cash_moved'; readonly move: CashMoveKind; readonly amountMinor: number }
  | { readonly kind: 'drawer_opened' }
  | { readonly kind: 'device_saved' }
  | { readonly kind: 'coupon_added'; readonly code: string }
  | { readonly kind: 'z_reprinted'; readonly zNo: number }
  | { readonly kind: 'not_approved' }
  /** The till started again and an unpaid basket did not come back. */
  | { readonly kind: 'basket_lost' };

export type Choice =
  | { readonly kind: 'item'; readonly item: ItemHit }
  | { readonly kind: 'member'; readonly member: MemberHit };

export interface Selling {
  readonly dialog: Dialog | null;
  readonly selectedLineNo: number | null;
  readonly choices: { readonly list: readonly Choice[]; readonly index: number } | null;
  /** The newest message; `messageNo` counts up, so the same words twice are two messages. */
  readonly message: Message | null;
  readonly messageNo: number;
  /** The sale whose change is on show until the next scan or key. */
  readonly done: LastSale | null;
  /** The newest sale that this page saw; the till forgets it when the next one begins. */
  readonly pastSale: LastSale | null;
  /** Asked by a scan while a dialog was open: comes next. */
  readonly nextAsk: Ask | null;
  /** Of the last view: to tell what is new. Null before the first. */
  readonly seen: {
    readonly noticeId: number;
    readonly saleId: string | null;
    readonly basketId: string;
    readonly touched: string;
    readonly lines: string;
    readonly holds: number;
    readonly version: number;
  } | null;
}

export type SellingEvent =
  | { readonly type: 'view'; readonly view: TillView }
  | { readonly type: 'open'; readonly dialog: Dialog }
  /** With `dialog`: that one, if it is still open. An answer that comes late closes nothing that was opened since. */
  | { readonly type: 'close'; readonly dialog?: Dialog }
  | { readonly type: 'select'; readonly lineNo: number }
  | { readonly type: 'move_line'; readonly by: number; readonly view: TillView }
  | {
      readonly type: 'choices';
      readonly items: readonly ItemHit[];
      readonly members: readonly MemberHit[];
    }
  | { readonly type: 'move_choice'; readonly by: number }
  | { readonly type: 'close_choices' }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'asked'; readonly ask: Ask }
  /** Something worked: what was wrong before is no longer news. */
  | { readonly type: 'worked' }
  /** A key or a scan: the change on show has been seen. */
  | { readonly type: 'go_on' };

export const NOTHING_YET: Selling = {
  dialog: null,
  selectedLineNo: null,
  choices: null,
  message: null,
  messageNo: 0,
  done: null,
  pastSale: null,
  nextAsk: null,
  seen: null,
};

export function nextSelling(state: Selling, event: SellingEvent): Selling {
  switch (event.type) {
    case 'view':
      return seeView(state, event.view);
    case 'open':
      return { ...state, dialog: event.dialog, choices: null, message: undoOf(state.message) };
    case 'close':
      return event.dialog === undefined || event.dialog === state.dialog ? close(state) : state;
    case 'select':
      return { ...state, selectedLineNo: event.lineNo };
    case 'move_line':
      return { ...state, selectedLineNo: lineBeside(state.selectedLineNo, event.by, event.view) };
    case 'choices': {
      const list: Choice[] = [
        ...event.items.map((item) => ({ kind: 'item' as const, item })),
        ...event.members.map((member) => ({ kind: 'member' as const, member })),
      ];
      return { ...state, choices: list.length === 0 ? null : { list, index: 0 }, message: null };
    }
    case 'move_choice':
      return { ...state, choices: moveChoice(state.choices, event.by) };
    case 'close_choices':
      return state.choices === null ? state : { ...state, choices: null };
    case 'message':
      return say(state, event.message);
    case 'asked':
      return askFor(state, event.ask);
    case 'worked':
      return state.message === null ? state : { ...state, message: null };
    case 'go_on':
      return state.done === null ? state : { ...state, done: null };
  }
}

function seeView(state: Selling, view: TillView): Selling {
  const { seen } = state;
  const now = {
    noticeId: view.notice?.id ?? seen?.noticeId ?? 0,
    saleId: view.lastSale?.saleId ?? null,
    basketId: view.basket.id,
    touched: touchedKey(view),
    lines: linesKey(view),
    holds: view.holds.length,
    version: view.version,
  };
  const next: Selling = { ...state, seen: now, pastSale: view.lastSale ?? state.pastSale };
  // What the till said before this page was there is old news.
  if (seen === null) return { ...next, selectedLineNo: lastLineNo(view) };
  const read = closeStale(hear(seeLines(seeSale(next, view, seen), view, seen), view, seen), view);
  return isBasketLost(view, seen) ? say(read, { kind: 'basket_lost' }) : read;
}

/**
 * A till that started again counts its views anew. It keeps the open basket; should one not come back, neither open nor
 * held nor paid, its goods must be scanned again.
 */
function isBasketLost(view: TillView, seen: Seen): boolean {
  const restarted = view.version < seen.version;
  const paid = view.lastSale?.saleId === seen.basketId;
  const held = view.holds.length > seen.holds;
  return restarted && seen.lines !== '' && view.basket.id !== seen.basketId && !paid && !held;
}

type Seen = NonNullable<Selling['seen']>;

function seeSale(state: Selling, view: TillView, seen: Seen): Selling {
  const sale = view.lastSale;
  if (sale !== null && sale.saleId !== seen.saleId) {
    const paid = state.dialog?.kind === 'pay' || state.dialog?.kind === 'return';
    return { ...(paid ? close(state) : state), done: sale, message: null };
  }
  // The next sale has begun: its lines need the place. A refund beside an open basket changes no line.
  if (linesKey(view) !== seen.lines) return { ...state, done: null };
  return sale !== null && sale.saleId === state.done?.saleId ? { ...state, done: sale } : state;
}

function seeLines(state: Selling, view: TillView, seen: Seen): Selling {
  const touched = touchedKey(view) !== seen.touched && view.touchedLineNo !== null;
  const opened = view.basket.id !== seen.basketId;
  const lineNo = touched ? view.touchedLineNo : opened ? null : state.selectedLineNo;
  const choices = opened ? null : state.choices;
  return { ...state, choices, selectedLineNo: lineStillThere(lineNo, view) };
}

function hear(state: Selling, { notice }: TillView, seen: Seen): Selling {
  if (notice === null || notice.id <= seen.noticeId) return state;
  if (notice.error !== null) return say({ ...state, done: null }, { kind: 'error', error: notice.error });
  const { ask } = notice;
  if (ask?.kind === 'needs_price' || ask?.kind === 'needs_weight') return askFor(state, ask);
  if (ask?.kind === 'receipt') return showReceipt(state, ask.receipt);
  if (ask?.kind === 'choices') {
    return nextSelling(state, { type: 'choices', items: ask.items, members: ask.members });
  }
  return notice.level === 'good' ? { ...state, message: null } : state;
}

/** A scanned receipt opens the returns; another dialog is not taken away for it, and says so. */
function showReceipt(state: Selling, receipt: string): Selling {
  if (state.dialog !== null && state.dialog.kind !== 'return') {
    return say(state, { kind: 'scan_blocked', code: Array.from(receipt).slice(0, 24).join('') });
  }
  return nextSelling(state, { type: 'open', dialog: { kind: 'return', receipt } });
}

/** One dialog at a time: what a scan asks waits for the one that is open, and says so. */
function askFor(state: Selling, ask: Ask): Selling {
  if (state.dialog === null) return { ...state, dialog: { kind: 'ask', ask }, message: null };
  return say({ ...state, nextAsk: ask }, { kind: 'ask_next', name: ask.item.name });
}

function close(state: Selling): Selling {
  const dialog: Dialog | null = state.nextAsk === null ? null : { kind: 'ask', ask: state.nextAsk };
  // A message of a dialog goes with it; an undo was offered outside and stays.
  return { ...state, dialog, nextAsk: null, message: undoOf(state.message) };
}

/** A dialog about a line that has gone, or about a basket that is no longer the open one, has no subject left. */
function closeStale(state: Selling, view: TillView): Selling {
  const { dialog } = state;
  const gone =
    (dialog !== null && view.people.state === 'signed_off') ||
    ((dialog?.kind === 'pay' || dialog?.kind === 'hold') && dialog.basketId !== view.basket.id) ||
    (dialog?.kind === 'quantity' && !hasLine(view, dialog.lineNo)) ||
    (dialog?.kind === 'discount' && dialog.lineNo !== null && !hasLine(view, dialog.lineNo));
  return gone ? close(state) : state;
}

function say(state: Selling, message: Message): Selling {
  return { ...state, message, messageNo: state.messageNo + 1 };
}

const GOOD_NEWS: readonly Message['kind'][] = [
  'voided',
  'ask_next',
  'held',
  'hold_dropped',
  'shift_opened',
  'cash_moved',
  'drawer_opened',
  'coupon_added',
  'z_reprinted',
  'device_saved',
];

export function isGoodNews(message: Message): boolean {
  return GOOD_NEWS.includes(message.kind);
}

/** What was said before is no part of the dialog that opens; an undo is still offered after it. */
function undoOf(message: Message | null): Message | null {
  return message?.kind === 'voided' ? message : null;
}

/** A line comes back only into the basket it was taken from. */
export function canUndo(message: Extract<Message, { kind: 'voided' }>, view: TillView): boolean {
  return message.line.add !== null && message.line.basketId === view.basket.id;
}

/** Changes whenever a scan changed a line, so that it flashes once for that. */
export function touchedKey(view: TillView): string {
  const line = view.basket.lines.find((candidate) => candidate.lineNo === view.touchedLineNo);
  return line === undefined ? '' : `${view.basket.id}/${line.lineNo}/${line.qty}/${line.grossMinor}`;
}

/** Changes with every change of what is in the basket. */
function linesKey({ basket }: TillView): string {
  return basket.lines.map((line) => `${line.lineNo}:${line.qty}:${line.grossMinor}`).join(' ');
}

function hasLine(view: TillView, lineNo: number): boolean {
  return view.basket.lines.some((line) => line.lineNo === lineNo);
}

function lastLineNo(view: TillView): number | null {
  return view.basket.lines.at(-1)?.lineNo ?? null;
}

/** The line itself, or its neighbour above where it was voided. */
function lineStillThere(lineNo: number | null, view: TillView): number | null {
  if (lineNo === null) return lastLineNo(view);
  if (hasLine(view, lineNo)) return lineNo;
  return view.basket.lines.findLast((line) => line.lineNo < lineNo)?.lineNo ?? lastLineNo(view);
}

function lineBeside(lineNo: number | null, by: number, view: TillView): number | null {
  const { lines } = view.basket;
  const index = lines.findIndex((line) => line.lineNo === lineNo);
  const from = index < 0 ? lines.length : index;
  return lines[Math.max(0, Math.min(lines.length - 1, from + by))]?.lineNo ?? null;
}

function moveChoice(choices: Selling['choices'], by: number): Selling['choices'] {
  if (choices === null) return null;
  return { ...choices, index: Math.max(0, Math.min(choices.list.length - 1, choices.index + by)) };
}
