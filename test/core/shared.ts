/** The reference data beside the repository: real codes and vectors. Tests that need it skip, and say so, without it. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const SHARED = new URL('../../../shared/data/', import.meta.url);

/** Whether ../shared/data/`path` is at hand. */
export function hasShared(path: string): boolean {
  return existsSync(new URL(path, SHARED));
}

/** Text of ../shared/data/`path`, unpacked when it is gzip. */
export function sharedText(path: string): string {
  const bytes = readFileSync(new URL(path, SHARED));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** A GS1 vector: `input`, whether it is valid, and what the source says of it. */
export interface Gs1Vector {
  readonly kind: string;
  readonly symbology?: string;
  readonly input: string;
  readonly valid: boolean;
  readonly error?: string;
  readonly markup?: string;
  readonly expect?: unknown;
  readonly note?: string;
  readonly rule?: string;
  readonly linter?: string;
  readonly stem?: string;
  readonly data?: string;
  readonly bracketed?: string | null;
  readonly unbracketed?: string;
  readonly hri?: readonly string[];
  readonly scan?: string;
  readonly dl?: string | null;
  readonly bars?: readonly number[];
  /** Two reference implementations answer differently: not to be judged by. */
  readonly peers_disagree?: boolean;
  readonly options?: Readonly<Record<string, boolean>>;
  readonly patterns?: readonly { readonly encoding: string; readonly pattern: string }[];
  readonly base_code?: string;
  readonly value?: number;
}

export function gs1Vectors(kind: string): Gs1Vector[] {
  return allGs1Vectors().filter((vector) => vector.kind === kind);
}

export function allGs1Vectors(): Gs1Vector[] {
  return sharedText('gs1/vectors.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Gs1Vector);
}
