/**
 * The shift desk: float, cash in and out, X, Z.
 */
import type { ShiftCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { must } from './refusal.ts';

export function shiftDesk(counter: Counter): ShiftCalls {
  const { till } = counter;
  return {
    async openShift({ floatMinor, id, approvalId }) {
      const store = counter.outOfTraining();
      till.approvals.during(approvalId, 'shift', () => must(till.drawer.open(floatMinor, store, id)));
      return counter.changed();
    },

    async moveCash({ approvalId, ...moved }) {
      const store = counter.outOfTraining();
      till.approvals.during(approvalId, 'cash_move', () => must(till.drawer.move(moved, store)));
      return counter.changed();
    },

    async openDrawer({ reason, approvalId }) {
      const store = counter.outOfTraining();
      till.approvals.during(approvalId, 'no_sale', () => till.drawer.noSale(reason, store));
      return counter.changed();
    },

    async readShift() {
      return must(till.drawer.read());
    },

    /** Whoever may close shifts closes this one: it need not be who opened it. */
    async closeShift({ shiftId, counted, approvalId }) {
      const store = counter.outOfTraining();
      const close = () => must(till.drawer.close(shiftId, counted, store));
      const report = till.approvals.during(approvalId, 'shift', close);
      counter.changed();
      return report;
    },

    async zReports({ limit }) {
      return till.drawer.zReports(limit);
    },

    async reprintZ({ shiftId }) {
      must(till.drawer.reprint(shiftId));
      return counter.changed();
    },
  };
}
