/**
 * The print queue: slips go out in order, one at a time, and a sale never waits for them.
 *
 * queued → sending → printed, where the printer proves it, or sent, where it cannot. A slip during which the line or the
 * power broke, the paper ran out or the cover was opened is `unknown`: an original is sent at most once, so what follows
 * by itself is one whole copy, marked as such, and after that only a person decides. After a restart nothing follows by
 * itself: the customer has gone.
 */
import type { BytePort } from '../core/ports.ts';
import type { ReceiptDoc } from '../core/receipt.ts';
import { DeviceError } from '../devices/ports.ts';
import { resyncBytes } from '../devices/print.ts';
import type { PrinterProfile } from '../devices/printer-profile.ts';
import { type PrinterStatus, type PrinterTrouble, troubleOf } from '../devices/printer-status.ts';
import { PrinterTalk } from '../devices/printer-talk.ts';
import type { Sqlite } from './db.ts';
import { watchSlip } from './slip-watch.ts';

export type JobState = 'queued' | 'sending' | 'sent' | 'printed' | 'unknown';

export interface PrintJob {
  readonly jobId: number;
  readonly seq: number;
  readonly copy: boolean;
  /** A slip that no entry stands for; `seq` is 0. */
  readonly doc: ReceiptDoc | null;
}

export type SpoolPrinter = Pick<PrinterProfile, 'status' | 'proof' | 'command' | 'hasCutter'>;

export interface SpoolParts {
  readonly db: Sqlite;
  /** Opens the printer's line; null: this till has no printer. */
  readonly open: (() => Promise<BytePort>) | null;
  readonly printer: SpoolPrinter;
  /** The bytes of a job's slip, from its journal entry. */
  readonly render: (job: PrintJob) => Uint8Array;
  readonly onChange: () => void;
  readonly log: (text: string) => void;
  readonly times?: Partial<SpoolTimes>;
}

export interface SpoolTimes {
  /** Until a printer that is gone is tried again by itself. */
  readonly retryMs: number;
  /** Between two looks at a printer that prints or is stopped. */
  readonly pollMs: number;
  /** Between two looks at an idle printer. */
  readonly idleMs: number;
  /** For one answer of the printer. */
  readonly answerMs: number;
  /** For the proof of a slip, and for each of its bytes. */
  readonly proofMs: number;
  readonly proofByteMs: number;
  /** After a slip that nobody proves: trouble in this time is still its own. */
  readonly settleMs: number;
  /** For what a stopped printer still holds, once it goes on. */
  readonly drainMs: number;
}

/** 1.2 ms a byte: 9600 baud, the slowest line in use. */
export const SPOOL_TIMES: SpoolTimes = {
  retryMs: 3_000,
  pollMs: 500,
  idleMs: 5_000,
  answerMs: 500,
  proofMs: 4_000,
  proofByteMs: 1.2,
  settleMs: 1_500,
  drainMs: 3_000,
};
/** Slips of practice that wait for a printer which is not there. */
const LOOSE_MAX = 3;

export class Spool {
  private readonly parts: SpoolParts;
  private readonly times: SpoolTimes;
  private open: (() => Promise<BytePort>) | null;
  private printer: SpoolPrinter;
  /** Counts up with each rebinding: a line that was being opened meanwhile is not the printer's any more. */
  private binding = 0;
  private port: BytePort | null = null;
  private talk: PrinterTalk | null = null;
  private running = false;
  /** A slip is going out; a look at an idle printer is not. */
  private printing = false;
  private stopped = false;
  private timer: NodeJS.Timeout | null = null;
  private trouble: DeviceError | null = null;
  /** What a person has to put right at the printer. */
  private halted: PrinterTrouble | null = null;
  private pinHigh: boolean | null = null;
  private nearEnd = false;
  private readonly loose: Uint8Array[] = [];
  private waiting: Promise<void> = Promise.resolve();
  /** The printer may hold half a command: what comes next begins with a resync. */
  private dirty: boolean;
  /** The last slip that went out without proof. */
  private last: { readonly job: PrintJob; readonly untilMs: number } | null = null;
  private readonly ending = new AbortController();

  constructor(parts: SpoolParts) {
    this.parts = parts;
    this.open = parts.open;
    this.printer = parts.printer;
    this.times = { ...SPOOL_TIMES, ...parts.times };
    // What was on its way when the power went: nobody knows how much of it is on paper.
    const cut = parts.db.prepare("update print_job set state = 'unknown' where state = 'sending'").run();
    this.dirty = cut.changes > 0;
  }

  get state(): {
    state: 'ready' | 'printing' | 'stopped' | 'absent' | 'none';
    queued: number;
    unknown: number;
    detail: string | null;
  } {
    const counts = this.parts.db
      .prepare(
        `select count(*) filter (where state in ('queued', 'sending')) as queued,
           count(distinct case when state = 'unknown' then iif(seq = 0, -job_id, seq) end) as unknown
         from print_job where state in ('queued', 'sending', 'unknown')`,
      )
      .get() as { queued: number; unknown: number };
    if (this.open === null) return { state: 'none', ...counts, detail: null };
    if (this.trouble !== null) return { state: 'absent', ...counts, detail: this.trouble.kind };
    if (this.halted !== null) return { state: 'stopped', ...counts, detail: this.halted };
    const detail = this.nearEnd ? 'paper_near_end' : null;
    return { state: this.printing ? 'printing' : 'ready', ...counts, detail };
  }

  /** In the driver's words, for who sets the printer up; null: there is no trouble. */
  get troubleWords(): string | null {
    return this.trouble?.message ?? null;
  }

  /** Level of the drawer's sensor as the printer told it last; null: it does not tell. */
  get drawerPinHigh(): boolean | null {
    return this.open === null || this.trouble !== null ? null : this.pinHigh;
  }

  /** The same, asked now. */
  async askDrawer(): Promise<boolean | null> {
    this.poke();
    await this.waiting;
    return this.drawerPinHigh;
  }

  /** The state of a sale's newest slip. */
  jobState(seq: number): JobState | null {
    const row = this.parts.db
      .prepare('select state from print_job where seq = ? order by job_id desc limit 1')
      .get(seq) as { state: JobState } | undefined;
    return row?.state ?? null;
  }

  /** Queues a copy; an original of unknown fate is settled by it, and by a copy that waits already. */
  reprint(seq: number, atMs: number): void {
    const { db } = this.parts;
    db.transaction(() => {
      const settled = this.settle(seq);
      const waits = settled && this.hasCopy(seq, "state in ('queued', 'sending')");
      if (!waits) this.queueCopy(seq, atMs);
    })();
    this.poke();
  }

  /** Queues a slip that no entry stands for. */
  printDoc(doc: ReceiptDoc, atMs: number): void {
    if (this.open === null) return;
    this.parts.db
      .prepare("insert into print_job (seq, copy, state, queued_at_ms, doc) values (0, 1, 'queued', ?, ?)")
      .run(atMs, JSON.stringify(doc));
    this.poke();
  }

  /** Prints what is in no journal and is not worth a second try: a slip of practice. */
  printLoose(bytes: Uint8Array): void {
    if (this.loose.length < LOOSE_MAX) this.loose.push(bytes);
    this.poke();
  }

  /** Looks for work. Returns at once; printing goes on behind the sale. */
  poke(): void {
    if (this.running || this.stopped || this.open === null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.running = true;
    const before = this.face();
    this.waiting = this.run().finally(() => {
      this.running = false;
      this.printing = false;
      if (!this.stopped && this.face() !== before) this.parts.onChange();
    });
  }

  /** Another printer, or the same one set up anew. What waits goes there; a slip on its way is torn off, as by a pulled cable. */
  rebind(open: (() => Promise<BytePort>) | null, printer: SpoolPrinter): void {
    this.open = open;
    this.printer = printer;
    this.binding++;
    const { port, waiting } = this;
    this.last = null;
    void (async () => {
      await port?.close();
      await waiting;
      this.trouble = null;
      this.halted = null;
      this.nearEnd = false;
      this.pinHigh = null;
      this.poke();
      this.parts.onChange();
    })();
  }

  async close(): Promise<void> {
    this.stopped = true;
    this.ending.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    await this.port?.close();
    await this.waiting;
    // A line that was being opened meanwhile is open now.
    await this.port?.close();
  }

  private async run(): Promise<void> {
    try {
      // Opened even without work, so that the screen says in time that the printer is not there.
      await this.ready();
      do {
        await this.resync();
        await this.look();
        const job = this.halted === null ? this.next() : null;
        if (job !== null) await this.send(job);
      } while (!this.stopped && (this.halted === null ? this.next() !== null : await this.pause()));
      for (let bytes = this.loose.shift(); bytes !== undefined; bytes = this.loose.shift()) {
        await (await this.ready()).write(bytes);
      }
      this.again(this.times.idleMs, this.talk?.tellsStatus === true);
    } catch (cause) {
      if (this.stopped) return;
      this.halted = null;
      this.trouble =
        cause instanceof DeviceError
          ? cause
          : new DeviceError('io', (cause as Error).message, { retry: true, cause });
      this.again(this.times.retryMs);
    }
  }

  /** Waits beside a stopped printer with work to do. @returns whether to go on: without work the idle look is enough */
  private async pause(): Promise<boolean> {
    if (this.next() === null) return false;
    await this.sleep(this.times.pollMs);
    if (this.port === null) throw new DeviceError('disconnected', 'the printer is gone', { retry: true });
    return true;
  }

  private sleep(ms: number): Promise<void> {
    const { signal } = this.ending;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
    });
  }

  private again(ms: number, wanted = true): void {
    if (this.timer !== null || this.stopped || !wanted || this.open === null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.poke();
    }, ms);
  }

  /** Before anything else is said: a question would be swallowed by a command that waits for its data. */
  private async resync(): Promise<void> {
    const port = await this.ready();
    if (this.dirty && port.oneWay !== true) await port.write(resyncBytes(this.printer));
    this.dirty = false;
  }

  /** Asks the printer how it is. One that never answered on this line is not asked again. */
  private async look(): Promise<void> {
    const { talk } = this;
    if (talk === null || !talk.tellsStatus) return;
    const before = this.face();
    const status = await talk.status();
    if (status === null) {
      if (!talk.hasAnswered) talk.giveUpStatus();
      else {
        await this.port?.close();
        throw new DeviceError('timeout', 'the printer does not answer any more', { retry: true });
      }
      return;
    }
    this.halted = troubleOf(status);
    this.told(status, before);
  }

  /** Paper and drawer are shown as soon as they are known; what stops a slip is looked at where slips are sent. */
  private told(status: PrinterStatus, before = this.face()): void {
    this.nearEnd = status.paperNearEnd === true;
    this.pinHigh = status.drawerPinHigh ?? this.pinHigh;
    if (this.face() !== before) this.parts.onChange();
  }

  private face(): string {
    const { state, queued, unknown, detail } = this.state;
    return `${state} ${queued} ${unknown} ${detail} ${this.pinHigh}`;
  }

  private async send(job: PrintJob): Promise<void> {
    const port = await this.ready();
    const slip = this.render(job);
    if (slip === null) return;
    this.mark(job, 'sending');
    this.printing = true;
    this.parts.onChange();
    try {
      // One write: to a spooler of the operating system it is one job.
      await port.write(slip);
      await this.follow(job, slip.length);
    } catch (cause) {
      if (!this.stopped) this.lost(job);
      else this.mark(job, 'unknown');
      this.dirty = true;
      await port.close().catch(() => {});
      throw cause;
    }
    this.parts.onChange();
  }

  /** Until the slip is proved, or as sure as this printer can make it. */
  private async follow(job: PrintJob, bytes: number): Promise<void> {
    const { times } = this;
    const end = await watchSlip(this.talk!, {
      proofId: proofId(job),
      proofMs: times.proofMs + bytes * times.proofByteMs,
      pollMs: times.pollMs,
      settleMs: times.settleMs,
      drainMs: times.drainMs,
      sleep: (ms) => this.sleep(ms),
      onTrouble: (trouble) => {
        this.halted = trouble;
        this.parts.onChange();
      },
      isOver: () => this.stopped || this.port === null,
    });
    switch (end) {
      case 'printed':
        this.done(job, 'printed');
        break;
      case 'sent':
        this.last = { job, untilMs: performance.now() + times.settleMs };
        this.done(job, 'sent');
        break;
      case 'torn':
        this.lost(job);
        break;
      case 'torn_unproven':
        // It went on, but not to the end: it may still wait for the rest of a command.
        this.dirty = true;
        this.lost(job);
        break;
      case 'gone':
        throw new DeviceError('disconnected', 'the printer is gone', { retry: true });
    }
  }

  private done(job: PrintJob, state: 'sent' | 'printed'): void {
    this.mark(job, state);
    if (job.copy && job.doc === null) this.settle(job.seq);
  }

  /** Nobody knows how much of it is on paper. After an original one copy follows by itself, after a copy nothing. */
  private lost(job: PrintJob): void {
    this.parts.db.transaction(() => {
      this.mark(job, 'unknown');
      if (!job.copy && !this.hasCopy(job.seq, '1')) this.queueCopy(job.seq, Date.now());
    })();
    this.parts.onChange();
  }

  /** @returns whether there was anything to settle */
  private settle(seq: number): boolean {
    const update = "update print_job set state = 'sent' where seq = ? and state = 'unknown'";
    return this.parts.db.prepare(update).run(seq).changes > 0;
  }

  private hasCopy(seq: number, which: "state in ('queued', 'sending')" | '1'): boolean {
    const select = `select 1 from print_job where seq = ? and copy = 1 and ${which} limit 1`;
    return this.parts.db.prepare(select).get(seq) !== undefined;
  }

  private queueCopy(seq: number, atMs: number): void {
    this.parts.db
      .prepare("insert into print_job (seq, copy, state, queued_at_ms) values (?, 1, 'queued', ?)")
      .run(seq, atMs);
  }

  /** null: no slip can be made of it. It is set aside, or it would hold up every sale behind it for ever. */
  private render(job: PrintJob): Uint8Array | null {
    try {
      return this.parts.render(job);
    } catch (cause) {
      this.mark(job, 'unknown');
      this.parts.log(`printer: no slip of entry ${job.seq}: ${(cause as Error).message}`);
      this.parts.onChange();
      return null;
    }
  }

  private async ready(): Promise<BytePort> {
    if (this.port !== null) return this.port;
    const { binding } = this;
    const port = await this.opened(this.open!());
    if (binding !== this.binding) {
      await port.close();
      throw new DeviceError('disconnected', 'another printer was set up', { retry: true });
    }
    this.trouble = null;
    this.halted = null;
    this.port = port;
    this.talk = new PrinterTalk(port, this.printer, this.times.answerMs);
    this.talk.onStatus = (status) => this.told(status);
    port.onClose(() => this.closed(port));
    return port;
  }

  /** A driver may hang while it opens: a till that goes down does not wait for it. */
  private opened(opening: Promise<BytePort>): Promise<BytePort> {
    const { signal } = this.ending;
    return new Promise((resolve, reject) => {
      const end = () => {
        opening.then((port) => port.close()).catch(() => {});
        reject(new DeviceError('disconnected', 'the till goes down', { retry: false }));
      };
      signal.addEventListener('abort', end, { once: true });
      const forget = () => signal.removeEventListener('abort', end);
      opening.then(resolve, reject).finally(forget);
    });
  }

  private closed(port: BytePort): void {
    if (this.port === port) {
      this.port = null;
      this.talk = null;
    }
    if (this.stopped) return;
    this.trouble = new DeviceError('disconnected', 'the printer is gone', { retry: true });
    this.halted = null;
    this.pinHigh = null;
    // The bytes of the last slip may have been in the cable still.
    const { last } = this;
    this.last = null;
    if (last !== null && performance.now() < last.untilMs) {
      this.dirty = true;
      this.lost(last.job);
    }
    this.parts.onChange();
    this.again(this.times.retryMs);
  }

  private next(): PrintJob | null {
    const row = this.parts.db
      .prepare(
        "select job_id as jobId, seq, copy, doc from print_job where state = 'queued' order by job_id limit 1",
      )
      .get() as { jobId: number; seq: number; copy: number; doc: string | null } | undefined;
    if (row === undefined) return null;
    const doc = row.doc === null ? null : (JSON.parse(row.doc) as ReceiptDoc);
    return { ...row, copy: row.copy === 1, doc };
  }

  private mark(job: PrintJob, state: JobState): void {
    this.parts.db.prepare('update print_job set state = ? where job_id = ?').run(state, job.jobId);
  }
}

/** Four characters; 1.7 million slips later they come again. */
function proofId({ jobId }: PrintJob): string {
  return (jobId % 36 ** 4).toString(36).padStart(4, '0');
}
