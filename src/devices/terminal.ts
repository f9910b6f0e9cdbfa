/**
 * Payment ports: an external card terminal, and the gateway to the wallets. Amounts go out; tokens come back.
 *
 * The till never sees a card number. Each request carries an id of the till's own, written down before it is sent: after a
 * break the terminal is asked by it what became of the payment, so money is neither lost nor taken twice.
 *
 * A call that throws a `DeviceError` of a kind in `NEVER_SENT` never reached the other side; after any other error nobody
 * knows, and `lookup` has to say.
 */
import type { CardProof, DeclineReason, WalletKind, WalletProof } from '../core/tender.ts';
import type { DeviceErrorKind } from './ports.ts';

export interface PayRequest {
  readonly requestId: string;
  /** Above zero. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface WalletRequest extends PayRequest {
  readonly wallet: WalletKind;
  /** One-time and live: sent on, kept nowhere. */
  readonly code: string;
}

export type PayAnswer<Proof> =
  | { readonly kind: 'approved'; readonly proof: Proof }
  | { readonly kind: 'declined'; readonly reason: DeclineReason };

export type LookupAnswer<Proof> =
  | PayAnswer<Proof>
  /** The customer has not finished. */
  | { readonly kind: 'working' }
  /** No request of this id came in yet: nothing was charged so far. */
  | { readonly kind: 'never_asked' }
  /** It was approved, and taken back since. */
  | { readonly kind: 'reversed' };

export interface PaymentPort<Request extends PayRequest, Proof> {
  /** Asks the customer to pay; answers when they did or did not. The same id twice is one payment. */
  pay(request: Request): Promise<PayAnswer<Proof>>;
  lookup(requestId: string): Promise<LookupAnswer<Proof>>;
  /** Asks to stop what is not yet approved; the answer comes from `pay` or `lookup`. */
  cancel(requestId: string): Promise<void>;
  /**
   * Takes a whole payment back, as if it had not been; one that has not come in yet is refused when it comes. Safe to say twice.
   *
   * @returns whether it is taken back
   */
  reverse(requestId: string): Promise<boolean>;
  /** Gives a part or all of an older payment back. The same id twice is one refund. */
  refund(request: PayRequest & { readonly of: Proof }): Promise<PayAnswer<Proof>>;
}

export type CardTerminal = PaymentPort<PayRequest, CardProof>;
export type WalletGateway = PaymentPort<WalletRequest, WalletProof>;

/** Errors before anything was sent: nothing can have been charged. */
export const NEVER_SENT: readonly DeviceErrorKind[] = [
  'not_found',
  'port_taken',
  'permission',
  'refused',
  'unsupported',
];
