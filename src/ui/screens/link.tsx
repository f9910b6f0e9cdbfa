/**
 * Link: what the page says while its till is not there.
 */

import { useLayoutEffect, useRef } from 'react';
import type { BridgeState } from '../bridge.ts';
import { useSay } from '../i18n/words.ts';
import { useTick } from '../till-screen.ts';
import { Icon } from './icons.tsx';

/** A restart takes a second or two; after this long somebody should look. */
const LONG_MS = 15_000;

export function Opening({ state }: { readonly state: BridgeState }) {
  const say = useSay();
  useTick(1_000);
  const long = state.lostAtMs !== null && Date.now() - state.lostAtMs > LONG_MS;
  return (
    <main className="page-state" role="status">
      <span className="page-state-icon">
        <Icon name="sync" size={40} />
      </span>
      <h1>{say('link.opening')}</h1>
      <p>{long ? say('link.lostLong') : '\u00a0'}</p>
    </main>
  );
}

export function WrongAddress() {
  const say = useSay();
  return (
    <main className="page-state" role="alert" data-testid="wrong-address">
      <span className="page-state-icon bad">
        <Icon name="stop" size={40} />
      </span>
      <h1>{say('link.refusedTitle')}</h1>
      <p>{say('link.refused')}</p>
    </main>
  );
}

/** Lies over the top of the screen, over an open dialog too: what is under it keeps its place. */
export function LinkBanner({ lostAtMs }: { readonly lostAtMs: number | null }) {
  const say = useSay();
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => ref.current!.showPopover(), []);
  useTick(1_000);
  const long = lostAtMs !== null && Date.now() - lostAtMs > LONG_MS;
  return (
    <div ref={ref} popover="manual" className="link-banner" role="alert" data-testid="link-banner">
      <Icon name="sync" size={28} />
      <span>
        <strong>{say('link.lost')}</strong>
        {long ? <small>{say('link.lostLong')}</small> : null}
      </span>
    </div>
  );
}
