/**
 * The store manager's desk.
 */
import type { StoreCalls } from './api.ts';
import type { Counter } from './counter.ts';

export function storeDesk(counter: Counter): StoreCalls {
  const { till } = counter;
  return {
    async storePage({ approvalId }) {
      return till.approvals.during(approvalId, 'store_page', () =>
        till.storePage(counter.store(), counter.locale),
      );
    },

    async startDrill({ minutes, approvalId }) {
      till.approvals.during(approvalId, 'store_page', () => till.readiness.start(minutes));
      return counter.changed();
    },

    async endDrill() {
      till.readiness.end();
      return counter.changed();
    },
  };
}
