/**
 * The scheduler: one virtual time for everything. An event runs, all that follows from it settles, then the next one.
 *
 * The shipping code keeps its `setTimeout`: while a simulation runs, timers that are set inside an event belong to the actor
 * whose event it is and fire in virtual time; a timer set outside (the test runner's) stays real. A dead actor's timers,
 * frames and queries never happen, as those of a process that was killed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** A process or a person: what it set in motion ends with it. */
export class Actor {
  readonly name: string;
  alive = true;

  constructor(name: string) {
    this.name = name;
  }
}

interface Event {
  readonly atMs: number;
  /** Of two at one time the earlier set comes first. */
  readonly order: number;
  readonly actor: Actor;
  readonly run: () => unknown;
  cancelled: boolean;
}

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  clearImmediate: globalThis.clearImmediate,
};

const turn = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve));

/** What a timer call gives back in virtual time. */
class Timer {
  readonly event: { current: Event };

  constructor(event: { current: Event }) {
    this.event = event;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

export class Scheduler {
  nowMs = 0;
  /** Events that have run. */
  steps = 0;
  /** Called after each event, when all of it has settled. */
  afterStep: (actor: Actor) => void = () => {};
  private readonly queue: Event[] = [];
  private readonly current = new AsyncLocalStorage<Actor>();
  private ordered = 0;
  private busy = 0;
  private trouble: unknown = null;

  /** Runs `run` for `actor`, unless it is dead by then. */
  after(delayMs: number, actor: Actor, run: () => unknown): Event {
    const event = {
      atMs: this.nowMs + Math.max(0, delayMs),
      order: this.ordered++,
      actor,
      run,
      cancelled: false,
    };
    this.queue.splice(this.placeOf(event), 0, event);
    return event;
  }

  /** Resolves after that long; never, when the actor dies before. */
  pause(delayMs: number, actor: Actor): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, actor, resolve));
  }

  /** Runs work of an actor now, inside the event of another: a listener of its own. */
  as<T>(actor: Actor, work: () => T): T {
    return this.current.run(actor, work);
  }

  /** Counts work that really takes time (a database in its thread), so that an event ends only after it. */
  async really<T>(work: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await work();
    } finally {
      this.busy--;
    }
  }

  /** Runs what is due until `untilMs`, or until `done` says so. @returns whether `done` did */
  async run(untilMs: number, done: () => boolean = () => false): Promise<boolean> {
    while (!done()) {
      const event = this.queue[0];
      if (event === undefined || event.atMs > untilMs) {
        this.nowMs = untilMs;
        return false;
      }
      this.queue.shift();
      if (event.cancelled || !event.actor.alive) continue;
      this.nowMs = event.atMs;
      this.steps++;
      await this.settle(event);
      this.afterStep(event.actor);
    }
    return true;
  }

  /** Lets timers of events be virtual. @returns what makes them real again */
  install(): () => void {
    const owner = () => this.current.getStore();
    const set =
      (repeat: boolean) =>
      (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
        const actor = owner();
        if (actor === undefined) {
          return repeat ? real.setInterval(run, ms, ...args) : real.setTimeout(run, ms, ...args);
        }
        const everyMs = Math.max(1, Math.round(ms ?? 1));
        const handle = {} as { current: Event };
        const fire = () => {
          if (repeat) handle.current = this.after(everyMs, actor, fire);
          run(...args);
        };
        handle.current = this.after(everyMs, actor, fire);
        return new Timer(handle);
      };
    const clear = (timer: unknown) => {
      if (timer instanceof Timer) timer.event.current.cancelled = true;
      else real.clearTimeout(timer as NodeJS.Timeout);
    };
    const immediate = (run: (...args: unknown[]) => void, ...args: unknown[]) => {
      const actor = owner();
      if (actor === undefined) return real.setImmediate(run, ...args);
      return new Timer({ current: this.after(0, actor, () => run(...args)) });
    };
    const clearNow = (timer: unknown) =>
      timer instanceof Timer ? clear(timer) : real.clearImmediate(timer as NodeJS.Immediate);
    Object.assign(globalThis, {
      setTimeout: set(false),
      setInterval: set(true),
      clearTimeout: clear,
      clearInterval: clear,
      setImmediate: immediate,
      clearImmediate: clearNow,
    });
    return () => void Object.assign(globalThis, real);
  }

  private async settle({ actor, run }: Event): Promise<void> {
    this.current.run(actor, () => {
      // An event is not waited for: what it awaits may need virtual time itself.
      Promise.resolve()
        .then(run)
        .catch((cause) => {
          // What a process throws as its power goes, nobody hears.
          if (actor.alive) this.trouble ??= cause;
        });
    });
    do await turn();
    while (this.busy > 0);
    if (this.trouble !== null) throw this.trouble;
  }

  private placeOf({ atMs }: Event): number {
    let [low, high] = [0, this.queue.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.queue[middle]!.atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
