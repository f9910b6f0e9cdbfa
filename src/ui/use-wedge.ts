/**
 * Keyboard scanners with a prefix, heard before any field or dialog, wherever the focus is.
 */
import { useLayoutEffect, useRef } from 'react';
import { typeIntoField } from './field.ts';
import { feedWedge, flushWedge, NO_WEDGE, WEDGE_GAP_MS, type WedgeSetting } from './wedge.ts';

/** Told to the dialog that is open; its detail is the code. */
export const SCANNED = 'counterfoil-scanned';

const GS = '\u001d';

export function useWedge(wedges: readonly WedgeSetting[], onCode: (code: string) => void): void {
  const latest = useRef({ wedges, onCode });
  latest.current = { wedges, onCode };
  // Once and for all: a listener added later than a dialog's own would hear keys after it.
  useLayoutEffect(() => {
    let state = NO_WEDGE;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const after = ({ code, giveBack }: { readonly code: string | null; readonly giveBack: string }) => {
      if (giveBack !== '') typeIntoField(giveBack);
      if (code !== null) latest.current.onCode(code);
    };
    const onSilence = () => {
      const step = flushWedge(state, performance.now(), latest.current.wedges);
      state = step.state;
      after(step);
      if (state.held !== '') timer = setTimeout(onSilence, WEDGE_GAP_MS);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      // Ctrl and ] is how a keyboard sends GS.
      const key = event.ctrlKey && event.key === ']' ? GS : event.key;
      const isCommand = (event.ctrlKey && key !== GS) || event.altKey || event.metaKey;
      if (!event.isTrusted || event.isComposing || isCommand) return;
      const step = feedWedge(state, key, event.timeStamp, latest.current.wedges);
      state = step.state;
      if (step.take) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      clearTimeout(timer);
      if (state.held !== '') timer = setTimeout(onSilence, WEDGE_GAP_MS + 1);
      after(step);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKeyDown, true);
    };
  }, []);
}
