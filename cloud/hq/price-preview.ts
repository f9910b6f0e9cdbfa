/**
 * A day's sales at other prices: by rules, or by tier discounts, that are not out yet. Nothing is changed.
 */
import type { z } from 'zod';
import type { Tier } from '../../src/core/loyalty.ts';
import { type CompiledRules, compileRules } from '../../src/core/promotion-index.ts';
import { priceAgain, ruleSetVersion } from '../../src/core/replay.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Queryable } from '../db/db.ts';
import type { RulePreview } from './catalog-schemas.ts';
import { pastSales, ruleSetsOf } from './past-sales.ts';

/** Rules that look at a birthday see none here: a sale holds no personal data. */
const NO_BIRTHDAY = { birthday: null };

type Book = z.infer<typeof RulePreview>['books'][number];

/** What the sales of a day would have come to by another rule set, one book a currency. */
export async function previewRules(
  db: Queryable,
  businessDate: string,
  rules: CompiledRules,
): Promise<Book[]> {
  const sales = await pastSales(db, { from: businessDate, to: businessDate }, 'all');
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
  const sales = await pastSales(db, { from: businessDate, to: businessDate }, 'all');
  return retiered(db, sales, ({ priced }) => {
    const tier = priced?.tier ?? null;
    const other = tier === null ? undefined : discountBp.get(tier.id);
    return tier === null || other === undefined ? undefined : { ...tier, discountBp: other };
  });
}

/**
 * What they would have come to if some members had been on another tier, each by the rules that it was sold by.
 *
 * @param tierOf  by member; sales of others stay as they are
 */
export async function previewMoves(
  db: Queryable,
  businessDate: string,
  tierOf: ReadonlyMap<string, Tier>,
): Promise<Book[]> {
  const sales = await pastSales(db, { from: businessDate, to: businessDate }, 'all');
  return retiered(db, sales, ({ memberId }) => tierOf.get(memberId ?? ''));
}

async function retiered(
  db: Queryable,
  sales: readonly Sale[],
  tierOf: (sale: Sale) => Tier | undefined,
): Promise<Book[]> {
  const rules = await ruleSetsOf(db, sales);
  const sets = new Map([...rules].map(([version, data]) => [version, compileRules(data)]));
  return booksOf(sales, (sale) => {
    const set = sets.get(ruleSetVersion(sale));
    const tier = tierOf(sale);
    if (set === undefined || tier === undefined) return sale.totalMinor;
    return priceAgain({ ...sale, priced: { ...sale.priced!, tier } }, set, NO_BIRTHDAY).totalMinor;
  });
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
