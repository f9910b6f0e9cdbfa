/**
 * The live line to HQ: one stream of events, opened again with backoff when it breaks.
 */
import type { SaleRow, TillRow } from '../../schemas.ts';
import { LIVE } from './paths.ts';
import { sessionRefused } from './session.ts';
import { eventReader, type StreamEvent } from './sse.ts';
import { authHeaders } from './token.ts';

export type LiveState = 'connecting' | 'live' | 'reconnecting';

export interface LiveHandlers {
  readonly state: (state: LiveState) => void;
  readonly sale: (sale: SaleRow) => void;
  readonly till: (till: TillRow) => void;
  /** Anything was heard, a ping too: what is on the screen is still what HQ knows. */
  readonly heard: () => void;
}

const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** HQ pings every few seconds. A line this quiet is dead even where no one has told us so. */
const SILENCE_MS = 45_000;

/** @returns a function that hangs up */
export function openLive(handlers: LiveHandlers): () => void {
  const hangUp = new AbortController();
  void stayConnected(handlers, hangUp.signal);
  return () => hangUp.abort();
}

async function stayConnected(handlers: LiveHandlers, signal: AbortSignal): Promise<void> {
  handlers.state('connecting');
  let failures = 0;
  while (!signal.aborted) {
    const heardSomething = await listen(handlers, signal);
    if (signal.aborted) return;
    failures = heardSomething ? 0 : failures + 1;
    handlers.state('reconnecting');
    const base = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)]!;
    // Jitter: a hundred consoles do not knock at a restarted HQ in the same moment.
    await pause(base * (0.75 + Math.random() / 2), signal);
  }
}

/** Listens until the line breaks. @returns whether it was ever up */
async function listen(handlers: LiveHandlers, signal: AbortSignal): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  let up = false;
  try {
    const response = await fetch(LIVE, {
      headers: { Accept: 'text/event-stream', ...authHeaders() },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 401) sessionRefused();
    if (!response.ok || response.body === null) return false;
    up = true;
    handlers.state('live');
    const read = eventReader();
    for await (const piece of textOf(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      for (const event of read(piece)) dispatch(event, handlers);
      handlers.heard();
    }
  } catch {
    // The line broke, in whatever way: the caller opens it again.
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
  return up;
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

function dispatch(event: StreamEvent, handlers: LiveHandlers): void {
  if (event.name === 'sale') handlers.sale(JSON.parse(event.data) as SaleRow);
  if (event.name === 'till') handlers.till(JSON.parse(event.data) as TillRow);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
