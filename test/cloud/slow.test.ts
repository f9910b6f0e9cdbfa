/** Lines that bring a request slower than it may come: answered 408 and cut off, while others are served. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await openCloud(QUICK, {
    world: null,
    patience: { requestMs: 600, headMs: 300, lookEveryMs: 50 },
  });
});
afterAll(() => cloud.close());

/** Sends a piece each 40 ms until the line is cut. @returns what came back */
function trickle(first: string, piece: string): Promise<string> {
  return new Promise((resolve) => {
    const line: Socket = connect(Number(new URL(cloud.url).port), '127.0.0.1');
    let said = '';
    line.write(first);
    const timer = setInterval(() => line.write(piece), 40);
    line.on('data', (bytes) => {
      said += bytes.toString('latin1');
    });
    // A cut line fails the piece that is on its way.
    line.on('error', () => {});
    line.on('close', () => {
      clearInterval(timer);
      resolve(said);
    });
  });
}

const head = (length: number) =>
  `POST /api/v1/members/search HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${cloud.token}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

test('fifty heads that trickle in, a header at a time, are cut off; somebody else is served meanwhile', async () => {
  const cut = Promise.all(
    Array.from({ length: 50 }, () => trickle('GET /healthz HTTP/1.1\r\nhost: x\r\n', 'x-a: b\r\n')),
  );
  expect((await fetch(`${cloud.url}/healthz`)).status).toBe(200);
  const said = await cut;
  expect(said.filter((text) => text.startsWith('HTTP/1.1 408'))).toHaveLength(50);
});

test('a body that trickles in is cut off, and nothing of it is done', async () => {
  const said = await trickle(head(1_000_000), '{');
  expect(said).toMatch(/^HTTP\/1\.1 408|^$/);
  expect(await cloud.db.query("select 1 from audit_entry where route like '%members%'")).toEqual([]);
});

test('a body longer than it says is not read on: what follows is another request, and none that HQ knows', async () => {
  const said = await trickle(`${head(2)}{}`, 'GARBAGE\r\n\r\n');
  expect(said).toMatch(/^HTTP\/1\.1 400/);
});

test('a head of 100 kB is 431, a body of 5 MB that says so is 413 before it came', async () => {
  expect(
    await trickle(`GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: ${'b'.repeat(100_000)}\r\n\r\n`, ''),
  ).toMatch(/^HTTP\/1\.1 431/);
  expect(await trickle(head(5_000_000), '')).toMatch(/^HTTP\/1\.1 413/);
});
