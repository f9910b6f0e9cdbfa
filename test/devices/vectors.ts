/** Shared vectors, one JSON object a line. */
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
