/**
 * One till of a replay, in a process of its own: rings up its receipts by scans, syncs them, and tells what its journal holds.
 *
 * Started by `replay.ts` with a job over IPC. Every article and every member card comes in as bytes over the scanner's
 * line; quantities, prices that differ from the list, and cash are what a cashier would key in.
 */

import { memberCardNo } from '../core/barcode.ts';
import { shortGtin } from '../core/gtin.ts';
import type { Clock } from '../core/ports.ts';
import type { Sale } from '../core/sale.ts';
import { printerProfile } from '../devices/printer-profile.ts';
import { Counter } from '../till/counter.ts';
import { enrolTill } from '../till/enrol.ts';
import { APP_VERSION, sha256, systemChance } from '../till/run.ts';
import { Till } from '../till/till.ts';
import { virtualLine } from '../till/virtual-line.ts';
import { type DayTotal, emptyDay } from './replay-ledger.ts';
import type { FileReceipt } from './sales-file.ts';

export interface ReplayJob {
  readonly folder: string;
  readonly cloudUrl: string;
  readonly code: string;
  readonly receipts: readonly FileReceipt[];
}

export type ReplayMessage =
  | { readonly type: 'progress'; readonly done: number }
  | {
      readonly type: 'done';
      readonly storeId: string;
      /** Read back from the journal on disk. */
      readonly days: readonly DayTotal[];
      readonly saleIds: readonly string[];
      /** Receipts of the file in the order they were rung up, with the sale each became. */
      readonly rung: readonly { readonly invoiceNo: string; readonly saleId: string }[];
    }
  | { readonly type: 'failed'; readonly message: string };

const PROGRESS_EVERY = 20;
const WAIT_MS_MAX = 120_000;

process.once('message', (job: ReplayJob) => {
  run(job).then(
    (message) => tell(message, () => process.exit(0)),
    (cause: Error) => tell({ type: 'failed', message: cause.stack ?? cause.message }, () => process.exit(1)),
  );
});
process.on('disconnect', () => process.exit(1));

function tell(message: ReplayMessage, then: () => void = () => {}): void {
  process.send!(message, then);
}

async function run(job: ReplayJob): Promise<ReplayMessage> {
  const clock = new FileClock();
  await enrolTill({
    folder: job.folder,
    cloudUrl: job.cloudUrl,
    code: job.code,
    clock,
    chance: systemChance,
  });
  const line = virtualLine();
  const till = new Till({
    folder: job.folder,
    clock,
    chance: systemChance,
    sha256,
    cashier: { id: 'replay', name: 'Replay' },
    appVersion: APP_VERSION,
    log: (text) => process.stderr.write(`${text}\n`),
    devices: {
      openScanner: line.open,
      scanner: {},
      openPrinter: null,
      printer: printerProfile('generic-80-latin')!,
    },
  });
  try {
    const cashier = new Cashier(till, new Counter(till, null), line.far);
    till.start();
    await until(
      () => till.catalog.store !== null && till.state.text('data_as_of_ms') !== null,
      'the first feed',
    );
    await until(() => till.devices.scanner.state === 'ready', 'the scanner');
    const rung: { invoiceNo: string; saleId: string }[] = [];
    for (const receipt of job.receipts) {
      clock.set(receipt.atMs);
      rung.push({ invoiceNo: receipt.invoiceNo, saleId: await cashier.ring(receipt) });
      if (rung.length % PROGRESS_EVERY === 0) tell({ type: 'progress', done: rung.length });
    }
    await until(() => till.link!.ackedSeq === till.journal.head.seq, 'the last acknowledgement');
    const { storeId } = till.identity;
    return { type: 'done', storeId, ...readBack(till), rung };
  } finally {
    await till.stop();
    await line.close();
  }
}

/** The cashier: scans and keys of one receipt after the other. */
class Cashier {
  private readonly till: Till;
  private readonly counter: Counter;
  private readonly scanner: { write(bytes: Uint8Array): Promise<void> };
  private heard: () => void = () => {};

  constructor(till: Till, counter: Counter, scanner: { write(bytes: Uint8Array): Promise<void> }) {
    this.till = till;
    this.counter = counter;
    this.scanner = scanner;
    const take = till.onScan;
    till.onScan = (text, aim, scanner) => {
      take(text, aim, scanner);
      this.heard();
    };
  }

  async ring(receipt: FileReceipt): Promise<string> {
    const { checkout, catalog } = this.till;
    if (receipt.customerId !== null) await this.scan(memberCardNo(Number(receipt.customerId)));
    for (const line of receipt.lines) {
      const item = catalog.itemBySku(line.stockCode);
      if (item === null) throw new Error(`${line.stockCode} is not in the catalogue`);
      const before = checkout.basket.lastLineNo;
      await this.scan(shortGtin(item.gtins[0]!));
      const lineNo = checkout.basket.lastLineNo;
      if (lineNo !== before + 1) throw new Error(`the scan of ${line.stockCode} made no line`);
      const quantity = receipt.kind === 'refund' ? -line.quantity : line.quantity;
      if (quantity !== 1) must(checkout.setQuantity(lineNo, quantity));
      if (line.unitPriceMinor !== item.priceMinor) must(checkout.setUnitPrice(lineNo, line.unitPriceMinor));
    }
    const { basket, payment } = this.counter.view();
    const { settled } = await this.counter.api.payCash({
      basketId: basket.id,
      amountMinor: payment.dueMinor,
    });
    if (!settled) throw new Error(`receipt ${receipt.invoiceNo} is not settled`);
    return basket.id;
  }

  private async scan(code: string): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.heard = resolve;
    });
    await this.scanner.write(new TextEncoder().encode(`${code}\r`));
    await heard;
  }
}

function must<T, E extends { kind: string }>(result: { ok: true; value: T } | { ok: false; error: E }): T {
  if (!result.ok) throw new Error(`the till refused: ${result.error.kind}`);
  return result.value;
}

/** What is on disk, not what was in memory. */
function readBack(till: Till): { days: DayTotal[]; saleIds: string[] } {
  const days = new Map<string, DayTotal>();
  const saleIds: string[] = [];
  for (let seq = 1; seq <= till.journal.head.seq; ) {
    const entries = till.journal.read(seq, 1_000);
    for (const { text } of entries) {
      const entry = JSON.parse(text) as { kind: string; businessDate: string; body: Sale };
      if (entry.kind !== 'sale') continue;
      const day = days.get(entry.businessDate) ?? emptyDay(entry.businessDate);
      days.set(entry.businessDate, day);
      day[entry.body.kind === 'refund' ? 'refunds' : 'sales']++;
      day.lines += entry.body.lines.length;
      day.totalMinor += entry.body.totalMinor;
      saleIds.push(entry.body.id);
    }
    seq = entries.at(-1)!.seq + 1;
  }
  return { days: [...days.values()], saleIds };
}

/** Wall time is the file's; it moves a millisecond with each look, so ids and stamps stay in order. */
class FileClock implements Clock {
  private at = Date.parse('2010-12-01T00:00:00Z');

  set(atMs: number): void {
    this.at = atMs;
  }

  nowMs(): number {
    return this.at;
  }

  /** The file's days are the till's days: its clock never jumps. */
  monotonicMs(): number {
    return this.at;
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${WAIT_MS_MAX / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
