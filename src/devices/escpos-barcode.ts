/**
 * What data a printer's barcode commands take, by system: a barcode whose data is wrong comes out as nothing.
 *
 * Source: Epson ESC/POS command reference, "Print bar code"; GS k counts 0-6 and 65-71 as the same seven.
 */

interface BarcodeSystem {
  readonly name: string;
  /** Characters and length that the printer takes. */
  readonly takes: RegExp;
  readonly needs: string;
}

const SYSTEMS: readonly BarcodeSystem[] = [
  { name: 'UPC-A', takes: /^\d{11,12}$/, needs: '11 or 12 digits' },
  {
    name: 'UPC-E',
    takes: /^(?:[1-9]\d{5}|0\d{6,7}|0\d{10,11})$/,
    needs: '7, 8, 11 or 12 digits from 0 on, or 6 without it',
  },
  { name: 'EAN13', takes: /^\d{12,13}$/, needs: '12 or 13 digits' },
  { name: 'EAN8', takes: /^\d{7,8}$/, needs: '7 or 8 digits' },
  { name: 'CODE39', takes: /^[0-9A-Z $%*+\-./]{1,255}$/, needs: 'digits, capitals, space and $%*+-./' },
  { name: 'ITF', takes: /^(?:\d\d){1,127}$/, needs: 'an even number of digits' },
  { name: 'CODABAR', takes: /^[A-Da-d][0-9$+\-./:]*[A-Da-d]$/, needs: 'digits and $+-./: between A-D' },
  { name: 'CODE93', takes: /^[\x00-\x7f]{1,255}$/, needs: 'ASCII characters' },
  { name: 'CODE128', takes: /^\{[ABC][\x00-\x7f]{1,253}$/, needs: '{A, {B or {C and ASCII characters' },
  { name: 'GS1-128', takes: /^[\x00-\x7f]{2,255}$/, needs: 'ASCII characters' },
  { name: 'GS1 DATABAR OMNIDIRECTIONAL', takes: /^\d{13}$/, needs: '13 digits' },
  { name: 'GS1 DATABAR TRUNCATED', takes: /^\d{13}$/, needs: '13 digits' },
  { name: 'GS1 DATABAR LIMITED', takes: /^[01]\d{12}$/, needs: '13 digits, the first 0 or 1' },
  {
    name: 'GS1 DATABAR EXPANDED',
    takes: /^[({]?\d[0-9A-Za-z !"%&'()*+,\-./:;<=>?_{]*$/,
    needs: 'application identifiers and their data',
  },
];

/** @returns why the printer prints no code, in words; null: it prints one */
export function barcodeTrouble(system: number, data: string): string | null {
  const found = SYSTEMS[system >= 65 ? system - 65 : system];
  // Systems 0-6 are the first seven; from 7 on a number below 65 names nothing.
  if (found === undefined || (system > 6 && system < 65)) return `there is no barcode system ${system}`;
  return found.takes.test(data) ? null : `${found.name} takes ${found.needs}`;
}

/** The GS k number (65 and up) of a barcode by its usual name; null: printers draw no such code. */
export function barcodeSystem(name: string): number | null {
  const plain = name.toUpperCase().replace('NW7', 'CODABAR').replaceAll('EAN-', 'EAN');
  const index = SYSTEMS.findIndex((system) => system.name === plain);
  return index < 0 ? null : 65 + index;
}
