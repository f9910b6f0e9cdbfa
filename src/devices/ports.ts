/**
 * Device ports: what a device can say and how it fails, without any handle.
 */
export type { BytePort } from '../core/ports.ts';

export type DeviceErrorKind =
  | 'not_found'
  | 'port_taken'
  | 'permission'
  | 'disconnected'
  | 'timeout'
  | 'refused'
  | 'io'
  | 'unsupported';

/** The world failed us at a device. `retry`: trying again later may help without anybody's hand. */
export class DeviceError extends Error {
  override name = 'DeviceError';
  readonly kind: DeviceErrorKind;
  readonly retry: boolean;

  constructor(
    kind: DeviceErrorKind,
    message: string,
    options: { readonly retry: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retry = options.retry;
  }
}

/** What a scanner delivered: one code, without its frame. */
export interface Scan {
  readonly text: string;
  /** AIM symbology identifier such as `]E0`, when the scanner sends one; already cut off `text`. */
  readonly aim: string | null;
  readonly atMs: number;
}
