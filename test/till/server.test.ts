/** The loopback server: who may come in, and what stays out of reach. */
import { createConnection } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { serveTill } from '../../src/till/server.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill, TOKEN } from '../kit/till.ts';
import { TillClient } from '../kit/till-client.ts';

let cloud: TestCloud;
let till: TestTill;
let port: number;
beforeAll(async () => {
  cloud = await openCloud(QUICK, { world: null });
  const { smallWorld } = await import('../kit/cloud.ts');
  await cloud.client.put('/api/v1/stores', { stores: smallWorld().stores });
  till = await openTill(await aTillFolder(cloud, { code: 'W01' }), { openPrinter: null });
  port = till.server.port;
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});

/** One request, byte for byte; resolves with all that came back. */
function rawRequest(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (bytes) => {
      got += bytes.toString('latin1');
    });
    socket.on('close', () => resolve(got));
    socket.on('error', reject);
  });
}

const get = (target: string, headers: string[] = []) =>
  rawRequest(
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`,
  );
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

const upgrade = (headers: string[], target = '/api') =>
  rawRequest(
    `GET ${target} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`,
  );

const stillServes = async () => expect(statusOf(await get('/healthz'))).toBe(200);

test('/healthz says who it is and how its line stands', async () => {
  const answer = await (await fetch(`http://127.0.0.1:${port}/healthz`)).json();
  expect(answer).toEqual({ ok: true, service: 'till', till: 'W01', sync: 'online' });
});

describe('the API socket', () => {
  test.each(['', 'wrong', TOKEN.slice(0, -1), `${TOKEN}x`])(
    'token %j is told 4401 and sees no view',
    async (token) => {
      const ws = new WebSocket(`ws://127.0.0.1:${port}/api`, [
        'counterfoil-till-1',
        ...(token === '' ? [] : [`token-${token}`]),
      ]);
      const messages: unknown[] = [];
      ws.on('message', (data) => messages.push(data));
      const code = await new Promise((resolve) => ws.once('close', resolve));
      expect([code, messages]).toEqual([4401, []]);
    },
  );

  test.each([
    ['another name for this machine (DNS rebinding)', 'Host: till.evil.example:4610'],
    ['no name', 'Host: '],
    ["the machine's address in the shop", 'Host: 192.168.1.20:4610'],
  ])('%s as Host is 403', async (_what, host) => {
    expect(statusOf(await upgrade([host, `Sec-WebSocket-Protocol: token-${TOKEN}`]))).toBe(403);
    expect(statusOf(await rawRequest(`GET / HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`))).toBe(403);
  });

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1'])(
    'Origin %s is 403, right token or not',
    async (origin) => {
      const headers = [
        `Host: 127.0.0.1:${port}`,
        `Origin: ${origin}`,
        `Sec-WebSocket-Protocol: token-${TOKEN}`,
      ];
      expect(statusOf(await upgrade(headers))).toBe(403);
    },
  );

  test('its own page, by either name, comes in', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const host = `${name}:${port}`;
      const client = await TillClient.connect(port, TOKEN, { Host: host, Origin: `http://${host}` });
      expect(client.view.till.code).toBe('W01');
      client.close();
    }
  });

  test('another path is 403, and a caller that hangs up in the middle harms nobody', async () => {
    expect(statusOf(await upgrade([`Host: 127.0.0.1:${port}`], '/other'))).toBe(403);
    for (let index = 0; index < 20; index++) {
      await new Promise<void>((resolve) => {
        const socket = createConnection(port, '127.0.0.1', () => {
          socket.write(`GET /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
          socket.resetAndDestroy();
        });
        socket.on('close', () => resolve());
        socket.on('error', () => {});
      });
    }
    await stillServes();
  });
});

describe('files', () => {
  test.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/../../../package.json',
    '/..\\..\\package.json',
    '/%00',
    '/%E0%A4%A',
    '/assets',
    '/nothing.js',
    '//',
    '//etc/passwd',
    '/%2f%2fetc/passwd',
    'http://[',
    '*',
  ])('%s is 404 or the page itself, never a file outside', async (target) => {
    const answer = await get(target);
    expect([200, 400, 404]).toContain(statusOf(answer));
    expect(answer).not.toContain('root:');
    expect(answer).not.toContain('"dependencies"');
    await stillServes();
  });

  test('every answer forbids framing, sniffing and foreign scripts', async () => {
    const { headers } = await fetch(`http://127.0.0.1:${port}/`);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});

test('a taken port is told in words, with what to do', async () => {
  await expect(serveTill(till.till, till.counter, { port, token: 'x' })).rejects.toThrow(
    /port \d+ is taken.*--port/,
  );
  expect(path.isAbsolute(till.folder)).toBe(true);
});
