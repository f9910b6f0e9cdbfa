/**
 * Bench `restart`: a till with a long journal opens its files, checks its tail, and has its screens ready.
 */
import path from 'node:path';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { Counter } from '../../src/till/counter.ts';
import { openTillDb } from '../../src/till/db.ts';
import { type Identity, IdentityStore } from '../../src/till/identity.ts';
import { type EntryStamp, Journal } from '../../src/till/journal.ts';
import { keyFile } from '../../src/till/key.ts';
import { APP_VERSION, sha256, systemChance, systemClock } from '../../src/till/run.ts';
import { Till } from '../../src/till/till.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aDemoSale, SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const GOAL_MS = 2_000;
const ROUNDS = 5;

export async function restart({ small }: BenchOptions): Promise<BenchResult> {
  const entries = small ? 300 : 100_000;
  const folder = aFolder();
  try {
    const head = makeJournal(folder, entries);
    // The first opening projects the whole journal, once; from then on it is a restart.
    const first = openOnce(folder);
    await first.till.stop();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { ms, till } = openOnce(folder);
      times.push(ms);
      await till.stop();
    }
    return {
      input: `a journal of ${entries} entries, ${ROUNDS} restarts`,
      checksum: checksumOf([head]),
      cases: [
        aCase({
          bench: 'restart',
          case: 'with its projections',
          ours: quantile(times, 0.5),
          other: GOAL_MS,
          otherName: 'goal, under',
          unit: 'ms',
          better: 'lower',
        }),
      ],
      notes: [`with shop.db lost, all of it projected again: ${Math.round(first.ms)} ms`],
    };
  } finally {
    removeFolder(folder);
  }
}

function openOnce(folder: string): { ms: number; till: Till } {
  const start = performance.now();
  const till = new Till({
    folder,
    clock: systemClock,
    chance: systemChance,
    sha256,
    cashier: { id: '01', name: '01' },
    appVersion: APP_VERSION,
    log: () => {},
    sync: false,
    devices: {
      openScanner: null,
      scanner: {},
      openPrinter: null,
      printer: printerProfile('generic-80-gb18030')!,
    },
  });
  new Counter(till, null).view();
  return { ms: performance.now() - start, till };
}

/** Appended in large transactions, which is no till's way but makes the very same file. @returns the head's hash */
function makeJournal(folder: string, entries: number): string {
  const identity: Identity = {
    tillId: 'bench-till',
    tillCode: 'B01',
    storeId: 'S01',
    cloudId: 'bench-cloud',
    cloudUrl: 'http://127.0.0.1:9',
    journalId: 'bench-journal',
  };
  const key = keyFile(folder, systemChance).load();
  const file = path.join(folder, 'journal.db');
  const db = openTillDb(file, 'journal', key);
  new IdentityStore(db).write(identity);
  const journal = new Journal(db, sha256, identity, file);
  const stamp: EntryStamp = {
    atMs: SALE_AT_MS,
    hlc: `${SALE_AT_MS}.0`,
    businessDate: '2026-11-21',
    shiftId: 'B01/2026-11-21',
    cashierId: '01',
  };
  for (let from = 1; from <= entries; from += 2_000) {
    db.transaction(() => {
      for (let seq = from; seq < from + 2_000 && seq <= entries; seq++) {
        journal.append(stamp, { kind: 'sale', body: aDemoSale({ receiptSeq: seq, tillCode: 'B01' }) });
      }
    })();
  }
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return journal.head.hash;
}
