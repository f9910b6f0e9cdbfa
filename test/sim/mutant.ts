/**
 * A mutant: a known bug, put in at the ports of the shipping code, never in it. Each must be caught.
 */

import type { HqHooks } from './hq.ts';
import type { FrameHooks } from './network.ts';
import type { SimTill, TillHooks } from './sim-till.ts';
import type { Simulation } from './simulation.ts';

export interface Mutant {
  readonly name: string;
  /** What is wrong, and where it was seen. */
  readonly what: string;
  readonly frames?: (sim: Simulation) => FrameHooks;
  readonly hq?: (sim: Simulation) => HqHooks;
  readonly till?: (sim: Simulation, code: () => SimTill) => TillHooks;
}
