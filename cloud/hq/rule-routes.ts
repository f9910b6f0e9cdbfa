/**
 * Rules before and after they are out: what a draft would have cost, versions that were published, and by which one tills sell.
 */
import { z } from 'zod';
import type { JournalEntry } from '../../src/core/entry.ts';
import type { RuleSet } from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { type CompiledRules, compileRules } from '../../src/core/promotion-index.ts';
import { canReplay, priceAgain, ruleSetVersion } from '../../src/core/replay.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Queryable } from '../db/db.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { RolloutList, RulePreview, RulePreviewAsked, RuleVersionList } from './catalog-schemas.ts';
import { ListQuery, pageOf } from './pages.ts';
import { RuleSetShape } from './schemas.ts';

/** A day of a larger chain is tried on its newest sales. */
const PREVIEW_SALES_MAX = 5_000;

export function registerRuleViews(app: App, { db }: ApiParts): void {
  app.post(
    '/api/v1/rules/preview',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary: 'Prices the sales of a day by a rule set that is not published; nothing is changed',
        body: RulePreviewAsked,
        response: ok(RulePreview),
      },
      bodyLimit: 32 * 1024 * 1024,
    },
    async ({ body }) => {
      const parsed = parseRuleSet(body.rules);
      if (!parsed.ok) throw new ApiProblem(422, 'rules', 'a rule is wrong', parsed.error);
      return { books: await previewOf(db, body.businessDate, compileRules(parsed.value)) };
    },
  );
  app.get(
    '/api/v1/rules/versions',
    {
      config: may('promotions.read', 'chain'),
      schema: {
        summary: 'Rule sets that were published, newest first',
        querystring: ListQuery,
        response: ok(RuleVersionList),
      },
    },
    async ({ query }) => {
      const versions = await db.query<z.infer<typeof RuleVersionList>['versions'][number]>(
        `select version, published_at as "publishedAtMs", jsonb_array_length(data->'rules') as rules
         from rule_set order by published_at desc, version desc`,
      );
      const page = pageOf(versions, query, ({ version }) => version);
      return { versions: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/api/v1/rules/versions/:version',
    {
      config: may('promotions.read', 'chain'),
      schema: {
        summary: 'A rule set that was published',
        params: z.object({ version: z.string().max(128) }),
        response: ok(RuleSetShape),
      },
    },
    async ({ params }) => {
      const [row] = await db.query<{ data: RuleSet }>('select data from rule_set where version = $1', [
        params.version,
      ]);
      if (row === undefined) throw new ApiProblem(404, 'unknown_version', 'no such rule set was published');
      return row.data as unknown as z.infer<typeof RuleSetShape>;
    },
  );
  app.get(
    '/api/v1/rules/rollout',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary: 'The rule set that each till sold by last',
        querystring: ListQuery,
        response: ok(RolloutList),
      },
    },
    async ({ query }) => {
      const rows = await db.query<z.infer<typeof RolloutList>['tills'][number]>(
        `select t.till_id as "tillId", t.store_id as "storeId", t.code, s.rules_version as version, s.at as "atMs"
         from till t left join lateral (
           select rules_version, at from sale where till_id = t.till_id and store_id = t.store_id order by at desc limit 1) s
           on true
         where t.enrolled_at is not null and t.revoked_at is null order by t.store_id, t.code`,
      );
      const page = pageOf(rows, query, ({ tillId }) => tillId);
      return {
        nextCursor: page.nextCursor,
        tills: page.rows.map((row) => ({
          ...row,
          version: row.version === null ? null : ruleSetVersion({ rulesVersion: row.version }),
        })),
      };
    },
  );
}

type Book = z.infer<typeof RulePreview>['books'][number];

/** Rules that look at a birthday see none here: a sale holds no personal data. */
async function previewOf(db: Queryable, businessDate: string, rules: CompiledRules): Promise<Book[]> {
  const rows = await db.query<{ text: string }>(
    `select e.text from sale s join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
     where s.business_date = $1::date order by s.at desc limit $2`,
    [businessDate, PREVIEW_SALES_MAX],
  );
  const books = new Map<string, Book>();
  for (const { text } of rows) {
    const { body } = JSON.parse(text) as JournalEntry & { readonly body: Sale };
    if (!canReplay(body)) continue;
    const book = books.get(body.currency) ?? {
      currency: body.currency,
      sales: 0,
      changed: 0,
      differenceMinor: 0,
    };
    books.set(body.currency, book);
    book.sales++;
    const differenceMinor = priceAgain(body, rules, { birthday: null }).totalMinor - body.totalMinor;
    if (differenceMinor === 0) continue;
    book.changed++;
    book.differenceMinor += differenceMinor;
  }
  return [...books.values()];
}
