/** Long reads have their turns: two at once, one that fails passes on, and one whose asker hung up is never begun. */
import { fastify } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportTurns } from '../../cloud/hq/report-turns.ts';
import { until } from '../kit/until.ts';

const app = fastify({ forceCloseConnections: true });
const begun: string[] = [];
const ends = new Map<string, () => void>();
let aborted = 0;
let url: string;
beforeAll(async () => {
  reportTurns(app);
  app.addHook('onRequestAbort', async (_request) => void aborted++);
  app.get<{ Params: { name: string } }>('/api/v1/reports/:name', async ({ params: { name } }) => {
    begun.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    if (name === 'fails') throw new Error('no');
    return { name };
  });
  app.get('/api/v1/members', async () => ({ here: true }));
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

test('two at once; the third waits; others do not', async () => {
  const ask = (name: string, signal: AbortSignal | null = null) =>
    fetch(`${url}/api/v1/reports/${name}`, { signal }).then(
      ({ status }) => status,
      () => 'hung up',
    );
  const hangUp = new AbortController();
  const first = ask('fails');
  await until(() => begun.length === 1, 'the first has begun');
  const second = ask('b');
  await until(() => begun.length === 2, 'the second too');
  const left = ask('left', hangUp.signal);
  const last = ask('last');
  expect((await fetch(`${url}/api/v1/members`)).status).toBe(200);
  expect(begun).toEqual(['fails', 'b']);
  hangUp.abort();
  expect(await left).toBe('hung up');
  // The server hears of it over the socket.
  await until(() => aborted === 1, 'the server knows');
  ends.get('fails')!();
  expect(await first).toBe(500);
  await until(() => begun.length === 3, 'the next has its turn');
  ends.get('b')!();
  ends.get('last')!();
  expect([await second, await last]).toEqual([200, 200]);
  expect(begun).toEqual(['fails', 'b', 'last']);
});
