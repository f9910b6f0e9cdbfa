/**
 * Scales: what a shop scale answers over its line, as weights.
 *
 * Pure. Toledo 8217 (most checkout scales speak it), CAS and A&D (`ST,GS,+  1.250kg`), MT-SICS (Mettler Toledo). A
 * weight is sold only when the scale itself says that it is stable. Sources: the makers' interface manuals.
 */
import { assert } from '../core/assert.ts';

export type ScaleProtocol = 'toledo-8217' | 'cas' | 'mt-sics';

export type WeightUnit = 'g' | 'kg' | 'lb' | 'oz';

export type ScaleReading =
  | {
      readonly kind: 'weight';
      /** As the scale shows it: `1.250`, `-0.005`. */
      readonly text: string;
      readonly unit: WeightUnit;
      readonly stable: boolean;
      /** Tare is taken off. */
      readonly net: boolean;
    }
  /** No weight now, and why; several may hold at once. */
  | {
      readonly kind: 'status';
      readonly motion: boolean;
      readonly overCapacity: boolean;
      readonly underZero: boolean;
      readonly outsideZeroRange: boolean;
      readonly centreOfZero: boolean;
      readonly net: boolean;
    }
  /** The scale did not understand, or cannot now. */
  | { readonly kind: 'refused'; readonly why: 'syntax' | 'transmission' | 'logical' | 'busy' }
  /** An answer to a probe, as it came. */
  | { readonly kind: 'probe'; readonly text: string }
  | { readonly kind: 'garbage'; readonly bytes: number };

export interface ScaleConfig {
  readonly protocol: ScaleProtocol;
  /** Toledo 8217 sends no unit: the one the scale is set to. */
  readonly unit: WeightUnit;
}

/** What asks the scale for its weight as it is now. */
export function weightRequest(protocol: ScaleProtocol): Uint8Array {
  return new TextEncoder().encode({ 'toledo-8217': 'W', cas: 'Q\r\n', 'mt-sics': 'SI\r\n' }[protocol]);
}

const FRAME_BYTES_MAX = 64;
const STX = 0x02;
const LF = 0x0a;
const CR = 0x0d;

/** The bytes of a scale as readings, however the line tears or joins them. */
export class ScaleReader {
  readonly #config: ScaleConfig;
  #frame: number[] = [];
  /** Garbage since the last frame. */
  #dropped = 0;

  constructor(config: ScaleConfig) {
    this.#config = config;
  }

  feed(bytes: Uint8Array): ScaleReading[] {
    const readings: ScaleReading[] = [];
    for (const byte of bytes) {
      const ended = this.#take(byte & 0x7f);
      if (ended !== null) readings.push(...ended);
    }
    return readings;
  }

  /** The line fell silent: what waits is no frame. An echo, which has no end mark, ends here. */
  flushIdle(): ScaleReading[] {
    const text = this.#text();
    this.#frame = [];
    const probe = /^\u0002E\r(.+)$/.exec(text);
    if (probe !== null) return [{ kind: 'probe', text: probe[1]! }];
    return text === '' && this.#dropped === 0 ? [] : [this.#garbage(text.length)];
  }

  /** @returns null: nothing has ended yet */
  #take(byte: number): ScaleReading[] | null {
    // STX begins a frame whatever came before: half an answer is not joined to the next.
    if (byte === STX) {
      this.#dropped += this.#frame.length;
      this.#frame = [STX];
      return null;
    }
    this.#frame.push(byte);
    if (this.#isEnd(byte)) {
      const text = this.#text();
      this.#frame = [];
      const reading = this.#read(text);
      const dropped = this.#dropped > 0 ? [this.#garbage(0)] : [];
      if (reading === 'none') return dropped;
      return [...dropped, reading ?? this.#garbage(text.length)];
    }
    if (this.#frame.length <= FRAME_BYTES_MAX) return null;
    this.#dropped += this.#frame.length;
    this.#frame = [];
    return null;
  }

  #isEnd(byte: number): boolean {
    if (this.#config.protocol !== 'toledo-8217') return byte === LF;
    // STX E CR is the head of an echo; its text follows.
    return byte === CR && !(this.#frame.length === 3 && this.#frame[1] === 0x45);
  }

  #text(): string {
    return String.fromCharCode(...this.#frame);
  }

  #garbage(bytes: number): ScaleReading {
    const all = bytes + this.#dropped;
    this.#dropped = 0;
    return { kind: 'garbage', bytes: all };
  }

  /** `none`: an empty line, which says nothing. Null: no frame of this protocol. */
  #read(text: string): ScaleReading | 'none' | null {
    if (/^[\r\n]*$/.test(text)) return 'none';
    switch (this.#config.protocol) {
      case 'toledo-8217':
        return readToledo(text, this.#config.unit);
      case 'cas':
        return readCas(text);
      case 'mt-sics':
        return readSics(text);
    }
  }
}

// ---- Toledo 8217: STX weight [N] CR, or STX ? status CR ----

function readToledo(text: string, unit: WeightUnit): ScaleReading | null {
  const weight = /^\u0002 ?(-?\d{1,3}\.\d{1,4})(N?)\r$/.exec(text);
  // It answers with a weight only when that is stable. Digits without a point could be anything: no weight.
  if (weight !== null) {
    return { kind: 'weight', text: plainNumber(weight[1]!), unit, stable: true, net: weight[2] === 'N' };
  }
  const status = /^\u0002\?([\s\S])\r$/.exec(text);
  if (status === null) return null;
  const bits = status[1]!.charCodeAt(0);
  const has = (bit: number) => (bits & (1 << bit)) !== 0;
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

// ---- CAS, A&D: ST,GS,+  1.250kg ----

function readCas(text: string): ScaleReading | null {
  const frame = /^(ST|US|OL),(GS|NT|TR),([+-]) *(\d+(?:\.\d+)?)? *(kg|g|lb|oz)?[ \r]*\n$/.exec(text);
  if (frame === null) return /^OL,/.test(text) ? statusOf({ overCapacity: true }) : null;
  const [, head, mode, sign, digits, unit] = frame;
  if (head === 'OL') return statusOf({ overCapacity: sign === '+', underZero: sign === '-' });
  if (digits === undefined || unit === undefined) return null;
  return {
    kind: 'weight',
    text: `${sign === '-' ? '-' : ''}${plainNumber(digits)}`,
    unit: unit as WeightUnit,
    stable: head === 'ST',
    net: mode === 'NT',
  };
}

// ---- MT-SICS: S S     100.00 g ----

function readSics(text: string): ScaleReading | null {
  const weight = /^S ([SD]) +(-?\d+(?:\.\d+)?) (g|kg|lb|oz)\r\n$/.exec(text);
  if (weight !== null) {
    const [, mark, number, unit] = weight;
    return {
      kind: 'weight',
      text: plainNumber(number!),
      unit: unit as WeightUnit,
      stable: mark === 'S',
      net: false,
    };
  }
  switch (text) {
    case 'S +\r\n':
      return statusOf({ overCapacity: true });
    case 'S -\r\n':
      return statusOf({ underZero: true });
    case 'S I\r\n':
      return { kind: 'refused', why: 'busy' };
    case 'ES\r\n':
      return { kind: 'refused', why: 'syntax' };
    case 'ET\r\n':
      return { kind: 'refused', why: 'transmission' };
    case 'EL\r\n':
      return { kind: 'refused', why: 'logical' };
    default:
      return null;
  }
}

function statusOf(given: { readonly overCapacity?: boolean; readonly underZero?: boolean }): ScaleReading {
  return {
    kind: 'status',
    motion: false,
    overCapacity: given.overCapacity ?? false,
    underZero: given.underZero ?? false,
    outsideZeroRange: false,
    centreOfZero: false,
    net: false,
  };
}

/** Without the zeros in front: `09.616` is `9.616`. */
function plainNumber(digits: string): string {
  return digits.replace(/^(-?)0+(?=\d)/, '$1');
}

// ---- grams ----

/** Micrograms of one unit; the pound is 453.59237 g by definition. */
const MICROGRAMS: Readonly<Record<WeightUnit, bigint>> = {
  g: 1_000_000n,
  kg: 1_000_000_000n,
  lb: 453_592_370n,
  oz: 28_349_523n,
};

/**
 * Whole grams of a weight, halves away from zero.
 *
 * @param text  decimal number, as in a reading
 * @example gramsOf('1.2345', 'kg') // 1235
 */
export function gramsOf(text: string, unit: WeightUnit): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  assert(match !== null, 'a weight is a decimal number');
  const [, sign, whole, rest = ''] = match;
  const scale = 10n ** BigInt(rest.length) * 1_000_000n;
  const micrograms = BigInt(whole! + rest) * MICROGRAMS[unit];
  const grams = (micrograms * 2n + scale) / (scale * 2n);
  return Number(sign === '-' ? -grams : grams);
}
