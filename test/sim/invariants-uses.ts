/**
 * Offers that are counted, and coupons that are good once: no more uses than there are, over all tills, whoever saw whom.
 */
import type { Sale } from '../../src/core/sale.ts';
import { spendsOf } from '../../src/core/spend.ts';
import type { Simulation } from './simulation.ts';
import { COUNTED, COUPONS } from './world.ts';

export async function checkUses(sim: Simulation, sales: readonly Sale[]): Promise<void> {
  const { trace, places } = sim;
  const used = new Map<string, number>();
  for (const sale of sales)
    for (const [key, amount] of spendsOf(sale)) used.set(key, (used.get(key) ?? 0) + amount);
  const rows = await ask<{ key: string; spent: number }>(sim, 'select key, spent from right_balance');
  const spentOf = new Map(rows.map(({ key, spent }) => [key, spent]));
  const told = await ask<{ detail: { key: string; also?: readonly { key: string }[] } }>(
    sim,
    "select detail from sale_alert where kind = 'overspent_right'",
  );
  const alerted = new Set(
    told.flatMap(({ detail }) => [detail, ...(detail.also ?? [])]).map(({ key }) => key),
  );
  // Rights of a disk that went back, or ran twice, may be spent twice before HQ hears of it: then it says so.
  const isBlurred = places.some(({ wentBack }) => wentBack);
  for (const [key, count] of used) {
    const limit = limitOf(key);
    if (limit === null) continue;
    trace.check(
      'a counted use is counted once',
      spentOf.get(key) === count,
      () => `${key}: ${count}, HQ ${spentOf.get(key)}`,
    );
    const isOver = count > limit;
    trace.check('no more uses than there are', !isOver || isBlurred, () => `${key}: ${count} of ${limit}`);
    if (isOver) trace.check('uses beyond what there are are told of', alerted.has(key), () => key);
  }
  await checkCodes(sim, used);
}

/** What may be used of a right in all; null: without limit. */
function limitOf(key: string): number | null {
  const [kind, of, memberId] = key.split(':');
  if (kind === 'coupon') return COUPONS.includes(of!) ? 1 : null;
  const limits = kind === 'rule' ? COUNTED.find(({ id }) => id === of)?.limits : undefined;
  return (memberId === undefined ? limits?.total : limits?.perMember) ?? null;
}

/** HQ's own book of codes. */
async function checkCodes(sim: Simulation, used: ReadonlyMap<string, number>): Promise<void> {
  const rows = await ask<{ code: string; uses: number; isUsed: boolean }>(
    sim,
    `select c.coupon_id as code, (select count(*) from coupon_use u where u.coupon_id = c.coupon_id)::int as uses,
       c.used_at is not null or exists (select 1 from coupon_use u where u.coupon_id = c.coupon_id and u.returned) as "isUsed"
     from member_coupon c`,
  );
  for (const { code, uses, isUsed } of rows) {
    const count = used.get(`coupon:${code}`) ?? 0;
    sim.trace.check('HQ knows each use of a code', uses === count && (count === 0 || isUsed), () => {
      return `${code}: ${count}, HQ ${uses} ${isUsed}`;
    });
  }
}

const ask = <Row>(sim: Simulation, text: string): Promise<Row[]> =>
  sim.time.really(() => sim.hq.raw.query<Row>(text));
