/**
 * A screen's end of `TillApi`: calls over the loopback WebSocket, as a page makes them.
 */
import { WebSocket } from 'ws';
import type { TillApiError, TillMethod, TillParams, TillResult, TillView } from '../../src/till/api.ts';

export class TillCallError extends Error {
  override name = 'TillCallError';
  readonly error: TillApiError;

  constructor(method: string, error: TillApiError) {
    super(`${method}: ${JSON.stringify(error)}`);
    this.error = error;
  }
}

/** The socket is gone, and with it the answer: nobody knows whether the call was done. */
export class LineLostError extends Error {
  override name = 'LineLostError';
}

interface Waiting {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class TillClient {
  readonly ws: WebSocket;
  /** The newest picture, from pushes and answers alike. */
  view!: TillView;
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private readonly texts: string[] = [];
  private textWaiter: (() => void) | null = null;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('error', () => {});
    ws.on('message', (data: Buffer) => this.receive(data.toString('utf8')));
    this.closed = new Promise((resolve) => {
      ws.once('close', (code, reason) => {
        for (const { method, reject } of this.waiting.values()) reject(new LineLostError(method));
        this.waiting.clear();
        resolve({ code, reason: reason.toString('utf8') });
      });
    });
  }

  /** @throws LineLostError when nothing answers, or hangs up before the first view */
  static async connect(
    port: number,
    token: string,
    headers: Record<string, string> = {},
  ): Promise<TillClient> {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/api`, ['counterfoil-till-1', `token-${token}`], {
      headers,
    });
    const client = new TillClient(ws);
    const first = new Promise<void>((resolve) => {
      client.textWaiter = resolve;
    });
    const outcome = await Promise.race([first, client.closed]);
    if (outcome !== undefined) throw new LineLostError(`closed with ${outcome.code} ${outcome.reason}`);
    return client;
  }

  call<M extends TillMethod>(method: M, params: TillParams<M>): Promise<TillResult<M>> {
    return this.raw(method, params) as Promise<TillResult<M>>;
  }

  /** A call that the types would not allow. */
  raw(method: string, params: unknown): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      if (this.ws.readyState !== WebSocket.OPEN) return reject(new LineLostError(method));
      this.waiting.set(id, { method, resolve, reject });
      this.ws.send(JSON.stringify({ id, method, params }));
    });
  }

  /** The error of a call that must be refused. */
  async refusal(method: string, params: unknown): Promise<TillApiError> {
    try {
      await this.raw(method, params);
    } catch (cause) {
      if (cause instanceof TillCallError) return cause.error;
      throw cause;
    }
    throw new Error(`${method} was not refused`);
  }

  /** Sends any bytes and takes the next answer that belongs to no call. */
  async sayText(text: string): Promise<{ id: number; error?: TillApiError }> {
    this.ws.send(text);
    while (this.texts.length === 0) {
      await new Promise<void>((resolve) => {
        this.textWaiter = resolve;
      });
    }
    return JSON.parse(this.texts.shift()!);
  }

  close(): void {
    this.ws.terminate();
  }

  private receive(text: string): void {
    const message = JSON.parse(text) as {
      id?: number;
      view?: TillView;
      result?: { view?: TillView };
      error?: TillApiError;
    };
    const shown = message.view ?? message.result?.view ?? (message.result as TillView | undefined);
    if (shown?.basket !== undefined && shown.version > (this.view?.version ?? 0)) this.view = shown;
    const call = message.id === undefined ? undefined : this.waiting.get(message.id);
    if (call !== undefined) {
      this.waiting.delete(message.id!);
      if (message.error === undefined) call.resolve(message.result);
      else call.reject(new TillCallError(call.method, message.error));
      return;
    }
    if (message.view === undefined) this.texts.push(text);
    this.textWaiter?.();
  }
}
