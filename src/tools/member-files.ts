/**
 * `npx counterfoil import FILE` and `export FILE`: members from and to CSV and Excel, by HQ's public API.
 */
import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudApiError } from './cloud-client.ts';
import { progressOf } from './progress.ts';

export interface Hq {
  readonly url: string;
  readonly token: string;
}

export interface ImportAsked {
  readonly file: string;
  readonly dryRun: boolean;
  readonly encoding?: string | undefined;
  readonly sheet?: string | undefined;
  /** `COLUMN=TARGET`; an empty target leaves the column out. */
  readonly map: readonly string[];
  readonly quiet: boolean;
}

export interface ImportedReport {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly dryRun: boolean;
  readonly total: number;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly faults: readonly {
    readonly row: number;
    readonly column: string | null;
    readonly kind: string;
    readonly message: string;
  }[];
}

const POLL_MS = 250;

/** Sends the file and waits for the end of the run. @throws CloudApiError with HQ's words when it cannot be read at all */
export async function importMembers(hq: Hq, asked: ImportAsked): Promise<ImportedReport> {
  const query = new URLSearchParams({ dryRun: String(asked.dryRun), fileName: path.basename(asked.file) });
  if (asked.encoding !== undefined) query.set('encoding', asked.encoding);
  if (asked.sheet !== undefined) query.set('sheet', asked.sheet);
  if (asked.map.length > 0) query.set('mapping', JSON.stringify(mappingOf(asked.map)));
  let run = await call<ImportedReport>(hq, `imports?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: readFileSync(asked.file),
  });
  const progress = asked.quiet ? null : progressOf(asked.dryRun ? 'checked' : 'imported', run.total);
  while (run.state === 'running') {
    await wait(POLL_MS);
    run = await call<ImportedReport>(hq, `imports/${run.id}`, {});
    progress?.update(run.rows);
  }
  progress?.end();
  return run;
}

/** @throws RangeError for a word that is no `COLUMN=TARGET` */
function mappingOf(words: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.lastIndexOf('=');
      if (at < 1) throw new RangeError(`--map ${word}: expected COLUMN=TARGET, such as 鞋码=field:shoe`);
      return [word.slice(0, at).trim(), word.slice(at + 1).trim() || null];
    }),
  );
}

export function importWords(run: ImportedReport): string {
  const { state, dryRun, rows, added, changed, unchanged, refused, faults } = run;
  const lines = faults
    .slice(0, 20)
    .map(({ row, column, message }) => `  row ${row}${column === null ? '' : `, ${column}`}: ${message}`);
  if (faults.length > lines.length) lines.push(`  … and ${faults.length - lines.length} more (--json)`);
  const counts = `${rows} rows: ${added} new, ${changed} changed, ${unchanged} unchanged, ${refused} refused`;
  if (state !== 'done') return [`${state}: ${counts}; send the same file again`, ...lines].join('\n');
  return [dryRun ? `dry run, nothing was written: ${counts}; --apply does it` : counts, ...lines].join('\n');
}

/** @returns how many bytes were written */
export async function exportMembers(
  hq: Hq,
  asked: { readonly file: string; readonly segmentId?: string | undefined },
): Promise<number> {
  const query = new URLSearchParams({ format: asked.file.toLowerCase().endsWith('.xlsx') ? 'xlsx' : 'csv' });
  if (asked.segmentId !== undefined) query.set('segmentId', asked.segmentId);
  const response = await answered(hq, `members/export?${query}`, {});
  const out = createWriteStream(asked.file, { mode: 0o600 });
  await pipeline(Readable.fromWeb(response.body as ReadableStream), out);
  return out.bytesWritten;
}

async function call<T>(hq: Hq, at: string, request: RequestInit): Promise<T> {
  return (await (await answered(hq, at, request)).json()) as T;
}

async function answered({ url, token }: Hq, at: string, request: RequestInit): Promise<Response> {
  const response = await fetch(new URL(`/api/v1/${at}`, url), {
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${token}` },
  });
  if (response.ok) return response;
  const { kind, detail } = (await response.json()) as { kind?: string; detail?: string };
  throw new CloudApiError(response.status, kind ?? 'unknown', detail ?? 'HQ refused');
}
