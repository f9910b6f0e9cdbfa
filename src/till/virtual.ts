/**
 * Virtual devices: scanner, printer, scale and pole display played by us at the far end of real lines (PTYs where there are
 * any), with hands that pull cables, take the paper out and put things on the scale.
 *
 * The till cannot tell them from hardware: what a visitor clicks is sent as the bytes a scanner sends, and what is
 * shown as paper is drawn from the bytes that the printer received.
 */
import type { InStoreTemplate } from '../core/barcode.ts';
import { checkDigit, shortGtin } from '../core/gtin.ts';
import { type Item, type Locale, nameIn } from '../core/item.ts';
import type { BytePort, Clock } from '../core/ports.ts';
import type { PrinterProfile } from '../devices/printer-profile.ts';
import { VirtualDisplay } from '../devices/virtual-display.ts';
import type { VirtualPaymentMode } from '../devices/virtual-payment.ts';
import { type PrinterOutput, VirtualPrinter } from '../devices/virtual-printer.ts';
import { VirtualScale } from '../devices/virtual-scale.ts';
import type { DemoHands, DemoPeriphery, DemoShelf, DemoSlip, DemoTerminalMode } from './api.ts';
import type { Catalog } from './catalog.ts';
import type { DeviceSettings } from './device-settings.ts';
import type { VirtualLine } from './virtual-line.ts';

export interface VirtualDevices {
  /** Whether any role of the till is set to a virtual device. */
  readonly inUse: boolean;
  shelf(catalog: Catalog, locale: Locale): DemoShelf;
  scan(code: string): Promise<void>;
  paper(limit: number): DemoSlip[];
  /** What terminal and wallets do with the next payments. */
  setTerminal(mode: DemoTerminalMode): void;
  periphery(): DemoPeriphery;
  /** What hands do to printer and scale. */
  touch(hands: DemoHands): Promise<void>;
}

export interface VirtualSetup {
  readonly profile: PrinterProfile;
  readonly settings: DeviceSettings;
}

const SHELF_ITEMS = 60;
const SHELF_MEMBERS = 8;
const SLIPS_KEPT = 50;

export function makeVirtualDevices(parts: {
  readonly lines: Readonly<Record<'scanner' | 'printer' | 'scale' | 'display', VirtualLine>>;
  /** How the till is set up now: a printer of another width draws other paper. */
  readonly setup: () => VirtualSetup;
  readonly clock: Clock;
  readonly payments: readonly { mode: VirtualPaymentMode }[];
  /** Shown whatever the settings say. */
  readonly always?: boolean;
}): VirtualDevices {
  const { lines, setup } = parts;
  const printer = playPrinter(lines.printer, setup, parts.clock);
  const scale = new VirtualScale(() => setup().settings.scale.protocol);
  lines.scale.onPlug((far) =>
    far.onData((bytes) => {
      const answer = scale.feed(bytes);
      if (answer.length > 0) far.write(answer).catch(() => {});
    }),
  );
  let pole = new VirtualDisplay();
  lines.display.onPlug((far) => {
    const { columns, encoding } = setup().settings.display;
    pole = new VirtualDisplay(columns, encoding);
    far.onData((bytes) => pole.feed(bytes));
  });
  return {
    get inUse() {
      return parts.always === true || usesVirtual(setup().settings);
    },
    shelf,
    scan: (code) => lines.scanner.far.write(new TextEncoder().encode(`${code}\r`)),
    paper: (limit) => printer.slips.slice(0, limit),
    setTerminal: (mode) => {
      for (const payment of parts.payments) payment.mode = mode;
    },
    periphery: () => ({
      printer: { ...printer.machine().state, plugged: lines.printer.isPlugged },
      scale: scale.pan,
      display: pole.lines,
    }),
    touch: async ({ plugged, cutAfterBytes, scale: pan, ...paper }) => {
      if (pan !== undefined) scale.put(pan);
      if (cutAfterBytes !== undefined) printer.cutAfter(cutAfterBytes);
      if (Object.keys(paper).length > 0) printer.put(paper);
      if (plugged === false) await lines.printer.unplug();
      if (plugged === true) lines.printer.plug();
    },
  };
}

function usesVirtual({ scanners, printer, scale, display }: DeviceSettings): boolean {
  return [...scanners, printer, scale, display].some(({ address }) => address === 'virtual');
}

/** The printer's own side: paper, cover, and a cable that can be pulled in the middle of a slip. */
function playPrinter(line: VirtualLine, setup: () => VirtualSetup, clock: Clock) {
  const slips: DemoSlip[] = [];
  let profile = setup().profile;
  let machine = new VirtualPrinter(profile);
  let far: BytePort | null = null;
  let left = Number.POSITIVE_INFINITY;
  let printed = 0;
  const out = ({ slips: fresh, reply }: PrinterOutput) => {
    for (const { text, svg } of fresh) slips.unshift({ no: ++printed, atMs: clock.nowMs(), svg, text });
    slips.length = Math.min(slips.length, SLIPS_KEPT);
    // A till that hung up gets no answer; the next one asks again.
    if (reply.length > 0) far?.write(reply).catch(() => {});
  };
  const current = () => {
    const now = setup().profile;
    if (now !== profile) {
      profile = now;
      const { state } = machine;
      machine = new VirtualPrinter(profile);
      machine.setState(state);
    }
    return machine;
  };
  line.onPlug((end) => {
    far = end;
    end.onData((bytes) => {
      const taken = bytes.subarray(0, left);
      left -= taken.length;
      out(current().feed(taken));
      if (left > 0) return;
      left = Number.POSITIVE_INFINITY;
      void line.unplug();
    });
  });
  return {
    slips,
    machine: current,
    put: (change: Omit<DemoHands, 'plugged' | 'cutAfterBytes' | 'scale'>) => out(current().setState(change)),
    cutAfter: (bytes: number) => {
      left = bytes;
    },
  };
}

function shelf(catalog: Catalog, locale: Locale): DemoShelf {
  const templates = catalog.store?.templates ?? [];
  const items = catalog.someItems(SHELF_ITEMS);
  const first = items.find(({ gtins }) => gtins.length > 0);
  return {
    items: items.flatMap((item, index) => {
      const code = codeOf(item, templates, index);
      const { sku, priceMinor, category = '' } = item;
      return code === null ? [] : [{ sku, name: nameIn(item, locale), code, priceMinor, category }];
    }),
    members: catalog.someMembers(SHELF_MEMBERS).map((member) => {
      const tier = catalog.tier(member.tierId);
      return { name: member.name, code: member.cardNo, tierName: tier === null ? '' : nameIn(tier, locale) };
    }),
    faulty: [
      ...(first === undefined
        ? []
        : [{ code: damaged(shortGtin(first.gtins[0]!)), why: 'check_digit' as const }]),
      { code: '4006381333931', why: 'unknown' },
    ],
  };
}

/** What is on the pack: the GTIN, or for weighed goods the label that the scale prints. */
function codeOf(item: Item, templates: readonly InStoreTemplate[], index: number): string | null {
  if (item.gtins[0] !== undefined) return shortGtin(item.gtins[0]);
  const template = templates.find(({ pattern }) => pattern.includes('W'));
  if (item.plu === undefined || template === undefined) return item.plu ?? item.sku;
  const weightG = 318 + ((index * 167) % 900);
  return label(template, item.plu, weightG);
}

function label({ pattern }: InStoreTemplate, plu: string, value: number): string {
  const fields: Record<string, string> = {
    I: plu.padStart(pattern.split('I').length - 1, '0'),
    W: String(value).padStart(pattern.split('W').length - 1, '0'),
  };
  const taken: Record<string, number> = {};
  const body = Array.from(pattern.slice(0, -1), (mark) => {
    const field = fields[mark];
    if (field === undefined) return mark;
    taken[mark] = (taken[mark] ?? -1) + 1;
    return field[taken[mark]] ?? '0';
  }).join('');
  return body + checkDigit(body);
}

/** The last digit one higher: what a scratched symbol or a mistyped number looks like. */
function damaged(code: string): string {
  return code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10);
}
