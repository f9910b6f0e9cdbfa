/**
 * The members desk: finding a member, putting one on the basket, letting a new one join.
 */
import type { MemberCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { must, TillRefusal } from './refusal.ts';
import { memberHit } from './view.ts';

export function membersDesk(counter: Counter): MemberCalls {
  const { till } = counter;
  return {
    async searchMembers({ text, limit }) {
      return till.catalog.searchMembers(text, limit).map((member) => memberHit(till, member, counter.locale));
    },

    async setMember({ memberId }) {
      const member = memberId === null ? null : till.catalog.memberById(memberId);
      if (memberId !== null && member === null) throw new TillRefusal({ kind: 'unknown_member' });
      counter.begin();
      must(till.checkout.setMember(member));
      return counter.changed();
    },

    async consentText() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async enrolMember() {
      throw new TillRefusal({ kind: 'internal' });
    },
  };
}
