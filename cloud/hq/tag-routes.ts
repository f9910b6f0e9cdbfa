/**
 * Routes of tags: of one member, of many, and the rules that set them.
 */
import type { z } from 'zod';
import { uuidV7 } from '../../src/core/id.ts';
import type { Result } from '../../src/core/result.ts';
import { membersMeant } from '../facts/aliases.ts';
import {
  dropTagRule,
  listTagRules,
  putTagRule,
  type TagRule,
  type TagRuleError,
} from '../facts/tag-rules.ts';
import { setTags, tagCounts, tagsOf, unsetTags } from '../facts/tags.ts';
import { refreshSegmentTags } from '../segments/segment-tags.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { todayOf } from './asked.ts';
import { revisionFrom } from './etag.ts';
import { callerName, knownMember } from './fact-asked.ts';
import {
  MemberParams,
  TagBody,
  TagBulk,
  TagList,
  TagParams,
  TagRuleBody,
  TagRuleChange,
  TagRuleList,
  TagRuleParams,
  TagRuleShape,
  TagsRefreshedShape,
  TagsShown,
} from './fact-schemas.ts';
import { ListQuery, pageOf } from './pages.ts';
import { Applied } from './schemas.ts';

export function registerTags(app: App, parts: ApiParts): void {
  registerMemberTags(app, parts);
  registerTagRules(app, parts);
}

function registerMemberTags(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/tags',
    {
      config: may('members.read', 'chain'),
      schema: { summary: 'Tags in use, with their members', querystring: ListQuery, response: ok(TagList) },
    },
    async ({ query }) => {
      const page = pageOf(await tagCounts(db), query, ({ tag }) => tag);
      return { tags: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/api/v1/members/:memberId/tags',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'Tags of a member: who set each, when and why',
        params: MemberParams,
        response: ok(TagsShown),
      },
    },
    async ({ params }) => {
      const memberId = await knownMember(db, params.memberId);
      return { memberId, tags: await tagsOf(db, memberId) };
    },
  );
  app.put(
    '/api/v1/members/:memberId/tags/:tag',
    {
      config: may('members.write', 'chain'),
      schema: { summary: 'Set a tag by hand', params: TagParams, body: TagBody, response: ok(Applied) },
    },
    async (request) => {
      const memberId = await knownMember(db, request.params.memberId);
      const word = { source: 'manual', by: callerName(request), why: request.body.why, atMs: clock.nowMs() };
      const marks = [{ memberId, tag: request.params.tag }];
      return { applied: await db.transaction((tx) => setTags(tx, marks, word)) };
    },
  );
  app.delete(
    '/api/v1/members/:memberId/tags/:tag',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'Take off a tag that was set by hand; what a rule or the profile says stays',
        params: TagParams,
        querystring: TagBody,
        response: ok(Applied),
      },
    },
    async (request) => {
      const memberId = await knownMember(db, request.params.memberId);
      const word = { source: 'manual', by: callerName(request), why: request.query.why, atMs: clock.nowMs() };
      const marks = [{ memberId, tag: request.params.tag }];
      return { applied: await db.transaction((tx) => unsetTags(tx, marks, word)) };
    },
  );
  app.post(
    '/api/v1/tags',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'Set or take off a tag of many members: all or none',
        body: TagBulk,
        response: ok(Applied),
      },
    },
    async (request) => {
      const { tag, set, memberIds, why } = request.body;
      const meant = await membersMeant(db, memberIds);
      const strange = memberIds.findIndex((id) => !meant.has(id));
      if (strange >= 0) {
        const path = `memberIds[${strange}]`;
        throw new ApiProblem(404, 'unknown_member', `${path}: there is no such member; nothing was changed`, {
          path,
        });
      }
      const marks = memberIds.map((id) => ({ memberId: meant.get(id)!, tag }));
      const word = { source: 'manual', by: callerName(request), why, atMs: clock.nowMs() };
      return { applied: await db.transaction((tx) => (set ? setTags : unsetTags)(tx, marks, word)) };
    },
  );
}

function registerTagRules(app: App, { db, clock, chance }: ApiParts): void {
  app.get(
    '/api/v1/tag-rules',
    {
      config: may('segments.read', 'chain'),
      schema: { summary: 'What sets tags by itself', response: ok(TagRuleList) },
    },
    async () => ({ rules: (await listTagRules(db)).map(shapeOf) }),
  );
  app.post(
    '/api/v1/tag-rules',
    {
      config: may('segments.write', 'chain'),
      schema: {
        summary: 'Tag by an event at once, or by a saved segment each time tags are refreshed',
        body: TagRuleBody,
        response: ok(TagRuleShape),
      },
    },
    async (request) => {
      const id = uuidV7(clock.nowMs(), chance.bytes(10));
      const word = { by: callerName(request), atMs: clock.nowMs() };
      return ruleOf(await putTagRule(db, id, null, request.body, word));
    },
  );
  app.get(
    '/api/v1/tag-rules/:ruleId',
    {
      config: { ...may('segments.read', 'chain'), etag: true },
      schema: { summary: 'One tag rule', params: TagRuleParams, response: ok(TagRuleShape) },
    },
    async ({ params }) => {
      const rule = (await listTagRules(db)).find(({ id }) => id === params.ruleId);
      if (rule === undefined) throw unknownRule();
      return shapeOf(rule);
    },
  );
  app.put(
    '/api/v1/tag-rules/:ruleId',
    {
      config: { ...may('segments.write', 'chain'), ifMatch: 'must' },
      schema: {
        summary: 'Change a tag rule that nobody else changed since it was read',
        params: TagRuleParams,
        body: TagRuleChange,
        response: ok(TagRuleShape),
      },
    },
    async (request) => {
      const { revision: said, ...draft } = request.body;
      const revision = revisionFrom(request, said);
      const word = { by: callerName(request), atMs: clock.nowMs() };
      return ruleOf(await putTagRule(db, request.params.ruleId, revision, draft, word));
    },
  );
  app.delete(
    '/api/v1/tag-rules/:ruleId',
    {
      config: { ...may('segments.write', 'chain'), ifMatch: 'may' },
      schema: {
        summary: 'Drop a tag rule and the tags it set',
        params: TagRuleParams,
        response: ok(Applied),
      },
    },
    async (request) => {
      const word = { by: callerName(request), atMs: clock.nowMs() };
      const dropped = await db.transaction((tx) => dropTagRule(tx, request.params.ruleId, word));
      if (!dropped) throw unknownRule();
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/tag-rules/refresh',
    {
      config: may('segments.write', 'chain'),
      schema: { summary: 'Tag who is in the segments of tag rules now', response: ok(TagsRefreshedShape) },
    },
    async () => {
      const now = { today: await todayOf(db, clock, null), atMs: clock.nowMs() };
      const { set, unset, failed } = await refreshSegmentTags(db, now);
      return { set, unset, failed: [...failed] };
    },
  );
}

function unknownRule(): ApiProblem {
  return new ApiProblem(404, 'unknown_tag_rule', 'there is no such tag rule');
}

function shapeOf(rule: TagRule): z.infer<typeof TagRuleShape> {
  const { cause } = rule;
  return {
    ...rule,
    cause:
      cause.kind === 'event'
        ? {
            ...cause,
            kinds: [...cause.kinds],
            subjects: cause.subjects === null ? null : [...cause.subjects],
          }
        : cause,
  };
}

function ruleOf(result: Result<TagRule, TagRuleError>): z.infer<typeof TagRuleShape> {
  if (result.ok) return shapeOf(result.value);
  const { error } = result;
  switch (error.kind) {
    case 'unknown_rule':
      throw unknownRule();
    case 'name_taken':
      throw new ApiProblem(409, error.kind, 'another tag rule has this name', { path: 'name' });
    case 'changed':
      throw new ApiProblem(412, error.kind, 'somebody else changed this tag rule: read it again', {
        revision: error.revision,
      });
    case 'rule':
      throw new ApiProblem(422, 'tag_rule', `${error.path}: ${error.message}`, error);
  }
}
