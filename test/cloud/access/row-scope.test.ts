/**
 * Store scope in SQL: a manager of S01 walks every route that reads, and finds nothing of S02; HQ's owner finds it there.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asCaller, scopedDb } from '../../../cloud/access/scoped-db.ts';
import { rowScopeSql } from '../../../cloud/db/migrate.ts';
import { answerOf, type Operation, operationsOf, urlOf } from '../../kit/api-doc.ts';
import { aSession } from '../../kit/callers.ts';
import { ENGINES, openCloud, smallWorld, type TestCloud } from '../../kit/cloud.ts';
import { aRawTill, type RawTill } from '../../kit/raw-till.ts';
import { until } from '../../kit/until.ts';

const world = smallWorld();
const [ours, theirs] = [world.members[0]!, world.members[1]!];

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  let manager: Record<string, string>;
  let owner: Record<string, string>;
  let operations: Operation[];
  let [here, there]: RawTill[] = [];
  beforeAll(async () => {
    cloud = await openCloud(engine);
    owner = { authorization: `Bearer ${cloud.token}` };
    here = await aRawTill(cloud, { storeId: 'S01', code: 'A01' });
    there = await aRawTill(cloud, { storeId: 'S02', code: 'B01' });
    for (const [till, member] of [
      [here, ours],
      [there, theirs],
    ] as const) {
      till.appendOpened();
      till.appendSale({ memberId: member.id });
      till.appendSale();
      const link = await till.connect();
      await link.ask(till.pushOf(1));
      await link.hangUp();
    }
    const staff = (id: string, storeId: string | null) => ({
      ...{ id, name: `staff ${id}`, roleId: 'cashier', storeId, active: true, pin: '4711' },
    });
    await cloud.client.put('/api/v1/staff', {
      staff: [staff('st-here', 'S01'), staff('st-there', 'S02'), staff('st-all', null)],
    });
    await cloud.client.put('/api/v1/traffic', {
      days: ['S01', 'S02'].map((storeId) => ({ storeId, businessDate: '2026-11-21', visitors: 100 })),
    });
    await cloud.client.post('/api/v1/segments', {
      name: 'buyers',
      rule: { source: 'rfm', measure: 'visits', op: 'gte', value: 1 },
    });
    for (const member of [ours, theirs]) {
      await cloud.client.post(`/api/v1/members/${member.id}/points/corrections`, {
        ...{ key: `k-${member.id}`, points: 10, reason: 'test', author: 'test' },
      });
    }
    await until(
      async () => (await cloud.db.query('select from member_purchase')).length === 2,
      'both members in the books',
    );
    manager = await aSession(cloud, 'manager', ['S01']);
    operations = await operationsOf(cloud);
  });
  afterAll(() => cloud.close());

  const get = async (path: string, headers: Record<string, string>) => {
    const { status, text } = await answerOf(cloud, { method: 'GET', url: path, headers });
    return { status, body: JSON.parse(text) };
  };

  /** What only S02 has: whoever sees one of these saw a row of S02. */
  const marks = () => [
    ...['"S02"', there!.tillId, '"B01"', there!.saleId(2), there!.saleId(3)],
    ...[theirs.id, theirs.cardNo, 'st-there', 'B01-0000'],
  ];

  /** Each GET twice: as it is, and asked for S02 by every word that it knows. */
  const walk = async (headers: Record<string, string>) => {
    const segments = await cloud.db.query<{ id: string }>('select segment_id as id from segment');
    const values = {
      ...{ storeId: 'S02', memberId: theirs.id, saleId: there!.saleId(2), tillId: there!.tillId },
      ...{ segmentId: segments[0]!.id, from: '2026-11-01', to: '2026-11-30', businessDate: '2026-11-21' },
      ...{
        id: '1',
        date: '2026-11-21',
        asOf: '2026-11-30',
        currency: 'CNY',
        dimension: 'tier',
        card: theirs.cardNo,
      },
    };
    const seen: { name: string; status: number; found: string[] }[] = [];
    for (const operation of operations.filter(
      ({ method, path }) => method === 'GET' && !path.endsWith('/live'),
    )) {
      for (const optional of [[], ['storeId', 'memberId', 'from', 'to']]) {
        const url = urlOf(operation, values, optional);
        const { status, text } = await answerOf(cloud, { method: 'GET', url, headers });
        // An answer may say again whom it was asked about, a refusal what it was asked for.
        const told = text.replace(`"memberId":"${values.memberId}"`, '');
        const found = status === 200 ? marks().filter((mark) => told.includes(mark)) : [];
        seen.push({ name: `${operation.name} ${optional.join(' ')}`.trim(), status, found });
      }
    }
    return seen;
  };

  test('a manager of S01 finds no row of S02 on any route that reads, and no route breaks', async () => {
    const seen = await walk(manager);
    expect(seen.filter(({ found }) => found.length > 0)).toEqual([]);
    expect(seen.filter(({ status }) => status >= 500)).toEqual([]);
    // What reads by rows is answered, or is not there: no table that it needs was forgotten.
    const rows = new Set(operations.filter(({ reach }) => reach === 'rows').map(({ name }) => name));
    const refused = seen.filter(({ name, status }) => rows.has(name) && ![200, 404].includes(status));
    expect(refused).toEqual([]);
    expect(seen.filter(({ status }) => status === 200).length).toBeGreaterThan(50);
  });

  test('the owner finds S02 on the same walk, so it can be found', async () => {
    const found = (await walk(owner)).filter((row) => row.found.length > 0);
    expect(found.length).toBeGreaterThan(15);
  });

  test('what a manager is shown is whole: sales, tills, staff, stores and members of S01', async () => {
    const sales = await get('/api/v1/sales', manager);
    expect(sales.body.sales.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      [here!.saleId(2), here!.saleId(3)].toSorted(),
    );
    expect((await get('/api/v1/tills', manager)).body.tills.map(({ id }: { id: string }) => id)).toEqual([
      here!.tillId,
    ]);
    expect((await get('/api/v1/stores', manager)).body.stores.map(({ id }: { id: string }) => id)).toEqual([
      'S01',
    ]);
    const staff = (await get('/api/v1/staff', manager)).body.staff.map(({ id }: { id: string }) => id);
    expect(staff.toSorted()).toEqual(['st-all', 'st-here']);
    const balance = async (id: string) => (await get(`/api/v1/members/${id}/balance`, manager)).body.points;
    expect([await balance(ours.id), await balance(theirs.id)]).toEqual([10, 0]);
    const segment = (await get('/api/v1/segments', manager)).body.segments[0];
    const members = (await get(`/api/v1/segments/${segment.id}/members`, manager)).body.members;
    expect(members.map(({ memberId }: { memberId: string }) => memberId)).toEqual([ours.id]);
  });

  test('the role reads and nothing else, and what is in no list is shown to nobody', async () => {
    const scoped = scopedDb(cloud.db);
    const refused = { code: '42501' };
    for (const sql of [
      'update store set data = data',
      'delete from sale',
      'insert into tier values (1)',
      'select * from console_user',
      'select * from api_token',
      'select * from personal',
      'select * from feed_row',
    ]) {
      await expect(
        asCaller(['S01'], () => scoped.query(sql)),
        sql,
      ).rejects.toMatchObject(refused);
    }
    const odd = ['S01', 'it"s \\ {odd}', "o'dd,"];
    const read = `select current_setting('counterfoil.stores')::text[] as stores`;
    expect(await asCaller(odd, () => scoped.query(read))).toEqual([{ stores: odd }]);
    expect(await asCaller([], () => scoped.query('select * from sale'))).toEqual([]);
    expect(await asCaller(null, () => scoped.query('select * from sale'))).toHaveLength(4);
    await expect(
      scoped.query('select * from sale').catch((cause) => Promise.reject(cause.message)),
    ).rejects.toMatch(/for a caller/);
    // Afterwards the connection is HQ's own again.
    expect(await cloud.db.query('select * from sale')).toHaveLength(4);
  });

  test('each table is shown by a rule or hidden: a new one that is neither is named here', async () => {
    const rows = await cloud.db.query<{ name: string; columns: string[]; granted: boolean; ruled: boolean }>(
      `select c.relname as name, has_table_privilege('counterfoil_scoped', c.oid, 'select') as granted,
         exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'scope_rows') as ruled
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
    );
    const listed = rowScopeSql();
    expect(rows.filter(({ granted, ruled }) => granted !== ruled)).toEqual([]);
    const unlisted = rows.filter(({ name, granted }) => !granted && !listed.includes(`'${name}'`));
    expect(unlisted.map(({ name }) => name)).toEqual([]);
  });
});
