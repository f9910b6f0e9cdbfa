/**
 * A virtual gateway to the wallets: takes each pay code once, and never keeps it.
 */
import { walletOf } from '../core/private-code.ts';
import type { DeclineReason, WalletProof } from '../core/tender.ts';
import type { WalletGateway, WalletRequest } from './terminal.ts';
import { VirtualPayment } from './virtual-payment.ts';

export class VirtualWallet extends VirtualPayment<WalletRequest, WalletProof> implements WalletGateway {
  /** Only what tells a code that came before; the code itself is forgotten. */
  private readonly seen = new Set<number>();

  protected refusal({ wallet, code }: WalletRequest): DeclineReason | null {
    if (walletOf(code) !== wallet) return 'declined';
    const mark = markOf(code);
    if (this.seen.has(mark)) return 'expired_code';
    this.seen.add(mark);
    return null;
  }

  protected proofOf({ requestId, wallet }: WalletRequest): WalletProof {
    return { wallet, ref: `vw-${requestId}` };
  }
}

/** FNV-1a, 32 bit. */
function markOf(code: string): number {
  let hash = 0x811c9dc5;
  for (const char of code) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
