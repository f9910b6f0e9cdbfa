/**
 * Device addresses: where a device is, as people write it and settings keep it.
 *
 * `serial:/dev/ttyUSB0@9600` (8N1), `serial:COM3@9600,7e1`, `tcp:192.168.1.9:9100`, `usb:/dev/usb/lp0`, `lp:NAME` (the operating
 * system's spooler), `hid:/dev/hidraw0`, `keyboard` (types into the page),
 * `virtual`, `none`.
 */
import { err, ok, type Result } from '../core/result.ts';

export type DeviceAddress = string;

export type ParsedAddress =
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baudRate: number;
      readonly dataBits: 7 | 8;
      readonly parity: 'none' | 'even' | 'odd';
      readonly stopBits: 1 | 2;
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'usb' | 'hid'; readonly path: string }
  | { readonly kind: 'lp'; readonly name: string }
  | { readonly kind: 'keyboard' | 'virtual' | 'none' };

export type AddressKind = ParsedAddress['kind'];

/** Each kind by an example: what an address that is none is answered with. */
export const ADDRESS_EXAMPLES: Readonly<Record<AddressKind, string>> = {
  serial: 'serial:/dev/ttyUSB0@9600',
  tcp: 'tcp:192.168.1.9:9100',
  usb: 'usb:/dev/usb/lp0',
  lp: 'lp:NAME',
  hid: 'hid:/dev/hidraw0',
  keyboard: 'keyboard',
  virtual: 'virtual',
  none: 'none',
};

const BAUD_RATE_MAX = 4_000_000;
const PARITIES = { n: 'none', e: 'even', o: 'odd' } as const;

/** @returns the error in words: what was expected instead */
export function parseAddress(
  text: string,
  allowed: readonly AddressKind[],
): Result<ParsedAddress, { readonly kind: 'bad_address'; readonly words: string }> {
  const parsed = read(text.trim());
  if (parsed !== null && allowed.includes(parsed.kind)) return ok(parsed);
  const examples = allowed.map((kind) => ADDRESS_EXAMPLES[kind]).join(', ');
  return err({
    kind: 'bad_address',
    words: `${text.slice(0, 80)} is no address of this device: ${examples} was expected`,
  });
}

function read(text: string): ParsedAddress | null {
  if (text === 'keyboard' || text === 'virtual' || text === 'none') return { kind: text };
  const serial = /^serial:(.+?)(?:@(\d{1,7})(?:,([78])([neo])([12]))?)?$/i.exec(text);
  if (serial !== null) return readSerial(serial);
  const tcp = /^tcp:\[?([^\s[\]]+?)\]?(?::(\d{1,5}))?$/.exec(text);
  if (tcp !== null) {
    const port = Number(tcp[2] ?? 9100);
    return port < 1 || port > 65_535 ? null : { kind: 'tcp', host: tcp[1]!, port };
  }
  const [, kind, name] = /^(usb|hid|lp):(.+)$/.exec(text) ?? [];
  if (name === undefined) return null;
  return kind === 'lp' ? { kind, name } : { kind: kind as 'usb' | 'hid', path: name };
}

function readSerial([, path, baud, bits, parity, stop]: RegExpExecArray): ParsedAddress | null {
  const baudRate = Number(baud ?? 9600);
  if (baudRate < 50 || baudRate > BAUD_RATE_MAX) return null;
  return {
    kind: 'serial',
    path: path!,
    baudRate,
    dataBits: bits === '7' ? 7 : 8,
    parity: PARITIES[(parity ?? 'n').toLowerCase() as 'n' | 'e' | 'o'],
    stopBits: stop === '2' ? 2 : 1,
  };
}

/** The line that an address holds: two devices cannot share it. Null: it holds none. */
export function lineOf(address: DeviceAddress): string | null {
  const parsed = read(address.trim());
  switch (parsed?.kind) {
    case 'serial':
    case 'usb':
    case 'hid':
      return parsed.path;
    case 'tcp':
      return `${parsed.host}:${parsed.port}`;
    case 'lp':
      return `lp:${parsed.name}`;
    default:
      return null;
  }
}
