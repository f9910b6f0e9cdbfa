/**
 * Ports: what core and till need from the world, so that time, chance and hashing are given, not taken.
 *
 * The simulator and the tests give their own; `src/till/main` and `cloud/main` give the real ones.
 */

export interface Clock {
  /** Wall clock, milliseconds since 1970 UTC. May jump. */
  nowMs(): number;
  /** Milliseconds since some start; never goes back. */
  monotonicMs(): number;
}

export interface Chance {
  /** Random bytes, fit for keys where the real port is used. */
  bytes(count: number): Uint8Array;
}

/** SHA-256 of all parts joined: 32 bytes. */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array;

/** Ed25519 signature of a statement, 64 bytes, by the key of this device. */
export type Sign = (statement: Uint8Array) => Uint8Array;

/** Whether `signature` is that of the key. @param key.publicKey SPKI DER, base64 */
export type Verify = (key: {
  readonly publicKey: string;
  readonly statement: Uint8Array;
  readonly signature: Uint8Array;
}) => boolean;

/** A two-way byte pipe: a serial port, a TCP socket, a PTY. Owned by one reader. */
export interface BytePort {
  /** Resolves when the bytes left this process; rejects with a `DeviceError` when they did not in time. */
  write(bytes: Uint8Array): Promise<void>;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once, with the reason, when the other side is gone or `close` was called. */
  onClose(listener: (reason: string) => void): void;
  close(): Promise<void>;
  /** Takes bytes and never answers, such as a spooler of the operating system. */
  readonly oneWay?: true;
}
