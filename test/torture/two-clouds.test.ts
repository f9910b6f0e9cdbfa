/** Two real cloud processes on one PostgreSQL, tills on both: what one hears the other knows, and one that is killed loses nothing. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../cloud/db/db.ts';
import { embeddedBinaries, openEmbedded } from '../../cloud/db/embedded.ts';
import { provePurchases } from '../../cloud/segments/rollup.ts';
import { followsPinned, welcomeStatement } from '../../src/protocol/trust.ts';
import { verifyEd25519 } from '../../src/till/identity.ts';
import { cloudClient, putWorld } from '../../src/tools/cloud-client.ts';
import { smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aRawTill, type RawTill } from '../kit/raw-till.ts';
import { until } from '../kit/until.ts';
import { type Process, startCloudOn } from './processes.ts';

describe.skipIf(embeddedBinaries() === null)('two cloud processes', () => {
  const folder = aFolder();
  const world = smallWorld();
  let db: Db;
  let first: Process & { url: string };
  let second: Process & { url: string };
  let token: string;
  let url: string;
  let data: string;
  let one: RawTill;
  let two: RawTill;
  const viaOf = ({ url }: { url: string }) =>
    ({ url, client: cloudClient(url, token) }) as unknown as TestCloud;
  const sales = async () => (await db.query<{ n: number }>('select count(*) as n from sale'))[0]!.n;
  const isBooked = async () =>
    (await db.query('select 1 from books_cursor where through_seq < head_seq')).length === 0;

  beforeAll(async () => {
    db = await openEmbedded(path.join(folder, 'db'));
    const [row] = await db.query<{ at: string }>("select current_setting('unix_socket_directories') as at");
    url = `postgres://counterfoil@localhost/postgres?host=${encodeURIComponent(row!.at)}`;
    data = path.join(folder, 'data');
    first = await startCloudOn(url, data);
    second = await startCloudOn(url, data);
    token = readFileSync(path.join(data, 'hq-token'), 'utf8').trim();
    await putWorld(viaOf(first).client, world);
    one = await aRawTill(viaOf(first), { code: 'P01' });
    two = await aRawTill(viaOf(second), { code: 'P02' });
  }, 120_000);
  afterAll(async () => {
    await first.kill();
    await second.stop();
    await db.close();
    removeFolder(folder);
  });

  test('a sale that one takes in is on the live stream of the other, and what one publishes goes to the tills of the other', async () => {
    const live = await fetch(new URL('/api/v1/live', second.url), {
      headers: { authorization: `Bearer ${token}` },
    });
    const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    const link = await two.connect({}, second.url);
    link.say({ t: 'pull', cursor: 0 });
    for (let more = true; more; ) {
      const page = await link.expect('feed');
      more = page.more;
      link.say({ t: 'pull', cursor: page.nextCursor });
    }
    one.appendSale();
    const other = await one.connect();
    await other.ask(one.pushOf(1));
    let heard = '';
    while (!heard.includes(one.saleId(1))) heard += (await reader.read()).value ?? '';
    expect(heard).toContain('event: sale');
    const item = { ...world.items[0]!, name: '新名' };
    await viaOf(first).client.put('/api/v1/items', { items: [item] });
    let told = '';
    while (!told.includes('新名')) {
      const page = await link.expect('feed');
      told += JSON.stringify(page.rows);
      link.say({ t: 'pull', cursor: page.nextCursor });
    }
    await reader.cancel();
    await Promise.all([link.hangUp(), other.hangUp()]);
  });

  test('a till that is connected to one is online at both, and at neither when it has gone', async () => {
    const onlineAt = async ({ url }: { url: string }) => {
      const { tills } = (await viaOf({ url }).client.get('/api/v1/tills')) as {
        tills: { code: string; online: boolean }[];
      };
      return tills.find(({ code }) => code === 'P02')!.online;
    };
    const link = await two.connect({}, second.url);
    await until(async () => (await onlineAt(first)) && (await onlineAt(second)), 'both know that it came');
    await link.hangUp();
    await until(async () => !(await onlineAt(first)) && !(await onlineAt(second)), 'both know that it went');
  });

  test('a till that says hello to the other process ends its line to the first', async () => {
    const old = await one.connect({}, first.url);
    const fresh = await one.connect({}, second.url);
    expect(await old.closed).toEqual({ code: 4409, reason: 'connected again' });
    await fresh.hangUp();
  });

  test('a third takes another key for HQ: lines to the first end, and the next welcome of both is proved by the new key', async () => {
    const isSigned = (publicKey: string, statement: Uint8Array, sig: string) =>
      verifyEd25519({ publicKey, statement, signature: Buffer.from(sig, 'base64') });
    const { tillId, journalId } = one;
    const shownAt = async (at: string) => {
      const nonce = randomBytes(24).toString('base64url');
      const link = await one.connect({ nonce }, at);
      const welcome = link.welcome!;
      const { cloudId, ackedSeq, ackedHash, cloudKey, sig } = welcome;
      const statement = welcomeStatement({ nonce, cloudId, tillId, journalId, ackedSeq, ackedHash });
      expect(isSigned(cloudKey!, statement, sig!)).toBe(true);
      return { link, welcome };
    };
    const before = await shownAt(first.url);
    const third = await startCloudOn(url, data, ['--change-key']);
    expect(await before.link.closed).toEqual({ code: 4410, reason: 'HQ has another key' });
    const pinned = before.welcome.cloudKey!;
    for (const at of [first.url, second.url]) {
      let shown = await shownAt(at);
      // The second may hear of it a moment later.
      await until(async () => {
        await shown.link.hangUp();
        shown = await shownAt(at);
        return shown.welcome.cloudKey !== pinned;
      }, 'the new key');
      await shown.link.hangUp();
      const { cloudId, cloudKey, keyChain } = shown.welcome;
      expect(followsPinned({ cloudId, pinned, shown: cloudKey! }, keyChain!, isSigned)).toBe(true);
    }
    await third.stop();
  });

  test('killed -9 under its till: the till goes on at the other, nothing is lost or doubled, books and jobs go on', async () => {
    await until(
      async () => (await db.query("select 1 from job_run where outcome = 'running'")).length === 0,
      'jobs are done',
    );
    const runs = await db.query<{ runs: number }>(
      'select count(*) as runs from job_run r join job j using (name) where j.through_on is not null group by name',
    );
    // Both keep the schedule; each job of the day was run by one of them.
    expect(runs.map(({ runs: count }) => count)).toEqual(runs.map(() => 1));
    const member = world.members[0]!.id;
    for (let index = 0; index < 300; index++) one.appendSale({ memberId: member });
    const before = await sales();
    const link = await one.connect({}, first.url);
    // Its answer may never come: what is committed is committed, what is not comes again.
    link.say(one.pushOf(2, 151));
    await until(async () => (await sales()) > before, 'the push is committed');
    await first.kill();
    await link.closed;
    const again = await one.connect({}, second.url);
    expect(again.welcome!.ackedSeq).toBe(151);
    await again.ask(one.pushOf(2, 301));
    await again.hangUp();
    expect(await sales()).toBe(before + 300);
    await until(isBooked, 'the other process books what the dead one took in');
    expect(await db.query('select 1 from quarantine')).toEqual([]);
    expect((await provePurchases(db)).differences).toBe(0);
    await viaOf(second).client.post('/api/v1/jobs/prove-ledgers/run', {});
    await until(
      async () =>
        (await db.query("select 1 from job_run where name = 'prove-ledgers' and asked and outcome = 'done'"))
          .length === 1,
      'the other process runs the job',
    );
  });

  test('killed -9 in the middle of a job: the next process takes the job up, and 1,500 members get their 10 points once each', async () => {
    const when = { kind: 'dates', spans: [{ from: '2000-01-01', to: '2099-12-31' }] };
    const benefit = { id: 'all', name: 'All', when, tiers: null, give: { points: 10 }, active: true };
    await viaOf(second).client.put('/api/v1/benefits', benefit);
    await db.query(
      `insert into member (member_id, tier_id, data, updated_at)
       select 'z-' || lpad(n::text, 4, '0'), (select min(tier_id) from tier), '{}', now() from generate_series(1, 1500) n`,
    );
    const members = (await db.query<{ n: number }>('select count(*) as n from member'))[0]!.n;
    const outcomes = async () =>
      (
        await db.query<{ outcome: string }>(
          "select outcome from job_run where name = 'give-benefits' and asked order by run_no",
        )
      ).map(({ outcome }) => outcome);
    const given = async () =>
      (await db.query<{ n: number }>("select count(*) as n from benefit_grant where benefit_id = 'all'"))[0]!
        .n;
    // A thousand are one transaction: the second one waits for this row, and there it is killed.
    await db.transaction(async (tx) => {
      await tx.query("insert into benefit_grant values ('z-1400', 'all', '2000-01-01', '2000-01-01', now())");
      await viaOf(second).client.post('/api/v1/jobs/give-benefits/run', {});
      await until(async () => (await given()) === 1_000, 'the first thousand are given');
      expect(await outcomes()).toEqual(['running']);
      await second.kill();
      await tx.query("delete from benefit_grant where member_id = 'z-1400'");
    });
    expect(await given()).toBe(1_000);
    second = await startCloudOn(url, data);
    // Nobody asks again: the job was asked for, and its runner is silent for twelve seconds.
    await until(async () => (await given()) === members, 'the next process gives the rest', 60_000);
    await until(async () => !(await outcomes()).includes('running'), 'the run ends');
    expect((await outcomes())[0]).toBe('lost');
    const [sum] = await db.query<{ entries: number; holders: number; points: number }>(
      `select count(*) as entries, count(distinct holder_id) as holders, sum(points)::bigint as points from ledger_entry
       where entry_id like '%benefit:all:%'`,
    );
    expect(sum).toEqual({ entries: members, holders: members, points: members * 10 });
  }, 90_000);
});
