/**
 * Items from a spreadsheet: text of rows in, items and the faults of rows out, before anything is sent.
 *
 * Pure. Columns are named by the first row, separated by tabs, commas or semicolons; a field in quotes may hold any of them.
 */
import { type ItemDraft, isGtin } from './item-draft.ts';

export interface Fault {
  /** 1 is the line of names. */
  readonly line: number;
  readonly what: string;
}

export interface ImportCheck {
  readonly rows: number;
  readonly items: readonly ItemDraft[];
  readonly faults: readonly Fault[];
}

export const ROWS_MAX = 50_000;

export function readItems(text: string): ImportCheck {
  const rows = rowsOf(text);
  const [head = [], ...body] = rows;
  const names = head.map((name) => name.trim().toLowerCase());
  const column = (name: string) => names.indexOf(name.toLowerCase());
  const missing = ['sku', 'name', 'price'].filter((name) => column(name) === -1);
  if (missing.length > 0) {
    return { rows: body.length, items: [], faults: [{ line: 1, what: `no column ${missing.join(', ')}` }] };
  }
  if (body.length > ROWS_MAX) {
    return {
      rows: body.length,
      items: [],
      faults: [{ line: ROWS_MAX + 1, what: `at most ${ROWS_MAX} rows at once` }],
    };
  }
  const items: ItemDraft[] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [index, row] of body.entries()) {
    const field = (name: string) => (row[column(name)] ?? '').trim();
    const line = index + 2;
    const made = itemOf(field);
    if (typeof made === 'string') faults.push({ line, what: made });
    else if (seen.has(made.sku)) faults.push({ line, what: `sku ${made.sku} stands twice` });
    else {
      seen.add(made.sku);
      items.push(made);
    }
  }
  return { rows: body.length, items, faults };
}

/** @returns what is wrong, in words, or the item */
function itemOf(field: (name: string) => string): ItemDraft | string {
  const [sku, name] = [field('sku'), field('name')];
  if (sku === '' || sku.length > 64) return 'sku: 1 to 64 characters were expected';
  if (name === '' || name.length > 300) return 'name: 1 to 300 characters were expected';
  const price = priceOf(field('price'));
  if (price === undefined) return `price: a number was expected, not “${field('price').slice(0, 40)}”`;
  const unit = field('unit') === '' ? 'each' : field('unit');
  if (unit !== 'each' && unit !== 'kg') return 'unit: each or kg was expected';
  const gtins = field('gtin')
    .split(/[\s;|]+/)
    .filter((one) => one !== '');
  const wrong = gtins.find((gtin) => !isGtin(gtin));
  if (wrong !== undefined) return `gtin: ${wrong.slice(0, 20)} has a wrong check digit or length`;
  const names = Object.fromEntries(
    [
      ['zh-TW', field('name_tw')],
      ['en', field('name_en')],
    ].filter(([, said]) => said !== ''),
  );
  const maybe = (key: 'category' | 'brand') => (field(key) === '' ? {} : { [key]: field(key).slice(0, 120) });
  return {
    sku,
    name,
    ...(Object.keys(names).length === 0 ? {} : { names }),
    gtins: gtins.map((gtin) => gtin.padStart(14, '0')),
    unit,
    priceMinor: price,
    taxCode: field('taxCode') === '' ? 'standard' : field('taxCode'),
    ...maybe('category'),
    ...maybe('brand'),
  };
}

/** `12.50`, `¥1,299`, empty for a price that is typed at the till; undefined when it is none. */
function priceOf(text: string): number | null | undefined {
  if (text === '') return null;
  const plain = text.replace(/[¥￥$,\s]/g, '');
  if (!/^\d{1,10}(\.\d{1,2})?$/.test(plain)) return undefined;
  const [whole, cents = ''] = plain.split('.') as [string, string?];
  return Number(whole) * 100 + Number(cents.padEnd(2, '0'));
}

function rowsOf(text: string): string[][] {
  const plain = text.replace(/^\uFEFF/, '');
  const first = plain.slice(0, plain.search(/[\r\n]|$/));
  const separator = ['\t', ';', ','].find((one) => first.includes(one)) ?? ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endField = () => {
    row.push(field);
    field = '';
  };
  const endRow = () => {
    endField();
    if (row.some((one) => one.trim() !== '')) rows.push(row);
    row = [];
  };
  for (let index = 0; index < plain.length; index++) {
    const char = plain[index]!;
    if (quoted) {
      if (char !== '"') field += char;
      else if (plain[index + 1] === '"') {
        field += '"';
        index++;
      } else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === separator) endField();
    else if (char === '\n') endRow();
    else if (char !== '\r') field += char;
  }
  endRow();
  return rows;
}
