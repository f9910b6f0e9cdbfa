/**
 * `GET /metrics` of HQ: tills, queues, ingest, books, feed, jobs, HTTP and the process, for Prometheus.
 *
 * Read when asked, in one go over small tables and indexes; no names of people, no figures of trade. Who may ask: the owner's
 * token, one of HQ's API tokens, or with `openOnLoopback` this machine.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { counter, gauge, type Metric, PROMETHEUS_TYPE, prometheusText } from '../../src/core/prometheus.ts';
import type { Db } from '../db/db.ts';
import type { HttpMeter } from './http-meter.ts';

export interface MetricsParts {
  readonly db: Db;
  readonly meter: HttpMeter;
  readonly version: string;
  readonly nowMs: () => number;
  readonly isOnline: (tillId: string) => boolean;
  readonly mayAsk: (request: FastifyRequest) => Promise<boolean>;
}

export function registerMetrics(app: FastifyInstance, parts: MetricsParts): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  app.addHook('onClose', async () => void delay.disable());
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!(await parts.mayAsk(request))) {
      return reply.status(401).type('text/plain').send('metrics are for who has a token of this HQ\n');
    }
    const metrics = [
      ...(await databaseMetrics(parts)),
      ...parts.meter.metrics(),
      ...processMetrics(delay.percentile(99) / 1e9),
    ];
    delay.reset();
    return reply.type(PROMETHEUS_TYPE).send(prometheusText(metrics));
  });
}

interface TillRow {
  readonly tillId: string;
  readonly code: string;
  readonly storeId: string;
  readonly ackedSeq: number;
  readonly unsent: number | null;
  readonly seenMs: number | null;
}

async function databaseMetrics({ db, version, nowMs, isOnline }: MetricsParts): Promise<Metric[]> {
  const tills = await db.query<TillRow>(
    `select till_id as "tillId", code, store_id as "storeId", acked_seq as "ackedSeq", unsent, last_seen_at as "seenMs"
     from till where public_key is not null and revoked_at is null order by code`,
  );
  const [books] = await db.query<{ journals: number; entries: number }>(
    `select count(*) as journals, coalesce(sum(head_seq - through_seq), 0)::bigint as entries
     from books_cursor where through_seq < head_seq`,
  );
  const [rest] = await db.query<{ feed: number; quarantined: number; received: number }>(
    `select coalesce((select max(pos) from feed_row), 0)::bigint as feed, (select count(*) from quarantine) as quarantined,
       (select coalesce(sum(head_seq), 0)::bigint from books_cursor) as received`,
  );
  const labelled = (value: (till: TillRow) => number | null) =>
    tills.flatMap((till) => {
      const found = value(till);
      return found === null ? [] : [{ labels: { till: till.code, store: till.storeId }, value: found }];
    });
  return [
    gauge('counterfoil_info', 'Version and kind of database.', [
      { labels: { version, store: db.kind }, value: 1 },
    ]),
    gauge('counterfoil_tills', 'Tills that may sync.', tills.length),
    gauge(
      'counterfoil_sockets',
      'Tills connected to this process.',
      tills.filter(({ tillId }) => isOnline(tillId)).length,
    ),
    gauge(
      'counterfoil_till_unsent_entries',
      'Entries that a till had not sent when it last said so.',
      labelled(({ unsent }) => unsent),
    ),
    gauge(
      'counterfoil_till_silence_seconds',
      'Since a till was last heard of.',
      labelled(({ seenMs }) => (seenMs === null ? null : Math.max(0, (nowMs() - seenMs) / 1_000))),
    ),
    counter('counterfoil_entries_total', 'Journal entries on disk.', rest!.received),
    gauge('counterfoil_quarantined_entries', 'Entries that were set aside.', Number(rest!.quarantined)),
    gauge(
      'counterfoil_books_behind_entries',
      'Entries that are on disk and not yet in the books.',
      books!.entries,
    ),
    gauge('counterfoil_books_behind_journals', 'Journals whose books are behind.', Number(books!.journals)),
    counter('counterfoil_feed_position', 'Place of the newest feed row.', rest!.feed),
    ...(await jobMetrics(db, nowMs())),
  ];
}

async function jobMetrics(db: Db, nowMs: number): Promise<Metric[]> {
  const jobs = await db.query<{ name: string; failures: number; nextMs: number; doneMs: number | null }>(
    `select name, failures, next_at as "nextMs",
       (select max(ended_at) from job_run r where r.name = j.name and r.outcome = 'done') as "doneMs"
     from job j order by name`,
  );
  return [
    gauge(
      'counterfoil_job_failures',
      'Runs that failed since the last good one.',
      jobs.map(({ name, failures }) => ({ labels: { job: name }, value: failures })),
    ),
    gauge(
      'counterfoil_job_overdue_seconds',
      'How long a job has been due.',
      jobs.map(({ name, nextMs }) => ({
        labels: { job: name },
        value: Math.max(0, (nowMs - nextMs) / 1_000),
      })),
    ),
    gauge(
      'counterfoil_job_done_age_seconds',
      'Since its last good run.',
      jobs.flatMap(({ name, doneMs }) =>
        doneMs === null ? [] : [{ labels: { job: name }, value: (nowMs - doneMs) / 1_000 }],
      ),
    ),
  ];
}

function processMetrics(delaySeconds: number): Metric[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge('counterfoil_process_resident_bytes', 'Memory of this process.', rss),
    gauge('counterfoil_process_heap_bytes', 'JavaScript heap in use.', heapUsed),
    counter(
      'counterfoil_process_cpu_seconds_total',
      'Processor time of this process.',
      (user + system) / 1e6,
    ),
    gauge('counterfoil_event_loop_delay_p99_seconds', 'Since the last time this was asked.', delaySeconds),
  ];
}
