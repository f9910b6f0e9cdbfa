/**
 * A loop that works off what is there and then rests until it is poked: the books, the jobs.
 */

export interface RunLoopParts {
  /** One piece of work. @returns false when there is none */
  readonly step: () => Promise<boolean>;
  /** A step threw: the loop rests, and goes on with the next poke. */
  readonly onTrouble: (cause: Error) => void;
}

export class RunLoop {
  private readonly parts: RunLoopParts;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(parts: RunLoopParts) {
    this.parts = parts;
  }

  /** There may be work. */
  poke(): void {
    if (this.stopped) return;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.running = this.run().finally(() => {
      this.running = null;
      if (!this.again) return;
      this.again = false;
      this.poke();
    });
  }

  /** Resolves when there is no work that this process may do. */
  async settled(): Promise<void> {
    this.poke();
    while (this.running !== null) await this.running;
  }

  /** No further step; waits for the one that is on. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopped && (await this.parts.step())) {
        // The next piece.
      }
    } catch (cause) {
      if (!this.stopped) this.parts.onTrouble(cause as Error);
    }
  }
}
