/**
 * TillScreen: what every part of the selling screen may know and do, handed down once.
 */
import { createContext, useContext, useEffect, useState } from 'react';
import type { Currency } from '../core/money.ts';
import type { TillMethod, TillParams, TillResult, TillView } from '../till/api.ts';
import type { Bridge } from './bridge.ts';
import type { Say } from './i18n/words.ts';
import type { Selling, SellingEvent } from './selling.ts';

export interface TillScreen {
  readonly view: TillView;
  readonly currency: Currency;
  readonly bridge: Bridge;
  readonly say: Say;
  readonly selling: Selling;
  readonly dispatch: (event: SellingEvent) => void;
  /**
   * Calls the till; what goes wrong becomes the message, and the answer is null. Where the till asks for an approval, the
   * approval dialog opens and the call is made again with it. Calls that carry an id are said again after a break.
   */
  readonly ask: <M extends TillMethod>(method: M, params: TillParams<M>) => Promise<TillResult<M> | null>;
  /** Shows an error that a call threw. */
  readonly fail: (thrown: unknown) => void;
  /** An approval is asked for: the dialog behind it waits. */
  readonly approving: boolean;
  /** The till's clock. */
  readonly nowMs: () => number;
}

/** Before the store's data is there, nothing is priced. */
export const NO_CURRENCY: Currency = { code: '', digits: 2, symbol: '' };

const Context = createContext<TillScreen | null>(null);
export const TillScreenProvider = Context.Provider;

export function useTill(): TillScreen {
  const screen = useContext(Context);
  if (screen === null) throw new Error('a part of the selling screen stands inside it');
  return screen;
}

/** Renders again every `everyMs`, for what says how old it is. */
export function useTick(everyMs: number): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
