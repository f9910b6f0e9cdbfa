/**
 * The card terminal at a machine: the shipping virtual one, in a process of its own that no crash of the till ends, behind a line
 * that is slow, breaks off, or is down. What the bank has done is never undone by it.
 */
import type { CardProof } from '../../src/core/tender.ts';
import { DeviceError } from '../../src/devices/ports.ts';
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
      lookup: (requestId) => this.call(till, 'approve', () => bank.lookup(requestId)),
      cancel: (requestId) => this.call(till, 'approve', () => bank.cancel(requestId)),
      reverse: (requestId) => this.call(till, 'approve', () => bank.reverse(requestId)),
      refund: (request: PayRequest & { readonly of: CardProof }) =>
        this.call(till, 'approve', () => bank.refund(request)),
    };
  }

  private moodOfPay(): VirtualPaymentMode {
    if (this.faultPercent === 0) return 'approve';
    if (this.dice.chance(12)) return 'decline';
    return this.dice.chance(12) ? 'slow' : 'approve';
  }

  /**
   * There and back takes time; a till that died meanwhile hears nothing.
   *
   * @throws DeviceError when nobody is there, or the answer is lost: what was asked is done all the same
   */
  private async call<T>(till: Actor, mood: VirtualPaymentMode, work: () => Promise<T>): Promise<T> {
    const { time, dice, bank } = this;
    await time.pause(dice.int(10, 200), till);
    const fails = dice.chance(this.faultPercent);
    if (fails && dice.chance(40)) {
      this.fault('terminal not there');
      throw new DeviceError('refused', 'the terminal is not there', { retry: true });
    }
    if (mood === 'slow') this.fault('terminal slow');
    const answer = await time.as(this.actor, () => {
      // It is read as the call begins.
      bank.mode = mood;
      return work();
    });
    await time.pause(dice.int(10, 200), till);
    if (!fails) return answer;
    this.fault('terminal broke off');
    throw new DeviceError('timeout', 'the terminal does not answer', { retry: true });
  }
}
