/**
 * Receipts of past days that this program can price again, and the rule sets that they were sold by: what previews stand on.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import { NO_RULES, type RuleSet } from '../../src/core/promotion.ts';
import { canReplay, ruleSetVersion } from '../../src/core/replay.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Queryable } from '../db/db.ts';

/** Days of a larger chain are tried on their newest sales. */
export const PREVIEW_SALES_MAX = 5_000;

/** Business dates, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/**
 * The newest of these days that can be priced again.
 *
 * @param of  all: returns and exchanges too; members: what members bought
 */
export async function pastSales(db: Queryable, { from, to }: Days, of: 'all' | 'members'): Promise<Sale[]> {
  const rows = await db.query<{ text: string }>(
    `select e.text from sale s join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
     where s.business_date between $1::date and $2::date
       and ($3 = 'all' or (s.member_id is not null and s.kind <> 'refund')) order by s.at desc limit $4`,
    [from, to, of, PREVIEW_SALES_MAX],
  );
  return rows
    .map(({ text }) => (JSON.parse(text) as JournalEntry & { readonly body: Sale }).body)
    .filter(canReplay);
}

/** By version; a set that HQ does not have is missing. */
export async function ruleSetsOf(
  db: Queryable,
  sales: readonly Sale[],
): Promise<ReadonlyMap<string, RuleSet>> {
  const rows = await db.query<{ version: string; data: RuleSet }>(
    'select version, data from rule_set where version = any($1::text[])',
    [[...new Set(sales.map(ruleSetVersion))]],
  );
  return new Map([
    [NO_RULES.version, NO_RULES],
    ...rows.map(({ version, data }) => [version, data] as const),
  ]);
}

/** What a chain counts in: the currency of its first store. */
export async function firstCurrency(db: Queryable): Promise<string> {
  const [row] = await db.query<{ code: string }>(
    `select data->'currency'->>'code' as code from store order by store_id limit 1`,
  );
  return row?.code ?? 'CNY';
}
