/**
 * The last entry that till and HQ both have: looked for when a disk has gone back in time, or HQ holds other entries.
 *
 * Halving: chains that have one entry alike have all before it alike.
 */
import type { ChainHead } from '../core/entry.ts';
import type { Probe } from '../protocol/up.ts';
import type { Journal } from './journal.ts';

export class CommonHead {
  private readonly journal: Journal;
  /** Alike up to here, and not beyond there. */
  private low = 0;
  private high: number;

  /** @param heldSeq of HQ's copy */
  constructor(journal: Journal, heldSeq: number) {
    this.journal = journal;
    this.high = Math.min(journal.head.seq, heldSeq);
  }

  /** What to ask next; null: it is found. */
  ask(): Omit<Probe, 't'> | null {
    if (this.low >= this.high) return null;
    const fromSeq = this.middle;
    return { journalId: this.journal.partOf(fromSeq).journalId, fromSeq, count: 1 };
  }

  told({ fromSeq, hashes }: { readonly fromSeq: number; readonly hashes: readonly string[] }): void {
    // An answer that was said twice.
    if (this.low >= this.high || fromSeq !== this.middle) return;
    if (hashes[0] === this.journal.hashAt(fromSeq)) this.low = fromSeq;
    else this.high = fromSeq - 1;
  }

  get found(): ChainHead {
    return { seq: this.low, hash: this.journal.hashAt(this.low)! };
  }

  private get middle(): number {
    return (this.low + this.high + 1) >> 1;
  }
}
