/** `/metrics` of HQ and of a till: numbers that move with what happens, no names, and only for who may ask. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let till: TestTill;
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  till = await openTill(await aTillFolder(cloud, { code: 'MT1' }), { openPrinter: null });
  await until(() => till.till.link?.ackedSeq === till.till.journal.head.seq, 'HQ has what there is');
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});

/** Every line as a name with labels, and its number. */
async function read(
  url: string,
  token?: string,
): Promise<{ status: number; text: string; value: (name: string) => number }> {
  const response = await fetch(new URL('/metrics', url), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  const lines = new Map(text.split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), line]));
  const value = (name: string) => Number(lines.get(name)?.split(' ').at(-1) ?? Number.NaN);
  return { status: response.status, text, value };
}

test('HQ tells tills, queues, books, feed, jobs and its answers; a stranger is told nothing', async () => {
  expect((await read(cloud.url)).status).toBe(401);
  const { status, text, value } = await read(cloud.url, cloud.token);
  expect(status).toBe(200);
  expect(value('counterfoil_sockets')).toBe(1);
  expect(value('counterfoil_till_unsent_entries{till="MT1",store="S01"}')).toBe(0);
  expect(value('counterfoil_entries_total')).toBe(till.till.journal.head.seq);
  expect(value('counterfoil_quarantined_entries')).toBe(0);
  expect(value('counterfoil_feed_position')).toBeGreaterThan(50);
  expect(text).toMatch(/^counterfoil_job_failures\{job="[a-z_]+"\} 0$/m);
  expect(value('counterfoil_http_answers_total{route="/metrics",method="GET",status="401"}')).toBe(1);
  expect(value('counterfoil_process_resident_bytes')).toBeGreaterThan(10_000_000);
});

test('the count of entries goes up with them', async () => {
  const before = (await read(cloud.url, cloud.token)).value('counterfoil_entries_total');
  till.till.setTraining(true, till.till.catalog.store!);
  await until(() => till.till.link?.ackedSeq === till.till.journal.head.seq, 'HQ has them');
  expect((await read(cloud.url, cloud.token)).value('counterfoil_entries_total')).toBe(before + 1);
});

test('a till tells its queue, its line and the age of its data, on loopback without a token', async () => {
  const { status, value } = await read(till.server.address);
  expect(status).toBe(200);
  const labels = '{till="MT1",store="S01"}';
  expect(value(`counterfoil_till_queue_entries${labels}`)).toBe(0);
  expect(value(`counterfoil_till_online${labels}`)).toBe(1);
  expect(value(`counterfoil_till_entries${labels}`)).toBe(till.till.journal.head.seq);
  expect(value(`counterfoil_till_disk_free_bytes${labels}`)).toBeGreaterThan(0);
});

test('neither what is measured nor what was logged names a member or a phone', async () => {
  const said = [
    (await read(cloud.url, cloud.token)).text,
    (await read(till.server.address)).text,
    ...cloud.logs,
    ...till.logs,
  ].join('\n');
  const known = till.till.catalog.members.first(20);
  expect(known.length).toBeGreaterThan(5);
  for (const { name, phone, cardNo } of known) {
    for (const text of [name, phone, cardNo])
      if (text !== null) expect(said.includes(text), text).toBe(false);
  }
});
