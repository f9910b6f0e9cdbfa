/**
 * Who is signed in, and what they may: asked of HQ once, and again after each sign-in.
 *
 * HQ answers 401 to whoever is no longer known. Then the page stays as it is, with all that was typed into it, and signing in
 * is asked for above it (`lost`). Whoever comes back as somebody else gets a fresh page.
 */
import { useSyncExternalStore } from 'react';
import type { z } from 'zod';
import type { SessionState } from '../../access-schemas.ts';
import { dropToken } from './token.ts';

export type Session = z.infer<typeof SessionState>;
export type Right = Session['rights'][number];

export type Standing =
  | { readonly kind: 'asking' | 'out' }
  | { readonly kind: 'in' | 'lost'; readonly session: Session };

let standing: Standing = { kind: 'asking' };
const listeners = new Set<() => void>();

export function useStanding(): Standing {
  return useSyncExternalStore(subscribe, () => standing);
}

/** Who is signed in; null before that is known. */
export function useSession(): Session | null {
  const now = useStanding();
  return now.kind === 'in' || now.kind === 'lost' ? now.session : null;
}

/**
 * Whether a right is held. What is about the whole chain is refused to whoever is for some stores.
 *
 * @param reach  `chain`: asked of or done to the whole chain
 */
export function holds(session: Session | null, right: Right, reach: 'rows' | 'chain' = 'rows'): boolean {
  return session?.rights.includes(right) === true && (reach === 'rows' || session.stores === null);
}

export function useMay(): (right: Right, reach?: 'rows' | 'chain') => boolean {
  const session = useSession();
  return (right, reach) => holds(session, right, reach);
}

/** HQ told who asks. */
export function signedInAs(session: Session): void {
  if (standing.kind === 'lost' && standing.session.id !== session.id) return location.reload();
  set({ kind: 'in', session });
}

/** HQ answered 401. */
export function sessionRefused(): void {
  if (standing.kind === 'in') set({ kind: 'lost', session: standing.session });
  if (standing.kind === 'asking') set({ kind: 'out' });
}

/** Resolves when somebody is signed in (again). */
export function signedIn(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (standing.kind !== 'in') return;
      listeners.delete(look);
      resolve();
    };
    listeners.add(look);
    look();
  });
}

/** A fresh page: nothing that was read stays in this tab's memory. */
export function leave(): void {
  dropToken();
  location.assign('/');
}

function set(next: Standing): void {
  standing = next;
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
