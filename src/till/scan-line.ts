/**
 * The scanner's line: opened, read, and opened again when it was unplugged. Codes go to the checkout, nothing waits here.
 */
import type { BytePort, Clock } from '../core/ports.ts';
import type { Scan } from '../devices/ports.ts';
import { Scanner, type ScannerConfig } from '../devices/scanner.ts';
import { HeldPort, type Opener } from './held-port.ts';

export interface ScanLineParts {
  /** Opens the scanner's line; null: this till has none (a wedge types into the page). */
  readonly open: Opener | null;
  readonly config: Partial<ScannerConfig>;
  readonly clock: Clock;
  readonly onScan: (scan: Scan) => void;
  /** Bytes that were no code: the cashier scans again. */
  readonly onGarbage: () => void;
  readonly onChange: () => void;
}

export class ScanLine {
  private readonly parts: ScanLineParts;
  private readonly held: HeldPort;
  private scanner: Scanner;
  private idleTimer: NodeJS.Timeout | null = null;

  constructor(parts: ScanLineParts) {
    this.parts = parts;
    this.scanner = new Scanner(parts.config);
    this.held = new HeldPort({ ...parts, onOpen: (port) => this.attach(port) });
  }

  get state(): HeldPort['state'] {
    return this.held.state;
  }

  start(): Promise<void> {
    return this.held.start();
  }

  async stop(): Promise<void> {
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    await this.held.stop();
  }

  private attach(port: BytePort): void {
    // Half a code from before the cable was pulled is not joined to what comes now.
    this.scanner = new Scanner(this.parts.config);
    port.onData((bytes) => {
      this.deliver(this.scanner.feed(bytes, this.parts.clock.monotonicMs()));
      this.armIdle();
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
}
