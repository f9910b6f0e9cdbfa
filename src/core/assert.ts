/** Assertions: what must hold if our own code is right. A failure is a bug, never bad input. */

export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** Stops when a condition that our code guarantees does not hold. `what` says what held until now. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new AssertionError(what);
}
