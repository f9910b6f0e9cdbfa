/**
 * Printer status: what DLE EOT and the proof of print ask and answer, in bytes.
 *
 * DLE EOT is answered even when the printer is offline. Source: Epson ESC/POS command reference.
 */
import { assert } from '../core/assert.ts';
import { err, ok, type Result } from '../core/result.ts';

/** 1 printer, 2 reasons for offline, 3 errors, 4 paper sensors. */
export type StatusTopic = 1 | 2 | 3 | 4;

/** DLE EOT n. Never to be sent inside another command's parameters. */
export function statusRequest(topic: StatusTopic): Uint8Array {
  return Uint8Array.of(0x10, 0x04, topic);
}

/** Bits of one status byte, by name; those that the topic does not tell are absent. */
export interface PrinterStatus {
  /** Level of drawer pin 3; which level means open depends on the drawer. */
  readonly drawerPinHigh?: boolean;
  readonly offline?: boolean;
  readonly waitingForRecovery?: boolean;
  readonly feedButton?: boolean;
  readonly coverOpen?: boolean;
  readonly stoppedByPaperEnd?: boolean;
  readonly error?: boolean;
  readonly recoverableError?: boolean;
  readonly cutterError?: boolean;
  readonly unrecoverableError?: boolean;
  readonly autoRecoverableError?: boolean;
  readonly paperNearEnd?: boolean;
  readonly paperEnd?: boolean;
}

/** Reads an answer to DLE EOT. A byte whose fixed bits are wrong is not a status: line noise, or another answer. */
export function parseStatus(
  topic: StatusTopic,
  byte: number,
): Result<PrinterStatus, { kind: 'not_a_status' }> {
  if ((byte & STATUS_FIXED_MASK) !== STATUS_FIXED) return err({ kind: 'not_a_status' });
  const bits = Object.entries(STATUS_BITS[topic]).map(([name, mask]) => [name, (byte & mask) !== 0]);
  return ok(Object.fromEntries(bits) as PrinterStatus);
}

/** The answer a printer gives. Names that the topic does not tell are ignored. */
export function statusByte(topic: StatusTopic, status: PrinterStatus): number {
  return Object.entries(STATUS_BITS[topic]).reduce(
    (byte, [name, mask]) => (status[name as keyof PrinterStatus] ? byte | mask : byte),
    STATUS_FIXED,
  );
}

/** Bits 1 and 4 are set, 0 and 7 clear. */
const STATUS_FIXED_MASK = 0x93;
const STATUS_FIXED = 0x12;

const STATUS_BITS: Readonly<Record<StatusTopic, Readonly<Partial<Record<keyof PrinterStatus, number>>>>> = {
  1: { drawerPinHigh: 0x04, offline: 0x08, waitingForRecovery: 0x20, feedButton: 0x40 },
  2: { coverOpen: 0x04, feedButton: 0x08, stoppedByPaperEnd: 0x20, error: 0x40 },
  3: { recoverableError: 0x04, cutterError: 0x08, unrecoverableError: 0x20, autoRecoverableError: 0x40 },
  4: { paperNearEnd: 0x0c, paperEnd: 0x60 },
};

/** What stops a printer, worst first for a person: what to put right. */
export type PrinterTrouble = 'cover_open' | 'paper_end' | 'cutter' | 'fault' | 'offline';

/** Null: it prints. */
export function troubleOf(status: PrinterStatus): PrinterTrouble | null {
  if (status.coverOpen) return 'cover_open';
  if (status.paperEnd || status.stoppedByPaperEnd) return 'paper_end';
  if (status.cutterError) return 'cutter';
  if (status.unrecoverableError || status.recoverableError || status.error) return 'fault';
  return status.offline ? 'offline' : null;
}

// ---- automatic status ----

/** GS a: from now on the printer tells each change of drawer, cover, errors and paper by itself. */
export function autoStatusRequest(): Uint8Array {
  return Uint8Array.of(0x1d, 0x61, 0x0f);
}

/** Whether a byte can begin an automatic status: bit 4 set; 0, 1 and 7 clear. */
export function beginsAutoStatus(byte: number): boolean {
  return (byte & 0x93) === 0x10;
}

/** The four bytes of an automatic status. */
export function parseAutoStatus(bytes: readonly number[]): Result<PrinterStatus, { kind: 'not_a_status' }> {
  const [printer, errors, paper, last] = bytes;
  const isOne =
    bytes.length === 4 &&
    beginsAutoStatus(printer!) &&
    [errors!, paper!, last!].every((byte) => (byte & 0x90) === 0);
  if (!isOne) return err({ kind: 'not_a_status' });
  return ok({
    drawerPinHigh: (printer! & 0x04) !== 0,
    offline: (printer! & 0x08) !== 0,
    coverOpen: (printer! & 0x20) !== 0,
    feedButton: (printer! & 0x40) !== 0,
    cutterError: (errors! & 0x08) !== 0,
    unrecoverableError: (errors! & 0x20) !== 0,
    autoRecoverableError: (errors! & 0x40) !== 0,
    paperNearEnd: (paper! & 0x03) !== 0,
    paperEnd: (paper! & 0x0c) !== 0,
  });
}

// ---- proof of print ----

/** GS r 1: the paper sensors, answered only when all before it was worked off. Old, so nearly every clone knows it. */
export function paperRequest(): Uint8Array {
  return Uint8Array.of(0x1d, 0x72, 0x01);
}

/** Whether a byte answers GS r 1: two bits near end, two bits end, each pair alike. */
export function isPaperAnswer(byte: number): boolean {
  return byte === 0x00 || byte === 0x03 || byte === 0x0c || byte === 0x0f;
}

/**
 * Asks the printer to answer with `id` once everything sent before is on paper: GS ( H, function 48.
 *
 * Clones may ignore it, so a spool falls back to `statusRequest`.
 *
 * @param id  four characters 0x20-0x7E
 */
export function proofRequest(id: string): Uint8Array {
  assert(/^[\x20-\x7e]{4}$/.test(id), 'a proof of print has an id of four ASCII characters');
  return Uint8Array.of(0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30, ...new TextEncoder().encode(id));
}

/** The printer's answer: 37 22 id 00. */
export function proofAnswer(id: string): Uint8Array {
  return Uint8Array.of(0x37, 0x22, ...new TextEncoder().encode(id), 0);
}
