/**
 * Routes of benefits, referrals and lucky draws.
 */
import { type Benefit, giveBenefits, listBenefits, putBenefit } from '../loyalty/benefits.ts';
import { addTickets, type Draw, drawNow, drawPage, openDraw } from '../loyalty/draws.ts';
import {
  currentTerms,
  payReferrals,
  putReferralTerms,
  type ReferralTerms,
  refer,
} from '../loyalty/referrals.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { wordOf } from './fact-asked.ts';
import { settled } from './loyalty-routes.ts';
import { JobDay } from './loyalty-schemas.ts';
import * as v from './offer-preview-schemas.ts';
import { previewBenefit, previewDraw } from './reward-preview.ts';
import * as s from './reward-schemas.ts';
import { Applied } from './schemas.ts';

export function registerRewards(app: App, { db, clock, signals }: ApiParts): void {
  const told = <T>(answer: T): T => {
    signals.emit('feed', {});
    return answer;
  };
  app.get(
    '/api/v1/benefits',
    {
      config: { ...may('promotions.read', 'rows'), etag: true },
      schema: { summary: 'Birthday, festival and member-day benefits', response: ok(s.BenefitList) },
    },
    async () => ({ benefits: (await listBenefits(db)) as never }),
  );
  app.put(
    '/api/v1/benefits',
    {
      config: { ...may('promotions.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Add or change a benefit', body: s.BenefitShape, response: ok(Applied) },
    },
    async (request) => {
      await putBenefit(db, request.body as Benefit, wordOf(request, clock));
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/benefits/preview',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary: 'What a benefit would have given on past days, and what that may cost; nothing is changed',
        body: v.BenefitPreviewAsked,
        response: ok(v.BenefitPreview),
      },
    },
    async ({ body }) => previewBenefit(db, { ...body, benefit: body.benefit as Benefit }),
  );
  app.post(
    '/api/v1/jobs/give-benefits',
    {
      config: may('jobs.run', 'chain'),
      schema: {
        summary: 'Gives the benefits of a day, once a period',
        body: JobDay,
        response: ok(s.BenefitsGiven),
      },
    },
    async ({ body }) => told({ given: { ...(await giveBenefits(db, body.asOf, clock.nowMs())) } }),
  );
  app.get(
    '/api/v1/referral-terms',
    {
      config: { ...may('promotions.read', 'rows'), etag: true },
      schema: { summary: 'What a referral gives now; null: nothing yet', response: ok(s.CurrentTerms) },
    },
    async () => ({ terms: (await currentTerms(db)) as never }),
  );
  app.put(
    '/api/v1/referral-terms',
    {
      config: { ...may('promotions.write', 'chain'), ifMatch: 'may' },
      schema: {
        summary: 'What a referral gives, and when',
        body: s.ReferralTermsShape,
        response: ok(Applied),
      },
    },
    async (request) => {
      settled(await putReferralTerms(db, request.body as ReferralTerms, wordOf(request, clock)));
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/referrals',
    {
      config: may('loyalty.write', 'chain'),
      schema: { summary: 'A member brought a friend', body: s.ReferralShape, response: ok(s.ReferralShape) },
    },
    async ({ body }) => settled(await refer(db, body, clock.nowMs())),
  );
  app.post(
    '/api/v1/jobs/pay-referrals',
    {
      config: may('jobs.run', 'chain'),
      schema: {
        summary: 'Pays referrals whose return window is over',
        body: JobDay,
        response: ok(s.ReferralsPaid),
      },
    },
    async ({ body }) => told({ paid: await payReferrals(db, body.asOf, clock.nowMs()) }),
  );
  app.post(
    '/api/v1/draws',
    {
      config: may('promotions.write', 'chain'),
      schema: {
        summary: 'Open a lucky draw; its seed is promised',
        body: s.DrawShape,
        response: ok(s.DrawPage),
      },
    },
    async (request) => settled(await openDraw(db, request.body as Draw, wordOf(request, clock))) as never,
  );
  app.post(
    '/api/v1/draws/preview',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary: 'What the prizes of a draw may cost, beside the sales of a day; nothing is opened',
        body: v.DrawPreviewAsked,
        response: ok(v.DrawPreview),
      },
    },
    async ({ body }) => previewDraw(db, { ...body, draw: body.draw as Draw }),
  );
  app.get(
    '/api/v1/draws/:drawId',
    {
      config: may('promotions.read', 'chain'),
      schema: {
        summary:
          'A draw with its promise, odds, tickets and, once drawn, all that it takes to work it out again',
        params: s.DrawParams,
        response: ok(s.DrawPage),
      },
    },
    async ({ params }) => {
      const page = await drawPage(db, params.drawId);
      if (page === null) throw new ApiProblem(404, 'unknown_draw', 'there is no such draw');
      return page as never;
    },
  );
  app.post(
    '/api/v1/draws/:drawId/tickets',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'Tickets for a member',
        params: s.DrawParams,
        body: s.TicketsAsked,
        response: ok(s.TicketsMade),
      },
    },
    async ({ params, body }) => {
      const made = settled(await addTickets(db, { ...params, ...body }, clock.nowMs()));
      return { tickets: [...made.tickets] };
    },
  );
  app.post(
    '/api/v1/draws/:drawId/draw',
    {
      config: may('promotions.write', 'chain'),
      schema: {
        summary: 'Draws once, gives the prizes, shows the seed',
        params: s.DrawParams,
        body: s.DrawDay,
        response: ok(s.DrawPage),
      },
    },
    async ({ params, body }) =>
      told(settled(await drawNow(db, { ...params, ...body }, clock.nowMs()))) as never,
  );
}
