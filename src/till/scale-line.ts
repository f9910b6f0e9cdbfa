/**
 * The scale's line: held open, asked when somebody weighs.
 */
import type { BytePort } from '../core/ports.ts';
import { err, type Result } from '../core/result.ts';
import type { ScaleConfig } from '../devices/scale.ts';
import { type PollLimits, ScalePoller, type StableWeight } from '../devices/scale-poller.ts';
import type { ScaleWhy } from './api-devices.ts';
import { HeldPort, type Opener } from './held-port.ts';

export interface ScaleLineParts {
  readonly open: Opener | null;
  readonly config: ScaleConfig;
  readonly onChange: () => void;
  readonly limits?: PollLimits;
}

export class ScaleLine {
  private readonly parts: ScaleLineParts;
  private readonly held: HeldPort;
  private poller: ScalePoller | null = null;
  private asked: Promise<Result<StableWeight, { readonly kind: ScaleWhy }>> | null = null;

  constructor(parts: ScaleLineParts) {
    this.parts = parts;
    this.held = new HeldPort({ ...parts, onOpen: (port) => this.attach(port) });
  }

  get state(): HeldPort['state'] {
    return this.held.state;
  }

  start(): Promise<void> {
    return this.held.start();
  }

  stop(): Promise<void> {
    return this.held.stop();
  }

  /** A stable weight above zero, in three seconds or not at all. Two who ask at once get one answer. */
  weigh(): Promise<Result<StableWeight, { readonly kind: ScaleWhy }>> {
    if (this.parts.open === null) return Promise.resolve(err({ kind: 'none' }));
    if (this.poller === null || this.held.port === null) return Promise.resolve(err({ kind: 'gone' }));
    this.asked ??= this.poller.weigh(this.parts.limits).finally(() => {
      this.asked = null;
    });
    return this.asked;
  }

  private attach(port: BytePort): void {
    this.poller = new ScalePoller(port, this.parts.config);
  }
}
