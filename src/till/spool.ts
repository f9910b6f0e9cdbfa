/**
 * The print queue: slips go out in order, one at a time, and a sale never waits for them.
 *
 * queued → sending → sent; a slip that was being sent when the line or the power broke is `unknown`, and only a person
 * says whether it came out. An original is sent at most once; all later prints are marked as copies.
 */
import type { BytePort } from '../core/ports.ts';
import type { ReceiptDoc } from '../core/receipt.ts';
import { DeviceError } from '../devices/ports.ts';
import type { Sqlite } from './db.ts';

export type JobState = 'queued' | 'sending' | 'sent' | 'unknown';

export interface PrintJob {
  readonly jobId: number;
  readonly seq: number;
  readonly copy: boolean;
  /** A slip that no entry stands for; `seq` is 0. */
  readonly doc: ReceiptDoc | null;
}

export interface SpoolParts {
  readonly db: Sqlite;
  /** Opens the printer's line; null: this till has no printer. */
  readonly open: (() => Promise<BytePort>) | null;
  /** The bytes of a job's slip, from its journal entry. */
  readonly render: (job: PrintJob) => Uint8Array;
  readonly onChange: () => void;
  readonly log: (text: string) => void;
}

/** How long to wait before the printer is tried again by itself. */
const RETRY_MS = 3_000;
/** Slips of practice that wait for a printer which is not there. */
const LOOSE_MAX = 3;

export class Spool {
  private readonly parts: SpoolParts;
  private port: BytePort | null = null;
  private running = false;
  private stopped = false;
  private timer: NodeJS.Timeout | null = null;
  private trouble: DeviceError | null = null;
  private readonly loose: Uint8Array[] = [];
  private waiting: Promise<void> = Promise.resolve();

  constructor(parts: SpoolParts) {
    this.parts = parts;
    // What was on its way when the power went: nobody knows how much of it is on paper.
    parts.db.prepare("update print_job set state = 'unknown' where state = 'sending'").run();
  }

  get state(): {
    state: 'ready' | 'printing' | 'absent' | 'none';
    queued: number;
    unknown: number;
    detail: string | null;
  } {
    const counts = this.parts.db
      .prepare(
        `select count(*) filter (where state in ('queued', 'sending')) as queued,
           count(*) filter (where state = 'unknown') as unknown
         from print_job where state in ('queued', 'sending', 'unknown')`,
      )
      .get() as { queued: number; unknown: number };
    if (this.parts.open === null) return { state: 'none', ...counts, detail: null };
    if (this.trouble !== null) return { state: 'absent', ...counts, detail: this.trouble.kind };
    return { state: this.running ? 'printing' : 'ready', ...counts, detail: null };
  }

  /** The state of a sale's newest slip. */
  jobState(seq: number): JobState | null {
    const row = this.parts.db
      .prepare('select state from print_job where seq = ? order by job_id desc limit 1')
      .get(seq) as { state: JobState } | undefined;
    return row?.state ?? null;
  }

  /** Queues a copy; an original of unknown fate is settled by it. */
  reprint(seq: number, atMs: number): void {
    const { db } = this.parts;
    db.transaction(() => {
      db.prepare("update print_job set state = 'sent' where seq = ? and state = 'unknown'").run(seq);
      db.prepare("insert into print_job (seq, copy, state, queued_at_ms) values (?, 1, 'queued', ?)").run(
        seq,
        atMs,
      );
    })();
    this.poke();
  }

  /** Queues a slip that no entry stands for. */
  printDoc(doc: ReceiptDoc, atMs: number): void {
    if (this.parts.open === null) return;
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
    if (this.running || this.stopped || this.parts.open === null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.running = true;
    this.waiting = this.run().finally(() => {
      this.running = false;
      if (!this.stopped) this.parts.onChange();
    });
  }

  async close(): Promise<void> {
    this.stopped = true;
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
      for (let job = this.next(); job !== null && !this.stopped; job = this.next()) await this.send(job);
      for (let bytes = this.loose.shift(); bytes !== undefined; bytes = this.loose.shift()) {
        await (await this.ready()).write(bytes);
      }
    } catch (cause) {
      if (this.stopped) return;
      this.trouble =
        cause instanceof DeviceError
          ? cause
          : new DeviceError('io', (cause as Error).message, { retry: true, cause });
      this.retry();
    }
  }

  private retry(): void {
    if (this.timer !== null || this.stopped) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.poke();
    }, RETRY_MS);
  }

  private async send(job: PrintJob): Promise<void> {
    const port = await this.ready();
    const bytes = this.render(job);
    if (bytes === null) return;
    this.mark(job, 'sending');
    this.parts.onChange();
    try {
      await port.write(bytes);
    } catch (cause) {
      this.mark(job, 'unknown');
      await port.close().catch(() => {});
      throw cause;
    }
    this.mark(job, 'sent');
    this.parts.onChange();
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
    const port = await this.parts.open!();
    this.trouble = null;
    this.port = port;
    port.onClose(() => {
      if (this.port === port) this.port = null;
      if (this.stopped) return;
      this.trouble = new DeviceError('disconnected', 'the printer is gone', { retry: true });
      this.parts.onChange();
      this.retry();
    });
    // A printer may answer; nobody listens yet, but the bytes must not pile up.
    port.onData(() => {});
    return port;
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
