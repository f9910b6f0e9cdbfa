/**
 * A feed that is taken from the beginning: HQ was put back to an older state, so its places mean something else now.
 *
 * The till goes on with what it has while the pages come; at their end what none of them brought is gone. Kept over a restart.
 * People who joined here stay: their entries are on the way to HQ again.
 */
import type { FeedRow } from '../protocol/down.ts';
import type { Sqlite, Statement } from './db.ts';
import type { State } from './state.ts';

/** Where each kind is kept, by its key. */
const KEPT: readonly { readonly kind: string; readonly keys: string }[] = [
  { kind: 'item', keys: 'select sku as key from item' },
  {
    kind: 'member',
    keys: 'select member_id as key from member where member_id not in (select member_id from enrolled)',
  },
  { kind: 'member_alias', keys: 'select provisional_id as key from member_alias' },
  { kind: 'tier', keys: 'select tier_id as key from tier' },
  { kind: 'store', keys: 'select store_id as key from store' },
  { kind: 'staff', keys: 'select staff_id as key from staff' },
  { kind: 'role', keys: 'select role_id as key from role' },
  { kind: 'member_stats', keys: 'select member_id as key from member_stats' },
  { kind: 'member_points', keys: 'select member_id as key from member_points' },
  { kind: 'till_day', keys: 'select till_day_id as key from till_day' },
  { kind: 'z', keys: 'select z_id as key from z' },
  { kind: 'till_key', keys: 'select till_code as key from till_key' },
];

export class FeedAnew {
  private readonly db: Sqlite;
  private readonly state: State;
  private readonly put: Statement;

  constructor(db: Sqlite, state: State) {
    this.db = db;
    this.state = state;
    this.put = db.prepare('insert or ignore into feed_seen (kind, key) values (?, ?)');
  }

  get isOn(): boolean {
    return this.state.text('feed_anew') === 'on';
  }

  begin(generation: string): void {
    this.db.prepare('delete from feed_seen').run();
    this.state.set('feed_anew', 'on');
    this.state.set('feed_generation', generation);
  }

  seen({ kind, key }: FeedRow): void {
    this.put.run(kind, key);
  }

  /** The last page has come. @returns what is gone, as rows that say so */
  end(): FeedRow[] {
    const gone = KEPT.flatMap(({ kind, keys }) =>
      (
        this.db
          .prepare(`select key from (${keys}) where key not in (select key from feed_seen where kind = ?)`)
          .all(kind) as { key: string }[]
      ).map(({ key }): FeedRow => ({ kind, key, data: null })),
    );
    const single = (kind: string) =>
      this.db.prepare('select 1 from feed_seen where kind = ?').get(kind) === undefined
        ? [{ kind, key: kind, data: null }]
        : [];
    const all = [...gone, ...single('rules'), ...single('programme')];
    this.db.prepare('delete from feed_seen').run();
    this.state.set('feed_anew', 'off');
    return all;
  }
}
