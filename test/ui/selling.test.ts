import { expect, test } from 'vitest';
import type { ItemHit, Notice } from '../../src/till/api.ts';
import { canUndo, NOTHING_YET, nextSelling, type Selling, type SellingEvent } from '../../src/ui/selling.ts';
import { aLine, aSale, aView } from './a-view.ts';

const FLOWERS: ItemHit = { sku: 'F1', name: 'flowers', gtin: null, unit: 'each', priceMinor: null };
const CASH: SellingEvent = { type: 'open', dialog: { kind: 'pay', basketId: 'b1', tender: 'cash' } };
const FIND: SellingEvent = { type: 'open', dialog: { kind: 'member', page: 'find' } };
const LINES = [aLine(1), aLine(2), aLine(4)];

function after(...events: readonly SellingEvent[]): Selling {
  return events.reduce(nextSelling, NOTHING_YET);
}

function see(...given: Parameters<typeof aView>): SellingEvent {
  return { type: 'view', view: aView(...given) };
}

function aNotice(id: number, more: Partial<Notice>): Notice {
  return { id, level: 'bad', error: null, ask: null, ...more };
}

test('what the till said or sold before the page was open is no news', () => {
  const notice = aNotice(7, { error: { kind: 'unknown_code', code: '1' } });
  const state = after(see({ notice, lastSale: aSale('s0'), lines: LINES }));
  expect(state).toMatchObject({ message: null, done: null, selectedLineNo: 4 });
});

test('a scan selects its line, and the arrows move over gaps in the line numbers', () => {
  const scanned = see({ version: 2, lines: LINES, touchedLineNo: 2 });
  const view = aView({ lines: LINES });
  const state = after(see(), scanned);
  expect(state.selectedLineNo).toBe(2);
  expect(nextSelling(state, { type: 'move_line', by: 1, view }).selectedLineNo).toBe(4);
  expect(nextSelling(state, { type: 'move_line', by: 99, view }).selectedLineNo).toBe(4);
  expect(nextSelling(state, { type: 'move_line', by: -1, view }).selectedLineNo).toBe(1);
});

test('a view that only tells of the line to HQ leaves the cashier’s selection alone', () => {
  const scanned = see({ lines: LINES, touchedLineNo: 2 });
  const state = after(see(), scanned, { type: 'select', lineNo: 1 }, scanned);
  expect(state.selectedLineNo).toBe(1);
});

test('where the selected line was voided, the line above it is selected', () => {
  const state = after(see({ lines: LINES }), see({ lines: [aLine(1), aLine(2)] }));
  expect(state.selectedLineNo).toBe(2);
});

test('the change stays on show until a key or the next line', () => {
  const sold = see({ basketId: 'b2', lastSale: aSale('b1') });
  const state = after(see({ lines: LINES }), CASH, sold);
  expect(state).toMatchObject({ done: { saleId: 'b1' }, dialog: null, selectedLineNo: null });
  const printed = see({ basketId: 'b2', lastSale: { ...aSale('b1'), print: 'sent' } });
  expect(nextSelling(state, printed).done?.print).toBe('sent');
  expect(nextSelling(state, { type: 'go_on' }).done).toBeNull();
  const next = nextSelling(state, see({ basketId: 'b2', lines: [aLine(1)] }));
  expect(next).toMatchObject({ done: null, pastSale: { saleId: 'b1' } });
});

test('a refund beside an open basket shows what to pay back, over the lines', () => {
  const refund = { ...aSale('r1'), kind: 'refund' as const };
  const dialog: SellingEvent = { type: 'open', dialog: { kind: 'return', receipt: null } };
  const state = after(see({ lines: LINES }), dialog, see({ lines: LINES, lastSale: refund }));
  expect(state).toMatchObject({ done: { saleId: 'r1' }, dialog: null });
  const scanned = see({ lines: [...LINES, aLine(5)], lastSale: refund, touchedLineNo: 5 });
  expect(nextSelling(state, scanned)).toMatchObject({ done: null, selectedLineNo: 5 });
});

test('a bad scan while paying is said in the dialog, which stays open', () => {
  const notice = aNotice(1, { error: { kind: 'paying' } });
  const state = after(see({ lines: LINES }), CASH, see({ lines: LINES, notice }));
  expect(state.dialog?.kind).toBe('pay');
  expect(state.message).toEqual({ kind: 'error', error: { kind: 'paying' } });
});

test('goods without a price, scanned while a dialog is open, are asked for after it', () => {
  const ask = { kind: 'needs_price', item: FLOWERS, qty: 1 } as const;
  const notice = aNotice(1, { level: 'good', ask });
  const open = after(see(), FIND, see({ notice }));
  expect(open.dialog).toEqual({ kind: 'member', page: 'find' });
  expect(open.message).toEqual({ kind: 'ask_next', name: 'flowers' });
  expect(nextSelling(open, { type: 'close' })).toMatchObject({
    dialog: { kind: 'ask', ask },
    nextAsk: null,
    message: null,
  });
});

test('a dialog closes itself: its answer that comes late leaves the one that was opened since, and what is asked next', () => {
  const found = after(see({ lines: LINES }), FIND);
  const own: SellingEvent = { type: 'close', dialog: found.dialog! };
  expect(nextSelling(found, own).dialog).toBeNull();
  expect([own, CASH, own].reduce(nextSelling, found).dialog).toMatchObject({ kind: 'pay' });
  const ask = { kind: 'needs_price', item: FLOWERS, qty: 1 } as const;
  const asked: SellingEvent = { type: 'asked', ask };
  expect([asked, own, own].reduce(nextSelling, found).dialog).toEqual({ kind: 'ask', ask });
});

test('the same notice in two views is heard once; the same words with a new id twice', () => {
  const error = { kind: 'unknown_code', code: '404' } as const;
  const first = after(see(), see({ notice: aNotice(1, { error }) }));
  expect(first.messageNo).toBe(1);
  expect(nextSelling(first, see({ notice: aNotice(1, { error }) })).messageNo).toBe(1);
  expect(nextSelling(first, see({ notice: aNotice(2, { error }) })).messageNo).toBe(2);
});

test('a dialog about a line that has gone, or a basket no longer open, closes', () => {
  const quantity: SellingEvent = { type: 'open', dialog: { kind: 'quantity', lineNo: 4 } };
  expect(after(see({ lines: LINES }), quantity, see({ lines: [aLine(1)] })).dialog).toBeNull();
  expect(after(see({ lines: LINES }), CASH, see({ basketId: 'b2' })).dialog).toBeNull();
});

test('choices are walked within their ends, and opening a dialog puts them away', () => {
  const choices: SellingEvent = { type: 'choices', items: [FLOWERS, { ...FLOWERS, sku: 'F2' }], members: [] };
  const down: SellingEvent = { type: 'move_choice', by: 1 };
  expect(after(see(), choices, down, down, down).choices?.index).toBe(1);
  expect(after(see(), choices, FIND).choices).toBeNull();
});

test('goods of an unpaid basket that a restart lost are asked for again; a kept, held or paid one is not', () => {
  const before = after(see({ version: 50, lines: LINES }));
  const lost = nextSelling(before, see({ version: 1, basketId: 'b2' }));
  expect(lost.message).toEqual({ kind: 'basket_lost' });
  const kept = nextSelling(before, see({ version: 1, lines: LINES }));
  expect(kept).toMatchObject({ message: null, selectedLineNo: 4 });
  const holds = [{ holdId: 'h1', label: 'x', atMs: 0, pieces: 3, grossMinor: 3_000, memberName: null }];
  expect(nextSelling(before, see({ version: 1, basketId: 'b2', holds })).message).toBeNull();
  const paid = nextSelling(before, see({ version: 1, basketId: 'b2', lastSale: aSale('b1') }));
  expect(paid).toMatchObject({ message: null, done: { saleId: 'b1' } });
  expect(nextSelling(before, see({ version: 51, basketId: 'b2' })).message).toBeNull();
});

test('the question for a label closes with its basket, and what was said before is not said again in the next dialog', () => {
  const hold: SellingEvent = { type: 'open', dialog: { kind: 'hold', basketId: 'b1' } };
  const held: SellingEvent = { type: 'message', message: { kind: 'held', label: 'x' } };
  const parked = after(see({ lines: LINES }), hold, see({ basketId: 'b2' }), held);
  expect(parked).toMatchObject({ dialog: null, message: { kind: 'held' } });
  expect(nextSelling(parked, { type: 'open', dialog: { kind: 'holds' } }).message).toBeNull();
  const wrong: SellingEvent = { type: 'message', message: { kind: 'select_line' } };
  expect(nextSelling(after(see(), wrong), hold).message).toBeNull();
});

test('a discount for a line closes with its line, one for the order stays', () => {
  const ofLine: SellingEvent = { type: 'open', dialog: { kind: 'discount', lineNo: 4 } };
  const ofOrder: SellingEvent = { type: 'open', dialog: { kind: 'discount', lineNo: null } };
  expect(after(see({ lines: LINES }), ofLine, see({ lines: [aLine(1)] })).dialog).toBeNull();
  expect(after(see({ lines: LINES }), ofOrder, see({ lines: [aLine(1)] })).dialog?.kind).toBe('discount');
});

test('signing off closes whatever dialog is open; the selected line stays for who comes next', () => {
  const people = { state: 'signed_off', roleName: null, permissions: [], discountLimitBp: 0 } as const;
  const state = after(see({ lines: LINES }), CASH, see({ lines: LINES, people }));
  expect(state).toMatchObject({ dialog: null, selectedLineNo: 4 });
});

test('a line of goods coming back is no line to bring back by undo', () => {
  const line = { basketId: 'b1', name: 'goods 1', add: null };
  expect(canUndo({ kind: 'voided', line }, aView({ lines: LINES }))).toBe(false);
});
