/** Rows by COPY and by INSERT: the same rows, the same refusals, and none of a refused batch. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CopyRow, type CopyTable, insertRows } from '../../cloud/db/copy.ts';
import type { Db } from '../../cloud/db/db.ts';
import { ENGINES } from '../kit/cloud.ts';
import { openTestDb } from '../kit/db.ts';

const TABLE: CopyTable = {
  name: 'thing',
  columns: {
    t: 'text',
    i: 'int4',
    l: 'int8',
    d: 'date',
    at: 'timestamptz',
    j: 'jsonb',
    ts: 'text[]',
    n: 'int4[]',
    ls: 'int8[]',
  },
};
const ROWS: readonly CopyRow[] = [
  ['plain', 1, 2, '2026-11-21', Date.UTC(2026, 10, 21, 8, 41, 0, 5), '{"a":[1,"ä"]}', ['a'], [1], [2]],
  ['', -1, -2, '1999-12-31', Date.UTC(1970, 0, 1), '[]', [], [], []],
  [
    '收银台 🧾 "q" \\ \t',
    2 ** 31 - 1,
    Number.MAX_SAFE_INTEGER,
    '2000-01-01',
    Date.UTC(2000, 0, 1),
    'null',
    ['', '收', 'a,b'],
    [-1, 0],
    [Number.MIN_SAFE_INTEGER],
  ],
  [
    'x'.repeat(3_000),
    1 - 2 ** 31,
    2 ** 32,
    '9999-12-31',
    Date.UTC(9999, 11, 31, 23, 59, 59, 999),
    '"s"',
    ['long '.repeat(20), null],
    [null],
    [2 ** 32 + 1, -(2 ** 32) - 1],
  ],
  ['nothing', null, null, null, null, null, null, null, null],
];

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
    await db.script(
      'create table thing (t text not null, i int, l bigint, d date, at timestamptz, j jsonb, ts text[], n int[], ls bigint[])',
    );
  });
  afterAll(() => db.close());

  test('what went in comes out: five rows of nine types, the ends of each among them', async () => {
    await db.transaction((tx) => insertRows(tx, TABLE, ROWS));
    const rows = await db.query('select t, i, l, d, at, j::text as j, ts, n, ls::text[] as ls from thing');
    expect(rows.map((row) => ({ ...row, j: row.j === null ? null : JSON.parse(String(row.j)) }))).toEqual(
      ROWS.map(([t, i, l, d, at, j, ts, n, ls]) => ({
        ...{ t, i, l, d, at, ts, n },
        j: typeof j === 'string' ? JSON.parse(j) : null,
        ls: (ls as number[] | null)?.map(String) ?? null,
      })),
    );
    await db.query('delete from thing');
  });

  test.each<[string, CopyRow, RegExp]>([
    ['a NUL', ['a\0b'], /^22/],
    ['2^31 in an int', ['x', 2 ** 31], /^22003$/],
    ['half a surrogate pair', ['a\ud800'], /^22/],
    ['a fraction', ['x', null, 1.5], /^22/],
    ['the 31st of February', ['x', null, null, '2026-02-31'], /^22/],
    ['null where there must be something', [null], /^23502$/],
  ])(
    '%s is refused with a code of class 22 or 23, and the good row beside it is not in either',
    async (_, bad, code) => {
      const work = db.transaction((tx) => insertRows(tx, TABLE, [ROWS[0]!, bad]));
      await expect(work).rejects.toMatchObject({ code: expect.stringMatching(code) });
      expect(await db.query('select t from thing')).toEqual([]);
    },
  );
});
