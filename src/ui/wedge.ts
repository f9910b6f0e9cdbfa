/**
 * Wedge: a keyboard scanner that sends a prefix, told from a person by its first key.
 *
 * Pure. From the prefix on its keys are swallowed, so that no field ever sees them; the suffix ends the code. What looked like a
 * prefix and was typed by a person is given back. A scanner without a prefix is told by its speed (burst.ts).
 */

export interface WedgeSetting {
  /** What this scanner sends before each code; never empty here. */
  readonly prefix: string;
  /** `line`: Enter or Tab; `none`: silence; else the very characters. */
  readonly suffix: string;
}

export interface WedgeState {
  /** Swallowed so far: the prefix, or a part of it, and the code behind it. */
  readonly held: string;
  readonly lastAtMs: number;
}

export interface WedgeStep {
  readonly state: WedgeState;
  /** The key is the scanner's: no field and no command may see it. */
  readonly take: boolean;
  /** A whole code. */
  readonly code: string | null;
  /** Keys that were a person's after all, to be typed where the focus is. */
  readonly giveBack: string;
}

/** Scanners send a key every 1 to 20 ms; a slow one waits for its USB poll. */
export const WEDGE_GAP_MS = 100;

export const NO_WEDGE: WedgeState = { held: '', lastAtMs: 0 };

export function feedWedge(
  state: WedgeState,
  key: string,
  atMs: number,
  wedges: readonly WedgeSetting[],
): WedgeStep {
  const ended = flushWedge(state, atMs, wedges);
  const { held } = ended.state;
  const rest = { code: ended.code, giveBack: ended.giveBack };
  const wedge = begunBy(held, wedges);
  if (wedge === null) {
    const begins = key.length === 1 && wedges.some(({ prefix }) => prefix.startsWith(held + key));
    if (begins) return { state: { held: held + key, lastAtMs: atMs }, take: true, ...rest };
    // Shift goes before the characters that it makes.
    if (key === 'Shift') return { state: ended.state, take: false, ...rest };
    return { state: NO_WEDGE, take: false, code: rest.code, giveBack: rest.giveBack + held };
  }
  if (wedge.suffix === 'line' && (key === 'Enter' || key === 'Tab')) {
    return { state: NO_WEDGE, take: true, code: codeIn(held, wedge), giveBack: rest.giveBack };
  }
  if (key.length !== 1) return { state: ended.state, take: false, ...rest };
  const now = held + key;
  const isWhole = wedge.suffix !== 'line' && wedge.suffix !== 'none' && now.endsWith(wedge.suffix);
  if (!isWhole) return { state: { held: now, lastAtMs: atMs }, take: true, ...rest };
  const code = codeIn(now.slice(0, -wedge.suffix.length), wedge);
  return { state: NO_WEDGE, take: true, code, giveBack: rest.giveBack };
}

/** What silence makes of the keys held: a code, for a scanner without a suffix; else they go back to where they belong. */
export function flushWedge(
  state: WedgeState,
  nowMs: number,
  wedges: readonly WedgeSetting[],
): Omit<WedgeStep, 'take'> {
  const { held, lastAtMs } = state;
  if (held === '' || nowMs - lastAtMs <= WEDGE_GAP_MS) return { state, code: null, giveBack: '' };
  const wedge = begunBy(held, wedges);
  const code = wedge?.suffix === 'none' ? codeIn(held, wedge) : null;
  return { state: NO_WEDGE, code, giveBack: code === null ? held : '' };
}

/** The scanner whose whole prefix is there; of two that fit, the one with more of it. */
function begunBy(held: string, wedges: readonly WedgeSetting[]): WedgeSetting | null {
  const fitting = wedges.filter(({ prefix }) => held.startsWith(prefix));
  return fitting.toSorted((a, b) => b.prefix.length - a.prefix.length)[0] ?? null;
}

function codeIn(held: string, { prefix }: WedgeSetting): string | null {
  const code = held.slice(prefix.length);
  return code === '' ? null : code;
}
