/**
 * Printer profiles: what one receipt printer can do, as data.
 *
 * A till names a built-in profile by id, or brings its own as JSON through `parsePrinterProfile`.
 */
import { err, ok, type Result } from '../core/result.ts';
import generic58Gb18030 from './printers/generic-58-gb18030.json' with { type: 'json' };
import generic80Big5 from './printers/generic-80-big5.json' with { type: 'json' };
import generic80Gb18030 from './printers/generic-80-gb18030.json' with { type: 'json' };
import generic80Latin from './printers/generic-80-latin.json' with { type: 'json' };

/** `gbk` is GB18030 without its four-byte part, for firmware that would print those bytes as noise. */
export const PRINTER_ENCODINGS = [
  'gb18030',
  'gbk',
  'big5',
  'cp437',
  'cp852',
  'cp858',
  'cp866',
  'cp1252',
] as const;
export type PrinterEncoding = (typeof PRINTER_ENCODINGS)[number];

export interface PrinterProfile {
  readonly id: string;
  /** Half-width columns a line: 48 on 80 mm paper (576 dots), 32 on 58 mm (384 dots). */
  readonly columns: 48 | 32;
  readonly encoding: PrinterEncoding;
  /** `generic`: the commands every clone knows. `escpos`: what Epson's own printers take. */
  readonly command: 'generic' | 'escpos';
  readonly hasCutter: boolean;
  readonly drawerPin: 2 | 5;
}

export interface PrinterProfileError {
  readonly kind: 'bad_profile';
  readonly field: keyof PrinterProfile | null;
}

/** Reads a profile from JSON data that somebody else wrote. */
export function parsePrinterProfile(source: unknown): Result<PrinterProfile, PrinterProfileError> {
  if (typeof source !== 'object' || source === null) return err({ kind: 'bad_profile', field: null });
  const given = source as Record<string, unknown>;
  const field = (Object.keys(PROFILE_CHECKS) as (keyof PrinterProfile)[]).find(
    (name) => !PROFILE_CHECKS[name](given[name]),
  );
  if (field !== undefined) return err({ kind: 'bad_profile', field });
  const { id, columns, encoding, command, hasCutter, drawerPin } = given as unknown as PrinterProfile;
  return ok({ id, columns, encoding, command, hasCutter, drawerPin });
}

const PROFILE_CHECKS: Readonly<Record<keyof PrinterProfile, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(value),
  columns: (value) => value === 48 || value === 32,
  encoding: (value) => PRINTER_ENCODINGS.includes(value as PrinterEncoding),
  command: (value) => value === 'generic' || value === 'escpos',
  hasCutter: (value) => typeof value === 'boolean',
  drawerPin: (value) => value === 2 || value === 5,
};

/** Whether the printer prints Han characters, each two columns wide, in its two-byte mode. */
export function isHanEncoding(encoding: PrinterEncoding): boolean {
  return encoding === 'gb18030' || encoding === 'gbk' || encoding === 'big5';
}

// ---- built in ----

/** After the checks above, which these files go through like any other. */
export const PRINTER_PROFILES: readonly PrinterProfile[] = [
  generic80Gb18030,
  generic80Big5,
  generic58Gb18030,
  generic80Latin,
].map((source) => {
  const parsed = parsePrinterProfile(source);
  if (!parsed.ok) throw new Error(`built-in printer profile ${source.id}: ${parsed.error.field}`);
  return parsed.value;
});

/** The built-in profile of that id; null: there is none. */
export function printerProfile(id: string): PrinterProfile | null {
  return PRINTER_PROFILES.find((profile) => profile.id === id) ?? null;
}
