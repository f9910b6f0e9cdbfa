/**
 * A till of the demo that trades by itself: its own key, chain and line to HQ, in the language of the tills.
 *
 * What it sent is kept beside its key. The next state is on disk before a push and takes effect with its ack, so a demo that is
 * killed in between goes on with the head that HQ has.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WebSocket } from 'ws';
import {
  type ChainHead,
  canonicalJson,
  type EntryBody,
  entryHash,
  genesisHash,
  headStatement,
  type JournalEntry,
} from '../core/entry.ts';
import { uuidV7 } from '../core/id.ts';
import { decodeFrame, encodeFrame } from '../protocol/codec.ts';
import { Down } from '../protocol/down.ts';
import { helloStatement } from '../protocol/up.ts';
import { PROTOCOL_VERSION, SYNC_PATH, SYNC_SUBPROTOCOL } from '../protocol/version.ts';
import { APP_VERSION, sha256, systemChance } from '../till/run.ts';
import { addTill, type CloudClient } from './cloud-client.ts';

export interface TillKey {
  readonly tillId: string;
  readonly journalId: string;
  readonly tillCode: string;
  readonly storeId: string;
  /** PKCS #8 PEM: a made-up till's key, worth nothing elsewhere. */
  readonly privateKey: string;
}

/** Where a till stands; `more` is its trade's own. */
export interface TillState<T> {
  readonly head: ChainHead;
  readonly more: T;
}

export interface NewEntry {
  readonly atMs: number;
  readonly businessDate: string;
  readonly shiftId: string;
  readonly cashierId: string;
  readonly what: EntryBody;
}

const PING_MS = 10_000;

/** Reads the till's key and state, or enrols it anew. */
export async function openDemoTill<T>(
  client: CloudClient,
  facts: { readonly folder: string; readonly storeId: string; readonly tillCode: string; readonly fresh: T },
): Promise<{ readonly till: DemoTill; readonly states: readonly TillState<T>[] }> {
  const { folder, storeId, tillCode, fresh } = facts;
  const keyFile = path.join(folder, `${tillCode}.key.json`);
  if (!existsSync(keyFile)) {
    const key = await enrolAnew(client, { storeId, tillCode });
    writeFileSync(keyFile, JSON.stringify(key), { mode: 0o600 });
  }
  const till = new DemoTill(JSON.parse(readFileSync(keyFile, 'utf8')) as TillKey, folder);
  const start = { head: { seq: 0, hash: genesisHash(sha256, till.key.journalId) }, more: fresh };
  return { till, states: [...till.kept<T>(), start] };
}

async function enrolAnew(
  client: CloudClient,
  { storeId, tillCode }: { readonly storeId: string; readonly tillCode: string },
): Promise<TillKey> {
  const code = await addTill(client, { storeId, code: tillCode });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const { tillId } = (await client.post('/api/v1/enrol', { code, publicKey: spki })) as { tillId: string };
  return {
    tillId,
    journalId: uuidV7(Date.now(), systemChance.bytes(10)),
    tillCode,
    storeId,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

export class DemoTill {
  readonly key: TillKey;
  private readonly folder: string;
  private readonly privateKey: KeyObject;
  private ws: WebSocket | null = null;
  private heard: Down[] = [];
  private wake: () => void = () => {};
  private pinging: NodeJS.Timeout | null = null;

  constructor(key: TillKey, folder: string) {
    this.key = key;
    this.folder = folder;
    this.privateKey = createPrivateKey(key.privateKey);
  }

  /** States that may be the one that HQ has, the newest first. */
  kept<T>(): TillState<T>[] {
    return ['next', 'now']
      .map((name) => this.fileOf(name))
      .filter((file) => existsSync(file))
      .flatMap((file) => {
        try {
          return [JSON.parse(readFileSync(file, 'utf8')) as TillState<T>];
        } catch {
          // Cut off in the middle of a write: the other one counts.
          return [];
        }
      });
  }

  /** @returns the head that HQ has of this journal. @throws Error when HQ refuses or cannot be reached */
  async connect(url: string, head: ChainHead): Promise<ChainHead> {
    const ws = new WebSocket(new URL(SYNC_PATH, url.replace(/^http/, 'ws')), SYNC_SUBPROTOCOL, {
      perMessageDeflate: false,
    });
    this.ws = ws;
    this.heard = [];
    ws.on('error', () => {});
    ws.on('close', () => {
      if (this.ws === ws) this.ws = null;
      if (this.pinging !== null) clearInterval(this.pinging);
      this.wake();
    });
    ws.on('message', (data: Buffer) => {
      const frame = decodeFrame(data, Down);
      if (frame.ok) this.heard.push(frame.value);
      this.wake();
    });
    const { nonce, cloudId } = await this.expect('challenge');
    const { tillId, journalId } = this.key;
    const facts = { nonce, cloudId, tillId, journalId, headSeq: head.seq, headHash: head.hash };
    const sig = sign(null, helloStatement(facts), this.privateKey).toString('base64');
    this.say({
      t: 'hello',
      protocol: PROTOCOL_VERSION,
      tillId,
      journalId,
      headSeq: head.seq,
      headHash: head.hash,
      appVersion: APP_VERSION,
      sig,
    });
    const { ackedSeq, ackedHash } = await this.expect('welcome');
    this.pinging = setInterval(() => this.say({ t: 'ping', unsent: 0 }), PING_MS);
    return { seq: ackedSeq, hash: ackedHash ?? genesisHash(sha256, journalId) };
  }

  get isConnected(): boolean {
    return this.ws !== null;
  }

  /** Chains the entries after the head, sends them, and keeps the state with HQ's ack. */
  async push<T>(state: TillState<T>, entries: readonly NewEntry[], more: T): Promise<TillState<T>> {
    const texts: string[] = [];
    let { head } = state;
    for (const entry of entries) {
      const text = canonicalJson(this.entryOf(entry, head.seq + 1));
      head = { seq: head.seq + 1, hash: entryHash(sha256, head.hash, text) };
      texts.push(text);
    }
    const next = { head, more };
    writeFileSync(this.fileOf('next'), JSON.stringify(next));
    const statement = headStatement(this.key.tillId, this.key.journalId, head);
    const sig = sign(null, statement, this.privateKey).toString('base64');
    this.say({ t: 'push', fromSeq: state.head.seq + 1, entries: texts, hash: head.hash, sig, unsent: 0 });
    const ack = await this.expect('ack');
    if (ack.throughSeq !== head.seq) throw new Error(`HQ has ${ack.throughSeq} entries of ${head.seq}`);
    renameSync(this.fileOf('next'), this.fileOf('now'));
    return next;
  }

  hangUp(): void {
    this.ws?.terminate();
  }

  private entryOf(entry: NewEntry, seq: number): JournalEntry {
    const { atMs, businessDate, shiftId, cashierId, what } = entry;
    const { tillId, journalId } = this.key;
    return {
      v: 1,
      tillId,
      journalId,
      seq,
      atMs,
      hlc: `${atMs}.0`,
      businessDate,
      shiftId,
      cashierId,
      ...what,
    };
  }

  private say(message: object): void {
    this.ws?.send(encodeFrame(message));
  }

  private async expect<K extends Down['t']>(kind: K): Promise<Extract<Down, { t: K }>> {
    for (;;) {
      const message = this.heard.shift();
      if (message?.t === kind) return message as Extract<Down, { t: K }>;
      if (message?.t === 'error') throw new Error(`HQ says ${message.kind}: ${message.message}`);
      if (message !== undefined) continue;
      if (this.ws === null) throw new Error('the line to HQ is down');
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private fileOf(name: string): string {
    return path.join(this.folder, `${this.key.tillCode}.${name}.json`);
  }
}
