/**
 * The people desk: signing on and off, approvals, training.
 */
import type { PeopleCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { TillRefusal } from './refusal.ts';

export function peopleDesk(_counter: Counter): PeopleCalls {
  return {
    async staff() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async signOn() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async signOff() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async approve() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async setTraining() {
      throw new TillRefusal({ kind: 'internal' });
    },
  };
}
