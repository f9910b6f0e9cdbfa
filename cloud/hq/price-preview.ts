/**
 * A day's sales at other prices: by rules, or by tier discounts, that are not out yet. Nothing is changed.
 */
import type { z } from 'zod';
import type { JournalEntry } from '../../src/core/entry.ts';
import type { RuleSet } from '../../src/core/promotion.ts';
import { type CompiledRules, compileRules } from '../../src/core/promotion-index.ts';
import { canReplay, priceAgain, ruleSetVersion } from '../../src/core/replay.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Queryable } from '../db/db.ts';
import type { RulePreview } from './catalog-schemas.ts';

/** A day of a larger chain is tried on its newest sales. */
const PREVIEW_SALES_MAX = 5_000;
/** Rules that look at a birthday see none here: a sale holds no personal data. */
const NO_BIRTHDAY = { birthday: null };

type Book = z.infer<typeof RulePreview>['books'][number];

/** What the sales of a day would have come to by another rule set, one book a currency. */
export async function previewRules(
  db: Queryable,
  businessDate: string,
  rules: CompiledRules,
): Promise<Book[]> {
  const sales = await salesOn(db, businessDate);
  return booksOf(sales, (sale) => priceAgain(sale, rules, NO_BIRTHDAY).totalMinor);
}

/**
 * What they would have come to with other tier discounts, each by the rules that it was sold by.
 *
 * @param discountBp  basis points by tier id; sales of other tiers, and of nobody, stay as they are
 */
export async function previewTiers(
  db: Queryable,
  businessDate: string,
  discountBp: ReadonlyMap<string, number>,
): Promise<Book[]> {
  const sales = await salesOn(db, businessDate);
  const rows = await db.query<{ version: string; data: RuleSet }>(
    'select version, data from rule_set where version = any($1::text[])',
    [[...new Set(sales.map(ruleSetVersion))]],
  );
  const sets = new Map(rows.map(({ version, data }) => [version, compileRules(data)]));
  return booksOf(sales, (sale) => {
    const set = sets.get(ruleSetVersion(sale));
    const tier = sale.priced?.tier ?? null;
    const other = tier === null ? undefined : discountBp.get(tier.id);
    if (set === undefined || tier === null || other === undefined) return sale.totalMinor;
    const priced = { ...sale.priced!, tier: { ...tier, discountBp: other } };
    return priceAgain({ ...sale, priced }, set, NO_BIRTHDAY).totalMinor;
  });
}

/** The newest of a day that this program can price again. */
async function salesOn(db: Queryable, businessDate: string): Promise<Sale[]> {
  const rows = await db.query<{ text: string }>(
    `select e.text from sale s join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
     where s.business_date = $1::date order by s.at desc limit $2`,
    [businessDate, PREVIEW_SALES_MAX],
  );
  return rows
    .map(({ text }) => (JSON.parse(text) as JournalEntry & { readonly body: Sale }).body)
    .filter(canReplay);
}

function booksOf(sales: readonly Sale[], totalMinorOf: (sale: Sale) => number): Book[] {
  const books = new Map<string, Book>();
  for (const sale of sales) {
    const { currency } = sale;
    const book = books.get(currency) ?? { currency, sales: 0, changed: 0, differenceMinor: 0 };
    books.set(currency, book);
    book.sales++;
    const differenceMinor = totalMinorOf(sale) - sale.totalMinor;
    if (differenceMinor === 0) continue;
    book.changed++;
    book.differenceMinor += differenceMinor;
  }
  return [...books.values()];
}
