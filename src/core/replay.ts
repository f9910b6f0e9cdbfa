/**
 * Replay: a stored sale priced once more, from itself and the rule set that it names.
 *
 * Pure. The till writes beside the lines what its kernel was given (`PricedWith`); HQ, an auditor or a test hands back the
 * rules and comes to the same cents for the same reasons, or to the first difference, in words.
 */
import { assert } from './assert.ts';
import type { BasketLine } from './basket.ts';
import { earnPoints, type Programme } from './points.ts';
import { PRICING_VERSION, type PricedBasket, type PricedLine, priceBasket } from './pricing.ts';
import type { Adjustment } from './promotion.ts';
import type { CompiledRules } from './promotion-index.ts';
import type { PriceContext } from './promotion-run.ts';
import type { PricedWith, RuleUses, Sale } from './sale.ts';
import type { TaxPolicy } from './tax.ts';

/** What only the member's own record says; a sale holds no personal data. */
export interface ReplayFacts {
  /** `MM-DD` or `YYYY-MM-DD` as the till knew it; null: none. */
  readonly birthday: string | null;
  /** The programme that the sale's points name; not given: points are not looked at. */
  readonly programme?: Programme;
}

/** What a till keeps of the context that it priced by: enough to price again, and of the member only what rules ask for. */
export function pricedWith(
  context: PriceContext,
  rules: { readonly promotions: CompiledRules; readonly taxRounding: TaxPolicy['rounding'] },
): PricedWith {
  const { at, locale, member, coupons, usesLeft, manual } = context;
  const asked = askedOf(rules.promotions);
  return {
    kernel: PRICING_VERSION,
    at,
    locale,
    taxRounding: rules.taxRounding,
    tier: member?.tier ?? null,
    tags: (member?.tags ?? []).filter((tag) => asked.tags.has(tag)),
    segments: (member?.segments ?? []).filter((id) => asked.segments.has(id)),
    coupons,
    usesLeft,
    manual,
  };
}

/** Uses that count against limits which leases keep. */
export function limitedUses(promotions: CompiledRules, uses: PricedBasket['uses']): RuleUses[] {
  const limited = askedOf(promotions).limited;
  return uses.filter(({ ruleId }) => limited.has(ruleId));
}

/** Rules with limits over all sales, or over those of a member. */
export function limitedRules(promotions: CompiledRules): ReadonlyMap<string, LeasedLimits> {
  return askedOf(promotions).limited;
}

export interface LeasedLimits {
  readonly total: boolean;
  readonly perMember: boolean;
}

interface Asked {
  readonly tags: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
  readonly limited: ReadonlyMap<string, LeasedLimits>;
}

/** Worked out once a rule set. */
const askedBySet = new WeakMap<CompiledRules, Asked>();

function askedOf(promotions: CompiledRules): Asked {
  const known = askedBySet.get(promotions);
  if (known !== undefined) return known;
  const { rules } = promotions;
  const made: Asked = {
    tags: new Set(rules.flatMap(({ audience }) => audience?.tags ?? [])),
    segments: new Set(rules.flatMap(({ audience }) => audience?.segments ?? [])),
    limited: new Map(
      rules
        .map(({ id, limits }): [string, LeasedLimits] => [
          id,
          { total: limits?.total !== undefined, perMember: limits?.perMember !== undefined },
        ])
        .filter(([, { total, perMember }]) => total || perMember),
    ),
  };
  askedBySet.set(promotions, made);
  return made;
}

/** Whether a sale can be priced again by this program: older programs and kernels left or made it otherwise. */
export function canReplay(sale: Sale): boolean {
  return sale.priced?.kernel === PRICING_VERSION;
}

/** The version of the rule set that a sale names: without the till's place in the feed. */
export function ruleSetVersion({ rulesVersion }: Pick<Sale, 'rulesVersion'>): string {
  const cut = rulesVersion.lastIndexOf('/');
  return cut === -1 ? rulesVersion : rulesVersion.slice(0, cut);
}

/**
 * Prices a stored sale again.
 *
 * @param promotions the set that `ruleSetVersion(sale)` names
 * @returns null when every line, reason, tax, total and (with a programme) point is the same, or when the sale cannot be
 *   replayed (`canReplay`); else the first difference, in words
 */
export function replaySale(sale: Sale, promotions: CompiledRules, facts: ReplayFacts): string | null {
  const { priced } = sale;
  if (priced === undefined || !canReplay(sale)) return null;
  const { version } = promotions.set;
  if (sale.rulesVersion !== version && ruleSetVersion(sale) !== version) {
    return `rules: the sale was priced by ${ruleSetVersion(sale)}, not by ${version}`;
  }
  const again = priceAgain(sale, promotions, facts);
  return differenceOf(sale, again, promotions) ?? pointsDifference(sale, priced, facts);
}

/**
 * What a stored sale comes to by a rule set, its own or another: the same goods, member, time and coupons.
 *
 * @throws AssertionError when the sale cannot be replayed (`canReplay`)
 */
export function priceAgain(
  sale: Sale,
  promotions: CompiledRules,
  facts: Pick<ReplayFacts, 'birthday'>,
): PricedBasket {
  const { priced } = sale;
  assert(priced !== undefined, 'a sale that is priced again says what it was priced with');
  return priceBasket(
    {
      id: sale.id,
      openedAtMs: 0,
      lines: sale.lines.map(basketLine),
      lastLineNo: Math.max(0, ...sale.lines.map(({ lineNo }) => lineNo)),
      memberId: sale.memberId,
    },
    { version: sale.rulesVersion, tax: taxOf(sale, priced), promotions },
    contextOf(sale, priced, facts),
  );
}

function contextOf(
  sale: Sale,
  priced: PricedWith,
  { birthday }: Pick<ReplayFacts, 'birthday'>,
): PriceContext {
  const { at, locale, tier, tags, segments, coupons, usesLeft, manual } = priced;
  const member =
    sale.memberId === null ? null : { tier, tags, segments, ...(birthday === null ? {} : { birthday }) };
  return { at, storeId: sale.storeId, locale, member, coupons, usesLeft, manual };
}

/** The tax as far as this sale's goods hang on it. */
function taxOf({ lines, taxMode }: Sale, { taxRounding }: PricedWith): TaxPolicy {
  // Goods coming back carry the rate that they were sold at; goods sold now say what the code is today.
  const order = [...lines].sort((a, b) => Number(b.back !== undefined) - Number(a.back !== undefined));
  const rates = new Map(order.map(({ taxCode, taxRateBp }) => [taxCode, taxRateBp]));
  return {
    mode: taxMode,
    rounding: taxRounding,
    rates: [...rates].map(([code, rateBp]) => ({ code, rateBp })),
  };
}

/** A priced line as it stood in the basket. */
function basketLine(line: PricedLine): BasketLine {
  const { grossMinor: _, adjustments: __, netMinor: ___, taxRateBp: ____, taxMinor: _____, ...plain } = line;
  return plain;
}

function differenceOf(sale: Sale, again: PricedBasket, promotions: CompiledRules): string | null {
  for (const [index, line] of sale.lines.entries()) {
    const other = again.lines[index]!;
    const found =
      differ(`line ${line.lineNo} gross`, line.grossMinor, other.grossMinor) ??
      reasonsDiffer(line, other) ??
      differ(`line ${line.lineNo} net`, line.netMinor, other.netMinor) ??
      differ(`line ${line.lineNo} tax`, line.taxMinor, other.taxMinor);
    if (found !== null) return found;
  }
  for (const [index, tax] of sale.taxes.entries()) {
    const other = again.taxes[index];
    const found =
      differ(`tax ${tax.taxCode} base`, tax.baseMinor, other?.baseMinor ?? 0) ??
      differ(`tax ${tax.taxCode}`, tax.taxMinor, other?.taxMinor ?? 0);
    if (found !== null) return found;
  }
  return (
    differ('gross', sale.grossMinor, again.grossMinor) ??
    differ('adjustments', sale.adjustmentMinor, again.adjustmentMinor) ??
    differ('tax', sale.taxMinor, again.taxMinor) ??
    differ('total', sale.totalMinor, again.totalMinor) ??
    usesDiffer(sale.uses ?? [], limitedUses(promotions, again.uses))
  );
}

function reasonsDiffer(line: PricedLine, other: PricedLine): string | null {
  const count = Math.max(line.adjustments.length, other.adjustments.length);
  for (let i = 0; i < count; i++) {
    const [a, b] = [line.adjustments[i], other.adjustments[i]];
    if (a !== undefined && b !== undefined && isSame(a, b)) continue;
    return `line ${line.lineNo}: the sale says ${told(a)}, the replay ${told(b)}`;
  }
  return null;
}

/** Reasons hold plain values one level deep; the order of their fields says nothing. */
function isSame(a: Adjustment, b: Adjustment): boolean {
  if (a.ruleId !== b.ruleId || a.amountMinor !== b.amountMinor) return false;
  const [left, right] = [a.reason, b.reason].map((reason) => reason as unknown as Record<string, unknown>);
  const fields = new Set([...Object.keys(left!), ...Object.keys(right!)]);
  return [...fields].every((field) => left![field] === right![field]);
}

function told(adjustment: Adjustment | undefined): string {
  if (adjustment === undefined) return 'nothing';
  const { ruleId, amountMinor, reason } = adjustment;
  return `${ruleId} ${amountMinor} (${reason.kind})`;
}

function usesDiffer(said: readonly RuleUses[], found: readonly RuleUses[]): string | null {
  for (const ruleId of new Set([...said, ...found].map((use) => use.ruleId))) {
    const countIn = (uses: readonly RuleUses[]) => uses.find((use) => use.ruleId === ruleId)?.count ?? 0;
    const difference = differ(`uses of ${ruleId}`, countIn(said), countIn(found));
    if (difference !== null) return difference;
  }
  return null;
}

function pointsDifference(sale: Sale, priced: PricedWith, facts: ReplayFacts): string | null {
  const { points } = sale;
  const { birthday, programme } = facts;
  if (points == null || programme === undefined) return null;
  if (points.programme !== programme.version) {
    return `points: the sale earned by ${points.programme}, not by ${programme.version}`;
  }
  const earner = { tierId: priced.tier?.id ?? null, ...(birthday === null ? {} : { birthday }) };
  const again = earnPoints(programme, earner, priced.at, sale, sale.taxMode);
  for (const [index, line] of sale.lines.entries()) {
    const found = differ(`line ${line.lineNo} points`, points.byLine[index] ?? 0, again.byLine[index]!);
    if (found !== null) return found;
  }
  return differ('points', points.earned, again.earned);
}

function differ(what: string, said: number, found: number): string | null {
  return said === found ? null : `${what}: the sale says ${said}, the replay ${found}`;
}
