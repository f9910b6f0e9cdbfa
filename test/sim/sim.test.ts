/**
 * The simulator itself: a few seeds are clean, the same seed is the same run, and each mutant is caught.
 *
 * `npm run sim -- --seeds 1000` is the long run; here each mutant gets the seed that is known to catch it, then a few others.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { Bench } from './run.ts';
import { Actor, Scheduler } from './scheduler.ts';

const { kept, mutants } = JSON.parse(readFileSync(new URL('./seeds.json', import.meta.url), 'utf8')) as {
  kept: number[];
  mutants: Record<string, number>;
};
/** Seeds that a mutant gets when its own no longer catches it: seeds move when the product does. */
const OTHERS = [1, 2, 3];

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

describe('the shipping code under faults', () => {
  test('a seed that failed once holds now, and so does another', { timeout: 120_000 }, async () => {
    for (const seed of [...kept.slice(-1), 4]) {
      const { failure, what } = await bench.seed(seed);
      expect(failure, `seed ${seed}: ${what}`).toBeNull();
    }
  });

  test('the same seed is the same run: one event log, one count of events', {
    timeout: 120_000,
  }, async () => {
    const [first, second] = [await bench.seed(7), await bench.seed(7)];
    expect(second.trace.digest()).toBe(first.trace.digest());
    expect(second.events).toBe(first.events);
    expect(first.trace.checks['no sale is lost']).toBeGreaterThan(10);
  });
});

describe('a known bug is caught', () => {
  test('there are 24 or more, each under its own name', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(24);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  test.each(MUTANTS)('$name: $what', { timeout: 120_000 }, async (mutant) => {
    const own = mutants[mutant.name];
    for (const seed of [...(own === undefined ? [] : [own]), ...OTHERS]) {
      if ((await bench.seed(seed, { mutant })).failure !== null) return;
    }
    expect.unreachable(`${mutant.name} was not caught`);
  });
});

describe('virtual time', () => {
  test('a timer set inside an event fires in virtual time, one of a dead actor never', async () => {
    const time = new Scheduler();
    const [a, b] = [new Actor('a'), new Actor('b')];
    const heard: string[] = [];
    const uninstall = time.install();
    try {
      time.after(10, a, () => setTimeout(() => heard.push(`a at ${time.nowMs}`), 3_600_000));
      time.after(10, b, () => setInterval(() => heard.push(`b at ${time.nowMs}`), 1_000));
      time.after(2_500, a, () => {
        b.alive = false;
      });
      await time.run(4_000_000);
    } finally {
      uninstall();
    }
    expect(heard).toEqual(['b at 1010', 'b at 2010', 'a at 3600010']);
  });
});
