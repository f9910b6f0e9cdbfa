/**
 * Which application identifiers go together: what must be there, what must not, what may not come twice.
 *
 * Pure. The rules are those of the table, and hold over all that one article carries. Source: GS1 General Specifications 4.13,
 * 4.14.
 */
import type { PlacedElement } from './gs1.ts';
import type { Gs1Fault } from './gs1-fault.ts';
import { aiEntry, fitsAi } from './gs1-table.ts';

/** @returns the first fault, told of the element whose rule is broken; null: all go together */
export function pairingFault(elements: readonly PlacedElement[]): Gs1Fault | null {
  return (
    repeatedFault(elements) ?? excludedFault(elements) ?? requiredFault(elements) ?? signatureFault(elements)
  );
}

/** The same twice is one; two values of one identifier are a contradiction. */
function repeatedFault(elements: readonly PlacedElement[]): Gs1Fault | null {
  for (let i = 1; i < elements.length; i++) {
    const { ai, value } = elements[i]!;
    for (let earlier = 0; earlier < i; earlier++) {
      const other = elements[earlier]!;
      if (other.ai === ai && other.value !== value)
        return faultOf('ai_repeated_with_other_value', elements[i]!);
    }
  }
  return null;
}

function excludedFault(elements: readonly PlacedElement[]): Gs1Fault | null {
  for (const element of elements) {
    for (const pattern of aiEntry(element.ai)?.excludes ?? []) {
      // No identifier shuts out itself, though it may fit its own pattern: 310n beside 3102.
      const isThere = elements.some(({ ai }) => ai !== element.ai && fitsAi(pattern, ai));
      if (isThere) return faultOf('ai_excluded', element);
    }
  }
  return null;
}

function requiredFault(elements: readonly PlacedElement[]): Gs1Fault | null {
  for (const element of elements) {
    for (const alternatives of aiEntry(element.ai)?.requires ?? []) {
      const isMet = alternatives.some((all) =>
        all.every((pattern) => elements.some(({ ai }) => fitsAi(pattern, ai))),
      );
      if (!isMet) return faultOf('ai_required', element);
    }
  }
  return null;
}

/** Keys with an optional serial number, and their length without it. */
const BARE_KEYS: readonly (readonly [string, number])[] = [
  ['253', 13],
  ['255', 13],
  ['8003', 14],
];

/** A digital signature (8030) is of one thing, so its key carries a serial number. */
function signatureFault(elements: readonly PlacedElement[]): Gs1Fault | null {
  if (!elements.some(({ ai }) => ai === '8030')) return null;
  const bare = elements.find((element) =>
    BARE_KEYS.some(([ai, length]) => element.ai === ai && element.value.length === length),
  );
  return bare === undefined ? null : faultOf('signature_without_serialised_key', bare);
}

function faultOf(what: Gs1Fault['what'], { ai, at }: PlacedElement): Gs1Fault {
  return { what, at, length: ai.length, ai };
}
