/**
 * What a till holds beside its journal: its projections are the fold of the journal, its copy of the feed is HQ's.
 */
import { canonicalJson } from '../../src/core/entry.ts';
import type { Told } from './invariants.ts';
import type { Simulation } from './simulation.ts';

/** Every projection has each entry exactly once. */
export function checkProjections({ trace }: Simulation, { sim, entries, sales }: Told): void {
  const shop = sim.disk.db('shop');
  const all = <Row>(sql: string) => shop.prepare(sql).all() as Row[];
  const same = (what: string, rows: unknown, expected: unknown) => {
    const [a, b] = [JSON.stringify(rows), JSON.stringify(expected)];
    trace.check(
      'projections are the fold of the journal',
      a === b,
      () => `${sim.code} ${what}: ${a} for ${b}`,
    );
  };
  same(
    'sales',
    all('select sale_id as id, seq from sale_index order by seq'),
    sales.map(({ sale, seq }) => ({ id: sale.id, seq })),
  );
  same(
    'returned lines',
    all('select seq, line_no as lineNo, qty from returned_line order by seq, line_no'),
    sales.flatMap(({ sale, seq }) =>
      sale.lines
        .filter(({ back }) => back !== undefined)
        .map(({ lineNo, qty }) => ({ seq, lineNo, qty: -qty }))
        .sort((a, b) => a.lineNo - b.lineNo),
    ),
  );
  same(
    'sales of members',
    all('select seq, points from member_sale order by seq'),
    sales
      .filter(({ sale }) => sale.memberId !== null)
      .map(({ sale, seq }) => ({ seq, points: sale.points?.earned ?? 0 })),
  );
  same(
    'shifts',
    all('select opened_seq as opened from shift order by opened_seq'),
    entries.filter(({ kind }) => kind === 'shift_opened').map(({ seq }) => ({ opened: seq })),
  );
  const printed = new Set(['sale', 'shift_closed', 'cash_moved', 'drawer_opened', 'member_enrolled']);
  same(
    'slips',
    all('select seq from print_job where copy = 0 order by seq'),
    entries.filter(({ kind }) => printed.has(kind)).map(({ seq }) => ({ seq })),
  );
}

/** Kinds that the till keeps as they came, by table. */
const PLAIN = ['tier', 'store', 'member_stats', 'member_points', 'till_day', 'z', 'till_key'] as const;

/** Every row of HQ's feed that concerns a till is there in its newest state, and nothing else. */
export async function checkFeed({ hq, tills, time, trace }: Simulation): Promise<void> {
  const rows = await time.really(() =>
    hq.raw.query<{ kind: string; key: string; store_id: string; data: { id?: string } | null }>(
      'select kind, key, store_id, data from feed_row order by pos',
    ),
  );
  for (const { code, storeId, disk } of tills) {
    const shop = disk.db('shop');
    const mine = rows.filter(
      ({ store_id, data }) => data !== null && (store_id === '' || store_id === storeId),
    );
    const at = (kind: string, key: string): string | undefined => {
      const column =
        { item: 'sku', till_key: 'till_code' }[kind] ?? `${kind.replace(/_(?:stats|points)$/, '')}_id`;
      const row = shop.prepare(`select data from ${kind} where ${column} = ?`).get(key) as
        | { data: string }
        | undefined;
      return row?.data;
    };
    const aliases = new Set(mine.filter(({ kind }) => kind === 'member_alias').map(({ key }) => key));
    for (const { kind, key, data } of mine) {
      if (kind === 'item' || (PLAIN as readonly string[]).includes(kind)) {
        const text = at(kind, key);
        const same = text !== undefined && canonicalJson(JSON.parse(text)) === canonicalJson(data);
        trace.check(
          "a till's copy of the feed is HQ's",
          same,
          () => `${code} ${kind}/${key}: ${text ?? 'missing'}`,
        );
      } else if (kind === 'member' && !aliases.has(key)) {
        const row = shop.prepare('select 1 from member where member_id = ?').get(key);
        trace.check(
          "a till's copy of the feed is HQ's",
          row !== undefined,
          () => `${code} has no member ${key}`,
        );
      } else if (kind === 'rules') {
        const row = shop.prepare("select value from state where name = 'rule_set'").get() as {
          value: string;
        };
        const same = canonicalJson(JSON.parse(row.value)) === canonicalJson(data);
        trace.check("a till's copy of the feed is HQ's", same, () => `${code} has other rules`);
      }
    }
  }
}
