import { expect, test } from 'vitest';
import type { Patch } from '../../src/core/patch.ts';
import type { TillView } from '../../src/till/api.ts';
import { Bridge, CallError, type Socket, takeToken } from '../../src/ui/bridge.ts';
import { aView } from './a-view.ts';

/** A till at the other end of the wire, and a clock that only moves when told. */
class Wire {
  readonly sockets: { sent: { id: number; method: string; params: unknown }[]; socket: Socket }[] = [];
  readonly timers: { delayMs: number; run: () => void; stopped: boolean }[] = [];
  readonly bridge = new Bridge({
    connect: () => this.connect(),
    nowMs: () => 1_000,
    after: (delayMs, run) => {
      const timer = { delayMs, run, stopped: false };
      this.timers.push(timer);
      return () => {
        timer.stopped = true;
      };
    },
    wakeFrame: () => {
      this.framesAsked++;
    },
  });
  framesAsked = 0;

  private connect(): Socket {
    const sent: (typeof this.sockets)[number]['sent'] = [];
    const socket: Socket = {
      readyState: 1,
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (data) => void sent.push(JSON.parse(String(data))),
      close: () => this.close(1006),
    };
    this.sockets.push({ sent, socket });
    return socket;
  }

  get newest() {
    return this.sockets.at(-1)!;
  }

  get sent() {
    return this.newest.sent;
  }

  receive(message: unknown): void {
    this.newest.socket.onmessage?.call(null as never, { data: JSON.stringify(message) } as MessageEvent);
  }

  push(view: Partial<TillView>): void {
    this.receive({ view: aView(view) });
  }

  close(code: number): void {
    this.newest.socket.onclose?.call(null as never, { code } as CloseEvent);
  }

  /** Runs the timer that was set last and not stopped. */
  elapse(): number {
    const timer = this.timers.findLast((candidate) => !candidate.stopped)!;
    timer.stopped = true;
    timer.run();
    return timer.delayMs;
  }
}

function aWire(): Wire {
  const wire = new Wire();
  wire.bridge.start();
  wire.push({ version: 5, atMs: 61_000 });
  return wire;
}

function patchTo(version: number, businessDate: string): Patch {
  return { f: { version: { v: version }, businessDate: { v: businessDate } } };
}

test('an older picture is ignored; the first one of a new connection never is', () => {
  const wire = aWire();
  wire.push({ version: 4, businessDate: 'old' });
  expect(wire.bridge.state().view?.version).toBe(5);
  wire.close(1006);
  wire.elapse();
  wire.push({ version: 1 });
  expect(wire.bridge.state()).toMatchObject({ link: 'open', lostAtMs: null, view: { version: 1 } });
});

test('the till’s clock is the screen’s clock', () => {
  expect(aWire().bridge.state().clockOffsetMs).toBe(60_000);
});

test('who waits for an answer goes on before its picture is drawn', async () => {
  const wire = aWire();
  const order: string[] = [];
  const asked = wire.bridge.call('setQuantity', { lineNo: 1, qty: 2 }).then(() => order.push('answer'));
  wire.bridge.subscribe(() => queueMicrotask(() => order.push('drawn')));
  wire.receive({ id: 1, result: { viewVersion: 6 }, patch: patchTo(6, '2026-11-23'), from: 5 });
  await asked;
  await Promise.resolve();
  expect(order).toEqual(['answer', 'drawn']);
});

test('a message asks for its frame', () => {
  const wire = aWire();
  const before = wire.framesAsked;
  wire.push({ version: 9 });
  expect(wire.framesAsked - before).toBe(1);
});

test('an answer with a view in it shows that view at once', async () => {
  const wire = aWire();
  const answer = wire.bridge.call('setQuantity', { lineNo: 1, qty: 2 });
  expect(wire.sent).toEqual([{ id: 1, method: 'setQuantity', params: { lineNo: 1, qty: 2 } }]);
  wire.receive({ id: 1, result: { viewVersion: 6 }, patch: patchTo(6, '2026-11-23'), from: 5 });
  expect(await answer).toMatchObject({ version: 6, businessDate: '2026-11-23' });
  expect(wire.bridge.state().view).toMatchObject({ version: 6, businessDate: '2026-11-23' });
});

test('an answer holds the view in the place of its mark', async () => {
  const wire = aWire();
  const answer = wire.bridge.call('payCash', { basketId: 'b1', amountMinor: 100 });
  const result = { settled: true, view: { viewVersion: 6 } };
  wire.receive({ id: 1, result, patch: patchTo(6, '2026-11-23'), from: 5 });
  expect(await answer).toMatchObject({ settled: true, view: { businessDate: '2026-11-23' } });
});

test('a patch of a picture that is not here brings a new connection, and with it the whole picture', () => {
  const wire = aWire();
  wire.receive({ patch: patchTo(8, '2026-11-23'), from: 7 });
  expect(wire.bridge.state()).toMatchObject({ link: 'lost', view: { version: 5 } });
  wire.elapse();
  wire.push({ version: 9 });
  expect(wire.bridge.state()).toMatchObject({ link: 'open', view: { version: 9 } });
});

test('the push after an answer, the same picture with a later number, draws nothing anew', () => {
  const wire = aWire();
  const before = wire.bridge.state().view;
  let changes = 0;
  wire.bridge.subscribe(() => changes++);
  wire.push({ version: 6, atMs: 62_000 });
  expect(changes).toBe(0);
  expect(wire.bridge.state()).toMatchObject({ clockOffsetMs: 61_000, view: before });
  // Older than what was ignored is still older.
  wire.push({ version: 5, businessDate: 'old' });
  expect(wire.bridge.state().view).toBe(before);
  wire.push({ version: 7, businessDate: 'new' });
  expect([changes, wire.bridge.state().view?.businessDate]).toEqual([1, 'new']);
});

test('an error of the till rejects with its kind', async () => {
  const wire = aWire();
  const answer = wire.bridge.call('enter', { text: '404' });
  wire.receive({ id: 1, error: { kind: 'unknown_code', code: '404' } });
  await expect(answer).rejects.toMatchObject({ error: { kind: 'unknown_code', code: '404' } });
});

test('a break rejects what is in flight, and later calls until the till is back', async () => {
  const wire = aWire();
  const inFlight = wire.bridge.call('enter', { text: '1' });
  wire.close(1006);
  await expect(inFlight).rejects.toMatchObject({ error: { kind: 'disconnected' } });
  await expect(wire.bridge.call('enter', { text: '2' })).rejects.toBeInstanceOf(CallError);
  expect(wire.bridge.state()).toMatchObject({ link: 'lost', lostAtMs: 1_000, view: { version: 5 } });
});

test('reconnecting waits 250 ms, then twice as long each time, at most 3 s', () => {
  const wire = aWire();
  wire.close(1006);
  const delays = Array.from({ length: 6 }, () => {
    const delayMs = wire.elapse();
    wire.close(1006);
    return delayMs;
  });
  expect(delays).toEqual([250, 500, 1_000, 2_000, 3_000, 3_000]);
});

test('a payment whose answer was lost is said once more with the same basket', async () => {
  const wire = aWire();
  const params = { basketId: 'b1', amountMinor: 40_000 };
  const paid = wire.bridge.callTwice('payCash', params);
  wire.close(1006);
  await Promise.resolve();
  // Timers set now: the way back, and how long the payment waits for it.
  wire.timers.find((timer) => timer.delayMs === 250)!.run();
  wire.push({ version: 1 });
  await Promise.resolve();
  await Promise.resolve();
  expect(wire.sent).toEqual([{ id: 2, method: 'payCash', params }]);
  wire.receive({ id: 2, result: { settled: true, view: { viewVersion: 1 } } });
  expect((await paid).settled).toBe(true);
});

test('a till that does not answer for 15 s is left, so that the next connection finds out', async () => {
  const wire = aWire();
  const answer = wire.bridge.call('enter', { text: '1' });
  expect(wire.elapse()).toBe(15_000);
  await expect(answer).rejects.toMatchObject({ error: { kind: 'disconnected' } });
});

test('close code 4401 is a wrong token: no second try', () => {
  const wire = new Wire();
  wire.bridge.start();
  wire.close(4401);
  expect(wire.bridge.state().link).toBe('refused');
  expect(wire.timers).toEqual([]);
});

test('the token leaves the address bar and stays for a reload of this tab', () => {
  const stored = new Map<string, string>();
  const address: unknown[] = [];
  const page = (hash: string) =>
    ({
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: (_: unknown, __: string, url: string) => address.push(url) },
      sessionStorage: {
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, value: string) => stored.set(key, value),
      },
    }) as unknown as Window;
  expect(takeToken(page(''))).toBeNull();
  expect(takeToken(page('#token=0aF9'))).toBe('0aF9');
  expect(address).toEqual(['/']);
  expect(takeToken(page(''))).toBe('0aF9');
  expect(takeToken(page('#token=xyz'))).toBe('0aF9');
});
