/**
 * HQ: its real sessions, ingest and books on one PGlite, in a process that can die around every commit.
 *
 * One database serves all seeds of a run: between two of them every table goes back to the prepared world. The clock of the
 * engine itself is real (`now()`), so nothing that it stamps takes part in the event log.
 */
import { Books } from '../../cloud/books/books.ts';
import { putItems, putStores } from '../../cloud/catalog/catalog.ts';
import type { Db, Param, Queryable } from '../../cloud/db/db.ts';
import { migrate } from '../../cloud/db/migrate.ts';
import { openSessions } from '../../cloud/ingest/socket.ts';
import { codeHash } from '../../cloud/leases/keys.ts';
import { publishBalances } from '../../cloud/loyalty/balances.ts';
import { publishRules } from '../../cloud/loyalty/coupon-rules.ts';
import { publishCoupons, putTemplate } from '../../cloud/loyalty/coupons.ts';
import { entryOf, record } from '../../cloud/loyalty/ledger.ts';
import { putProgramme } from '../../cloud/loyalty/programme.ts';
import { putMembers, putTiers } from '../../cloud/members/members.ts';
import { makeSignals, type Signals } from '../../cloud/signal.ts';
import { type CloudKey, changeCloudKey, cloudKey } from '../../cloud/tills/cloud-key.ts';
import { addTill, enrol, newEnrolmentCode } from '../../cloud/tills/enrolment.ts';
import { History, putBack } from '../../cloud/tills/history.ts';
import { cloudIdOf } from '../../cloud/tills/tills.ts';
import { sha256 } from '../../src/till/run.ts';
import { aVaultOn } from '../kit/db.ts';
import { type SimClock, START_MS } from './clock.ts';
import type { Dice } from './dice.ts';
import { deviceKeyOf, hqKeysOf } from './keys.ts';
import type { Network } from './network.ts';
import { preparedDb } from './prepared.ts';
import { Actor, type Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';
import { CARD_MINOR, CARDS, COUPON, COUPONS, TILLS, VALUE_MINOR, VALUED, WORLD } from './world.ts';

const FIRST_KEYS = hqKeysOf(0);

export const CLOUD_ID = '0193a000-0000-7000-8000-00000000c10d';

/** How a mutant's HQ behaves. */
export interface HqHooks {
  /** What a transaction's statements become. */
  readonly query?: (
    text: string,
    params: readonly Param[],
  ) => { text: string; params: readonly Param[] } | null;
  /** After a commit, in a transaction of its own; statements of the first are given. */
  readonly committed?: (statements: readonly string[], db: Queryable) => Promise<void>;
}

/** The database of a run: opened and filled once. */
export async function openHqDb(): Promise<Db> {
  const plain = await preparedDb();
  await migrate(plain);
  const db = await aVaultOn(plain);
  await cloudIdOf(db, CLOUD_ID, START_MS);
  await db.query('update cloud_identity set public_key = $1, private_key = $2, generation = $3', [
    FIRST_KEYS.publicKey,
    FIRST_KEYS.privateKey,
    'sim-0',
  ]);
  await putStores(db, WORLD.stores, START_MS);
  await putTiers(db, WORLD.tiers, START_MS);
  await putItems(db, WORLD.items, START_MS);
  await putMembers(db, WORLD.members, START_MS);
  await putProgramme(db, WORLD.programme, { atMs: START_MS });
  await publishRules(db, WORLD.rules, START_MS);
  for (const { code, storeId } of TILLS) {
    const chance = { bytes: (count: number) => new Uint8Array(count).fill(code.charCodeAt(1)) };
    await addTill(db, { tillId: tillIdOf(code), storeId, code });
    const given = await newEnrolmentCode(db, tillIdOf(code), { nowMs: START_MS, chance });
    const enrolled = await enrol(db, { code: given!.code, publicKey: deviceKeyOf(code).publicKey }, START_MS);
    if (!enrolled.ok) throw new Error(`till ${code}: ${enrolled.error.kind}`);
  }
  await fillPurses(db);
  await issueCoupons(db);
  await db.script(await keepScript(db));
  return db;
}

/** Stored value of the first three members, and the cards: with ids of ours, so that an event log repeats. */
async function fillPurses(db: Db): Promise<void> {
  const on = new Date(START_MS).toISOString().slice(0, 10);
  const top = { kind: 'top_up', atMs: START_MS, on, currency: 'CNY' } as const;
  await db.transaction(async (tx) => {
    for (const [index, code] of CARDS.entries()) {
      await tx.query(
        `insert into gift_card (gift_card_id, code_hash, code_tail, currency, policy_version, valid_to, issued_at)
         values ($1, $2, $3, 'CNY', 'sim', null, to_timestamp($4::float8 / 1000))`,
        [`gc_sim${index}`, codeHash(code), code.slice(-4), START_MS],
      );
    }
    const cards = CARDS.map((_, index) =>
      entryOf({
        ...top,
        id: `card:${index}`,
        holderId: `gc_sim${index}`,
        purse: 'gift_card',
        points: CARD_MINOR,
      }),
    );
    const values = VALUED.map((id) =>
      entryOf({ ...top, id: `top-up:${id}`, holderId: id, purse: 'value', points: VALUE_MINOR }),
    );
    await record(tx, [...cards, ...values], START_MS);
    await publishBalances(
      tx,
      values.map(({ holderId, purse }) => ({ holderId, purse })),
      { nowMs: START_MS },
    );
  });
}

/** One code for each of the first members, with serials of ours. */
async function issueCoupons(db: Db): Promise<void> {
  const put = await putTemplate(db, COUPON, { atMs: START_MS });
  if (!put.ok) throw new Error(`coupon template: ${JSON.stringify(put.error)}`);
  const ids = WORLD.members.slice(0, COUPONS.length).map(({ id }) => id);
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into member_coupon (member_id, coupon_id, template_id, issued_at, source)
       select member_id, code, $3, to_timestamp($4::float8 / 1000), 'sim' from unnest($1::text[], $2::text[]) as i(member_id, code)`,
      [ids, COUPONS, COUPON.id, START_MS],
    );
    await publishCoupons(tx, ids);
  });
}

export function tillIdOf(code: string): string {
  return `0193a000-0000-7000-8000-0000000000${code.toLowerCase().replace('t', 'a')}`;
}

/** Everything as `openHqDb` left it. */
export async function resetHqDb(db: Db): Promise<void> {
  await db.query('select sim_reset()');
}

/** HQ's backup of the night, and HQ put back to it: every table, as `counterfoil restore` would. */
export async function backUpHqDb(db: Db): Promise<void> {
  await db.query('select sim_back_up()');
}
export async function putBackHqDb(db: Db): Promise<void> {
  await db.query('select sim_put_back()');
}

/** A copy of every table, and a function that brings it back. */
async function keepScript(db: Db): Promise<string> {
  const tables = await db.query<{ name: string; columns: string }>(
    `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'migration' group by c.relname order by c.relname`,
  );
  const numbered = await db.query<{ table: string; column: string }>(
    `select c.relname as table, a.attname as column from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attidentity <> '' and not a.attisdropped
     where n.nspname = 'public' and c.relkind = 'r' order by 1`,
  );
  const [place] = await db.query<{ at: number }>('select last_value as at from feed_pos');
  const names = tables.map(({ name }) => name);
  const copies = names.map((name) => `create table sim_kept.${name} as select * from public.${name};`);
  const back = tables.map(
    ({ name, columns }) =>
      `insert into public.${name} (${columns}) overriding system value select ${columns} from sim_kept.${name};`,
  );
  const backup = names.map(
    (name) => `truncate sim_backup.${name}; insert into sim_backup.${name} select * from public.${name};`,
  );
  // Numbers that the database gives go on after those that are in the rows, as `counterfoil restore` sees to.
  const goOn = numbered.map(
    ({ table, column }) =>
      `perform setval(pg_get_serial_sequence('public.${table}', '${column}'), coalesce(max(${column}), 0) + 1, false) from public.${table};`,
  );
  const restart = numbered.map(
    ({ table, column }) =>
      `perform setval(pg_get_serial_sequence('public.${table}', '${column}'), 1, false);`,
  );
  const fromBackup = back.map((line) => line.replace('sim_kept.', 'sim_backup.'));
  return `create schema sim_kept; create schema sim_backup;
    ${copies.join('\n')}
    ${names.map((name) => `create table sim_backup.${name} as select * from public.${name};`).join('\n')}
    create table sim_backup_pos as select last_value as at from feed_pos;
    create function sim_back_up() returns void language plpgsql as $$ begin
      ${backup.join('\n')}
      update sim_backup_pos set at = (select last_value from feed_pos);
    end $$;
    create function sim_put_back() returns void language plpgsql as $$ begin
      set local session_replication_role = replica;
      truncate ${names.map((name) => `public.${name}`).join(', ')} restart identity cascade;
      ${fromBackup.join('\n')}
      perform setval('feed_pos', (select at from sim_backup_pos));
      ${goOn.join('\n')}
    end $$;
    create function sim_reset() returns void language plpgsql as $$ declare filled text; begin
      set local session_replication_role = replica;
      -- Most tables are empty before and after: those cost nothing.
      with n as (${names.map((name) => `select 'public.${name}' as name where exists (select 1 from public.${name})`).join(' union all ')})
        select string_agg(name, ', ') into filled from n;
      execute 'truncate ' || filled || ' cascade';
      ${restart.join('\n')}
      ${back.join('\n')}
      perform setval('feed_pos', ${place!.at});
    end $$;`;
}

type CrashPoint = 'before commit' | 'after commit';

export class Hq {
  readonly raw: Db;
  readonly clock: SimClock;
  /** Last entry on disk, by journal: what may be acknowledged. */
  readonly committed = new Map<string, { readonly seq: number; readonly hash: string }>();
  /** The highest entry that it ever had on disk, by journal: what a till may have heard of, also before it was put back. */
  readonly everCommitted = new Map<string, number>();
  /** Journals that another one follows, and since when. */
  readonly leftAtMs = new Map<string, number>();
  private readonly tillOfJournal = new Map<string, string>();
  /** What HQ proves itself by now; those before it stand in `former`. */
  key: CloudKey = cloudKey(FIRST_KEYS.publicKey, FIRST_KEYS.privateKey);
  /** A process of HQ that was not started again when the key was changed: it still signs with the one before. */
  private oldKey: CloudKey | null = null;
  actor = new Actor('hq');
  /** Die at the next commit. */
  crashAt: CrashPoint | null = null;
  signals: Signals = makeSignals();
  onCrash: (point: CrashPoint) => void = () => {};
  private readonly time: Scheduler;
  private readonly dice: Dice;
  private readonly trace: Trace;
  private readonly net: Network;
  private readonly hooks: HqHooks;
  private booksNow: Books | null = null;
  private starts = 0;
  private generations = 0;

  constructor(parts: {
    readonly raw: Db;
    readonly time: Scheduler;
    readonly dice: Dice;
    readonly trace: Trace;
    readonly net: Network;
    readonly clock: SimClock;
    readonly hooks: HqHooks;
  }) {
    this.raw = parts.raw;
    this.time = parts.time;
    this.dice = parts.dice;
    this.trace = parts.trace;
    this.net = parts.net;
    this.clock = parts.clock;
    this.hooks = parts.hooks;
  }

  get isUp(): boolean {
    return this.net.hq !== null;
  }

  /** The database as a process of HQ sees it: it takes time, and the process may die of it. */
  db(): Db {
    const { actor } = this;
    const gate = async <T>(work: () => Promise<T>): Promise<T> => {
      await this.time.pause(this.dice.int(0, 3), actor);
      const result = await this.time.really(work);
      // Dead processes hear nothing.
      return actor.alive ? result : new Promise<T>(() => {});
    };
    return {
      ...this.raw,
      query: (text, params = []) =>
        gate(() => {
          const changed = this.hooks.query?.(text, params) ?? { text, params };
          return this.raw.query(changed.text, changed.params);
        }),
      transaction: (work) => gate(() => this.transaction(actor, work)),
    };
  }

  start(): void {
    this.actor = new Actor(`hq#${++this.starts}`);
    const { actor, clock } = this;
    this.signals = makeSignals();
    const { signals } = this;
    const log = (text: string) => void (actor.alive && this.trace.logs.push(`hq: ${text}`));
    const db = this.db();
    this.time.as(actor, () => {
      const parts = { db, clock, sha256, signals, log, cloudId: CLOUD_ID, cloudKey: this.key };
      const books = new Books(parts);
      signals.on('entries', () => books.poke());
      this.booksNow = books;
      const chance = this.dice.of(`chance ${this.starts}`).port();
      // Small, so that a backlog is many pushes and a feed many pages.
      const limits = {
        batchEntriesMax: this.dice.int(2, 12),
        batchBytesMax: 200_000,
        feedRowsMax: this.dice.int(5, 40),
      };
      const history = new History(db, this.key, chance);
      this.time.after(0, actor, async () => {
        await history.open(clock.nowMs());
      });
      const sessions = openSessions({ ...parts, chance, history, limits });
      const { oldKey } = this;
      const old =
        oldKey === null ? null : openSessions({ ...parts, cloudKey: oldKey, chance, history, limits });
      this.net.hq = {
        actor,
        accept: (wire) => sessions.accept(wire),
        ...(old === null ? {} : { acceptOld: (wire) => old.accept(wire) }),
      };
      books.poke();
    });
  }

  /** What tills call a card: its code. */
  cardNames(giftCardId: string): string[] {
    return CARDS.filter((_, index) => giftCardId === `gc_sim${index}`);
  }

  private hasBackup = false;

  /** Somebody makes a backup, as of now. */
  async backUp(): Promise<void> {
    this.hasBackup = true;
    await this.time.really(() => backUpHqDb(this.raw));
  }

  /** While HQ is down, its database goes back to the backup, by our own tool. @returns whether there was one */
  async goBack(): Promise<boolean> {
    if (!this.hasBackup) return false;
    const generation = `sim-${++this.generations}`;
    const nowMs = this.clock.nowMs();
    await this.time.really(async () => {
      await putBackHqDb(this.raw);
      // What was left since the backup HQ does not know to be left.
      this.leftAtMs.clear();
      await this.raw.transaction((tx) => putBack(tx, { generation, sign: 'tool', tillId: null, nowMs }));
    });
    return true;
  }

  /**
   * While HQ is down its key is changed, as `npm run cloud -- --change-key` does; a backup from before would bring the old one back,
   * so one is made at once.
   *
   * @param isForgotten a process somewhere goes on with the old one
   */
  async changeKey(isForgotten: boolean): Promise<void> {
    const before = this.key;
    const fresh = hqKeysOf(before.former.length + 1);
    this.key = await this.time.really(() => changeCloudKey(this.raw, CLOUD_ID, this.clock.nowMs(), fresh));
    this.oldKey = isForgotten ? before : null;
    await this.backUp();
  }

  /** Somebody finds the process with the old key, and ends it. */
  endOldProcess(): void {
    this.oldKey = null;
    if (this.net.hq !== null) this.net.hq = { actor: this.net.hq.actor, accept: this.net.hq.accept };
  }

  /** Of HQ's keys, oldest first, which one it is. */
  keyNo(publicKey: string): number {
    const { former } = this.key;
    const at = former.findIndex(({ key }) => key === publicKey);
    return at < 0 ? former.length : at;
  }

  /** Gone, with all that it had not committed. */
  crash(): void {
    this.actor.alive = false;
    this.net.hq = null;
    this.booksNow = null;
    this.crashAt = null;
    this.net.dropAll(this.actor, this.dice.chance(70));
  }

  /** Somebody in the office changes something: told to the tills when it is on disk. */
  office(name: string, work: (db: Db) => Promise<unknown>): void {
    if (!this.isUp) return;
    const { signals, actor } = this;
    const db = this.db();
    this.time.after(0, actor, async () => {
      try {
        await work(db);
      } catch (cause) {
        // HQ died of it: somebody in the office has to say it again.
        if (!actor.alive) return;
        throw cause;
      }
      this.trace.say(this.time.nowMs, 'hq', name);
      signals.emit('feed', {});
    });
  }

  /** The last entry of a till that is on disk, or ever was. */
  committedOf(code: string, which: 'now' | 'ever'): number {
    const seqs = [...this.tillOfJournal].flatMap(([journalId, tillId]) => {
      if (tillId !== tillIdOf(code)) return [];
      return which === 'ever' ? this.everCommitted.get(journalId)! : this.committed.get(journalId)!.seq;
    });
    return Math.max(0, ...seqs);
  }

  async booksSettled(): Promise<boolean> {
    this.booksNow?.poke();
    const [row] = await this.time.really(() =>
      this.raw.query<{ n: number }>('select count(*) as n from books_cursor where through_seq < head_seq'),
    );
    return row!.n === 0;
  }

  private async transaction<T>(actor: Actor, work: (tx: Queryable) => Promise<T>): Promise<T> {
    const statements: string[] = [];
    const result = await this.raw.transaction(async (tx) => {
      const made = await work({
        ...tx,
        query: (text, params = []) => this.statement(tx, statements, text, params),
      });
      if (this.crashAt === 'before commit' && actor.alive) {
        this.onCrash('before commit');
        throw new Error('HQ died before its commit');
      }
      return made;
    });
    if (statements.some((text) => text.includes('update till'))) await this.noteCommitted();
    if (this.hooks.committed !== undefined) {
      const { committed } = this.hooks;
      await this.raw.transaction((tx) => committed(statements, tx));
    }
    if (this.crashAt === 'after commit' && actor.alive) this.onCrash('after commit');
    return result;
  }

  private statement<Row>(
    tx: Queryable,
    statements: string[],
    text: string,
    params: readonly Param[],
  ): Promise<Row[]> {
    statements.push(text);
    const changed = this.hooks.query?.(text, params) ?? { text, params };
    return tx.query<Row>(changed.text, changed.params);
  }

  private async noteCommitted(): Promise<void> {
    const rows = await this.raw.query<{ till_id: string; journal_id: string; seq: number; hash: string }>(
      `select till_id, journal_id, acked_seq as seq, acked_hash as hash from till where journal_id is not null`,
    );
    for (const { till_id, journal_id, seq, hash } of rows) {
      this.committed.set(journal_id, { seq, hash });
      const links = this.tillOfJournal.has(journal_id)
        ? []
        : await this.raw.query<{ id: string }>(
            'select follows_journal_id as id from journal_link where journal_id = $1',
            [journal_id],
          );
      for (const { id } of links) this.leftAtMs.set(id, this.time.nowMs);
      this.tillOfJournal.set(journal_id, till_id);
      this.everCommitted.set(journal_id, Math.max(seq, this.everCommitted.get(journal_id) ?? 0));
    }
  }
}
