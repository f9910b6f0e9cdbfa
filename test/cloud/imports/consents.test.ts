/** Consents from a file: a yes has its day and text, a file never makes a yes of a no, and the same file again says nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { mergeMembers } from '../../../cloud/identity/merge.ts';
import { exportMembers } from '../../../cloud/imports/export-members.ts';
import { importMembers } from '../../../cloud/imports/import-members.ts';
import { suggestMapping } from '../../../cloud/imports/mapping.ts';
import { readTable } from '../../../cloud/imports/table.ts';
import { csvOf } from '../../../cloud/imports/table-write.ts';
import { sayConsents } from '../../../cloud/members/consents.ts';
import { putTiers } from '../../../cloud/members/members.ts';
import { systemChance } from '../../../src/till/run.ts';
import { QUICK } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const HEAD = 'memberId,cardNo,name,consent:marketing:sms,consent:marketing:mail,consentAt,consentText';

describe('consents as columns', () => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(QUICK);
    await putTiers(db, [{ id: 'base', name: 'x', names: {}, rank: 1, discountBp: 0 }], NOW);
  });
  afterAll(() => db.close());

  const run = async (text: string, dryRun = false) => {
    const table = await readTable(new TextEncoder().encode(text), { encoding: null, sheet: null });
    if (!table.ok) throw new Error(table.error.kind);
    const mapping = suggestMapping(table.value.headers, []);
    const facts = { mapping, dryRun, by: 'ann', nowMs: NOW, chance: systemChance };
    const { added, changed, unchanged, faults } = await importMembers(db, table.value, facts);
    return {
      counts: [added, changed, unchanged],
      faults: faults.map(({ row, column, kind }) => `${row} ${column} ${kind}`),
    };
  };
  const holds = async (memberId: string) =>
    (
      await db.query<{ said: string }>(
        `select purpose || ' ' || channel || ' ' || granted || ' ' || text_version as said from member_consent
         where member_id = $1 order by 1`,
        [memberId],
      )
    ).map(({ said }) => said);

  test('a dry run says nothing, the run does, the same file again changes nothing', async () => {
    const file = `${HEAD}\nm1,C1,A,yes 2026-03-01 v2,no,,\nm2,C2,B,是,,2026/02/01,v1\nm3,C3,C,,,,\n`;
    expect(await run(file, true)).toEqual({ counts: [3, 0, 0], faults: [] });
    expect(await holds('m1')).toEqual([]);
    expect(await run(file)).toEqual({ counts: [3, 0, 0], faults: [] });
    expect(await holds('m1')).toEqual(['marketing mail false -', 'marketing sms true v2']);
    expect(await holds('m2')).toEqual(['marketing sms true v1']);
    expect(await holds('m3')).toEqual([]);
    expect(await run(file)).toEqual({ counts: [0, 0, 3], faults: [] });
  });

  test('a yes of before does not take back a no, a no of the same day holds; a later yes does', async () => {
    const no = { memberId: 'm1', entryId: 'no', purpose: 'marketing', channel: 'sms', granted: false };
    await db.transaction((tx) =>
      sayConsents(tx, [{ ...no, textVersion: 'v2', atMs: Date.UTC(2026, 4, 1, 10), source: 'web' }]),
    );
    const withYes = (day: string) => run(`${HEAD}\nm1,C1,A,yes ${day} v2,,,\n`);
    for (const day of ['2026-04-30', '2026-05-01', '2026-05-01T10:00:00Z']) {
      await withYes(day);
      expect([day, await holds('m1')]).toEqual([day, ['marketing mail false -', 'marketing sms false v2']]);
    }
    await withYes('2026-05-02');
    expect(await holds('m1')).toContain('marketing sms true v2');
    // A file's no of that day ends with it.
    await run(`${HEAD}\nm1,C1,A,no 2026-05-02 v2,,,\n`);
    expect(await holds('m1')).toContain('marketing sms false v2');
  });

  test('a yes without day or text, of tomorrow, or in other words is refused with row and column', async () => {
    const rows = [
      'yes',
      'yes 2026-03-01',
      'yes 2026-11-22 v2',
      'maybe',
      'yes 2026-02-30 v1',
      'yes 2026-03-01 v2 x',
    ];
    const file = `${HEAD}\n${rows.map((cell, index) => `x${index},X${index},N,${cell},,,`).join('\n')}\n`;
    const kinds = ['consent_time', 'consent_text', 'consent_time', 'consent', 'consent_time', 'consent'];
    expect(await run(file)).toEqual({
      counts: [0, 0, 0],
      faults: kinds.map((kind, index) => `${index + 2} consent:marketing:sms ${kind}`),
    });
  });

  test('a file never widens a merge: of two who are one, each must have said yes', async () => {
    await run(`${HEAD}\na,CA,A,yes 2026-03-01 v2,,,\nb,CB,B,,,,\n`);
    await mergeMembers(db, { fromId: 'b', intoId: 'a', reason: 'same', author: null }, NOW - 3_600_000);
    expect(await holds('a')).toEqual(['marketing sms false v2']);
    expect((await run(`${HEAD}\na,CA,A,yes 2026-04-01 v2,,,\n`)).counts).toEqual([0, 1, 0]);
    expect(await holds('a')).toEqual(['marketing sms false v2']);
  });

  test('an export says the consents that hold; imported again it changes nothing', async () => {
    const { headers, rows } = await exportMembers(db, null);
    const parts: Uint8Array[] = [];
    for await (const part of csvOf(headers, rows))
      parts.push(typeof part === 'string' ? Buffer.from(part) : part);
    const text = Buffer.concat(parts).toString();
    expect(text).toContain('consent:marketing:mail,consent:marketing:sms');
    expect(text).toContain('yes 2026-02-01T00:00:00.000Z v1');
    const before = await db.query('select * from member_consent order by 1, 2, 3');
    expect(await run(text)).toMatchObject({ faults: [], counts: [0, 0, 4] });
    expect(await db.query('select * from member_consent order by 1, 2, 3')).toEqual(before);
  });
});
