/**
 * The store manager's page.
 */
import type { StoreCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { TillRefusal } from './refusal.ts';

export function storeDesk(counter: Counter): StoreCalls {
  return {
    async storePage({ approvalId }) {
      counter.till.approvals.must(approvalId, 'store_page');
      throw new TillRefusal({ kind: 'internal' });
    },
  };
}
