/**
 * What is live in the console: state of the line, sales as they arrive, and the time that the figures are as of.
 *
 * A sale goes to the live list at once; the figures behind it are asked for again, at most every few seconds, so
 * that HQ's own sums are shown and none that we guessed.
 */
import { useEffect, useSyncExternalStore } from 'react';
import type { SaleRow, TillList, TillRow } from '../../schemas.ts';
import type { Arrival } from '../figures/arrivals.ts';
import { type LiveState, openLive } from './live-stream.ts';
import { TILLS } from './paths.ts';
import { onAsOf, patch, refreshWatched } from './query-cache.ts';

export interface Live {
  readonly state: LiveState;
  /** Newest first, bounded. */
  readonly arrivals: readonly Arrival[];
  /** Server time; null before the first answer. */
  readonly asOfMs: number | null;
  /** Server clock less ours, kept while it holds to within a few seconds. */
  readonly skewMs: number;
}

const ARRIVALS_MAX = 100;
/** A busy chain sells every second; its sums are asked for this often. */
const FIGURES_EVERY_MS = 2_000;
/** Without a live line the page asks by itself. */
const POLL_MS = 20_000;

/** Answers take their time on the way, so a clock is only set anew when it is off by more than that. */
const SKEW_MS = 3_000;

let live: Live = { state: 'connecting', arrivals: [], asOfMs: null, skewMs: 0 };
let figuresTimer: ReturnType<typeof setTimeout> | null = null;
let figuresAskedAtMs = 0;
const listeners = new Set<() => void>();

/** One part of it: who shows the time of the figures is drawn at each ping, who shows the sales is not. */
export function useLive<K extends keyof Live>(part: K): Live[K] {
  return useSyncExternalStore(subscribe, () => live[part]);
}

/** Keeps the line open while the console is shown. */
export function useLiveLine(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const hangUp = openLive({ state: stateChanged, sale: saleCame, till: tillCame, heard });
    const stopAsOf = onAsOf(answered);
    const poll = setInterval(() => {
      if (live.state !== 'live') refreshWatched();
    }, POLL_MS);
    const back = () => {
      if (document.visibilityState === 'visible') refreshWatched();
    };
    document.addEventListener('visibilitychange', back);
    return () => {
      hangUp();
      stopAsOf();
      clearInterval(poll);
      document.removeEventListener('visibilitychange', back);
    };
  }, [on]);
}

/** Our clock, set to HQ's. */
export function serverNowMs(): number {
  return Date.now() + live.skewMs;
}

function stateChanged(state: LiveState): void {
  const wasDown = live.state === 'reconnecting';
  set({ ...live, state });
  // What was missed while the line was down is in the answers, not in the stream.
  if (state === 'live' && wasDown) refreshWatched();
}

function saleCame(sale: SaleRow): void {
  const others = live.arrivals.filter((arrival) => arrival.sale.id !== sale.id);
  set({ ...live, arrivals: [{ sale, arrivedAtMs: serverNowMs() }, ...others].slice(0, ARRIVALS_MAX) });
  askFiguresSoon();
}

function tillCame(till: TillRow): void {
  patch<TillList>(TILLS, (list) => ({
    ...list,
    tills: list.tills.some((row) => row.id === till.id)
      ? list.tills.map((row) => (row.id === till.id ? till : row))
      : [...list.tills, till],
  }));
}

/** Silence but for pings means that nothing changed: the figures are as of now. */
function heard(): void {
  if (figuresTimer === null && live.asOfMs !== null) set({ ...live, asOfMs: serverNowMs() });
}

function answered(asOfMs: number): void {
  const skewMs = asOfMs - Date.now();
  if (Math.abs(skewMs - live.skewMs) > SKEW_MS) set({ ...live, skewMs });
  if (live.asOfMs === null || asOfMs > live.asOfMs) set({ ...live, asOfMs });
}

function askFiguresSoon(): void {
  if (figuresTimer !== null) return;
  const waitMs = Math.max(100, figuresAskedAtMs + FIGURES_EVERY_MS - Date.now());
  figuresTimer = setTimeout(() => {
    figuresTimer = null;
    figuresAskedAtMs = Date.now();
    refreshWatched((path) => path.includes('/figures/') || path.startsWith(TILLS));
  }, waitMs);
}

function set(next: Live): void {
  live = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
