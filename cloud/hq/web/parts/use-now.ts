/**
 * HQ's time in a component, moving on by itself: ages grow and the day turns while a page stands open.
 */
import { useEffect, useState } from 'react';
import { useLive } from '../api/live.ts';

export function useNow(everyMs = 15_000): number {
  const skewMs = useLive('skewMs');
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + skewMs;
}
