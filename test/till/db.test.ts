/** The till's files: encrypted, WAL, FULL on every connection, one process a folder; what is wrong is said and left alone. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import {
  checkpoint,
  type DbRoom,
  lockFolder,
  migrationsOf,
  openTillDb,
  openTillDbReadonly,
  type Sqlite,
  TillDbError,
} from '../../src/till/db.ts';
import { Journal } from '../../src/till/journal.ts';
import { keyFile, readKey } from '../../src/till/key.ts';
import { sha256, systemChance } from '../../src/till/run.ts';
import { withFolder } from '../kit/folder.ts';
import { aDemoSale } from '../kit/sales.ts';

const KEY = new Uint8Array(32).fill(7);
const OTHER_KEY = new Uint8Array(32).fill(8);
const IDS = { tillId: 'till-1', journalId: 'journal-1' };
const STAMP = {
  atMs: 1,
  hlc: '1.0',
  businessDate: '2026-11-21',
  shiftId: 'T01/2026-11-21',
  cashierId: '01',
};

const pragma = (db: Sqlite, name: string) => db.pragma(name, { simple: true });

function troubleOf(work: () => unknown): TillDbError {
  try {
    work();
  } catch (cause) {
    expect(cause).toBeInstanceOf(TillDbError);
    return cause as TillDbError;
  }
  throw new Error('this was expected to fail');
}

const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** A closed journal of so many sales. */
function aJournalFile(folder: string, sales: number): string {
  const file = path.join(folder, 'journal.db');
  const db = openTillDb(file, 'journal', KEY);
  const journal = new Journal(db, sha256, IDS, file);
  for (let seq = 1; seq <= sales; seq++) {
    journal.append(STAMP, { kind: 'sale', body: aDemoSale({ receiptSeq: seq, lines: 3 }) });
  }
  db.close();
  return file;
}

describe('durability', () => {
  test('a new file, a reopened file and a second connection all say WAL and synchronous 2 (FULL)', () =>
    withFolder((folder) => {
      const file = path.join(folder, 'journal.db');
      const fresh = openTillDb(file, 'journal', KEY);
      expect([pragma(fresh, 'journal_mode'), pragma(fresh, 'synchronous')]).toEqual(['wal', 2]);
      const second = openTillDb(file, 'journal', KEY);
      expect([pragma(second, 'journal_mode'), pragma(second, 'synchronous')]).toEqual(['wal', 2]);
      const auditor = openTillDbReadonly(file, KEY);
      expect(pragma(auditor, 'synchronous')).toBe(2);
      for (const db of [fresh, second, auditor]) db.close();
      const again = openTillDb(file, 'journal', KEY);
      expect([pragma(again, 'journal_mode'), pragma(again, 'synchronous')]).toEqual(['wal', 2]);
      again.close();
    }));

  test('SQLite writes no page by itself: wal_autocheckpoint is 0, and `checkpoint` moves the WAL into the file', () =>
    withFolder((folder) => {
      const file = path.join(folder, 'journal.db');
      const db = openTillDb(file, 'journal', KEY);
      expect(pragma(db, 'wal_autocheckpoint')).toBe(0);
      const journal = new Journal(db, sha256, IDS);
      const before = statSync(file).size;
      for (let seq = 1; seq <= 30; seq++)
        journal.append(STAMP, { kind: 'sale', body: aDemoSale({ receiptSeq: seq }) });
      expect(statSync(file).size).toBe(before);
      checkpoint(db);
      expect(statSync(file).size).toBeGreaterThan(before);
      db.close();
    }));

  test('pages have 8192 bytes', () =>
    withFolder((folder) => {
      const db = openTillDb(path.join(folder, 'shop.db'), 'shop', KEY);
      expect(pragma(db, 'page_size')).toBe(8192);
      db.close();
    }));
});

describe('encryption', () => {
  test('no byte of a sale is readable in the file or in its WAL: no name, no receipt number, no SQLite header', () =>
    withFolder((folder) => {
      const file = path.join(folder, 'journal.db');
      const db = openTillDb(file, 'journal', KEY);
      const sale = aDemoSale({ receiptSeq: 4711, lines: 4 });
      new Journal(db, sha256, IDS).append(STAMP, { kind: 'sale', body: sale });
      const bytes = () =>
        Buffer.concat(readdirSync(folder).map((name) => readFileSync(path.join(folder, name))));
      const words = [
        sale.receiptNo,
        sale.lines[0]!.name,
        sale.lines[0]!.sku,
        'CREATE TABLE',
        'SQLite format 3',
      ];
      for (const word of words) expect(bytes().includes(Buffer.from(word)), word).toBe(false);
      db.close();
      for (const word of words) expect(bytes().includes(Buffer.from(word)), word).toBe(false);
    }));

  test('a wrong key is `wrong_key`, names the key file, and changes no byte', () =>
    withFolder((folder) => {
      const file = aJournalFile(folder, 3);
      const before = digestOf(file);
      const trouble = troubleOf(() => openTillDb(file, 'journal', OTHER_KEY));
      expect([trouble.kind, trouble.retry]).toEqual(['wrong_key', false]);
      expect(trouble.message).toContain('till.key');
      expect(digestOf(file)).toBe(before);
      openTillDb(file, 'journal', KEY).close();
    }));

  test('a plain SQLite file of somebody else and a text file are `wrong_key`, and stay as they are', () =>
    withFolder((folder) => {
      const foreign = path.join(folder, 'journal.db');
      const plain = new Database(foreign);
      plain.exec('create table theirs (x)');
      plain.close();
      const text = path.join(folder, 'shop.db');
      writeFileSync(text, 'a shopping list\n'.repeat(2_000));
      for (const file of [foreign, text]) {
        const before = digestOf(file);
        expect(troubleOf(() => openTillDb(file, 'journal', KEY)).kind).toBe('wrong_key');
        expect(digestOf(file)).toBe(before);
      }
    }));
});

describe('damage', () => {
  const openJournal = (file: string) => {
    const db = openTillDb(file, 'journal', KEY);
    try {
      return new Journal(db, sha256, IDS, file).head.seq;
    } finally {
      db.close();
    }
  };

  test('a file cut in the middle of a page is refused with its name and advice, not opened short', () =>
    withFolder((folder) => {
      const file = aJournalFile(folder, 40);
      truncateSync(file, statSync(file).size - 10_000);
      const trouble = troubleOf(() => openJournal(file));
      expect(trouble.kind).toBe('corrupt');
      expect(trouble.message).toContain(file);
      expect(trouble.message).toContain('Nothing was changed');
    }));

  test('one flipped bit in any page of the journal is refused as corrupt or wrong_key, never read', () =>
    withFolder((folder) => {
      const good = aJournalFile(folder, 40);
      const pages = statSync(good).size / 8192;
      expect(pages).toBeGreaterThan(6);
      for (let page = 0; page < pages; page++) {
        const file = path.join(folder, `flipped-${page}.db`);
        copyFileSync(good, file);
        const bytes = readFileSync(file);
        const at = page * 8192 + 4000;
        bytes[at] = bytes[at]! ^ 4;
        writeFileSync(file, bytes);
        // Page 3 may be the empty table `identity`, which opening a journal never reads.
        const outcome = (() => {
          try {
            return openJournal(file);
          } catch (cause) {
            return cause instanceof TillDbError ? cause.kind : String(cause);
          }
        })();
        expect([40, 'corrupt', 'wrong_key'], `page ${page}: ${outcome}`).toContain(outcome);
      }
    }));

  test('an empty file is a new database: nothing was in it', () =>
    withFolder((folder) => {
      const file = path.join(folder, 'journal.db');
      writeFileSync(file, '');
      const db = openTillDb(file, 'journal', KEY);
      expect(pragma(db, 'user_version')).toBe(migrationsOf('journal').at(-1)!.number);
      db.close();
    }));
});

describe('one process a folder', () => {
  test('a folder held by another process is `in_use`; once that one is killed -9 it opens', () =>
    withFolder(async (folder) => {
      const source = fileURLToPath(new URL('../../src/till/db.ts', import.meta.url));
      const script = `const { lockFolder } = await import(${JSON.stringify(source)});
        lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const trouble = troubleOf(() => lockFolder(folder));
      expect(trouble.kind).toBe('in_use');
      expect(trouble.message).toContain(folder);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      lockFolder(folder).release();
    }));

  test('within one process the second lock is refused too, and a released one is free', () =>
    withFolder((folder) => {
      const first = lockFolder(folder);
      expect(troubleOf(() => lockFolder(folder)).kind).toBe('in_use');
      first.release();
      lockFolder(folder).release();
    }));

  test('a lock file full of garbage is not mistaken for a running till', () =>
    withFolder((folder) => {
      writeFileSync(path.join(folder, 'lock.db'), 'garbage '.repeat(1_000));
      expect(troubleOf(() => lockFolder(folder)).kind).not.toBe('in_use');
    }));
});

describe('migrations', () => {
  const ROOMS: readonly DbRoom[] = ['journal', 'shop'];

  test.each(ROOMS)('%s: opening again applies nothing', (room) =>
    withFolder((folder) => {
      const file = path.join(folder, `${room}.db`);
      openTillDb(file, room, KEY).close();
      const before = digestOf(file);
      const db = openTillDb(file, room, KEY);
      const schema = schemaOf(db);
      db.close();
      expect(digestOf(file)).toBe(before);
      expect(schema.length).toBeGreaterThan(0);
    }),
  );

  test.each(ROOMS.flatMap((room) => migrationsOf(room).map(({ number, name }) => ({ room, number, name }))))(
    '$room/$name applies to the version before it and keeps its rows',
    ({ room, number }) =>
      withFolder((folder) => {
        const file = path.join(folder, `${room}.db`);
        const before = new Database(file);
        before.pragma("cipher = 'aegis'");
        before.pragma(`key = 'raw:${Buffer.from(KEY).toString('hex')}'`);
        for (const migration of migrationsOf(room).filter((known) => known.number < number))
          before.exec(migration.sql);
        before.exec('create table witness (x)');
        before.exec('insert into witness values (42)');
        before.pragma(`user_version = ${number - 1}`);
        before.close();
        const db = openTillDb(file, room, KEY);
        expect(pragma(db, 'user_version')).toBe(migrationsOf(room).at(-1)!.number);
        expect(db.prepare('select x from witness').get()).toEqual({ x: 42 });
        db.close();
      }),
  );

  test('a file of version 99 is `newer_version`: the words say to update, and nothing is changed', () =>
    withFolder((folder) => {
      const file = path.join(folder, 'shop.db');
      const db = openTillDb(file, 'shop', KEY);
      db.pragma('user_version = 99');
      db.close();
      const before = digestOf(file);
      const trouble = troubleOf(() => openTillDb(file, 'shop', KEY));
      expect(trouble.kind).toBe('newer_version');
      expect(trouble.message).toMatch(/shop 99.*Update/);
      expect(digestOf(file)).toBe(before);
    }));

  test('the schema of both files is the golden one in test/fixtures/till-schema.sql', () =>
    withFolder(async (folder) => {
      const dump = ROOMS.map((room) => {
        const db = openTillDb(path.join(folder, `${room}.db`), room, KEY);
        const text = `-- ${room}.db, version ${pragma(db, 'user_version')}\n\n${schemaOf(db)}`;
        db.close();
        return text;
      });
      await expect(dump.join('\n')).toMatchFileSnapshot('../fixtures/till-schema.sql');
    }));
});

function schemaOf(db: Sqlite): string {
  const rows = db
    .prepare(
      "select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by type desc, name",
    )
    .all() as { sql: string }[];
  return `${rows.map(({ sql }) => `${sql};\n`).join('\n')}`;
}

describe('the key file', () => {
  test('is made once with 64 hex digits and mode 0600; a looser mode is tightened at the next load', () =>
    withFolder(async (folder) => {
      const port = keyFile(folder, systemChance);
      const key = port.load();
      const file = path.join(folder, 'till.key');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const { chmodSync } = await import('node:fs');
      chmodSync(file, 0o644);
      expect(keyFile(folder, systemChance).load()).toEqual(key);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readKey(file)).toEqual(key);
    }));

  test('gone beside a journal it is not made anew: `wrong_key` says to put it back', () =>
    withFolder((folder) => {
      aJournalFile(folder, 1);
      const trouble = troubleOf(() => keyFile(folder, systemChance).load());
      expect(trouble.kind).toBe('wrong_key');
      expect(trouble.message).toContain('put the key back');
      expect(existsSync(path.join(folder, 'till.key'))).toBe(false);
    }));

  test.each(['', 'xyz', 'ab'.repeat(31), 'g'.repeat(64)])('a file that holds %j holds no key', (text) =>
    withFolder((folder) => {
      const file = path.join(folder, 'till.key');
      writeFileSync(file, text);
      expect(troubleOf(() => readKey(file)).kind).toBe('wrong_key');
    }),
  );
});
