/** Enrolment: one code makes one folder one till; everything else is refused in words and can be tried again. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EnrolRefusedError, enrolTill } from '../../src/till/enrol.ts';
import { systemChance, systemClock } from '../../src/till/run.ts';
import { NotEnrolledError } from '../../src/till/till.ts';
import { addTill } from '../../src/tools/cloud-client.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { openTill } from '../kit/till.ts';

let cloud: TestCloud;
let made = 0;
beforeAll(async () => {
  cloud = await openCloud(QUICK, { world: null });
  await cloud.client.put('/api/v1/stores', { stores: smallWorld().stores });
});
afterAll(() => cloud.close());

const aFresh = () => path.join(cloud.folder, `fresh-${++made}`);
const enrol = (code: string, folder = aFresh(), cloudUrl = cloud.url) =>
  enrolTill({ folder, cloudUrl, code, clock: systemClock, chance: systemChance });

async function refusalOf(enrolling: Promise<unknown>): Promise<EnrolRefusedError> {
  const outcome = await enrolling.catch((cause: unknown) => cause);
  expect(outcome).toBeInstanceOf(EnrolRefusedError);
  return outcome as EnrolRefusedError;
}

test('a code of twelve letters, typed small and without its dashes, makes the folder that till', async () => {
  const code = await addTill(cloud.client, { storeId: 'S01', code: 'E01' });
  expect(code).toMatch(/^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$/);
  const identity = await enrol(code.toLowerCase().replaceAll('-', ' '));
  expect(identity).toMatchObject({
    tillCode: 'E01',
    storeId: 'S01',
    cloudId: cloud.cloudId,
    cloudUrl: cloud.url,
  });
});

test('two tills of one cloud have two keys, two ids and two journals', async () => {
  const [a, b] = [
    await addTill(cloud.client, { storeId: 'S01', code: 'E02' }),
    await addTill(cloud.client, { storeId: 'S01', code: 'E03' }),
  ];
  const [first, second] = [await enrol(a), await enrol(b)];
  expect(first.tillId).not.toBe(second.tillId);
  expect(first.journalId).not.toBe(second.journalId);
  const keys = await cloud.db.query<{ count: number }>(
    'select count(distinct public_key) as count from till where public_key is not null',
  );
  expect(Number(keys[0]!.count)).toBeGreaterThanOrEqual(2);
});

describe('refused, and the folder can try again', () => {
  test('wrong code', async () => {
    const folder = aFresh();
    const refusal = await refusalOf(enrol('AAAA-BBBB-CCCC', folder));
    expect([refusal.kind, refusal.message]).toEqual(['wrong_code', expect.stringContaining('wrong')]);
    const right = await addTill(cloud.client, { storeId: 'S01', code: 'E04' });
    expect((await enrol(right, folder)).tillCode).toBe('E04');
  });

  test('a code that was used already, also when two ask at once: one gets it', async () => {
    const code = await addTill(cloud.client, { storeId: 'S01', code: 'E05' });
    const outcomes = await Promise.allSettled([enrol(code), enrol(code), enrol(code)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await refusalOf(enrol(code))).kind).toBe('used_code');
  });

  test('a code after 24 hours; a fresh one ends the old', async () => {
    const { tillId, code } = (await cloud.client.post('/api/v1/tills', { storeId: 'S01', code: 'E06' })) as {
      tillId: string;
      code: string;
    };
    cloud.clock.aheadMs = 24 * 60 * 60 * 1000 + 1;
    expect((await refusalOf(enrol(code))).kind).toBe('expired_code');
    const fresh = (await cloud.client.post(`/api/v1/tills/${tillId}/enrolment-codes`, {})) as {
      code: string;
    };
    expect((await refusalOf(enrol(code))).kind).toBe('wrong_code');
    expect((await enrol(fresh.code)).tillId).toBe(tillId);
    cloud.clock.aheadMs = 0;
  });

  test('nobody at the address, an address that is none, and 127.0.0.1 with a closed port are `unreachable`', async () => {
    for (const url of ['http://127.0.0.1:9', 'no address', 'http://']) {
      const refusal = await refusalOf(enrol('AAAA-BBBB-CCCC', aFresh(), url));
      expect([refusal.kind, refusal.message], url).toEqual(['unreachable', expect.stringContaining(url)]);
    }
  });

  test.each([
    ['a page', 200, '<html>Welcome</html>'],
    ['an empty answer', 200, ''],
    ['null', 200, 'null'],
    ['a list', 200, '[1]'],
    ['other JSON', 200, '{"tillId": 5}'],
    ['a 404 page', 404, 'not here'],
    ['a 500 with null', 500, 'null'],
  ])('somebody else who answers with %s is no Counterfoil HQ', async (_what, status, body) => {
    const other: Server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect((await refusalOf(enrol('AAAA-BBBB-CCCC', aFresh(), url))).kind).toBe('refused');
    await new Promise((resolve) => other.close(resolve));
  });
});

test('a folder that is a till already is not made another', async () => {
  const folder = aFresh();
  await enrol(await addTill(cloud.client, { storeId: 'S01', code: 'E07' }), folder);
  const refusal = await refusalOf(
    enrol(await addTill(cloud.client, { storeId: 'S01', code: 'E08' }), folder),
  );
  expect([refusal.kind, refusal.message]).toEqual(['enrolled', expect.stringContaining('E07')]);
});

test('a folder that was never enrolled does not start, and the words say how to enrol it', async () => {
  const folder = aFresh();
  const { mkdirSync } = await import('node:fs');
  mkdirSync(folder);
  const outcome = await openTill(folder, { openPrinter: null }).catch((cause: unknown) => cause);
  expect(outcome).toBeInstanceOf(NotEnrolledError);
  expect((outcome as Error).message).toContain('counterfoil enrol');
});
