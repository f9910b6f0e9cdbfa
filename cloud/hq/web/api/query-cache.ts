/**
 * Answers of HQ by path: what is shown, how it stands, and who looks at it.
 *
 * An answer stays on the screen while it is asked for again and when asking fails, because old figures with their
 * time are worth more than none. Only answers somebody looks at are asked for again.
 */
import { ApiError, getDated } from './client.ts';

export interface Answer<T> {
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly loading: boolean;
}

interface Slot {
  answer: Answer<unknown>;
  readonly listeners: Set<() => void>;
  asking: Promise<void> | null;
  /** Ends what is being asked. */
  hangUp: AbortController | null;
  /** Something changed while we were asking: ask once more. */
  again: boolean;
}

const WAITING: Answer<unknown> = { data: null, error: null, loading: true };
/** Answers nobody looks at are kept for the way back, up to this many. */
const SLOTS_MAX = 200;
/** A question that nobody waits for is taken back after this: the next page may ask the same. */
const LEFT_MS = 400;

const slots = new Map<string, Slot>();
const asOfListeners = new Set<(asOfMs: number) => void>();

export function answerOf<T>(path: string): Answer<T> {
  return (slots.get(path)?.answer ?? WAITING) as Answer<T>;
}

/** Looks at a path: asks now, and tells the listener of each change until it looks away. */
export function watch(path: string, listener: () => void): () => void {
  const slot = slotOf(path);
  slot.listeners.add(listener);
  if (slot.listeners.size === 1) void refresh(path);
  return () => {
    slot.listeners.delete(listener);
    if (slot.listeners.size > 0 || slot.asking === null) return;
    setTimeout(() => {
      if (slot.listeners.size === 0) slot.hangUp?.abort();
    }, LEFT_MS);
  };
}

export function refresh(path: string): Promise<void> {
  const slot = slotOf(path);
  if (slot.asking !== null) {
    slot.again = true;
    return slot.asking;
  }
  set(slot, { ...slot.answer, loading: true });
  slot.asking = ask(path, slot).finally(() => {
    slot.asking = null;
    if (slot.again) {
      slot.again = false;
      void refresh(path);
    }
  });
  return slot.asking;
}

/** Asks again for every path that is looked at and matches. */
export function refreshWatched(matches: (path: string) => boolean = () => true): void {
  for (const [path, slot] of slots) {
    if (slot.listeners.size > 0 && matches(path)) void refresh(path);
  }
}

/** Changes an answer that is at hand: the stream brought a newer row of it. */
export function patch<T>(path: string, change: (data: T) => T): void {
  const slot = slots.get(path);
  if (slot === undefined || slot.answer.data === null) return;
  set(slot, { ...slot.answer, data: change(slot.answer.data as T) });
}

/** Tells of the server time that each answer names. */
export function onAsOf(listener: (asOfMs: number) => void): () => void {
  asOfListeners.add(listener);
  return () => asOfListeners.delete(listener);
}

async function ask(path: string, slot: Slot): Promise<void> {
  const hangUp = new AbortController();
  slot.hangUp = hangUp;
  try {
    const { data, asOfMs } = await getDated<unknown>(path, { signal: hangUp.signal });
    set(slot, { data, error: null, loading: false });
    if (asOfMs !== null) for (const listener of asOfListeners) listener(asOfMs);
  } catch (error) {
    // Nobody looks: whoever comes back finds what was there, or waits; an empty answer would be drawn as one.
    if (hangUp.signal.aborted) {
      const { answer } = slot;
      return set(
        slot,
        answer.data === null && answer.error === null ? WAITING : { ...answer, loading: false },
      );
    }
    const known = error instanceof ApiError ? error : new ApiError('server', null, String(error), error);
    set(slot, { data: slot.answer.data, error: known, loading: false });
  }
}

function set(slot: Slot, answer: Answer<unknown>): void {
  slot.answer = answer;
  for (const listener of slot.listeners) listener();
}

function slotOf(path: string): Slot {
  const known = slots.get(path);
  if (known !== undefined) return known;
  if (slots.size >= SLOTS_MAX) forgetUnwatched();
  const slot: Slot = { answer: WAITING, listeners: new Set(), asking: null, hangUp: null, again: false };
  slots.set(path, slot);
  return slot;
}

function forgetUnwatched(): void {
  for (const [path, slot] of slots) if (slot.listeners.size === 0) slots.delete(path);
}
