/**
 * The cloud's end of the sync socket: one session a connection, one message at a time.
 *
 * A session is `challenge → hello → welcome`, then pushes and pulls in any order. Pushes of all tills have their turns
 * (turns.ts); pings and the feed do not wait for them. A till that connects again ends its
 * older connection. What a till says wrongly gets an `error` that names it; only a frame that is not ours closes the line.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { uuidV7 } from '../../src/core/id.ts';
import type { Chance, Clock, Sha256 } from '../../src/core/ports.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import type { Down, SyncErrorKind } from '../../src/protocol/down.ts';
import {
  DEFAULT_LIMITS,
  FRAME_BYTES_MAX,
  HELLO_BYTES_MAX,
  type Limits,
  MESSAGE_BYTES_MAX,
} from '../../src/protocol/limits.ts';
import { ackStatement, grantStatement, welcomeStatement } from '../../src/protocol/trust.ts';
import { type Hello, type Lease, type Ping, type Probe, type Push, Up } from '../../src/protocol/up.ts';
import {
  LEASES_SINCE,
  PROOF_SINCE,
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
  SYNC_PATH,
  SYNC_SUBPROTOCOL,
} from '../../src/protocol/version.ts';
import { WIRE_OPEN, type Wire } from '../../src/protocol/wire.ts';
import type { Db } from '../db/db.ts';
import { generationOf, isPlaceGood } from '../feed/compact.ts';
import { feedAfter } from '../feed/feed.ts';
import { freezeLeases, grantLease, type Offer, openOffers } from '../leases/leases.ts';
import type { Signals } from '../signal.ts';
import { type TillAlertKind, tellTillAlert } from '../tills/alerts.ts';
import type { CloudKey } from '../tills/cloud-key.ts';
import type { History } from '../tills/history.ts';
import { SeenDesk } from '../tills/seen-desk.ts';
import { noteHello } from '../tills/tills.ts';
import { FeedDesk } from './feed-desk.ts';
import { type Greeting, greet } from './greeting.ts';
import { ingestPush, type PushError } from './ingest.ts';
import { hashesOf, heldHead } from './journals.ts';
import { SYNC_WORDS } from './sync-words.ts';
import { type Turn, Turns } from './turns.ts';

export interface SyncParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sha256: Sha256;
  readonly signals: Signals;
  readonly cloudId: string;
  readonly cloudKey: CloudKey;
  readonly history: History;
  readonly limits?: Limits;
  readonly log: (text: string) => void;
}

export interface SyncServer {
  isOnline(tillId: string): boolean;
  /** Those that are connected to this process. */
  tills(): readonly string[];
  /** Every line ends: each till says hello again and is told what is new. */
  hangUpAll(why: string): void;
  /** Resolves when no till waits for its turn, after `msMax` all the same. */
  lull(msMax: number): Promise<void>;
  close(): Promise<void>;
}

/** A connection that says nothing for this long is half-open: the till connects again. */
const SILENCE_MS_MAX = 45_000;
const HELLO_TIMEOUT_MS = 10_000;
/** What may wait on one line: a till has one push and one pull under way, and some questions about leases. */
const WAITING_MESSAGES_MAX = 512;
const WAITING_BYTES_MAX = 2 * FRAME_BYTES_MAX;
/** A push that took longer is followed by smaller ones, one that took less by larger ones. */
const SLOW_PUSH_MS = 2_000;
const FAST_PUSH_MS = 500;
const BATCH_ENTRIES_MIN = 10;
/** A frame from here on is a push of many entries: it lies packed until its turn comes. */
const LARGE_FRAME_BYTES = 8 * 1024;

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
    tills: sessions.tills,
    hangUpAll: sessions.hangUpAll,
    lull: sessions.lull,
    close: async () => {
      server.off('upgrade', onUpgrade);
      await sessions.stop();
      for (const ws of sockets.clients) ws.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

/** The sessions of one cloud process, whatever their connections are made of. */
export interface Sessions {
  accept(wire: Wire): void;
  isOnline(tillId: string): boolean;
  /** Those that are connected to this process. */
  tills(): readonly string[];
  hangUpAll(why: string): void;
  lull(msMax: number): Promise<void>;
  stop(): Promise<void>;
}

export function openSessions(parts: SyncParts): Sessions {
  const online = new Map<string, Session>();
  const hangUpAll = (why: string) => {
    for (const session of online.values()) session.hangUp(why);
  };
  const shared = {
    online,
    feed: new FeedDesk(parts),
    turns: new Turns(parts.clock),
    seen: new SeenDesk(parts),
  };
  const stops = [
    parts.signals.on('revoked', ({ tillId }) => online.get(tillId)?.end('revoked')),
    parts.signals.on('recall', ({ tillId, key }) => online.get(tillId)?.recall(key)),
    parts.signals.on('session', ({ tillId, atMs }) => online.get(tillId)?.endIfBefore(atMs)),
    // Each says hello again and learns where HQ stands now.
    parts.signals.on('went_back', () => hangUpAll('HQ was put back')),
  ];
  return {
    accept: (wire) => new Session(wire, parts, shared).open(),
    isOnline: (tillId) => online.has(tillId),
    tills: () => [...online.keys()],
    hangUpAll,
    lull: (msMax) => shared.turns.lull(msMax),
    stop: async () => {
      for (const stop of stops) stop();
      shared.feed.stop();
      await shared.seen.close();
    },
  };
}

/** What the sessions of a process have in common. */
interface Shared {
  readonly online: Map<string, Session>;
  readonly feed: FeedDesk;
  readonly turns: Turns;
  readonly seen: SeenDesk;
}

class Session {
  private readonly ws: Wire;
  private readonly parts: SyncParts;
  private readonly shared: Shared;
  private readonly nonce: string;
  private greeting: Greeting | null = null;
  /** What both sides speak. */
  private protocol = PROTOCOL_VERSION_MIN;
  private waiting: { readonly cursor: number; readonly generation?: string | undefined } | null = null;
  private answeredCursor: number | null = null;
  private queue: Promise<void> = Promise.resolve();
  private pings: Promise<void> = Promise.resolve();
  private queued = { messages: 0, bytes: 0 };
  private batchEntriesMax: number;
  private closed = false;
  private helloAtMs = 0;
  private timer: NodeJS.Timeout;
  private stopFeed: (() => void) | null = null;
  /** That the push under way waits for. */
  private turn: Turn | null = null;
  /** A pull is being answered; `again`: something came meanwhile. */
  private answering: 'no' | 'yes' | 'again' = 'no';

  constructor(ws: Wire, parts: SyncParts, shared: Shared) {
    this.ws = ws;
    this.parts = parts;
    this.nonce = Buffer.from(parts.chance.bytes(24)).toString('base64url');
    this.shared = shared;
    this.batchEntriesMax = (parts.limits ?? DEFAULT_LIMITS).batchEntriesMax;
    this.timer = setTimeout(() => ws.terminate(), HELLO_TIMEOUT_MS);
  }

  open(): void {
    this.ws.on('message', (data, isBinary) => this.receive(data, isBinary));
    this.ws.on('close', () => this.leave());
    // `close` follows; the reason is the other side's network, and the till connects again.
    this.ws.on('error', () => {});
    this.send({ t: 'challenge', nonce: this.nonce, cloudId: this.parts.cloudId });
  }

  end(kind: SyncErrorKind): void {
    this.fail(kind, SYNC_WORDS[kind], false);
    this.ws.close(4403, kind);
  }

  /** The till goes on on another line. */
  endIfBefore(atMs: number): void {
    // Words of another process come late: a line that was opened since stays.
    if (this.helloAtMs < atMs) this.ws.close(4409, 'connected again');
  }

  hangUp(why: string): void {
    this.ws.close(4410, why);
  }

  /** Another till asks for what this one holds. */
  recall(key: string): void {
    if (this.protocol >= LEASES_SINCE && this.greeting?.rescued === false) this.send({ t: 'recall', key });
  }

  private receive(data: Uint8Array, isBinary: boolean): void {
    this.touch();
    if (this.closed) return;
    const { messages, bytes } = this.queued;
    if (messages >= WAITING_MESSAGES_MAX || bytes + data.length > WAITING_BYTES_MAX) {
      this.fail('busy', SYNC_WORDS.busy, true);
      this.ws.close(4429, 'busy');
      this.leave();
      this.tell('flood', { messages, bytes });
      return;
    }
    // A stranger waits for nothing.
    const isLarge = this.greeting !== null && isBinary && data.length >= LARGE_FRAME_BYTES;
    const message = isLarge ? null : this.read(data, isBinary);
    if (message === null && !isLarge) return;
    this.queued.messages++;
    this.queued.bytes += data.length;
    const taken = () => {
      this.queued.messages--;
      this.queued.bytes -= data.length;
    };
    if (message === null) {
      this.enqueue(() =>
        this.inTurn(false, taken, async () => {
          const read = this.read(data, isBinary);
          return read === null ? 0 : this.handle(read);
        }),
      );
    } else if (message.t === 'push') {
      this.enqueue(() => this.inTurn(message.unsent === 0, taken, () => this.handle(message)));
    } else {
      const work = () =>
        this.guarded(async () => {
          await this.handle(message);
        }).finally(taken);
      // A till whose push waits for its turn is told all the same that the line is up.
      if (message.t === 'ping' && this.greeting !== null) this.pings = this.pings.then(work);
      else this.queue = this.queue.then(work);
    }
  }

  /** @returns null when it is not ours; then the line ends */
  private read(data: Uint8Array, isBinary: boolean): Up | null {
    // A stranger's frame is small, also unpacked.
    const bytesMax = this.greeting === null ? HELLO_BYTES_MAX : MESSAGE_BYTES_MAX;
    const frame = isBinary ? decodeFrame(data, Up, bytesMax) : null;
    if (frame?.ok === true) return frame.value;
    const what = frame === null ? 'text frame' : 'what' in frame.error ? frame.error.what : frame.error.kind;
    // A till of ours says nothing else, so it was the line: the same words may arrive whole the next time.
    this.fail('bad_frame', `this is not the sync language: ${what}`, true);
    this.ws.close(1008, 'bad_frame');
    if (frame !== null && frame.error.kind === 'not_protocol') this.tell('bad_frame', { what });
    return null;
  }

  /** Waits for a turn. @param work says how many entries it was */
  private async inTurn(isLive: boolean, taken: () => void, work: () => Promise<number>): Promise<void> {
    const turn = this.shared.turns.ask(isLive);
    this.turn = turn;
    const isHere = await turn.come;
    this.turn = null;
    taken();
    let entries = 0;
    try {
      if (isHere && !this.closed) entries = await work();
    } finally {
      turn.done(entries);
    }
  }

  /** Messages are worked on in their order, one at a time. */
  private enqueue(work: () => Promise<void>): void {
    this.queue = this.queue.then(() => this.guarded(work));
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    if (this.closed) return;
    try {
      await work();
    } catch (cause) {
      this.parts.log(`sync ${this.greeting?.till.tillId ?? 'new'}: ${(cause as Error).message}`);
      this.fail('internal', 'the cloud could not store this now; nothing is lost, send it again', true);
      this.ws.close(1011, 'internal');
    }
  }

  /**
   * Ends an older line of the same till. What still comes on it is of a process that is gone: a disk that went back since would not
   * know of it. What it has begun to store counts, so the head that this line is told is read after that.
   */
  private async takenOver(older: Session, greeting: Greeting): Promise<Greeting> {
    older.ws.close(4409, 'connected again');
    older.leave();
    await older.queue;
    const { till, parts, acked } = greeting;
    return { ...greeting, acked: (await heldHead(this.parts.db, till.tillId, parts)) ?? acked };
  }

  /** Somebody at HQ should look at this till. */
  private tell(kind: TillAlertKind, detail: object): void {
    const tillId = this.greeting?.till.tillId;
    if (tillId === undefined) return;
    const { db, clock, log } = this.parts;
    tellTillAlert(db, { tillId, kind, detail, atMs: clock.nowMs() }).catch((cause: Error) => {
      log(`sync ${tillId}: ${kind} could not be told: ${cause.message}`);
    });
  }

  /** @returns entries that were pushed */
  private async handle(message: Up): Promise<number> {
    const { greeting } = this;
    if (message.t === 'hello') await this.hello(message);
    else if (greeting === null) this.fail('hello_first', SYNC_WORDS.hello_first, false);
    else if (message.t === 'push') {
      await this.push(message, greeting);
      return message.entries.length;
    } else await this.answer(message, greeting);
    return 0;
  }

  private async answer(message: Exclude<Up, Hello | Push>, greeting: Greeting): Promise<void> {
    switch (message.t) {
      case 'pull':
        if (greeting.rescued) return this.fail('ticket', 'a rescued disk pushes and nothing else', false);
        this.waiting = message;
        this.stopFeed ??= this.shared.feed.wait({
          storeId: greeting.till.storeId,
          answer: () => this.guarded(() => this.answerPull()),
        });
        return this.answerPull();
      case 'lease':
        if (greeting.rescued) return this.fail('ticket', 'a rescued disk pushes and nothing else', false);
        return this.lease(message, greeting);
      case 'probe':
        return this.probe(message, greeting);
      case 'ping':
        return this.ping(message, greeting.till.tillId);
    }
  }

  private ping({ unsent, readiness }: Ping, tillId: string): void {
    const { clock, history } = this.parts;
    const told = readiness === undefined ? {} : { readiness };
    this.shared.seen.note({ tillId, atMs: clock.nowMs(), unsent, ...told });
    const mark = this.protocol >= PROOF_SINCE ? { mark: history.mark } : {};
    const waits = this.turn === null ? {} : { waits: true as const };
    this.send({ t: 'pong', serverTimeMs: clock.nowMs(), ...mark, ...waits });
  }

  private async hello(hello: Hello): Promise<void> {
    const { db, clock, signals } = this.parts;
    if (this.greeting !== null) return this.refuse('bad_frame', 'hello was said already: a line is one till');
    const greeted = await greet(this.parts, this.nonce, hello);
    if (!greeted.ok) {
      const { kind, message, tillId } = greeted.error;
      if (tillId !== undefined) this.shared.online.get(tillId)?.end(kind);
      return this.refuse(kind, message);
    }
    // Gone while we looked it up: `leave` has been, so nobody would ever take it off the list again.
    if (this.closed) return;
    let greeting = greeted.value;
    const { tillId } = greeting.till;
    this.greeting = greeting;
    this.protocol = Math.min(hello.protocol, PROTOCOL_VERSION);
    // A disk that is rescued stands beside the till that has taken its place.
    if (!greeting.rescued) {
      const older = this.shared.online.get(tillId);
      this.shared.online.set(tillId, this);
      if (older !== undefined) greeting = await this.takenOver(older, greeting);
      if (this.closed) return;
      this.greeting = greeting;
      this.helloAtMs = clock.nowMs();
      signals.emit('session', { tillId, atMs: this.helloAtMs });
      const unsent = Math.max(0, hello.headSeq - greeting.acked.seq);
      await noteHello(db, { ...hello, generation: greeting.generation, unsent, atMs: this.helloAtMs });
    }
    this.touch();
    this.welcome(hello, greeting);
    signals.emit('till', { tillId });
    if (!greeting.rescued) await this.offerAgain(greeting);
    if (greeting.wentBack) signals.emit('went_back', {});
  }

  private welcome(hello: Hello, { acked, lastReceiptSeq, journalId, till }: Greeting): void {
    const { cloudId, cloudKey, clock, history } = this.parts;
    const limits = { ...(this.parts.limits ?? DEFAULT_LIMITS), batchEntriesMax: this.fitting() };
    this.batchEntriesMax = limits.batchEntriesMax;
    const head = { ackedSeq: acked.seq, ackedHash: acked.seq === 0 ? null : acked.hash };
    const facts = { cloudId, tillId: till.tillId, journalId, ...head };
    const proof =
      this.protocol >= PROOF_SINCE && hello.nonce !== undefined
        ? {
            sig: cloudKey.sign(welcomeStatement({ ...facts, nonce: hello.nonce })),
            cloudKey: cloudKey.publicKey,
            ...(cloudKey.former.length === 0 ? {} : { keyChain: [...cloudKey.former] }),
            generation: generationOf(history.generation, history.compactedTo),
            mark: history.mark,
            lastReceiptSeq,
          }
        : {};
    this.send({
      t: 'welcome',
      protocol: this.protocol,
      cloudId,
      ...head,
      serverTimeMs: clock.nowMs(),
      limits,
      ...proof,
    });
  }

  private async probe({ journalId, fromSeq, count }: Probe, { till, parts }: Greeting): Promise<void> {
    const isOwn = parts.some((part) => part.journalId === journalId);
    const hashes = isOwn
      ? await hashesOf(this.parts.db, { tillId: till.tillId, journalId, fromSeq, count })
      : [];
    this.send({ t: 'heads', journalId, fromSeq, hashes });
  }

  /** Leases that may have been lost on the way; what an older journal of this till held stays reserved. */
  private async offerAgain({ till, journalId }: Greeting): Promise<void> {
    const { db } = this.parts;
    await freezeLeases(db, till.tillId, journalId);
    if (this.protocol < LEASES_SINCE) return;
    for (const offer of await openOffers(db, { tillId: till.tillId, journalId })) this.grant(offer);
  }

  private grant(offer: Offer): void {
    const { cloudId, cloudKey } = this.parts;
    const { till, journalId } = this.greeting!;
    const sig =
      this.protocol < PROOF_SINCE
        ? {}
        : { sig: cloudKey.sign(grantStatement({ ...offer, cloudId, tillId: till.tillId, journalId })) };
    this.send({ t: 'grant', ...offer, ...sig });
  }

  private async lease(ask: Lease, { till, journalId }: Greeting): Promise<void> {
    const { db, clock, chance, signals } = this.parts;
    const nowMs = clock.nowMs();
    const { requestId, key } = ask;
    const granted = await grantLease(
      db,
      { ...ask, tillId: till.tillId, journalId },
      { leaseId: uuidV7(nowMs, chance.bytes(10)), nowMs },
    );
    if (granted.ok) return this.grant(granted.value);
    const { free, left, holders } = granted.error;
    this.send({ t: 'refused', requestId, key, free, ...(left === undefined ? {} : { left }) });
    for (const holder of holders) signals.emit('recall', holder);
  }

  private async push(push: Push, { till, journalId: current, parts, rescued }: Greeting): Promise<void> {
    const { db, sha256, clock, signals, cloudId, cloudKey } = this.parts;
    const { tillId } = till;
    const journalId = push.journalId ?? current;
    if (!parts.some((part) => part.journalId === journalId)) return this.refusePush({ kind: 'foreign' });
    const startMs = clock.monotonicMs();
    const result = await ingestPush(db, sha256, { ...push, tillId, journalId, rescued }, clock.nowMs());
    if (!result.ok) return this.refusePush(result.error);
    const { head, saleIds, quarantined, reopened } = result.value;
    const sig =
      this.protocol < PROOF_SINCE
        ? {}
        : {
            sig: cloudKey.sign(ackStatement({ ...head, cloudId, tillId, journalId })),
            ...this.paced(clock.monotonicMs() - startMs),
          };
    if (!rescued) this.shared.seen.pushed(tillId);
    // After the commit, never before.
    this.send({ t: 'ack', throughSeq: head.seq, hash: head.hash, ...sig });
    if (reopened !== null) this.tell('journal_reopened', { journalId, follows: reopened });
    if (quarantined > 0) this.tell('poison', { journalId, throughSeq: head.seq, entries: quarantined });
    if (saleIds.length > 0) signals.emit('sales', { saleIds });
    signals.emit('entries', { tillId });
    signals.emit('till', { tillId });
  }

  /** How much the next pushes may hold, by how long this one took and how many wait. */
  private paced(tookMs: number): { batchEntriesMax?: number } {
    const before = this.batchEntriesMax;
    let next = before;
    if (tookMs > SLOW_PUSH_MS) next = Math.min(before, Math.max(BATCH_ENTRIES_MIN, before >> 1));
    else if (tookMs < FAST_PUSH_MS) next = before * 2;
    this.batchEntriesMax = Math.min(next, this.fitting());
    return this.batchEntriesMax === before ? {} : { batchEntriesMax: this.batchEntriesMax };
  }

  /** What fits beside all the others that wait. */
  private fitting(): number {
    const most = (this.parts.limits ?? DEFAULT_LIMITS).batchEntriesMax;
    return Math.min(most, Math.max(BATCH_ENTRIES_MIN, this.shared.turns.entriesMax()));
  }

  private refusePush(error: PushError): void {
    const message =
      'seq' in error ? `${SYNC_WORDS[error.kind]} (entry ${error.seq})` : SYNC_WORDS[error.kind];
    this.parts.log(`sync ${this.greeting?.till.tillId}: push refused: ${message}`);
    if (ALERTED.has(error.kind)) this.tell(error.kind as TillAlertKind, { ...error });
    this.send({
      t: 'error',
      kind: error.kind,
      message,
      retry: error.kind === 'gap',
      ...(error.kind === 'gap' ? { ackedSeq: error.ackedSeq } : {}),
    });
  }

  /** One at a time: a change that comes meanwhile is looked up after it. */
  private async answerPull(): Promise<void> {
    if (this.answering !== 'no') {
      this.answering = 'again';
      return;
    }
    try {
      do {
        this.answering = 'yes';
        await this.answerOnce();
      } while (this.isAgain());
    } finally {
      this.answering = 'no';
    }
  }

  private isAgain(): boolean {
    return this.answering === 'again';
  }

  private async answerOnce(): Promise<void> {
    const { greeting, waiting } = this;
    if (greeting === null || waiting === null) return;
    const { feedRowsMax } = this.parts.limits ?? DEFAULT_LIMITS;
    const { history } = this.parts;
    // A place in a feed that is no more: from the beginning.
    const isAnew =
      waiting.generation !== undefined &&
      !isPlaceGood({ told: waiting.generation, cursor: waiting.cursor }, history);
    const generation = generationOf(history.generation, history.compactedTo);
    const cursor = isAnew ? 0 : waiting.cursor;
    const { storeId } = greeting.till;
    // Thousands come back at once and have everything: the desk knows without a look.
    const hasAll = this.answeredCursor === null && this.shared.feed.hasTold(cursor);
    const page = hasAll
      ? { rows: [], nextCursor: cursor, more: false }
      : await feedAfter(this.parts.db, { storeId, cursor, rowsMax: feedRowsMax });
    // The first answer comes even without rows: it tells the till that it has everything there is.
    if (!isAnew && page.rows.length === 0 && this.answeredCursor === cursor) return;
    this.answeredCursor = page.nextCursor;
    this.waiting = null;
    const { rows, nextCursor, more } = page;
    this.send({ t: 'feed', rows: [...rows], nextCursor, more, ...(isAnew ? { generation } : {}) });
  }

  private refuse(kind: SyncErrorKind, message = SYNC_WORDS[kind]): void {
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
      this.greeting === null ? HELLO_TIMEOUT_MS : SILENCE_MS_MAX,
    );
  }

  private leave(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.stopFeed?.();
    this.turn?.giveUp();
    const tillId = this.greeting?.till.tillId;
    if (tillId === undefined || this.shared.online.get(tillId) !== this) return;
    this.shared.online.delete(tillId);
    this.parts.signals.emit('till', { tillId });
  }
}

/** What somebody at HQ should know of, when a push was refused for it. */
const ALERTED: ReadonlySet<string> = new Set(['chain', 'bad_signature', 'foreign', 'forked']);
