/**
 * I5: a balance never falls below zero, in any order of events; and what the tills may still spend is there at HQ.
 *
 * Points alone may go below: goods that come back take what was earned on them, whether it was spent meanwhile or not.
 */
import type { Sale } from '../../src/core/sale.ts';
import type { Sqlite } from '../../src/till/db.ts';
import type { Simulation } from './simulation.ts';
import { CARD_MINOR, VALUE_MINOR, VALUED } from './world.ts';

interface OpenLease {
  readonly key: string;
  readonly left: number;
}

/**
 * After each grant: of a right no more is leased than there is. After HQ was put back only at the end, when all is told again; where
 * a disk went back or ran twice some was spent twice, and HQ says so (`invariants-uses`).
 */
export async function checkGranted(sim: Simulation): Promise<void> {
  const { hq, places, time, trace, hqWentBack, hasMerged } = sim;
  if (hqWentBack || places.some(({ wentBack }) => wentBack)) return;
  const rows = await time.really(() =>
    hq.raw.query<{ key: string; leased: number; balance: number }>(
      `select key, leased, balance from right_balance
       where leased > balance and key not like 'points:%' and key not like 'refund:%'
         and not ($1 and key like 'rule:%:%')`,
      [hasMerged],
    ),
  );
  trace.check('no more is leased than there is', rows.length === 0, () => JSON.stringify(rows));
  // What the seller pays back of its own needs no lease, so what it holds falls behind; what others hold does not. A receipt that was
  // believed by its signature alone stands outside.
  const others = await time.really(() =>
    hq.raw.query<{ key: string; held: number; left: number }>(
      `with other as (select split_part(key, ':', 2) as sale_id, split_part(key, ':', 3)::int as line_no,
           sum(amount - spent - returned) as held from lease where key like 'refund:%' and lease_id not like 'home:%'
           and state in ('offered', 'held', 'short') group by 1, 2)
       select o.sale_id as key, o.held::bigint as held, l.qty - coalesce((select sum(r.qty) from return_line r
         where r.original_sale_id = o.sale_id and r.original_line_no = o.line_no), 0)::bigint as left
       from other o join sale_line l on l.sale_id = o.sale_id and l.line_no = o.line_no
       where not exists (select 1 from journal_entry e where e.kind = 'sale' and e.text like '%"from":"token"%'
         and e.text like '%' || o.sale_id || '%')`,
    ),
  );
  const over = others.filter(({ held, left }) => held > left);
  trace.check('no more may come back than was sold', over.length === 0, () => JSON.stringify(over));
}

export async function checkBalances(sim: Simulation, sales: readonly Sale[]): Promise<void> {
  const open = sim.tills.flatMap((till) => {
    const shop = till.disk.db('shop');
    // A disk that went back has forgotten what it spent, until HQ tells it so.
    if (!till.wentBack) checkTillRights(sim, till.code, shop);
    return shop
      .prepare('select key, granted - spent as left from right_grant where returned is null')
      .all() as OpenLease[];
  });
  const anyBack = sim.tills.some(({ wentBack }) => wentBack);
  await checkPurses(sim, open, sales, anyBack);
  await checkLeased(sim, anyBack);
}

function checkTillRights({ trace }: Simulation, code: string, shop: Sqlite): void {
  const rows = shop
    .prepare(
      `select g.key, sum(g.granted) as granted,
         (select coalesce(sum(s.amount), 0) from right_spent s where s.key = g.key) as spent
       from right_grant g group by g.key`,
    )
    .all() as { key: string; granted: number; spent: number }[];
  for (const { key, granted, spent } of rows) {
    trace.check('a till spends no more than it was granted', spent <= granted, () => {
      return `${code} ${key}: ${spent} of ${granted}`;
    });
  }
}

/** Stored value and gift cards: nobody but sales takes from them here, so the leases of all tills are covered to the cent. */
async function checkPurses(
  { hq, time, trace }: Simulation,
  open: readonly OpenLease[],
  sales: readonly Sale[],
  anyBack: boolean,
): Promise<void> {
  const rows = await time.really(() =>
    hq.raw.query<{ holder: string; purse: string; balance: number; owed: number }>(
      `select a.holder_id as holder, a.purse, a.balance, a.owed from ledger_account a where a.purse <> 'points'`,
    ),
  );
  const aliases = await time.really(() =>
    hq.raw.query<{ id: string; into: string }>('select alias_id as id, member_id as into from member_alias'),
  );
  for (const { holder, purse, balance, owed } of rows) {
    trace.check('a purse is never below zero', balance >= 0, () => `${purse} ${holder}: ${balance}`);
    // Who was merged away has nothing of its own any more.
    const isGone = aliases.some(({ id }) => id === holder);
    const family = isGone
      ? []
      : [holder, ...aliases.filter(({ into }) => into === holder).map(({ id }) => id)];
    const names = purse === 'gift_card' ? hq.cardNames(holder) : family;
    const start =
      purse === 'gift_card' ? CARD_MINOR : VALUE_MINOR * names.filter((name) => VALUED.includes(name)).length;
    const spent = sales.reduce((sum, sale) => sum + spentOf(sale, purse, names), 0);
    trace.check('a purse is what it was less what was spent', balance - owed === start - spent, () => {
      return `${purse} ${holder}: ${balance} - ${owed}, not ${start} - ${spent}`;
    });
    if (anyBack) continue;
    trace.check('nobody owes a purse', owed === 0, () => `${purse} ${holder}: ${owed}`);
    const kinds = purse === 'gift_card' ? ['gift_card'] : ['stored_value', 'stored_bonus'];
    const keys = new Set(kinds.flatMap((kind) => names.map((name) => `${kind}:${name}`)));
    const left = open.filter(({ key }) => keys.has(key)).reduce((sum, lease) => sum + lease.left, 0);
    trace.check('what tills may spend is there', left <= balance, () => {
      return `${purse} ${holder}: tills may spend ${left} of ${balance}`;
    });
  }
}

/** leased + free = balance holds since `leased` is the sum of what is left; no journal names a lease that HQ does not know. */
async function checkLeased({ hq, time, trace }: Simulation, anyBack: boolean): Promise<void> {
  const rows = await time.really(() =>
    hq.raw.query<{ key: string; leased: number; left: number }>(
      `select b.key, b.leased, coalesce((select sum(amount - spent - returned) from lease l where l.key = b.key
         and l.state in ('offered', 'held', 'short')), 0)::bigint as left from right_balance b`,
    ),
  );
  for (const { key, leased, left } of rows) {
    trace.check('leased is the sum of the leases', leased === left, () => `${key}: ${leased}, ${left} left`);
  }
  if (anyBack) return;
  const alerts = await time.really(() =>
    hq.raw.query<{ kind: string; detail: object }>(
      "select kind, detail from sale_alert where kind in ('overspent_right', 'unknown_lease', 'lease_differs')",
    ),
  );
  trace.check('no lease is unknown or overspent', alerts.length === 0, () => JSON.stringify(alerts));
}

/** Minor units that a sale took of a purse; below zero where goods came back. */
function spentOf({ tenders, memberId }: Sale, purse: string, names: readonly string[]): number {
  return tenders.reduce((sum, tender) => {
    const isCard = tender.kind === 'gift_card' && purse === 'gift_card' && names.includes(tender.giftCardId);
    const isValue =
      tender.kind === 'stored_value' && purse === 'value' && memberId !== null && names.includes(memberId);
    return isCard || isValue ? sum + tender.amountMinor : sum;
  }, 0);
}
