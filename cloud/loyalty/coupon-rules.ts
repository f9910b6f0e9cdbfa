/**
 * Coupon templates as rules: each template is one rule that waits for a code of its series.
 *
 * The rules of the templates travel in the rule set that the merchant publishes, under ids `cp.TEMPLATE`, and the set's version
 * tells that they are in it (`summer-3+cp.1f2e3d4c`). Who publishes a set gives the merchant's own rules; those of the
 * templates are put in here, and taken out of a set that was read back.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/core/entry.ts';
import type { Locale } from '../../src/core/item.ts';
import type {
  Audience,
  Condition,
  ItemFilter,
  Limits,
  Mode,
  Reward,
  Rule,
  RuleSet,
} from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import type { RuleProblem } from '../../src/core/promotion-reader.ts';
import type { Result } from '../../src/core/result.ts';
import { currentRuleSet, putRuleSet, type RulesError } from '../catalog/rules.ts';
import type { Db, Queryable } from '../db/db.ts';

export interface CouponTemplate {
  /** Its series: 1 to 10 of A-Z and 0-9. */
  readonly id: string;
  readonly name: string;
  readonly names?: Readonly<Partial<Record<Locale, string>>>;
  readonly offer: {
    readonly priority: number;
    readonly mode: Mode;
    readonly items: ItemFilter;
    readonly conditions?: readonly Condition[];
    readonly limits?: Omit<Limits, 'total' | 'perMember'>;
    readonly audience?: Audience;
    readonly reward: Reward;
    readonly issuer?: 'merchant' | 'platform';
  };
  /** Business dates, both ends included; or so many days from the day of issue on, that day included. */
  readonly valid: { readonly from?: string; readonly to?: string } | { readonly days: number };
  readonly limits: {
    /** Codes in all, paid packs aside. */
    readonly issuedMax?: number;
    readonly perMemberMax?: number;
  };
}

const PREFIX = 'cp.';
const MARK = /\+cp\.[0-9a-f]{8}$/;
const NO_SET: RuleSet = { version: 'coupons', policy: { across: 'compound_within' }, rules: [] };

export function ruleOf({ id, name, names, offer, valid }: CouponTemplate): Rule {
  const { issuer, ...terms } = offer;
  const isDated = !('days' in valid) && (valid.from !== undefined || valid.to !== undefined);
  return {
    id: `${PREFIX}${id}`,
    name,
    ...(names === undefined ? {} : { names }),
    ...terms,
    ...(isDated ? { validity: valid } : {}),
    coupon: { series: [id], ...(issuer === undefined ? {} : { issuer }) },
  };
}

/** @returns what is wrong with the offer; none: it can be published */
export function templateProblems(template: CouponTemplate): readonly RuleProblem[] {
  const parsed = parseRuleSet({ ...NO_SET, rules: [ruleOf(template)] });
  return parsed.ok ? [] : parsed.error;
}

/** The merchant's own rules in a set that was published. */
export function withoutCoupons<T extends { readonly version: string; readonly rules: readonly unknown[] }>(
  set: T,
): T {
  const rules = set.rules.filter((rule) => {
    const id = (rule as { id?: unknown } | null)?.id;
    return typeof id !== 'string' || !id.startsWith(PREFIX);
  });
  return { ...set, version: set.version.replace(MARK, ''), rules };
}

async function withCoupons(tx: Queryable, set: RuleSet): Promise<RuleSet> {
  const rows = await tx.query<{ data: CouponTemplate }>(
    'select data from coupon_template where ended_at is null order by template_id',
  );
  if (rows.length === 0) return set;
  const rules = rows.map(({ data }) => ruleOf(data));
  const mark = createHash('sha256').update(canonicalJson(rules)).digest('hex').slice(0, 8);
  return { ...set, version: `${set.version}+cp.${mark}`, rules: [...set.rules, ...rules] };
}

/** Publishes the merchant's rules and those of the live templates. */
export async function publishRules(
  db: Db,
  source: unknown,
  atMs: number,
): Promise<Result<string, RulesError>> {
  const set = source as RuleSet;
  const isSet = typeof set?.version === 'string' && Array.isArray(set.rules);
  return putRuleSet(db, isSet ? await withCoupons(db, withoutCoupons(set)) : source, atMs);
}

/** After a template came or ended. */
export async function republishRules(db: Db, atMs: number): Promise<Result<string, RulesError>> {
  return publishRules(db, (await currentRuleSet(db)) ?? NO_SET, atMs);
}
