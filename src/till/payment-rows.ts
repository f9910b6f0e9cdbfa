/**
 * Payments at a terminal or wallet that are not yet in the journal: written before anything is asked, so that a crash loses none.
 */
import type { CardProof, DeclineReason, Tender, WalletProof } from '../core/tender.ts';
import type { Sqlite } from './db.ts';

export type AwayKind = 'card' | 'wallet';

export interface PaymentRow {
  readonly requestId: string;
  readonly basketId: string;
  readonly tenderId: string;
  readonly kind: AwayKind;
  /** Below zero: given back. */
  readonly amountMinor: number;
  readonly state: 'asked' | 'approved' | 'declined' | 'reversing' | 'owed';
  readonly reason: DeclineReason | null;
  /** What the terminal answered; on money going back the payment that it is a part of. */
  readonly proof: CardProof | WalletProof | null;
  readonly atMs: number;
}

/** The tender that an approved payment is. */
export function tenderOf({ kind, amountMinor, proof }: PaymentRow): Tender {
  return kind === 'card'
    ? { kind, amountMinor, card: proof as CardProof }
    : { kind, amountMinor, wallet: proof as WalletProof };
}

export class PaymentRows {
  private readonly db: Sqlite;

  constructor(db: Sqlite) {
    this.db = db;
  }

  put(row: PaymentRow): PaymentRow {
    this.db
      .prepare(
        `insert or replace into payment
           (request_id, basket_id, tender_id, kind, amount_minor, state, reason, proof, at_ms)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        row.requestId,
        row.basketId,
        row.tenderId,
        row.kind,
        row.amountMinor,
        row.state,
        row.reason,
        row.proof === null ? null : JSON.stringify(row.proof),
        row.atMs,
      );
    return row;
  }

  /** All at once or none. */
  putAll(rows: readonly PaymentRow[]): void {
    this.db.transaction(() => {
      for (const row of rows) this.put(row);
    })();
  }

  all(): PaymentRow[] {
    return this.select('', []);
  }

  byTender(tenderId: string): PaymentRow | null {
    return this.select('where tender_id = ?', [tenderId])[0] ?? null;
  }

  drop(requestId: string): void {
    this.db.prepare('delete from payment where request_id = ?').run(requestId);
  }

  /** The basket is sold or gone: what its payments were is in the journal, or was never paid. */
  settle(basketId: string): void {
    this.db
      .prepare("delete from payment where basket_id = ? and state in ('approved', 'declined')")
      .run(basketId);
  }

  private select(where: string, params: readonly string[]): PaymentRow[] {
    const rows = this.db
      .prepare(
        `select request_id as "requestId", basket_id as "basketId", tender_id as "tenderId", kind,
           amount_minor as "amountMinor", state, reason, proof, at_ms as "atMs"
         from payment ${where} order by at_ms, request_id`,
      )
      .all(...params) as (Omit<PaymentRow, 'proof'> & { proof: string | null })[];
    return rows.map((row) => ({ ...row, proof: row.proof === null ? null : JSON.parse(row.proof) }));
  }
}
