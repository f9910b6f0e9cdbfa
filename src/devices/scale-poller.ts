/**
 * Weighing: asks a scale over its port until it has a stable weight, or says what is in the way.
 *
 * One poller owns the port. Nothing is asked while nobody weighs.
 */
import type { BytePort } from '../core/ports.ts';
import { err, ok, type Result } from '../core/result.ts';
import { gramsOf, type ScaleConfig, ScaleReader, type ScaleReading, weightRequest } from './scale.ts';

export interface StableWeight {
  readonly weightG: number;
  /** As the scale shows it. */
  readonly text: string;
  readonly net: boolean;
}

/**
 * `silent`: no answer at all. `nonsense`: answers that are of another protocol, baud rate or device. `moving`: it never
 * came to rest. `empty`: nothing lies on it.
 */
export interface ScaleTrouble {
  readonly kind: 'silent' | 'nonsense' | 'moving' | 'empty' | 'over_capacity' | 'under_zero' | 'gone';
}

export interface PollLimits {
  /** From one question to the next. */
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/** 150 ms: a scale measures about ten times a second. Three seconds are as long as a cashier waits. */
export const POLL_LIMITS: PollLimits = { everyMs: 150, timeoutMs: 3_000 };

/** A question that was not answered in this time will not be: the scale is asked again. */
const UNANSWERED_MS = 250;

export class ScalePoller {
  readonly #port: BytePort;
  readonly #config: ScaleConfig;
  readonly #reader: ScaleReader;
  #onReading: (reading: ScaleReading) => void = () => {};
  #onGone: () => void = () => {};
  #gone = false;
  /** When the question was asked that has no answer yet; null: none is open. */
  #askedMs: number | null = null;

  constructor(port: BytePort, config: ScaleConfig) {
    this.#port = port;
    this.#config = config;
    this.#reader = new ScaleReader(config);
    port.onData((bytes) => {
      for (const reading of this.#reader.feed(bytes)) {
        this.#askedMs = null;
        this.#onReading(reading);
      }
    });
    port.onClose(() => {
      this.#gone = true;
      this.#onGone();
    });
  }

  /** Calls must not overlap. */
  weigh(limits: PollLimits = POLL_LIMITS): Promise<Result<StableWeight, ScaleTrouble>> {
    if (this.#gone) return Promise.resolve(err({ kind: 'gone' }));
    return new Promise((resolve) => {
      let trouble: ScaleTrouble['kind'] = 'silent';
      const end = (result: Result<StableWeight, ScaleTrouble>) => {
        clearInterval(timer);
        clearTimeout(limit);
        this.#onReading = () => {};
        this.#onGone = () => {};
        resolve(result);
      };
      const ask = () => {
        // One question at a time: an answer that comes late is never taken for the weight of the next thing.
        if (this.#isOpen()) return;
        this.#askedMs = performance.now();
        // What waited since the last question is an answer that broke off.
        for (const reading of this.#reader.flushIdle()) this.#onReading(reading);
        this.#port.write(weightRequest(this.#config.protocol)).catch(() => end(err({ kind: 'gone' })));
      };
      let isOld = this.#isOpen();
      this.#onReading = (reading) => {
        if (isOld) {
          // It answers a question from before: what lay on the scale then.
          isOld = false;
          ask();
          return;
        }
        const weight = stableWeight(reading);
        if (weight !== null) end(ok(weight));
        else trouble = troubleOf(reading, trouble);
      };
      this.#onGone = () => end(err({ kind: 'gone' }));
      // What is left in the line from before is not this weight.
      this.#reader.flushIdle();
      const timer = setInterval(ask, limits.everyMs);
      const limit = setTimeout(() => {
        // What never ended was no answer of this protocol.
        for (const reading of this.#reader.flushIdle()) trouble = troubleOf(reading, trouble);
        end(err({ kind: trouble }));
      }, limits.timeoutMs);
      ask();
    });
  }

  #isOpen(): boolean {
    return this.#askedMs !== null && performance.now() - this.#askedMs < UNANSWERED_MS;
  }
}

function stableWeight(reading: ScaleReading): StableWeight | null {
  if (reading.kind !== 'weight' || !reading.stable) return null;
  const weightG = gramsOf(reading.text, reading.unit);
  return weightG > 0 ? { weightG, text: `${reading.text} ${reading.unit}`, net: reading.net } : null;
}

function troubleOf(reading: ScaleReading, before: ScaleTrouble['kind']): ScaleTrouble['kind'] {
  switch (reading.kind) {
    case 'weight':
      if (!reading.stable) return 'moving';
      return gramsOf(reading.text, reading.unit) < 0 ? 'under_zero' : 'empty';
    case 'status':
      if (reading.overCapacity) return 'over_capacity';
      if (reading.underZero) return 'under_zero';
      return reading.motion ? 'moving' : 'empty';
    case 'refused':
      return reading.why === 'busy' ? 'moving' : 'nonsense';
    default:
      // Noise between good answers says nothing about the scale.
      return before === 'silent' ? 'nonsense' : before;
  }
}
