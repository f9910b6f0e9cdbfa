/** What all benches share: a case's line, quantiles, a checksum of results, the machine. */
import { createHash } from 'node:crypto';
import { cpus, totalmem } from 'node:os';

export interface BenchCase {
  readonly bench: string;
  readonly case: string;
  readonly ours: number;
  /** The peer measured in the same run, or the limit. */
  readonly other: number;
  readonly otherName: string;
  readonly unit: string;
  readonly ratio: number;
  readonly better: 'higher' | 'lower';
}

export interface BenchResult {
  /** What went in, in words. */
  readonly input: string;
  /** Of what came out: the same input gives the same, whatever the machine. */
  readonly checksum: string;
  readonly cases: readonly BenchCase[];
  /** How something was found out that the numbers do not say. */
  readonly notes: readonly string[];
}

export interface BenchOptions {
  /** The input that runs with the tests. */
  readonly small: boolean;
  /** Members of the shop, where a bench has some; the canonical number without. */
  readonly members?: number;
  /** Tills, where a bench says so; the canonical number without. */
  readonly tills?: number;
  /** Sales of each till, where a bench says so; the canonical number without. */
  readonly sales?: number;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;

/** @param facts `ours` and `other` in the same unit */
export function aCase(facts: Omit<BenchCase, 'ratio'>): BenchCase {
  const round = (value: number) => Number(value.toPrecision(4));
  const ours = round(facts.ours);
  const other = round(facts.other);
  return { ...facts, ours, other, ratio: other === 0 ? 0 : round(ours / other) };
}

/** @param samples any order; left as it is @param q 0..1 */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

export function checksumOf(values: Iterable<string | number>): string {
  const hash = createHash('sha256');
  for (const value of values) hash.update(`${value}\n`);
  return hash.digest('hex').slice(0, 16);
}

export function machineWords(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model.trim() ?? 'cpu'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.version}`;
}
