/**
 * The pay desk: tenders in and out, and the commit that follows the last of them.
 */
import type { PayCalls } from './api.ts';
import type { Counter } from './counter.ts';

export function payDesk(counter: Counter): PayCalls {
  return {
    async payCash(params) {
      return counter.flow.payCash(params);
    },

    async pay(params) {
      await counter.till.leases.cover(params.tender);
      return counter.flow.pay(params);
    },

    async payBack(params) {
      return counter.flow.payBack(params);
    },

    async cancelPending() {
      return counter.flow.cancel();
    },

    async clearTenders() {
      return counter.flow.clear();
    },
  };
}
