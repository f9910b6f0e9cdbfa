/**
 * A cloud of a few words, as a connection in this process: it greets as it is told and answers nothing else.
 */
import { EventEmitter } from 'node:events';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import type { Down } from '../../src/protocol/down.ts';
import { Up } from '../../src/protocol/up.ts';
import { WIRE_CLOSED, WIRE_OPEN, type Wire } from '../../src/protocol/wire.ts';

export class SilentCloud {
  /** What the till has said, over all its connections. */
  readonly heard: Up[] = [];
  dialled = 0;
  /** Called with each message. */
  answer: (message: Up, say: (message: Down) => void) => void = () => {};
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
        this.answer(message.value, say);
      },
      close: end,
      terminate: end,
      on: (event: string, listener: (...args: never[]) => void) => events.on(event, listener as () => void),
      once: (event: string, listener: () => void) => events.once(event, listener),
    };
  };
}
