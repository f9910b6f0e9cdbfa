/**
 * Bench `lag`: from a sale's commit at a real till, over its line, to HQ's API showing it; an idle system, one sale at a time.
 */
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { openCloud, type TestCloud } from '../kit/cloud.ts';
import { aDemoSale, anId } from '../kit/sales.ts';
import { aTillFolder, openTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

/** What a person at HQ takes for "at once". */
const LIMIT_MS = 1_000;

export async function lag({ small }: BenchOptions): Promise<BenchResult> {
  const sales = small ? 10 : 300;
  const engine = embeddedBinaries() === null ? 'pglite' : 'pg';
  const cloud = await openCloud(engine);
  const { till, stop } = await openTill(await aTillFolder(cloud, { code: 'LG1' }), { openPrinter: null });
  try {
    await until(
      () => till.catalog.store !== null && till.link?.status.state === 'online',
      'the till is online',
    );
    const store = till.catalog.store!;
    const acked: number[] = [];
    const shown: number[] = [];
    for (let n = 1; n <= sales; n++) {
      const id = anId(7_000_000 + n);
      const sale = aDemoSale({ id, receiptSeq: n, tillCode: 'LG1', lines: 6 });
      const start = performance.now();
      const { entry } = till.commit({ kind: 'sale', body: sale }, store);
      await until(() => till.link!.ackedSeq >= entry.seq, 'HQ acknowledges');
      acked.push(performance.now() - start);
      await until(() => isShown(cloud, id), 'HQ shows it');
      shown.push(performance.now() - start);
    }
    const line = { bench: 'lag', other: LIMIT_MS, otherName: 'limit', unit: 'ms', better: 'lower' } as const;
    return {
      input: `${sales} sales of 6 lines, one after the other, ${engine}`,
      checksum: checksumOf([sales]),
      cases: [
        aCase({ ...line, case: 'shown p50', ours: quantile(shown, 0.5) }),
        aCase({ ...line, case: 'shown p95', ours: quantile(shown, 0.95) }),
        aCase({ ...line, case: 'acked p95', ours: quantile(acked, 0.95) }),
      ],
      notes: ['asked for every 5 ms, so that much of it is the asking'],
    };
  } finally {
    await stop();
    await cloud.close();
  }
}

async function isShown({ client }: TestCloud, saleId: string): Promise<boolean> {
  return client.get(`/api/v1/sales/${saleId}`).then(
    () => true,
    () => false,
  );
}
