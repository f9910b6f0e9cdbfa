/**
 * A till of bench `storm`: the sync language of a real one (proof both ways, pings, a pull that waits, one push in flight, limits
 * kept, its patience), without journal file and screens, so that ten thousand fit into one process.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { WebSocket } from 'ws';
import {
  type ChainedEntry,
  type ChainHead,
  entryHash,
  genesisHash,
  headStatement,
} from '../../src/core/entry.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { type Ack, Down, type Welcome } from '../../src/protocol/down.ts';
import { foldPush } from '../../src/protocol/entries.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.ts';
import { ackStatement, welcomeStatement } from '../../src/protocol/trust.ts';
import { helloStatement } from '../../src/protocol/up.ts';
import { PROTOCOL_VERSION, SYNC_PATH, SYNC_SUBPROTOCOL } from '../../src/protocol/version.ts';
import { sha256 } from '../../src/till/run.ts';
import type { BenchTill } from './traffic.ts';

/** The HQ that all of them know. */
export interface StormHq {
  readonly url: string;
  readonly cloudId: string;
  readonly cloudKey: string;
  /** Where a till that has everything stands in the feed. */
  readonly feedPos: number;
}

/** As of src/till/sync.ts. */
const FOLD_ENTRIES_MAX = 250;
const PING_MS = 15_000;
const SILENCE_MS_MAX = 40_000;
const ACK_MS_MAX = 60_000;
const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 30_000;
const PACKED_ENTRIES = 25;
/** Loopback has some 28,000 ports an address. */
const ADDRESSES = 4;

interface ReadyPush {
  readonly fromSeq: number;
  readonly count: number;
  /** After it. */
  readonly head: ChainHead;
  readonly frame: Uint8Array;
}

export class StormTill {
  readonly tillId: string;
  readonly code: string;
  readonly journalId: string;
  readonly publicKey: string;
  private readonly hq: StormHq;
  private readonly hqKey: KeyObject;
  private readonly key: KeyObject;
  private readonly localAddress: string;
  /** Entries, so many in each; none unpacked but those that are pushed. */
  private packed: Buffer[] = [];
  private stocked: ChainHead;
  private head: ChainHead;
  private ackedSeq = 0;
  /** The head after the push that is under way. */
  private inFlight: ChainHead | null = null;
  private ready: ReadyPush | null = null;
  private ws: WebSocket | null = null;
  private limits: Limits | null = null;
  private nonce = '';
  private attempts = 0;
  private isOver = false;
  private readonly timers: Partial<Record<'ping' | 'silence' | 'ack' | 'retry', NodeJS.Timeout>> = {};
  private waiting: { readonly done: () => void; readonly isDone: () => boolean }[] = [];
  /** Lines that ended though nobody hung up. */
  lost = 0;
  /** By performance.now(). */
  firstAckMs = 0;
  doneMs = 0;
  pushes = 0;

  constructor(number: number, hq: StormHq, made?: BenchTill) {
    const { publicKey, privateKey } = made === undefined ? generateKeyPairSync('ed25519') : none(made);
    this.tillId = made?.tillId ?? `idle-${number}`;
    this.code = made?.code ?? `I${number}`;
    this.journalId = made?.journalId ?? `idle-journal-${number}`;
    this.key = privateKey;
    this.publicKey = made?.publicKey ?? publicKey!.export({ type: 'spki', format: 'der' }).toString('base64');
    this.hq = hq;
    this.stocked = { seq: 0, hash: genesisHash(sha256, this.journalId) };
    this.head = this.stocked;
    this.hqKey = createPublicKey({ key: Buffer.from(hq.cloudKey, 'base64'), format: 'der', type: 'spki' });
    this.localAddress = `127.0.0.${2 + (number % ADDRESSES)}`;
  }

  /** What it will sell: kept packed, as two thousand journals would fill the memory. */
  stock(texts: readonly string[]): void {
    let { hash } = this.stocked;
    const entries = texts.map((text, index): ChainedEntry => {
      hash = entryHash(sha256, hash, text);
      return { seq: index + 1, text, hash };
    });
    for (let from = 0; from < entries.length; from += PACKED_ENTRIES) {
      this.packed.push(zstdCompressSync(JSON.stringify(entries.slice(from, from + PACKED_ENTRIES))));
    }
    this.stocked = { seq: entries.length, hash };
  }

  /**
   * All of it, while the line is down. What it will push first is made ready here: each till has a machine of its own for that, and
   * these share one with HQ.
   */
  sell(): void {
    this.head = this.stocked;
    this.ready = this.pushOf(DEFAULT_LIMITS);
  }

  /** Resolves when HQ has welcomed it and it knows everything that HQ has to tell. */
  connect(): Promise<void> {
    this.open();
    return this.when(() => this.caughtUp);
  }

  /** Resolves when HQ has acknowledged everything. */
  drained(): Promise<void> {
    return this.when(() => this.ackedSeq === this.head.seq);
  }

  /** The line is down and stays so. */
  hangUp(): void {
    const { ws } = this;
    this.ws = null;
    this.quiet();
    ws?.terminate();
  }

  /** For good. */
  end(): void {
    this.isOver = true;
    this.hangUp();
  }

  private caughtUp = false;

  private when(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((done) => this.waiting.push({ done, isDone }));
  }

  private look(): void {
    const over = this.waiting.filter(({ isDone }) => isDone());
    if (over.length === 0) return;
    this.waiting = this.waiting.filter((one) => !over.includes(one));
    for (const { done } of over) done();
  }

  private open(): void {
    const url = new URL(SYNC_PATH, this.hq.url.replace(/^http/, 'ws'));
    const { localAddress } = this;
    const ws = new WebSocket(url, SYNC_SUBPROTOCOL, { perMessageDeflate: false, localAddress });
    this.ws = ws;
    this.caughtUp = false;
    ws.on('message', (data: Buffer) => this.receive(ws, data));
    ws.on('error', () => {});
    ws.on('close', () => this.gone(ws));
    this.after('silence', SILENCE_MS_MAX, () => ws.terminate());
  }

  private gone(ws: WebSocket): void {
    if (ws !== this.ws) return;
    this.lost++;
    this.ws = null;
    this.quiet();
    const ceiling = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** this.attempts++);
    if (!this.isOver) this.after('retry', BACKOFF_MS_MIN / 2 + ceiling * Math.random(), () => this.open());
  }

  private receive(ws: WebSocket, data: Buffer): void {
    if (ws !== this.ws) return;
    this.after('silence', SILENCE_MS_MAX, () => ws.terminate());
    const frame = decodeFrame(data, Down);
    if (!frame.ok) throw new Error(`HQ sent ${frame.error.kind}`);
    const said = frame.value;
    switch (said.t) {
      case 'challenge':
        return this.hello(said.nonce);
      case 'welcome':
        return this.welcomed(said);
      case 'feed':
        this.caughtUp = !said.more;
        this.say({ t: 'pull', cursor: said.nextCursor });
        return this.look();
      case 'ack':
        return this.acked(said);
      case 'pong':
        if (said.waits === true && this.inFlight !== null) this.waitForAck();
        return;
      case 'error':
        throw new Error(`HQ refused ${this.code}: ${said.message}`);
      default:
    }
  }

  private hello(nonce: string): void {
    const { tillId, journalId } = this;
    const { seq: headSeq, hash: headHash } = this.head;
    const facts = { nonce, cloudId: this.hq.cloudId, tillId, journalId, headSeq, headHash };
    const sig = sign(null, helloStatement(facts), this.key).toString('base64');
    this.nonce = `${tillId} ${this.attempts} of ${performance.now()}`;
    const { cloudId: _, nonce: __, ...head } = facts;
    this.say({
      t: 'hello',
      protocol: PROTOCOL_VERSION,
      ...head,
      appVersion: 'storm',
      sig,
      nonce: this.nonce,
    });
  }

  private welcomed(welcome: Welcome): void {
    const { tillId, journalId, nonce } = this;
    const { cloudId } = this.hq;
    const statement = welcomeStatement({ ...welcome, cloudId, tillId, journalId, nonce });
    this.demandSigned(statement, welcome.sig);
    this.limits = welcome.limits;
    this.ackedSeq = welcome.ackedSeq;
    this.after('ping', PING_MS * Math.random(), () => this.ping());
    this.push();
    this.say({ t: 'pull', cursor: this.hq.feedPos });
  }

  private ping(): void {
    this.after('ping', PING_MS, () => this.ping());
    const readiness = { score: 95, reasons: [{ kind: 'catalogue_old', points: 5 }] };
    this.say({ t: 'ping', unsent: Math.max(0, this.head.seq - this.ackedSeq), readiness });
  }

  private push(): void {
    const { limits, ready } = this;
    if (this.inFlight !== null || limits === null || this.ackedSeq === this.head.seq) return;
    const fits =
      ready !== null && ready.fromSeq === this.ackedSeq + 1 && ready.count <= limits.batchEntriesMax;
    const { head, frame } = fits ? ready : this.pushOf(limits);
    this.ready = null;
    this.inFlight = head;
    this.pushes++;
    this.waitForAck();
    if (this.ws?.readyState === WebSocket.OPEN) this.ws.send(frame);
  }

  private waitForAck(): void {
    this.after('ack', ACK_MS_MAX, () => this.ws?.terminate());
  }

  /** What it has after the last ack, as far as it may. */
  private pushOf({ batchEntriesMax, batchBytesMax }: Limits): ReadyPush {
    const entries: ChainedEntry[] = [];
    let bytes = 0;
    for (const entry of this.unpacked(this.ackedSeq, Math.min(batchEntriesMax, FOLD_ENTRIES_MAX))) {
      bytes += entry.text.length;
      if (bytes > batchBytesMax && entries.length > 0) break;
      entries.push(entry);
    }
    const { seq, hash } = entries.at(-1)!;
    const head = { seq, hash };
    const fromSeq = entries[0]!.seq;
    const frame = encodeFrame(
      foldPush({
        t: 'push',
        fromSeq,
        entries: entries.map(({ text }) => text),
        hash,
        sig: sign(null, headStatement(this.tillId, this.journalId, head), this.key).toString('base64'),
        unsent: this.head.seq - seq,
      }),
    );
    return { fromSeq, count: entries.length, head, frame };
  }

  private acked({ throughSeq, hash, sig, batchEntriesMax }: Ack): void {
    const { tillId, journalId } = this;
    const { cloudId } = this.hq;
    clearTimeout(this.timers.ack);
    if (this.inFlight?.seq !== throughSeq || this.inFlight.hash !== hash)
      throw new Error(`${this.code}: another head`);
    this.inFlight = null;
    this.attempts = 0;
    this.demandSigned(ackStatement({ cloudId, tillId, journalId, seq: throughSeq, hash }), sig);
    this.ackedSeq = throughSeq;
    if (this.firstAckMs === 0) this.firstAckMs = performance.now();
    if (batchEntriesMax !== undefined) this.limits = { ...this.limits!, batchEntriesMax };
    if (this.ackedSeq < this.head.seq) return this.push();
    this.doneMs = performance.now();
    this.look();
  }

  private demandSigned(statement: Uint8Array, sig: string | undefined): void {
    if (!verify(null, statement, this.hqKey, Buffer.from(sig ?? '', 'base64')))
      throw new Error(`${this.code}: HQ did not prove itself`);
  }

  /** Entries after a place. */
  private unpacked(afterSeq: number, count: number): ChainedEntry[] {
    const [first, last] = [afterSeq, afterSeq + count - 1].map((place) => Math.floor(place / PACKED_ENTRIES));
    const skipped = afterSeq - first! * PACKED_ENTRIES;
    return this.packed
      .slice(first, last! + 1)
      .flatMap((bytes) => JSON.parse(zstdDecompressSync(bytes).toString('utf8')) as ChainedEntry[])
      .slice(skipped, skipped + count);
  }

  private say(message: object): void {
    if (this.ws?.readyState === WebSocket.OPEN) this.ws.send(encodeFrame(message));
  }

  private after(what: keyof StormTill['timers'], ms: number, then: () => void): void {
    clearTimeout(this.timers[what]);
    this.timers[what] = setTimeout(then, ms);
  }

  private quiet(): void {
    this.inFlight = null;
    this.limits = null;
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
  }
}

/** The key of a till whose sales are made already. */
function none({ key }: BenchTill): { publicKey: null; privateKey: KeyObject } {
  return { publicKey: null, privateKey: key };
}
