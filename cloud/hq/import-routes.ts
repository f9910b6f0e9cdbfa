/**
 * Routes of import and export of members. A file comes as the raw body: CSV or Excel, found out by its first bytes.
 */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { uuidV7 } from '../../src/core/id.ts';
import { listFields } from '../facts/fields.ts';
import { ENCODINGS } from '../imports/encoding.ts';
import { exportMembers } from '../imports/export-members.ts';
import { type MappingError, PROFILE_TARGETS, readMapping, suggestMapping } from '../imports/mapping.ts';
import { importRun, importRuns, startImport } from '../imports/runs.ts';
import { readTable, type Table, type TableError } from '../imports/table.ts';
import { csvOf, xlsxOf } from '../imports/table-write.ts';
import { segmentAudience, segmentById } from '../segments/segments.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { ruleProblem, todayOf } from './asked.ts';
import { callerName } from './fact-asked.ts';
import { ListQuery, pageOf } from './pages.ts';
import { nextCursor } from './schemas.ts';

const FILE_BYTES_MAX = 64 * 1024 * 1024;
const FILE_TYPES = [
  'text/csv',
  'application/octet-stream',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
];
const SAMPLE_ROWS = 5;

const FileQuery = z.object({
  encoding: z.enum(ENCODINGS).optional().describe('of a CSV file; found out without'),
  sheet: z.string().max(200).optional().describe('of a workbook; the first without'),
});
const ImportQuery = FileQuery.extend({
  dryRun: z.stringbool().default(true).describe('true: tells what would be done, and does nothing'),
  fileName: z.string().max(200).default(''),
  mapping: z
    .string()
    .max(50_000)
    .optional()
    .describe(
      'JSON: column to target or null, on top of what the headers say: {"鞋码": "field:shoe", "短信": "consent:marketing:sms"}. ' +
        'A consent is `yes 2026-03-01 v2`: word, day, version of the text; day and text may stand in columns consentAt and consentText',
    ),
});
const Preview = z
  .object({
    format: z.enum(['csv', 'xlsx']),
    encoding: z.enum(ENCODINGS).nullable(),
    delimiter: z.string().nullable(),
    sheet: z.string().nullable(),
    sheets: z.array(z.string()),
    rows: z.int(),
    columns: z.array(
      z.object({ header: z.string(), target: z.string().nullable(), sample: z.array(z.string()) }),
    ),
    targets: z.array(z.string()).describe('what a column may mean'),
  })
  .meta({ id: 'ImportPreview' });
const Run = z
  .object({
    id: z.string(),
    state: z
      .enum(['running', 'done', 'failed', 'stopped'])
      .describe('stopped: send the file again, it does the rest'),
    dryRun: z.boolean(),
    fileName: z.string(),
    total: z.int(),
    rows: z.int().describe('looked at so far'),
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    faults: z
      .array(z.object({ row: z.int(), column: z.string().nullable(), kind: z.string(), message: z.string() }))
      .describe('the first thousand: row and column as a person counts, and what was expected there'),
    by: z.string(),
    startedAtMs: z.int(),
    endedAtMs: z.int().nullable(),
  })
  .meta({ id: 'ImportRun' });
const RunParams = z.object({ runId: z.string().max(64) });
const ExportQuery = z.object({
  format: z.enum(['csv', 'xlsx']).default('csv'),
  segmentId: z.string().max(64).optional().describe('its members alone'),
});

type Parts = ApiParts & { readonly log: (text: string) => void };

export function registerImports(app: App, parts: Parts): void {
  app.addContentTypeParser(
    FILE_TYPES,
    { parseAs: 'buffer', bodyLimit: FILE_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );
  registerImport(app, parts);
  registerExport(app, parts);
}

function registerImport(app: App, { db, clock, chance, log }: Parts): void {
  app.post(
    '/api/v1/imports/preview',
    {
      config: { ...may('members.read', 'rows'), files: { takes: FILE_TYPES } },
      bodyLimit: FILE_BYTES_MAX,
      schema: {
        summary: 'What a file of members is, and what its columns seem to mean; the file is the body',
        querystring: FileQuery,
        response: ok(Preview),
      },
    },
    async (request) => {
      const table = await tableOf(request, request.query);
      const fields = await listFields(db);
      const mapping = suggestMapping(table.headers, fields);
      const { headers, rows, format, encoding, delimiter, sheet, sheets } = table;
      return {
        ...{ format, encoding, delimiter, sheet, sheets: [...sheets], rows: rows.length },
        columns: headers.map((header, index) => ({
          header,
          target: mapping.get(header) ?? null,
          sample: rows.slice(0, SAMPLE_ROWS).map(({ cells }) => cells[index]!),
        })),
        targets: [
          ...PROFILE_TARGETS,
          ...fields.filter(({ retired }) => !retired).map(({ id }) => `field:${id}`),
        ],
      };
    },
  );
  app.post(
    '/api/v1/imports',
    {
      config: { ...may('members.write', 'chain'), files: { takes: FILE_TYPES } },
      bodyLimit: FILE_BYTES_MAX,
      schema: {
        summary:
          'Import members from a CSV or Excel file (the body), by default as a dry run; the answer is a run to look at',
        querystring: ImportQuery,
        response: ok(Run),
      },
    },
    async (request) => {
      const { query } = request;
      const table = await tableOf(request, query);
      const mapping = readMapping(table.headers, mappingJson(query.mapping), await listFields(db));
      if (!mapping.ok) throw mappingProblem(mapping.error);
      const id = uuidV7(clock.nowMs(), chance.bytes(10));
      await startImport(db, id, table, {
        mapping: mapping.value,
        dryRun: query.dryRun,
        fileName: query.fileName,
        by: callerName(request),
        nowMs: clock.nowMs,
        chance,
        log,
      });
      return runOf(await importRun(db, id, clock.nowMs()));
    },
  );
  app.get(
    '/api/v1/imports',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'Imports, the newest first',
        querystring: ListQuery,
        response: ok(z.object({ runs: z.array(Run), nextCursor })),
      },
    },
    async ({ query }) => {
      const page = pageOf(await importRuns(db, clock.nowMs()), query, ({ id }) => id);
      return { runs: page.rows.map(runOf), nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/api/v1/imports/:runId',
    {
      config: may('members.read', 'chain'),
      schema: { summary: 'How an import goes', params: RunParams, response: ok(Run) },
    },
    async ({ params }) => runOf(await importRun(db, params.runId, clock.nowMs())),
  );
}

function registerExport(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/members/export',
    {
      config: { ...may('members.export', 'chain'), files: { gives: [FILE_TYPES[0]!, FILE_TYPES[3]!] } },
      schema: {
        summary: 'Members as a file that the import takes again; no text in it is a formula',
        querystring: ExportQuery,
      },
    },
    async ({ query }, reply) => {
      const today = await todayOf(db, clock, null);
      const table = await exportMembers(db, await audienceOf(query.segmentId, today));
      const { headers, rows } = table;
      const [type, body] =
        query.format === 'csv'
          ? ['text/csv; charset=utf-8', csvOf(headers, rows)]
          : [FILE_TYPES[3]!, xlsxOf('Members', headers, rows)];
      return reply
        .header('content-type', type)
        .header('content-disposition', `attachment; filename="members-${today}.${query.format}"`)
        .send(Readable.from(body));
    },
  );

  async function audienceOf(segmentId: string | undefined, today: string) {
    if (segmentId === undefined) return null;
    const segment = await segmentById(db, segmentId);
    if (segment === null) throw new ApiProblem(404, 'unknown_segment', 'there is no such segment');
    const audience = await segmentAudience(db, segment, today);
    if (!audience.ok) throw ruleProblem(audience.error);
    return audience.value;
  }
}

function runOf(run: Awaited<ReturnType<typeof importRun>>): z.infer<typeof Run> {
  if (run === null) throw new ApiProblem(404, 'unknown_import', 'there is no such import');
  return { ...run, faults: run.faults.map((fault) => ({ ...fault })) };
}

async function tableOf(request: FastifyRequest, query: z.infer<typeof FileQuery>): Promise<Table> {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new ApiProblem(415, 'media_type', `send the file as the body, as one of ${FILE_TYPES.join(', ')}`);
  }
  const table = await readTable(body, { encoding: query.encoding ?? null, sheet: query.sheet ?? null });
  if (table.ok) return table.value;
  throw new ApiProblem(422, table.error.kind, tableWords(table.error), table.error);
}

function tableWords(error: TableError): string {
  switch (error.kind) {
    case 'encoding_unclear':
      return 'the encoding of this file cannot be told from its signs: name it (encoding=gb18030, big5 or utf-8)';
    case 'encoding_wrong':
      return `this file is not ${error.encoding}: name another encoding, or none`;
    case 'not_a_table':
      return `this is ${STRANGER_WORDS[error.is]}, no list of members: save the list as .xlsx or CSV and send that`;
    case 'empty':
      return 'this file has no rows: the first one names the columns';
    case 'header_missing':
      return `column ${error.column} has no name in the first row`;
    case 'header_twice':
      return `two columns are named ${error.header}: rename one`;
    case 'too_large':
      return `this file has more than ${error.max} ${error.what}: split it`;
    case 'csv_broken':
      return `row ${error.row} cannot be read (${error.message}): is a quote left open before it?`;
    case 'xlsx_broken':
      return error.message;
    case 'xlsx_too_large':
      return `${error.part} would be more than ${error.bytesMax} bytes: this is no list of members`;
    case 'unknown_sheet':
      return `there is no such sheet; there are ${error.names.join(', ')}`;
  }
}

const STRANGER_WORDS = {
  picture: 'a picture',
  pdf: 'a PDF',
  old_excel: 'a workbook of Excel before 2007 (.xls)',
  archive: 'an archive',
  no_text: 'a file of a program',
} as const;

function mappingJson(text: string | undefined): Record<string, string | null> {
  if (text === undefined) return {};
  const problem = new ApiProblem(
    400,
    'bad_request',
    'mapping: expected a JSON object of column to target or null',
    {
      path: 'mapping',
    },
  );
  try {
    const read = z.record(z.string(), z.string().nullable()).safeParse(JSON.parse(text));
    if (read.success) return read.data;
  } catch {
    throw problem;
  }
  throw problem;
}

function mappingProblem(error: MappingError): ApiProblem {
  const problem = (path: string, message: string) =>
    new ApiProblem(422, error.kind, `${path}: ${message}`, { path });
  switch (error.kind) {
    case 'unknown_column':
      return problem(`mapping.${error.column}`, 'the file has no such column');
    case 'unknown_target':
      return problem(`mapping.${error.column}`, `there is no ${error.target}: see targets of the preview`);
    case 'target_twice':
      return problem(`mapping.${error.columns[1]}`, `${error.target} is that of ${error.columns[0]} already`);
    case 'key_missing':
      return problem(
        'mapping',
        'one column must be a member id, card, phone or mail: by it a member is known again',
      );
  }
}
