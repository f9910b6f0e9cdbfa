/**
 * Updates: signed, from the channel that was chosen, and never during an open shift.
 *
 * An update is fetched in the background, its feed's signature is checked (`signed-feed`), and it waits. It is put in when no
 * shift is open and nothing is on the counter, and then at once.
 */
import type { FetchedUpdate } from './signed-feed.ts';

export interface UpdaterPort {
  channel: string | null;
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  checkForUpdates(): Promise<unknown>;
  quitAndInstall(isSilent: boolean, isForceRunAfter: boolean): void;
  on(event: 'update-downloaded' | 'error', listener: (info: never) => void): unknown;
}

export interface CounterState {
  readonly shiftOpen: boolean;
  readonly busy: boolean;
}

export interface UpdateParts {
  readonly updater: UpdaterPort;
  readonly channel: 'stable' | 'beta';
  readonly log: (text: string) => void;
  /** Why the publisher did not sign this update; null: the publisher did. */
  readonly fault: (update: FetchedUpdate) => Promise<string | null>;
  /** The till is stopped first: its journal is closed when the files change. */
  readonly stopTill: () => Promise<void>;
  readonly every: (ms: number, run: () => void) => void;
}

const CHECK_EVERY_MS = 6 * 3_600_000;

export class Updates {
  private readonly parts: UpdateParts;
  /** Nobody knows yet how the counter is: so not now. */
  private counter: CounterState = { shiftOpen: true, busy: true };
  private waits = false;
  private installing = false;

  constructor(parts: UpdateParts) {
    const { updater, channel, log } = parts;
    this.parts = parts;
    updater.channel = channel === 'stable' ? 'latest' : 'beta';
    updater.autoDownload = true;
    // A quit in the middle of the day is no leave to change the program.
    updater.autoInstallOnAppQuit = false;
    updater.allowDowngrade = false;
    updater.on('update-downloaded', ((update: FetchedUpdate) => void this.fetched(update)) as never);
    updater.on('error', ((error: Error) => log(`update: ${error.message}`)) as never);
  }

  start(): void {
    const check = () => {
      this.parts.updater
        .checkForUpdates()
        .catch((cause: Error) => this.parts.log(`update: ${cause.message}`));
    };
    check();
    this.parts.every(CHECK_EVERY_MS, check);
  }

  /** The till tells how its counter is. */
  counterIs(counter: CounterState): void {
    this.counter = counter;
    void this.look();
  }

  private async fetched(update: FetchedUpdate): Promise<void> {
    const { fault, log } = this.parts;
    const why = await fault(update).catch((cause: Error) => cause.message);
    // One that waited already is not what was signed any more: the files of the newest fetched one are put in.
    this.waits = why === null;
    if (why !== null) return log(`update ${update.version} is left out: ${why}`);
    log(`update ${update.version} is here; it waits for the end of the shift`);
    await this.look();
  }

  private async look(): Promise<void> {
    const { shiftOpen, busy } = this.counter;
    if (!this.waits || this.installing || shiftOpen || busy) return;
    this.installing = true;
    this.parts.log('no shift is open: the update is put in now');
    await this.parts.stopTill();
    this.parts.updater.quitAndInstall(true, true);
  }
}
