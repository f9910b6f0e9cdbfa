/**
 * The pole display's line: held open, told what the customer is to see. Nothing waits for it.
 *
 * A display that is slow gets the newest picture only: what it had no time for is old by then.
 */
import type { BytePort } from '../core/ports.ts';
import { type DisplayLine, type DisplayProfile, DisplaySession, lineText } from '../devices/display.ts';
import { HeldPort, type Opener } from './held-port.ts';

export type PoleLines = readonly [DisplayLine, DisplayLine];

export interface PoleLineParts {
  readonly open: Opener | null;
  readonly profile: DisplayProfile;
  readonly onChange: () => void;
}

export class PoleLine {
  private readonly parts: PoleLineParts;
  private readonly held: HeldPort;
  private session: DisplaySession | null = null;
  private wanted: PoleLines | null = null;
  private writing = false;

  constructor(parts: PoleLineParts) {
    this.parts = parts;
    this.held = new HeldPort({ ...parts, onOpen: (port) => this.attach(port) });
  }

  get state(): HeldPort['state'] {
    return this.held.state;
  }

  /** What stands on it now, as its columns have it; null: nothing, or nobody knows. */
  get shown(): readonly [string, string] | null {
    const { profile } = this.parts;
    if (this.held.port === null || this.wanted === null) return null;
    return [lineText(this.wanted[0], profile), lineText(this.wanted[1], profile)];
  }

  start(): Promise<void> {
    return this.held.start();
  }

  async stop(): Promise<void> {
    const { port } = this.held;
    // Whoever stands before it must not read an old total; a display that hangs keeps nobody waiting.
    if (port !== null) this.session?.clear();
    await this.held.stop();
  }

  show(lines: PoleLines): void {
    this.wanted = lines;
    this.send();
  }

  private attach(port: BytePort): void {
    this.writing = false;
    this.session = new DisplaySession(this.parts.profile, (bytes) => {
      this.writing = true;
      port.write(bytes).then(
        () => {
          this.writing = false;
          this.send();
        },
        () => void port.close(),
      );
    });
    this.send();
  }

  private send(): void {
    if (this.writing || this.wanted === null || this.held.port === null) return;
    this.session?.show(this.wanted[0], this.wanted[1]);
  }
}
