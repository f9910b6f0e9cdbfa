/**
 * Signals inside one cloud process: what happened, for whoever shows or sends it on. Never the only way to know:
 * who missed one finds the same in the database.
 */

export interface CloudEvents {
  /** A till's entries have just been committed. */
  entries: { readonly tillId: string };
  /** Sales that have just been committed. */
  sales: { readonly saleIds: readonly string[] };
  /** A till came, went, or acknowledged something. */
  till: { readonly tillId: string };
  /** There are new feed rows. */
  feed: Record<string, never>;
  /** Another till asks for a right that this one holds. */
  recall: { readonly tillId: string; readonly key: string };
  /** HQ's database was put back to an older state. */
  went_back: Record<string, never>;
  /** This till may not talk any more. */
  revoked: { readonly tillId: string };
}

export interface Signals {
  emit<K extends keyof CloudEvents>(kind: K, event: CloudEvents[K]): void;
  /** @returns what stops listening */
  on<K extends keyof CloudEvents>(kind: K, listener: (event: CloudEvents[K]) => void): () => void;
}

export function makeSignals(): Signals {
  const listeners = new Map<string, Set<(event: never) => void>>();
  return {
    emit(kind, event) {
      for (const listener of listeners.get(kind) ?? []) listener(event as never);
    },
    on(kind, listener) {
      const set = listeners.get(kind) ?? new Set();
      listeners.set(kind, set.add(listener as (event: never) => void));
      return () => set.delete(listener as (event: never) => void);
    },
  };
}
