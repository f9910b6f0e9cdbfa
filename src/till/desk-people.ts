/**
 * The people desk: signing on and off, approvals, training.
 */
import { isEmpty } from '../core/basket.ts';
import type { PeopleCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { must, TillRefusal } from './refusal.ts';

export function peopleDesk(counter: Counter): PeopleCalls {
  const { till } = counter;
  return {
    async staff() {
      return till.people.cards(counter.locale);
    },

    async signOn({ staffId, pin }) {
      const store = counter.store();
      const staff = must(await till.people.check(staffId, pin));
      till.signOn(staff.id, store);
      return counter.changed();
    },

    async signOff() {
      till.signOff('self', counter.store());
      return counter.changed();
    },

    async approve({ staffId, pin, permission, reason }) {
      const store = counter.store();
      const approver = must(await till.people.check(staffId, pin));
      if (!till.people.allowedTo(approver).includes(permission)) {
        throw new TillRefusal({ kind: 'needs_approval', permission });
      }
      const approvalId = till.session.newId();
      till.commit(
        { kind: 'approved', body: { approvalId, permission, approverId: approver.id, reason } },
        store,
      );
      till.approvals.grant(approvalId, permission);
      return { approvalId };
    },

    async setTraining({ on, approvalId }) {
      const store = counter.store();
      if (on === till.training) return counter.changed();
      if (!isEmpty(till.checkout.basket)) throw new TillRefusal({ kind: 'basket_not_empty' });
      till.approvals.must(approvalId, 'training');
      till.setTraining(on, store);
      counter.forgetLast();
      return counter.changed();
    },
  };
}
