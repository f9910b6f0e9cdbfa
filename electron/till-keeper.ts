/**
 * The till keeper: starts the till's process, and starts it again when it ends by itself, later each time.
 *
 * A till that ran for a while begins with the short wait again. One that says what a person has to do is not started again.
 */
import type { ChildPort } from './ports.ts';
import type { FromTill, ToTill } from './till-link.ts';

export interface KeeperParts {
  readonly fork: () => ChildPort;
  /** What the process is told first; asked anew at each start. */
  readonly start: () => Extract<ToTill, { do: 'start' }>;
  readonly onMessage: (message: FromTill) => void;
  readonly log: (text: string) => void;
  readonly nowMs: () => number;
  readonly after: (ms: number, run: () => void) => void;
}

export const RESTART_MS_MIN = 500;
export const RESTART_MS_MAX = 30_000;
/** After this long a crash is not taken for the continuation of the one before. */
const SOUND_MS = 60_000;
/** For a till to let go of its printer and close its files. */
export const STOP_MS = 8_000;

export class TillKeeper {
  private readonly parts: KeeperParts;
  private child: ChildPort | null = null;
  private startedMs = 0;
  private waitMs = RESTART_MS_MIN;
  private stopping: (() => void) | null = null;
  private hopeless = false;

  constructor(parts: KeeperParts) {
    this.parts = parts;
  }

  start(): void {
    const { fork, start, onMessage, nowMs } = this.parts;
    const child = fork();
    this.child = child;
    this.startedMs = nowMs();
    child.on('message', (message) => {
      const told = message as FromTill;
      if (told.is === 'failed') this.hopeless = true;
      onMessage(told);
    });
    child.on('exit', (code) => this.ended(code));
    child.postMessage(start());
  }

  /** Resolves when the process is gone. */
  stop(): Promise<void> {
    const { child } = this;
    if (child === null || this.stopping !== null) {
      this.stopping ??= () => {};
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.stopping = resolve;
      child.postMessage({ do: 'stop' });
      this.parts.after(STOP_MS, () => {
        if (this.child === child) child.kill();
      });
    });
  }

  private ended(code: number): void {
    const { log, nowMs, after } = this.parts;
    this.child = null;
    if (this.stopping !== null) {
      this.stopping();
      return;
    }
    if (this.hopeless) return;
    if (nowMs() - this.startedMs > SOUND_MS) this.waitMs = RESTART_MS_MIN;
    log(`the till's process ended (exit code ${code}); it starts again in ${this.waitMs} ms`);
    after(this.waitMs, () => {
      if (this.stopping === null && this.child === null) this.start();
    });
    this.waitMs = Math.min(this.waitMs * 2, RESTART_MS_MAX);
  }
}
