/**
 * A till's disk: real SQLite files whose power can be cut around every write, whose last write can be torn, and that fill up.
 *
 * A cut keeps what a real one keeps: all that was synced. A connection that does not sync its commits (`synchronous` below
 * FULL) loses its WAL, since nothing says that any of it ever left the machine's memory. The till goes on from a copy taken
 * at that moment, never from files that were closed in order. A copy may also be kept, and put back much later.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DbRoom, openTillDb, type Sqlite, type Statement } from '../../src/till/db.ts';

export type CutKind = 'before' | 'after' | 'torn';

/** Cut the power at the `countdown`th write from now. */
export interface Cut {
  readonly room: DbRoom;
  readonly kind: CutKind;
  countdown: number;
}

/** The power went in the middle of a statement. */
export class PowerCut extends Error {
  override name = 'PowerCut';
}

/** How a mutant's files behave. */
export interface DiskHooks {
  readonly opened?: (db: Sqlite, room: DbRoom) => void;
  /** In place of `db.transaction(work)` of the shop's file. */
  readonly shopTransaction?: (db: Sqlite, work: () => unknown, journal: Sqlite) => unknown;
  /** Before an entry is written. */
  readonly beforeAppend?: (text: string) => void;
}

const FILES = ['journal.db', 'journal.db-wal', 'shop.db', 'shop.db-wal', 'till.key'];
const PAGES_MAX = 2 ** 31;

export class Disk {
  folder: string;
  cut: Cut | null = null;
  /** Called when the power goes: from then on the process is dead. */
  onCut: (kind: CutKind) => void = () => {};
  private readonly root: string;
  private readonly hooks: DiskHooks;
  private generation = 0;
  private files: Partial<Record<DbRoom, Sqlite>> = {};
  private nextFolder: string | null = null;
  private hasCopy = false;

  constructor(root: string, hooks: DiskHooks) {
    this.root = root;
    this.hooks = hooks;
    this.folder = path.join(root, '0');
    mkdirSync(this.folder, { recursive: true });
  }

  /** For `TillConfig.openDb`. */
  readonly open = (file: string, room: DbRoom, key: Uint8Array): Sqlite => {
    const db = openTillDb(file, room, key);
    this.hooks.opened?.(db, room);
    this.files[room] = db;
    return this.watched(db, room);
  };

  db(room: DbRoom): Sqlite {
    return this.files[room]!;
  }

  /** No page more than there are. */
  fill(): void {
    for (const db of Object.values(this.files)) {
      db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    }
  }

  free(): void {
    for (const db of Object.values(this.files)) if (db.open) db.pragma(`max_page_count = ${PAGES_MAX}`);
  }

  /** The machine goes down here and now. @param power lost, or only the process killed */
  snapshot(power: boolean): void {
    if (this.nextFolder !== null) return;
    const next = path.join(this.root, String(++this.generation));
    this.copyFiles(this.folder, next);
    if (power) {
      for (const room of ['journal', 'shop'] as const) {
        const synced = (this.db(room).pragma('synchronous', { simple: true }) as number) >= 2;
        if (!synced) rmSync(path.join(next, `${room}.db-wal`), { force: true });
      }
    }
    this.nextFolder = next;
  }

  /** The power went while the till was being shut down: what it wrote after that never was. */
  settle(): void {
    if (this.nextFolder !== null) this.afterCrash();
  }

  /** Somebody copies the disk, as it is now. */
  keepCopy(): void {
    this.hasCopy = true;
    this.copyFiles(this.folder, path.join(this.root, 'copy'));
  }

  /** Becomes a copy of another disk, as that one is now. */
  takeOver(other: Disk): void {
    this.copyFiles(other.folder, this.folder);
  }

  /** Nobody runs on it: the disk is as it was when it was copied. @returns false when it never was */
  goBack(): boolean {
    if (!this.hasCopy) return false;
    for (const name of FILES) rmSync(path.join(this.folder, name), { force: true });
    this.copyFiles(path.join(this.root, 'copy'), this.folder);
    return true;
  }

  private copyFiles(from: string, to: string): void {
    mkdirSync(to, { recursive: true });
    for (const name of FILES) {
      rmSync(path.join(to, name), { force: true });
      if (existsSync(path.join(from, name))) copyFileSync(path.join(from, name), path.join(to, name));
    }
  }

  /** After the dead process let go of the old files: the disk is as the cut left it. */
  afterCrash(): void {
    const old = this.folder;
    this.folder = this.nextFolder!;
    this.nextFolder = null;
    this.cut = null;
    rmSync(old, { recursive: true, force: true });
  }

  private watched(db: Sqlite, room: DbRoom): Sqlite {
    return new Proxy(db, {
      get: (target, name) => {
        if (name === 'prepare') return (sql: string) => this.statement(target, room, sql);
        if (name === 'transaction' && room === 'shop' && this.hooks.shopTransaction !== undefined) {
          const { shopTransaction } = this.hooks;
          return (work: () => unknown) => () => shopTransaction(target, work, this.db('journal'));
        }
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  private statement(db: Sqlite, room: DbRoom, sql: string): Statement {
    const statement = db.prepare(sql);
    if (statement.readonly) return statement;
    const isEntry = room === 'journal' && sql.startsWith('insert into journal ');
    const run = (...params: unknown[]) => {
      if (isEntry) this.hooks.beforeAppend?.(params[2] as string);
      return this.write(room, () => statement.run(...params));
    };
    return new Proxy(statement, {
      get: (target, name) => {
        if (name === 'run') return run;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  private write<T>(room: DbRoom, run: () => T): T {
    const { cut } = this;
    if (cut === null || cut.room !== room || this.nextFolder !== null || --cut.countdown > 0) return run();
    if (cut.kind === 'before') this.goDown(cut);
    const wal = path.join(this.folder, `${room}.db-wal`);
    const before = cut.kind === 'torn' ? readFileSync(wal) : null;
    run();
    this.goDown(cut, before === null ? undefined : () => this.tear(`${room}.db-wal`, before));
  }

  private goDown(cut: Cut, damage?: () => void): never {
    this.snapshot(true);
    damage?.();
    this.onCut(cut.kind);
    throw new PowerCut('the power went');
  }

  /** Of what this write put into the WAL only the first part reached the disk. */
  private tear(name: string, before: Buffer): void {
    const file = path.join(this.nextFolder!, name);
    if (!existsSync(file)) return;
    const after = readFileSync(file);
    const first = firstDifference(before, after);
    if (first === null) return;
    const last = lastDifference(before, after);
    // Half of the new bytes, less one of the last frame at least: its checksum cannot be right.
    const kept = first + ((last - first) >> 1);
    const torn = Buffer.from(after);
    torn.fill(0, kept, last + 1);
    before.copy(torn, kept, kept, Math.min(before.length, last + 1));
    writeFileSync(file, torn);
  }
}

/** Pages of this size are compared as a whole first. */
const BLOCK = 4_096;

function firstDifference(a: Buffer, b: Buffer): number | null {
  for (let from = 0; from < b.length; from += BLOCK) {
    if (a.subarray(from, from + BLOCK).equals(b.subarray(from, from + BLOCK))) continue;
    for (let at = from; at < b.length; at++) if (a[at] !== b[at]) return at;
  }
  return null;
}

function lastDifference(a: Buffer, b: Buffer): number {
  for (let end = b.length; end > 0; end -= BLOCK) {
    const from = Math.max(0, end - BLOCK);
    if (a.subarray(from, end).equals(b.subarray(from, end))) continue;
    for (let at = end - 1; at >= from; at--) if (a[at] !== b[at]) return at;
  }
  return 0;
}
