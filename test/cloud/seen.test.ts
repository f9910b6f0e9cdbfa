/** What pings say: written down for many tills at once, and never over what is newer. */
import { describe, expect, test } from 'vitest';
import { makeSignals } from '../../cloud/signal.ts';
import { SeenDesk } from '../../cloud/tills/seen-desk.ts';
import { ENGINES, type TestCloud, withCloud } from '../kit/cloud.ts';
import { aRawTill } from '../kit/raw-till.ts';
import { until } from '../kit/until.ts';

const READY = { score: 80, reasons: [{ kind: 'queue', points: 20 }] };

/** As the console's API says it. */
const tillOf = async ({ client }: TestCloud, tillId: string) => {
  const { tills } = (await client.get('/api/v1/tills')) as { tills: readonly { id: string }[] };
  return tills.find(({ id }) => id === tillId);
};

describe.each(ENGINES)('%s', (engine) => {
  test('pings of many tills are shown at HQ; one without readiness leaves what was said before', async () => {
    await withCloud(engine, async (cloud) => {
      const tills = [await aRawTill(cloud), await aRawTill(cloud), await aRawTill(cloud)];
      const lines = await Promise.all(tills.map((till) => till.connect()));
      for (const [index, line] of lines.entries()) {
        expect(await line.ask({ t: 'ping', unsent: 7, readiness: READY })).toMatchObject({ t: 'pong' });
        expect(await line.ask({ t: 'ping', unsent: index })).toMatchObject({ t: 'pong' });
      }
      for (const [unsent, { tillId }] of tills.entries()) {
        await expect
          .poll(() => tillOf(cloud, tillId), { timeout: 10_000 })
          .toMatchObject({ unsent, readiness: READY });
      }
      await lines[1]!.ask({ t: 'ping', unsent: 9 });
      await expect
        .poll(() => tillOf(cloud, tills[1]!.tillId), { timeout: 10_000 })
        .toMatchObject({
          unsent: 9,
          readiness: READY,
        });
      await Promise.all(lines.map((line) => line.hangUp()));
    });
  });

  test('what a push says of the rest is newer than a ping that came before its ack', async () => {
    await withCloud(engine, async (cloud) => {
      const till = await aRawTill(cloud);
      const line = await till.connect();
      till.appendSales(2);
      await line.ask({ t: 'ping', unsent: 2, readiness: READY });
      expect(await line.ask(till.pushOf(1))).toMatchObject({ t: 'ack' });
      // The ping's readiness is there, so the ping was written down.
      await expect
        .poll(() => tillOf(cloud, till.tillId), { timeout: 10_000 })
        .toMatchObject({ readiness: READY });
      expect(await tillOf(cloud, till.tillId)).toMatchObject({ unsent: 0, headSeq: 2 });
      await line.hangUp();
    });
  });
});

test.skipIf(!ENGINES.includes('pg'))(
  'a till whose row is held is left out, the others do not wait for it',
  async () => {
    await withCloud('pg', async (cloud) => {
      const [held, free] = [await aRawTill(cloud), await aRawTill(cloud)];
      const signals = makeSignals();
      const told: string[] = [];
      signals.on('till', ({ tillId }) => told.push(tillId));
      const desk = new SeenDesk({ db: cloud.db, signals, log: (text) => told.push(text) });
      const heldRow = () => tillOf(cloud, held.tillId);
      await cloud.db.transaction(async (tx) => {
        await tx.query('select 1 from till where till_id = $1 for update', [held.tillId]);
        for (const { tillId } of [held, free]) desk.note({ tillId, atMs: Date.now(), unsent: 5 });
        await until(() => told.length === 2, 'both told');
        expect(await tillOf(cloud, free.tillId)).toMatchObject({ unsent: 5 });
        expect(await heldRow()).toMatchObject({ unsent: null });
      });
      desk.note({ tillId: held.tillId, atMs: Date.now(), unsent: 6 });
      await until(() => told.length === 3, 'told again');
      expect(await heldRow()).toMatchObject({ unsent: 6 });
      await desk.close();
      // After the end nothing is written down.
      desk.note({ tillId: held.tillId, atMs: Date.now(), unsent: 9 });
      expect(told).toEqual([held.tillId, free.tillId, held.tillId]);
    });
  },
);
