/**
 * Virtual devices: a scanner and a printer played by us at the far end of real lines (PTYs where there are any).
 *
 * The till cannot tell them from hardware: what a visitor clicks is sent as the bytes a scanner sends, and what is
 * shown as paper is drawn from the bytes that the printer received.
 */
import type { InStoreTemplate } from '../core/barcode.ts';
import { checkDigit, shortGtin } from '../core/gtin.ts';
import { type Item, type Locale, nameIn } from '../core/item.ts';
import type { BytePort, Clock } from '../core/ports.ts';
import type { PrinterProfile } from '../devices/printer-profile.ts';
import type { VirtualPaymentMode } from '../devices/virtual-payment.ts';
import { attachVirtualPrinter, VirtualPrinter } from '../devices/virtual-printer.ts';
import type { DemoShelf, DemoSlip, DemoTerminalMode } from './api.ts';
import type { Catalog } from './catalog.ts';

export interface VirtualDevices {
  shelf(catalog: Catalog, locale: Locale): DemoShelf;
  scan(code: string): Promise<void>;
  paper(limit: number): DemoSlip[];
  /** What terminal and wallets do with the next payments. */
  setTerminal(mode: DemoTerminalMode): void;
}

const SHELF_ITEMS = 60;
const SHELF_MEMBERS = 8;
const SLIPS_KEPT = 50;

export function makeVirtualDevices(parts: {
  /** The far end of the scanner's line. */
  readonly scanner: BytePort;
  /** The far end of the printer's line. */
  readonly printer: BytePort;
  readonly profile: PrinterProfile;
  readonly clock: Clock;
  readonly payments: readonly { mode: VirtualPaymentMode }[];
}): VirtualDevices {
  const slips: DemoSlip[] = [];
  const printer = new VirtualPrinter(parts.profile);
  let printed = 0;
  attachVirtualPrinter(parts.printer, printer, ({ slips: fresh }) => {
    for (const { text, svg } of fresh) {
      slips.unshift({ no: ++printed, atMs: parts.clock.nowMs(), svg, text });
    }
    slips.length = Math.min(slips.length, SLIPS_KEPT);
  });
  return {
    shelf,
    scan: (code) => parts.scanner.write(new TextEncoder().encode(`${code}\r`)),
    paper: (limit) => slips.slice(0, limit),
    setTerminal: (mode) => {
      for (const payment of parts.payments) payment.mode = mode;
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
