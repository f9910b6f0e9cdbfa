/**
 * The till's loopback server: its screens by HTTP, `TillApi` by WebSocket.
 *
 * Only this machine can reach it, only under its own name (Host), only from its own page (Origin), and the API only with
 * the token of this launch. Electron's window and a plain browser come the same way.
 *
 * The customer's page (`/display`) has a socket and a token of its own: it is told what is sold, and can call nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { PROMETHEUS_TYPE } from '../core/prometheus.ts';
import type { TillMethod } from './api.ts';
import type { Counter } from './counter.ts';
import { tillMetrics } from './metrics.ts';
import { PARAMS } from './params.ts';
import { errorOf } from './refusal.ts';
import { PATCHED_VIEWS, ScreenFeed, say, WHOLE_VIEWS } from './screen-feed.ts';
import type { Till } from './till.ts';

export interface TillServer {
  readonly port: number;
  /** With the token, for the browser's address bar. */
  readonly address: string;
  /** Of the customer's page, with its own token. */
  readonly customerAddress: string;
  close(): Promise<void>;
}

const PAGE_FOLDER = fileURLToPath(new URL('../../.build/till-ui', import.meta.url));
const CUSTOMER_SUBPROTOCOL = 'counterfoil-customer-1';
/** A call is a short text; a pasted file is not. */
const MESSAGE_BYTES_MAX = 64 * 1024;

export async function serveTill(
  till: Till,
  counter: Counter,
  options: { readonly port: number; readonly token: string },
): Promise<TillServer> {
  const http = createServer((request, response) => answer(request, response, counter));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    handleProtocols: (offered) => (offered.has(PATCHED_VIEWS) ? PATCHED_VIEWS : WHOLE_VIEWS),
  });
  const customers = new WebSocketServer({
    noServer: true,
    maxPayload: 1_024,
    handleProtocols: () => CUSTOMER_SUBPROTOCOL,
  });
  const feed = new ScreenFeed();
  // Whoever gets hold of the customer's address can look at the sale, and not sell.
  const customerToken = createHmac('sha256', options.token).update('customer').digest('hex');
  http.on('upgrade', (request, socket, head) => {
    // A caller that hangs up while it is refused is nobody's trouble.
    socket.on('error', () => {});
    const known = request.url === '/api' || request.url === '/customer';
    const problem = known ? refusalOf(request) : 'there is no such socket';
    if (problem !== null) {
      socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n${problem}\n`);
      return;
    }
    if (request.url === '/customer') {
      customers.handleUpgrade(request, socket, head, (ws) => {
        if (hasToken(request, customerToken)) show(ws, counter);
        else ws.close(4401, 'wrong token');
      });
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      // Told by a close code, since a page cannot see why a handshake failed.
      if (hasToken(request, options.token)) attend(ws, till, counter, feed);
      else ws.close(4401, 'wrong token');
    });
  });
  broadcastChanges(till, counter, sockets, feed);
  const port = await listen(http, options.port);
  counter.customerAddress = `/display#token=${customerToken}`;
  return {
    port,
    address: `http://127.0.0.1:${port}/#token=${options.token}`,
    customerAddress: `http://127.0.0.1:${port}${counter.customerAddress}`,
    close: async () => {
      for (const ws of [...sockets.clients, ...customers.clients]) ws.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function listen(http: ReturnType<typeof createServer>, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`port ${port} is taken by another program. Stop it, or choose another with --port.`, {
              cause,
            })
          : cause,
      );
    });
    http.listen(port, '127.0.0.1', resolve);
  });
  return (http.address() as AddressInfo).port;
}

// ---- the API socket ----

function attend(ws: WebSocket, till: Till, counter: Counter, feed: ScreenFeed): void {
  ws.on('error', () => {});
  ws.on('message', (data: Buffer) => void handle(ws, data.toString('utf8'), till, counter, feed));
  feed.show(ws, counter.view());
}

/** The customer's page is told; what it says is not listened to. */
function show(ws: WebSocket, counter: Counter): void {
  ws.on('error', () => {});
  ws.on(
    'close',
    counter.customer.watch((view) => say(ws, { view })),
  );
}

async function handle(
  ws: WebSocket,
  text: string,
  till: Till,
  counter: Counter,
  feed: ScreenFeed,
): Promise<void> {
  const request = parseRequest(text);
  if (request === null) {
    say(ws, { id: 0, error: { kind: 'bad_request', what: 'a call is {id, method, params}' } });
    return;
  }
  const { id, method, params } = request;
  const checked = Object.hasOwn(PARAMS, method) ? PARAMS[method as TillMethod].safeParse(params) : null;
  if (checked === null || !checked.success) {
    const what = checked === null ? `no method ${method}` : (checked.error.issues[0]?.message ?? 'params');
    say(ws, { id, error: { kind: 'bad_request', what } });
    return;
  }
  try {
    const call = counter.api[method as TillMethod] as (p: unknown) => Promise<unknown>;
    feed.answer(ws, id, await call(checked.data));
  } catch (cause) {
    say(ws, { id, error: errorOf(cause, till.config.log) });
  }
}

function parseRequest(text: string): { id: number; method: string; params: unknown } | null {
  try {
    const { id, method, params } = JSON.parse(text) as { id: unknown; method: unknown; params: unknown };
    return typeof id === 'number' && typeof method === 'string' ? { id, method, params: params ?? {} } : null;
  } catch {
    return null;
  }
}

/** Many changes of one turn are one push. */
function broadcastChanges(till: Till, counter: Counter, sockets: WebSocketServer, feed: ScreenFeed): void {
  let due = false;
  till.watch(() => {
    if (due || sockets.clients.size === 0) return;
    due = true;
    setImmediate(() => {
      due = false;
      try {
        const view = counter.view();
        for (const ws of sockets.clients) feed.show(ws, view);
      } catch (cause) {
        // Nobody waits for a push, so nobody would catch this: the next change shows the till as it is.
        errorOf(cause, till.config.log);
      }
    });
  });
}

// ---- who may come in ----

const OWN_NAME = /^(?:127\.0\.0\.1|localhost):\d+$/;

/** @returns null when host and origin are this till's own, else what is wrong */
function refusalOf(request: IncomingMessage): string | null {
  const { host, origin } = request.headers;
  if (!OWN_NAME.test(host ?? '')) return 'this till answers to 127.0.0.1 and localhost only';
  if (origin !== undefined && origin !== `http://${host}`) return "this page is not the till's own";
  return null;
}

/** The token travels as a subprotocol: not in the address, so not in any log. */
function hasToken(request: IncomingMessage, token: string): boolean {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  const given = offered.find((part) => part.startsWith('token-'))?.slice('token-'.length) ?? '';
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

// ---- pages ----

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.json': 'application/json',
};

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
};

function answer(request: IncomingMessage, response: ServerResponse, counter: Counter): void {
  const { till } = counter;
  const problem = refusalOf(request);
  if (problem !== null) return reply(response, 403, 'text/plain', problem);
  const pathname = pathOf(request);
  if (pathname === null) return reply(response, 404, 'text/plain', 'not found');
  if (pathname === '/healthz') {
    const { status } = till.link ?? { status: { state: 'offline' } };
    const health = { ok: true, service: 'till', till: till.identity.tillCode, sync: status.state };
    return reply(response, 200, 'application/json', JSON.stringify(health));
  }
  if (pathname === '/metrics') return reply(response, 200, PROMETHEUS_TYPE, tillMetrics(till));
  if (pathname === '/display/idle') return replyPicture(response, counter.customer.idlePicture());
  const page = PAGES[pathname] ?? decodePath(pathname);
  const file = path.normalize(path.join(PAGE_FOLDER, page));
  if (!file.startsWith(PAGE_FOLDER + path.sep)) return reply(response, 404, 'text/plain', 'not found');
  if (!existsSync(PAGE_FOLDER)) {
    return reply(response, 503, 'text/plain', 'The screens are not built: run `node setup.cjs --ready`.');
  }
  const body = readOrNull(file);
  if (body === null) return reply(response, 404, 'text/plain', 'not found');
  reply(response, 200, TYPES[path.extname(file)] ?? 'application/octet-stream', body);
}

const PAGES: Readonly<Record<string, string>> = { '/': 'index.html', '/display': 'display.html' };

/** The shop's own picture for the customer's screen. */
function replyPicture(response: ServerResponse, file: string | null): void {
  const body = file === null ? null : readOrNull(file);
  if (body === null) return reply(response, 404, 'text/plain', 'not found');
  reply(response, 200, TYPES[path.extname(file!)]!, body);
}

function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

/** null: no path at all, such as `//`, which any page on this machine can ask for. */
function pathOf(request: IncomingMessage): string | null {
  return URL.parse(request.url ?? '/', 'http://till')?.pathname ?? null;
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname).replaceAll('\0', '');
  } catch {
    return 'index.html';
  }
}

function reply(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  const cache = type.startsWith('text/html') ? 'no-cache' : 'max-age=86400';
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'cache-control': cache });
  response.end(body);
}
