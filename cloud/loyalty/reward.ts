/**
 * What a benefit, a prize or a referral gives: points, a coupon, or both, in the transaction that decides it.
 */
import { expiryOf, PLAIN_TERMS } from '../../src/core/ledger.ts';
import type { Queryable } from '../db/db.ts';
import { publishBalances } from './balances.ts';
import type { CouponTemplate } from './coupon-rules.ts';
import { issue } from './coupons.ts';
import { entryOf, record } from './ledger.ts';
import { currentProgramme } from './programme.ts';

export interface Reward {
  readonly points?: number;
  readonly templateId?: string;
}

export interface Granted {
  readonly memberId: string;
  readonly reward: Reward;
  /** One for each thing that is given, over all of loyalty: `benefit:…`, `draw:…`, `referral:…`. */
  readonly source: string;
}

/** Gives; what a source has given before is not given again. Templates that ended give nothing. */
export async function giveRewards(
  tx: Queryable,
  grants: readonly Granted[],
  given: { readonly on: string; readonly nowMs: number },
): Promise<void> {
  const { on, nowMs } = given;
  const terms = (await currentProgramme(tx))?.lots ?? PLAIN_TERMS;
  const expiresOn = expiryOf(terms.expiry, on);
  const accounts = await record(
    tx,
    grants.flatMap(({ memberId, reward, source }) => {
      if (reward.points === undefined) return [];
      const account = { holderId: memberId, purse: 'points', kind: 'grant', atMs: nowMs, on } as const;
      return [entryOf({ ...account, id: source, points: reward.points, expiresOn, reason: source })];
    }),
    nowMs,
  );
  await publishBalances(tx, accounts, { nowMs });
  for (const [templateId, some] of Map.groupBy(grants, ({ reward }) => reward.templateId)) {
    if (templateId === undefined) continue;
    const [row] = await tx.query<{ data: CouponTemplate }>(
      'select data from coupon_template where template_id = $1 and ended_at is null for update',
      [templateId],
    );
    const had = await tx.query<{ source: string }>(
      'select distinct source from member_coupon where source = any($1::text[])',
      [some.map(({ source }) => source)],
    );
    const known = new Set(had.map(({ source }) => source));
    for (const { memberId, source } of row === undefined ? [] : some) {
      if (known.has(source)) continue;
      await issue(tx, { template: row!.data, wanted: [{ memberId, codes: 1 }], source, on, nowMs });
    }
  }
}
