/**
 * Journals whose next entries the books cannot take: a fault of ours that an entry brings to light. It stops neither the
 * other journals nor the entries before it, and HQ is told which entry it is.
 *
 * Kept in memory: after a restart, with the fault mended, everything is tried again.
 */

/** What is known of one. */
interface Trouble {
  /** Entries to try next; from `whole` on it is over. */
  most: number;
  waitMs: number;
  untilMs: number;
}

const WAIT_MS_MIN = 2_000;
const WAIT_MS_MAX = 10 * 60_000;

export class StuckJournals {
  private readonly troubles = new Map<string, Trouble>();
  /** Entries of a batch when there is no trouble. */
  private readonly whole: number;

  constructor(whole: number) {
    this.whole = whole;
  }

  /** Those that are left alone for now. */
  waiting(nowMs: number): string[] {
    return [...this.troubles].filter(([, { untilMs }]) => untilMs > nowMs).map(([journalId]) => journalId);
  }

  /** @returns null when nobody waits */
  nextAtMs(nowMs: number): number | null {
    const later = [...this.troubles.values()].map(({ untilMs }) => untilMs).filter((atMs) => atMs > nowMs);
    return later.length === 0 ? null : Math.min(...later);
  }

  /** Entries to take of it, in a batch of its own; null: whatever fits, beside others. */
  mostOf(journalId: string): number | null {
    return this.troubles.get(journalId)?.most ?? null;
  }

  booked(journalId: string): void {
    const trouble = this.troubles.get(journalId);
    if (trouble === undefined) return;
    trouble.most *= 2;
    trouble.waitMs = 0;
    if (trouble.most >= this.whole) this.troubles.delete(journalId);
  }

  /**
   * A batch of these journals threw. Several are tried one by one, one by halves, and an entry alone waits, each time longer.
   *
   * @returns the journal that waits from now on; null: there is something smaller to try
   */
  failed(
    journals: readonly { readonly journalId: string; readonly entries: number }[],
    nowMs: number,
  ): string | null {
    const [first] = journals;
    if (journals.length > 1) {
      for (const { journalId, entries } of journals) this.put(journalId, { most: entries, untilMs: 0 });
      return null;
    }
    const { journalId, entries } = first!;
    if (entries > 1) {
      this.put(journalId, { most: Math.ceil(entries / 2), untilMs: 0 });
      return null;
    }
    const before = this.troubles.get(journalId)?.waitMs ?? 0;
    const waitMs = Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, 2 * before));
    this.troubles.set(journalId, { most: 1, waitMs, untilMs: nowMs + waitMs });
    return journalId;
  }

  private put(journalId: string, next: { readonly most: number; readonly untilMs: number }): void {
    this.troubles.set(journalId, { waitMs: this.troubles.get(journalId)?.waitMs ?? 0, ...next });
  }
}
