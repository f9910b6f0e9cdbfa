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
  };
}
