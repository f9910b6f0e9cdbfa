/**
 * Reporter: the last line of a test run, `N passed, N failed`, and `, N skipped` when there are any.
 *
 * A file that does not load, a hook that fails and an error outside of any test each count as one failed test, so that
 * the line never says `0 failed` of a run that failed. It is written when the process exits: nothing comes after it. Before it
 * stands the table of shared vectors, when any were judged.
 */
import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { vectorTable } from './kit/vector-table.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export class CountReporter implements Reporter {
  private used = false;
  private counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  constructor() {
    process.once('exit', (code) => {
      // Another `--reporter` owns the output: its JSON or TAP must stay whole.
      const replaced = !this.used && process.argv.some((arg) => arg.startsWith('--reporter'));
      const silent = !this.used && code === 0;
      if (!replaced && !silent) writeLine(countLine(this.counts, code));
    });
  }

  onInit(): void {
    this.used = true;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.counts = countTests(modules, unhandledErrors.length);
    const rows = modules.flatMap((module) => module.meta().vectorRows ?? []);
    if (rows.length > 0) process.stdout.write(`\n${vectorTable(rows)}`);
  }
}

/** What the reporter asks of a file: Vitest's `TestModule` has it. */
export type CountedModule = Pick<TestModule, 'errors'> & {
  readonly children: Pick<TestModule['children'], 'allTests' | 'allSuites'>;
};

/** @param strayErrors errors outside of any test */
export function countTests(modules: Iterable<CountedModule>, strayErrors: number): Counts {
  const counts = { passed: 0, failed: strayErrors, skipped: 0 };
  for (const module of modules) {
    if (module.errors().length > 0) counts.failed += 1;
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) counts.failed += 1;
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // Pending at the end: the run was stopped or its worker died, and nobody knows.
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  return counts;
}

/** @param exitCode not 0 with no failed test: the run itself failed, which counts as one */
export function countLine(counts: Counts, exitCode: number): string {
  const failed = exitCode !== 0 && counts.failed === 0 ? 1 : counts.failed;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return `${counts.passed} passed, ${failed} failed${skipped}`;
}

/** Synchronous, since the process is at its end; a full pipe is waited for. */
function writeLine(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let written = 0, tries = 0; written < bytes.length && tries < 1_000; tries++) {
    try {
      written += writeSync(1, bytes, written);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
