/**
 * Device settings: what is plugged into this till and how it is set up, kept in `devices.json` of the till's folder.
 *
 * A file of its own, since it belongs to the place where the till stands: HQ does not know it, and it outlives `shop.db`. A
 * file that cannot be read is told, left as it is until the next change, and then kept aside as `devices.json.bad`.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  PRINTER_ENCODINGS,
  PRINTER_PROFILES,
  type PrinterProfile,
  parsePrinterProfile,
  printerProfile,
} from '../devices/printer-profile.ts';
import type { DeviceRole } from './api-devices.ts';
import { type AddressKind, lineOf, parseAddress } from './device-address.ts';

export const SCANNERS_MAX = 4;

/** What each role can be reached by. */
export const ROLE_ADDRESSES: Readonly<Record<PortRole, readonly AddressKind[]>> = {
  scanner: ['serial', 'hid', 'tcp', 'keyboard', 'virtual', 'none'],
  printer: ['serial', 'tcp', 'usb', 'lp', 'virtual', 'none'],
  scale: ['serial', 'tcp', 'virtual', 'none'],
  display: ['serial', 'usb', 'tcp', 'virtual', 'none'],
  terminal: ['virtual', 'none'],
};

/** Roles that have an address of their own; the drawer hangs on the printer, the customer's screen is a page. */
export type PortRole = Exclude<DeviceRole, 'drawer' | 'customer_screen'>;

const address = (role: PortRole) =>
  z
    .string()
    .max(200)
    .superRefine((text, context) => {
      const parsed = parseAddress(text, ROLE_ADDRESSES[role]);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.error.words });
    });
const frame = z.string().max(8);
const profileIds = PRINTER_PROFILES.map(({ id }) => id) as [string, ...string[]];

export const SETTINGS = {
  scanner: z.strictObject({
    address: address('scanner'),
    /** Sent before each code; empty: none. */
    prefix: frame.default(''),
    /** `line` (CR, LF or TAB), `none` (silence ends a code), or the characters themselves. */
    suffix: frame.min(1).default('line'),
  }),
  printer: z.strictObject({
    address: address('printer'),
    profile: z.enum(profileIds).default('generic-80-gb18030'),
    /** Instead of the profile's own; null: as the profile says. */
    encoding: z.enum(PRINTER_ENCODINGS).nullable().default(null),
    columns: z.int().min(24).max(64).nullable().default(null),
  }),
  drawer: z.strictObject({
    /** Pin of the printer's drawer plug; null: as the profile says. */
    pin: z
      .union([z.literal(2), z.literal(5)])
      .nullable()
      .default(null),
    /** Level of the plug's sensor that means open, once it was learned. */
    openLevel: z.enum(['high', 'low']).nullable().default(null),
  }),
  scale: z.strictObject({
    address: address('scale'),
    protocol: z.enum(['toledo-8217', 'cas', 'mt-sics']).default('toledo-8217'),
    /** What a scale counts in that sends no unit. */
    unit: z.enum(['g', 'kg', 'lb', 'oz']).default('kg'),
  }),
  display: z.strictObject({
    address: address('display'),
    language: z.enum(['escpos', 'cd5220']).default('escpos'),
    columns: z.int().min(16).max(40).default(20),
    encoding: z.enum(PRINTER_ENCODINGS).default('gbk'),
  }),
  customer_screen: z.strictObject({
    /** Text of the QR shown while a wallet is to pay: the shop's own collecting code; empty: none is shown. */
    payQr: z.string().max(500).default(''),
  }),
  terminal: z.strictObject({ address: address('terminal') }),
} as const;

const NONE = { address: 'none' } as const;

export const DEVICE_SETTINGS = z.strictObject({
  v: z.literal(1).default(1),
  scanners: z.array(SETTINGS.scanner).max(SCANNERS_MAX).default([]),
  printer: SETTINGS.printer.default(SETTINGS.printer.parse(NONE)),
  drawer: SETTINGS.drawer.default(SETTINGS.drawer.parse({})),
  scale: SETTINGS.scale.default(SETTINGS.scale.parse(NONE)),
  display: SETTINGS.display.default(SETTINGS.display.parse(NONE)),
  customerScreen: SETTINGS.customer_screen.default(SETTINGS.customer_screen.parse({})),
  terminal: SETTINGS.terminal.default(NONE),
});

export type DeviceSettings = z.infer<typeof DEVICE_SETTINGS>;

export const NO_DEVICES: DeviceSettings = DEVICE_SETTINGS.parse({});

/** The printer as it is set up here. */
export function profileOf({ printer, drawer }: DeviceSettings): PrinterProfile {
  const built = printerProfile(printer.profile)!;
  const own = {
    ...built,
    encoding: printer.encoding ?? built.encoding,
    columns: printer.columns ?? built.columns,
    drawerPin: drawer.pin ?? built.drawerPin,
  };
  const checked = parsePrinterProfile(own);
  return checked.ok ? checked.value : built;
}

/** The role that already holds the line of an address; null: it is free. */
export function holderOf(
  settings: DeviceSettings,
  wanted: { readonly address: string; readonly role: PortRole; readonly index: number },
): PortRole | null {
  const line = lineOf(wanted.address);
  if (line === null) return null;
  const held: readonly (readonly [PortRole, number, string])[] = [
    ...settings.scanners.map((scanner, index) => ['scanner', index, scanner.address] as const),
    ['printer', 0, settings.printer.address],
    ['scale', 0, settings.scale.address],
    ['display', 0, settings.display.address],
  ];
  const other = held.find(
    ([role, index, taken]) => (role !== wanted.role || index !== wanted.index) && lineOf(taken) === line,
  );
  return other?.[0] ?? null;
}

// ---- the file ----

export interface LoadedSettings {
  /** Null: there are none yet, or none that can be read. */
  readonly settings: DeviceSettings | null;
  /** In words, with the field at fault and what to do. */
  readonly problem: string | null;
}

export interface SettingsFile {
  load(): LoadedSettings;
  /** @throws when the disk does not take it */
  save(settings: DeviceSettings): void;
}

export function settingsFile(folder: string): SettingsFile {
  const file = path.join(folder, 'devices.json');
  return {
    load: () => {
      if (!existsSync(file)) return { settings: null, problem: null };
      return readSettings(readFileSync(file, 'utf8'));
    },
    save: (settings) => {
      if (existsSync(file) && readSettings(readFileSync(file, 'utf8')).settings === null) {
        renameSync(file, `${file}.bad`);
      }
      // Whole or not at all: a power cut leaves the old file.
      writeFileSync(`${file}.new`, `${JSON.stringify(settings, null, 2)}\n`, { flush: true });
      renameSync(`${file}.new`, file);
    },
  };
}

export function readSettings(text: string): LoadedSettings {
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch (cause) {
    return { settings: null, problem: `devices.json is no JSON (${(cause as Error).message}): ${REMEDY}` };
  }
  const parsed = DEVICE_SETTINGS.safeParse(source);
  if (parsed.success) return { settings: parsed.data, problem: null };
  const issue = parsed.error.issues[0]!;
  const field = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return { settings: null, problem: `devices.json: ${field}${issue.message}. ${REMEDY}` };
}

const REMEDY =
  'Put it right, or set the devices on the device page, which keeps this file as devices.json.bad';
