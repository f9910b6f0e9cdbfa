/**
 * The demo desk: what the virtual devices have and do.
 */
import type { DemoCalls } from './api.ts';
import type { Counter } from './counter.ts';

export function demoDesk(counter: Counter): DemoCalls {
  const { till } = counter;
  return {
    async demoShelf() {
      return counter.demo().shelf(till.catalog, counter.locale);
    },

    async demoScan({ code }) {
      await counter.demo().scan(code);
      return { sent: true };
    },

    async demoPaper({ limit }) {
      return counter.demo().paper(limit);
    },

    async demoTerminal({ mode }) {
      counter.demo().setTerminal(mode);
      return { mode };
    },

    async demoPeriphery() {
      return counter.demo().periphery();
    },

    async demoHands(hands) {
      await counter.demo().touch(hands);
      return counter.demo().periphery();
    },
  };
}
