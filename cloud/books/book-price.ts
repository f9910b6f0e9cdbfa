/**
 * Prices in the books: each sale is priced once more by the rule set that it names (N05). A difference is told; the sale stands.
 */
import type { Programme } from '../../src/core/points.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { type CompiledRules, compileRules, NO_PROMOTIONS } from '../../src/core/promotion-index.ts';
import { canReplay, replaySale, ruleSetVersion } from '../../src/core/replay.ts';
import type { Sale } from '../../src/core/sale.ts';
import { kinBirthdays } from '../identity/family.ts';
import { programmeByVersion } from '../loyalty/programme.ts';
import { alert, type SaleEntry } from './book-sale.ts';
import type { Batch } from './books.ts';

/** Published sets never change, so they are read and compiled once. */
export class RuleShelf {
  private readonly sets = new Map<string, CompiledRules>([[NO_PROMOTIONS.set.version, NO_PROMOTIONS]]);
  private readonly programmes = new Map<string, Programme>();

  /** null: HQ never published it. */
  async rules(batch: Batch, version: string): Promise<CompiledRules | null> {
    const known = this.sets.get(version);
    if (known !== undefined) return known;
    const [row] = await batch.tx.query<{ data: unknown }>('select data from rule_set where version = $1', [
      version,
    ]);
    const parsed = row === undefined ? null : parseRuleSet(row.data);
    if (parsed === null || !parsed.ok) return null;
    return keep(this.sets, version, compileRules(parsed.value));
  }

  async programme(batch: Batch, version: string): Promise<Programme | null> {
    const known = this.programmes.get(version) ?? (await programmeByVersion(batch.tx, version));
    return known === null ? null : keep(this.programmes, version, known);
  }
}

/** A chain uses a few versions at a time; tills that were away for long name older ones. */
const VERSIONS_KEPT = 20;

function keep<T>(shelf: Map<string, T>, version: string, thing: T): T {
  if (shelf.size >= VERSIONS_KEPT && !shelf.has(version)) shelf.delete(shelf.keys().next().value!);
  shelf.set(version, thing);
  return thing;
}

export async function bookPrices(
  batch: Batch,
  entries: readonly SaleEntry[],
  shelf: RuleShelf,
): Promise<void> {
  const replayable = entries.filter(({ body }) => canReplay(body));
  const birthdays = await birthdaysOf(
    batch,
    replayable.flatMap(({ body }) => body.memberId ?? []),
  );
  for (const { body } of replayable) {
    const version = ruleSetVersion(body);
    const rules = await shelf.rules(batch, version);
    if (rules === null) {
      await alert(batch, body.id, 'rules_unknown', { version });
      continue;
    }
    const programme = body.points == null ? null : await shelf.programme(batch, body.points.programme);
    const facts = {
      birthday: body.memberId === null ? null : (birthdays.get(body.memberId) ?? null),
      ...(programme === null ? {} : { programme }),
    };
    const difference = differenceOf(body, rules, facts);
    if (difference === null || (await fitsAnother(batch, body, rules, facts))) continue;
    await alert(batch, body.id, 'price_differs', { version, difference });
  }
}

/** The till knew who is one person now as two, or the other way round: with the birthday of either the sale may be right. */
async function fitsAnother(
  { tx }: Batch,
  sale: Sale,
  rules: CompiledRules,
  facts: Parameters<typeof replaySale>[2],
): Promise<boolean> {
  const birthdays = sale.memberId === null ? [] : await kinBirthdays(tx, sale.memberId);
  return birthdays.some((birthday) => differenceOf(sale, rules, { ...facts, birthday }) === null);
}

/** What a till of another program sent may be beyond this kernel: that is a difference too, never a stop. */
function differenceOf(...replay: Parameters<typeof replaySale>): string | null {
  try {
    return replaySale(...replay);
  } catch (cause) {
    return `cannot be priced again: ${(cause as Error).message}`;
  }
}

async function birthdaysOf(batch: Batch, memberIds: readonly string[]): Promise<Map<string, string>> {
  if (memberIds.length === 0) return new Map();
  const rows = await batch.tx.query<{ member_id: string; birthday: string }>(
    `select member_id, data->>'birthday' as birthday from member
     where member_id = any($1::text[]) and data ? 'birthday'`,
    [[...new Set(memberIds)]],
  );
  return new Map(rows.map(({ member_id, birthday }) => [member_id, birthday]));
}
