/**
 * Payments away: what is asked of the card terminal and the wallets, and what came of it.
 *
 * A row is on disk before anything is asked. An answer that does not come is looked up by the row's id until the other side
 * says what it did, over restarts too; what was approved for a basket that is gone is taken back. Errors of a port are told by
 * their kind alone: their words might hold what must be nowhere.
 */
import type { CardProof, DeclineReason, WalletKind, WalletProof } from '../core/tender.ts';
import { DeviceError } from '../devices/ports.ts';
import { type LookupAnswer, NEVER_SENT, type PayAnswer } from '../devices/terminal.ts';
import type { PendingView } from './api.ts';
import type { AwayKind, PaymentRow } from './payment-rows.ts';
import type { PayTimes, Till } from './till.ts';

type Proof = CardProof | WalletProof;

export interface Pending {
  readonly row: PaymentRow;
  readonly wallet: WalletKind | null;
  readonly state: Exclude<PendingView['state'], 'code'>;
}

export interface AwayEvents {
  /** The row is `approved` on disk. */
  approved(row: PaymentRow): void;
  declined(row: PaymentRow, reason: DeclineReason): void;
  /** Money that is to go back did, did not yet, or never will. */
  takenBack(row: PaymentRow, how: 'done' | 'pending' | 'refused'): void;
  changed(): void;
}

const TIMES: PayTimes = { waitMs: 120_000, cancelMs: 10_000, retryMs: 1_000 };

export class PayAway {
  private readonly till: Till;
  private readonly events: AwayEvents;
  private readonly times: PayTimes;
  private readonly timers = new Set<() => void>();
  private stopped = false;
  private pendingNow: Pending | null = null;

  constructor(till: Till, events: AwayEvents) {
    this.till = till;
    this.events = events;
    this.times = { ...TIMES, ...till.config.devices.payTimes };
  }

  get pending(): Pending | null {
    return this.pendingNow;
  }

  takes(kind: AwayKind): boolean {
    return this.portOf(kind) !== null;
  }

  /** Asks for money, or gives money back (below zero, `row.proof` being what it is a part of). The row is on disk. */
  begin(row: PaymentRow, wallet: { readonly kind: WalletKind; readonly code: string } | null): void {
    this.pendingNow = { row, wallet: wallet?.kind ?? null, state: 'waiting' };
    void this.await(row, () => this.ask(row, wallet), this.times.waitMs);
  }

  /** Goes on with a payment that was under way when the till went down. */
  resume(row: PaymentRow): void {
    this.pendingNow = { row, wallet: null, state: 'unknown' };
    void this.find(row);
  }

  cancel(): void {
    const { pendingNow: pending } = this;
    if (pending === null || pending.state === 'cancelling') return;
    const { row } = pending;
    if (pending.state === 'unknown') {
      this.setAside(row);
      return;
    }
    this.pendingNow = { ...pending, state: 'cancelling' };
    this.portOf(row.kind)
      ?.cancel(row.requestId)
      .catch(() => {});
    void this.sleep(this.times.cancelMs).then(() => {
      if (this.isPending(row) && this.pendingNow!.state === 'cancelling') void this.find(row);
    });
  }

  /** Takes an approved payment back, now if it can be, else later and again. The row is `reversing` on disk. */
  async takeBack(row: PaymentRow): Promise<'done' | 'pending' | 'refused'> {
    const how = await this.tryBack(row);
    if (how === 'pending' && !this.stopped) void this.keepTrying(row);
    return how;
  }

  /** A payment or refund whose end nobody waits for any more. */
  keepTrying(row: PaymentRow): Promise<void> {
    return this.repeat(async () => {
      const how = row.amountMinor < 0 ? await this.tryOwed(row) : await this.tryBack(row);
      if (how === 'pending') return false;
      this.till.byItself('payment', () => this.events.takenBack(row, how));
      return true;
    });
  }

  stop(): void {
    this.stopped = true;
    for (const end of this.timers) end();
  }

  // ---- one payment ----

  private async await(row: PaymentRow, ask: () => Promise<PayAnswer<Proof>>, waitMs: number): Promise<void> {
    const late = this.sleep(waitMs).then(() => null);
    const answer = await Promise.race([ask(), late]).catch((cause): PayAnswer<Proof> | null =>
      wasNeverSent(cause) ? { kind: 'declined', reason: 'unreachable' } : null,
    );
    if (this.stopped || !this.isPending(row)) return;
    if (answer !== null && this.isSettled(row, answer)) return;
    this.set(row, 'unknown');
    await this.find(row);
  }

  private ask(
    row: PaymentRow,
    wallet: { readonly kind: WalletKind; readonly code: string } | null,
  ): Promise<PayAnswer<Proof>> {
    const { terminal, wallets } = this.till.devices;
    const { requestId, amountMinor } = row;
    const currency = this.till.catalog.store!.currency.code;
    if (amountMinor < 0) {
      const request = { requestId, amountMinor: -amountMinor, currency };
      return row.kind === 'card'
        ? terminal!.refund({ ...request, of: row.proof as CardProof })
        : wallets!.refund({ ...request, of: row.proof as WalletProof });
    }
    const request = { requestId, amountMinor, currency };
    return row.kind === 'card'
      ? terminal!.pay(request)
      : wallets!.pay({ ...request, wallet: wallet!.kind, code: wallet!.code });
  }

  /** Asks the other side until it says what became of a payment. */
  private async find(row: PaymentRow): Promise<void> {
    await this.repeat(async () => {
      if (!this.isPending(row)) return true;
      let found: LookupAnswer<Proof>;
      try {
        found = await this.portOf(row.kind)!.lookup(row.requestId);
      } catch {
        if (this.isPending(row)) this.set(row, 'unknown');
        return false;
      }
      if (this.stopped || !this.isPending(row)) return true;
      if (found.kind === 'working') {
        if (this.pendingNow!.state === 'unknown') this.set(row, 'waiting');
        return false;
      }
      const answer = found.kind === 'never_asked' ? await this.endNeverAsked(row) : foundAs(found);
      if (this.stopped || !this.isPending(row)) return true;
      return answer !== null && this.isSettled(row, answer);
    });
  }

  /**
   * What the other side has not heard of may be on its way still, and would be paid when nobody waits for it any more. So money
   * asked for is called back by its id before the sale goes on, and money to give back is asked for again: the same id is
   * the same refund.
   *
   * @returns null: the other side does not answer
   */
  private async endNeverAsked(row: PaymentRow): Promise<PayAnswer<Proof> | null> {
    try {
      if (row.amountMinor < 0) return await this.ask(row, null);
      await this.portOf(row.kind)!.reverse(row.requestId);
      return { kind: 'declined', reason: 'unreachable' };
    } catch {
      return null;
    }
  }

  /** @returns false when the disk does not take the answer (it is full, say): the other side is asked again later */
  private isSettled(row: PaymentRow, answer: PayAnswer<Proof>): boolean {
    let isKept = false;
    this.till.byItself('payment', () => {
      const proof = answer.kind === 'approved' && row.amountMinor > 0 ? answer.proof : row.proof;
      const kept = this.till.payments.put(
        answer.kind === 'declined'
          ? { ...row, state: 'declined', reason: answer.reason }
          : { ...row, state: 'approved', proof },
      );
      isKept = true;
      this.pendingNow = null;
      if (answer.kind === 'declined') this.events.declined(row, answer.reason);
      else this.events.approved(kept);
    });
    return isKept;
  }

  /** Nobody waits for it any more: money asked for is taken back if it comes, money owed is given in the end. */
  private setAside(row: PaymentRow): void {
    const state = row.amountMinor < 0 ? 'owed' : 'reversing';
    const aside = this.till.payments.put({ ...row, state });
    this.pendingNow = null;
    if (state === 'owed') this.events.approved(aside);
    else this.events.takenBack(aside, 'pending');
    void this.keepTrying(aside);
  }

  private async tryBack(row: PaymentRow): Promise<'done' | 'pending' | 'refused'> {
    try {
      const port = this.portOf(row.kind);
      if (port === null) return 'pending';
      const isBack = await port.reverse(row.requestId);
      if (this.stopped) return 'pending';
      if (isBack) this.till.payments.drop(row.requestId);
      return isBack ? 'done' : 'refused';
    } catch {
      return 'pending';
    }
  }

  private async tryOwed(row: PaymentRow): Promise<'done' | 'pending' | 'refused'> {
    try {
      if (this.portOf(row.kind) === null) return 'pending';
      const answer = await this.ask(row, null);
      if (this.stopped) return 'pending';
      if (answer.kind === 'approved') this.till.payments.drop(row.requestId);
      return answer.kind === 'approved' ? 'done' : 'refused';
    } catch {
      return 'pending';
    }
  }

  private portOf(kind: AwayKind) {
    const { terminal, wallets } = this.till.devices;
    return kind === 'card' ? terminal : wallets;
  }

  private isPending(row: PaymentRow): boolean {
    return this.pendingNow?.row.requestId === row.requestId;
  }

  private set(row: PaymentRow, state: Pending['state']): void {
    if (!this.isPending(row) || this.pendingNow!.state === state) return;
    this.pendingNow = { ...this.pendingNow!, state };
    this.events.changed();
  }

  // ---- time ----

  /** Until `work` says it is done or the till stops; each pause twice as long as the one before, to sixteen times. */
  private async repeat(work: () => Promise<boolean>): Promise<void> {
    for (let pause = 1; !this.stopped; pause = Math.min(16, pause * 2)) {
      if (await work()) return;
      await this.sleep(pause * this.times.retryMs);
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.timers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      timer.unref();
      this.timers.add(end);
    });
  }
}

function wasNeverSent(cause: unknown): boolean {
  return cause instanceof DeviceError && NEVER_SENT.includes(cause.kind);
}

function foundAs(found: Exclude<LookupAnswer<Proof>, { kind: 'working' | 'never_asked' }>): PayAnswer<Proof> {
  return found.kind === 'reversed' ? { kind: 'declined', reason: 'cancelled' } : found;
}
