/**
 * Rules before and after they are out: what a draft would have cost, versions that were published, and by which one tills sell.
 */
import { z } from 'zod';
import type { RuleSet } from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import { ruleSetVersion } from '../../src/core/replay.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import {
  RolloutList,
  RulePreview,
  RulePreviewAsked,
  RuleVersionList,
  TierPreviewAsked,
} from './catalog-schemas.ts';
import { ListQuery, pageOf } from './pages.ts';
import { previewRules, previewTiers } from './price-preview.ts';
import { RuleSetShape } from './schemas.ts';

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
      return { books: await previewRules(db, body.businessDate, compileRules(parsed.value)) };
    },
  );
  app.post(
    '/api/v1/tiers/preview',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary: 'Prices the sales of a day by other tier discounts; nothing is changed',
        body: TierPreviewAsked,
        response: ok(RulePreview),
      },
    },
    async ({ body }) => {
      const discounts = new Map(body.tiers.map(({ id, discountBp }) => [id, discountBp]));
      return { books: await previewTiers(db, body.businessDate, discounts) };
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
