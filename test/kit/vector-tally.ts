/**
 * Vector tally: how many of the shared vectors pass, kind by kind, and which are out of scope and why.
 *
 * A test file counts, and tells at its end; the reporter puts what all files told into one table (`npm run vectors`, and the
 * end of `npm test`). Counting asserts nothing: the tests do.
 */
import { afterAll } from 'vitest';
import type { VectorRow, VectorSet } from './vector-table.ts';

export class VectorTally {
  private readonly set: VectorSet;
  private readonly rows = new Map<string, VectorRow>();

  /** Once a file, at its top level: what was counted is told when the file is through. */
  constructor(set: VectorSet) {
    this.set = set;
    // biome-ignore lint/correctness/noEmptyPattern: Vitest asks for a pattern here, and no fixture is wanted.
    afterAll(({}, suite) => {
      suite.meta.vectorRows = [...(suite.meta.vectorRows ?? []), ...this.rows.values()];
    });
  }

  add(kind: string, passed: boolean): void {
    const row = this.row(kind);
    this.rows.set(kind, { ...row, vectors: row.vectors + 1, passed: row.passed + (passed ? 1 : 0) });
  }

  leaveOut(kind: string, why: string): void {
    const row = this.row(kind);
    const reasons = row.why.includes(why) ? row.why : [...row.why, why];
    this.rows.set(kind, {
      ...row,
      vectors: row.vectors + 1,
      outOfScope: row.outOfScope + 1,
      why: reasons,
    });
  }

  /** Runs the asserts of one vector and counts whether they held. */
  check(kind: string, work: () => void): void {
    let passed = false;
    try {
      work();
      passed = true;
    } finally {
      this.add(kind, passed);
    }
  }

  private row(kind: string): VectorRow {
    return this.rows.get(kind) ?? { set: this.set, kind, vectors: 0, passed: 0, outOfScope: 0, why: [] };
  }
}
