/**
 * ESC/POS commands: one command at the head of a byte stream, read into one event.
 *
 * Pure, and safe to call again with more bytes: a command that is not all there yet reads as null. A command nobody
 * knows takes its two bytes and no more, so what follows is still read.
 * Source: Epson ESC/POS command reference.
 */
import type { NumberOp, PrinterEvent } from './escpos-event.ts';
import { commandName, LONG_COMMANDS, type ReadCommand, sized } from './escpos-long-command.ts';

const DLE = 0x10;
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;

/** @returns the command that starts with the control byte `bytes[0]`; null: more bytes are needed */
export function readCommand(bytes: Uint8Array): ReadCommand | null {
  const lead = bytes[0]!;
  if (lead !== ESC && lead !== GS && lead !== FS && lead !== DLE)
    return { event: controlEvent(lead), length: 1 };
  if (bytes.length < 2) return null;
  const name = commandName(bytes);
  const long = LONG_COMMANDS[name];
  if (long !== undefined) return long(bytes);
  const number = NUMBER_COMMANDS[name];
  if (number !== undefined) return sized(bytes, 3, () => ({ op: number, n: bytes[2]! }));
  const known = ARGUMENT_BYTES[name];
  const length = 2 + (known ?? 0);
  return sized(bytes, length, () => ({
    op: 'other',
    name,
    args: [...bytes.subarray(2, length)],
    ...(known === undefined ? { known: false as const } : {}),
  }));
}

function controlEvent(byte: number): PrinterEvent {
  switch (byte) {
    case 0x09:
      return { op: 'tab' };
    case 0x0a:
      return { op: 'lf' };
    case 0x0c:
      return { op: 'form_feed' };
    case 0x0d:
      return { op: 'cr' };
    default:
      return { op: 'control', byte };
  }
}

/** Commands of one parameter byte that change the paper or are answered. */
const NUMBER_COMMANDS: Readonly<Record<string, NumberOp>> = {
  'ESC \x20': 'char_spacing',
  'ESC !': 'print_mode',
  'ESC -': 'underline',
  'ESC 3': 'line_spacing',
  'ESC E': 'bold',
  'ESC G': 'double_strike',
  'ESC J': 'feed_dots',
  'ESC M': 'font',
  'ESC a': 'align',
  'ESC d': 'feed_lines',
  'ESC t': 'codepage',
  'ESC {': 'upside_down',
  'GS B': 'invert',
  'GS H': 'hri_position',
  'GS I': 'transmit_id',
  'GS a': 'auto_status',
  'GS f': 'hri_font',
  'GS h': 'barcode_height',
  'GS r': 'transmit_status',
  'GS w': 'barcode_width',
  'FS !': 'multibyte_mode',
  'FS -': 'multibyte_underline',
  'FS C': 'multibyte_code',
  'FS W': 'multibyte_quad',
};

/** Parameter bytes of the commands that leave the paper as it is. A command not listed anywhere has none. */
const ARGUMENT_BYTES: Readonly<Record<string, number>> = {
  'ESC %': 1,
  'ESC =': 1,
  'ESC ?': 1,
  'ESC B': 2,
  'ESC K': 1,
  'ESC R': 1,
  'ESC T': 1,
  'ESC U': 1,
  'ESC V': 1,
  'ESC W': 8,
  'ESC c': 2,
  'ESC 0': 0,
  'ESC 1': 0,
  'ESC L': 0,
  'ESC S': 0,
  'ESC \x0c': 0,
  'ESC <': 0,
  'ESC v': 0,
  'ESC e': 1,
  'ESC r': 1,
  'ESC u': 1,
  'GS $': 2,
  'GS /': 1,
  'GS P': 2,
  'GS T': 1,
  'GS \\': 2,
  'GS ^': 3,
  'GS :': 0,
  'GS E': 1,
  'GS |': 1,
  'GS b': 1,
  'GS j': 1,
  'FS ?': 2,
  'FS p': 2,
  'DLE \x05': 1,
  // ESC | of a few clones sets the density, as GS | does.
  'ESC |': 1,
};
