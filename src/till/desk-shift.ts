/**
 * The shift desk: float, cash in and out, X, Z.
 */
import type { ShiftCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { must, TillRefusal } from './refusal.ts';

export function shiftDesk(counter: Counter): ShiftCalls {
  const { till } = counter;
  return {
    async openShift({ floatMinor }) {
      must(till.drawer.open(floatMinor, counter.store()));
      return counter.changed();
    },

    async moveCash(params) {
      must(till.drawer.move(params, counter.store()));
      return counter.changed();
    },

    async openDrawer({ reason }) {
      till.drawer.noSale(reason, counter.store());
      return counter.changed();
    },

    async readShift() {
      return must(till.drawer.read());
    },

    async closeShift(params) {
      const report = must(till.drawer.close(params.shiftId, params.counted, counter.store()));
      counter.changed();
      return report;
    },

    async zReports({ limit }) {
      return till.drawer.zReports(limit);
    },

    async reprintZ() {
      throw new TillRefusal({ kind: 'internal' });
    },
  };
}
