/**
 * `restart`: from nothing to a till that can sell, with a long journal behind it: once with the look-up file as it was, once
 * with that file lost, so that everything is projected again from the journal.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { openTillDb } from '../../src/till/db.ts';
import { IdentityStore } from '../../src/till/identity.ts';
import { Journal } from '../../src/till/journal.ts';
import { keyFile } from '../../src/till/key.ts';
import { APP_VERSION, sha256, systemChance, systemClock } from '../../src/till/run.ts';
import { Till } from '../../src/till/till.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aDemoSale, anId, SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf } from './report.ts';

const GOAL_MS = 2_000;

export async function restartBench({ small }: BenchOptions): Promise<BenchResult> {
  const entries = small ? 1_000 : 100_000;
  const folder = aFolder();
  try {
    const head = fill(folder, entries);
    await restart(folder);
    const warmMs = await restart(folder);
    for (const name of ['shop.db', 'shop.db-wal', 'shop.db-shm'])
      rmSync(path.join(folder, name), { force: true });
    const rebuiltMs = await restart(folder);
    const facts = {
      bench: 'restart',
      other: GOAL_MS,
      otherName: 'goal',
      unit: 'ms',
      better: 'lower',
    } as const;
    return {
      input: `a journal of ${entries} entries`,
      checksum: checksumOf(head),
      cases: [
        aCase({ ...facts, case: 'restart', ours: warmMs }),
        aCase({ ...facts, case: 'restart with shop.db lost', ours: rebuiltMs }),
      ],
      notes: [],
    };
  } finally {
    removeFolder(folder);
  }
}

function fill(folder: string, entries: number): string {
  const key = keyFile(folder, systemChance).load();
  const db = openTillDb(path.join(folder, 'journal.db'), 'journal', key);
  const identity = {
    tillId: 'till',
    journalId: 'bench',
    tillCode: 'T01',
    storeId: 'S01',
    cloudId: 'c',
    cloudUrl: 'http://127.0.0.1:9',
  };
  new IdentityStore(db).write(identity);
  const journal = new Journal(db, sha256, identity);
  const sale = aDemoSale({ receiptSeq: 1, lines: 6 });
  db.exec('begin');
  for (let n = 1; n <= entries; n++) {
    const stamp = {
      atMs: SALE_AT_MS + n,
      hlc: `${SALE_AT_MS + n}.0`,
      businessDate: '2026-11-21',
      shiftId: 's',
      cashierId: '01',
    };
    journal.append(stamp, { kind: 'sale', body: { ...sale, id: anId(n), receiptSeq: n } });
  }
  db.exec('commit');
  db.close();
  return journal.head.hash;
}

async function restart(folder: string): Promise<number> {
  const startedMs = performance.now();
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
  const ms = performance.now() - startedMs;
  await till.stop();
  return ms;
}
