/**
 * Watching a slip come out: from its last byte sent to what is known of it.
 */
import type { PrinterTrouble } from '../devices/printer-status.ts';
import { type PrinterTalk, troubleNow } from '../devices/printer-talk.ts';

/**
 * `printed`: proved whole. `sent`: this printer proves nothing, and nothing was seen to go wrong. `torn`: paper or cover
 * stopped it, it went on, and all is on paper, in two pieces. `torn_unproven`: it stopped and nobody knows how it went
 * on, or one that proved others did not prove this. `gone`: the line broke, or the printer hangs.
 */
export type SlipEnd = 'printed' | 'sent' | 'torn' | 'torn_unproven' | 'gone';

export interface SlipWatch {
  readonly proofId: string;
  readonly proofMs: number;
  readonly pollMs: number;
  readonly settleMs: number;
  readonly drainMs: number;
  sleep(ms: number): Promise<void>;
  onTrouble(trouble: PrinterTrouble | null): void;
  /** The line is gone, or the till is going down. */
  isOver(): boolean;
}

/** @throws DeviceError when the line breaks while something is asked */
export async function watchSlip(talk: PrinterTalk, watch: SlipWatch): Promise<SlipEnd> {
  if (!talk.proves && !talk.tellsStatus) return 'sent';
  const proof = talk.proves ? await talk.askProof(watch.proofId) : null;
  let isProved = false;
  const proved = proof?.done.then(() => {
    isProved = true;
  });
  try {
    return await untilSure();
  } finally {
    proof?.forget();
  }

  async function untilSure(): Promise<SlipEnd> {
    let wasStopped = false;
    let seen: PrinterTrouble | null = null;
    let deadlineMs = performance.now() + (proof === null ? watch.settleMs : watch.proofMs);
    for (;;) {
      await Promise.race([watch.sleep(watch.pollMs), ...(proved === undefined ? [] : [proved])]);
      if (isProved) return wasStopped ? 'torn' : 'printed';
      if (watch.isOver()) return 'gone';
      const { status, trouble } = await troubleNow(talk);
      // A printer in trouble that falls silent is still in trouble: its power is off, or its cable is out.
      const now: PrinterTrouble | null = status === null ? seen : trouble;
      if (now !== seen) watch.onTrouble(now);
      if (now !== null) wasStopped = true;
      // From the moment it goes on, what it held has its own time to come out.
      if (now !== null || seen !== null) deadlineMs = performance.now() + watch.drainMs;
      seen = now;
      if (isProved) return wasStopped ? 'torn' : 'printed';
      if (seen !== null || performance.now() < deadlineMs) continue;
      if (status === null && talk.hasAnswered) return 'gone';
      if (wasStopped || (proof !== null && talk.hasProved)) return 'torn_unproven';
      if (proof !== null) talk.giveUpProof();
      return 'sent';
    }
  }
}
