import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { replay } from '../../src/tools/replay.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIXTURE = path.join(ROOT, 'test/fixtures/tools/sales.csv');
const REAL = path.join(ROOT, '../shared/data/online-retail/transactions.csv.gz');

const common = { stores: 2, tills: 1, databaseUrl: null, quiet: true } as const;

describe.each(['pg', 'pglite'] as const)('replay on %s', (store) => {
  test('the fixture: 4 sales, 1 refund, 7 lines; file = journals = cloud', async () => {
    const report = await replay({
      ...common,
      file: FIXTURE,
      store,
      limit: Number.POSITIVE_INFINITY,
    });
    expect(report).toMatchObject({ sales: 4, refunds: 1, lines: 7, lost: 0, duplicated: 0, skipped: 6 });
    // 6 × 2.55 + 6 × 3.39 + 2 × 2.99 = 41.62; 1.85; 32 × 1.69 = 54.08; less 1.85; 2 × 38,970.00.
    expect(report.totalMinor).toBe(4_162 + 185 + 5_408 - 185 + 7_794_000);
    expect(report.firstDifference).toBeNull();
    expect(report.journalTotalMinor).toBe(report.totalMinor);
    expect(report.cloudTotalMinor).toBe(report.totalMinor);
  }, 120_000);
});

test.skipIf(!existsSync(REAL))(
  'on PostgreSQL the first 120 real receipts over 4 tills: nothing lost, nothing doubled, equal to the penny',
  async () => {
    const report = await replay({ ...common, tills: 2, file: REAL, store: 'pg', limit: 120 });
    expect(report).toMatchObject({ lost: 0, duplicated: 0, firstDifference: null });
    expect(report.sales + report.refunds).toBe(120);
    expect([report.journalTotalMinor, report.cloudTotalMinor]).toEqual([
      report.totalMinor,
      report.totalMinor,
    ]);
  },
  120_000,
);

test('a malformed file ends with exit 1 and names row and column on stderr', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'counterfoil-bad-')), 'bad.csv');
  writeFileSync(
    file,
    'invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country\n1,2,x,many,2010-12-01T08:26:00,1,,UK\n',
  );
  const failure = await run('node', [path.join(ROOT, 'setup.cjs'), 'replay', file, '--json']).catch(
    (error) => error,
  );
  expect(failure.code).toBe(1);
  expect(failure.stderr).toContain(
    'row 2, column quantity: a whole number other than 0 was expected, found "many"',
  );
});
