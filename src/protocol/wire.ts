/**
 * A connection as both ends of the sync see it: whole frames, in order, until it closes. A WebSocket is one; the simulator
 * has its own.
 */

export interface Wire {
  /** As of a WebSocket: `WIRE_OPEN`, `WIRE_CLOSED`, or on the way to either. */
  readonly readyState: number;
  send(frame: Uint8Array): void;
  /** Ends it in order: what was sent before arrives first. */
  close(code: number, reason: string): void;
  /** Ends it here and now. */
  terminate(): void;
  on(event: 'message', listener: (data: Uint8Array, isBinary: boolean) => void): unknown;
  /** Once, however it ended. */
  on(event: 'close', listener: () => void): unknown;
  /** `close` follows. */
  on(event: 'error', listener: (cause: Error) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export const WIRE_OPEN = 1;
export const WIRE_CLOSED = 3;
