/**
 * Scanner: the bytes of a barcode scanner as codes, however the line tears or joins them.
 *
 * Pure: time comes in as an argument. The owner feeds bytes, and calls `flushIdle` when `nextDeadlineMs` has passed.
 * A code ends at its suffix; a scanner set to send none ends it by silence. Half a code is never joined to the next.
 */
import type { Scan } from './ports.ts';

export interface ScannerConfig {
  /** Sent before each code, such as STX; a frame without it is dropped. Empty: none. */
  readonly prefix: string;
  /** `line`: CR, LF, CRLF or TAB, whichever comes. `none`: silence ends the code. Else the very characters. */
  readonly suffix: 'line' | 'none' | (string & {});
  /** Silence that ends a frame: with suffix `none` it is a code, else it was torn and is dropped. */
  readonly idleTimeoutMs: number;
  /** As `TextDecoder` names it. Bytes that are not of this charset make the frame garbage. */
  readonly charset: string;
  readonly frameBytesMax: number;
}

/** 300 ms: at 1200 baud a byte takes 8, and a hand needs longer than that from one code to the next. */
export const SCANNER_DEFAULTS: ScannerConfig = {
  prefix: '',
  suffix: 'line',
  idleTimeoutMs: 300,
  charset: 'utf-8',
  frameBytesMax: 2048,
};

/** Bytes that were no code. `torn`: the line fell silent in the middle. */
export interface ScannerError {
  readonly kind: 'torn' | 'too_long' | 'no_prefix' | 'garbage';
  readonly bytes: number;
  readonly atMs: number;
}

/** Errors kept until somebody takes them; a scanner gone mad must not fill the memory. */
const ERRORS_KEPT_MAX = 100;

export class Scanner {
  readonly #config: ScannerConfig;
  readonly #decoder: TextDecoder;
  readonly #prefix: Uint8Array;
  readonly #suffix: Uint8Array;
  #frame: number[] = [];
  /** Bytes thrown away since the frame grew too long; 0: it did not. */
  #skipped = 0;
  #lastByteMs = 0;
  #errors: ScannerError[] = [];
  #errorCount = 0;

  /** @throws RangeError when the runtime does not know the charset */
  constructor(config: Partial<ScannerConfig> = {}) {
    this.#config = { ...SCANNER_DEFAULTS, ...config };
    this.#decoder = new TextDecoder(this.#config.charset, { fatal: true });
    this.#prefix = new TextEncoder().encode(this.#config.prefix);
    const { suffix } = this.#config;
    this.#suffix = new TextEncoder().encode(suffix === 'line' || suffix === 'none' ? '' : suffix);
  }

  /** @returns the codes that these bytes completed, in order */
  feed(bytes: Uint8Array, nowMs: number): Scan[] {
    const scans = this.flushIdle(nowMs);
    this.#lastByteMs = nowMs;
    for (const byte of bytes) {
      const scan = this.#take(byte, nowMs);
      if (scan !== null) scans.push(scan);
    }
    return scans;
  }

  /** Ends the frame when the line has been silent long enough. Harmless at any time. */
  flushIdle(nowMs: number): Scan[] {
    const deadlineMs = this.nextDeadlineMs();
    if (deadlineMs === null || nowMs < deadlineMs) return [];
    if (this.#config.suffix === 'none' || this.#skipped > 0) {
      const scan = this.#endFrame(this.#lastByteMs);
      return scan === null ? [] : [scan];
    }
    this.#fail('torn', this.#frame.length, nowMs);
    this.#frame = [];
    return [];
  }

  /** When `flushIdle` has work to do, unless bytes come first; null: nothing is waiting. */
  nextDeadlineMs(): number | null {
    const isWaiting = this.#frame.length > 0 || this.#skipped > 0;
    return isWaiting ? this.#lastByteMs + this.#config.idleTimeoutMs : null;
  }

  /** All errors since the start. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** The errors since the last call, the latest hundred at most. */
  takeErrors(): ScannerError[] {
    const errors = this.#errors;
    this.#errors = [];
    return errors;
  }

  #take(byte: number, nowMs: number): Scan | null {
    if (this.#config.suffix === 'line' && (byte === CR || byte === LF || byte === TAB)) {
      return this.#endFrame(nowMs);
    }
    this.#frame.push(byte);
    if (this.#suffix.length > 0 && endsWith(this.#frame, this.#suffix)) {
      this.#frame.length -= this.#suffix.length;
      return this.#endFrame(nowMs);
    }
    if (this.#frame.length > this.#config.frameBytesMax + this.#suffix.length) {
      // The tail stays: it may hold the first half of the suffix.
      const kept = this.#suffix.length;
      this.#skipped += this.#frame.length - kept;
      this.#frame = this.#frame.slice(this.#frame.length - kept);
    }
    return null;
  }

  #endFrame(atMs: number): Scan | null {
    const frame = Uint8Array.from(this.#frame);
    const skipped = this.#skipped;
    this.#frame = [];
    this.#skipped = 0;
    if (skipped > 0) return this.#fail('too_long', skipped + frame.length, atMs);
    // Some scanners pad with NUL; CRLF leaves an empty frame between its two halves.
    const bytes = frame.filter((byte) => byte !== 0);
    if (bytes.length === 0) return null;
    if (!this.#prefix.every((byte, index) => bytes[index] === byte)) {
      return this.#fail('no_prefix', frame.length, atMs);
    }
    const text = decodeOrNull(this.#decoder, bytes.subarray(this.#prefix.length));
    const code = text === null ? null : splitAim(text);
    if (code === null || code.text === '' || NOT_IN_CODES.test(code.text)) {
      return this.#fail('garbage', frame.length, atMs);
    }
    return { ...code, atMs };
  }

  #fail(kind: ScannerError['kind'], bytes: number, atMs: number): null {
    this.#errorCount++;
    this.#errors.push({ kind, bytes, atMs });
    if (this.#errors.length > ERRORS_KEPT_MAX) this.#errors.shift();
    return null;
  }
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

/** Control characters but for those that GS1 and ISO 15434 codes hold: EOT, GS, RS. */
const NOT_IN_CODES = /[\u0000-\u0003\u0005-\u001c\u001f\u007f]/;

function endsWith(bytes: readonly number[], end: Uint8Array): boolean {
  return (
    bytes.length >= end.length &&
    end.every((byte, index) => bytes[bytes.length - end.length + index] === byte)
  );
}

function decodeOrNull(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The AIM symbology identifier, `]` with a letter and a modifier, apart from the code.
 *
 * Source: ISO/IEC 15424.
 * @example splitAim(']E04006381333931') // { text: '4006381333931', aim: ']E0' }
 */
function splitAim(text: string): { readonly text: string; readonly aim: string | null } {
  const match = /^\][A-Za-z][0-9A-Za-z]/.exec(text);
  return match === null ? { text, aim: null } : { text: text.slice(3), aim: match[0] };
}
