/**
 * Payments by card and by wallet at rest: lost 0, taken twice 0. What the bank has on its books is what the sales say, payment by payment.
 */

import path from 'node:path';
import { sumMinor } from '../../src/core/money.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Tender } from '../../src/core/tender.ts';
import { openTillDb } from '../../src/till/db.ts';
import type { PaymentRow } from '../../src/till/payment-rows.ts';
import { PaymentRows } from '../../src/till/payment-rows.ts';
import { KEY, type SimTill } from './sim-till.ts';
import type { Simulation } from './simulation.ts';

/** A payment that somebody has to see to: at a machine that was taken away in the middle of it. */
function openAt(till: SimTill): PaymentRow[] {
  const db = openTillDb(path.join(till.disk.folder, 'shop.db'), 'shop', KEY);
  const rows = new PaymentRows(db).all();
  db.close();
  return rows;
}

type Paid = Extract<Tender, { readonly kind: 'card' | 'wallet' }>;
type Kind = Paid['kind'];

/** What the other side gave for a payment, and knows it by. */
function tokenOf(tender: Paid): string {
  return tender.kind === 'card' ? tender.card.token : tender.wallet.ref;
}

/** @param sales of all tills, those of disks that are gone as well */
export function checkPayments(sim: Simulation, sales: readonly Sale[]): void {
  for (const kind of ['card', 'wallet'] as const) checkKind(sim, sales, kind);
}

function checkKind({ tills, retired, places, trace }: Simulation, sales: readonly Sale[], kind: Kind): void {
  const machines = [...tills, ...retired];
  const rows = machines.flatMap((machine) =>
    machine.terminal.rows(kind).map((row) => ({ ...row, place: machine.place })),
  );
  const tenders = sales.flatMap((sale) =>
    sale.tenders.flatMap((tender) =>
      tender.kind === kind ? [{ ...tender, token: tokenOf(tender), sale }] : [],
    ),
  );
  const paid = tenders.filter(({ amountMinor }) => amountMinor > 0);
  const taken = rows.filter(({ amountMinor }) => amountMinor > 0);
  const rowOf = new Map(taken.map((row) => [row.token ?? '', row]));
  for (const [token, some] of Map.groupBy(paid, (tender) => tender.token)) {
    const [{ sale, amountMinor }] = some as [(typeof some)[number]];
    trace.check(`a ${kind} payment is of one sale`, some.length === 1, () => `${token} in ${some.length}`);
    const row = rowOf.get(token);
    const same = row?.state === 'approved' && row.amountMinor === amountMinor;
    trace.check(`what a sale says of a ${kind} the bank has taken`, same, () => {
      return `${sale.receiptNo} ${amountMinor}: ${JSON.stringify({ ...row, place: null })}`;
    });
    const back = sumMinor(
      tenders
        .filter((tender) => tender.amountMinor < 0 && tender.token === token)
        .map((tender) => tender.amountMinor),
    );
    const isBlurred = places.some(({ wentBack }) => wentBack);
    trace.check(`no more goes back to a ${kind} than came`, isBlurred || -back <= amountMinor, () => token);
  }
  const open = new Set(retired.flatMap(openAt).map(({ requestId }) => requestId));
  const tokens = new Set(paid.map(({ token }) => token));
  for (const { requestId, state, amountMinor, token, place } of rows) {
    if (state !== 'approved' || amountMinor < 0 || place.wentBack || open.has(requestId)) continue;
    trace.check(`what the bank has taken of a ${kind} is sold`, tokens.has(token!), () => {
      return `${place.code}: ${requestId} ${amountMinor}`;
    });
  }
  for (const place of places) {
    if (place.wentBack || open.size > 0) continue;
    const ours = rows.filter((row) => row.place === place && row.state === 'approved' && row.amountMinor < 0);
    const codes = tenders.filter(
      ({ amountMinor, sale }) => amountMinor < 0 && sale.receiptNo.startsWith(`${place.code}-`),
    );
    const [bank, said] = [ours, codes].map((some) => sumMinor(some.map(({ amountMinor }) => amountMinor)));
    trace.check(
      `what goes back to a ${kind} is what sales say`,
      bank === said,
      () => `${place.code}: ${bank}, ${said}`,
    );
  }
}
