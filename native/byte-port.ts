/**
 * Byte port: what serial lines, sockets and PTYs have in common above their handles.
 *
 * Writes go out one after the other, in small pieces, each with a time limit: a stalled device never calls back on
 * its own. A port that ran out of time is destroyed and what waited behind is refused, so that half a receipt of
 * yesterday is not printed when the cable is plugged in again.
 */
import type { BytePort } from '../src/core/ports.ts';
import { DeviceError } from '../src/devices/ports.ts';

/** A handle, as little of it as a port needs. */
export interface RawPort {
  /** Calls back when the bytes went to the operating system. May never do so. */
  write(bytes: Uint8Array, done: (error?: Error | null) => void): void;
  /** Lets go of the handle, unsent bytes and all. Calls back when it is free. */
  destroy(done: () => void): void;
}

export interface WriteLimits {
  /** For one piece of `pieceBytes`. */
  readonly writeTimeoutMs: number;
  readonly pieceBytes: number;
}

/** Half a kilobyte takes half a second at 9600 baud; a printer that feeds paper may pause for two. */
export const WRITE_LIMITS: WriteLimits = { writeTimeoutMs: 5000, pieceBytes: 512 };

/** Bytes kept for a reader that has not come yet: a scan right after plugging in, not a stream. */
const EARLY_BYTES_MAX = 64 * 1024;
/** A handle that does not close in this time is left to the operating system. */
const CLOSE_TIMEOUT_MS = 1000;

export class QueuedPort implements BytePort {
  readonly #raw: RawPort;
  readonly #name: string;
  readonly #limits: WriteLimits;
  #tail: Promise<void> = Promise.resolve();
  #readers: ((bytes: Uint8Array) => void)[] = [];
  #closers: ((reason: string) => void)[] = [];
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #closedBecause: string | null = null;
  #freed: Promise<void> | null = null;

  constructor(raw: RawPort, name: string, limits: WriteLimits = WRITE_LIMITS) {
    this.#raw = raw;
    this.#name = name;
    this.#limits = limits;
  }

  write(bytes: Uint8Array): Promise<void> {
    const own = bytes.slice();
    const turn = this.#tail.then(() => this.#writePieces(own));
    this.#tail = turn.catch(() => {});
    return turn;
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#readers.push(listener);
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) listener(bytes);
  }

  onClose(listener: (reason: string) => void): void {
    if (this.#closedBecause === null) this.#closers.push(listener);
    else listener(this.#closedBecause);
  }

  close(): Promise<void> {
    return this.shut('closed');
  }

  /** The handle got bytes. */
  received(bytes: Uint8Array): void {
    if (this.#closedBecause !== null) return;
    if (this.#readers.length > 0) {
      for (const reader of this.#readers) reader(bytes);
    } else if (this.#earlyBytes + bytes.length <= EARLY_BYTES_MAX) {
      this.#early.push(bytes);
      this.#earlyBytes += bytes.length;
    }
  }

  /** The other side is gone, or we are done with it. The first reason counts. */
  shut(reason: string): Promise<void> {
    if (this.#freed !== null) return this.#freed;
    this.#closedBecause = reason;
    this.#freed = new Promise((resolve) => {
      const limit = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      this.#raw.destroy(() => {
        clearTimeout(limit);
        resolve();
      });
    });
    const closers = this.#closers;
    this.#closers = [];
    for (const closer of closers) closer(reason);
    return this.#freed;
  }

  async #writePieces(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += this.#limits.pieceBytes) {
      await this.#writePiece(bytes.subarray(at, at + this.#limits.pieceBytes));
    }
  }

  #writePiece(piece: Uint8Array): Promise<void> {
    const isClosed = this.#closedBecause;
    if (isClosed !== null) return Promise.reject(this.#disconnected(isClosed));
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new DeviceError('timeout', `${this.#name} takes no bytes`, { retry: true }));
        void this.shut('write timed out');
      }, this.#limits.writeTimeoutMs);
      this.#closers.push((reason) => {
        clearTimeout(limit);
        reject(this.#disconnected(reason));
      });
      const giveUp = this.#closers.at(-1)!;
      this.#raw.write(piece, (error) => {
        clearTimeout(limit);
        this.#closers = this.#closers.filter((closer) => closer !== giveUp);
        if (error) {
          reject(new DeviceError('io', `${this.#name}: ${error.message}`, { retry: true, cause: error }));
          void this.shut(error.message);
        } else {
          resolve();
        }
      });
    });
  }

  #disconnected(reason: string): DeviceError {
    return new DeviceError('disconnected', `${this.#name} is closed: ${reason}`, { retry: true });
  }
}
