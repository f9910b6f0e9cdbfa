/**
 * `counterfoil rescue FOLDER`: pushes what HQ still lacks from the disk of a till that does not sell any more.
 *
 * The shipping till is opened on the folder without devices and screens, pushes, and stops when HQ has everything, or when HQ
 * says why not. Nothing is asked for, nothing is leased. A disk that went back in time goes on under a new journal, as in a
 * till.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { printerProfile } from '../devices/printer-profile.ts';
import { CERT_WORDS, readCa, trust, trustKeptCa } from '../till/hq-ca.ts';
import { APP_VERSION, sha256, systemChance, systemClock } from '../till/run.ts';
import { Till, type TillConfig } from '../till/till.ts';

export interface RescueReport {
  readonly folder: string;
  readonly tillCode: string;
  readonly tillId: string;
  readonly entries: number;
  /** Pushed by this run. */
  readonly pushed: number;
  /** That HQ has not acknowledged. */
  readonly left: number;
  /** Why it ended with something left: as HQ says it, or `unreachable`. */
  readonly reason: string | null;
}

/** HQ does not answer: this long, then it is said. */
const PATIENCE_MS = 45_000;
const LOOK_MS = 50;

/** What a rescue stands on; the simulator has its own. */
export type RescuePorts = Pick<TillConfig, 'clock' | 'chance' | 'connect'>;

const MACHINE: RescuePorts = { clock: systemClock, chance: systemChance };

/** @throws Error in words when the folder is no till's */
export async function rescue(
  facts: {
    readonly folder: string;
    readonly cloudUrl: string | null;
    readonly ticket: string | null;
    readonly caFile?: string | null;
    readonly patienceMs?: number;
  },
  ports: RescuePorts = MACHINE,
): Promise<RescueReport> {
  const { folder, cloudUrl, ticket, patienceMs = PATIENCE_MS } = facts;
  const { clock } = ports;
  if (!existsSync(path.join(folder, 'journal.db'))) {
    throw new Error(`there is no journal.db in ${folder}: give the till's data folder`);
  }
  if (!existsSync(path.join(folder, 'till.key'))) {
    throw new Error(`there is no till.key in ${folder}: the journal cannot be opened without it`);
  }
  if (facts.caFile != null) trust(readCa(facts.caFile, clock.nowMs()));
  trustKeptCa(folder, clock.nowMs());
  const till = new Till({
    ...ports,
    folder,
    sha256,
    cashier: { id: '-', name: '' },
    appVersion: APP_VERSION,
    log: () => {},
    devices: {
      openScanner: null,
      scanner: {},
      openPrinter: null,
      printer: printerProfile('generic-80-gb18030')!,
    },
    rescue: { ticket, cloudUrl },
  });
  const link = till.link!;
  const before = link.ackedSeq;
  let movedAtMs = clock.monotonicMs();
  let acked = before;
  try {
    link.start();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (link.ackedSeq !== acked) movedAtMs = clock.monotonicMs();
      acked = link.ackedSeq;
      const { state } = link.status;
      if (state === 'online' && acked === till.journal.head.seq) break;
      if (state === 'refused' || clock.monotonicMs() - movedAtMs > patienceMs) break;
    }
    const head = till.journal.head.seq;
    const left = link.status.state === 'online' ? head - acked : Math.max(head - acked, 1);
    return {
      folder,
      tillCode: till.identity.tillCode,
      tillId: till.identity.tillId,
      entries: head,
      pushed: Math.max(0, acked - before),
      left,
      reason: left === 0 ? null : (link.status.reason ?? 'unreachable'),
    };
  } finally {
    await till.stop();
  }
}

export function rescueWords({ tillCode, entries, pushed, left, reason }: RescueReport): string {
  if (left === 0) return `till ${tillCode}: ${pushed} entries pushed, HQ has all ${entries}`;
  return `till ${tillCode}: ${pushed} entries pushed, ${left} left of ${entries}: ${REASONS[reason ?? ''] ?? reason}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ...CERT_WORDS,
  unreachable: 'HQ does not answer; is the address right and the line up? (--cloud URL)',
  revoked: 'HQ has cut this till off: get a rescue ticket from HQ (--ticket)',
  bad_signature: 'another machine is this till now: get a rescue ticket from HQ (--ticket)',
  cloned: 'two disks speak as this till: say at HQ which one goes on, or get a rescue ticket (--ticket)',
  ticket: 'the rescue ticket is unknown, of another till, or older than an hour',
  unknown_till: 'HQ knows no such till: is this the right HQ?',
  other_cloud: 'another HQ answers there',
  cloud_unproven: 'what answers there cannot prove that it is the HQ of this till',
};
