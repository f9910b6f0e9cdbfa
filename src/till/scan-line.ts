/**
 * The scanner's line: opened, read, and opened again when it was unplugged. Codes go to the checkout, nothing waits here.
 */
import type { BytePort, Clock } from '../core/ports.ts';
import { DeviceError, type Scan } from '../devices/ports.ts';
import { Scanner, type ScannerConfig } from '../devices/scanner.ts';

export interface ScanLineParts {
  /** Opens the scanner's line; null: this till has none (a wedge types into the page). */
  readonly open: (() => Promise<BytePort>) | null;
  readonly config: Partial<ScannerConfig>;
  readonly clock: Clock;
  readonly onScan: (scan: Scan) => void;
  /** Bytes that were no code: the cashier scans again. */
  readonly onGarbage: () => void;
  readonly onChange: () => void;
}

const RETRY_MS = 2_000;

export class ScanLine {
  private readonly parts: ScanLineParts;
  private readonly scanner: Scanner;
  private port: BytePort | null = null;
  private timer: NodeJS.Timeout | null = null;
  private idleTimer: NodeJS.Timeout | null = null;
  private stopped = false;
  private trouble: string | null = null;

  constructor(parts: ScanLineParts) {
    this.parts = parts;
    this.scanner = new Scanner(parts.config);
  }

  get state(): { state: 'ready' | 'absent' | 'none'; detail: string | null } {
    if (this.parts.open === null) return { state: 'none', detail: null };
    return this.port === null ? { state: 'absent', detail: this.trouble } : { state: 'ready', detail: null };
  }

  async start(): Promise<void> {
    if (this.parts.open === null || this.stopped) return;
    try {
      this.attach(await this.parts.open());
    } catch (cause) {
      this.trouble = cause instanceof DeviceError ? cause.kind : 'io';
      this.retry();
    }
    this.parts.onChange();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of [this.timer, this.idleTimer]) if (timer !== null) clearTimeout(timer);
    await this.port?.close();
  }

  private attach(port: BytePort): void {
    if (this.stopped) {
      void port.close();
      return;
    }
    this.port = port;
    this.trouble = null;
    port.onData((bytes) => {
      this.deliver(this.scanner.feed(bytes, this.parts.clock.monotonicMs()));
      this.armIdle();
    });
    port.onClose((reason) => {
      this.port = null;
      this.trouble = reason;
      if (this.stopped) return;
      this.parts.onChange();
      this.retry();
    });
  }

  private deliver(scans: readonly Scan[]): void {
    for (const scan of scans) this.parts.onScan(scan);
    if (this.scanner.takeErrors().length > 0) this.parts.onGarbage();
  }

  /** A frame that ends by silence ends here. */
  private armIdle(): void {
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.idleTimer = null;
    const deadlineMs = this.scanner.nextDeadlineMs();
    if (deadlineMs === null) return;
    const waitMs = Math.max(1, Math.ceil(deadlineMs - this.parts.clock.monotonicMs()));
    this.idleTimer = setTimeout(() => {
      this.deliver(this.scanner.flushIdle(this.parts.clock.monotonicMs()));
      this.armIdle();
    }, waitMs);
  }

  private retry(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.start(), RETRY_MS);
  }
}
