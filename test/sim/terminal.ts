/**
 * The card terminal and the wallets' gateway at a machine: the shipping virtual ones, in a process of its own that no crash of the till ends, behind a line
 * that is slow, breaks off, or is down. What the bank has done is never undone by it.
 */
import { DeviceError } from '../../src/devices/ports.ts';
import type { CardTerminal, PaymentPort, PayRequest, WalletGateway } from '../../src/devices/terminal.ts';
import type { BankRow, VirtualPaymentMode } from '../../src/devices/virtual-payment.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import { VirtualWallet } from '../../src/devices/virtual-wallet.ts';
import type { Dice } from './dice.ts';
import { Actor, type Scheduler } from './scheduler.ts';

/** How long a till waits in a simulated day, so that some answers come too late. */
export const PAY_TIMES = { waitMs: 6_000, cancelMs: 2_000, retryMs: 500 };

interface Bank {
  mode: VirtualPaymentMode;
}

/** What one side has on its books; `token`: what it gave for a payment. */
export type SimBankRow = Omit<BankRow<unknown>, 'proof'> & { readonly token: string | null };

export class SimTerminal {
  /** Percent of calls whose answer breaks off, that come late, or that find nobody. */
  faultPercent = 0;
  readonly cards: VirtualTerminal;
  readonly wallets: VirtualWallet;
  private readonly time: Scheduler;
  private readonly dice: Dice;
  private readonly fault: (kind: string) => void;
  private readonly actor = new Actor('bank');

  constructor(time: Scheduler, dice: Dice, fault: (kind: string) => void) {
    this.time = time;
    this.dice = dice;
    this.fault = fault;
    const pace = {
      get takesMs() {
        return dice.int(200, 3_000);
      },
      get slowMs() {
        return dice.int(4_000, 20_000);
      },
    };
    this.cards = new VirtualTerminal(pace);
    this.wallets = new VirtualWallet(pace);
  }

  rows(kind: 'card' | 'wallet'): SimBankRow[] {
    return kind === 'card'
      ? this.cards.rows().map(({ proof, ...row }) => ({ ...row, token: proof?.token ?? null }))
      : this.wallets.rows().map(({ proof, ...row }) => ({ ...row, token: proof?.ref ?? null }));
  }

  /** @param till the process that asks */
  cardsOf(till: Actor): CardTerminal {
    return this.portOf(till, this.cards);
  }

  walletsOf(till: Actor): WalletGateway {
    return this.portOf(till, this.wallets);
  }

  private portOf<Request extends PayRequest, Proof>(
    till: Actor,
    bank: Bank & PaymentPort<Request, Proof>,
  ): PaymentPort<Request, Proof> {
    const call = <T>(mood: VirtualPaymentMode, work: () => Promise<T>) => this.call(till, bank, mood, work);
    return {
      pay: (request) => call(this.moodOfPay(), () => bank.pay(request)),
      lookup: (requestId) => call('approve', () => bank.lookup(requestId)),
      cancel: (requestId) => call('approve', () => bank.cancel(requestId)),
      reverse: (requestId) => call('approve', () => bank.reverse(requestId)),
      refund: (request) => call('approve', () => bank.refund(request)),
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
   * @throws DeviceError when nobody is there, or the answer is lost: what was asked is done all the same, at once or when
   * the till has long given up
   */
  private async call<T>(
    till: Actor,
    bank: Bank,
    mood: VirtualPaymentMode,
    work: () => Promise<T>,
  ): Promise<T> {
    const { time, dice } = this;
    await time.pause(dice.int(10, 200), till);
    const fails = dice.chance(this.faultPercent);
    if (fails && dice.chance(40)) {
      this.fault('terminal not there');
      throw new DeviceError('refused', 'the terminal is not there', { retry: true });
    }
    const ask = () => {
      // It is read as the call begins.
      bank.mode = mood;
      return work();
    };
    if (fails && dice.chance(45)) {
      this.fault('terminal asked late');
      time.after(dice.int(2_000, 20_000), this.actor, () => {
        void ask().catch(() => {});
      });
      throw new DeviceError('timeout', 'the terminal does not answer', { retry: true });
    }
    if (mood === 'slow') this.fault('terminal slow');
    const answer = await time.as(this.actor, ask);
    await time.pause(dice.int(10, 200), till);
    if (!fails) return answer;
    this.fault('terminal broke off');
    throw new DeviceError('timeout', 'the terminal does not answer', { retry: true });
  }
}
