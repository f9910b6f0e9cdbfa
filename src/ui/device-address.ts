/**
 * Device addresses on the device page: what may be picked for a role, and the speed of a serial line.
 *
 * Pure.
 */
import type { DeviceBoard, DeviceRole, FoundDevice } from '../till/api.ts';

/** What shops' serial devices are set to, the usual first; without bits a line is 8N1. */
export const SERIAL_LINES = [
  '9600',
  '9600,7e1',
  '19200',
  '38400',
  '57600',
  '115200',
  '4800',
  '4800,7e1',
  '2400',
  '1200',
] as const;

/** Plugged-in devices that may be this; those that say what they are come first. */
export function addressChoices(board: Pick<DeviceBoard, 'found'>, role: DeviceRole): FoundDevice[] {
  return board.found
    .filter(({ suits }) => suits.includes(role))
    .toSorted((a, b) => a.suits.length - b.suits.length);
}

/** Without the speed: a port is the same whatever it is set to. */
export function lineOfAddress(address: string): string {
  return address.startsWith('serial:') ? address.replace(/@[^@]*$/, '') : address;
}

export function withLine(address: string, line: string): string {
  return line === '' ? address : `${lineOfAddress(address)}@${line}`;
}
