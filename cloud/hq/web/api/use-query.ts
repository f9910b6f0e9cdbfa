/**
 * Answers of HQ in a component: it shows what is there and is drawn again when that changes.
 */
import { useCallback, useRef, useSyncExternalStore } from 'react';
import { type Answer, answerOf, refresh, watch } from './query-cache.ts';

export interface Query<T> extends Answer<T> {
  readonly retry: () => void;
}

export function useQuery<T>(path: string): Query<T> {
  return useQueries<T>([path])[0]!;
}

/** Several questions of one kind, in the order of their paths. */
export function useQueries<T>(paths: readonly string[]): Query<T>[] {
  const key = paths.join('\n');
  const last = useRef<{ key: string; answers: readonly Answer<T>[] }>({ key: '', answers: [] });
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = split(key).map((path) => watch(path, listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [key],
  );
  // The same array as long as every answer is the same, or React would draw for ever.
  const snapshot = useCallback(() => {
    const answers = split(key).map((path) => answerOf<T>(path));
    const same =
      last.current.key === key && answers.every((answer, index) => answer === last.current.answers[index]);
    if (!same) last.current = { key, answers };
    return last.current.answers;
  }, [key]);
  const answers = useSyncExternalStore(subscribe, snapshot);
  return answers.map((answer, index) => ({ ...answer, retry: () => void refresh(paths[index]!) }));
}

function split(key: string): string[] {
  return key === '' ? [] : key.split('\n');
}
