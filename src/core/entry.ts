/**
 * Journal entries: what a till records, as canonical text, chained by hash.
 *
 * Pure. `hash = SHA-256(prevHash ‖ text)`. The text is the canonical JSON of the entry and travels to the cloud byte
 * for byte, so till, cloud and auditor hash the same bytes. Names, phones and mails never enter an entry.
 */
import { assert } from './assert.ts';
import { canonicalAnswer } from './canonical.ts';
import type { RightGranted, RightReturned } from './lease.ts';
import type { Approval } from './people.ts';
import type { Sha256 } from './ports.ts';
import { err, ok, type Result } from './result.ts';
import type { Sale } from './sale.ts';
import type { CashMoved, ShiftClosed, ShiftOpened } from './shift-report.ts';

export const ENTRY_VERSION = 1;

/** What every entry says of itself, whatever its kind. */
export interface EntryHead {
  readonly v: number;
  readonly tillId: string;
  /** A till's disk that went back in time goes on under a new one. */
  readonly journalId: string;
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  readonly atMs: number;
  readonly hlc: string;
  /** `YYYY-MM-DD`, of the shift: a sale after midnight belongs to the day the shift opened. */
  readonly businessDate: string;
  readonly shiftId: string;
  readonly cashierId: string;
}

export type EntryBody =
  | { readonly kind: 'journal_opened'; readonly body: JournalOpened }
  | { readonly kind: 'shift_opened'; readonly body: ShiftOpened }
  | { readonly kind: 'shift_closed'; readonly body: ShiftClosed }
  | { readonly kind: 'cash_moved'; readonly body: CashMoved }
  | { readonly kind: 'drawer_opened'; readonly body: { readonly reason: string } }
  | { readonly kind: 'signed_on'; readonly body: { readonly staffId: string } }
  | {
      readonly kind: 'signed_off';
      readonly body: { readonly staffId: string; readonly why: 'self' | 'switch' | 'idle' | 'removed' };
    }
  | { readonly kind: 'approved'; readonly body: Approval }
  /** `on`: from here on nothing that is rung up counts; off: sales count again. */
  | { readonly kind: 'training'; readonly body: { readonly on: boolean } }
  | { readonly kind: 'clock_jumped'; readonly body: ClockJumped }
  | { readonly kind: 'member_enrolled'; readonly body: MemberEnrolled }
  | { readonly kind: 'right_granted'; readonly body: RightGranted }
  | { readonly kind: 'right_returned'; readonly body: RightReturned }
  | { readonly kind: 'sale'; readonly body: Sale };

/** The wall clock moved against the monotonic one, or against the entry before. */
export interface ClockJumped {
  /** Where the clock should have stood, and where it stands. */
  readonly expectedMs: number;
  readonly foundMs: number;
  readonly seen: 'start' | 'running' | 'server';
}

/** Somebody joined at the till. Name, phone and mail are a personal row; the entry holds only what proves them. */
export interface MemberEnrolled {
  /** Provisional until HQ has it: HQ may know the person already and answer with an alias. */
  readonly memberId: string;
  readonly cardNo: string;
  readonly storeId: string;
  readonly personalId: string;
  /** SHA-256 of salt and canonical JSON of the personal data: erasing these leaves the chain whole. */
  readonly commitment: string;
  readonly consents: readonly ConsentGiven[];
}

export interface ConsentGiven {
  /** `membership`, `sms`, `email` … */
  readonly purpose: string;
  readonly textVersion: string;
  readonly granted: boolean;
}

export interface JournalOpened {
  readonly storeId: string;
  readonly tillCode: string;
  /** The head that this journal begins after: the last entry that till and HQ both had. null: a till's first. */
  readonly follows: { readonly journalId: string; readonly seq: number; readonly hash: string } | null;
}

export type JournalEntry = EntryHead & EntryBody;

/** An entry with its place in the chain. Hashes are 64 lower-case hex digits. */
export interface ChainedEntry {
  readonly seq: number;
  readonly text: string;
  readonly hash: string;
}

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/**
 * JSON with sorted keys, no white space, whole numbers only: one value, one text.
 *
 * @throws AssertionError on fractions, unsafe integers, functions and lone `undefined`: the caller has a bug
 */
export function canonicalJson(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) assert(false, `an entry holds whole numbers, not ${value}`);
    return value === 0 ? '0' : String(value);
  }
  if (typeof value !== 'object') assert(false, `an entry holds data, not a ${typeof value}`);
  return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Record<string, unknown>);
}

// Plain loops: this runs between a customer's money and the disk, for every value of a sale.

function canonicalArray(values: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ',';
    text += canonicalJson(values[i]);
  }
  return `${text}]`;
}

function canonicalObject(fields: Readonly<Record<string, unknown>>): string {
  const { sorted, heads } = shapeOf(Object.keys(fields));
  let text = '{';
  for (let i = 0; i < sorted.length; i++) {
    const field = fields[sorted[i]!];
    if (field === undefined) continue;
    if (text.length > 1) text += ',';
    text += heads[i]!;
    text += canonicalJson(field);
  }
  return `${text}}`;
}

/** Strings of these stand for themselves in JSON: no quote, no backslash, no control, no half of a surrogate pair. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function jsonString(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** How the fields of objects with these keys, in this order, are written. */
interface Shape {
  readonly keys: readonly string[];
  readonly sorted: readonly string[];
  /** `"key":`, by place in `sorted`. */
  readonly heads: readonly string[];
}

/** By first key. The kinds of objects in entries are a few dozen, so keys are sorted once, not for every object. */
const shapes = new Map<string, Shape[]>();
/** Objects whose keys are data are never alike: then the memory starts anew. */
const FIRST_KEYS_MAX = 256;
const ALIKE_MAX = 16;
const KEYS_MAX = 64;

function shapeOf(keys: readonly string[]): Shape {
  const [first = ''] = keys;
  const alike = shapes.get(first);
  if (alike !== undefined) {
    for (let i = 0; i < alike.length; i++) if (isSame(alike[i]!.keys, keys)) return alike[i]!;
  }
  const sorted = keys.toSorted();
  const shape: Shape = { keys, sorted, heads: sorted.map((key) => `${JSON.stringify(key)}:`) };
  if (keys.length > KEYS_MAX) return shape;
  if (alike !== undefined && alike.length < ALIKE_MAX) alike.push(shape);
  else {
    if (shapes.size >= FIRST_KEYS_MAX) shapes.clear();
    shapes.set(first, [shape]);
  }
  return shape;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const utf8 = new TextEncoder();

/** What the first entry of a journal is chained to. */
export function genesisHash(sha256: Sha256, journalId: string): string {
  return toHex(sha256(utf8.encode(`counterfoil journal ${journalId}`)));
}

export function entryHash(sha256: Sha256, prevHash: string, text: string): string {
  const prev = fromHex(prevHash);
  const bytesMax = prev.length + 3 * text.length;
  const bytes = bytesMax <= scratch.length ? scratch : new Uint8Array(bytesMax);
  bytes.set(prev);
  const { written } = utf8.encodeInto(text, bytes.subarray(prev.length));
  return toHex(sha256(bytes.subarray(0, prev.length + written)));
}

/** Holds most entries: writing into what is there takes a third of the time of `encode`. */
const scratch = new Uint8Array(64 * 1024);

/** What a till signs and the cloud checks: this head, of this journal, of this till. */
export function headStatement(tillId: string, journalId: string, head: ChainHead): Uint8Array {
  return utf8.encode(`counterfoil head v1 ${tillId} ${journalId} ${head.seq} ${head.hash}`);
}

/** The short code on the receipt: enough of the entry's hash to find a forged slip. */
export function chainCode(hash: string): string {
  return `${hash.slice(0, 4)}-${hash.slice(4, 8)}`.toUpperCase();
}

export type EntryError =
  | { readonly kind: 'not_json' }
  | { readonly kind: 'not_canonical' }
  | { readonly kind: 'newer_version'; readonly v: number }
  | { readonly kind: 'bad_field'; readonly field: string };

/**
 * Reads the text of an entry and checks its head; the body is checked by who uses it.
 *
 * @param given `isCanonical`: who wrote the text wrote it so
 */
export function parseEntry(
  text: string,
  given: { readonly isCanonical: boolean } = { isCanonical: false },
): Result<JournalEntry, EntryError> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ kind: 'not_json' });
  }
  if (typeof value !== 'object' || value === null) return err({ kind: 'not_json' });
  const entry = value as Record<string, unknown>;
  if (typeof entry.v !== 'number') return err({ kind: 'bad_field', field: 'v' });
  if (entry.v > ENTRY_VERSION) return err({ kind: 'newer_version', v: entry.v });
  for (const [field, type] of HEAD_FIELDS) {
    if (typeof entry[field] !== type || entry[field] === null) return err({ kind: 'bad_field', field });
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(entry.businessDate as string)) {
    return err({ kind: 'bad_field', field: 'businessDate' });
  }
  if (!given.isCanonical && !isCanonical(value, text)) return err({ kind: 'not_canonical' });
  return ok(value as JournalEntry);
}

const HEAD_FIELDS: readonly (readonly [string, 'string' | 'number' | 'object'])[] = [
  ['tillId', 'string'],
  ['journalId', 'string'],
  ['seq', 'number'],
  ['kind', 'string'],
  ['atMs', 'number'],
  ['hlc', 'string'],
  ['businessDate', 'string'],
  ['shiftId', 'string'],
  ['cashierId', 'string'],
  ['body', 'object'],
];

function isCanonical(value: unknown, text: string): boolean {
  const answer = canonicalAnswer(text);
  if (answer !== 'escapes') return answer === 'yes';
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
}

// ---- walking a chain ----

export type ChainBreak =
  | { readonly kind: 'gap'; readonly seq: number; readonly found: number }
  | { readonly kind: 'order'; readonly seq: number; readonly found: number }
  | { readonly kind: 'changed'; readonly seq: number; readonly what: string }
  | { readonly kind: 'foreign'; readonly seq: number; readonly what: string }
  | { readonly kind: 'truncated'; readonly seq: number; readonly anchorSeq: number }
  | { readonly kind: 'anchor'; readonly seq: number };

/** Whose chain it is. `journalIdAt`: where journals followed one another, the one that an entry belongs to. */
export type ChainOwner =
  | { readonly tillId: string; readonly journalId: string }
  | { readonly tillId: string; readonly journalIdAt: (seq: number) => string };

function journalAt(owner: ChainOwner, seq: number): string {
  return 'journalId' in owner ? owner.journalId : owner.journalIdAt(seq);
}

/** A head that somebody else vouches for: the cloud's last acknowledgement. */
export type Anchor = ChainHead;

/**
 * Walks a chain from its first entry and names the first break.
 *
 * Recomputes every hash from the text; stored hashes are only compared, never trusted. An edit, a deletion, an insertion
 * and a changed order each break the chain where they happened; a cut tail shows against the `anchor`.
 *
 * @param start  the head before the first entry given, when only a tail is walked
 */
export function verifyChain(
  sha256: Sha256,
  journal: ChainOwner,
  entries: Iterable<ChainedEntry>,
  anchor: Anchor | null = null,
  start: ChainHead = { seq: 0, hash: genesisHash(sha256, journalAt(journal, 1)) },
): Result<ChainHead, ChainBreak> {
  let head = start;
  // An anchor before the tail that is walked is the business of who walked up to there.
  let anchored = anchor === null || anchor.seq <= start.seq;
  if (anchor !== null && anchor.seq === start.seq && anchor.seq > 0 && anchor.hash !== start.hash) {
    return err({ kind: 'anchor', seq: start.seq });
  }
  for (const entry of entries) {
    const problem = checkLink(sha256, journal, head, entry);
    if (problem !== null) return err(problem);
    head = { seq: entry.seq, hash: entry.hash };
    if (anchor !== null && anchor.seq === head.seq) {
      if (anchor.hash !== head.hash) return err({ kind: 'anchor', seq: head.seq });
      anchored = true;
    }
  }
  if (!anchored) return err({ kind: 'truncated', seq: head.seq, anchorSeq: anchor!.seq });
  return ok(head);
}

/** @returns null when `entry` is the right next link after `head` */
export function checkLink(
  sha256: Sha256,
  journal: ChainOwner,
  head: ChainHead,
  entry: ChainedEntry,
): ChainBreak | null {
  const seq = head.seq + 1;
  if (entry.seq > seq) return { kind: 'gap', seq, found: entry.seq };
  if (entry.seq < seq) return { kind: 'order', seq, found: entry.seq };
  if (entryHash(sha256, head.hash, entry.text) !== entry.hash) {
    return { kind: 'changed', seq, what: 'hash' };
  }
  return checkEntry(journal, seq, parseEntry(entry.text));
}

/** What an entry says of itself against where it stands; null when that fits. */
export function checkEntry(
  journal: ChainOwner,
  seq: number,
  parsed: Result<JournalEntry, EntryError>,
): ChainBreak | null {
  if (!parsed.ok) {
    // Written by a newer program: its bytes are in the chain all the same.
    if (parsed.error.kind === 'newer_version') return null;
    return { kind: 'changed', seq, what: parsed.error.kind };
  }
  if (parsed.value.seq !== seq) return { kind: 'changed', seq, what: 'seq' };
  if (parsed.value.tillId !== journal.tillId) return { kind: 'foreign', seq, what: 'till' };
  if (parsed.value.journalId !== journalAt(journal, seq)) return { kind: 'foreign', seq, what: 'journal' };
  return null;
}

// ---- hex ----

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i]!];
  return text;
}

/** @throws AssertionError unless `text` is lower-case hex of whole bytes */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let wrong = text.length % 2;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
    if (digit < 0) wrong++;
    bytes[i >> 1] = (bytes[i >> 1]! << 4) | digit;
  }
  assert(wrong === 0, 'a hash is lower-case hex');
  return bytes;
}
