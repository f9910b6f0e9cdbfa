/**
 * HQ's own history: whether its database was put back to an older state, and what follows from that.
 *
 * Known by three signs: our restore tool says it; the database is in another PostgreSQL cluster than it was; a till shows what
 * only we can have signed (a head, a mark) and what we do not have. Then the feed gets another generation, so that every till
 * takes it from the beginning, and nothing is leased until tills have told what they hold (leases/settling). Entries need
 * nothing: each till sends again what is beyond our head.
 */
import type { Chance } from '../../src/core/ports.ts';
import type { Db, Queryable } from '../db/db.ts';
import { beginSettling } from '../leases/settling.ts';
import { tellTillAlert } from './alerts.ts';
import type { CloudKey } from './cloud-key.ts';

/** A new mark so often: what was lost within one is only seen by a signed head or by the tool. */
export const MARK_EVERY_MS = 5 * 60_000;
/** A till that was away for longer than marks are kept takes the feed anew, which harms nothing. */
const MARKS_KEPT_MS = 400 * 86_400_000;

export class History {
  private readonly db: Db;
  private readonly key: CloudKey;
  private readonly chance: Chance;
  /** As of the last look: other processes of this HQ may have put it on. */
  generation = '';
  /** Tombstones of the feed up to here are gone. */
  compactedTo = 0;
  mark = '';
  private looking: Promise<void> | null = null;
  private lookingNext: Promise<void> | null = null;

  constructor(db: Db, key: CloudKey, chance: Chance) {
    this.db = db;
    this.key = key;
    this.chance = chance;
  }

  /** @returns whether the database was put back while HQ was away */
  async open(nowMs: number): Promise<boolean> {
    const { db } = this;
    const cluster = db.kind === 'pg' ? await clusterOf(db) : null;
    const moved = await db.transaction(async (tx) => {
      const [row] = await tx.query<{ generation: string | null; cluster: string | null }>(
        'select generation, cluster from cloud_identity for update',
      );
      if (row!.generation === null)
        await tx.query('update cloud_identity set generation = $1', [this.random()]);
      await tx.query('update cloud_identity set cluster = coalesce($1, cluster)', [cluster]);
      return row!.cluster !== null && cluster !== null && row!.cluster !== cluster;
    });
    if (moved) await this.wentBack({ tillId: null, sign: 'cluster', nowMs });
    await this.look();
    await this.setMark(nowMs);
    return moved;
  }

  /** What the database says now. A crowd that says hello in one moment looks once. */
  look(): Promise<void> {
    if (this.looking === null) {
      this.looking = this.read().finally(() => {
        this.looking = null;
      });
      return this.looking;
    }
    // That one may have seen what was there before the caller asked.
    this.lookingNext ??= this.looking
      .catch(() => {
        // Whoever began it is told.
      })
      .then(() => {
        this.lookingNext = null;
        return this.look();
      });
    return this.lookingNext;
  }

  private async read(): Promise<void> {
    const [row] = await this.db.query<{ generation: string; compactedTo: number }>(
      'select generation, feed_compacted_to as "compactedTo" from cloud_identity',
    );
    this.generation = row!.generation;
    this.compactedTo = row!.compactedTo;
  }

  async setMark(nowMs: number): Promise<void> {
    const name = `${nowMs}-${this.random()}`;
    const mark = `${name}.${this.key.sign(markStatement(name))}`;
    await this.db.query('insert into cloud_mark (mark, at) values ($1, to_timestamp($2::float8 / 1000))', [
      name,
      nowMs,
    ]);
    await this.db.query('delete from cloud_mark where at < to_timestamp($1::float8 / 1000)', [
      nowMs - MARKS_KEPT_MS,
    ]);
    this.mark = mark;
  }

  /** @returns null: no mark of ours */
  nameOf(mark: string): string | null {
    const cut = mark.lastIndexOf('.');
    const name = mark.slice(0, cut);
    if (cut < 1 || name.includes('\0')) return null;
    return this.key.signed(markStatement(name), mark.slice(cut + 1)) ? name : null;
  }

  /** A mark that was set here, or a sign of a lost future that is explained. */
  async isKnown(name: string): Promise<boolean> {
    return (await this.db.query('select 1 from cloud_mark where mark = $1', [name])).length > 0;
  }

  /** What was lost with this is known: it says nothing new any more. */
  async explain(name: string, nowMs: number, db: Queryable = this.db): Promise<void> {
    await db.query(
      'insert into cloud_mark (mark, at) values ($1, to_timestamp($2::float8 / 1000)) on conflict do nothing',
      [name, nowMs],
    );
  }

  /** This database is older than what tills have heard from it. @param facts `name`: of the till's sign, which counts once */
  async wentBack(facts: {
    readonly tillId: string | null;
    readonly sign: 'tool' | 'cluster' | 'mark' | 'head';
    readonly name?: string;
    readonly nowMs: number;
  }): Promise<void> {
    const { tillId, sign, name, nowMs } = facts;
    await this.db.transaction(async (tx) => {
      await putBack(tx, { generation: this.random(), sign, tillId, nowMs });
      if (name !== undefined) await this.explain(name, nowMs, tx);
    });
    await this.setMark(nowMs);
    await this.look();
  }

  private random(): string {
    return Buffer.from(this.chance.bytes(12)).toString('base64url');
  }
}

/** For the restore tool as well: what must be said in a database that was put back, before anybody is let in. */
export async function putBack(
  tx: Queryable,
  facts: {
    readonly generation: string;
    readonly sign: 'tool' | 'cluster' | 'mark' | 'head';
    readonly tillId: string | null;
    readonly nowMs: number;
  },
): Promise<void> {
  const { generation, sign, tillId, nowMs } = facts;
  await tx.query(
    'update cloud_identity set generation = $1, went_back_at = to_timestamp($2::float8 / 1000)',
    [generation, nowMs],
  );
  await beginSettling(tx, nowMs);
  await tellTillAlert(tx, { tillId: null, kind: 'hq_went_back', detail: { sign, tillId }, atMs: nowMs });
}

function markStatement(name: string): Uint8Array {
  return new TextEncoder().encode(`counterfoil mark v1 ${name}`);
}

/** Another cluster, or another timeline of it, is a database that was put back or moved. null: it does not tell us. */
async function clusterOf(db: Db): Promise<string | null> {
  try {
    const [row] = await db.query<{ id: string }>(
      `select s.system_identifier::text || '/' || c.timeline_id::text as id
       from pg_control_system() s, pg_control_checkpoint() c`,
    );
    return row?.id ?? null;
  } catch {
    // A hosted PostgreSQL may not let us look: the other signs are left.
    return null;
  }
}
