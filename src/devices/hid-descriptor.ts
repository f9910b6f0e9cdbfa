/**
 * HID report descriptors: which bits of which report mean what, as the device itself says.
 *
 * Source: USB Device Class Definition for HID 1.11, chapter 6.2.2.
 */
import { err, ok, type Result } from '../core/result.ts';

/** One field of an input report. */
export interface HidField {
  readonly reportId: number;
  /** From the report's first bit after its id. */
  readonly bitOffset: number;
  readonly bits: number;
  readonly usagePage: number;
  readonly usage: number;
  /** Array of `count` elements of `bits` each, such as a buffer of bytes; 1: a single value. */
  readonly count: number;
}

export interface HidDescriptor {
  /** Usage page and usage of the outermost collections: what kind of device this is. */
  readonly applications: readonly { readonly usagePage: number; readonly usage: number }[];
  readonly inputs: readonly HidField[];
  /** Whether reports begin with a byte that says which one it is. */
  readonly hasReportIds: boolean;
  /** Bytes of each input report without the id, by id (0: no ids). */
  readonly reportBytes: ReadonlyMap<number, number>;
}

export interface HidDescriptorError {
  readonly kind: 'bad_descriptor';
  /** Byte at which it stops making sense. */
  readonly at: number;
}

interface Globals {
  usagePage: number;
  size: number;
  count: number;
  reportId: number;
}

/** Reports are at most 64 KB on any bus; a descriptor that says more is damaged. */
const REPORT_BITS_MAX = 65_536 * 8;

export function parseHidDescriptor(bytes: Uint8Array): Result<HidDescriptor, HidDescriptorError> {
  const applications: { usagePage: number; usage: number }[] = [];
  const inputs: HidField[] = [];
  const used = new Map<number, number>();
  const stack: Globals[] = [];
  let globals: Globals = { usagePage: 0, size: 0, count: 0, reportId: 0 };
  let usages: { page: number; usage: number }[] = [];
  let usageMin: number | null = null;
  let depth = 0;
  for (let at = 0; at < bytes.length; ) {
    const item = readItem(bytes, at);
    if (item === null) return err({ kind: 'bad_descriptor', at });
    const { tag, value } = item;
    switch (tag) {
      case 0x04:
        globals = { ...globals, usagePage: value };
        break;
      case 0x74:
        globals = { ...globals, size: value };
        break;
      case 0x94:
        globals = { ...globals, count: value };
        break;
      case 0x84:
        globals = { ...globals, reportId: value };
        break;
      case 0xa4:
        stack.push(globals);
        break;
      case 0xb4: {
        const popped = stack.pop();
        if (popped === undefined) return err({ kind: 'bad_descriptor', at });
        globals = popped;
        break;
      }
      case 0x08:
        // Four bytes name page and usage at once.
        usages.push(
          item.size === 4
            ? { page: value >>> 16, usage: value & 0xffff }
            : { page: globals.usagePage, usage: value },
        );
        break;
      case 0x18:
        usageMin = value;
        break;
      case 0x28:
        for (let usage = usageMin ?? value; usage <= value && usages.length < 1024; usage++) {
          usages.push({ page: globals.usagePage, usage });
        }
        usageMin = null;
        break;
      case 0xa0:
        if (depth++ === 0) {
          applications.push({ usagePage: usages[0]?.page ?? 0, usage: usages[0]?.usage ?? 0 });
        }
        break;
      case 0xc0:
        if (--depth < 0) return err({ kind: 'bad_descriptor', at });
        break;
      case 0x80: {
        const start = used.get(globals.reportId) ?? 0;
        const bits = globals.size * globals.count;
        if (start + bits > REPORT_BITS_MAX) return err({ kind: 'bad_descriptor', at });
        // Bit 0 of an input item: constant, which is padding.
        if ((value & 1) === 0) inputs.push(...fieldsOf(globals, usages, start));
        used.set(globals.reportId, start + bits);
        break;
      }
    }
    const isMain = (tag & 0x0c) === 0x00;
    if (isMain) {
      usages = [];
      usageMin = null;
    }
    at += item.length;
  }
  if (depth !== 0) return err({ kind: 'bad_descriptor', at: bytes.length });
  const reportBytes = new Map([...used].map(([id, bits]) => [id, Math.ceil(bits / 8)]));
  return ok({ applications, inputs, hasReportIds: !used.has(0) && used.size > 0, reportBytes });
}

/** One usage for all elements makes a buffer; one a element makes single values. */
function fieldsOf(
  { usagePage, size, count, reportId }: Globals,
  usages: readonly { page: number; usage: number }[],
  start: number,
): HidField[] {
  if (usages.length <= 1) {
    const { page, usage } = usages[0] ?? { page: usagePage, usage: 0 };
    return [{ reportId, bitOffset: start, bits: size, usagePage: page, usage, count }];
  }
  return Array.from({ length: count }, (_, index) => {
    const { page, usage } = usages[Math.min(index, usages.length - 1)]!;
    return { reportId, bitOffset: start + index * size, bits: size, usagePage: page, usage, count: 1 };
  });
}

interface Item {
  /** Tag and type, the size bits cleared. */
  readonly tag: number;
  readonly value: number;
  readonly size: number;
  readonly length: number;
}

/** Null: the item goes past the end. */
function readItem(bytes: Uint8Array, at: number): Item | null {
  const head = bytes[at]!;
  if (head === 0xfe) {
    const length = 3 + (bytes[at + 1] ?? 0);
    return at + length > bytes.length ? null : { tag: 0xff, value: 0, size: 0, length };
  }
  const size = [0, 1, 2, 4][head & 3]!;
  if (at + 1 + size > bytes.length) return null;
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + bytes[at + 1 + index]!;
  return { tag: head & 0xfc, value, size, length: 1 + size };
}

/** The elements of a field in a report, in order. @param report without its id */
export function fieldValues(field: HidField, report: Uint8Array): number[] {
  return Array.from({ length: field.count }, (_, index) => {
    let value = 0;
    for (let bit = field.bits - 1; bit >= 0; bit--) {
      const at = field.bitOffset + index * field.bits + bit;
      value = value * 2 + (((report[at >> 3] ?? 0) >> (at & 7)) & 1);
    }
    return value;
  });
}
