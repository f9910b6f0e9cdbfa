/**
 * All mutants, by name.
 */
import type { Mutant } from './mutant.ts';
import { HQ_MUTANTS } from './mutants-hq.ts';
import { TILL_MUTANTS } from './mutants-till.ts';

export const MUTANTS: readonly Mutant[] = [...HQ_MUTANTS, ...TILL_MUTANTS];

export function mutantByName(name: string): Mutant | null {
  return MUTANTS.find((mutant) => mutant.name === name) ?? null;
}
