/**
 * Routes of coupons: templates, codes issued to members, packs.
 */
import type { z } from 'zod';
import { takeBackIssue } from '../loyalty/coupon-issues.ts';
import { type CouponTemplate, templateProblems } from '../loyalty/coupon-rules.ts';
import { listPacks, putPack } from '../loyalty/coupon-sales.ts';
import {
  cancelCoupon,
  couponsOfMember,
  endTemplate,
  issueCoupons,
  listTemplates,
  putTemplate,
} from '../loyalty/coupons.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { previewCoupon } from './coupon-preview.ts';
import { wordOf } from './fact-asked.ts';
import { asked, refusalOf, settled } from './loyalty-routes.ts';
import * as s from './loyalty-schemas.ts';
import { CouponPreview, CouponPreviewAsked } from './offer-preview-schemas.ts';
import { ListQuery, pageOf } from './pages.ts';
import { Applied } from './schemas.ts';

export function registerCoupons(app: App, { db, clock, signals }: ApiParts): void {
  const told = <T>(answer: T): T => {
    signals.emit('feed', {});
    return answer;
  };
  app.get(
    '/api/v1/coupon-templates',
    {
      config: {
        ...may('promotions.read', 'rows'),
        etag: ({ templates }: z.infer<typeof s.TemplateList>) =>
          templates.map(({ template, ended }) => ({ template, ended })),
      },
      schema: {
        summary: 'Coupon templates, and how many codes are out and used',
        querystring: ListQuery,
        response: ok(s.TemplateList),
      },
    },
    async ({ query }) => {
      const templates = (await listTemplates(db)) as unknown as z.infer<typeof s.TemplateList>['templates'];
      const page = pageOf(templates, query, ({ template }) => template.id);
      return { templates: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.put(
    '/api/v1/coupon-templates',
    {
      config: { ...may('promotions.write', 'chain'), ifMatch: 'may' },
      schema: {
        summary: 'Add a template, or change one of which no code is out; the tills get its rule',
        body: s.TemplateShape,
        response: ok(Applied),
      },
    },
    async (request) => {
      const template = asked(request.body) as unknown as CouponTemplate;
      settled(await putTemplate(db, template, wordOf(request, clock)));
      return told({ applied: 1 });
    },
  );
  app.post(
    '/api/v1/coupon-templates/preview',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary:
          'What a template would have cost on past sales, and what codes of it may cost; nothing is changed',
        body: CouponPreviewAsked,
        response: ok(CouponPreview),
      },
    },
    async ({ body }) => {
      const template = asked(body.template) as unknown as CouponTemplate;
      const problems = templateProblems(template);
      if (problems.length > 0) throw refusalOf({ kind: 'offer', problems });
      return previewCoupon(db, { ...asked(body), template });
    },
  );
  app.post(
    '/api/v1/coupon-templates/:templateId/end',
    {
      config: may('promotions.write', 'chain'),
      schema: {
        summary: 'No till takes its codes any more',
        params: s.TemplateParams,
        response: ok(Applied),
      },
    },
    async (request) => {
      const { templateId } = request.params;
      if (await endTemplate(db, templateId, wordOf(request, clock))) return told({ applied: 1 });
      throw new ApiProblem(404, 'unknown_template', 'there is no such coupon template');
    },
  );
  app.post(
    '/api/v1/coupon-templates/:templateId/issues',
    {
      config: may('promotions.write', 'chain'),
      schema: {
        summary: 'Issue codes to members, such as those of a segment',
        params: s.TemplateParams,
        body: s.IssueAsked,
        response: ok(s.IssueDone),
      },
      bodyLimit: 16 * 1024 * 1024,
    },
    async ({ params, body }) =>
      told(settled(await issueCoupons(db, { ...params, ...asked(body), nowMs: clock.nowMs() }))) as z.infer<
        typeof s.IssueDone
      >,
  );
  app.post(
    '/api/v1/coupon-templates/:templateId/issues/:key/cancel',
    {
      config: may('promotions.write', 'chain'),
      schema: {
        summary: 'Takes an issue back: its codes that were not used are worth nothing',
        params: s.IssueParams,
        response: ok(s.IssueTakenBack),
      },
    },
    async ({ params }) => {
      const done = await takeBackIssue(db, params, clock.nowMs());
      if (done === null) throw new ApiProblem(404, 'unknown_issue', 'nothing was issued under this key');
      return told({ ...done });
    },
  );
  app.get(
    '/api/v1/members/:memberId/coupons',
    {
      config: may('loyalty.read', 'rows'),
      schema: {
        summary: 'Codes of a member, newest first',
        params: s.MemberParams,
        querystring: ListQuery,
        response: ok(s.CouponList),
      },
    },
    async ({ params, query }) => {
      const page = pageOf(await couponsOfMember(db, params.memberId), query, ({ code }) => code);
      return { coupons: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.post(
    '/api/v1/coupons/:code/cancel',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'A code that was not used is worth nothing',
        params: s.CodeParams,
        response: ok(Applied),
      },
    },
    async ({ params }) => {
      if (await cancelCoupon(db, params.code, clock.nowMs())) return told({ applied: 1 });
      throw new ApiProblem(409, 'not_open', 'there is no such code, or it was used');
    },
  );
  app.get(
    '/api/v1/coupon-packs',
    {
      config: { ...may('promotions.read', 'rows'), etag: true },
      schema: { summary: 'Articles whose buyers get coupons', response: ok(s.PackList) },
    },
    async () => ({ packs: (await listPacks(db)) as unknown as z.infer<typeof s.PackList>['packs'] }),
  );
  app.put(
    '/api/v1/coupon-packs',
    {
      config: { ...may('promotions.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'An article whose buyer gets coupons', body: s.PackShape, response: ok(Applied) },
    },
    async (request) => {
      const strange = await putPack(db, request.body, wordOf(request, clock));
      if (strange === null) return { applied: 1 };
      throw new ApiProblem(404, 'unknown_template', `there is no template ${strange}; nothing was stored`);
    },
  );
}
