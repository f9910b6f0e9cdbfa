/**
 * What every bench prints: its input, its figures beside a limit or peer of the same run, a checksum and the machine.
 */
import { createHash } from 'node:crypto';
import { cpus, totalmem } from 'node:os';

export interface BenchCase {
  readonly bench: string;
  readonly case: string;
  readonly ours: number;
  readonly other: number;
  readonly otherName: string;
  readonly unit: string;
  /** ours / other */
  readonly ratio: number;
  readonly better: 'higher' | 'lower';
}

export interface BenchResult {
  /** What was run on, in words. */
  readonly input: string;
  /** Of the result, so that a faster run that did less is found out. */
  readonly checksum: string;
  readonly cases: readonly BenchCase[];
  readonly notes: readonly string[];
}

export interface BenchOptions {
  readonly small: boolean;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;

export function aCase(facts: Omit<BenchCase, 'ratio'>): BenchCase {
  return {
    ...facts,
    ours: round(facts.ours),
    other: round(facts.other),
    ratio: round(facts.ours / facts.other),
  };
}

/** @param sorted ascending @param part 0.5 for the median */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

export function checksumOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

export function printResult(name: string, result: BenchResult, durationMs: number, json: boolean): void {
  if (json) {
    for (const line of result.cases) process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  process.stdout.write(`\n${name}: ${result.input}\n`);
  for (const { case: what, ours, other, otherName, unit, ratio, better } of result.cases) {
    process.stdout.write(
      `  ${what}: ${ours} ${unit}; ${otherName} ${other} ${unit}; ratio ${ratio} (${better} is better)\n`,
    );
  }
  for (const note of result.notes) process.stdout.write(`  ${note}\n`);
  process.stdout.write(`  checksum ${result.checksum}, ${Math.round(durationMs / 100) / 10} s, ${machine}\n`);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
