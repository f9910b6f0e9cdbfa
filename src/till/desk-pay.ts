/**
 * The pay desk: tenders in and out, and the commit that follows the last of them.
 */
import type { PayCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { TillRefusal } from './refusal.ts';

export function payDesk(counter: Counter): PayCalls {
  return {
    async payCash(params) {
      return counter.flow.payCash(params);
    },

    async pay(params) {
      await counter.till.leases.cover(params.tender);
      try {
        return counter.flow.pay(params);
      } catch (cause) {
        if (cause instanceof TillRefusal && cause.error.kind === 'no_right')
          counter.till.readiness.refusedRight();
        throw cause;
      }
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
