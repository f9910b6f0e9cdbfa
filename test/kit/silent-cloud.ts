/**
 * A cloud of a few words, as a connection in this process: it greets as it is told and answers nothing else.
 */
import { EventEmitter } from 'node:events';
import { zstdDecompressSync } from 'node:zlib';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import type { Down, Welcome } from '../../src/protocol/down.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import { welcomeStatement } from '../../src/protocol/trust.ts';
import { type Hello, Up } from '../../src/protocol/up.ts';
import { WIRE_CLOSED, WIRE_OPEN, type Wire } from '../../src/protocol/wire.ts';

export class SilentCloud {
  /** What the till has said, over all its connections. */
  readonly heard: Up[] = [];
  /** The same as it travelled. */
  readonly frames: Readonly<Record<string, unknown>>[] = [];
  dialled = 0;
  /** Called with each message. */
  answer: (message: Up, say: (message: Down) => void, hangUp: () => void) => void = () => {};
  private readonly cloudId: string;

  constructor(cloudId: string) {
    this.cloudId = cloudId;
  }

  heardOf<K extends Up['t']>(kind: K): Extract<Up, { t: K }>[] {
    return this.heard.filter((message): message is Extract<Up, { t: K }> => message.t === kind);
  }

  /** For `TillConfig.connect`. */
  readonly connect = (): Wire => {
    this.dialled++;
    const events = new EventEmitter();
    let state: number = WIRE_OPEN;
    const say = (message: Down) => {
      queueMicrotask(() => {
        if (state === WIRE_OPEN) events.emit('message', Buffer.from(encodeFrame(message)), true);
      });
    };
    const end = () => {
      if (state === WIRE_CLOSED) return;
      state = WIRE_CLOSED;
      queueMicrotask(() => events.emit('close'));
    };
    say({ t: 'challenge', nonce: 'a-nonce-of-the-cloud', cloudId: this.cloudId });
    return {
      get readyState() {
        return state;
      },
      send: (frame) => {
        const message = decodeFrame(frame, Up);
        if (!message.ok) throw new Error(`the till sent ${message.error.kind}`);
        this.heard.push(message.value);
        this.frames.push(JSON.parse(zstdDecompressSync(frame).toString()));
        this.answer(message.value, say, () => queueMicrotask(end));
      },
      close: end,
      terminate: end,
      on: (event: string, listener: (...args: never[]) => void) => events.on(event, listener as () => void),
      once: (event: string, listener: () => void) => events.once(event, listener),
    };
  };
}

/** Greets as HQ would; `key` signs. */
export function greeting(
  hello: Hello,
  { cloudId, key }: { readonly cloudId: string; readonly key: SigningKey },
  { nonce = hello.nonce!, ackedSeq = hello.headSeq }: { nonce?: string; ackedSeq?: number } = {},
): Welcome {
  const head = { ackedSeq, ackedHash: ackedSeq === 0 ? null : hello.headHash };
  const facts = { nonce, cloudId, tillId: hello.tillId, journalId: hello.journalId, ...head };
  return {
    t: 'welcome',
    protocol: hello.protocol,
    cloudId,
    ...head,
    serverTimeMs: Date.now(),
    limits: DEFAULT_LIMITS,
    sig: key.sign(welcomeStatement(facts)),
    cloudKey: key.publicKey,
  };
}

interface SigningKey {
  /** SPKI DER, base64. */
  readonly publicKey: string;
  /** base64 */
  readonly sign: (statement: Uint8Array) => string;
}
