/**
 * Promotion rule sets: checked, kept for good under their version, and brought to the tills by the feed.
 */
import { isDeepStrictEqual } from 'node:util';
import type { RuleSet } from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import type { RuleProblem } from '../../src/core/promotion-reader.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';

export type RulesError =
  | { readonly kind: 'rules'; readonly problems: readonly RuleProblem[] }
  | { readonly kind: 'version_taken'; readonly version: string };

/** Publishes a set: from now on the tills price by it. The same set again publishes it again, so an older one can come back. */
export async function putRuleSet(db: Db, source: unknown, atMs: number): Promise<Result<string, RulesError>> {
  const parsed = parseRuleSet(source);
  if (!parsed.ok) return err({ kind: 'rules', problems: parsed.error });
  const set = parsed.value;
  return db.transaction(async (tx) => {
    const [before] = await tx.query<{ data: RuleSet }>('select data from rule_set where version = $1', [
      set.version,
    ]);
    // Sales name the version they were priced by: other rules under it would make them wrong afterwards.
    if (before !== undefined && !isDeepStrictEqual(before.data, JSON.parse(JSON.stringify(set)))) {
      return err({ kind: 'version_taken', version: set.version });
    }
    await tx.query(
      `insert into rule_set (version, data, published_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
       on conflict (version) do update set published_at = excluded.published_at`,
      [set.version, JSON.stringify(set), atMs],
    );
    await publish(tx, [{ kind: 'rules', key: 'current', storeId: null, data: set }]);
    return ok(set.version);
  });
}

/** The set that was published last; null: none was. */
export async function currentRuleSet(db: Queryable): Promise<RuleSet | null> {
  const [row] = await db.query<{ data: RuleSet }>(
    'select data from rule_set order by published_at desc limit 1',
  );
  return row?.data ?? null;
}
