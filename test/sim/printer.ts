/**
 * A printer that can fail at any byte. What reaches the paper is told as it does.
 */
import type { BytePort } from '../../src/core/ports.ts';
import { DeviceError } from '../../src/devices/ports.ts';
import type { Dice } from './dice.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export class SimPrinter {
  /** Off: it cannot be opened. */
  off = false;
  /** Percent of slips that break off in the middle. */
  faultPercent = 0;
  onPaper: (bytes: Uint8Array) => void = () => {};
  onFault: () => void = () => {};
  private readonly time: Scheduler;
  private readonly dice: Dice;

  constructor(time: Scheduler, dice: Dice) {
    this.time = time;
    this.dice = dice;
  }

  /** @param actor the till that prints */
  async open(actor: Actor): Promise<BytePort> {
    if (this.off) throw new DeviceError('not_found', 'the printer is off', { retry: true });
    const gone: ((reason: string) => void)[] = [];
    let waiting: ((error: Error) => void) | null = null;
    let closed = false;
    const end = (reason: string) => {
      if (closed) return;
      closed = true;
      waiting?.(new DeviceError('disconnected', reason, { retry: true }));
      for (const listener of gone) listener(reason);
    };
    return {
      write: async (bytes) => {
        if (closed || !actor.alive) throw new DeviceError('disconnected', 'closed', { retry: true });
        const broken = this.off || this.dice.chance(this.faultPercent);
        const reached = broken ? bytes.slice(0, this.dice.int(0, bytes.length - 1)) : bytes;
        this.onPaper(reached);
        if (broken) this.onFault();
        await new Promise<void>((resolve, reject) => {
          waiting = reject;
          this.time.after(1 + bytes.length / 40, actor, () => {
            waiting = null;
            if (!broken) return resolve();
            reject(new DeviceError('timeout', 'no paper', { retry: true }));
            end('unplugged');
          });
        });
      },
      onData: () => {},
      onClose: (listener) => void gone.push(listener),
      close: async () => end('closed'),
    };
  }
}
