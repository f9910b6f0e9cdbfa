/**
 * Bursts: telling a scanner that types from a person that types.
 *
 * Pure. A keyboard scanner sends its code as keys a few milliseconds apart and ends with Enter. In a dialog such a code
 * must not become an amount of cash or a quantity, so it is caught here and the dialog says why.
 */

/** Shortest trade code. A person who types faster than the gap below does so for a few keys, not for eight. */
const BURST_CHARS_MIN = 8;
/** Scanners send a key every 1 to 20 ms; the fastest typists stay above 60. */
const BURST_GAP_MS_MAX = 35;

export interface Burst {
  readonly text: string;
  readonly lastAtMs: number;
}

export const NO_BURST: Burst = { text: '', lastAtMs: 0 };

/** @returns the burst so far and, when Enter just ended a whole one, its code */
export function feedBurst(burst: Burst, key: string, atMs: number): { burst: Burst; code: string | null } {
  const inTime = atMs - burst.lastAtMs <= BURST_GAP_MS_MAX;
  if (key === 'Enter') {
    const code = inTime && burst.text.length >= BURST_CHARS_MIN ? burst.text : null;
    return { burst: NO_BURST, code };
  }
  if (key.length !== 1) return { burst: key === 'Shift' ? burst : NO_BURST, code: null };
  return { burst: { text: inTime ? burst.text + key : key, lastAtMs: atMs }, code: null };
}
