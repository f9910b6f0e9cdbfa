/**
 * Runs of the import: begun by a request, at work in the background, seen by whoever asks. The file itself is never stored.
 *
 * A run that HQ did not live to finish is told as `stopped`: what it wrote stands, and the same file again does the rest.
 */
import type { Db, Queryable } from '../db/db.ts';
import { type ImportFacts, type ImportReport, importMembers } from './import-members.ts';
import type { RowFault } from './member-row.ts';
import type { Table } from './table.ts';

export interface ImportRun extends ImportReport {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly dryRun: boolean;
  readonly fileName: string;
  /** In the file. */
  readonly total: number;
  readonly by: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

/** A piece of a thousand rows takes a second or two. */
const SILENT_MS_MAX = 120_000;

const COLUMNS = `run_id as id, state, is_dry_run as "dryRun", file_name as "fileName", total, rows_done as rows, added, changed,
  unchanged, refused, faults, started_by as by, started_at as "startedAtMs", ended_at as "endedAtMs", alive_at as "aliveAtMs"`;

export async function importRun(db: Queryable, id: string, nowMs: number): Promise<ImportRun | null> {
  const [row] = await db.query<ImportRun & { aliveAtMs: number }>(
    `select ${COLUMNS} from import_run where run_id = $1`,
    [id],
  );
  return row === undefined ? null : shown(row, nowMs);
}

/** The newest first, without their faults. */
export async function importRuns(db: Queryable, nowMs: number): Promise<ImportRun[]> {
  const rows = await db.query<ImportRun & { aliveAtMs: number }>(
    `select ${COLUMNS.replace('faults,', `'[]'::jsonb as faults,`)} from import_run order by started_at desc, run_id desc`,
  );
  return rows.map((row) => shown(row, nowMs));
}

function shown({ aliveAtMs, ...run }: ImportRun & { aliveAtMs: number }, nowMs: number): ImportRun {
  return run.state === 'running' && nowMs - aliveAtMs > SILENT_MS_MAX ? { ...run, state: 'stopped' } : run;
}

/**
 * Begins a run. The answer is there at once; `done` resolves when the run has ended, well or not.
 *
 * @param nowMs read again after each piece
 */
export async function startImport(
  db: Db,
  id: string,
  table: Table,
  facts: Omit<ImportFacts, 'onPiece' | 'nowMs'> & {
    readonly fileName: string;
    readonly nowMs: () => number;
    readonly log: (text: string) => void;
  },
): Promise<{ readonly done: Promise<void> }> {
  const { fileName, nowMs, log, ...rest } = facts;
  await db.query(
    `insert into import_run (run_id, state, is_dry_run, file_name, total, started_by, started_at, alive_at)
     values ($1, 'running', $2, $3, $4, $5, to_timestamp($6::float8 / 1000), to_timestamp($6::float8 / 1000))`,
    [id, facts.dryRun, fileName, table.rows.length, facts.by, nowMs()],
  );
  const note = (report: ImportReport | null, state: ImportRun['state']) =>
    noteRun(db, id, report, state, nowMs());
  const done = importMembers(db, table, {
    ...rest,
    nowMs: nowMs(),
    onPiece: (report) => note(report, 'running'),
  })
    .then((report) => note(report, 'done'))
    .catch(async (cause: Error) => {
      // Its words may hold a row of the file.
      log(`import ${id} failed: ${cause.name} ${(cause as { code?: string }).code ?? ''}`.trim());
      await note(null, 'failed').catch(() => {});
    });
  return { done };
}

async function noteRun(
  db: Queryable,
  id: string,
  report: ImportReport | null,
  state: ImportRun['state'],
  nowMs: number,
): Promise<void> {
  const faults: readonly RowFault[] | null = report === null ? null : report.faults;
  await db.query(
    `update import_run set state = $2, alive_at = to_timestamp($3::float8 / 1000),
       ended_at = case when $2 = 'running' then null else to_timestamp($3::float8 / 1000) end,
       rows_done = coalesce($4::bigint, rows_done), added = coalesce($5::bigint, added), changed = coalesce($6::bigint, changed),
       unchanged = coalesce($7::bigint, unchanged), refused = coalesce($8::bigint, refused), faults = coalesce($9::jsonb, faults)
     where run_id = $1`,
    [
      id,
      state,
      nowMs,
      report?.rows ?? null,
      report?.added ?? null,
      report?.changed ?? null,
      report?.unchanged ?? null,
      report?.refused ?? null,
      faults === null ? null : JSON.stringify(faults),
    ],
  );
}
