/**
 * Bridge: the page's one line to its till, a WebSocket that is there again after every break.
 *
 * Calls are answered or rejected, never forgotten: a break rejects those in flight as `disconnected`. The calls
 * that must happen once carry an id that makes them safe to say twice, so `callTwice` says them again after the break.
 */

import { patched } from '../core/patch.ts';
import type {
  TillApiError,
  TillMethod,
  TillParams,
  TillPush,
  TillResponse,
  TillResult,
  TillView,
} from '../till/api.ts';
import { keepSame } from './same.ts';

/** What a call can fail with: the till's own answer, or no answer at all. */
export type BridgeError = TillApiError | { readonly kind: 'disconnected' };

export class CallError extends Error {
  override name = 'CallError';
  readonly error: BridgeError;

  constructor(error: BridgeError) {
    super(error.kind);
    this.error = error;
  }
}

/** `refused`: the token is not this till's; only the address that the till printed helps. */
export type Link = 'connecting' | 'open' | 'lost' | 'refused';

export interface BridgeState {
  readonly link: Link;
  readonly lostAtMs: number | null;
  readonly view: TillView | null;
  /** Till clock minus this computer's: the screen's "now" is the till's. */
  readonly clockOffsetMs: number;
}

/** The part of the browser's WebSocket that is used here, so that a test can stand in for it. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose' | 'readyState'>;

export interface BridgeWorld {
  readonly connect: () => Socket;
  readonly nowMs: () => number;
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** Asks the screen for its next frame. */
  readonly wakeFrame: () => void;
}

const CLOSE_WRONG_TOKEN = 4401;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 3_000;
/** A till answers in milliseconds; after this long it hangs, and a new connection finds out. */
const ANSWER_MS_MAX = 15_000;
/** How long a call that moves money waits for the till to be back before the cashier is told. */
const RECONNECT_MS_MAX = 60_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: CallError) => void;
  readonly stopTimer: () => void;
}

export class Bridge {
  #world: BridgeWorld;
  #socket: Socket | null = null;
  #state: BridgeState = { link: 'connecting', lostAtMs: null, view: null, clockOffsetMs: 0 };
  #listeners = new Set<() => void>();
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #retryMs = RETRY_MS_MIN;
  /** A till that started again counts its views from one: the first view of a connection is always taken. */
  #freshLink = true;
  #version = 0;
  /** The till's newest picture as it was told; the shown one keeps the objects of before. */
  #told: TillView | null = null;

  constructor(world: BridgeWorld) {
    this.#world = world;
  }

  start(): void {
    const socket = this.#world.connect();
    this.#socket = socket;
    this.#freshLink = true;
    this.#told = null;
    socket.onopen = () => {
      this.#retryMs = RETRY_MS_MIN;
    };
    socket.onmessage = (event) => this.#receive(String(event.data));
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#lose(event.code);
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): BridgeState => this.#state;

  call<M extends TillMethod>(method: M, params: TillParams<M>): Promise<TillResult<M>> {
    const socket = this.#socket;
    if (socket === null || socket.readyState !== SOCKET_OPEN || this.#state.link === 'refused') {
      return Promise.reject(new CallError({ kind: 'disconnected' }));
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const stopTimer = this.#world.after(ANSWER_MS_MAX, () => socket.close());
      this.#waiting.set(id, { resolve: (result) => resolve(result as TillResult<M>), reject, stopTimer });
      socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** For calls with an id of their own: after a break they are said once more, and the till knows what it did. */
  async callTwice<M extends TillMethod>(method: M, params: TillParams<M>): Promise<TillResult<M>> {
    try {
      return await this.call(method, params);
    } catch (thrown) {
      if (!(thrown instanceof CallError) || thrown.error.kind !== 'disconnected') throw thrown;
      await this.#backOnline();
      return this.call(method, params);
    }
  }

  #backOnline(): Promise<void> {
    if (this.#state.link === 'open') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        stopTimer();
        stopListening();
        settle();
      };
      const stopTimer = this.#world.after(RECONNECT_MS_MAX, () =>
        done(() => reject(new CallError({ kind: 'disconnected' }))),
      );
      const stopListening = this.subscribe(() => {
        if (this.#state.link === 'open') done(resolve);
        if (this.#state.link === 'refused') done(() => reject(new CallError({ kind: 'disconnected' })));
      });
    });
  }

  #receive(text: string): void {
    // Asked for before the work that fills it, the frame begins when that work ends, not up to 16 ms later.
    this.#world.wakeFrame();
    const message = JSON.parse(text) as TillPush | TillResponse;
    const view = this.#pictureOf(message);
    if ('id' in message) this.#settle(message);
    // After the answer: who waits for it goes on in the same turn, and both are drawn in one go.
    if (view !== null) this.#show(view);
  }

  #pictureOf(message: TillPush | TillResponse): TillView | null {
    if ('view' in message && message.view !== undefined) this.#told = message.view;
    else if ('patch' in message && message.patch !== undefined) {
      // What was changed is not what is here: a new connection brings the whole picture.
      if (this.#told === null || this.#told.version !== message.from) this.#socket?.close();
      else this.#told = patched(this.#told, message.patch) as TillView;
    } else return null;
    return this.#told;
  }

  #settle(message: TillResponse): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    waiting.stopTimer();
    if ('error' in message) waiting.reject(new CallError(message.error));
    else waiting.resolve(this.#unmarked(message.result));
  }

  /** The picture in the place of its mark. */
  #unmarked(result: unknown): unknown {
    if (typeof result !== 'object' || result === null) return result;
    if ('viewVersion' in result) return this.#told;
    return 'view' in result ? { ...result, view: this.#unmarked(result.view) } : result;
  }

  #show(view: TillView): void {
    const known = this.#state.view;
    if (!this.#freshLink && known !== null && view.version <= this.#version) return;
    const fresh = this.#freshLink;
    this.#freshLink = false;
    this.#version = view.version;
    const clockOffsetMs = view.atMs - this.#world.nowMs();
    if (known === null || fresh) {
      this.#change({ link: 'open', lostAtMs: null, view, clockOffsetMs });
      return;
    }
    // An answer and the push after it are mostly the same picture: for the second one nothing is drawn.
    const { version, atMs } = view;
    const before = { ...known, version, atMs };
    const kept = keepSame(before, view);
    if (kept === before) this.#state = { ...this.#state, clockOffsetMs };
    else this.#change({ view: kept, clockOffsetMs });
  }

  #lose(code: number): void {
    this.#socket = null;
    for (const waiting of this.#waiting.values()) {
      waiting.stopTimer();
      waiting.reject(new CallError({ kind: 'disconnected' }));
    }
    this.#waiting.clear();
    if (code === CLOSE_WRONG_TOKEN) {
      this.#change({ link: 'refused' });
      return;
    }
    this.#change({ link: 'lost', lostAtMs: this.#state.lostAtMs ?? this.#world.nowMs() });
    this.#world.after(this.#retryMs, () => this.start());
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }

  #change(part: Partial<BridgeState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}

const SOCKET_OPEN = 1;

// ---- the page's own world ----

const TOKEN_KEY = 'counterfoil-till-token';

/**
 * The launch token from `#token=HEX`, kept for this tab and taken out of the address bar.
 *
 * @param key  where the tab keeps it: the customer's page has a token of its own
 * @returns null when the page was opened without one
 */
export function takeToken(
  page: Pick<Window, 'location' | 'history' | 'sessionStorage'>,
  key = TOKEN_KEY,
): string | null {
  const given = /^#token=([0-9a-f]+)$/i.exec(page.location.hash)?.[1];
  if (given !== undefined) {
    page.sessionStorage.setItem(key, given);
    page.history.replaceState(null, '', page.location.pathname + page.location.search);
  }
  return page.sessionStorage.getItem(key);
}

/** The bridge of a page that the till itself serves. */
export function bridgeTo(host: string, token: string): Bridge {
  return new Bridge({
    connect: () => new WebSocket(`ws://${host}/api`, ['counterfoil-till-2', `token-${token}`]),
    nowMs: () => Date.now(),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    wakeFrame: () => requestAnimationFrame(() => {}),
  });
}
