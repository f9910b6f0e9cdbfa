/**
 * The sync link: keeps one connection to the cloud, sends what the journal has, takes what the feed brings.
 *
 * Never in the way of a sale: the journal is read after its commit, and every trouble here ends in "try again later".
 * After any break the two cursors say where to go on; the cloud makes whatever was said twice count once.
 */
import { WebSocket } from 'ws';
import { type ChainedEntry, type ChainHead, headStatement, type JournalEntry } from '../core/entry.ts';
import type { PersonalRow } from '../core/personal.ts';
import type { Chance, Clock } from '../core/ports.ts';
import type { Readiness } from '../core/readiness.ts';
import { decodeFrame, encodeFrame } from '../protocol/codec.ts';
import {
  type Ack,
  Down,
  type Grant,
  type Heads,
  type Refused,
  type SyncError,
  type Welcome,
} from '../protocol/down.ts';
import { foldPush } from '../protocol/entries.ts';
import { FRAME_BYTES_MAX, type Limits } from '../protocol/limits.ts';
import { ackStatement, followsPinned, type SignedHead, welcomeStatement } from '../protocol/trust.ts';
import { type Hello, helloStatement, type Lease, type Up } from '../protocol/up.ts';
import {
  COLUMNS_SINCE,
  LEASES_SINCE,
  PROOF_SINCE,
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
  SYNC_PATH,
  SYNC_SUBPROTOCOL,
} from '../protocol/version.ts';
import { WIRE_CLOSED, WIRE_OPEN, type Wire } from '../protocol/wire.ts';
import type { SyncView } from './api.ts';
import { CommonHead } from './common-head.ts';
import type { FeedResult, FeedWriter } from './feed.ts';
import { CERT_WORDS, type CertTrouble, certTrouble } from './hq-ca.ts';
import { type DeviceKey, type Identity, verifyEd25519 } from './identity.ts';
import type { Journal } from './journal.ts';
import type { State } from './state.ts';

export interface LinkParts {
  readonly identity: Identity;
  readonly deviceKey: DeviceKey;
  readonly journal: Journal;
  readonly feed: FeedWriter;
  readonly state: State;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly appVersion: string;
  readonly log: (text: string) => void;
  readonly onChange: () => void;
  readonly onFeed: (result: FeedResult) => void;
  /** null: erased, or not enrolled here. */
  readonly personalOf: (personalId: string) => PersonalRow | null;
  readonly onServerTime: (serverTimeMs: number) => void;
  readonly leases: LeaseEnd;
  /** Brings what a new till needs before the feed goes on; null: nothing to bring. Never rejects. */
  readonly bootstrap?: () => Promise<void> | null;
  /** HQ's public key; null: the first one that it shows is kept. */
  readonly pinned: string | null;
  readonly pin: (cloudKey: string) => void;
  /** HQ has signed a head. */
  readonly keepHead: (head: SignedHead) => void;
  /** The highest receipt number that HQ has of this till. */
  readonly onReceiptSeq: (receiptSeq: number) => void;
  /**
   * This disk has gone back in time: goes on under a new journal after the last entry that HQ has as well.
   *
   * @returns false when it cannot be now (a payment is under way)
   */
  readonly reopen: (base: ChainHead) => boolean;
  /** Told to HQ now and then. */
  readonly readiness: () => Readiness;
  /** A disk that is rescued: pushes and does nothing else. `ticket`: of HQ, where the till was cut off or replaced. */
  readonly rescue?: { readonly ticket: string | null };
  /** Not given: a WebSocket. */
  readonly connect?: Connect;
}

/** Who at the till hears of leases. */
export interface LeaseEnd {
  granted(grant: Grant): void;
  refused(refused: Refused): void;
  recalled(key: string): void;
  /** Leases can be asked for, or not any more. */
  line(isUp: boolean): void;
}

/** Opens a connection; it says `close` when there is none. */
export type Connect = (url: URL) => Wire;

export const connectWebSocket: Connect = (url) =>
  new WebSocket(url, SYNC_SUBPROTOCOL, {
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    handshakeTimeout: 10_000,
  });

export type LinkStatus = Pick<SyncView, 'state' | 'sinceMs' | 'reason'>;

const PING_MS = 15_000;
/** Nothing heard for this long is a half-open line. */
const SILENCE_MS_MAX = 40_000;
const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 30_000;
/** A push that is not acknowledged in this time will not be: the line is made anew and says it again. */
const ACK_MS_MAX = 60_000;
/** So often a till is patient anew when HQ says that its push waits behind others: some ten minutes. */
const PATIENT_MAX = 40;
/** Writing columns takes twice the time of texts: half as many at once keep the till no longer from the next scan. */
const FOLD_ENTRIES_MAX = 250;
/** After a refusal only a person can help; asking again now and then finds out when one has. */
const REFUSED_RETRY_MS = 30_000;

export class Link {
  private readonly parts: LinkParts;
  private readonly key: DeviceKey;
  private ws: Wire | null = null;
  private welcome: Welcome | null = null;
  /** HQ's key as it is pinned. */
  private pinned: string | null;
  /** Ours on this connection: HQ signs it. */
  private nonce = '';
  private limits: Limits | null = null;
  /** The last entry that both have is being looked for. */
  private common: CommonHead | null = null;
  private inFlight: { readonly throughSeq: number } | null = null;
  /** The last page was the last there is; the next pull waits at the cloud. */
  private caughtUp = false;
  private attempts = 0;
  /** What we say we speak: less after a cloud that is older has refused. */
  private speaks = PROTOCOL_VERSION;
  private stopped = false;
  private certTrouble: CertTrouble | null = null;
  private isCut = false;
  private retryTimer: NodeJS.Timeout | null = null;
  private pingTimer: NodeJS.Timeout | null = null;
  private silenceTimer: NodeJS.Timeout | null = null;
  private ackTimer: NodeJS.Timeout | null = null;
  /** How often HQ has said that the push in flight waits. */
  private patient = 0;
  private statusNow: LinkStatus;

  constructor(parts: LinkParts) {
    this.parts = parts;
    this.key = parts.deviceKey;
    this.pinned = parts.pinned;
    this.statusNow = { state: 'connecting', sinceMs: parts.clock.nowMs(), reason: null };
  }

  get status(): LinkStatus {
    return this.statusNow;
  }

  get ackedSeq(): number {
    return Math.min(this.parts.state.number('acked_seq') ?? 0, this.parts.journal.head.seq);
  }

  start(): void {
    this.connect();
  }

  /** There is a new entry. */
  poke(): void {
    this.push();
  }

  /** @returns false when nobody who knows leases is at the other end */
  askLease(ask: Omit<Lease, 't'>): boolean {
    if (!this.canLease) return false;
    this.send({ t: 'lease', ...ask });
    return true;
  }

  get canLease(): boolean {
    return this.parts.rescue === undefined && this.welcome !== null && this.welcome.protocol >= LEASES_SINCE;
  }

  /** A fire drill: the line is down, or may come up again. */
  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) {
      this.ws?.terminate();
      return;
    }
    this.attempts = 0;
    if (this.ws === null && this.retryTimer === null) this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.clearTimers();
    const { ws } = this;
    if (ws === null || ws.readyState === WIRE_CLOSED) return;
    await new Promise<void>((resolve) => {
      ws.once('close', () => resolve());
      ws.terminate();
    });
  }

  private connect(): void {
    if (this.stopped || this.isCut) return;
    const url = new URL(SYNC_PATH, this.parts.identity.cloudUrl.replace(/^http/, 'ws'));
    const ws = (this.parts.connect ?? connectWebSocket)(url);
    this.ws = ws;
    ws.on('message', (data) => this.receive(ws, data));
    ws.on('close', () => this.lost(ws));
    // `close` follows every error and is where we act.
    ws.on('error', (cause) => {
      if (ws === this.ws) this.certTrouble = certTrouble(cause);
    });
    this.heard();
  }

  private receive(ws: Wire, data: Uint8Array): void {
    if (ws !== this.ws) return;
    this.heard();
    const frame = decodeFrame(data, Down);
    if (!frame.ok) {
      this.parts.log(`sync: the cloud sent a frame that is not ours (${frame.error.kind})`);
      ws.close(1008, 'bad_frame');
      return;
    }
    try {
      this.handle(frame.value);
    } catch (cause) {
      // A full disk, say: the cursor has not moved, so the same comes again after the pause.
      this.parts.log(`sync: ${(cause as Error).message}`);
      ws.close(1011, 'till trouble');
    }
  }

  private handle(message: Down): void {
    switch (message.t) {
      case 'challenge':
        return this.hello(message.nonce, message.cloudId);
      case 'welcome':
        return this.welcomed(message);
      case 'ack':
        return this.acked(message);
      case 'feed':
        return this.fed(message);
      case 'error':
        return this.refused(message);
      case 'pong':
        this.parts.onServerTime(message.serverTimeMs);
        if (message.mark !== undefined) this.keepMark(message.mark);
        if (message.waits === true) this.waitOn();
        return this.stillCurrent();
      case 'heads':
        return this.heads(message);
      case 'grant':
        return this.parts.leases.granted(message);
      case 'refused':
        return this.parts.leases.refused(message);
      case 'recall':
        return this.parts.leases.recalled(message.key);
    }
  }

  private hello(nonce: string, cloudId: string): void {
    const { identity, journal, appVersion, chance, rescue } = this.parts;
    if (cloudId !== identity.cloudId) {
      // Signing for another cloud would let it speak in our name.
      this.setStatus('refused', 'other_cloud');
      this.ws?.close(1008, 'other_cloud');
      return;
    }
    const head = { headSeq: journal.head.seq, headHash: journal.head.hash };
    const facts = { nonce, cloudId, tillId: identity.tillId, journalId: journal.journalId, ...head };
    this.nonce = Buffer.from(chance.bytes(24)).toString('base64url');
    this.send({
      t: 'hello',
      protocol: this.speaks,
      tillId: identity.tillId,
      journalId: journal.journalId,
      ...head,
      appVersion,
      sig: this.key.sign(helloStatement(facts)),
      ...(this.speaks < PROOF_SINCE ? {} : { nonce: this.nonce, ...this.told() }),
      ...(rescue?.ticket == null ? {} : { ticket: rescue.ticket }),
    });
  }

  /** What HQ has told us before: one that was put back to an older state knows it by this. */
  private told(): Partial<Pick<Hello, 'journals' | 'acked' | 'mark'>> {
    const { journal, state } = this.parts;
    const [seq, hash, sig, journalId, mark] = [
      state.number('acked_seq'),
      state.text('acked_hash'),
      state.text('acked_sig'),
      state.text('acked_journal'),
      state.text('hq_mark'),
    ];
    return {
      ...(journal.parts.length > 1 ? { journals: [...journal.parts] } : {}),
      ...(seq && hash && sig && journalId ? { acked: { journalId, seq, hash, sig } } : {}),
      ...(mark ? { mark } : {}),
    };
  }

  private welcomed(welcome: Welcome): void {
    const { journal, state } = this.parts;
    if (!this.isProved(welcome)) return this.refuse('cloud_unproven');
    if (welcome.lastReceiptSeq !== undefined) this.parts.onReceiptSeq(welcome.lastReceiptSeq);
    const isBehind = welcome.ackedSeq > journal.head.seq;
    if (isBehind || (welcome.ackedHash !== null && welcome.ackedHash !== journal.hashAt(welcome.ackedSeq))) {
      if (welcome.protocol < PROOF_SINCE) return this.refuse(isBehind ? 'journal_behind' : 'journal_forked');
      this.common = new CommonHead(journal, welcome.ackedSeq);
      return this.probe();
    }
    this.welcome = welcome;
    this.limits = welcome.limits;
    // The cloud's word is newer than ours: an ack may have been lost, a cloud may have come back from a backup.
    if (welcome.ackedSeq !== this.ackedSeq || welcome.ackedHash !== state.text('acked_hash')) {
      this.rememberAck({ seq: welcome.ackedSeq, hash: welcome.ackedHash ?? '' });
    }
    if (welcome.mark !== undefined) this.keepMark(welcome.mark);
    if (welcome.generation !== undefined && state.text('feed_generation') === null) {
      state.set('feed_generation', welcome.generation);
    }
    this.setStatus('online', null);
    this.parts.onServerTime(welcome.serverTimeMs);
    if (this.pingTimer !== null) clearInterval(this.pingTimer);
    this.pingTimer = setInterval(() => this.ping(), PING_MS);
    this.push();
    if (this.parts.rescue !== undefined) return;
    this.firstPull(welcome);
    if (this.canLease) this.parts.leases.line(true);
  }

  private ping(): void {
    const isTold = this.welcome !== null && this.welcome.protocol >= PROOF_SINCE;
    const readiness = isTold ? { readiness: this.parts.readiness() } : {};
    this.send({ t: 'ping', unsent: this.unsent(), ...readiness });
  }

  /** The cloud has signed our nonce with the key that is pinned; where none is, the first one is pinned. */
  private isProved(welcome: Welcome): boolean {
    const { sig, cloudKey } = welcome;
    // A cloud of before: good for a till that has never seen a key.
    if (welcome.protocol < PROOF_SINCE || sig === undefined || cloudKey === undefined)
      return this.pinned === null;
    const isChanged = this.pinned !== null && this.pinned !== cloudKey;
    if (isChanged && !this.isFollowed(welcome, cloudKey)) return false;
    const { identity, journal } = this.parts;
    const { tillId, cloudId } = identity;
    const statement = welcomeStatement({
      ...welcome,
      nonce: this.nonce,
      cloudId,
      tillId,
      journalId: journal.journalId,
    });
    if (!isSignedBy(cloudKey, statement, sig)) return false;
    if (this.pinned === null || isChanged) {
      this.parts.pin(cloudKey);
      this.pinned = cloudKey;
    }
    return true;
  }

  /** HQ has changed its key: the one that is pinned says that this is the next. */
  private isFollowed({ keyChain }: Welcome, shown: string): boolean {
    const facts = { cloudId: this.parts.identity.cloudId, pinned: this.pinned!, shown };
    return followsPinned(facts, keyChain ?? [], isSignedBy);
  }

  // ---- a disk that went back in time ----

  private probe(): void {
    const { common } = this;
    if (common === null) return;
    const ask = common.ask();
    if (ask !== null) return this.send({ t: 'probe', ...ask });
    this.common = null;
    if (!this.parts.reopen(common.found)) return this.refuse('journal_behind');
    this.setStatus('connecting', null);
    // At once: a lease that is on its way is of the old journal.
    this.ws?.terminate();
  }

  private heads(heads: Heads): void {
    this.common?.told(heads);
    this.probe();
  }

  private keepMark(mark: string): void {
    if (this.parts.state.text('hq_mark') !== mark) this.parts.state.set('hq_mark', mark);
  }

  // ---- up ----

  private push(): void {
    if (this.welcome === null || this.limits === null || this.inFlight !== null) return;
    const { journal, identity } = this.parts;
    const fromSeq = this.ackedSeq + 1;
    if (fromSeq > journal.head.seq) return;
    // A push is of one journal.
    const { journalId, throughSeq } = journal.partOf(fromSeq);
    const most = Math.min(this.limits.batchEntriesMax, this.speaksColumns ? FOLD_ENTRIES_MAX : Infinity);
    const entriesMax = Math.min(most, throughSeq - fromSeq + 1);
    const { entries, personal } = this.batch(fromSeq, { ...this.limits, batchEntriesMax: entriesMax });
    const last = entries.at(-1)!;
    this.inFlight = { throughSeq: last.seq };
    this.patient = 0;
    this.waitForAck();
    this.send({
      t: 'push',
      ...(journalId === journal.journalId ? {} : { journalId }),
      fromSeq,
      entries: entries.map(({ text }) => text),
      hash: last.hash,
      sig: this.key.sign(headStatement(identity.tillId, journalId, last)),
      unsent: journal.head.seq - last.seq,
      ...(personal.length === 0 ? {} : { personal }),
    });
  }

  /** Entries from there on, with the people who joined in them, as many as the limits let through. */
  private batch(fromSeq: number, limits: Limits): { entries: ChainedEntry[]; personal: PersonalRow[] } {
    const entries: ChainedEntry[] = [];
    const personal: PersonalRow[] = [];
    let bytes = 0;
    for (const row of this.parts.journal.read(fromSeq, limits.batchEntriesMax)) {
      const person = this.personOf(row.text);
      bytes += row.text.length + (person === null ? 0 : person.data.length);
      // One entry larger than the limit still goes, alone.
      if (bytes > limits.batchBytesMax && entries.length > 0) break;
      entries.push(row);
      if (person !== null) personal.push(person);
    }
    return { entries, personal };
  }

  private personOf(text: string): PersonalRow | null {
    // Most entries are sales: those are not read again for this.
    if (!text.includes('"kind":"member_enrolled"')) return null;
    const entry = JSON.parse(text) as JournalEntry;
    if (entry.kind !== 'member_enrolled') return null;
    const row = this.parts.personalOf(entry.body.personalId);
    return row === null ? null : { personalId: row.personalId, salt: row.salt, data: row.data };
  }

  /** A cloud that took the words and says nothing more of them: pings alone would keep the line up for ever. */
  private waitForAck(): void {
    if (this.ackTimer !== null) clearTimeout(this.ackTimer);
    this.ackTimer = setTimeout(() => {
      this.parts.log(`sync: no acknowledgement in ${ACK_MS_MAX} ms, the line is made anew`);
      this.ws?.terminate();
    }, ACK_MS_MAX);
  }

  /** HQ has the push and has not come to it: only a queue that does not move ends that. */
  private waitOn(): void {
    if (this.inFlight !== null && this.patient++ < PATIENT_MAX) this.waitForAck();
  }

  private landed(): void {
    this.inFlight = null;
    if (this.ackTimer !== null) clearTimeout(this.ackTimer);
    this.ackTimer = null;
  }

  private acked({ throughSeq, hash, sig, batchEntriesMax }: Ack): void {
    const { journal, identity } = this.parts;
    this.landed();
    // What HQ has acknowledged and we have not: the welcome after this finds out where both part.
    if (journal.hashAt(throughSeq) !== hash) return void this.ws?.close(1000, 'journal_forked');
    const { journalId } = journal.partOf(throughSeq);
    const { tillId, cloudId } = identity;
    const head = { cloudId, tillId, journalId, seq: throughSeq, hash };
    if (this.pinned !== null && sig !== undefined) {
      if (!isSignedBy(this.pinned, ackStatement(head), sig)) return this.refuse('cloud_unproven');
      this.rememberAck(head, { ...head, sig });
    } else this.rememberAck(head);
    if (batchEntriesMax !== undefined && this.limits !== null)
      this.limits = { ...this.limits, batchEntriesMax };
    // Not at the welcome: a cloud that greets but cannot store would be asked four times a second for ever.
    this.attempts = 0;
    this.parts.onChange();
    this.push();
  }

  private rememberAck({ seq, hash }: ChainHead, signed: SignedHead | null = null): void {
    const { state } = this.parts;
    const before = state.text('signed_head');
    // An ack that was said twice, or of a cloud that lost some, is no lower anchor.
    const isHigher = signed !== null && (!before || (JSON.parse(before) as SignedHead).seq <= seq);
    state.setAll({
      acked_seq: seq,
      acked_hash: hash,
      acked_sig: signed?.sig ?? '',
      acked_journal: signed?.journalId ?? '',
      ...(isHigher ? { signed_head: JSON.stringify(signed) } : {}),
    });
    if (isHigher) this.parts.keepHead(signed);
  }

  /** A till that has nothing yet takes a snapshot before it asks for the feed. */
  private firstPull(welcome: Welcome): void {
    const loading = this.parts.bootstrap?.() ?? null;
    if (loading === null) return this.pull();
    void loading.then(() => {
      if (this.welcome === welcome) this.pull();
    });
  }

  private pull(): void {
    const { feed, state } = this.parts;
    const generation = state.text('feed_generation');
    this.send({ t: 'pull', cursor: feed.cursor, ...(generation === null ? {} : { generation }) });
  }

  private fed(page: Extract<Down, { t: 'feed' }>): void {
    const result = this.parts.feed.apply(page, page.more ? null : this.parts.clock.nowMs());
    this.attempts = 0;
    this.caughtUp = !page.more;
    if (result.skipped > 0)
      this.parts.log(`sync: ${result.skipped} feed rows are of a newer kind and were left out`);
    this.parts.onFeed(result);
    this.parts.onChange();
    this.pull();
  }

  /** A cloud that answers and had nothing to bring: what the till knows is as of now. */
  private stillCurrent(): void {
    if (!this.caughtUp) return;
    this.parts.state.set('data_as_of_ms', this.parts.clock.nowMs());
    this.parts.onChange();
  }

  private refused(error: SyncError): void {
    this.landed();
    if (error.kind === 'gap' && error.ackedSeq !== undefined) {
      this.rememberAck({ seq: Math.min(error.ackedSeq, this.parts.journal.head.seq), hash: '' });
      this.push();
      return;
    }
    this.parts.log(`sync: ${error.kind}: ${error.message}`);
    const lowest = this.pinned === null ? PROTOCOL_VERSION_MIN : PROOF_SINCE;
    if (error.kind === 'version' && this.speaks > lowest) {
      // The line ends; the next one says hello in an older language.
      this.speaks--;
      return;
    }
    // Should columns ever come out other than they went in: the texts themselves say the same for sure.
    if (error.kind === 'chain' && this.speaks >= COLUMNS_SINCE) {
      this.speaks = COLUMNS_SINCE - 1;
      return void this.ws?.close(1000, 'chain');
    }
    // Other entries under our numbers: the next welcome finds out where both part.
    if (error.kind === 'forked' && this.speaks >= PROOF_SINCE)
      return void this.ws?.close(1000, 'journal_forked');
    if (!error.retry) this.refuse(error.kind);
  }

  private refuse(reason: string): void {
    this.setStatus('refused', reason);
    this.ws?.close(1000, reason);
  }

  private lost(ws: Wire): void {
    if (ws !== this.ws) return;
    this.ws = null;
    this.welcome = null;
    this.limits = null;
    this.common = null;
    this.parts.leases.line(false);
    this.inFlight = null;
    this.caughtUp = false;
    this.clearTimers();
    if (this.stopped) return;
    if (this.isCut) return this.setStatus('offline', 'drill');
    if (this.certTrouble !== null) this.mistrust(this.certTrouble);
    else if (this.statusNow.state !== 'refused') this.setStatus('offline', 'unreachable');
    this.retryTimer = setTimeout(() => this.connect(), this.backoffMs());
  }

  /** TLS says that this is not our HQ: said once, asked again as seldom as after a refusal. */
  private mistrust(trouble: CertTrouble): void {
    this.certTrouble = null;
    if (this.statusNow.reason !== trouble) this.parts.log(`sync: ${CERT_WORDS[trouble]}`);
    this.setStatus('refused', trouble);
  }

  /** Full jitter, so that three thousand tills do not all come back in the same second. */
  private backoffMs(): number {
    if (this.statusNow.state === 'refused') return REFUSED_RETRY_MS;
    const ceiling = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** this.attempts++);
    const [a, b] = this.parts.chance.bytes(2);
    return BACKOFF_MS_MIN / 2 + (ceiling * (a! * 256 + b!)) / 65_536;
  }

  private unsent(): number {
    return this.parts.journal.head.seq - this.ackedSeq;
  }

  private send(message: Up): void {
    if (this.ws?.readyState !== WIRE_OPEN) return;
    // One entry alone has nothing to be like.
    const folds = message.t === 'push' && message.entries.length > 1 && this.speaksColumns;
    this.ws.send(encodeFrame(folds ? foldPush(message) : message));
  }

  private get speaksColumns(): boolean {
    return this.welcome !== null && this.welcome.protocol >= COLUMNS_SINCE;
  }

  private heard(): void {
    if (this.silenceTimer !== null) clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.ws?.terminate(), SILENCE_MS_MAX);
  }

  private clearTimers(): void {
    for (const timer of [this.retryTimer, this.silenceTimer, this.ackTimer])
      if (timer !== null) clearTimeout(timer);
    if (this.pingTimer !== null) clearInterval(this.pingTimer);
    this.retryTimer = null;
    this.silenceTimer = null;
    this.ackTimer = null;
    this.pingTimer = null;
  }

  private setStatus(state: LinkStatus['state'], reason: string | null): void {
    if (this.statusNow.state === state && this.statusNow.reason === reason) return;
    this.statusNow = { state, sinceMs: this.parts.clock.nowMs(), reason };
    this.parts.onChange();
  }
}

function isSignedBy(publicKey: string, statement: Uint8Array, sig: string): boolean {
  return verifyEd25519({ publicKey, statement, signature: Buffer.from(sig, 'base64') });
}
