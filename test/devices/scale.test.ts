/** Scales: frames of three protocols, torn anywhere, and weighing over a real line. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openPtyPair } from '../../native/pty.ts';
import { openSerial } from '../../native/serial.ts';
import {
  gramsOf,
  type ScaleProtocol,
  ScaleReader,
  type ScaleReading,
  weightRequest,
} from '../../src/devices/scale.ts';
import { ScalePoller } from '../../src/devices/scale-poller.ts';
import { VectorTally } from '../kit/vector-tally.ts';
import { vectorLines } from './vectors.ts';

interface ScaleVector {
  readonly kind: string;
  readonly protocol: 'toledo-8217' | 'cas/and' | 'mt-sics';
  readonly hex: string;
  readonly ascii: string;
  readonly weight?: string | null;
  readonly unit?: string;
  readonly stable?: boolean;
  readonly error?: string;
  readonly status_bits?: readonly number[];
  readonly probe?: boolean;
}

const vectors = vectorLines<ScaleVector>('devices/vectors.jsonl').filter(({ kind }) => kind === 'scale');
const tally = new VectorTally('devices');

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const ascii = (text: string) => new TextEncoder().encode(text);
const reader = (protocol: ScaleProtocol) => new ScaleReader({ protocol, unit: 'kg' });
const ours = (protocol: ScaleVector['protocol']): ScaleProtocol =>
  protocol === 'cas/and' ? 'cas' : protocol;

/** The row's expectation in the words of a reading. */
function expected(vector: ScaleVector): object {
  if (vector.probe === true) return { kind: 'probe', text: 'hello' };
  if (vector.error !== undefined) return { kind: 'refused', why: vector.error };
  if (vector.status_bits !== undefined) {
    const has = (bit: number) => vector.status_bits!.includes(bit);
    return {
      kind: 'status',
      motion: has(0),
      overCapacity: has(1),
      underZero: has(2),
      outsideZeroRange: has(3),
      centreOfZero: has(4),
      net: has(5),
    };
  }
  return { kind: 'weight', text: vector.weight, unit: vector.unit, stable: vector.stable };
}

describe.skipIf(vectors.length === 0)('scale vectors (skipped: no shared data)', () => {
  test.each(vectors.map((vector) => [vector.protocol, vector.ascii, vector] as const))(
    '%s %s',
    (_, __, vector) => {
      const bytes = hex(vector.hex);
      tally.check(`scale ${vector.protocol}`, () => {
        for (let at = 0; at <= bytes.length; at++) {
          const scale = reader(ours(vector.protocol));
          const readings = [
            ...scale.feed(bytes.subarray(0, at)),
            ...scale.feed(bytes.subarray(at)),
            ...scale.flushIdle(),
          ];
          expect(readings).toHaveLength(1);
          expect(readings[0]).toMatchObject(expected(vector));
        }
      });
    },
  );

  test('the tail of a frame is garbage, and the frame behind it is read', () => {
    for (const vector of vectors.filter(({ weight }) => typeof weight === 'string')) {
      const bytes = hex(vector.hex);
      for (let at = 1; at < bytes.length - 1; at++) {
        const scale = reader(ours(vector.protocol));
        const readings = [...scale.feed(bytes.subarray(at)), ...scale.feed(bytes)];
        const weights = readings.filter(({ kind }) => kind === 'weight');
        expect(weights.at(-1)).toMatchObject({ text: vector.weight });
        // Half a number must never be sold as a whole one.
        expect(weights.slice(0, -1)).toEqual([]);
      }
    }
  });
});

describe('frames', () => {
  test('CAS over capacity and tare; MT-SICS over, under and busy', () => {
    expect(reader('cas').feed(ascii('OL,GS,+        kg\r\n'))).toMatchObject([
      { kind: 'status', overCapacity: true },
    ]);
    expect(reader('cas').feed(ascii('ST,NT,-  0.050kg\r\n'))).toMatchObject([{ text: '-0.050', net: true }]);
    expect(reader('mt-sics').feed(ascii('S +\r\nS -\r\nS I\r\n'))).toMatchObject([
      { kind: 'status', overCapacity: true },
      { kind: 'status', underZero: true },
      { kind: 'refused', why: 'busy' },
    ]);
  });

  test('seven data bits with parity read the same', () => {
    const withParity = ascii('\u0002 01.250\r').map((byte) => byte | 0x80);
    expect(reader('toledo-8217').feed(withParity)).toMatchObject([{ kind: 'weight', text: '1.250' }]);
  });

  test('any bytes are readings or garbage, and memory stays small', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ScaleProtocol>('toledo-8217', 'cas', 'mt-sics'),
        fc.uint8Array({ maxLength: 500 }),
        (protocol, bytes) => {
          const scale = reader(protocol);
          const readings: ScaleReading[] = [...scale.feed(bytes), ...scale.flushIdle()];
          for (const reading of readings) {
            if (reading.kind === 'weight')
              expect(Number.isSafeInteger(gramsOf(reading.text, reading.unit))).toBe(true);
          }
        },
      ),
    );
  });

  test.each([
    ['1.250', 'kg', 1_250],
    ['0.0005', 'kg', 1],
    ['0.0004', 'kg', 0],
    ['-0.005', 'kg', -5],
    ['129.07', 'g', 129],
    ['129.50', 'g', 130],
    ['1.00', 'lb', 454],
    ['10.000', 'lb', 4_536],
    ['16', 'oz', 454],
  ] as const)('%s %s is %i g', (text, unit, weightG) => {
    expect(gramsOf(text, unit)).toBe(weightG);
  });
});

describe.skipIf(openPtyPair() === null)('weighing over a line (skipped: no PTYs here)', () => {
  /** A scale that gives one answer a question; the last one again and again. */
  async function withScale(
    protocol: ScaleProtocol,
    answers: readonly (string | null)[],
    work: (poller: ScalePoller, asked: () => string, unplug: () => Promise<void>) => Promise<void>,
  ) {
    const pair = openPtyPair()!;
    let asked = '';
    let question = 0;
    pair.master.onData((bytes) => {
      asked += Buffer.from(bytes).toString('latin1');
      const answer = answers[Math.min(question++, answers.length - 1)];
      if (answer != null) void pair.master.write(ascii(answer));
    });
    const port = await openSerial({ path: pair.path, baudRate: 9_600 });
    try {
      await work(
        new ScalePoller(port, { protocol, unit: 'kg' }),
        () => asked,
        () => pair.close(),
      );
    } finally {
      await port.close();
      await pair.close();
    }
  }
  const limits = { everyMs: 20, timeoutMs: 600 };

  test('it asks until the weight is stable: moving, moving, 1.250 kg', () =>
    withScale(
      'cas',
      ['US,GS,+  1.1', '90kg\r\nUS,GS,+  1.240kg\r\n', 'ST,GS,+  1.250kg\r\n'],
      async (poller, asked) => {
        expect(await poller.weigh(limits)).toEqual({
          ok: true,
          value: { weightG: 1_250, text: '1.250 kg', net: false },
        });
        expect(asked().startsWith('Q\r\nQ\r\n')).toBe(true);
      },
    ));

  test.each([
    ['toledo-8217', '\u0002?A\r', 'moving'],
    ['toledo-8217', '\u0002?B\r', 'over_capacity'],
    ['toledo-8217', '\u0002?D\r', 'under_zero'],
    ['toledo-8217', '\u0002 00.000\r', 'empty'],
    ['mt-sics', 'S D    100.00 g\r\n', 'moving'],
    ['mt-sics', 'ES\r\n', 'nonsense'],
    ['mt-sics', '\u0002 01.250\r', 'nonsense'],
    ['cas', null, 'silent'],
  ] as const)('%s answering %j is `%s`, and no weight', (protocol, answer, kind) =>
    withScale(protocol, [answer], async (poller) => {
      expect(await poller.weigh({ everyMs: 20, timeoutMs: 150 })).toEqual({ ok: false, error: { kind } });
    }),
  );

  test('a scale pulled while it is asked is `gone` at once, and stays so', () =>
    withScale('cas', [null], async (poller, _, unplug) => {
      const weighing = poller.weigh({ everyMs: 20, timeoutMs: 20_000 });
      await unplug();
      expect(await weighing).toEqual({ ok: false, error: { kind: 'gone' } });
      expect(await poller.weigh(limits)).toEqual({ ok: false, error: { kind: 'gone' } });
    }));

  test('the next customer gets a new weight, not the one left in the line', () =>
    withScale('toledo-8217', ['\u0002 01.000\r', '\u0002 02.000\r'], async (poller) => {
      expect(await poller.weigh(limits)).toMatchObject({ value: { weightG: 1_000 } });
      expect(await poller.weigh(limits)).toMatchObject({ value: { weightG: 2_000 } });
    }));

  test('each protocol asks in its own words', () => {
    const words = (['toledo-8217', 'cas', 'mt-sics'] as const).map((protocol) =>
      Buffer.from(weightRequest(protocol)).toString('latin1'),
    );
    expect(words).toEqual(['W', 'Q\r\n', 'SI\r\n']);
  });
});
