/**
 * Signals inside a cloud process, and between those that share a database: what happened, for whoever shows or sends it on.
 * Never the only way to know: who missed one finds the same in the database.
 */
import type { Bus } from './db/db.ts';

export interface CloudEvents {
  /** A till's entries have just been committed. */
  entries: { readonly tillId: string };
  /** Sales that have just been committed. */
  sales: { readonly saleIds: readonly string[] };
  /** A till came, went, or acknowledged something. */
  till: { readonly tillId: string };
  /** A till has said hello at that time: a line of it that is older is over, in whatever process. */
  session: { readonly tillId: string; readonly atMs: number };
  /** A till came to a process, or left it. */
  presence: { readonly process: string; readonly tillId: string; readonly isHere: boolean };
  /** There are new feed rows. */
  feed: Record<string, never>;
  /** Another till asks for a right that this one holds. */
  recall: { readonly tillId: string; readonly key: string };
  /** HQ's database was put back to an older state. */
  went_back: Record<string, never>;
  /** HQ signs with another key from now on. */
  cloud_key: Record<string, never>;
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

/** Words are gathered for so long: one NOTIFY takes many. */
const GATHER_MS = 20;
/** PostgreSQL takes 8,000 bytes in one; ids are ASCII. */
const WORDS_MAX = 6_000;
const SALES_AT_ONCE = 50;

interface Said {
  readonly kind: keyof CloudEvents;
  readonly event: object;
}

/** What is emitted here is heard in the other processes as well, and what they emit is heard here. */
export function shareSignals(
  local: Signals,
  bus: Bus,
  given: { readonly process: string; readonly log: (text: string) => void },
): Signals & { close(): Promise<void> } {
  let waiting: Said[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    for (const events of packed(waiting)) {
      bus
        .tell(JSON.stringify({ process: given.process, events }))
        .catch((cause: Error) => given.log(`signals: ${cause.message}`));
    }
    waiting = [];
  };
  const stop = bus.listen(
    (text) => {
      const { process, events } = JSON.parse(text) as { process: string; events: readonly Said[] };
      if (process === given.process) return;
      for (const { kind, event } of events) local.emit(kind, event as never);
    },
    // Whatever it was: tills that wait are answered from the tables, and books look for what is behind.
    () => {
      local.emit('feed', {});
      local.emit('entries', { tillId: '' });
      local.emit('cloud_key', {});
    },
  );
  return {
    on: local.on,
    emit: (kind, event) => {
      local.emit(kind, event);
      waiting.push({ kind, event });
      timer ??= setTimeout(flush, GATHER_MS);
    },
    close: async () => {
      if (timer !== null) clearTimeout(timer);
      await stop();
    },
  };
}

/** In their order, each part small enough for one NOTIFY. */
function packed(said: readonly Said[]): Said[][] {
  const parts: Said[][] = [[]];
  let size = 0;
  for (const one of said.flatMap(divided)) {
    const length = JSON.stringify(one).length;
    if (size + length > WORDS_MAX) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)!.push(one);
    size += length;
  }
  return parts.filter((part) => part.length > 0);
}

function divided({ kind, event }: Said): Said[] {
  if (kind !== 'sales') return [{ kind, event }];
  const { saleIds } = event as CloudEvents['sales'];
  const parts: Said[] = [];
  for (let from = 0; from < saleIds.length; from += SALES_AT_ONCE) {
    parts.push({ kind, event: { saleIds: saleIds.slice(from, from + SALES_AT_ONCE) } });
  }
  return parts;
}
