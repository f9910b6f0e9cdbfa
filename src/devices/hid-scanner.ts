/**
 * HID POS scanner: input reports of usage page 0x8C as codes.
 *
 * Pure. Where the fields lie is read from the report descriptor; where there is none to be had (Windows and macOS do not
 * give it), the layout that nearly all makers use is taken. A code longer than a report comes in several, all but the
 * last marked as continued. Source: HID Point of Sale Usage Tables 1.02.
 */
import { fieldValues, type HidDescriptor, type HidField } from './hid-descriptor.ts';
import type { Scan } from './ports.ts';
import type { ScannerError } from './scanner.ts';

export interface HidScannerConfig {
  /** As `TextDecoder` names it. */
  readonly charset: string;
  /** Silence after a continued report: the rest is not coming. */
  readonly idleTimeoutMs: number;
  readonly codeBytesMax: number;
}

/** 500 ms: a device sends its reports milliseconds apart. 7089 digits are the longest QR code. */
export const HID_SCANNER_DEFAULTS: HidScannerConfig = {
  charset: 'utf-8',
  idleTimeoutMs: 500,
  codeBytesMax: 7_089,
};

/** The parts of one report. */
interface ScanReport {
  readonly aim: string | null;
  readonly data: Uint8Array;
  readonly continued: boolean;
}

export type ReadReport = (report: Uint8Array) => ScanReport | null;

const PAGE_SCANNER = 0x8c;
const PAGE_DESKTOP = 0x01;
const USAGE = { aim: [0xfb, 0xfc, 0xfd], data: 0xfe, continued: 0xff, byteCount: 0x3b } as const;

/** Whether the descriptor is a scanner's in HID POS mode. */
export function isHidScanner({ applications }: HidDescriptor): boolean {
  return applications.some(({ usagePage, usage }) => usagePage === PAGE_SCANNER && usage === 0x02);
}

/** How to read the scanned-data reports of a descriptor; null: it has none, or not as bytes. */
export function reportLayout(descriptor: HidDescriptor): ReadReport | null {
  const { inputs } = descriptor;
  const data = inputs.find(({ usagePage, usage }) => usagePage === PAGE_SCANNER && usage === USAGE.data);
  if (data === undefined || data.bits !== 8) return null;
  const near = (page: number, wanted: number) =>
    inputs.find(
      ({ reportId, usagePage, usage }) =>
        reportId === data.reportId && usagePage === page && usage === wanted,
    );
  const aim = USAGE.aim.map((usage) => near(PAGE_SCANNER, usage));
  const continued = near(PAGE_SCANNER, USAGE.continued);
  const byteCount = near(PAGE_DESKTOP, USAGE.byteCount);
  const bytes = descriptor.reportBytes.get(data.reportId)!;
  return (report) => {
    const body = descriptor.hasReportIds ? report.subarray(1) : report;
    if (descriptor.hasReportIds && report[0] !== data.reportId) return null;
    if (body.length < bytes) return null;
    const all = Uint8Array.from(fieldValues(data, body));
    const length = byteCount === undefined ? untilNul(all) : one(byteCount, body);
    if (length > all.length) return null;
    return {
      aim: aimText(aim.map((field) => (field === undefined ? 0 : one(field, body)))),
      data: all.subarray(0, length),
      continued: continued !== undefined && one(continued, body) !== 0,
    };
  };
}

function one(field: HidField, body: Uint8Array): number {
  return fieldValues(field, body)[0] ?? 0;
}

/** Devices without a byte count fill up with NUL. */
function untilNul(bytes: Uint8Array): number {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes.length : end;
}

function aimText(bytes: readonly number[]): string | null {
  const text = String.fromCharCode(...bytes);
  return /^\][A-Za-z][0-9A-Za-z]$/.test(text) ? text : null;
}

/**
 * The usual report, 64 bytes: id 2, length, AIM identifier (some put one byte before it), data, maker's symbology byte at
 * 61, and at 63 whether more follows.
 */
export const usualReport: ReadReport = (report) => {
  if (report.length !== 64 || report[0] !== 2) return null;
  const length = report[1]!;
  const aimAt = report[2] === 0x5d || report[3] !== 0x5d ? 2 : 3;
  const start = aimAt + 3;
  if (start + length > DATA_END) return null;
  return {
    aim: aimText([...report.subarray(aimAt, start)]),
    data: report.subarray(start, start + length),
    continued: (report[63]! & 1) === 1,
  };
};

const DATA_END = 61;

/** Puts a scanner into HID POS mode where it needs to be told: feature report 254 = 1. */
export const HID_POS_MODE: Uint8Array = Uint8Array.of(254, 1);

const ERRORS_KEPT_MAX = 100;
/** As in `scanner.ts`: control characters but for EOT, GS and RS are in no code. */
const NOT_IN_CODES = /[\u0000-\u0003\u0005-\u001c\u001f\u007f]/;

export class HidScanner {
  readonly #config: HidScannerConfig;
  readonly #read: ReadReport;
  readonly #decoder: TextDecoder;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #aim: string | null = null;
  #lastMs = 0;
  #errors: ScannerError[] = [];

  /** @param read  from `reportLayout`, or `usualReport` */
  constructor(read: ReadReport = usualReport, config: Partial<HidScannerConfig> = {}) {
    this.#config = { ...HID_SCANNER_DEFAULTS, ...config };
    this.#read = read;
    this.#decoder = new TextDecoder(this.#config.charset, { fatal: true });
  }

  /** @param report  one input report as the system hands it over, with its id in front when it has one */
  feed(report: Uint8Array, nowMs: number): Scan | null {
    this.flushIdle(nowMs);
    const found = this.#read(report);
    if (found === null) {
      this.#drop('garbage', report.length, nowMs);
      return null;
    }
    this.#lastMs = nowMs;
    if (this.#parts.length === 0) this.#aim = found.aim;
    this.#parts.push(found.data.slice());
    this.#bytes += found.data.length;
    if (this.#bytes > this.#config.codeBytesMax) {
      this.#drop('too_long', 0, nowMs);
      return null;
    }
    return found.continued ? null : this.#end(nowMs);
  }

  /** Forgets a code whose rest did not come. Harmless at any time. */
  flushIdle(nowMs: number): void {
    const deadlineMs = this.nextDeadlineMs();
    if (deadlineMs !== null && nowMs >= deadlineMs) this.#drop('torn', 0, nowMs);
  }

  nextDeadlineMs(): number | null {
    return this.#parts.length === 0 ? null : this.#lastMs + this.#config.idleTimeoutMs;
  }

  takeErrors(): ScannerError[] {
    const errors = this.#errors;
    this.#errors = [];
    return errors;
  }

  #end(atMs: number): Scan | null {
    const bytes = new Uint8Array(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const aim = this.#aim;
    this.#forget();
    // A report without data says that the trigger was let go.
    if (bytes.length === 0) return null;
    const text = decodeOrNull(this.#decoder, bytes);
    if (text === null || NOT_IN_CODES.test(text)) {
      this.#fail('garbage', bytes.length, atMs);
      return null;
    }
    return { text, aim, atMs };
  }

  /** The code so far and these bytes are no code: half of it is never joined to the next. */
  #drop(kind: ScannerError['kind'], bytes: number, atMs: number): void {
    this.#fail(kind, bytes + this.#bytes, atMs);
    this.#forget();
  }

  #forget(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.#aim = null;
  }

  #fail(kind: ScannerError['kind'], bytes: number, atMs: number): void {
    this.#errors.push({ kind, bytes, atMs });
    if (this.#errors.length > ERRORS_KEPT_MAX) this.#errors.shift();
  }
}

function decodeOrNull(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
