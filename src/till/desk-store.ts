/**
 * The store manager's page.
 */
import type { StoreCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { TillRefusal } from './refusal.ts';

export function storeDesk(_counter: Counter): StoreCalls {
  return {
    async storePage() {
      throw new TillRefusal({ kind: 'internal' });
    },
  };
}
