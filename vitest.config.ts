/**
 * Tests: all of test/, in plain Node, three files at a time: half of the time is waiting for lines, disks and pages. The run ends
 * with `N passed, N failed`.
 *
 * Two projects. `pure` is of code that keeps nothing between calls: its files share a process and what it has loaded, which
 * halves their time. Of the others each has a process of its own.
 */
import { defineConfig } from 'vitest/config';
import { CountReporter } from './test/reporter.ts';
import { SlowFirst } from './test/slow-first.ts';

const PURE = ['core', 'protocol', 'devices', 'ui', 'hq-web', 'client'].map(
  (room) => `test/${room}/**/*.test.{ts,tsx}`,
);

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['./test/setup.ts'],
    // Nothing is left out silently: what cannot run here says so with `skip` and a reason.
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, exclude: [], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.{ts,tsx}'], exclude: PURE } },
    ],
    // Processes, not threads: SQLite, serial ports and PGlite keep their native state to themselves.
    pool: 'forks',
    maxWorkers: 3,
    // PGlite is ten megabytes of WebAssembly: the quick compiler takes 0.8 s of a processor for it, the thorough one 1.9 s, and no
    // test asks it enough to win that back.
    execArgv: ['--liftoff-only'],
    sequence: { sequencer: SlowFirst },
    testTimeout: 30_000,
    // Real processes, PTYs and sockets on a busy machine: CI asks a second time before it says no. At a desk a test that
    // fails now and then shows at once.
    retry: process.env.CI ? 1 : 0,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    reporters: ['default', new CountReporter()],
  },
});
