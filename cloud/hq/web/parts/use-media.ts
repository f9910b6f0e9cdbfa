/** Whether a media query holds, also when that changes while the page is open. */
import { useCallback, useSyncExternalStore } from 'react';

/** As in `styles/shell.css`: where the side navigation goes behind a button. */
export const NARROW = '(max-width: 860px)';

/** Whether the page is on its way to paper: tables then show all their rows, and nothing is dark. */
export function usePrinting(): boolean {
  return useMedia('print');
}

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
