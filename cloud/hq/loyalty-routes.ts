/**
 * Routes of loyalty: points and value of members, gift cards, tiers by rule, and the jobs that a day begins with.
 */
import type { TierRule } from '../../src/core/tier-rule.ts';
import { balancesOf } from '../loyalty/balances.ts';
import { buyerOf } from '../loyalty/buyers.ts';
import * as cards from '../loyalty/gift-card.ts';
import { expirePoints, proveLedgers } from '../loyalty/ledger-jobs.ts';
import { ledgerPage } from '../loyalty/ledger-page.ts';
import * as ledgers from '../loyalty/member-ledger.ts';
import { balanceOn } from '../loyalty/past-balance.ts';
import { giveGrowth, putTierRule, reviewTiers, tierOfMember, tierRules } from '../loyalty/tiers.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { wordOf } from './fact-asked.ts';
import * as s from './loyalty-schemas.ts';
import * as v from './offer-preview-schemas.ts';
import { Applied } from './schemas.ts';
import { previewTierRule } from './tier-rule-preview.ts';
import { previewPolicy } from './value-preview.ts';

/** What a refusal is in HTTP, and in words. */
const REFUSALS: Readonly<Record<string, readonly [number, string]>> = {
  key_taken: [409, 'this key was used for something else: use a new one'],
  version_taken: [409, 'the version is out with other words: use a new one'],
  not_later: [409, 'a version from that date or a later one is out: a new one begins after it'],
  template_taken: [409, 'codes of this template are out with other words: make a new template'],
  unknown_member: [404, 'there is no such member'],
  unknown_card: [404, 'there is no such gift card'],
  unknown_spend: [404, 'there is no such spend to give back'],
  unknown_template: [404, 'there is no such coupon template'],
  unknown_tier: [422, 'a level names a tier that there is not'],
  not_enough: [422, 'there is not that much; nothing was changed'],
  overflow: [422, 'no balance may be that large: give less; nothing was changed'],
  more_than_spent: [422, 'more than was spent cannot come back; nothing was changed'],
  balance_limit: [422, 'the policy allows no such balance; nothing was changed'],
  amount: [422, 'the policy allows no such amount; nothing was changed'],
  other_currency: [422, 'this account is in another currency; nothing was changed'],
  buyer_missing: [422, 'for this much the buyer is to be registered; nothing was issued'],
  blocked: [422, 'the card is blocked'],
  levels: [422, 'the levels are wrong; nothing was published'],
  growth: [422, 'the growth is wrong; nothing was published'],
  ended: [422, 'the template has ended; nothing was issued'],
  expired: [422, 'the template’s time is over; nothing was issued'],
  issue_limit: [422, 'the template’s limit leaves fewer than that; nothing was issued'],
  offer: [422, 'the offer is no rule that can be worked; nothing was stored'],
  rules: [422, 'the rules cannot be published with it'],
  self: [422, 'nobody refers themselves, by card or phone'],
  household: [422, 'nobody refers within the household'],
  circular: [422, 'the friend referred this member, or one who did'],
  has_bought: [422, 'the friend has bought before'],
  referred_by_another: [409, 'somebody else brought this friend'],
  unknown_draw: [404, 'there is no such draw'],
  draw_taken: [409, 'a draw of this id is open with other words'],
  drawn: [409, 'it is drawn: no more tickets'],
  series: [422, 'a series is 1 to 10 of A-Z and 0-9'],
};

type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly kind: string } };

/** @throws ApiProblem what was refused */
export function settled<T>(result: Outcome<T>): T {
  if (result.ok) return result.value;
  throw refusalOf(result.error);
}

export function refusalOf(error: { readonly kind: string; readonly problems?: unknown }): ApiProblem {
  const [status, words] = REFUSALS[error.kind] ?? [422, 'this was refused; nothing was changed'];
  return new ApiProblem(status, error.kind, words, error);
}

export function registerLoyalty(app: App, parts: ApiParts): void {
  registerLedgers(app, parts);
  registerCards(app, parts);
  registerTiers(app, parts);
}

function registerLedgers(app: App, { db, clock, signals }: ApiParts): void {
  const told = <T>(answer: T): T => {
    signals.emit('feed', {});
    return answer;
  };
  const money = [
    ['top-ups', 'Top up stored value', ledgers.topUpValue],
    ['spends', 'Spend stored value: principal before bonus', ledgers.spendValue],
  ] as const;
  app.get(
    '/api/v1/members/:memberId/ledger',
    {
      config: may('loyalty.read', 'rows'),
      schema: {
        summary: 'Points or stored value of a member: balance, open lots, and all that moved, newest first',
        params: s.MemberParams,
        querystring: s.LedgerQuery,
        response: ok(s.LedgerPage),
      },
    },
    async ({ params, query }) => ledgerPage(db, { ...params, ...query }),
  );
  app.get(
    '/api/v1/members/:memberId/balance',
    {
      config: may('loyalty.read', 'rows'),
      schema: {
        summary: 'Points and stored value of a member, now or at the end of any day',
        params: s.MemberParams,
        querystring: s.BalanceQuery,
        response: ok(s.Balance),
      },
    },
    async ({ params: { memberId }, query: { asOf } }) =>
      asOf === undefined ? (await balancesOf(db, [memberId]))[0]! : balanceOn(db, memberId, asOf),
  );
  app.post(
    '/api/v1/members/:memberId/points/corrections',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'Give or take points by hand, with a reason',
        params: s.MemberParams,
        body: s.PointsWrite,
        response: ok(s.Balance),
      },
    },
    async ({ params, body }) =>
      told(settled(await ledgers.correctPoints(db, { ...params, ...asked(body), nowMs: clock.nowMs() }))),
  );
  app.post(
    '/api/v1/members/:memberId/points/redemptions',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'Points for a gift',
        params: s.MemberParams,
        body: s.Redemption,
        response: ok(s.Balance),
      },
    },
    async ({ params, body }) =>
      told(settled(await ledgers.redeemPoints(db, { ...params, ...asked(body), nowMs: clock.nowMs() }))),
  );
  for (const [path, summary, work] of money) {
    app.post(
      `/api/v1/members/:memberId/stored-value/${path}`,
      {
        config: may('loyalty.write', 'chain'),
        schema: { summary, params: s.MemberParams, body: s.MoneyWrite, response: ok(s.Balance) },
      },
      async ({ params, body }) =>
        told(settled(await work(db, { ...params, ...asked(body), nowMs: clock.nowMs() }))),
    );
  }
  app.post(
    '/api/v1/members/:memberId/stored-value/returns',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'What was spent comes back to the lots it came from',
        params: s.MemberParams,
        body: s.MoneyBack,
        response: ok(s.Balance),
      },
    },
    async ({ params, body }) =>
      told(settled(await ledgers.giveBackValue(db, { ...params, ...asked(body), nowMs: clock.nowMs() }))),
  );
  app.post(
    '/api/v1/members/:memberId/stored-value/pay-outs',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'The way out: principal is paid to the member, bonus lapses',
        params: s.MemberParams,
        body: s.WayOut,
        response: ok(s.Balance),
      },
    },
    async ({ params, body }) =>
      told(settled(await ledgers.payOutValue(db, { ...params, ...asked(body), nowMs: clock.nowMs() }))),
  );
  app.get(
    '/api/v1/stored-value/policy',
    {
      config: { ...may('promotions.read', 'rows'), etag: true },
      schema: { summary: 'Limits of stored value and gift cards', response: ok(s.PolicyShape) },
    },
    async () => (await ledgers.currentPolicy(db)) as import('zod').z.infer<typeof s.PolicyShape>,
  );
  app.put(
    '/api/v1/stored-value/policy',
    {
      config: { ...may('programme.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Publish limits of stored value', body: s.PolicyShape, response: ok(Applied) },
    },
    async (request) => {
      settled(await ledgers.putPolicy(db, request.body, wordOf(request, clock)));
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/stored-value/policy/preview',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary: 'What other rules would have given on the top-ups of past days; nothing is changed',
        body: v.PolicyPreviewAsked,
        response: ok(v.PolicyPreview),
      },
    },
    async ({ body }) => previewPolicy(db, body),
  );
  app.post(
    '/api/v1/jobs/expire-points',
    {
      config: may('jobs.run', 'chain'),
      schema: {
        summary: 'Lots whose last good day is over are gone',
        body: s.JobDay,
        response: ok(s.ExpiryDone),
      },
    },
    async ({ body }) => told(await expirePoints(db, body.asOf, clock.nowMs())),
  );
  app.post(
    '/api/v1/jobs/prove-ledgers',
    {
      config: may('jobs.run', 'chain'),
      schema: { summary: 'Folds every ledger again and compares', response: ok(s.ProofDone) },
    },
    async () => {
      const proof = await proveLedgers(db);
      return {
        accounts: proof.accounts,
        differences: proof.differences.map(({ holderId, purse }) => ({ holderId, purse })),
      };
    },
  );
}

function registerCards(app: App, { db, clock }: ApiParts): void {
  app.post(
    '/api/v1/gift-cards',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'Issue a gift card; its code is shown once',
        body: s.NewCard,
        response: ok(s.IssuedCard),
      },
    },
    async ({ body }) => settled(await cards.issueCard(db, { ...asked(body), nowMs: clock.nowMs() })),
  );
  app.get(
    '/api/v1/gift-cards/:card',
    {
      config: may('loyalty.read', 'chain'),
      schema: { summary: 'A gift card by id or code', params: s.CardParams, response: ok(s.CardState) },
    },
    async ({ params }) => found(await cards.findCard(db, params.card)),
  );
  // A POST, so that the audit log tells who asked.
  app.post(
    '/api/v1/gift-cards/:card/buyer',
    {
      config: may('privacy.write', 'chain'),
      schema: {
        summary: 'Who bought a gift card that the policy registers: for whom the law allows to ask',
        params: s.CardParams,
        response: ok(s.CardBuyer),
      },
    },
    async ({ params }) => {
      const buyer = await buyerOf(db, found(await cards.findCard(db, params.card)).giftCardId);
      if (buyer === null) throw new ApiProblem(404, 'no_buyer', 'nobody is registered for this card');
      return buyer;
    },
  );
  const moves = [
    ['top-ups', 'Top up a gift card', cards.topUpCard],
    ['spends', 'Spend of a gift card', cards.spendCard],
  ] as const;
  for (const [path, summary, work] of moves) {
    app.post(
      `/api/v1/gift-cards/:card/${path}`,
      {
        config: may('loyalty.write', 'chain'),
        schema: { summary, params: s.CardParams, body: s.MoneyWrite, response: ok(s.CardState) },
      },
      async ({ params, body }) => {
        const { author: _, ...words } = asked(body);
        return settled(await work(db, { ...params, ...words, nowMs: clock.nowMs() }));
      },
    );
  }
  app.post(
    '/api/v1/gift-cards/:card/returns',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'What was spent of a gift card comes back to it',
        params: s.CardParams,
        body: s.MoneyBack,
        response: ok(s.CardState),
      },
    },
    async ({ params, body }) => {
      const { author: _, ...words } = asked(body);
      return settled(await cards.giveBackCard(db, { ...params, ...words, nowMs: clock.nowMs() }));
    },
  );
  app.post(
    '/api/v1/gift-cards/:card/replacement',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'A new code; the old one is worth nothing from now on',
        params: s.CardParams,
        body: s.KeyOnly,
        response: ok(s.IssuedCard),
      },
    },
    async ({ params, body }) => {
      const { giftCardId } = found(await cards.findCard(db, params.card));
      return settled(await cards.replaceCode(db, { giftCardId, ...body, nowMs: clock.nowMs() }));
    },
  );
  app.post(
    '/api/v1/gift-cards/:card/block',
    {
      config: may('loyalty.write', 'chain'),
      schema: { summary: 'Reported lost', params: s.CardParams, response: ok(s.CardState) },
    },
    async ({ params }) => {
      const { giftCardId } = found(await cards.findCard(db, params.card));
      return found(await cards.blockCard(db, giftCardId, clock.nowMs()));
    },
  );
}

function found<T>(card: T | null): T {
  if (card === null) throw new ApiProblem(404, 'unknown_card', 'there is no such gift card');
  return card;
}

function registerTiers(app: App, { db, clock, signals }: ApiParts): void {
  app.get(
    '/api/v1/tier-rules',
    {
      config: { ...may('promotions.read', 'rows'), etag: true },
      schema: { summary: 'Versions of the tier rule by date', response: ok(s.TierRules) },
    },
    async () => ({ rules: (await tierRules(db)) as import('zod').z.infer<typeof s.TierRules>['rules'] }),
  );
  app.put(
    '/api/v1/tier-rules',
    {
      config: { ...may('programme.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Publish a version of the tier rule', body: s.TierRuleShape, response: ok(Applied) },
    },
    async (request) => {
      settled(await putTierRule(db, request.body as TierRule, wordOf(request, clock)));
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/tier-rules/preview',
    {
      config: may('promotions.read', 'rows'),
      schema: {
        summary:
          'Who would be on another tier by a rule that is not published, and what that costs; nothing is changed',
        body: v.TierRulePreviewAsked,
        response: ok(v.TierRulePreview),
      },
    },
    async ({ body }) => settled(await previewTierRule(db, body.rule as TierRule, body.businessDate)),
  );
  app.get(
    '/api/v1/members/:memberId/tier',
    {
      config: may('loyalty.read', 'rows'),
      schema: {
        summary: 'The tier of a member at any date, worked out from the facts',
        params: s.MemberParams,
        querystring: s.TierQuery,
        response: ok(s.TierAnswer),
      },
    },
    async ({ params, query }) => ({ tier: await tierOfMember(db, params.memberId, query.date) }),
  );
  app.post(
    '/api/v1/members/:memberId/growth',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'Give or take growth that no sale brought',
        params: s.MemberParams,
        body: s.GrowthWrite,
        response: ok(Applied),
      },
    },
    async ({ params, body }) => {
      if (!(await giveGrowth(db, { ...params, ...asked(body) }, clock.nowMs()))) {
        throw new ApiProblem(404, 'unknown_member', 'there is no such member');
      }
      signals.emit('feed', {});
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/jobs/review-tiers',
    {
      config: may('jobs.run', 'chain'),
      schema: { summary: 'Puts members on the tier of the day', body: s.JobDay, response: ok(s.ReviewDone) },
    },
    async ({ body }) => {
      const done = await reviewTiers(db, body.asOf, clock.nowMs());
      signals.emit('feed', {});
      return done;
    },
  );
}

/** A body without the fields that were left out. */
export function asked<T extends object>(body: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as never;
}
