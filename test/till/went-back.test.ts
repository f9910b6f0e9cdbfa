/**
 * Disks and databases that go back in time: nothing is lost, nothing is doubled, and HQ is told. A disk that was cloned is
 * stopped; a disk that was replaced is rescued.
 */
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/entry.ts';
import { enrolTill } from '../../src/till/enrol.ts';
import { systemChance, systemClock } from '../../src/till/run.ts';
import { rescue } from '../../src/tools/rescue.ts';
import { verifyFile } from '../../src/tools/verify.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await openCloud(QUICK);
});
afterAll(() => cloud.close());

let made = 0;
const aCode = () => `B${++made}`;
const allThere = ({ till }: TestTill) => until(() => isThere(till), 'HQ has all of the journal');
const isThere = ({ link, journal }: TestTill['till']) =>
  link!.status.state === 'online' && link!.ackedSeq === journal.head.seq;

async function sellAt(till: TestTill, sales: number): Promise<void> {
  const client = await till.client();
  for (let n = 0; n < sales; n++) await sell(client, ['T1001']);
}

/** Opens, sells, waits for HQ unless the line is down, and stops. */
async function day(folder: string, sales: number, sync = true): Promise<void> {
  const till = await openTill(folder, { openPrinter: null, sync });
  await sellAt(till, sales);
  if (sync) await allThere(till);
  await till.stop();
}

function copyOf(folder: string, name: string): string {
  const copy = path.join(cloud.folder, name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  return copy;
}

async function salesOf(code: string, db = cloud.db): Promise<{ ids: number; receipts: string[] }> {
  const rows = await db.query<{ id: string; no: string }>(
    `select s.sale_id as id, s.receipt_no as no from sale s join till t using (till_id) where t.code = $1 order by s.at, s.sale_id`,
    [code],
  );
  return { ids: new Set(rows.map(({ id }) => id)).size, receipts: rows.map(({ no }) => no) };
}

async function alertsOf(code: string): Promise<string[]> {
  const { alerts } = (await cloud.client.get('/api/v1/till-alerts')) as {
    alerts: { tillCode: string; kind: string; closedAtMs: number | null }[];
  };
  return alerts.filter(({ tillCode }) => tillCode === code).map(({ kind }) => kind);
}

const idOf = async (code: string): Promise<string> =>
  (await cloud.db.query<{ id: string }>('select till_id as id from till where code = $1', [code]))[0]!.id;

const entriesOf = ({ till }: TestTill): JournalEntry[] => [...till.journal.range(1, till.journal.head.seq)];

describe('a disk that was put back from a copy', () => {
  test('of 3 sales before and 3 after the copy, and 2 sold later: HQ has all 8, the chain is whole, numbers go on above 6', async () => {
    const code = aCode();
    const folder = await aTillFolder(cloud, { code });
    await day(folder, 3);
    const copy = copyOf(folder, 'copy');
    await day(folder, 3);
    const till = await openTill(copy, { openPrinter: null });
    await until(() => till.till.journal.parts.length === 2, 'a new journal');
    await sellAt(till, 2);
    await allThere(till);
    const [opened] = entriesOf(till)
      .filter(({ kind }) => kind === 'journal_opened')
      .slice(1);
    const { base_seq: baseSeq } = (
      await cloud.db.query<{ base_seq: number }>('select base_seq from journal_link where till_id = $1', [
        till.till.identity.tillId,
      ])
    )[0]!;
    await till.stop();
    expect(opened).toMatchObject({ seq: baseSeq + 1, body: { follows: { seq: baseSeq } } });
    const { ids, receipts } = await salesOf(code);
    expect([ids, receipts.length]).toEqual([8, 8]);
    expect(receipts.slice(-2)).toEqual([`${code}-000007`, `${code}-000008`]);
    expect(await verifyFile(copy)).toMatchObject({ broken: null, journals: 2, anchorSigned: true });
    expect((await alertsOf(code)).sort()).toEqual(['journal_behind', 'journal_reopened']);
    // It goes on as any till after a restart.
    await day(copy, 1);
    expect((await salesOf(code)).ids).toBe(9);
  });

  test('and sold 2 with the line down before HQ could say so: they arrive under their ids, and nothing is set aside', async () => {
    const code = aCode();
    const folder = await aTillFolder(cloud, { code });
    await day(folder, 3);
    const copy = copyOf(folder, 'copy-2');
    await day(folder, 1);
    await day(copy, 2, false);
    const before = await openTill(copy, { openPrinter: null, sync: false });
    const sold = entriesOf(before).flatMap((entry) => (entry.kind === 'sale' ? [entry.body.id] : []));
    await before.stop();
    const till = await openTill(copy, { openPrinter: null });
    await allThere(till);
    const after = entriesOf(till).flatMap((entry) => (entry.kind === 'sale' ? [entry.body.id] : []));
    expect(after).toEqual(sold);
    expect(till.till.projections.recent(9).map(({ saleId }) => saleId)).toEqual([...sold].reverse());
    await till.stop();
    expect((await salesOf(code)).ids).toBe(6);
    expect(await cloud.db.query('select reason from quarantine')).toEqual([]);
    expect(await verifyFile(copy)).toMatchObject({ broken: null, journals: 2 });
  });

  test('twice: the third journal follows the second, and all 4 sales are at HQ', async () => {
    const code = aCode();
    const folder = await aTillFolder(cloud, { code });
    await day(folder, 1);
    const first = copyOf(folder, 'copy-3');
    await day(folder, 1);
    await day(first, 1);
    const second = copyOf(first, 'copy-4');
    await day(first, 1);
    const till = await openTill(second, { openPrinter: null });
    await until(() => till.till.journal.parts.length === 3, 'a third journal');
    await allThere(till);
    await till.stop();
    expect((await salesOf(code)).ids).toBe(4);
  });
});

describe('a disk that was cloned', () => {
  test('both are stopped with an alert that names both journals; HQ says which goes on, and its sales arrive', async () => {
    const code = aCode();
    const folder = await aTillFolder(cloud, { code });
    await day(folder, 2);
    const clone = copyOf(folder, 'clone');
    await day(folder, 1);
    await day(clone, 1);
    const till = await openTill(folder, { openPrinter: null, ready: false });
    await until(() => till.till.link!.status.state === 'refused', 'HQ stops it');
    expect(till.till.link!.status.reason).toBe('cloned');
    // It sells on.
    await sellAt(till, 1);
    await till.stop();
    const other = await openTill(clone, { openPrinter: null, ready: false });
    await until(() => other.till.link!.status.state === 'refused', 'HQ stops the clone as well');
    const otherId = other.till.journal.journalId;
    await other.stop();
    const { alerts } = (await cloud.client.get('/api/v1/till-alerts?open=true')) as {
      alerts: { tillCode: string; kind: string; detail: { journalId: string; otherJournalId: string } }[];
    };
    const { detail } = alerts.find(({ tillCode, kind }) => tillCode === code && kind === 'cloned')!;
    expect(detail.otherJournalId).toBe(otherId);
    const { journalId } = detail;
    await cloud.client.post(`/api/v1/tills/${await idOf(code)}/resume`, {
      journalId,
      reason: 'the till at the door',
    });
    await day(folder, 1);
    expect((await salesOf(code)).ids).toBe(6);
    const again = await openTill(clone, { openPrinter: null, ready: false });
    await until(() => again.till.link!.status.state === 'refused', 'the clone stays out');
    await again.stop();
  });
});

describe('a disk that is rescued', () => {
  test('of a till that was cut off: refused without a ticket; with one its 3 entries arrive, and with nothing left it says so', async () => {
    const code = aCode();
    const folder = await aTillFolder(cloud, { code });
    await day(folder, 1);
    await day(folder, 3, false);
    const tillId = await idOf(code);
    await cloud.client.post(`/api/v1/tills/${tillId}/revoke`, {});
    const facts = { folder, cloudUrl: null, patienceMs: 20_000 };
    expect(await rescue({ ...facts, ticket: null })).toMatchObject({ pushed: 0, left: 3, reason: 'revoked' });
    expect(await rescue({ ...facts, ticket: 'made-up' })).toMatchObject({
      pushed: 0,
      left: 3,
      reason: 'ticket',
    });
    const { ticket } = (await cloud.client.post(`/api/v1/tills/${tillId}/rescue-tickets`, {
      reason: 'the disk came back',
    })) as { ticket: string };
    expect(await rescue({ ...facts, ticket })).toMatchObject({ pushed: 3, left: 0, reason: null });
    expect(await rescue({ ...facts, ticket })).toMatchObject({ pushed: 0, left: 0 });
    expect((await salesOf(code)).ids).toBe(4);
    expect(await alertsOf(code)).toEqual(expect.arrayContaining(['revoked', 'rescued']));
  });

  test('of a till that another machine has replaced: the old disk proves itself by its old key, the new one numbers on', async () => {
    const code = aCode();
    const folder = await aTillFolder(cloud, { code });
    await day(folder, 2);
    await day(folder, 1, false);
    const tillId = await idOf(code);
    const { code: fresh } = (await cloud.client.post(`/api/v1/tills/${tillId}/enrolment-codes`, {})) as {
      code: string;
    };
    const other = path.join(cloud.folder, 'other-machine');
    await enrolTill({
      folder: other,
      cloudUrl: cloud.url,
      code: fresh,
      clock: systemClock,
      chance: systemChance,
    });
    await day(other, 1);
    expect((await salesOf(code)).receipts).toContain(`${code}-000003`);
    const facts = { folder, cloudUrl: null, patienceMs: 20_000 };
    expect(await rescue({ ...facts, ticket: null })).toMatchObject({ left: 1, reason: 'bad_signature' });
    const { ticket } = (await cloud.client.post(`/api/v1/tills/${tillId}/rescue-tickets`, {
      reason: 'replaced',
    })) as { ticket: string };
    expect(await rescue({ ...facts, ticket })).toMatchObject({ pushed: 1, left: 0 });
    expect((await salesOf(code)).ids).toBe(4);
    // The new machine goes on as if nothing had been.
    await day(other, 1);
    expect((await salesOf(code)).ids).toBe(5);
  });
});
