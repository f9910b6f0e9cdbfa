/** Presence of tills over processes: what the table puts right when a signal was missed or a process died. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { makeSignals } from '../../../cloud/signal.ts';
import { Presence } from '../../../cloud/tills/presence.ts';
import { QUICK } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';

let db: Db;
let nowMs = 0;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
beforeAll(async () => {
  db = await openTestDb(QUICK);
});
afterAll(() => db.close());
beforeEach(async () => {
  nowMs = 1_795_250_460_000;
  await db.query('delete from cloud_process');
});

function aProcess(name: string, signals = makeSignals()) {
  const tills = new Set<string>();
  const own = { isOnline: (tillId: string) => tills.has(tillId), tills: () => [...tills] };
  const presence = new Presence({ db, clock, signals, process: name, own, log: () => {} });
  return { tills, presence, signals };
}

test('what no signal told is in the table at the next beat', async () => {
  const [one, two] = [aProcess('one'), aProcess('two')];
  one.tills.add('t-1');
  await one.presence.exchange();
  expect(two.presence.isOnline('t-1')).toBe(false);
  await two.presence.exchange();
  expect([two.presence.isOnline('t-1'), two.presence.isOnline('t-2')]).toEqual([true, false]);
  one.tills.delete('t-1');
  await one.presence.exchange();
  await two.presence.exchange();
  expect(two.presence.isOnline('t-1')).toBe(false);
});

test('tills of a process that is silent for 15 seconds are not connected, and its row goes', async () => {
  const [one, two] = [aProcess('one'), aProcess('two')];
  one.tills.add('t-1');
  await one.presence.exchange();
  await two.presence.exchange();
  nowMs += 14_999;
  expect(two.presence.isOnline('t-1')).toBe(true);
  nowMs += 2;
  expect(two.presence.isOnline('t-1')).toBe(false);
  await two.presence.exchange();
  expect(await db.query('select process from cloud_process')).toEqual([{ process: 'two' }]);
});

test('a till that came is told before what else is new about it; said again it is told once', async () => {
  const said: string[] = [];
  const { tills, presence, signals } = aProcess('one');
  signals.on('presence', ({ tillId, isHere }) => said.push(`${tillId} ${isHere}`));
  presence.start();
  tills.add('t-1');
  signals.emit('till', { tillId: 't-1' });
  signals.emit('till', { tillId: 't-1' });
  tills.delete('t-1');
  signals.emit('till', { tillId: 't-1' });
  await presence.close();
  expect(said).toEqual(['t-1 true', 't-1 false']);
  expect(await db.query('select process from cloud_process')).toEqual([]);
});
