/**
 * What a tier rule would change: members up and down on its first day, and a day's sales at the discounts of their new tiers.
 */
import type { Tier } from '../../src/core/loyalty.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { type TierRule, type TierRuleProblem, tierRuleProblem } from '../../src/core/tier-rule.ts';
import type { Db } from '../db/db.ts';
import { tierMoves } from '../loyalty/tier-moves.ts';
import { allTiers } from './catalog-routes.ts';
import type { TierRulePreview } from './offer-preview-schemas.ts';
import { previewMoves } from './price-preview.ts';

type Problem = TierRuleProblem | { readonly kind: 'unknown_tier'; readonly tierId: string };

export async function previewTierRule(
  db: Db,
  rule: TierRule,
  businessDate: string,
): Promise<Result<TierRulePreview, Problem>> {
  const problem = tierRuleProblem(rule);
  if (problem !== null) return err(problem);
  const { tiers } = await allTiers(db);
  const tierOf = new Map(tiers.map((tier) => [tier.id, tier]));
  const strange = rule.levels.find(({ tierId }) => !tierOf.has(tierId));
  if (strange !== undefined) return err({ kind: 'unknown_tier', tierId: strange.tierId });
  const { moves, ...counts } = await tierMoves(db, rule);
  const rankOf = (tierId: string) => tierOf.get(tierId)?.rank ?? -1;
  const isUp = ({ fromTierId, toTierId }: { fromTierId: string; toTierId: string }) =>
    rankOf(toTierId) > rankOf(fromTierId);
  const grouped = Map.groupBy(moves, ({ fromTierId, toTierId }) => `${fromTierId} ${toTierId}`);
  const newTiers = new Map(moves.map(({ memberId, toTierId }) => [memberId, tierOf.get(toTierId)!]));
  return ok({
    ...counts,
    up: moves.filter(isUp).length,
    down: moves.filter((move) => !isUp(move)).length,
    moves: [...grouped.values()].map((some) => {
      const { fromTierId, toTierId } = some[0]!;
      return { fromTierId, toTierId, members: some.length };
    }),
    books: await previewMoves(db, businessDate, newTiers as Map<string, Tier>),
  });
}
