/**
 * An order to HQ from a form: whether it is on its way, and why it was refused. What was typed stays where it is.
 */
import { useRef, useState } from 'react';
import { ApiError, type Method, send as sendNow } from './client.ts';

export interface Sending {
  readonly busy: boolean;
  /** Of the last try; null while none failed. */
  readonly error: ApiError | null;
  /** @returns HQ's answer, or null when it was refused */
  readonly send: <T>(
    method: Method,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<T | null>;
  readonly clear: () => void;
}

export function useSend(): Sending {
  const [state, setState] = useState<{ busy: boolean; error: ApiError | null }>({ busy: false, error: null });
  // A second click while the first is on its way is the same click.
  const under = useRef(false);
  return {
    ...state,
    clear: () => setState({ busy: false, error: null }),
    send: async <T>(
      method: Method,
      path: string,
      body?: unknown,
      headers?: Readonly<Record<string, string>>,
    ) => {
      if (under.current) return null;
      under.current = true;
      setState({ busy: true, error: null });
      try {
        const answer = await sendNow<T>(method, path, body, headers);
        setState({ busy: false, error: null });
        return answer;
      } catch (cause) {
        const error = cause instanceof ApiError ? cause : new ApiError('server', null, String(cause), cause);
        setState({ busy: false, error });
        return null;
      } finally {
        under.current = false;
      }
    },
  };
}
