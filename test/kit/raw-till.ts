/**
 * A till made of bare protocol: its own Ed25519 key, its own chain, and a socket that says whatever a test wants.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { WebSocket } from 'ws';
import {
  type ChainedEntry,
  type ChainHead,
  canonicalJson,
  entryHash,
  genesisHash,
  headStatement,
} from '../../src/core/entry.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { Down } from '../../src/protocol/down.ts';
import { helloStatement } from '../../src/protocol/up.ts';
import { PROTOCOL_VERSION, SYNC_PATH, SYNC_SUBPROTOCOL } from '../../src/protocol/version.ts';
import { sha256 } from '../../src/till/run.ts';
import { addTill } from '../../src/tools/cloud-client.ts';
import type { TestCloud } from './cloud.ts';
import { aDemoSale, anId, SALE_AT_MS, type SaleFacts } from './sales.ts';

export type Said<K extends Down['t']> = Extract<Down, { t: K }>;

let tillsMade = 0;

/** Adds a till to the cloud and enrols it with a key of the test's. */
export async function aRawTill(
  cloud: TestCloud,
  facts: { readonly storeId?: string; readonly code?: string } = {},
): Promise<RawTill> {
  const storeId = facts.storeId ?? 'S01';
  const tillCode = facts.code ?? `R${++tillsMade}`;
  const code = await addTill(cloud.client, { storeId, code: tillCode });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const { tillId } = (await cloud.client.post('/api/v1/enrol', { code, publicKey: spki })) as {
    tillId: string;
  };
  return new RawTill(cloud, { tillId, storeId, tillCode, privateKey });
}

export class RawTill {
  readonly cloud: TestCloud;
  readonly tillId: string;
  readonly storeId: string;
  readonly tillCode: string;
  privateKey: KeyObject;
  journalId: string;
  readonly chain: ChainedEntry[] = [];

  constructor(
    cloud: TestCloud,
    facts: {
      readonly tillId: string;
      readonly storeId: string;
      readonly tillCode: string;
      readonly privateKey: KeyObject;
    },
  ) {
    this.cloud = cloud;
    this.tillId = facts.tillId;
    this.storeId = facts.storeId;
    this.tillCode = facts.tillCode;
    this.privateKey = facts.privateKey;
    // Its own a till, and the same each time for the same till.
    this.journalId = facts.tillId.replace(/^.{8}/, 'aaaaaaaa');
  }

  /** @param throughSeq the head after that many entries */
  head(throughSeq = this.chain.length): ChainHead {
    const last = this.chain[throughSeq - 1];
    return last === undefined
      ? { seq: 0, hash: genesisHash(sha256, this.journalId) }
      : { seq: last.seq, hash: last.hash };
  }

  /** Chains any text at all. */
  appendText(text: string): ChainedEntry {
    const before = this.head();
    const entry = { seq: before.seq + 1, text, hash: entryHash(sha256, before.hash, text) };
    this.chain.push(entry);
    return entry;
  }

  /** An entry of any kind; `over` changes its head. */
  append(kind: string, body: object, over: object = {}): ChainedEntry {
    return this.appendText(canonicalJson(this.entry(kind, body, over)));
  }

  entry(kind: string, body: object, over: object = {}): object {
    const seq = this.chain.length + 1;
    const atMs = SALE_AT_MS + seq;
    return {
      v: 1,
      tillId: this.tillId,
      journalId: this.journalId,
      seq,
      kind,
      atMs,
      hlc: `${atMs}.0`,
      businessDate: '2026-11-21',
      shiftId: `${this.tillCode}/2026-11-21`,
      cashierId: '01',
      body,
      ...over,
    };
  }

  appendOpened(): ChainedEntry {
    return this.append('journal_opened', { storeId: this.storeId, tillCode: this.tillCode, follows: null });
  }

  /** A good sale with an id of this till's own; `change` may break its body. */
  appendSale(
    facts: Partial<SaleFacts> = {},
    change: (sale: ReturnType<typeof aDemoSale>) => object = (sale) => sale,
    over: object = {},
  ): ChainedEntry {
    const receiptSeq = facts.receiptSeq ?? this.chain.length + 1;
    const { storeId, tillCode } = this;
    const sale = aDemoSale({ id: this.saleId(receiptSeq), receiptSeq, storeId, tillCode, ...facts });
    return this.append('sale', change(sale), over);
  }

  saleId(receiptSeq: number): string {
    return anId(receiptSeq).replace(/^.{8}/, this.tillId.slice(-8));
  }

  appendSales(count: number): void {
    for (let index = 0; index < count; index++) this.appendSale();
  }

  /** The push of entries `fromSeq` to `toSeq`, rightly chained and signed; `over` makes it wrong. */
  pushOf(fromSeq: number, toSeq = this.chain.length, over: object = {}): object {
    const head = this.head(toSeq);
    return {
      t: 'push',
      fromSeq,
      entries: this.chain.slice(fromSeq - 1, toSeq).map(({ text }) => text),
      hash: head.hash,
      sig: this.signHead(head),
      unsent: 0,
      ...over,
    };
  }

  signHead(head: ChainHead): string {
    return sign(null, headStatement(this.tillId, this.journalId, head), this.privateKey).toString('base64');
  }

  /** A socket that has heard its challenge and said nothing yet. */
  async dial(url = this.cloud.url): Promise<RawLink> {
    const link = new RawLink(url);
    await link.opened;
    return link;
  }

  /** A socket that has been welcomed. */
  async connect(over: object = {}, url = this.cloud.url): Promise<RawLink> {
    const link = await this.dial(url);
    await this.hello(link, over);
    link.welcome = (await link.expect('welcome')) as Said<'welcome'>;
    return link;
  }

  /** Says hello with a right signature; `over` changes the words after they were signed. */
  async hello(link: RawLink, over: object = {}): Promise<void> {
    const { nonce, cloudId } = (await link.expect('challenge')) as Said<'challenge'>;
    const { tillId, journalId } = this;
    const { seq: headSeq, hash: headHash } = this.head();
    const facts = { nonce, cloudId, tillId, journalId, headSeq, headHash };
    const sig = sign(null, helloStatement(facts), this.privateKey).toString('base64');
    const protocol = PROTOCOL_VERSION;
    link.say({
      t: 'hello',
      protocol,
      tillId,
      journalId,
      headSeq,
      headHash,
      appVersion: 'raw',
      sig,
      ...over,
    });
  }
}

/** One socket in the sync language, as bare as it comes. */
export class RawLink {
  readonly ws: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  welcome: Said<'welcome'> | null = null;
  private readonly heard: Down[] = [];
  private waiter: (() => void) | null = null;
  private isClosed = false;

  constructor(url: string) {
    this.ws = new WebSocket(new URL(SYNC_PATH, url.replace(/^http/, 'ws')), SYNC_SUBPROTOCOL, {
      perMessageDeflate: false,
    });
    this.opened = new Promise((resolve, reject) => {
      this.ws.once('open', () => resolve());
      this.ws.once('error', reject);
    });
    this.closed = new Promise((resolve) => {
      this.ws.once('close', (code, reason) => {
        this.isClosed = true;
        this.waiter?.();
        resolve({ code, reason: reason.toString('utf8') });
      });
    });
    this.ws.on('error', () => {});
    this.ws.on('message', (data: Buffer) => {
      const frame = decodeFrame(data, Down);
      if (!frame.ok) throw new Error(`the cloud sent ${frame.error.kind}`);
      this.heard.push(frame.value);
      this.waiter?.();
    });
  }

  say(message: object): void {
    this.ws.send(encodeFrame(message));
  }

  sayBytes(bytes: Uint8Array | string): void {
    this.ws.send(bytes);
  }

  /** The next message. @throws Error when the cloud closes without another word */
  async next(): Promise<Down> {
    while (this.heard.length === 0) {
      if (this.isClosed) throw new Error('the cloud closed the line');
      await new Promise<void>((resolve) => {
        this.waiter = resolve;
      });
    }
    return this.heard.shift()!;
  }

  /** The next message, which must be of that kind. */
  async expect<K extends Down['t']>(kind: K): Promise<Said<K>> {
    const message = await this.next();
    if (message.t !== kind) throw new Error(`${kind} was expected, not ${JSON.stringify(message)}`);
    return message as Said<K>;
  }

  /** Says it and takes the next answer that is no feed. */
  async ask(message: object): Promise<Down> {
    this.say(message);
    for (;;) {
      const answer = await this.next();
      if (answer.t !== 'feed') return answer;
    }
  }

  /** Messages heard and not taken yet. */
  get unread(): readonly Down[] {
    return this.heard;
  }

  async hangUp(): Promise<void> {
    if (!this.isClosed) this.ws.terminate();
    await this.closed;
  }
}
