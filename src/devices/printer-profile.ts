/**
 * Printer profiles: what one receipt printer can do, as data.
 *
 * A till names a built-in profile by id, or brings its own as JSON through `parsePrinterProfile`.
 */
import { err, ok, type Result } from '../core/result.ts';
import epson58Gb18030 from './printers/epson-58-gb18030.json' with { type: 'json' };
import epson80Big5 from './printers/epson-80-big5.json' with { type: 'json' };
import epson80Gb18030 from './printers/epson-80-gb18030.json' with { type: 'json' };
import epson80Latin from './printers/epson-80-latin.json' with { type: 'json' };
import generic58Gb18030 from './printers/generic-58-gb18030.json' with { type: 'json' };
import generic58Gbk from './printers/generic-58-gbk.json' with { type: 'json' };
import generic58Latin from './printers/generic-58-latin.json' with { type: 'json' };
import generic80Big5 from './printers/generic-80-big5.json' with { type: 'json' };
import generic80Cyrillic from './printers/generic-80-cyrillic.json' with { type: 'json' };
import generic80Gb18030 from './printers/generic-80-gb18030.json' with { type: 'json' };
import generic80Gbk from './printers/generic-80-gbk.json' with { type: 'json' };
import generic80Latin from './printers/generic-80-latin.json' with { type: 'json' };
import generic80Utf8 from './printers/generic-80-utf8.json' with { type: 'json' };
import star58Gb18030 from './printers/star-58-gb18030.json' with { type: 'json' };
import star80Gb18030 from './printers/star-80-gb18030.json' with { type: 'json' };
import star80Latin from './printers/star-80-latin.json' with { type: 'json' };
import starline80Gb18030 from './printers/starline-80-gb18030.json' with { type: 'json' };
import starline80Latin from './printers/starline-80-latin.json' with { type: 'json' };

/** `gbk` is GB18030 without its four-byte part, for firmware that would print those bytes as noise. */
export const PRINTER_ENCODINGS = [
  'gb18030',
  'gbk',
  'big5',
  'utf8',
  'cp437',
  'cp852',
  'cp858',
  'cp866',
  'cp1252',
] as const;
export type PrinterEncoding = (typeof PRINTER_ENCODINGS)[number];

/** `generic`: the commands every ESC/POS clone knows. `escpos`: Epson's own. Star speaks its own two languages. */
export const PRINTER_COMMANDS = ['generic', 'escpos', 'star', 'starline'] as const;
export type PrinterCommand = (typeof PRINTER_COMMANDS)[number];

export interface PrinterProfile {
  readonly id: string;
  /** Half-width columns a line of 12 dots each: 48 on 80 mm paper, 32 on 58 mm; a few printers have 42 or 35. */
  readonly columns: number;
  readonly encoding: PrinterEncoding;
  readonly command: PrinterCommand;
  readonly hasCutter: boolean;
  readonly drawerPin: 2 | 5;
  /** How it tells its state: asked with DLE EOT, by itself once told to (GS a), or not at all. */
  readonly status: 'dle_eot' | 'asb' | 'none';
  /** How it tells that all is on paper: GS ( H with an id, GS r in its turn, or not at all. */
  readonly proof: 'gs_h' | 'gs_r' | 'none';
}

export interface PrinterProfileError {
  readonly kind: 'bad_profile';
  readonly field: keyof PrinterProfile | null;
}

/** Reads a profile from JSON data that somebody else wrote. Without `status` and `proof` the printer only listens. */
export function parsePrinterProfile(source: unknown): Result<PrinterProfile, PrinterProfileError> {
  if (typeof source !== 'object' || source === null) return err({ kind: 'bad_profile', field: null });
  const given: Record<string, unknown> = { status: 'none', proof: 'none', ...source };
  const field = (Object.keys(PROFILE_CHECKS) as (keyof PrinterProfile)[]).find(
    (name) => !PROFILE_CHECKS[name](given[name]),
  );
  if (field !== undefined) return err({ kind: 'bad_profile', field });
  const profile = given as unknown as PrinterProfile;
  // Star printers know neither of Epson's questions.
  const asks = profile.status !== 'none' || profile.proof !== 'none';
  if (asks && isStar(profile)) return err({ kind: 'bad_profile', field: 'status' });
  const { id, columns, encoding, command, hasCutter, drawerPin, status, proof } = profile;
  return ok({ id, columns, encoding, command, hasCutter, drawerPin, status, proof });
}

const PROFILE_CHECKS: Readonly<Record<keyof PrinterProfile, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(value),
  columns: (value) => Number.isInteger(value) && (value as number) >= 24 && (value as number) <= 64,
  encoding: (value) => PRINTER_ENCODINGS.includes(value as PrinterEncoding),
  command: (value) => PRINTER_COMMANDS.includes(value as PrinterCommand),
  hasCutter: (value) => typeof value === 'boolean',
  drawerPin: (value) => value === 2 || value === 5,
  status: (value) => value === 'dle_eot' || value === 'asb' || value === 'none',
  proof: (value) => value === 'gs_h' || value === 'gs_r' || value === 'none',
};

export function isStar({ command }: Pick<PrinterProfile, 'command'>): boolean {
  return command === 'star' || command === 'starline';
}

/** Whether the printer prints Han characters, each two columns wide, in its two-byte mode. */
export function isHanEncoding(encoding: PrinterEncoding): boolean {
  // UTF-8 has Han characters too, but each character is as wide as the font has it.
  return encoding === 'gb18030' || encoding === 'gbk' || encoding === 'big5';
}

// ---- built in ----

/** After the checks above, which these files go through like any other. */
export const PRINTER_PROFILES: readonly PrinterProfile[] = [
  generic80Gb18030,
  epson58Gb18030,
  epson80Big5,
  epson80Gb18030,
  epson80Latin,
  generic58Gb18030,
  generic58Gbk,
  generic58Latin,
  generic80Big5,
  generic80Cyrillic,
  generic80Gbk,
  generic80Latin,
  generic80Utf8,
  star58Gb18030,
  star80Gb18030,
  star80Latin,
  starline80Gb18030,
  starline80Latin,
].map((source) => {
  const parsed = parsePrinterProfile(source);
  if (!parsed.ok) throw new Error(`built-in printer profile ${source.id}: ${parsed.error.field}`);
  return parsed.value;
});

/** The built-in profile of that id; null: there is none. */
export function printerProfile(id: string): PrinterProfile | null {
  return PRINTER_PROFILES.find((profile) => profile.id === id) ?? null;
}
