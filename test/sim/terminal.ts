/**
 * The card terminal at a machine: the shipping virtual one, in a process of its own that no crash of the till ends, behind a line
 * that is slow, breaks off, or is down. What the bank has done is never undone by it.
 */
import type { CardProof } from '../../src/core/tender.ts';
import type { CardTerminal, PayRequest } from '../../src/devices/terminal.ts';
import type { VirtualPaymentMode } from '../../src/devices/virtual-payment.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import type { Dice } from './dice.ts';
import { Actor, type Scheduler } from './scheduler.ts';

/** How long a till waits in a simulated day, so that some answers come too late. */
export const PAY_TIMES = { waitMs: 6_000, cancelMs: 2_000, retryMs: 500 };

export class SimTerminal {
  /** Percent of calls whose answer breaks off, or that find nobody. */
  faultPercent = 0;
  readonly bank: VirtualTerminal;
  private readonly time: Scheduler;
  private readonly dice: Dice;
  private readonly fault: (kind: string) => void;
  private readonly actor = new Actor('bank');

  constructor(time: Scheduler, dice: Dice, fault: (kind: string) => void) {
    this.time = time;
    this.dice = dice;
    this.fault = fault;
    this.bank = new VirtualTerminal({
      get takesMs() {
        return dice.int(200, 3_000);
      },
      get slowMs() {
        return dice.int(4_000, 20_000);
      },
    });
  }

  /** @param till the process that asks */
  portOf(till: Actor): CardTerminal {
    const { bank } = this;
    return {
      pay: (request: PayRequest) => this.call(till, this.moodOfPay(), () => bank.pay(request)),
      lookup: (requestId) => this.call(till, this.mood(), () => bank.lookup(requestId)),
      cancel: (requestId) => this.call(till, this.mood(), () => bank.cancel(requestId)),
      reverse: (requestId) => this.call(till, this.mood(), () => bank.reverse(requestId)),
      refund: (request: PayRequest & { readonly of: CardProof }) =>
        this.call(till, this.mood(), () => bank.refund(request)),
    };
  }

  private moodOfPay(): VirtualPaymentMode {
    const mood = this.mood();
    if (mood !== 'approve' || this.faultPercent === 0) return mood;
    if (this.dice.chance(8)) return 'decline';
    return this.dice.chance(12) ? 'slow' : 'approve';
  }

  private mood(): VirtualPaymentMode {
    if (!this.dice.chance(this.faultPercent)) return 'approve';
    return this.dice.chance(60) ? 'no_answer' : 'unreachable';
  }

  /** There and back takes time; a till that died meanwhile hears nothing. */
  private async call<T>(till: Actor, mood: VirtualPaymentMode, work: () => Promise<T>): Promise<T> {
    const { time, dice, bank } = this;
    await time.pause(dice.int(10, 200), till);
    if (mood === 'no_answer') this.fault('terminal broke off');
    if (mood === 'unreachable') this.fault('terminal not there');
    if (mood === 'slow') this.fault('terminal slow');
    try {
      return await time.as(this.actor, () => {
        // It is read as the call begins.
        bank.mode = mood;
        return work();
      });
    } finally {
      await time.pause(dice.int(10, 200), till);
    }
  }
}
