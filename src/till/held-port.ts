/**
 * A held port: opened, and opened again by itself when its device was unplugged or its driver died.
 *
 * Nothing waits for it: whoever needs the port asks whether it is there now.
 */
import type { BytePort } from '../core/ports.ts';
import { DeviceError } from '../devices/ports.ts';

export type Opener = () => Promise<BytePort>;

export interface HeldPortParts {
  /** null: there is no such device. */
  readonly open: Opener | null;
  readonly onOpen: (port: BytePort) => void;
  readonly onChange: () => void;
}

/** A cable that was plugged in again is found this soon. */
const RETRY_MS = 2_000;

export class HeldPort {
  private readonly parts: HeldPortParts;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private opening = false;
  private trouble: { readonly kind: string; readonly words: string } | null = null;
  port: BytePort | null = null;

  constructor(parts: HeldPortParts) {
    this.parts = parts;
  }

  /** `detail`: stable kind; `words`: as the driver says it. */
  get state(): {
    readonly state: 'ready' | 'absent' | 'none';
    readonly detail: string | null;
    readonly words: string | null;
  } {
    if (this.parts.open === null) return { state: 'none', detail: null, words: null };
    if (this.port !== null) return { state: 'ready', detail: null, words: null };
    return { state: 'absent', detail: this.trouble?.kind ?? null, words: this.trouble?.words ?? null };
  }

  async start(): Promise<void> {
    if (this.parts.open === null || this.stopped || this.opening || this.port !== null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.opening = true;
    try {
      this.attach(await this.parts.open());
    } catch (cause) {
      const kind = cause instanceof DeviceError ? cause.kind : 'io';
      this.trouble = { kind, words: (cause as Error).message };
      this.retry();
    }
    this.opening = false;
    this.parts.onChange();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.port?.close();
  }

  private attach(port: BytePort): void {
    if (this.stopped) {
      void port.close();
      return;
    }
    this.port = port;
    this.trouble = null;
    port.onClose((reason) => {
      if (this.port === port) this.port = null;
      this.trouble = { kind: 'disconnected', words: reason };
      if (this.stopped) return;
      this.parts.onChange();
      this.retry();
    });
    this.parts.onOpen(port);
  }

  private retry(): void {
    if (this.stopped || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.start();
    }, RETRY_MS);
  }
}
