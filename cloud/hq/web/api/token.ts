/**
 * The access token: kept for this browser tab only, and whether HQ has asked for one.
 */
import { useSyncExternalStore } from 'react';

const KEY = 'counterfoil.hq.token';

let wanted = false;
const listeners = new Set<() => void>();

export function accessToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function authHeaders(): Record<string, string> {
  const token = accessToken();
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** HQ answered 401: the page asks for a token. */
export function tokenRefused(): void {
  set(true);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
  set(false);
}

/** Whether the page has to ask for a token before anything else. */
export function useTokenWanted(): boolean {
  return useSyncExternalStore(subscribe, () => wanted);
}

function set(value: boolean): void {
  wanted = value;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
