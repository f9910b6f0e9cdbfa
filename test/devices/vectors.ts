/** Shared vectors, one JSON object a line, and the table of what passed. */
import { existsSync, readFileSync } from 'node:fs';

const DATA = new URL('../../../shared/data/', import.meta.url);

/** Lines of a file under ../shared/data; empty when it is not there. */
export function vectorLines<T>(file: string): T[] {
  const url = new URL(file, DATA);
  if (!existsSync(url)) return [];
  return readFileSync(url, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

export function vectorFile<T>(file: string): T | null {
  const url = new URL(file, DATA);
  return existsSync(url) ? (JSON.parse(readFileSync(url, 'utf8')) as T) : null;
}

/** Counts passes by kind, and prints them as a table at the end. */
export class Passes {
  private readonly counts = new Map<string, { passed: number; of: number }>();

  add(kind: string, passed: boolean): void {
    const count = this.counts.get(kind) ?? { passed: 0, of: 0 };
    this.counts.set(kind, { passed: count.passed + (passed ? 1 : 0), of: count.of + 1 });
  }

  print(title: string): void {
    const lines = [...this.counts].map(([kind, { passed, of }]) => `  ${kind.padEnd(34)}${passed} of ${of}`);
    process.stdout.write(`${title}\n${lines.join('\n')}\n`);
  }
}
