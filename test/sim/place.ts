/**
 * A place at a counter: one till to HQ, whatever machines stood there in the course of a day.
 */
import { uuidV7 } from '../../src/core/id.ts';
import { START_MS } from './clock.ts';
import type { Dice } from './dice.ts';

export class Place {
  readonly code: string;
  readonly storeId: string;
  /** All that its machines ever wrote: a disk that went back in time, or another machine, goes on under a new one. */
  readonly journalIds = new Set<string>();
  /** What was sold here on a disk that is gone: where HQ had it already, and where it had not. */
  readonly gone = { known: new Set<string>(), unknown: new Set<string>() };
  /** A disk of it was put back to a copy, or copied and run twice: some of its rights were spent where nobody knew of it. */
  wentBack = false;
  /** Another machine stands here now: its receipts go on where HQ knew them to be. */
  replaced = false;
  /** The journal that HQ's people have said goes on. */
  kept: string | null = null;
  private machines = 0;

  constructor({ code, storeId }: { readonly code: string; readonly storeId: string }) {
    this.code = code;
    this.storeId = storeId;
  }

  newJournal(dice: Dice): string {
    const id = uuidV7(START_MS, dice.port().bytes(10));
    this.journalIds.add(id);
    return id;
  }

  /** Of the next machine: `T1`, then `T1b`, `T1c`. */
  nextName(): string {
    return `${this.code}${' bcdefghijklmnopqrstuvwxyz'[this.machines++ % 26]!.trim()}`;
  }
}
