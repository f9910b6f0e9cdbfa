import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { canonicalJson, entryHash, genesisHash } from '../../src/core/entry.ts';
import { openTillDb } from '../../src/till/db.ts';
import { IdentityStore } from '../../src/till/identity.ts';
import { Journal } from '../../src/till/journal.ts';
import { keyFile } from '../../src/till/key.ts';
import { sha256, systemChance } from '../../src/till/run.ts';
import { State } from '../../src/till/state.ts';
import { verifyFile, verifyWords } from '../../src/tools/verify.ts';

const run = promisify(execFile);
const SETUP = fileURLToPath(new URL('../../setup.cjs', import.meta.url));
const IDS = { tillId: 'till-1', journalId: 'journal-1' };

/** A till's folder with ten entries, and a way to tamper with its tables as a thief with the key would. */
function aTill(): { folder: string; tamper: (sql: string) => void; anchor: (seq: number) => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-verify-'));
  const key = keyFile(folder, systemChance).load();
  const file = path.join(folder, 'journal.db');
  const db = openTillDb(file, 'journal', key);
  new IdentityStore(db).write({
    ...IDS,
    tillCode: 'T1',
    storeId: 'S1',
    cloudId: 'c',
    cloudUrl: 'http://127.0.0.1:1',
  });
  const journal = new Journal(db, sha256, IDS);
  for (let n = 1; n <= 10; n++) {
    const stamp = { atMs: n, hlc: `${n}.0`, businessDate: '2026-11-21', shiftId: 's', cashierId: 'c' };
    journal.append(stamp, {
      kind: 'journal_opened',
      body: { storeId: 'S1', tillCode: `T${n}`, follows: null },
    });
  }
  const hashes = new Map(journal.read(1, 10).map(({ seq, hash }) => [seq, hash]));
  db.close();
  const withDb = (name: 'journal' | 'shop', work: (open: ReturnType<typeof openTillDb>) => void) => {
    const open = openTillDb(path.join(folder, `${name}.db`), name, key);
    work(open);
    open.close();
  };
  return {
    folder,
    tamper: (sql) => withDb('journal', (open) => open.exec(sql)),
    anchor: (seq) =>
      withDb('shop', (open) => {
        const state = new State(open);
        state.set('acked_seq', seq);
        state.set('acked_hash', hashes.get(seq)!);
      }),
  };
}

test('ten entries: "10 entries, chain intact", with the head, by folder and by file', async () => {
  const { folder } = aTill();
  const words = verifyWords(await verifyFile(folder));
  expect(words).toMatch(/^10 entries, chain intact, head 10 [0-9a-f]{64}$/);
  expect(verifyWords(await verifyFile(path.join(folder, 'journal.db')))).toBe(words);
});

describe.each([
  ['an edited text', "update journal set text = replace(text, 'T4', 'T5') where seq = 4", 'entry 4: changed'],
  ['a deleted entry', 'delete from journal where seq = 6', 'entry 6: deleted: entry 6 is missing, 7 follows'],
  [
    'an inserted entry',
    'update journal set seq = seq + 100 where seq > 3; update journal set seq = seq - 99 where seq > 100; insert into journal select 4, hash, text from journal where seq = 3',
    'entry 4: changed',
  ],
  [
    'two entries that changed places',
    'update journal set seq = 99 where seq = 7; update journal set seq = 7 where seq = 8; update journal set seq = 8 where seq = 99',
    'entry 7: changed',
  ],
  ['another stored hash', 'update journal set hash = zeroblob(32) where seq = 9', 'entry 9: changed'],
  [
    'an entry before the first',
    'insert into journal select 0, hash, text from journal where seq = 1',
    'entry 1: inserted',
  ],
])('%s', (_name, sql, words) => {
  test(`is found: ${words}`, async () => {
    const { folder, tamper } = aTill();
    tamper(sql);
    expect(verifyWords(await verifyFile(folder))).toContain(`chain broken at ${words}`);
  });
});

test('a tail cut below the head that HQ acknowledged is found; one cut above it leaves no trace here', async () => {
  const cut = aTill();
  cut.anchor(9);
  cut.tamper('delete from journal where seq >= 8');
  expect(verifyWords(await verifyFile(cut.folder))).toContain(
    'truncated: the journal ends at 7, but HQ acknowledged 9',
  );
  const above = aTill();
  above.anchor(7);
  above.tamper('delete from journal where seq >= 8');
  expect(verifyWords(await verifyFile(above.folder))).toContain('7 entries, chain intact');
});

test('an entry rewritten with all hashes after it is found against the head that HQ acknowledged', async () => {
  const { folder, tamper, anchor } = aTill();
  anchor(10);
  let prev = genesisHash(sha256, IDS.journalId);
  for (let seq = 1; seq <= 10; seq++) {
    const entry = {
      v: 1,
      ...IDS,
      seq,
      atMs: seq,
      hlc: `${seq}.0`,
      businessDate: '2026-11-21',
      shiftId: 's',
      cashierId: 'thief',
    };
    const text = canonicalJson({
      ...entry,
      kind: 'journal_opened',
      body: { storeId: 'S1', tillCode: 'X', follows: null },
    });
    prev = entryHash(sha256, prev, text);
    tamper(`update journal set text = '${text}', hash = x'${prev}' where seq = ${seq}`);
  }
  expect(verifyWords(await verifyFile(folder))).toContain(
    'replaced: HQ acknowledged another entry under this number',
  );
});

test('a foreign file, a missing file and a lost key are told in words, with exit 1', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-verify-'));
  writeFileSync(path.join(folder, 'journal.db'), createHash('sha512').update('x').digest());
  writeFileSync(path.join(folder, 'till.key'), '00'.repeat(32));
  for (const [target, words] of [
    [folder, 'does not open with this key, or is no till database'],
    [path.join(folder, 'nothing'), 'there is no'],
  ] as const) {
    const failure = await run('node', [SETUP, 'verify', target]).catch((error) => error);
    expect(failure.code).toBe(1);
    expect(failure.stderr).toContain(words);
  }
});
