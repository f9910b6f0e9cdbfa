/**
 * Readiness at the till: its facts, looked up now and then, and the fire drill that shows whether the score was right.
 *
 * A drill cuts the till's own line for some minutes of trade. At its end it tells what the score had promised and what then
 * happened: sales made, paid from leases, refused for want of one, slips that came out.
 */
import { statfsSync } from 'node:fs';
import { type Readiness, readinessOf } from '../core/readiness.ts';
import { spendsOf } from '../core/spend.ts';
import type { DrillReport, DrillView } from './api.ts';
import type { Till } from './till.ts';

/** The facts are dear (a disk, a few queries), and none changes in seconds. */
const LOOK_EVERY_MS = 30_000;

interface RunningDrill {
  readonly startedAtMs: number;
  readonly untilMs: number;
  readonly fromSeq: number;
  readonly promised: Readiness;
  readonly timer: NodeJS.Timeout;
}

export class ReadinessDesk {
  private readonly till: Till;
  private looked: { readonly atMs: number; readonly readiness: Readiness } | null = null;
  private drill: RunningDrill | null = null;
  private report: DrillReport | null = null;
  /** Payments by a right that were refused since the drill began: the till held none, or too little. */
  private refused = 0;

  constructor(till: Till) {
    this.till = till;
  }

  now(): Readiness {
    const atMs = this.till.config.clock.monotonicMs();
    if (this.looked === null || atMs - this.looked.atMs >= LOOK_EVERY_MS) {
      this.looked = { atMs, readiness: this.look() };
    }
    return this.looked.readiness;
  }

  private look(): Readiness {
    const { till } = this;
    const { catalog, journal, link, session } = till;
    const nowMs = session.nowMs();
    const asOfMs = till.state.number('data_as_of_ms');
    const acked = link?.ackedSeq ?? 0;
    const queued = journal.head.seq - acked;
    const oldest = queued === 0 ? null : journal.at(acked + 1);
    const cover = till.leases.coverage();
    return readinessOf({
      catalogueAgeMs: asOfMs === null ? null : Math.max(0, nowMs - asOfMs),
      itemCount: catalog.hasItems() ? 1 : 0,
      hasStore: catalog.store !== null,
      hasRules: till.state.text('rule_set') !== null,
      ...cover,
      queued,
      queueAgeMs: oldest === null ? 0 : Math.max(0, nowMs - oldest.entry.atMs),
      diskFreeBytes: freeBytes(till.config.folder),
      printer: this.printer(),
      clockIsRight: till.clockWatch.view().state === 'ok',
    });
  }

  private printer(): 'ready' | 'unsure' | 'gone' | 'none' {
    const { state, unknown } = this.till.spool.state;
    if (state === 'none') return 'none';
    if (state === 'absent' || state === 'stopped') return 'gone';
    return unknown > 0 ? 'unsure' : 'ready';
  }

  // ---- the fire drill ----

  view(): DrillView | null {
    const { drill, report } = this;
    if (drill === null) return report === null ? null : { untilMs: null, report };
    return { untilMs: drill.untilMs, report: null };
  }

  /** Cuts the line. Said again while it runs it changes nothing. @param minutes of trade */
  start(minutes: number): void {
    if (this.drill !== null) return;
    const { till } = this;
    this.looked = null;
    const startedAtMs = till.session.nowMs();
    this.refused = 0;
    this.report = null;
    this.drill = {
      startedAtMs,
      untilMs: startedAtMs + minutes * 60_000,
      fromSeq: till.journal.head.seq + 1,
      promised: this.now(),
      timer: setTimeout(() => this.end(), minutes * 60_000),
    };
    till.link?.cut(true);
    till.onChange();
  }

  /** A payment by a right was refused: the till holds none. */
  refusedRight(): void {
    if (this.drill !== null) this.refused++;
  }

  end(): void {
    const { drill, till } = this;
    if (drill === null) return;
    clearTimeout(drill.timer);
    this.drill = null;
    this.report = this.reportOf(drill);
    till.link?.cut(false);
    till.onChange();
  }

  private reportOf({ startedAtMs, fromSeq, promised }: RunningDrill): DrillReport {
    const { journal, session, spool } = this.till;
    let [sales, totalMinor, byRights] = [0, 0, 0];
    for (const entry of journal.range(fromSeq, journal.head.seq)) {
      if (entry.kind !== 'sale') continue;
      sales++;
      totalMinor += entry.body.totalMinor;
      if (spendsOf(entry.body).size > 0) byRights++;
    }
    const waiting = spool.state.queued + spool.state.unknown;
    const kinds = new Set(promised.reasons.map(({ kind }) => kind));
    return {
      startedAtMs,
      endedAtMs: session.nowMs(),
      promised,
      sales,
      totalMinor,
      byRights,
      refusedRights: this.refused,
      slipsWaiting: waiting,
      // What the score said would fail may fail; nothing else may.
      keptItsWord:
        (this.refused === 0 || kinds.has('leases_missing')) && (waiting === 0 || kinds.has('printer')),
    };
  }
}

function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
