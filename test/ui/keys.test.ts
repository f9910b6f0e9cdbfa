import { expect, test } from 'vitest';
import {
  type Command,
  commandOf,
  type KeyPlace,
  type KeyPress,
  SHIFT_KEYS,
  type ShiftPage,
  shiftPageOf,
} from '../../src/ui/keys.ts';

const IN_SCAN: KeyPlace = { focus: 'scan', scanText: '', choosing: false };
const TYPED: KeyPlace = { ...IN_SCAN, scanText: '3' };
const CHOOSING: KeyPlace = { ...IN_SCAN, scanText: '牛奶', choosing: true };
const ON_BUTTON: KeyPlace = { ...IN_SCAN, focus: 'control' };
const NOWHERE: KeyPlace = { ...IN_SCAN, focus: 'none' };

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrl: false, alt: false, shift: false, repeat: false, composing: false, ...more };
}

test.each<[string, KeyPlace, Command | null]>([
  ['F2', TYPED, { do: 'open', what: 'hold' }],
  ['F3', IN_SCAN, { do: 'open', what: 'holds' }],
  ['F4', IN_SCAN, { do: 'open', what: 'member' }],
  ['F1', IN_SCAN, { do: 'open', what: 'people' }],
  ['F6', TYPED, { do: 'open', what: 'discount' }],
  ['F7', ON_BUTTON, { do: 'open', what: 'return' }],
  ['F8', NOWHERE, { do: 'open', what: 'cash' }],
  ['F9', IN_SCAN, { do: 'open', what: 'wallet' }],
  ['F10', IN_SCAN, { do: 'open', what: 'card' }],
  ['F11', NOWHERE, { do: 'open', what: 'no_sale' }],
  ['F12', ON_BUTTON, { do: 'open', what: 'shift' }],
  ['F5', IN_SCAN, null],
  ['ArrowUp', IN_SCAN, { do: 'move_line', by: -1 }],
  ['ArrowDown', CHOOSING, { do: 'move_choice', by: 1 }],
  ['PageDown', IN_SCAN, { do: 'move_line', by: 8 }],
  ['Enter', TYPED, { do: 'submit' }],
  ['Enter', CHOOSING, { do: 'pick_choice' }],
  ['Enter', ON_BUTTON, null],
  ['Escape', CHOOSING, { do: 'escape' }],
  ['Delete', IN_SCAN, { do: 'void_line' }],
  ['Delete', TYPED, null],
  ['*', IN_SCAN, { do: 'open', what: 'quantity' }],
  ['*', ON_BUTTON, { do: 'open', what: 'quantity' }],
  // `3*code`: with a number before it, the star is part of what is typed.
  ['*', TYPED, null],
  ['/', IN_SCAN, { do: 'focus_scan', keep: false }],
  ['/', TYPED, null],
  ['/', ON_BUTTON, { do: 'focus_scan', keep: false }],
  ['6', IN_SCAN, null],
  ['6', ON_BUTTON, { do: 'focus_scan', keep: true }],
  ['6', NOWHERE, { do: 'focus_scan', keep: true }],
  [' ', ON_BUTTON, null],
  ['Tab', IN_SCAN, null],
  ['Shift', NOWHERE, null],
])('%s at %j does %j', (key, place, command) => {
  expect(commandOf(press(key), place)).toEqual(command);
});

test('keys of an input method and of the window manager are left alone', () => {
  expect(commandOf(press('Enter', { composing: true }), TYPED)).toBeNull();
  expect(commandOf(press('F4', { alt: true }), IN_SCAN)).toBeNull();
  expect(commandOf(press('r', { ctrl: true }), NOWHERE)).toBeNull();
});

test('a held key opens one dialog, voids one line, enters one code', () => {
  for (const key of ['F8', 'Delete', 'Enter']) {
    expect(commandOf(press(key, { repeat: true }), IN_SCAN)).toBeNull();
  }
  expect(commandOf(press('ArrowDown', { repeat: true }), IN_SCAN)).toEqual({ do: 'move_line', by: 1 });
});

test('Shift and Delete ask for the whole sale; Ctrl and Z undo only where no text could be meant', () => {
  expect(commandOf(press('Delete', { shift: true }), IN_SCAN)).toEqual({ do: 'clear_basket' });
  expect(commandOf(press('z', { ctrl: true }), IN_SCAN)).toEqual({ do: 'undo' });
  expect(commandOf(press('z', { ctrl: true }), TYPED)).toBeNull();
});

test.each<[string, Command | null]>([
  ['F1', { do: 'clock_seen' }],
  ['F6', { do: 'open', what: 'coupons' }],
  ['F7', { do: 'open', what: 'receipts' }],
  ['F8', { do: 'open', what: 'mixed' }],
  ['F9', { do: 'toggle_dock' }],
  ['F11', { do: 'open', what: 'devices' }],
  ['F12', { do: 'open', what: 'store' }],
  // Shift makes another key of it: nothing there, and never the plain meaning.
  ['F2', null],
  ['F10', null],
])('Shift and %s does %j', (key, command) => {
  expect(commandOf(press(key, { shift: true }), IN_SCAN)).toEqual(command);
});

test.each<[string, boolean, ShiftPage | null]>([
  ['i', true, 'paid_in'],
  ['O', true, 'paid_out'],
  ['d', true, 'drop'],
  ['F11', true, 'no_sale'],
  ['x', true, 'x'],
  ['Z', true, 'count'],
  ['r', true, 'reports'],
  // Without a shift there is no cash to move and nothing to read or count.
  ['i', false, null],
  ['x', false, null],
  ['z', false, null],
  ['F11', false, 'no_sale'],
  ['r', false, 'reports'],
  // A scanned barcode opens nothing.
  ['6', true, null],
  ['Enter', true, null],
])('%s in the shift dialog, shift open %s, opens %s', (key, shiftOpen, page) => {
  expect(shiftPageOf(press(key), shiftOpen)).toBe(page);
});

test('each page of the shift dialog has a key of its own', () => {
  const keys = Object.values(SHIFT_KEYS);
  expect(new Set(keys).size).toBe(keys.length);
});
