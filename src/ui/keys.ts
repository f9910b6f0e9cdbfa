/**
 * Keys: what a key press means on the selling screen, where no dialog is open.
 *
 * Pure. One table for the whole till, so that no part of the screen listens for keys behind another's back.
 */
import type { CashMoveKind } from '../core/shift-report.ts';

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly repeat: boolean;
  /** An input method is composing: the key belongs to it. */
  readonly composing: boolean;
}

export interface KeyPlace {
  /** Where the focus is. */
  readonly focus: 'scan' | 'control' | 'none';
  readonly scanText: string;
  readonly choosing: boolean;
}

/** What a key or a button opens. */
export type Opening =
  | 'cash'
  | 'wallet'
  | 'card'
  | 'points'
  | 'stored_value'
  | 'mixed'
  | 'member'
  | 'return'
  | 'receipts'
  | 'discount'
  | 'coupons'
  | 'quantity'
  | 'hold'
  | 'holds'
  | 'no_sale'
  | 'shift'
  | 'people'
  | 'store'
  | 'devices';

export type Command =
  | { readonly do: 'open'; readonly what: Opening }
  | { readonly do: 'clear_basket' }
  | { readonly do: 'toggle_dock' }
  /** The clock's warning was read. */
  | { readonly do: 'clock_seen' }
  | { readonly do: 'move_line'; readonly by: number }
  | { readonly do: 'move_choice'; readonly by: number }
  | { readonly do: 'pick_choice' }
  | { readonly do: 'submit' }
  | { readonly do: 'void_line' }
  | { readonly do: 'undo' }
  | { readonly do: 'escape' }
  /** Puts the focus into the scan field; `keep` lets the key itself be typed there. */
  | { readonly do: 'focus_scan'; readonly keep: boolean };

/** With Shift, a key does what lies beside its plain meaning. */
const FUNCTION_KEYS: Readonly<Record<string, Command>> = {
  F1: { do: 'open', what: 'people' },
  F2: { do: 'open', what: 'hold' },
  F3: { do: 'open', what: 'holds' },
  F4: { do: 'open', what: 'member' },
  F6: { do: 'open', what: 'discount' },
  F7: { do: 'open', what: 'return' },
  F8: { do: 'open', what: 'cash' },
  F9: { do: 'open', what: 'wallet' },
  F10: { do: 'open', what: 'card' },
  F11: { do: 'open', what: 'no_sale' },
  F12: { do: 'open', what: 'shift' },
  '⇧F1': { do: 'clock_seen' },
  '⇧F6': { do: 'open', what: 'coupons' },
  '⇧F7': { do: 'open', what: 'receipts' },
  '⇧F8': { do: 'open', what: 'mixed' },
  '⇧F9': { do: 'toggle_dock' },
  '⇧F11': { do: 'open', what: 'devices' },
  '⇧F12': { do: 'open', what: 'store' },
};

const PAGE_LINES = 8;

/** @returns null when the key keeps its ordinary meaning */
export function commandOf(press: KeyPress, place: KeyPlace): Command | null {
  if (press.composing || press.alt) return null;
  const command = FUNCTION_KEYS[press.shift ? `⇧${press.key}` : press.key];
  // A held function key opens one dialog, not one a tick.
  if (command !== undefined) return press.repeat || press.ctrl ? null : command;
  if (press.ctrl) return press.key.toLowerCase() === 'z' && place.scanText === '' ? { do: 'undo' } : null;
  return namedKey(press, place) ?? typedKey(press, place);
}

function namedKey(press: KeyPress, place: KeyPlace): Command | null {
  switch (press.key) {
    case 'Escape':
      return { do: 'escape' };
    case 'ArrowUp':
      return move(-1, place);
    case 'ArrowDown':
      return move(1, place);
    case 'PageUp':
      return move(-PAGE_LINES, place);
    case 'PageDown':
      return move(PAGE_LINES, place);
    case 'Enter':
      if (place.focus === 'control' || press.repeat) return null;
      return place.choosing ? { do: 'pick_choice' } : { do: 'submit' };
    case 'Delete':
      if (place.scanText !== '') return null;
      if (press.shift) return { do: 'clear_basket' };
      return press.repeat ? null : { do: 'void_line' };
    default:
      return null;
  }
}

function move(by: number, place: KeyPlace): Command {
  return place.choosing ? { do: 'move_choice', by } : { do: 'move_line', by };
}

function typedKey(press: KeyPress, place: KeyPlace): Command | null {
  if (press.key.length !== 1) return null;
  if (press.key === '*' && place.scanText === '') return { do: 'open', what: 'quantity' };
  if (press.key === '/' && (place.focus !== 'scan' || place.scanText === '')) {
    return { do: 'focus_scan', keep: false };
  }
  // Space presses the button that has the focus.
  if (place.focus === 'scan' || press.key === ' ') return null;
  return { do: 'focus_scan', keep: true };
}

/** The pages of the shift dialog. */
export type ShiftPage = 'home' | CashMoveKind | 'no_sale' | 'x' | 'count' | 'reports';

/** Letters and no digits: a barcode scanned into the dialog opens nothing. */
export const SHIFT_KEYS = {
  paid_in: 'I',
  paid_out: 'O',
  drop: 'D',
  no_sale: 'F11',
  x: 'X',
  count: 'Z',
  reports: 'R',
} as const satisfies Readonly<Record<Exclude<ShiftPage, 'home'>, string>>;

/** Without an open shift there is no cash to move and nothing to count. */
const WITHOUT_SHIFT: readonly ShiftPage[] = ['no_sale', 'reports'];

/** @returns the page that a key opens from the home page of the shift dialog, null when it opens none */
export function shiftPageOf(press: KeyPress, shiftOpen: boolean): ShiftPage | null {
  if (press.composing || press.alt || press.ctrl || press.repeat) return null;
  const key = press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const page = (Object.keys(SHIFT_KEYS) as (keyof typeof SHIFT_KEYS)[]).find(
    (candidate) => SHIFT_KEYS[candidate] === key,
  );
  if (page === undefined) return null;
  return shiftOpen || WITHOUT_SHIFT.includes(page) ? page : null;
}
