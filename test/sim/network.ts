/**
 * The network between tills and HQ: each connection keeps its frames in order, as TCP does, but may be slow, lose one way
 * without a word, break in the middle, or be met by a faulty box that says frames twice or changes them.
 */
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { Down } from '../../src/protocol/down.ts';
import { Up } from '../../src/protocol/up.ts';
import { WIRE_CLOSED, WIRE_OPEN, type Wire } from '../../src/protocol/wire.ts';
import type { Dice } from './dice.ts';
import type { Actor, Scheduler } from './scheduler.ts';

const CONNECTING = 0;
const CLOSING = 2;
/** As `ws` has them. */
const HANDSHAKE_MS = 10_000;
const CLOSE_MS = 30_000;

export interface NetFaults {
  /** Percent of frames. */
  cut: number;
  duplicate: number;
  corrupt: number;
  tamper: number;
  halfOpen: number;
  slowMs: number;
}

export const NO_FAULTS: Readonly<NetFaults> = {
  cut: 0,
  duplicate: 0,
  corrupt: 0,
  tamper: 0,
  halfOpen: 0,
  slowMs: 0,
};

/** Where a till's frames go and come from; a mutant sits in between. */
export interface FrameHooks {
  /** What arrives at HQ of a frame that a till sent. */
  readonly up?: (message: Up, till: string, send: (message: Down) => void) => Up;
  readonly down?: (message: Down, till: string) => Down;
  /** A till has just sent this, whatever becomes of it. */
  readonly sent?: (message: Up, till: string) => void;
}

export interface NetworkParts {
  readonly time: Scheduler;
  readonly dice: Dice;
  readonly fault: (kind: string) => void;
  readonly say: (who: string, what: string) => void;
  readonly hooks: FrameHooks;
  /** HQ sends this: what it acknowledges must be on its disk. */
  readonly onSent: (till: string, message: Down) => void;
}

export class Network {
  faults: NetFaults = { ...NO_FAULTS };
  private readonly partitioned = new Set<string>();
  private readonly held: { readonly till: string; readonly run: () => void }[] = [];
  /** HQ's running process and its door; null: HQ is down. */
  hq: {
    readonly actor: Actor;
    accept(wire: Wire): void;
    /** Of a process with HQ's old key, that some connections still end at. */
    acceptOld?(wire: Wire): void;
  } | null = null;
  readonly parts: NetworkParts;
  private readonly pipes = new Set<Pipe>();

  constructor(parts: NetworkParts) {
    this.parts = parts;
  }

  connect(actor: Actor, till: string): Wire {
    const { time, dice } = this.parts;
    const pipe = new Pipe(this, till, actor);
    this.pipes.add(pipe);
    time.after(this.latencyMs(), actor, () => {
      if (!this.reaches(till)) {
        time.after(HANDSHAKE_MS, actor, () => pipe.near.ended());
        return;
      }
      if (this.hq === null || dice.chance(this.faults.cut)) return pipe.near.ended();
      pipe.open(this.hq.actor);
      const { accept, acceptOld } = this.hq;
      const door = acceptOld !== undefined && dice.chance(40) ? acceptOld : accept;
      time.as(this.hq.actor, () => door(pipe.far));
    });
    return pipe.near;
  }

  /** Nothing gets through. What is under way waits: TCP says it again until it arrives or an end gives up. */
  part(till: string): void {
    this.partitioned.add(till);
  }

  mend(till: string): void {
    this.partitioned.delete(till);
    for (const frame of this.held.splice(0)) {
      if (frame.till === till) frame.run();
      else this.held.push(frame);
    }
  }

  reaches(till: string): boolean {
    return !this.partitioned.has(till);
  }

  hold(till: string, run: () => void): void {
    this.held.push({ till, run });
  }

  /** All connections of a process that is gone: the others hear of it, or do not. */
  dropAll(actor: Actor, heard: boolean): void {
    for (const pipe of this.pipes) {
      if (pipe.near.actor === actor) pipe.near.vanish(heard);
      else if (pipe.far.actor === actor) pipe.far.vanish(heard);
    }
  }

  forget(pipe: Pipe): void {
    this.pipes.delete(pipe);
  }

  latencyMs(): number {
    const { dice } = this.parts;
    return dice.int(2, 40) + (this.faults.slowMs > 0 ? dice.int(0, this.faults.slowMs) : 0);
  }
}

class Pipe {
  readonly net: Network;
  readonly till: string;
  readonly near: End;
  readonly far: End;

  constructor(net: Network, till: string, actor: Actor) {
    this.net = net;
    this.till = till;
    this.near = new End(this, 'up', actor);
    this.far = new End(this, 'down', actor);
  }

  open(hq: Actor): void {
    this.far.actor = hq;
    this.near.readyState = WIRE_OPEN;
    this.far.readyState = WIRE_OPEN;
  }
}

type Listener = (data: Uint8Array, isBinary: boolean) => void;

class End implements Wire {
  readyState: number = CONNECTING;
  actor: Actor;
  private readonly pipe: Pipe;
  private readonly way: 'up' | 'down';
  private readonly frames: Listener[] = [];
  private readonly closes: (() => void)[] = [];
  /** Nothing that is sent from here arrives any more, and nobody is told. */
  private mute = false;
  private lastArrivalMs = 0;

  constructor(pipe: Pipe, way: 'up' | 'down', actor: Actor) {
    this.pipe = pipe;
    this.way = way;
    this.actor = actor;
  }

  on(event: 'message' | 'close' | 'error', listener: Listener | ((cause: Error) => void)): void {
    if (event === 'message') this.frames.push(listener as Listener);
    // Nothing here fails with an error: lines break off, and that is a close.
    if (event === 'close') this.closes.push(listener as () => void);
  }

  once(_event: 'close', listener: () => void): void {
    this.closes.push(listener);
  }

  send(frame: Uint8Array): void {
    if (!this.actor.alive || this.readyState !== WIRE_OPEN) return;
    const { net, till } = this.pipe;
    const { dice, fault, say, hooks } = net.parts;
    let message = this.read(frame);
    if (this.way === 'up') hooks.sent?.(message as Up, till);
    say(till, `${this.way} ${summaryOf(message)}`);
    if (this.way === 'down') {
      if (hooks.down !== undefined) message = hooks.down(message as Down, till);
      net.parts.onSent(till, message as Down);
    }
    const { faults } = net;
    if (dice.chance(faults.halfOpen)) {
      fault('half-open');
      this.mute = true;
    }
    if (this.mute) return;
    if (dice.chance(faults.cut)) {
      fault('cut');
      say(till, `${this.way} cut`);
      // Some of it may be on the way yet; this frame is not.
      this.vanish(true);
      this.ended();
      return;
    }
    let bytes = encodeFrame(message);
    if (dice.chance(faults.corrupt)) {
      fault('corrupted frame');
      bytes = bytes.slice();
      const at = dice.int(0, bytes.length - 1);
      bytes[at] = bytes[at]! ^ (1 << dice.int(0, 7));
    } else if (message.t === 'push' && dice.chance(faults.tamper)) {
      fault('tampered frame');
      bytes = encodeFrame(tampered(message));
    }
    this.deliver(bytes);
    if (dice.chance(faults.duplicate)) {
      fault('duplicated frame');
      this.deliver(bytes);
    }
  }

  close(_code: number, reason: string): void {
    if (this.readyState >= CLOSING) return;
    if (this.readyState === CONNECTING) return this.terminate();
    this.readyState = CLOSING;
    const { net, till } = this.pipe;
    net.parts.say(till, `${this.way} close ${reason}`);
    const lost = this.mute || !net.reaches(till);
    if (!this.mute && lost) this.tellOther();
    if (!lost) this.tellOther();
    net.parts.time.after(lost ? CLOSE_MS : net.latencyMs() * 2, this.actor, () => this.ended());
  }

  terminate(): void {
    if (this.readyState === WIRE_CLOSED) return;
    this.readyState = WIRE_CLOSED;
    if (!this.mute) this.tellOther();
    queueMicrotask(() => this.tellHere());
  }

  /** The connection is over for this end. */
  ended(): void {
    if (this.readyState === WIRE_CLOSED) return;
    this.readyState = WIRE_CLOSED;
    this.tellHere();
  }

  /** This end's process is gone. @param heard whether the other end learns of it */
  vanish(heard: boolean): void {
    this.mute = true;
    if (!this.actor.alive) this.readyState = WIRE_CLOSED;
    if (heard) this.tellOther();
  }

  private get other(): End {
    return this.way === 'up' ? this.pipe.far : this.pipe.near;
  }

  private deliver(bytes: Uint8Array): void {
    const { other } = this;
    const { net, till } = this.pipe;
    this.after(() => {
      if (other.readyState !== WIRE_OPEN && other.readyState !== CLOSING) return;
      const { up } = net.parts.hooks;
      let frame = bytes;
      if (this.way === 'up' && up !== undefined) {
        const message = decodeFrame(bytes, Up);
        const answer = (down: Down) => other.send(encodeFrame(down));
        if (message.ok) frame = encodeFrame(up(message.value, till, answer));
      }
      for (const listener of other.frames) listener(Buffer.from(frame), true);
    });
  }

  private tellOther(): void {
    const { other } = this;
    this.after(() => other.ended());
  }

  private tellHere(): void {
    if (this.other.readyState === WIRE_CLOSED) this.pipe.net.forget(this.pipe);
    if (!this.actor.alive) return;
    this.pipe.net.parts.time.as(this.actor, () => {
      for (const listener of this.closes.splice(0)) listener();
    });
  }

  /** In the order of sending. */
  private after(run: () => void): void {
    const { net, till } = this.pipe;
    const { time } = net.parts;
    const { actor } = this.other;
    this.lastArrivalMs = Math.max(this.lastArrivalMs, time.nowMs + net.latencyMs());
    time.after(this.lastArrivalMs - time.nowMs, actor, () => {
      if (net.reaches(till)) return run();
      net.hold(till, () => time.after(0, actor, run));
    });
  }

  private read(frame: Uint8Array): Up | Down {
    const read = this.way === 'up' ? decodeFrame(frame, Up) : decodeFrame(frame, Down);
    if (!read.ok)
      throw new Error(`the ${this.way} end sent a frame that is not its language: ${read.error.kind}`);
    return read.value;
  }
}

/** Another price in the first entry that has one; whole frames, right checksums: only the chain can tell. */
function tampered(push: Extract<Up, { t: 'push' }>): Up {
  const entries = push.entries.map((text) => text.replace(/"totalMinor":(\d+)/, '"totalMinor":1$1'));
  const changed = entries.some((text, index) => text !== push.entries[index]);
  return { ...push, entries: changed ? entries : [`${push.entries[0]} `, ...push.entries.slice(1)] };
}

/** What the event log says of a frame: nothing that differs from run to run (nonces, signatures). */
function summaryOf(message: Up | Down): string {
  switch (message.t) {
    case 'push':
      return `push ${message.fromSeq}+${message.entries.length} ${message.hash.slice(0, 12)}`;
    case 'ack':
      return `ack ${message.throughSeq} ${message.hash.slice(0, 12)}`;
    case 'feed':
      return `feed ${message.rows.map(({ kind, key }) => `${kind}/${key}`).join(' ')} to ${message.nextCursor}`;
    case 'welcome':
      return `welcome ${message.ackedSeq}`;
    case 'hello':
      return `hello ${message.headSeq} ${message.headHash.slice(0, 12)}`;
    case 'pull':
      return `pull ${message.cursor}`;
    case 'error':
      return `error ${message.kind}`;
    default:
      return message.t;
  }
}
