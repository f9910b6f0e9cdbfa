/** Jobs on both stores: a month by the clock, days without HQ, one runner at a time, and a runner that dies in the middle. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../../../cloud/jobs/job.ts';
import { type JobState, Jobs } from '../../../cloud/jobs/jobs.ts';
import { proveLedgers } from '../../../cloud/loyalty/ledger-jobs.ts';
import { makeSignals } from '../../../cloud/signal.ts';
import { ENGINES, openCloud, type TestCloud, withCloud } from '../../kit/cloud.ts';
import { aFolder, removeFolder } from '../../kit/folder.ts';
import { balanceOf } from '../../kit/loyalty.ts';
import { fillReady } from '../../kit/ready-db.ts';
import { until } from '../../kit/until.ts';

const DAY_MS = 86_400_000;
/** 2027-02-01 09:00 in Shanghai. */
const START_MS = Date.UTC(2027, 1, 1, 1);
const NAMES = [
  ...['expire-coupons', 'expire-points', 'forget-members', 'give-benefits', 'lease-epochs', 'pay-referrals'],
  ...['prove-ledgers', 'prove-purchases', 'refresh-segments', 'retention', 'review-tiers', 'tag-by-segments'],
];

describe.each(ENGINES)('on %s', (engine) => {
  const folder = aFolder();
  let cloud: TestCloud;
  beforeAll(async () => {
    await fillReady(engine, path.join(folder, 'cloud'));
    // The stores are there, and with them the chain's midnight, before the first job plans its next run.
    await withCloud(engine, async () => {}, { folder, startMs: START_MS - 60_000 });
    cloud = await openCloud(engine, { folder, startMs: START_MS, world: null, onSchedule: true });
    await cloud.jobs.settled();
  });
  afterAll(async () => {
    await cloud.close();
    removeFolder(folder);
  });

  const get = <T>(path: string) => cloud.client.get(`/api/v1/${path}`) as Promise<T>;
  const put = (path: string, body: object) => cloud.client.put(`/api/v1/${path}`, body);
  const post = (path: string, body: object = {}) => cloud.client.post(`/api/v1/${path}`, body);
  const jobs = async () => (await get<{ jobs: JobState[] }>('jobs')).jobs;
  const job = async (name: string) => (await jobs()).find((one) => one.name === name)!;
  const runs = async (name: string) =>
    (
      await get<{ runs: { runNo: number; on: string; outcome: string; counts: Record<string, number> }[] }>(
        `jobs/${name}/runs?limit=200`,
      )
    ).runs;
  const days = async (count: number) => {
    for (let day = 0; day < count; day++) {
      cloud.clock.aheadMs += DAY_MS;
      await cloud.jobs.settled();
    }
  };
  const points = async (memberId: string) => (await balanceOf(cloud, memberId)).points;

  test('a new HQ has run each of its twelve jobs once, and says what comes next', async () => {
    const all = await jobs();
    expect(all.map(({ name }) => name)).toEqual(NAMES);
    expect(all.map(({ last }) => last?.outcome)).toEqual(NAMES.map(() => 'done'));
    expect(await job('expire-points')).toMatchObject({
      throughOn: '2027-02-01',
      nextAtMs: Date.UTC(2027, 1, 1, 16, 5),
      isAsked: false,
      failures: 0,
      last: { on: '2027-02-01', asked: false, counts: { accounts: 0 } },
    });
  });

  test('a month: points and coupons end on their day, the birthday of 29 February comes on the 28th, all once', async () => {
    await put('members', {
      members: [
        { id: 'jb-1', cardNo: 'JB1', name: '点点', phone: null, tierId: 'member', birthday: '1992-02-29' },
        { id: 'jb-2', cardNo: 'JB2', name: '圆圆', phone: null, tierId: 'member' },
      ],
    });
    await put('benefits', {
      ...{ id: 'bday', name: '生日', tiers: null, active: true, give: { points: 100 } },
      when: { kind: 'birthday', daysBefore: 0, daysAfter: 0 },
    });
    await put('benefits', {
      ...{ id: 'spring', name: '春节', tiers: null, active: true, give: { points: 7 } },
      when: { kind: 'dates', spans: [{ from: '2027-02-06', to: '2027-02-06' }] },
    });
    const lot = { key: 'lot', points: 40, reason: '补', expiresOn: '2027-02-10' };
    await post('members/jb-2/points/corrections', lot);
    await put('coupon-templates', {
      ...{ id: 'FEB', name: '二月券', valid: { days: 5 }, limits: {} },
      offer: {
        ...{ priority: 5, mode: 'compound', items: { all: true } },
        reward: { kind: 'order_off', off: { amountMinor: 100 } },
      },
    });
    await post('coupon-templates/FEB/issues', { key: 'feb', memberIds: ['jb-2'], on: '2027-02-01' });
    const rule = { source: 'tier', in: ['member'] };
    await post('segments', { name: '全部', note: '', rule });

    // Four days on, then HQ is away over the festival.
    await days(4);
    expect(await points('jb-2')).toBe(40);
    cloud.clock.aheadMs += 4 * DAY_MS;
    await cloud.jobs.settled();
    expect((await job('give-benefits')).throughOn).toBe('2027-02-09');
    expect((await runs('give-benefits')).map(({ on }) => on).slice(0, 5)).toEqual([
      ...['2027-02-09', '2027-02-08', '2027-02-07', '2027-02-06', '2027-02-05'],
    ]);
    // What is last alone is run once for all the days that were missed.
    expect((await runs('expire-points')).map(({ on }) => on).slice(0, 2)).toEqual([
      '2027-02-09',
      '2027-02-05',
    ]);
    expect([await points('jb-1'), await points('jb-2')]).toEqual([7, 47]);
    expect((await runs('expire-coupons')).find(({ on }) => on === '2027-02-09')!.counts).toEqual({
      coupons: 1,
    });

    await days(1);
    expect(await points('jb-2')).toBe(47);
    await days(1);
    expect(await points('jb-2')).toBe(7);
    expect((await runs('expire-points'))[0]).toMatchObject({ on: '2027-02-11', counts: { points: 40 } });

    for (let jump = 0; jump < 2; jump++) {
      cloud.clock.aheadMs += 10 * DAY_MS;
      await cloud.jobs.settled();
    }
    expect((await job('give-benefits')).throughOn).toBe('2027-03-03');
    expect([await points('jb-1'), await points('jb-2')]).toEqual([107, 7]);
    const given = await runs('give-benefits');
    expect(given.find(({ on }) => on === '2027-02-28')!.counts).toEqual({ benefits: 2, members: 1 });
    expect(new Set(given.map(({ on }) => on)).size).toBe(31);
    expect(await proveLedgers(cloud.db)).toMatchObject({ differences: [] });
    expect((await jobs()).flatMap(({ failures, last }) => [failures, last!.error])).toEqual(
      NAMES.flatMap(() => [0, null]),
    );
  });

  test('asked for, a job runs again and changes nothing; one that there is not is refused', async () => {
    const before = await job('give-benefits');
    expect(await post('jobs/give-benefits/run')).toEqual({ asked: true });
    await cloud.jobs.settled();
    const after = await job('give-benefits');
    expect(after.last).toMatchObject({
      asked: true,
      outcome: 'done',
      on: before.throughOn,
      counts: { members: 0 },
    });
    expect(after.last!.runNo).toBe(before.last!.runNo + 1);
    const page = await get<{ runs: unknown[]; nextCursor: string }>('jobs/give-benefits/runs?limit=3');
    expect([page.runs.length, page.nextCursor]).toEqual([3, String(after.last!.runNo - 2)]);
    await expect(post('jobs/dance/run')).rejects.toMatchObject({ status: 404, kind: 'unknown_job' });
    await expect(get('jobs/dance/runs')).rejects.toMatchObject({ status: 404 });
  });

  describe('several processes', () => {
    /** A process that shares the database: its own clock may stand where a test wants. */
    const another = (name: string, work: Job['work'], clock = cloud.clock) =>
      new Jobs({
        ...{ db: cloud.db, clock, signals: makeSignals(), log: () => {}, onSchedule: true },
        holder: name,
        jobs: [{ name: 'count', about: 'counts', schedule: { kind: 'every', everyMs: DAY_MS }, work }],
      });
    const standing = (ms: number) => ({ ...cloud.clock, nowMs: () => START_MS + ms });
    const add = (n: number) =>
      cloud.db.query('insert into witness_job values ($1) on conflict do nothing', [n]).then(() => {});

    beforeAll(async () => {
      await cloud.db.script(
        'create table witness_job (n int primary key); create table witness_run (holder text)',
      );
    });

    test('a runner that dies in the middle loses the job when its lease ends; the work is there once', async () => {
      const dead = { reached: false, end: () => {} };
      const first = another(
        'first',
        async () => {
          await cloud.db.query("insert into witness_run values ('first')");
          await add(1);
          dead.reached = true;
          // kill -9: it never says another word.
          return new Promise((resolve) => {
            dead.end = () => resolve({ rows: 99 });
          });
        },
        standing(0),
      );
      const second = another(
        'second',
        async () => {
          await cloud.db.query("insert into witness_run values ('second')");
          for (const n of [1, 2]) await add(n);
          return { rows: 2 };
        },
        standing(12_001),
      );
      await first.start();
      await until(() => dead.reached, 'the first runner is in the middle');
      // Twelve seconds of silence: before that nobody takes it.
      const early = another('early', () => Promise.reject(new Error('not yet')), standing(12_000));
      await early.settled();
      await second.settled();
      expect((await cloud.db.query('select * from witness_job order by n')).length).toBe(2);
      expect((await cloud.db.query('select holder from witness_run')).map(({ holder }) => holder)).toEqual([
        'first',
        'second',
      ]);
      // It was not dead but slow: what it says now ends nothing but its own run.
      dead.end();
      await first.close();
      const rows = await cloud.db.query(
        "select run_no, holder, outcome, counts from job_run where name = 'count' order by run_no",
      );
      expect(rows).toMatchObject([
        { run_no: 1, holder: 'first' },
        { run_no: 2, holder: 'second', outcome: 'done', counts: { rows: 2 } },
      ]);
      const [row] = await cloud.db.query<{ run_no: number; holder: null }>(
        "select * from job where name = 'count'",
      );
      expect(row).toMatchObject({ run_no: 2, holder: null, failures: 0 });
      await Promise.all([early.close(), second.close()]);
    });

    test('what fails is told and tried again after one minute, then two', async () => {
      let nowMs = cloud.clock.nowMs() + 2 * DAY_MS;
      let isBroken = true;
      const runner = another(
        'third',
        async () => {
          if (isBroken) throw new Error('disk full');
          return {};
        },
        { ...cloud.clock, nowMs: () => nowMs },
      );
      const state = async () =>
        (
          await cloud.db.query<{ failures: number; wait: number; error: string | null }>(
            `select failures, next_at as wait, r.error from job j join job_run r using (name, run_no) where name = 'count'`,
          )
        )[0]!;
      await runner.settled();
      expect(await state()).toEqual({ failures: 1, wait: nowMs + 60_000, error: 'disk full' });
      nowMs += 60_000;
      await runner.settled();
      expect(await state()).toEqual({ failures: 2, wait: nowMs + 120_000, error: 'disk full' });
      isBroken = false;
      nowMs += 120_000;
      await runner.settled();
      expect(await state()).toEqual({ failures: 0, wait: nowMs + DAY_MS, error: null });
      await runner.close();
    });

    test('four runners at once: each due run is run by one of them', async () => {
      let nowMs = cloud.clock.nowMs() + 10 * DAY_MS;
      let [active, most, ran] = [0, 0, 0];
      const runners = ['a', 'b', 'c', 'd'].map((name) =>
        another(
          name,
          async () => {
            most = Math.max(most, ++active);
            ran++;
            await cloud.db.query('select 1');
            active--;
            return {};
          },
          { ...cloud.clock, nowMs: () => nowMs },
        ),
      );
      for (let day = 0; day < 5; day++) {
        await Promise.all(runners.map((runner) => runner.settled()));
        nowMs += DAY_MS;
      }
      expect([most, ran]).toEqual([1, 5]);
      await Promise.all(runners.map((runner) => runner.close()));
    });
  });
});
