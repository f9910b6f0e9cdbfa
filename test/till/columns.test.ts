/** How entries travel: in columns to who reads them, as texts to an older HQ, and to one that once made other texts of columns. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Push } from '../../src/protocol/up.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { greeting, SilentCloud } from '../kit/silent-cloud.ts';
import { aTillFolder, openTill, sell } from '../kit/till.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let folder: string;
let texts: string[];
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  folder = await aTillFolder(cloud, { code: 'W1' });
  const till = await openTill(folder, { openPrinter: null });
  const client = await till.client();
  for (const skus of [['T1001'], ['T1001', 'T1002'], ['T1003']]) await sell(client, skus);
  await until(() => till.till.link!.ackedSeq === till.till.journal.head.seq, 'HQ has all');
  texts = [...till.till.journal.read(1, 99)].map(({ text }) => text);
  await till.stop();
});
afterAll(() => cloud.close());

test('HQ has the texts of the till, byte for byte', async () => {
  const rows = await cloud.db.query<{ text: string }>(
    'select text from journal_entry e join till t using (till_id) where t.code = $1 order by seq',
    ['W1'],
  );
  expect(rows.map(({ text }) => text)).toEqual(texts);
});

/** A till with everything still to send, before a cloud of a few words. @returns its pushes, and how each travelled */
async function pushesTo(
  answer: SilentCloud['answer'],
  count: number,
): Promise<{ readonly pushes: Push[]; readonly ways: string[] }> {
  const silent = new SilentCloud(cloud.cloudId);
  silent.answer = (message, say, hangUp) => {
    const as = { cloudId: cloud.cloudId, key: cloud.cloudKey };
    if (message.t === 'hello' && message.protocol <= speaks) say(greeting(message, as, { ackedSeq: 0 }));
    else answer(message, say, hangUp);
  };
  const till = await openTill(folder, { openPrinter: null, connect: silent.connect, ready: false });
  await until(() => silent.heardOf('push').length >= count, 'it pushes');
  await till.stop();
  const frames = silent.frames.filter(({ t }) => t === 'push');
  return {
    pushes: silent.heardOf('push').slice(0, count),
    ways: frames.slice(0, count).map((frame) => ('folded' in frame ? 'columns' : 'texts')),
  };
}

let speaks = 4;

test.each([
  [4, 'columns'],
  [3, 'texts'],
])('before an HQ that speaks %i entries travel as %s and are the same', async (protocol, way) => {
  speaks = protocol;
  const refuse: SilentCloud['answer'] = (message, say, hangUp) => {
    if (message.t !== 'hello') return;
    say({ t: 'error', kind: 'version', message: 'older', retry: false });
    hangUp();
  };
  const { pushes, ways } = await pushesTo(refuse, 1);
  expect(ways).toEqual([way]);
  expect(pushes[0]!.entries).toEqual(texts);
});

test('an HQ that made other texts of columns is told the texts themselves', async () => {
  speaks = 4;
  const { pushes, ways } = await pushesTo((message, say) => {
    if (message.t === 'push') say({ t: 'error', kind: 'chain', message: 'hash', retry: false });
  }, 2);
  expect(ways).toEqual(['columns', 'texts']);
  expect(pushes[1]).toEqual({ ...pushes[0], isCanonical: undefined });
});
