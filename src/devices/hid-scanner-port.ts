/**
 * HID scanners as lines: what a HID device reports, in the bytes a serial scanner would send.
 *
 * So one reader serves all scanners: AIM identifier, code, CR.
 */
import type { BytePort } from '../core/ports.ts';
import { parseHidDescriptor } from './hid-descriptor.ts';
import { HidKeyboard } from './hid-keyboard.ts';
import { HidScanner, isHidScanner, type ReadReport, reportLayout, usualReport } from './hid-scanner.ts';
import { DeviceError } from './ports.ts';

/** A HID device, as little of it as a scanner needs. */
export interface HidReports {
  onReport(listener: (report: Uint8Array) => void): void;
  onClose(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

export type HidMode = 'pos' | 'keyboard';

/** Which mode a descriptor is of: a scanner's, or else a keyboard's. Without one: HID POS in its usual form. */
export function hidMode(descriptor: Uint8Array | null): HidMode {
  if (descriptor === null) return 'pos';
  const parsed = parseHidDescriptor(descriptor);
  return parsed.ok && isHidScanner(parsed.value) ? 'pos' : 'keyboard';
}

/** @param nowMs  a clock that never goes back */
export function hidScannerPort(
  device: HidReports,
  facts: { readonly mode: HidMode; readonly descriptor: Uint8Array | null },
  nowMs: () => number,
): BytePort {
  const read = facts.mode === 'pos' ? posReader(facts.descriptor, nowMs) : keyboardReader();
  return {
    onData: (listener) =>
      device.onReport((report) => {
        const text = read(report);
        if (text !== '') listener(new TextEncoder().encode(text));
      }),
    onClose: (listener) => device.onClose(listener),
    write: () => Promise.reject(new DeviceError('unsupported', 'a scanner takes no bytes', { retry: false })),
    close: () => device.close(),
  };
}

function posReader(descriptor: Uint8Array | null, nowMs: () => number): (report: Uint8Array) => string {
  const scanner = new HidScanner(layoutOf(descriptor));
  return (report) => {
    const scan = scanner.feed(report, nowMs());
    // A byte that no code has: whoever reads the line tells the cashier to scan again.
    if (scan === null) return scanner.takeErrors().length > 0 ? '\u0001\r' : '';
    return `${scan.aim ?? ''}${scan.text}\r`;
  };
}

function layoutOf(descriptor: Uint8Array | null): ReadReport {
  const parsed = descriptor === null ? null : parseHidDescriptor(descriptor);
  return (parsed?.ok ? reportLayout(parsed.value) : null) ?? usualReport;
}

function keyboardReader(): (report: Uint8Array) => string {
  const keyboard = new HidKeyboard();
  return (report) => {
    // A report that is not whole has lost its place: the next one starts fresh.
    if (report.length % 8 !== 0) {
      keyboard.reset();
      return '\u0001\r';
    }
    return keyboard.feed(report);
  };
}
