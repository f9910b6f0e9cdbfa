/**
 * The members desk: finding a member, putting one on the basket, letting a new one join.
 */
import { consentGiven, consentIn, DEFAULT_CONSENT } from '../core/consent.ts';
import { isBirthDate } from '../core/loyalty.ts';
import { commitmentOf, personalRow } from '../core/personal.ts';
import { normalisePhone, type PhoneRegion, phoneRegion } from '../core/phone.ts';
import { provisionalCardNo } from '../core/provisional-card.ts';
import type { MemberCalls, TillView } from './api.ts';
import type { Counter } from './counter.ts';
import { initialsOf } from './initials.ts';
import { must, TillRefusal } from './refusal.ts';
import type { Till } from './till.ts';
import { memberHit } from './view-member.ts';

/** Two people may share a number; more than this many on one is no reason to look on. */
const SAME_PHONE_MAX = 20;

export function membersDesk(counter: Counter): MemberCalls {
  const { till } = counter;
  return {
    async searchMembers({ text, limit }) {
      return till.catalog.searchMembers(text, limit).map((member) => memberHit(till, member, counter.locale));
    },

    async setMember({ memberId }) {
      return putOn(counter, memberId);
    },

    async consentText() {
      return consentIn(counter.store().consent ?? DEFAULT_CONSENT, counter.locale);
    },

    async enrolMember(params) {
      const store = counter.outOfTraining();
      const { memberId } = params;
      if (till.projections.enrolledHere(memberId)) return putOn(counter, memberId);
      if (till.catalog.memberById(memberId) !== null) {
        throw new TillRefusal({ kind: 'bad_request', what: 'this memberId is somebody else' });
      }
      if (till.checkout.tenders.length > 0) throw new TillRefusal({ kind: 'paying' });
      const home = phoneRegion(store.timeZone);
      const phone = must(normalisePhone(params.phone, home));
      const known = memberWithPhone(till, phone, home);
      if (known !== null) throw new TillRefusal({ kind: 'phone_known', memberId: known });
      const { birthday } = params;
      if (birthday !== undefined && !isBirthDate(birthday)) {
        throw new TillRefusal({ kind: 'bad_request', what: 'birthday: no such day' });
      }
      const answers = { version: params.textVersion, given: params.consents };
      const consents = must(consentGiven(store.consent ?? DEFAULT_CONSENT, answers.version, answers.given));
      const name = params.name.replace(/[\p{C}\s]+/gu, ' ').trim();
      if (name === '') throw new TillRefusal({ kind: 'bad_request', what: 'name: empty' });
      const initials = await initialsOf(name);
      // Said twice at once, the other may have come first while the initials were made.
      if (till.projections.enrolledHere(memberId)) return putOn(counter, memberId);
      const person = { name, phone, ...(birthday === undefined ? {} : { birthday }) };
      const row = personalRow(till.session.newId(), person, till.config.chance.bytes(16));
      till.approvals.during(params.approvalId, 'enrol_member', () =>
        till.enrol(
          {
            memberId,
            cardNo: provisionalCardNo(till.identity.tillCode, till.projections.enrolledCount() + 1),
            storeId: store.id,
            personalId: row.personalId,
            commitment: commitmentOf(till.config.sha256, row),
            consents,
          },
          { ...row, initials },
          store,
        ),
      );
      return putOn(counter, memberId);
    },
  };
}

function putOn(counter: Counter, memberId: string | null): TillView {
  const { till } = counter;
  const member = memberId === null ? null : till.catalog.memberById(memberId);
  if (memberId !== null && member === null) throw new TillRefusal({ kind: 'unknown_member' });
  counter.begin();
  must(till.checkout.setMember(member));
  return counter.changed();
}

/** @param phone normalised @returns the id of who has it, in whatever form it is kept */
function memberWithPhone(till: Till, phone: string, home: PhoneRegion): string | null {
  const found = till.catalog.members.byPhoneEnd(phone, SAME_PHONE_MAX).find((member) => {
    const kept = normalisePhone(member.phone ?? '', home);
    return kept.ok ? kept.value === phone : member.phone === phone;
  });
  return found === undefined ? null : till.catalog.realId(found.id);
}
