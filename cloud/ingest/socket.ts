/**
 * The cloud's end of the sync socket: one session a connection, one message at a time.
 *
 * A session is `challenge → hello → welcome`, then pushes and pulls in any order. A till that connects again ends its
 * older connection. What a till says wrongly gets an `error` that names it; only a frame that is not ours closes the line.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { uuidV7 } from '../../src/core/id.ts';
import type { Chance, Clock, Sha256 } from '../../src/core/ports.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import type { Down, SyncErrorKind } from '../../src/protocol/down.ts';
import { DEFAULT_LIMITS, FRAME_BYTES_MAX, type Limits } from '../../src/protocol/limits.ts';
import { type Hello, helloStatement, type Lease, type Push, Up } from '../../src/protocol/up.ts';
import {
  LEASES_SINCE,
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
  SYNC_PATH,
  SYNC_SUBPROTOCOL,
} from '../../src/protocol/version.ts';
import { WIRE_OPEN, type Wire } from '../../src/protocol/wire.ts';
import type { Db } from '../db/db.ts';
import { feedAfter } from '../feed/feed.ts';
import { freezeLeases, grantLease, openOffers } from '../leases/leases.ts';
import type { Signals } from '../signal.ts';
import { noteSeen, type TillRecord, tillById } from '../tills/tills.ts';
import { ingestPush, journalHead, type PushError } from './ingest.ts';

export interface SyncParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sha256: Sha256;
  readonly signals: Signals;
  readonly cloudId: string;
  readonly limits?: Limits;
  readonly log: (text: string) => void;
}

export interface SyncServer {
  isOnline(tillId: string): boolean;
  close(): Promise<void>;
}

/** A connection that says nothing for this long is half-open: the till connects again. */
const SILENCE_MS_MAX = 45_000;
const HELLO_TIMEOUT_MS = 10_000;

export function serveSync(server: Server, parts: SyncParts): SyncServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SYNC_SUBPROTOCOL) ? SYNC_SUBPROTOCOL : false),
  });
  const sessions = openSessions(parts);
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Anybody may ask for anything: `//` is no path at all, and a caller may hang up while it is told so.
    if (URL.parse(request.url ?? '/', 'http://cloud')?.pathname !== SYNC_PATH) {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => sessions.accept(ws));
  };
  server.on('upgrade', onUpgrade);
  return {
    isOnline: sessions.isOnline,
    close: async () => {
      server.off('upgrade', onUpgrade);
      sessions.stop();
      for (const ws of sockets.clients) ws.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

/** The sessions of one cloud process, whatever their connections are made of. */
export interface Sessions {
  accept(wire: Wire): void;
  isOnline(tillId: string): boolean;
  stop(): void;
}

export function openSessions(parts: SyncParts): Sessions {
  const online = new Map<string, Session>();
  const stops = [
    parts.signals.on('revoked', ({ tillId }) => online.get(tillId)?.end('revoked')),
    parts.signals.on('recall', ({ tillId, key }) => online.get(tillId)?.recall(key)),
  ];
  return {
    accept: (wire) => new Session(wire, parts, online).open(),
    isOnline: (tillId) => online.has(tillId),
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

class Session {
  private readonly ws: Wire;
  private readonly parts: SyncParts;
  private readonly online: Map<string, Session>;
  private readonly nonce: string;
  private till: (TillRecord & { readonly journalId: string }) | null = null;
  /** What both sides speak. */
  private protocol = PROTOCOL_VERSION_MIN;
  private waitingCursor: number | null = null;
  private answeredCursor: number | null = null;
  private queue: Promise<void> = Promise.resolve();
  private closed = false;
  private timer: NodeJS.Timeout;
  private readonly stopFeed: () => void;

  constructor(ws: Wire, parts: SyncParts, online: Map<string, Session>) {
    this.ws = ws;
    this.parts = parts;
    this.nonce = Buffer.from(parts.chance.bytes(24)).toString('base64url');
    this.online = online;
    this.timer = setTimeout(() => ws.terminate(), HELLO_TIMEOUT_MS);
    this.stopFeed = parts.signals.on('feed', () => this.enqueue(() => this.answerPull()));
  }

  open(): void {
    this.ws.on('message', (data, isBinary) => this.receive(data, isBinary));
    this.ws.on('close', () => this.leave());
    // `close` follows; the reason is the other side's network, and the till connects again.
    this.ws.on('error', () => {});
    this.send({ t: 'challenge', nonce: this.nonce, cloudId: this.parts.cloudId });
  }

  end(kind: SyncErrorKind): void {
    this.fail(kind, MESSAGES[kind], false);
    this.ws.close(4403, kind);
  }

  /** Another till asks for what this one holds. */
  recall(key: string): void {
    if (this.protocol >= LEASES_SINCE) this.send({ t: 'recall', key });
  }

  private receive(data: Uint8Array, isBinary: boolean): void {
    this.touch();
    const frame = isBinary ? decodeFrame(data, Up) : null;
    if (frame === null || !frame.ok) {
      const what =
        frame === null ? 'text frame' : 'what' in frame.error ? frame.error.what : frame.error.kind;
      // A till of ours says nothing else, so it was the line: the same words may arrive whole the next time.
      this.fail('bad_frame', `this is not the sync language: ${what}`, true);
      this.ws.close(1008, 'bad_frame');
      return;
    }
    this.enqueue(() => this.handle(frame.value));
  }

  /** Messages are worked on in their order, one at a time. */
  private enqueue(work: () => Promise<void>): void {
    this.queue = this.queue.then(async () => {
      if (this.closed) return;
      try {
        await work();
      } catch (cause) {
        this.parts.log(`sync ${this.till?.tillId ?? 'new'}: ${(cause as Error).message}`);
        this.fail('internal', 'the cloud could not store this now; nothing is lost, send it again', true);
        this.ws.close(1011, 'internal');
      }
    });
  }

  private async handle(message: Up): Promise<void> {
    if (message.t === 'hello') return this.hello(message);
    if (this.till === null) return this.fail('hello_first', MESSAGES.hello_first, false);
    switch (message.t) {
      case 'push':
        return this.push(message, this.till);
      case 'pull':
        this.waitingCursor = message.cursor;
        return this.answerPull();
      case 'lease':
        return this.lease(message, this.till);
      case 'ping':
        await noteSeen(this.parts.db, {
          tillId: this.till.tillId,
          atMs: this.parts.clock.nowMs(),
          unsent: message.unsent,
        });
        this.parts.signals.emit('till', { tillId: this.till.tillId });
        return this.send({ t: 'pong', serverTimeMs: this.parts.clock.nowMs() });
    }
  }

  private async hello(hello: Hello): Promise<void> {
    const { db, sha256, cloudId, clock, signals } = this.parts;
    if (this.till !== null) return this.refuse('bad_frame', 'hello was said already: a line is one till');
    if (hello.protocol < PROTOCOL_VERSION_MIN || hello.protocol > PROTOCOL_VERSION) {
      return this.refuse(
        'version',
        `this cloud speaks protocol ${PROTOCOL_VERSION_MIN} to ${PROTOCOL_VERSION}`,
      );
    }
    const till = await tillById(db, hello.tillId);
    if (till === null || till.publicKey === null) return this.refuse('unknown_till');
    if (till.revoked) return this.refuse('revoked');
    const statement = helloStatement({ ...hello, nonce: this.nonce, cloudId });
    const key = createPublicKey({ key: Buffer.from(till.publicKey, 'base64'), format: 'der', type: 'spki' });
    if (!verify(null, statement, key, Buffer.from(hello.sig, 'base64'))) return this.refuse('bad_signature');
    const acked = await journalHead(db, sha256, hello);
    if (acked === null) return this.refuse('foreign');
    // Gone while we looked it up: `leave` has been, so nobody would ever take it off the list again.
    if (this.closed) return;
    this.till = { ...till, journalId: hello.journalId };
    this.protocol = Math.min(hello.protocol, PROTOCOL_VERSION);
    const older = this.online.get(till.tillId);
    this.online.set(till.tillId, this);
    older?.ws.close(4409, 'connected again');
    const unsent = Math.max(0, hello.headSeq - acked.seq);
    await noteSeen(db, { tillId: till.tillId, atMs: clock.nowMs(), unsent, appVersion: hello.appVersion });
    this.touch();
    this.send({
      t: 'welcome',
      protocol: this.protocol,
      cloudId,
      ackedSeq: acked.seq,
      ackedHash: acked.seq === 0 ? null : acked.hash,
      serverTimeMs: clock.nowMs(),
      limits: this.parts.limits ?? DEFAULT_LIMITS,
    });
    signals.emit('till', { tillId: till.tillId });
    await this.offerAgain(this.till);
  }

  /** Leases that may have been lost on the way; what an older journal of this till held stays reserved. */
  private async offerAgain(till: TillRecord & { readonly journalId: string }): Promise<void> {
    const { db } = this.parts;
    await freezeLeases(db, till.tillId, till.journalId);
    if (this.protocol < LEASES_SINCE) return;
    for (const offer of await openOffers(db, till)) this.send({ t: 'grant', ...offer });
  }

  private async lease(ask: Lease, till: TillRecord & { readonly journalId: string }): Promise<void> {
    const { db, clock, chance, signals } = this.parts;
    const nowMs = clock.nowMs();
    const { requestId, key } = ask;
    const granted = await grantLease(
      db,
      { ...ask, tillId: till.tillId, journalId: till.journalId },
      { leaseId: uuidV7(nowMs, chance.bytes(10)), nowMs },
    );
    if (granted.ok) return this.send({ t: 'grant', ...granted.value });
    const { free, holders } = granted.error;
    this.send({ t: 'refused', requestId, key, free });
    for (const tillId of holders) signals.emit('recall', { tillId, key });
  }

  private async push(push: Push, till: TillRecord & { readonly journalId: string }): Promise<void> {
    const { db, sha256, clock, signals } = this.parts;
    const facts = { ...push, tillId: till.tillId, journalId: till.journalId };
    const result = await ingestPush(db, sha256, facts, clock.nowMs());
    if (!result.ok) return this.refusePush(result.error);
    // After the commit, never before.
    this.send({ t: 'ack', throughSeq: result.value.head.seq, hash: result.value.head.hash });
    await noteSeen(db, { tillId: till.tillId, atMs: clock.nowMs(), unsent: push.unsent });
    if (result.value.saleIds.length > 0) signals.emit('sales', { saleIds: result.value.saleIds });
    signals.emit('entries', { tillId: till.tillId });
    signals.emit('till', { tillId: till.tillId });
  }

  private refusePush(error: PushError): void {
    const message = 'seq' in error ? `${MESSAGES[error.kind]} (entry ${error.seq})` : MESSAGES[error.kind];
    this.parts.log(`sync ${this.till?.tillId}: push refused: ${message}`);
    this.send({
      t: 'error',
      kind: error.kind,
      message,
      retry: error.kind === 'gap',
      ...(error.kind === 'gap' ? { ackedSeq: error.ackedSeq } : {}),
    });
  }

  private async answerPull(): Promise<void> {
    if (this.till === null || this.waitingCursor === null) return;
    const { feedRowsMax } = this.parts.limits ?? DEFAULT_LIMITS;
    const page = await feedAfter(this.parts.db, {
      storeId: this.till.storeId,
      cursor: this.waitingCursor,
      rowsMax: feedRowsMax,
    });
    // The first answer comes even without rows: it tells the till that it has everything there is.
    if (page.rows.length === 0 && this.answeredCursor === this.waitingCursor) return;
    this.answeredCursor = page.nextCursor;
    this.waitingCursor = null;
    this.send({ t: 'feed', rows: [...page.rows], nextCursor: page.nextCursor, more: page.more });
  }

  private refuse(kind: SyncErrorKind, message = MESSAGES[kind]): void {
    this.fail(kind, message, false);
    this.ws.close(4403, kind);
  }

  private fail(kind: SyncErrorKind, message: string, retry: boolean): void {
    this.send({ t: 'error', kind, message, retry });
  }

  private send(message: Down): void {
    if (this.ws.readyState === WIRE_OPEN) this.ws.send(encodeFrame(message));
  }

  private touch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.ws.terminate(),
      this.till === null ? HELLO_TIMEOUT_MS : SILENCE_MS_MAX,
    );
  }

  private leave(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.stopFeed();
    if (this.till === null || this.online.get(this.till.tillId) !== this) return;
    this.online.delete(this.till.tillId);
    this.parts.signals.emit('till', { tillId: this.till.tillId });
  }
}

const MESSAGES: Readonly<Record<SyncErrorKind, string>> = {
  bad_frame: 'this is not the sync language',
  unknown_till: 'this cloud knows no such till: enrol it with a code from HQ',
  revoked:
    'HQ has cut this till off: it goes on selling, but nothing of it is taken until it is enrolled again',
  bad_signature: 'the signature does not belong to this till: enrol it again if its disk was replaced',
  version: 'this till speaks another protocol version: update it',
  gap: 'entries are missing before this push',
  chain:
    'the hash chain is broken: the entries were changed on the way or on disk; run `counterfoil verify` on the till',
  forked: 'the cloud holds another entry under this number: the till was restored from an old copy; call HQ',
  foreign: 'these entries belong to another till',
  hello_first: 'say hello first',
  busy: 'the cloud is busy, come back',
  internal: 'the cloud failed',
};
