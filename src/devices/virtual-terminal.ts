/**
 * A virtual card terminal: approves, declines, is slow, loses its answers or is not there, as it is told.
 */
import type { CardProof } from '../core/tender.ts';
import type { CardTerminal, PayRequest } from './terminal.ts';
import { VirtualPayment } from './virtual-payment.ts';

export class VirtualTerminal extends VirtualPayment<PayRequest, CardProof> implements CardTerminal {
  protected refusal(): null {
    return null;
  }

  protected proofOf({ requestId }: PayRequest, count: number): CardProof {
    const [brand, last4] = CARDS[count % CARDS.length]!;
    return {
      token: `vt-${requestId}`,
      approval: String(100_000 + ((count * 7_919) % 900_000)),
      brand,
      last4,
    };
  }
}

const CARDS = [
  ['UnionPay', '0027'],
  ['Visa', '4242'],
  ['Mastercard', '4444'],
] as const;
