/** A till shows what only HQ can have said and what HQ does not have: HQ believes it once. */
import { expect, test } from 'vitest';
import { ENGINES, type TestCloud, withCloud } from '../../kit/cloud.ts';
import { aRawTill, type RawTill } from '../../kit/raw-till.ts';
import { until } from '../../kit/until.ts';

const NONCE = { nonce: Buffer.alloc(24).toString('base64url') };

const wentBack = async ({ client }: TestCloud) => {
  const { alerts } = (await client.get('/api/v1/till-alerts')) as {
    alerts: readonly { kind: string; times: number; detail: { sign: string } }[];
  };
  const alert = alerts.find(({ kind }) => kind === 'hq_went_back');
  return alert === undefined ? null : { times: alert.times, sign: alert.detail.sign };
};

/** What HQ has signed for this till. */
async function words(till: RawTill): Promise<{ readonly mark: string; readonly acked: object }> {
  const line = await till.connect(NONCE);
  till.appendSales(2);
  const ack = await line.ask(till.pushOf(1));
  if (ack.t !== 'ack') throw new Error(`HQ answered ${ack.t}`);
  await line.hangUp();
  const { throughSeq: seq, hash, sig } = ack;
  return { mark: line.welcome!.mark!, acked: { journalId: till.journalId, seq, hash, sig } };
}

test.each(ENGINES.flatMap((engine) => [[engine, 'mark'] as const, [engine, 'head'] as const]))(
  'on %s, a lost %s: all lines begin anew once, however often a till that cannot go on says it again',
  async (engine, sign) => {
    await withCloud(engine, async (cloud) => {
      const [bystander, teller] = [await aRawTill(cloud), await aRawTill(cloud)];
      const { mark, acked } = await words(teller);
      const told = { ...NONCE, ...(sign === 'mark' ? { mark } : { acked }) };
      // The database of before: without the mark, without the till's entries.
      await cloud.db.query('delete from cloud_mark');
      if (sign === 'head') {
        await cloud.db.script('delete from sale; delete from journal_entry; delete from books_cursor');
        await cloud.db.query('update till set journal_id = null, acked_seq = 0, acked_hash = null');
      }
      const first = await bystander.connect();
      await teller.connect(told);
      expect((await first.closed).code).toBe(4410);
      await until(async () => (await wentBack(cloud)) !== null, 'the alert');
      expect(await wentBack(cloud)).toEqual({ times: 1, sign });
      const second = await bystander.connect();
      for (let n = 0; n < 3; n++) {
        const line = await teller.connect(told);
        await line.hangUp();
      }
      expect(await second.ask({ t: 'ping', unsent: 0 })).toMatchObject({ t: 'pong' });
      expect(await wentBack(cloud)).toEqual({ times: 1, sign });
      await second.hangUp();
    });
  },
);
