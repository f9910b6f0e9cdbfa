/**
 * HQ as a process of its own for bench `storm`: the bench forks it and asks it things, so that what it takes of memory and of
 * the processor is the gateway's alone. The database is a third process.
 */

import { putAll } from '../../src/tools/cloud-client.ts';
import { demoProgramme } from '../../src/tools/demo-world.ts';
import type { Engine } from '../kit/cloud.ts';
import { openCloud } from '../kit/cloud.ts';
import { addTills } from './ingest.ts';
import { benchMembers } from './traffic.ts';

/** What the bench asks; each is answered by one `GatewayAnswer`, in order. */
export type GatewayAsk =
  | { readonly do: 'open'; readonly engine: Engine; readonly members: number }
  | { readonly do: 'tills'; readonly tills: Parameters<typeof addTills>[1] }
  | { readonly do: 'memory' }
  /** When everything that follows from the entries is there. */
  | { readonly do: 'settled' }
  | { readonly do: 'sums' };

export interface GatewayAnswer {
  readonly url?: string;
  readonly cloudId?: string;
  readonly cloudKey?: string;
  /** Where the feed stands. */
  readonly feedPos?: number;
  /** Of this process after a collection, bytes. */
  readonly rss?: number;
  readonly heap?: number;
  readonly sums?: { readonly sales: number; readonly total: number; readonly seqs: number };
  readonly said?: readonly string[];
}

let cloud: Awaited<ReturnType<typeof openCloud>> | null = null;

process.on('message', (ask: GatewayAsk) => {
  answer(ask).then(
    (said) => process.send!(said),
    (cause: Error) => {
      console.error(cause);
      process.exit(1);
    },
  );
});

// The bench has done with it, or is gone itself.
process.once('disconnect', () => void cloud?.close());

async function answer(ask: GatewayAsk): Promise<GatewayAnswer> {
  if (ask.do === 'open') return open(ask.engine, ask.members);
  if (cloud === null) throw new Error('open comes first');
  switch (ask.do) {
    case 'tills':
      await addTills(cloud, ask.tills);
      return {};
    case 'memory': {
      // Twice: what the first frees of the system's own is given back by the second.
      for (let turn = 0; turn < 2; turn++) globalThis.gc!();
      const { rss, heapUsed: heap } = process.memoryUsage();
      return { rss, heap };
    }
    case 'settled':
      await cloud.books.settled();
      return {};
    case 'sums': {
      const [sums] = await cloud.db.query<{ sales: number; total: number; seqs: number }>(
        `select count(*) as sales, coalesce(sum(total_minor), 0)::bigint as total,
           (select coalesce(sum(acked_seq), 0)::bigint from till) as seqs from sale`,
      );
      return { sums: sums!, said: cloud.logs };
    }
  }
}

async function open(engine: Engine, members: number): Promise<GatewayAnswer> {
  cloud = await openCloud(engine);
  await putAll(cloud.client, 'members', benchMembers(members));
  await cloud.client.put('/api/v1/programme', demoProgramme());
  const [feed] = await cloud.db.query<{ pos: number }>('select max(pos) as pos from feed_row');
  const { url, cloudId, cloudKey } = cloud;
  return { url, cloudId, cloudKey: cloudKey.publicKey, feedPos: feed!.pos };
}
