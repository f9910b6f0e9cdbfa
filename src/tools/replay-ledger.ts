/**
 * The ledgers of a replay: sales, lines and totals by store and day, counted from the file, the journals and the cloud.
 */
import type { CloudClient } from './cloud-client.ts';
import type { FileReceipt } from './sales-file.ts';

/** Totals of one business date. */
export interface DayTotal {
  readonly businessDate: string;
  sales: number;
  refunds: number;
  lines: number;
  totalMinor: number;
}

/** `store|date` → totals. */
export type Ledger = Map<string, DayTotal>;

export function emptyDay(businessDate: string): DayTotal {
  return { businessDate, sales: 0, refunds: 0, lines: 0, totalMinor: 0 };
}

export function sumOf(ledger: Ledger, field: (typeof FIELDS)[number]): number {
  return [...ledger.values()].reduce((total, day) => total + day[field], 0);
}

export function fileLedger(
  shares: readonly { readonly storeId: string; readonly receipts: readonly FileReceipt[] }[],
): Ledger {
  const ledger: Ledger = new Map();
  for (const { storeId, receipts } of shares) {
    for (const { atMs, kind, lines } of receipts) {
      const sign = kind === 'refund' ? -1 : 1;
      const totalMinor = lines.reduce((sum, line) => sum + sign * line.quantity * line.unitPriceMinor, 0);
      const day = dayOf(ledger, storeId, new Date(atMs).toISOString().slice(0, 10));
      day[kind === 'refund' ? 'refunds' : 'sales']++;
      day.lines += lines.length;
      day.totalMinor += totalMinor;
    }
  }
  return ledger;
}

export function journalLedger(
  results: readonly { readonly storeId: string; readonly days: readonly DayTotal[] }[],
): Ledger {
  const ledger: Ledger = new Map();
  for (const { storeId, days } of results) {
    for (const from of days) {
      const day = dayOf(ledger, storeId, from.businessDate);
      for (const field of FIELDS) day[field] += from[field];
    }
  }
  return ledger;
}

export async function cloudLedger(client: CloudClient): Promise<Ledger> {
  const { days } = (await client.get('/api/v1/figures/store-days')) as {
    days: (DayTotal & { storeId: string })[];
  };
  const ledger: Ledger = new Map();
  for (const from of days) {
    const day = dayOf(ledger, from.storeId, from.businessDate);
    for (const field of FIELDS) day[field] += from[field];
  }
  return ledger;
}

const FIELDS = ['sales', 'refunds', 'lines', 'totalMinor'] as const;

function dayOf(ledger: Ledger, storeId: string, businessDate: string): DayTotal {
  const key = `${storeId}|${businessDate}`;
  const day = ledger.get(key) ?? emptyDay(businessDate);
  ledger.set(key, day);
  return day;
}

/** @param named two ledgers by name @returns null when they agree everywhere, else the first place where they do not */
export function firstDifference(named: Readonly<Record<string, Ledger>>): string | null {
  const [[aName, a], [bName, b]] = Object.entries(named) as [[string, Ledger], [string, Ledger]];
  for (const key of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    for (const field of FIELDS) {
      const [left, right] = [a.get(key)?.[field] ?? 0, b.get(key)?.[field] ?? 0];
      if (left !== right) {
        const [storeId, date] = key.split('|');
        return `store ${storeId}, ${date}, ${field}: ${aName} ${left}, ${bName} ${right}`;
      }
    }
  }
  return null;
}
