/**
 * Vector table: passes of the shared vectors by kind, as text.
 *
 * Apart from the tally, since the reporter runs where no tests do.
 */
export type VectorSet = 'gs1' | 'escpos' | 'devices';

export interface VectorRow {
  readonly set: VectorSet;
  readonly kind: string;
  readonly vectors: number;
  readonly passed: number;
  readonly outOfScope: number;
  /** Why some are out of scope; empty: none are. */
  readonly why: readonly string[];
}

declare module 'vitest' {
  interface TaskMeta {
    vectorRows?: VectorRow[];
  }
}

/** The table, its sums, and a line for each reason why something is out of scope. */
export function vectorTable(rows: readonly VectorRow[]): string {
  const sorted = rows.toSorted((a, b) => a.set.localeCompare(b.set) || a.kind.localeCompare(b.kind));
  const sum = (pick: (row: VectorRow) => number) => sorted.reduce((total, row) => total + pick(row), 0);
  const cells = [
    ['set', 'kind', 'vectors', 'passed', 'failed', 'out of scope'],
    ...sorted.map((row) => cellsOf(row.set, row.kind, row)),
    cellsOf('all', '', {
      vectors: sum(({ vectors }) => vectors),
      passed: sum(({ passed }) => passed),
      outOfScope: sum(({ outOfScope }) => outOfScope),
    }),
  ];
  const widths = cells[0]!.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  const lines = cells.map((row) =>
    row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
  );
  const reasons = sorted.flatMap(({ set, kind, why }) =>
    why.map((reason) => `  out of scope in ${set} ${kind}: ${reason}`),
  );
  return ['shared vectors, passes by kind', ...lines, ...reasons, ''].join('\n');
}

function cellsOf(
  set: string,
  kind: string,
  { vectors, passed, outOfScope }: Pick<VectorRow, 'vectors' | 'passed' | 'outOfScope'>,
): string[] {
  return [set, kind, ...[vectors, passed, vectors - passed - outOfScope, outOfScope].map(String)];
}
