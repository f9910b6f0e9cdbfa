/** Members from files by the API, on both stores: dry run, faults with their place, the same file again, files that we wrote. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, openCloud, smallWorld, type TestCloud } from '../../kit/cloud.ts';
import { until } from '../../kit/until.ts';

const FIRST = smallWorld().members[0]!;

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    const world = smallWorld();
    const members = world.members.slice(0, 3).map(({ tags: _tags, ...member }) => member);
    cloud = await openCloud(engine, { world: { ...world, members } });
    for (const [id, body] of [
      ['shoe', { name: '鞋码', type: 'number', limits: { min: 30, max: 50 } }],
      ['likes', { name: 'Likes', type: 'choices', options: ['tea', 'home'] }],
      ['budget', { name: 'Budget', type: 'money', limits: { currency: 'CNY' } }],
    ] as const)
      expect((await ask('POST', `custom-fields/${id}`, JSON.stringify(body))).status).toBe(200);
  });
  afterAll(() => cloud.close());

  const send = (method: string, path: string, body?: string | Buffer, type = 'application/json') =>
    fetch(new URL(`/api/v1/${path}`, cloud.url), {
      method,
      headers: {
        authorization: `Bearer ${cloud.token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
  const ask = async (method: string, path: string, body?: string | Buffer, type?: string) => {
    const response = await send(method, path, body, type);
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const run = async (file: string | Buffer, query = '') => {
    const { status, body } = await ask('POST', `imports?${query}`, Buffer.from(file), 'text/csv');
    if (status !== 200) return { status, kind: body.kind as string, detail: body.detail as string };
    let last = body;
    await until(async () => {
      last = (await ask('GET', `imports/${body.id}`)).body;
      return last.state !== 'running';
    }, 'the import ends');
    const { state, rows, added, changed, unchanged, refused, faults } = last;
    return { state, rows, added, changed, unchanged, refused, faults };
  };
  const counts = (added: number, changed: number, unchanged: number, refused: number) => ({
    state: 'done',
    rows: added + changed + unchanged + refused,
    added,
    changed,
    unchanged,
    refused,
  });
  const segment = async (rule: object) =>
    (await ask('POST', 'segments/count', JSON.stringify({ rule }))).body.members;

  const FILE = [
    '会员卡号,姓名,手机号,性别,生日,等级,标签,鞋码,Likes,Budget,remarks of ours',
    'IMP-1,王小明,13811110001,男,1990/11/22,,tea;vip,42,tea;home,"1,250.50",x',
    'IMP-2,"欧阳, 娜娜",+86 138-1111-0002,女,11-28,,,38.5,,,',
    'IMP-3,=cmd|calc,13811110003,,,,,,,,',
  ].join('\r\n');

  test('a preview says what the file is and what its columns mean', async () => {
    const { body } = await ask('POST', 'imports/preview', Buffer.from(FILE), 'text/csv');
    expect([body.format, body.encoding, body.delimiter, body.rows]).toEqual(['csv', 'utf-8', ',', 3]);
    expect(body.columns.map((column: { target: string | null }) => column.target)).toEqual([
      ...['cardNo', 'name', 'phone', 'gender', 'birthday', 'tier', 'tags'],
      ...['field:shoe', 'field:likes', 'field:budget', null],
    ]);
    expect(body.columns[1].sample).toEqual(['王小明', '欧阳, 娜娜', '=cmd|calc']);
  });

  test('a dry run tells and does nothing, the run does it, and the same file again changes nothing', async () => {
    expect(await run(FILE)).toEqual({ ...counts(3, 0, 0, 0), faults: [] });
    expect(await segment({ source: 'field', field: 'shoe', op: 'not_empty' })).toBe(0);
    expect(await run(FILE, 'dryRun=false')).toEqual({ ...counts(3, 0, 0, 0), faults: [] });
    expect(await segment({ source: 'field', field: 'budget', op: 'eq', value: 125_050 })).toBe(1);
    expect(await segment({ source: 'field', field: 'likes', op: 'eq', value: 'home' })).toBe(1);
    expect(await segment({ source: 'tag', op: 'all', tags: ['tea', 'vip'] })).toBe(1);
    expect(await segment({ source: 'profile', field: 'gender', op: 'eq', value: 'f' })).toBe(1);
    expect(await segment({ source: 'profile', field: 'birthMonth', op: 'eq', value: 11 })).toBe(2);
    expect(await run(FILE, 'dryRun=false')).toEqual({ ...counts(0, 0, 3, 0), faults: [] });
    expect(await run(FILE)).toEqual({ ...counts(0, 0, 3, 0), faults: [] });
  });

  test('what a row says changes, what it does not say stays; a row without card is known by its phone', async () => {
    const more = 'phone,city,鞋码\n8613811110001,上海,43\n13811110002,,38.5\n';
    expect(await run(more, 'dryRun=false')).toEqual({ ...counts(0, 1, 1, 0), faults: [] });
    expect(await segment({ source: 'field', field: 'shoe', op: 'eq', value: 43 })).toBe(1);
    expect(await segment({ source: 'field', field: 'likes', op: 'eq', value: 'home' })).toBe(1);
    expect(await segment({ source: 'profile', field: 'residence', op: 'eq', value: '上海' })).toBe(1);
    // A new member without a card has the id as one.
    expect(await run('phone,name\n13811119999,New\n', 'dryRun=false')).toMatchObject({ added: 1 });
    expect(await run('phone,name\n13811119999,New\n', 'dryRun=false')).toMatchObject({ unchanged: 1 });
  });

  test('every fault names row and column and what was expected, never what stands there; the good rows go in', async () => {
    const bad = [
      'cardNo,name,phone,mail,birthday,gender,tier,鞋码,Likes,Budget',
      'BAD-1,A,12,,,,,,,',
      'BAD-2,B,1.38E+10,,,,,,,',
      'BAD-3,C,,nobody,,,,,,',
      'BAD-4,D,,,1990-02-30,,,,,',
      'BAD-5,E,,,,yes,,,,',
      'BAD-6,F,,,,,diamond,,,',
      'BAD-7,G,,,,,,51,,',
      'BAD-8,H,,,,,,,coffee,',
      'BAD-9,I,,,,,,,,12.345',
      'BAD-10,#REF!,,,,,,,,',
      ',Nobody,,,,,,,,',
      'BAD-11,,,,,,,,,',
      'BAD-12,L,,,,,,,,,,surplus',
      'GOOD-1,M,13811110099,,,,,,,',
      'GOOD-1,Twice,,,,,,,,',
    ].join('\n');
    const report = await run(bad, 'dryRun=false');
    expect(report).toMatchObject(counts(1, 0, 0, 14));
    expect(
      report.faults.map(
        (one: { row: number; column: string | null; kind: string }) => `${one.row} ${one.column} ${one.kind}`,
      ),
    ).toEqual([
      '2 phone phone',
      '3 phone cut_number',
      '4 mail mail',
      '5 birthday birthday',
      '6 gender gender',
      '7 tier unknown_tier',
      '8 鞋码 range',
      '9 Likes option',
      '10 Budget format',
      '11 name cell_error',
      '12 null key',
      '13 null name',
      '14 null ragged',
      '16 null twice',
    ]);
    expect(JSON.stringify(report.faults)).not.toMatch(/diamond|coffee|nobody|12\.345/);
    expect(await run(bad, 'dryRun=false')).toMatchObject(counts(0, 0, 1, 14));
  });

  test('a card that is another member’s is refused for its row alone', async () => {
    const text = `memberId,cardNo,name\n${FIRST.id},IMP-2,Wrong\nnew-1,IMP-9,Right\n`;
    expect(await run(text, 'dryRun=false')).toMatchObject({
      ...counts(1, 0, 0, 1),
      faults: [{ row: 2, column: null, kind: 'card_taken' }],
    });
  });

  test.each<[string, string | Buffer, string, string, RegExp]>([
    ['an empty file', ' ', '', 'empty', /no rows/],
    ['no column to know a member by', 'name,city\nA,B\n', '', 'key_missing', /card, phone or mail/],
    ['a column that is not there', 'phone\n1\n', 'mapping={"x":"name"}', 'unknown_column', /no such column/],
    [
      'a target that is not there',
      'phone,x\n1,2\n',
      'mapping={"x":"field:hat"}',
      'unknown_target',
      /field:hat/,
    ],
    [
      'two columns for one thing',
      'phone,x,y\n1,2,3\n',
      'mapping={"x":"name","y":"name"}',
      'target_twice',
      /that of x/,
    ],
    ['a mapping that is no JSON', 'phone\n1\n', 'mapping=x', 'bad_request', /JSON/],
    ['a broken quote', 'phone,name\n1,"x\n', '', 'csv_broken', /quote/],
    ['a zip that is no workbook', Buffer.from('PK\u0003\u0004rest'), '', 'xlsx_broken', /workbook/],
  ])('%s is refused before anything runs', async (_name, file, query, kind, words) => {
    expect(await run(file, `dryRun=false&${query}`)).toMatchObject({
      kind,
      detail: expect.stringMatching(words),
    });
  });

  test.each(['csv', 'xlsx'])(
    'an export as %s is taken again and changes nothing; no text of it is a formula',
    async (format) => {
      const response = await send('GET', `members/export?format=${format}`);
      expect(response.headers.get('content-disposition')).toMatch(new RegExp(`members-.*\\.${format}`));
      const bytes = Buffer.from(await response.arrayBuffer());
      if (format === 'csv') expect(bytes.toString()).toContain("'=cmd|calc");
      const report = await run(bytes, 'dryRun=false');
      expect(report).toMatchObject({ state: 'done', added: 0, changed: 0, refused: 0, faults: [] });
      expect(report.unchanged).toBe(9);
      const { body } = await ask('POST', 'imports/preview', bytes, 'text/csv');
      expect([body.format, body.rows]).toEqual([format, 9]);
    },
  );

  test('who took all members away stands in the audit log, with how it went', async () => {
    await (await send('GET', 'members/export?format=csv')).text();
    const told = async () => {
      const { entries } = (await ask('GET', 'audit?limit=20')).body;
      return JSON.stringify(entries[0]);
    };
    await expect.poll(told).toMatch(/GET \/api\/v1\/members\/export.*"status":200/);
  });

  test('an export of a segment holds its members alone', async () => {
    const rule = { source: 'tag', op: 'any', tags: ['vip'] };
    const { body } = await ask('POST', 'segments', JSON.stringify({ name: 'VIP', rule }));
    const text = await (await send('GET', `members/export?segmentId=${body.id}`)).text();
    expect(text.trim().split('\r\n')).toHaveLength(2);
    expect(text).toContain('王小明');
    expect((await send('GET', 'members/export?segmentId=none')).status).toBe(404);
  });

  test('runs are listed, and no file and no value of one is in the database', async () => {
    const { runs } = (await ask('GET', 'imports')).body;
    expect(runs.length).toBeGreaterThan(5);
    expect(runs.every((one: { faults: unknown[] }) => one.faults.length === 0)).toBe(true);
    const rows = JSON.stringify(await cloud.db.query('select * from import_run'));
    expect(rows).not.toMatch(/王小明|13811110001/);
  });
});
