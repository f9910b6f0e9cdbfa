/**
 * `GET /metrics` of a till, on loopback like its page: queue, line to HQ, age of its data, printing, disk and process.
 */
import { statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { gauge, prometheusText } from '../core/prometheus.ts';
import type { Till } from './till.ts';

export function tillMetrics(till: Till): string {
  const { journal, link, state, identity, config } = till;
  const { folder, clock } = config;
  const asOfMs = state.number('data_as_of_ms');
  const till_ = { till: identity.tillCode, store: identity.storeId };
  const one = (value: number) => [{ labels: till_, value }];
  const { rss } = process.memoryUsage();
  return prometheusText([
    gauge('counterfoil_till_entries', 'Entries in the journal.', one(journal.head.seq)),
    gauge(
      'counterfoil_till_queue_entries',
      'Entries that HQ has not acknowledged.',
      one(link === null ? journal.head.seq : journal.head.seq - link.ackedSeq),
    ),
    gauge('counterfoil_till_online', '1 with a line to HQ.', one(link?.status.state === 'online' ? 1 : 0)),
    gauge(
      'counterfoil_till_data_age_seconds',
      'Since goods, members and rules were last known to be up to date.',
      asOfMs === null ? [] : one(Math.max(0, (clock.nowMs() - asOfMs) / 1_000)),
    ),
    gauge('counterfoil_till_feed_position', 'Place in the feed.', one(till.feed.cursor)),
    gauge(
      'counterfoil_till_journal_bytes',
      'Size of journal.db.',
      one(bytesOf(path.join(folder, 'journal.db'))),
    ),
    gauge('counterfoil_till_shop_bytes', 'Size of shop.db.', one(bytesOf(path.join(folder, 'shop.db')))),
    gauge('counterfoil_till_disk_free_bytes', 'Free on the disk of the folder.', one(freeBytes(folder))),
    gauge('counterfoil_till_resident_bytes', 'Memory of the process.', one(rss)),
  ]);
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
