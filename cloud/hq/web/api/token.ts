/**
 * An access token instead of a session: kept for this browser tab only.
 */
const KEY = 'counterfoil.hq.token';

export function authHeaders(): Record<string, string> {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function dropToken(): void {
  sessionStorage.removeItem(KEY);
}
