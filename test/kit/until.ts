/**
 * Waiting for what happens on its own: no test asserts how long something takes, it only gives up in the end.
 */

const GIVE_UP_MS = 25_000;

/** Resolves once the condition holds; rejects, naming `what`, when it never does. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  giveUpMs = GIVE_UP_MS,
): Promise<void> {
  const deadline = performance.now() + giveUpMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`this never happened: ${what}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
