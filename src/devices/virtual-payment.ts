/**
 * What a virtual terminal and a virtual wallet have in common: a bank that remembers requests, and moods to test a till by.
 *
 * The bank remembers over a restart when it is given a place to. It keeps amounts and tokens, never a pay code.
 */
import type { DeclineReason } from '../core/tender.ts';
import { DeviceError } from './ports.ts';
import type { LookupAnswer, PayAnswer, PaymentPort, PayRequest } from './terminal.ts';

export type VirtualPaymentMode =
  | 'approve'
  | 'decline'
  /** Approves after `slowMs`. */
  | 'slow'
  /** Approves at the bank, but the answer never comes. */
  | 'no_answer'
  | 'unreachable';

export interface BankRow<Proof> {
  readonly requestId: string;
  /** Below zero: given back. */
  readonly amountMinor: number;
  readonly state: 'working' | 'approved' | 'declined' | 'reversed';
  readonly reason: DeclineReason | null;
  readonly proof: Proof | null;
}

export interface VirtualPaymentOptions<Proof> {
  /** How long the customer and the bank take. */
  readonly takesMs?: number;
  readonly slowMs?: number;
  readonly load?: () => readonly BankRow<Proof>[];
  readonly save?: (rows: readonly BankRow<Proof>[]) => void;
}

export abstract class VirtualPayment<Request extends PayRequest, Proof>
  implements PaymentPort<Request, Proof>
{
  mode: VirtualPaymentMode = 'approve';
  private readonly options: VirtualPaymentOptions<Proof>;
  private readonly bank = new Map<string, BankRow<Proof>>();
  private readonly waiting = new Map<string, () => void>();
  private count = 0;

  constructor(options: VirtualPaymentOptions<Proof> = {}) {
    this.options = options;
    for (const row of options.load?.() ?? []) this.bank.set(row.requestId, row);
    this.count = this.bank.size;
  }

  /** What the bank has on its books, oldest first. */
  rows(): readonly BankRow<Proof>[] {
    return [...this.bank.values()];
  }

  /** What customers have paid in the end: approved less given back. */
  takenMinor(): number {
    return this.rows()
      .filter(({ state }) => state === 'approved')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  }

  async pay(request: Request): Promise<PayAnswer<Proof>> {
    const { requestId, amountMinor } = request;
    this.reach();
    const known = this.bank.get(requestId);
    if (known !== undefined && known.state !== 'working') return answerOf(known);
    const refused = this.refusal(request);
    if (refused !== null) {
      this.put({ requestId, amountMinor, state: 'declined', reason: refused, proof: null });
      return { kind: 'declined', reason: refused };
    }
    const { mode } = this;
    this.put({ requestId, amountMinor, state: 'working', reason: null, proof: null });
    await this.wait(
      requestId,
      mode === 'slow' ? (this.options.slowMs ?? 3_000) : (this.options.takesMs ?? 0),
    );
    const row = this.bank.get(requestId)!;
    if (row.state === 'working') {
      this.put(
        mode === 'decline'
          ? { ...row, state: 'declined', reason: 'declined' }
          : { ...row, state: 'approved', proof: this.proofOf(request, ++this.count) },
      );
    }
    if (mode === 'no_answer') throw lineBroke();
    return answerOf(this.bank.get(requestId)!);
  }

  async lookup(requestId: string): Promise<LookupAnswer<Proof>> {
    this.reach();
    if (this.mode === 'no_answer') throw lineBroke();
    const row = this.bank.get(requestId);
    if (row === undefined) return { kind: 'never_asked' };
    if (row.state === 'working') {
      // Nobody stands at it any more: what was begun before a restart ends here.
      if (this.waiting.has(requestId)) return { kind: 'working' };
      this.put({ ...row, state: 'declined', reason: 'timeout' });
    }
    return row.state === 'reversed' ? { kind: 'reversed' } : answerOf(this.bank.get(requestId)!);
  }

  async cancel(requestId: string): Promise<void> {
    this.reach();
    const row = this.bank.get(requestId);
    if (row?.state !== 'working') return;
    this.put({ ...row, state: 'declined', reason: 'cancelled' });
    this.waiting.get(requestId)?.();
  }

  async reverse(requestId: string): Promise<boolean> {
    this.reach();
    const row = this.bank.get(requestId);
    if (this.mode === 'decline') return false;
    // What is not finished ends, and what comes late is too late: both are as if they had not been.
    if (row?.state !== 'declined') {
      this.put({ requestId, amountMinor: 0, reason: 'cancelled', proof: null, ...row, state: 'reversed' });
      this.waiting.get(requestId)?.();
    }
    if (this.mode === 'no_answer') throw lineBroke();
    return true;
  }

  async refund(request: PayRequest & { readonly of: Proof }): Promise<PayAnswer<Proof>> {
    this.reach();
    const { requestId, amountMinor, of } = request;
    const known = this.bank.get(requestId);
    if (known !== undefined) return answerOf(known);
    const row = { requestId, amountMinor: -amountMinor, reason: null, proof: null };
    if (this.mode === 'decline') this.put({ ...row, state: 'declined', reason: 'declined' });
    else this.put({ ...row, state: 'approved', proof: of });
    if (this.mode === 'no_answer') throw lineBroke();
    return answerOf(this.bank.get(requestId)!);
  }

  /** What is wrong with the request itself; null: nothing. */
  protected abstract refusal(request: Request): DeclineReason | null;
  protected abstract proofOf(request: Request, count: number): Proof;

  private reach(): void {
    if (this.mode !== 'unreachable') return;
    throw new DeviceError('refused', 'the virtual terminal is unreachable', { retry: true });
  }

  private async wait(requestId: string, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiting.set(requestId, () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.waiting.delete(requestId);
  }

  private put(row: BankRow<Proof>): void {
    this.bank.set(row.requestId, row);
    this.options.save?.(this.rows());
  }
}

function answerOf<Proof>({ state, reason, proof }: BankRow<Proof>): PayAnswer<Proof> {
  if (state === 'approved' && proof !== null) return { kind: 'approved', proof };
  return { kind: 'declined', reason: reason ?? 'declined' };
}

function lineBroke(): DeviceError {
  return new DeviceError('timeout', 'the virtual terminal does not answer', { retry: true });
}
