/** The journal: append is the commit; its chain has no gap, survives, and finds what was changed behind its back. */
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EntryBody, genesisHash, verifyChain } from '../../src/core/entry.ts';
import { openTillDb, type Sqlite, TillDbError } from '../../src/till/db.ts';
import { type EntryStamp, Journal } from '../../src/till/journal.ts';
import { sha256 } from '../../src/till/run.ts';
import { aFolder, removeFolder, withFolder } from '../kit/folder.ts';
import { aDemoSale } from '../kit/sales.ts';

const KEY = new Uint8Array(32).fill(7);
const IDS = { tillId: 'till-1', journalId: 'journal-1' };
const STAMP: EntryStamp = {
  atMs: 1,
  hlc: '1.0',
  businessDate: '2026-11-21',
  shiftId: 'T01/2026-11-21',
  cashierId: '01',
};

const opened: EntryBody = {
  kind: 'journal_opened',
  body: { storeId: 'S01', tillCode: 'T01', follows: null },
};
const sale = (receiptSeq: number): EntryBody => ({ kind: 'sale', body: aDemoSale({ receiptSeq }) });

async function withDb(work: (db: Sqlite, reopen: () => Sqlite) => void): Promise<void> {
  await withFolder((folder) => {
    const file = path.join(folder, 'journal.db');
    let db = openTillDb(file, 'journal', KEY);
    try {
      work(db, () => {
        db.close();
        db = openTillDb(file, 'journal', KEY);
        return db;
      });
    } finally {
      db.close();
    }
  });
}

function damageOf(db: Sqlite): TillDbError {
  try {
    new Journal(db, sha256, IDS, 'journal.db');
  } catch (cause) {
    expect(cause).toBeInstanceOf(TillDbError);
    return cause as TillDbError;
  }
  throw new Error('the damage was not found');
}

test('an empty journal stands at 0 with its own genesis hash, and two journals differ there', () =>
  withDb((db) => {
    const journal = new Journal(db, sha256, IDS);
    expect(journal.head).toEqual({ seq: 0, hash: genesisHash(sha256, 'journal-1') });
    expect(genesisHash(sha256, 'journal-2')).not.toBe(journal.head.hash);
    expect(journal.at(1)).toBeNull();
    expect(journal.hashAt(0)).toBe(journal.head.hash);
    expect(journal.read(1, 10)).toEqual([]);
  }));

test('three entries get 1, 2, 3, chain, and read back as the very texts that were hashed', () =>
  withDb((db) => {
    const journal = new Journal(db, sha256, IDS);
    const made = [opened, sale(1), sale(2)].map((body) => journal.append(STAMP, body));
    expect(made.map(({ entry }) => entry.seq)).toEqual([1, 2, 3]);
    const read = journal.read(1, 10);
    expect(verifyChain(sha256, IDS, read)).toEqual({ ok: true, value: { seq: 3, hash: made[2]!.hash } });
    expect(journal.at(2)).toEqual(made[1]);
    expect(journal.hashAt(3)).toBe(made[2]!.hash);
    expect(journal.read(2, 1).map(({ seq }) => seq)).toEqual([2]);
    expect([...journal.backwards()].map(({ entry }) => entry.seq)).toEqual([3, 2, 1]);
  }));

test('a reopened journal goes on after its last entry', () =>
  withDb((db, reopen) => {
    const before = new Journal(db, sha256, IDS);
    for (let seq = 1; seq <= 5; seq++) before.append(STAMP, sale(seq));
    const { head } = before;
    const after = new Journal(reopen(), sha256, IDS);
    expect(after.head).toEqual(head);
    expect(after.append(STAMP, sale(6)).entry.seq).toBe(6);
    expect(verifyChain(sha256, IDS, after.read(1, 100)).ok).toBe(true);
  }));

describe('what was changed behind its back', () => {
  const six = (db: Sqlite) => {
    const journal = new Journal(db, sha256, IDS);
    for (let seq = 1; seq <= 6; seq++) journal.append(STAMP, sale(seq));
  };

  test.each([
    [
      'an edited amount in entry 4',
      'update journal set text = replace(text, \'"qty":1\', \'"qty":2\') where seq = 4',
      4,
    ],
    ['a deleted entry 3', 'delete from journal where seq = 3', 3],
    [
      "two entries in each other's place",
      'update journal set text = (select text from journal j where j.seq = 11 - journal.seq) where seq in (5, 6)',
      5,
    ],
    [
      'a hash that was made to fit nothing',
      "update journal set hash = x'00' || substr(hash, 2) where seq = 6",
      6,
    ],
    [
      'an entry put in after the last',
      'insert into journal select 8, hash, text from journal where seq = 6',
      7,
    ],
  ])('%s breaks the tail check at entry %3$i', (_what, sql, seq) =>
    withDb((db) => {
      six(db);
      db.exec(sql);
      const damage = damageOf(db);
      expect(damage.kind).toBe('corrupt');
      expect(damage.message).toContain(`breaks at entry ${seq}`);
    }),
  );

  test("another till's journal file is not taken for ours", () =>
    withDb((db) => {
      six(db);
      expect(() => new Journal(db, sha256, { ...IDS, tillId: 'till-2' })).toThrow(TillDbError);
    }));
});

test('a failed append leaves head and file as they were, says `disk_full`, and the next one takes the same number', () =>
  withDb((db) => {
    const journal = new Journal(db, sha256, IDS);
    journal.append(STAMP, sale(1));
    const { head } = journal;
    const pages = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${pages}`);
    const failures: unknown[] = [];
    for (let seq = 2; seq < 40; seq++) {
      try {
        journal.append(STAMP, sale(seq));
      } catch (cause) {
        failures.push(cause);
        break;
      }
    }
    expect((failures[0] as TillDbError).kind).toBe('disk_full');
    const stuck = journal.head.seq;
    expect(stuck).toBeGreaterThanOrEqual(head.seq);
    expect(journal.read(stuck + 1, 10)).toEqual([]);
    db.pragma('max_page_count = 100000');
    expect(journal.append(STAMP, sale(stuck + 1)).entry.seq).toBe(stuck + 1);
    expect(verifyChain(sha256, IDS, journal.read(1, 1_000)).ok).toBe(true);
  }));

test('property: any mix of appends, reopenings and reads keeps one gapless chain of exactly what was appended', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        name: fc.string({ unit: 'binary', maxLength: 40 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('read' as const),
        from: fc.nat(30),
        count: fc.integer({ min: 1, max: 30 }),
      }),
    },
  );
  const folder = aFolder();
  let files = 0;
  try {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const file = path.join(folder, `journal-${++files}.db`);
        let db = openTillDb(file, 'journal', KEY);
        try {
          let journal = new Journal(db, sha256, IDS);
          const model: string[] = [];
          for (const doing of steps) {
            if (doing.do === 'append') {
              const body = aDemoSale({ receiptSeq: model.length + 1 });
              const lines = body.lines.map((line) => ({ ...line, name: doing.name }));
              journal.append(STAMP, { kind: 'sale', body: { ...body, lines } });
              model.push(doing.name);
            } else if (doing.do === 'reopen') {
              db.close();
              db = openTillDb(file, 'journal', KEY);
              journal = new Journal(db, sha256, IDS);
            } else {
              const seqs = journal.read(doing.from, doing.count).map(({ seq }) => seq);
              const first = Math.max(1, doing.from);
              const expected = Math.max(0, Math.min(doing.count, model.length - first + 1));
              expect(seqs).toEqual(Array.from({ length: expected }, (_, index) => first + index));
            }
            expect(journal.head.seq).toBe(model.length);
          }
          const entries = journal.read(1, 1_000);
          expect(verifyChain(sha256, IDS, entries).ok).toBe(true);
          const names = entries.map(({ text }) => JSON.parse(text).body.lines[0].name);
          expect(names).toEqual(model);
        } finally {
          db.close();
        }
      }),
      { numRuns: 25, seed: 20_261_121 },
    );
  } finally {
    removeFolder(folder);
  }
});
