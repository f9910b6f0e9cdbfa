/** Routes that make one person of two, or nobody of one: duplicates, merges, bundle, erasure, suppression, retention. */
import { bundleOf } from '../identity/bundle.ts';
import { duplicates, keepApart } from '../identity/duplicates.ts';
import { type EraseRefusal, eraseMember, previewErasure } from '../identity/erase.ts';
import { type MergeRefusal, mergeMembers } from '../identity/merge.ts';
import { countDue, putRetentionRule, retentionRules } from '../identity/retention.ts';
import { type UnmergeRefusal, unmergeMember } from '../identity/unmerge.ts';
import { liftSuppression } from '../members/suppression.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { todayOf } from './asked.ts';
import { callerName } from './fact-asked.ts';
import * as s from './member-schemas.ts';
import { shown, unknownMember } from './member-shown.ts';
import { Applied } from './schemas.ts';

export function registerIdentity(app: App, parts: ApiParts): void {
  registerMerges(app, parts);
  registerErasure(app, parts);
  registerRetention(app, parts);
}

function registerMerges(app: App, { db, clock, signals }: ApiParts): void {
  app.get(
    '/api/v1/member-duplicates',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'Members that may be one person twice, with score and reasons',
        querystring: s.DuplicateQuery,
        response: ok(s.DuplicateList),
      },
    },
    async ({ query }) => {
      const { cursor, ...asked } = query;
      const [oneId = '', otherId = ''] =
        cursor === undefined ? [] : Buffer.from(cursor, 'base64url').toString().split('\n');
      const { pairs, next } = await duplicates(db, {
        ...asked,
        ...(cursor === undefined ? {} : { after: { oneId, otherId } }),
      });
      return {
        pairs: pairs.map(({ one, other, score, reasons }) => ({
          ...{ one: shown(one), other: shown(other), score },
          reasons: [...reasons],
        })),
        nextCursor:
          next === null ? null : Buffer.from(`${next.oneId}\n${next.otherId}`).toString('base64url'),
      };
    },
  );
  app.post(
    '/api/v1/member-duplicates/apart',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'These are two people: do not offer them as one again',
        body: s.ApartBody,
        response: ok(Applied),
      },
    },
    async (request) => {
      await keepApart(db, { ...request.body, author: callerName(request) }, clock.nowMs());
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/members/:memberId/merge',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'This member is the same person as `intoId`, who takes all over',
        params: s.MemberParams,
        body: s.MergeBody,
        response: ok(s.MemberShown),
      },
    },
    async (request) => {
      const { intoId, reason } = request.body;
      const asked = { fromId: request.params.memberId, intoId, reason, author: callerName(request) };
      const result = await mergeMembers(db, asked, clock.nowMs());
      if (!result.ok) throw refused(result.error);
      signals.emit('feed', {});
      return shown(result.value);
    },
  );
  app.post(
    '/api/v1/members/:memberId/unmerge',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'Take a merge back: this id is a member of its own again',
        params: s.MemberParams,
        body: s.UnmergeBody,
        response: ok(s.UnmergeAnswer),
      },
    },
    async (request) => {
      const { memberId } = request.params;
      const asked = { memberId, reason: request.body.reason, author: callerName(request) };
      const result = await unmergeMember(db, asked, clock.nowMs());
      if (!result.ok) throw refused(result.error);
      signals.emit('feed', {});
      return { member: shown(result.value.member), survivor: shown(result.value.survivor) };
    },
  );

  function refused(refusal: MergeRefusal | UnmergeRefusal): ApiProblem {
    if (refusal.kind === 'leases_open') {
      // The tills that hold rights are asked for them at once: a moment later the merge goes through.
      for (const tillId of refusal.tillIds) {
        for (const right of ['points', 'stored_value', 'stored_bonus']) {
          signals.emit('recall', { tillId, key: `${right}:${refusal.memberId}` });
        }
      }
    }
    return mergeProblem(refusal);
  }
}

function mergeProblem(refusal: MergeRefusal | UnmergeRefusal): ApiProblem {
  const problem = (status: number, message: string) => new ApiProblem(status, refusal.kind, message, refusal);
  switch (refusal.kind) {
    case 'unknown_member':
      return problem(404, `there is no member ${refusal.memberId}`);
    case 'erased':
      return problem(410, `${refusal.memberId} was erased`);
    case 'same_member':
      return problem(422, 'a member is merged into another one, not into itself');
    case 'merged':
      return problem(409, `${refusal.memberId} was merged into ${refusal.into} before`);
    case 'circle':
      return problem(
        409,
        `${refusal.memberId} is part of ${refusal.into} already: this would go in a circle`,
      );
    case 'leases_open':
      return problem(
        409,
        `tills hold points or value of ${refusal.memberId} and were asked for them: try again when they are back, or write off what a lost till holds`,
      );
    case 'other_currency':
      return problem(
        409,
        `their stored value is in ${refusal.currencies.join(' and ')}: pay one of them out first`,
      );
    case 'not_merged':
      return problem(409, `${refusal.memberId} was not merged into anybody`);
    case 'no_profile':
      return problem(409, `nothing is left of who ${refusal.memberId} was`);
  }
}

function registerErasure(app: App, { db, clock, signals }: ApiParts): void {
  app.post(
    '/api/v1/members/:memberId/bundle',
    {
      config: may('privacy.write', 'chain'),
      schema: {
        summary: 'All that HQ knows of a member, as one document to hand over',
        params: s.MemberParams,
        response: ok(s.BundleShown),
      },
    },
    async ({ params }) => {
      const bundle = await bundleOf(db, params.memberId, clock.nowMs());
      if (bundle === null) throw unknownMember();
      return { ...bundle, profile: { ...bundle.profile } };
    },
  );
  app.get(
    '/api/v1/members/:memberId/erasure',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'What would go and what would stay if this member were erased',
        params: s.MemberParams,
        response: ok(s.Erasure),
      },
    },
    async ({ params }) => {
      const preview = await previewErasure(db, params.memberId);
      if (preview === null) throw unknownMember();
      return { ...preview, ids: [...preview.ids] };
    },
  );
  app.post(
    '/api/v1/members/:memberId/erase',
    {
      config: may('privacy.write', 'chain'),
      schema: {
        summary: 'Erase a member for good: who it was goes, what was sold stays without a name',
        params: s.MemberParams,
        body: s.EraseBody,
        response: ok(s.Erasure),
      },
    },
    async (request) => {
      const asked = { ...request.params, ...request.body, author: callerName(request) };
      const result = await eraseMember(db, asked, clock.nowMs());
      if (!result.ok) throw eraseProblem(result.error);
      signals.emit('feed', {});
      return { ...result.value, ids: [...result.value.ids] };
    },
  );
  app.post(
    '/api/v1/suppressions/lift',
    {
      config: may('privacy.write', 'chain'),
      schema: {
        summary: 'Somebody who was erased wants to join again: their phone or mail is taken again',
        body: s.LiftBody,
        response: ok(Applied),
      },
    },
    async ({ body }) => ({ applied: await liftSuppression(db, body) }),
  );
}

function eraseProblem(refusal: EraseRefusal): ApiProblem {
  if (refusal.kind === 'unknown_member') return unknownMember();
  if (refusal.kind === 'erased') return new ApiProblem(410, 'erased', 'this member was erased before');
  return new ApiProblem(
    409,
    'value_left',
    'stored value is left, and it is the member’s money: pay it out first (POST …/stored-value/pay-outs), or say `giveUpValue`',
    refusal,
  );
}

function registerRetention(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/retention-rules',
    {
      config: { ...may('members.read', 'chain'), etag: true },
      schema: { summary: 'When members are forgotten by themselves', response: ok(s.RetentionRules) },
    },
    async () => ({ rules: (await retentionRules(db)).map((rule) => ({ ...rule })) }),
  );
  app.get(
    '/api/v1/retention-rules/preview',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'How many members a rule would forget today; nobody is',
        querystring: s.RetentionTried,
        response: ok(s.RetentionPreview),
      },
    },
    async ({ query }) => {
      const asOf = await todayOf(db, clock, null);
      return { asOf, members: await countDue(db, query, asOf) };
    },
  );
  app.put(
    '/api/v1/retention-rules',
    {
      config: { ...may('privacy.write', 'chain'), ifMatch: 'may' },
      schema: {
        summary: 'Add or change retention rules; a job applies the active ones each day',
        body: s.RetentionRules,
        response: ok(Applied),
      },
    },
    async ({ body }) => {
      for (const rule of body.rules) await putRetentionRule(db, rule, clock.nowMs());
      return { applied: body.rules.length };
    },
  );
}
