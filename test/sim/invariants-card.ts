/**
 * Card payments at rest: lost 0, taken twice 0. What the bank has on its books is what the sales say, payment by payment.
 */

import path from 'node:path';
import { sumMinor } from '../../src/core/money.ts';
import type { Sale } from '../../src/core/sale.ts';
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

/** @param sales of all tills, those of disks that are gone as well */
export function checkCards({ tills, retired, places, trace }: Simulation, sales: readonly Sale[]): void {
  const machines = [...tills, ...retired];
  const rows = machines.flatMap((machine) =>
    machine.terminal.bank.rows().map((row) => ({ ...row, place: machine.place })),
  );
  const tenders = sales.flatMap((sale) =>
    sale.tenders.flatMap((tender) => (tender.kind === 'card' ? [{ ...tender, sale }] : [])),
  );
  const paid = tenders.filter(({ amountMinor }) => amountMinor > 0);
  const taken = rows.filter(({ amountMinor }) => amountMinor > 0);
  const rowOf = new Map(taken.map((row) => [row.proof?.token ?? '', row]));
  for (const [token, some] of Map.groupBy(paid, ({ card }) => card.token)) {
    const [{ sale, amountMinor }] = some as [(typeof some)[number]];
    trace.check('a card payment is of one sale', some.length === 1, () => `${token} in ${some.length}`);
    const row = rowOf.get(token);
    const same = row?.state === 'approved' && row.amountMinor === amountMinor;
    trace.check('what a sale says of a card the bank has taken', same, () => {
      return `${sale.receiptNo} ${amountMinor}: ${JSON.stringify({ ...row, place: null })}`;
    });
    const back = sumMinor(
      tenders
        .filter((tender) => tender.amountMinor < 0 && tender.card.token === token)
        .map((t) => t.amountMinor),
    );
    const isBlurred = places.some(({ wentBack }) => wentBack);
    trace.check('no more goes back to a card than came', isBlurred || -back <= amountMinor, () => token);
  }
  const open = new Set(retired.flatMap(openAt).map(({ requestId }) => requestId));
  const tokens = new Set(paid.map(({ card }) => card.token));
  for (const { requestId, state, amountMinor, proof, place } of rows) {
    if (state !== 'approved' || amountMinor < 0 || place.wentBack || open.has(requestId)) continue;
    trace.check('what the bank has taken is sold', tokens.has(proof!.token), () => {
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
      'what goes back to cards is what sales say',
      bank === said,
      () => `${place.code}: ${bank}, ${said}`,
    );
  }
}
