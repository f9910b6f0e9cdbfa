/**
 * Routes of members: who somebody is, what they are worth, and how that is changed. Search goes by POST: an address would
 * leave phones in the logs of whatever stands between.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { memberPage, purchasesOf } from '../identity/member-page.ts';
import { consentWords, sayConsents } from '../members/consents.ts';
import { type PatchRefusal, patchMember } from '../members/patch.ts';
import { ofStores, searchMembers } from '../members/search.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { todayOf } from './asked.ts';
import { knownMember } from './fact-asked.ts';
import { registerIdentity } from './identity-routes.ts';
import * as s from './member-schemas.ts';
import { shown, unknownMember } from './member-shown.ts';

export function registerMembers(app: App, parts: ApiParts): void {
  registerReads(app, parts);
  registerChanges(app, parts);
  registerConsents(app, parts);
  registerIdentity(app, parts);
}

function registerReads(app: App, { db, clock }: ApiParts): void {
  app.post(
    '/api/v1/members/search',
    {
      config: may('members.read', 'rows'),
      schema: {
        summary: 'Members by phone, card, mail (exactly) and name (nearly)',
        body: s.SearchBody,
        response: ok(s.SearchAnswer),
      },
    },
    async ({ body, caller }) => {
      const stores = caller?.stores ?? null;
      return { members: (await searchMembers(db, { ...body, stores })).map(shown) };
    },
  );
  app.get(
    '/api/v1/members/:memberId',
    {
      config: may('members.read', 'rows'),
      schema: {
        summary: 'The page of a member, by any id that it ever had; its ETag is the revision of the profile',
        params: s.MemberParams,
        response: ok(s.PageShown),
      },
    },
    async ({ params, caller }, reply) => {
      const page = await memberPage(db, params.memberId, await todayOf(db, clock, null));
      if (page === null) throw unknownMember();
      const seen = await ofStores(db, [page.member.id], caller?.stores ?? null);
      if (seen.length === 0) throw unknownMember();
      tag(reply, page.member.revision);
      return {
        ...page,
        member: shown(page.member),
        aliases: [...page.aliases],
        books: [...page.books],
        coupons: [...page.coupons],
        consents: [...page.consents],
        tags: [...page.tags],
      };
    },
  );
  app.get(
    '/api/v1/members/:memberId/purchases',
    {
      config: may('members.read', 'rows'),
      schema: {
        summary: 'What a member bought, line by line, the newest first',
        params: s.MemberParams,
        querystring: s.PurchaseQuery,
        response: ok(s.PurchaseList),
      },
    },
    async ({ params, query, caller }) => {
      const memberId = await knownMember(db, params.memberId);
      const seen = await ofStores(db, [memberId], caller?.stores ?? null);
      if (seen.length === 0) throw unknownMember();
      const page = await purchasesOf(db, memberId, { cursor: query.cursor ?? null, limit: query.limit });
      return {
        ...page,
        purchases: page.purchases.map(({ lines, ...purchase }) => ({ ...purchase, lines: [...lines] })),
      };
    },
  );
}

function registerChanges(app: App, { db, clock, signals }: ApiParts): void {
  app.patch(
    '/api/v1/members/:memberId',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary:
          'Change fields of a profile; with If-Match only if nobody changed it since it was read (412)',
        params: s.MemberParams,
        body: s.PatchBody,
        response: ok(s.PatchAnswer),
      },
    },
    async (request, reply) => {
      const { set, source, at } = request.body;
      const { memberId } = request.params;
      const asked = { memberId, set, source, at: at ?? null, revision: ifMatch(request) };
      const result = await patchMember(db, asked, clock.nowMs());
      if (!result.ok) throw patchProblem(result.error);
      signals.emit('feed', {});
      const { member, changed, kept } = result.value;
      tag(reply, member.revision);
      // Names of fields: what is in them is the member's.
      request.changed = {
        before: { revision: member.revision - 1 },
        after: { revision: member.revision, field: [...changed] },
      };
      return { member: shown(member), changed: [...changed], kept: [...kept] };
    },
  );
}

function registerConsents(app: App, { db, signals }: ApiParts): void {
  const consentsOf = async (memberId: string) => ({
    now: await db.query<z.infer<typeof s.ConsentShown>['now'][number]>(
      `select purpose, channel, granted, text_version as "textVersion", at as "atMs" from member_consent
       where member_id = $1 order by purpose, channel`,
      [memberId],
    ),
    words: await consentWords(db, memberId),
  });
  app.get(
    '/api/v1/members/:memberId/consents',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'What holds now, and every word that was said, with its text version',
        params: s.MemberParams,
        response: ok(s.ConsentShown),
      },
    },
    async ({ params }) => consentsOf(await knownMember(db, params.memberId)),
  );
  app.post(
    '/api/v1/members/:memberId/consents',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'Add words on consents; the newest on a purpose and channel holds',
        params: s.MemberParams,
        body: s.ConsentBody,
        response: ok(s.ConsentShown),
      },
    },
    async ({ params, body }) => {
      const memberId = await knownMember(db, params.memberId);
      await db.transaction((tx) =>
        sayConsents(
          tx,
          body.words.map((word) => ({ ...word, memberId })),
        ),
      );
      signals.emit('feed', {});
      return consentsOf(memberId);
    },
  );
}

function tag(reply: FastifyReply, revision: number): void {
  reply.header('etag', `"${revision}"`);
}

/** The revision that the writer read; null where it does not say. */
function ifMatch({ headers }: FastifyRequest): number | null {
  const given = headers['if-match'];
  if (given === undefined || given === '*') return null;
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(given);
  if (match === null) {
    throw new ApiProblem(400, 'bad_request', 'If-Match must be the ETag that the profile was read with');
  }
  return Number(match[1]);
}

function patchProblem(refusal: PatchRefusal): ApiProblem {
  switch (refusal.kind) {
    case 'unknown_member':
      return unknownMember();
    case 'other_revision':
      return new ApiProblem(
        412,
        'other_revision',
        'somebody changed this profile since you read it: read it again and say what is left to change',
        { revision: refusal.revision },
      );
    case 'bad_value':
      return new ApiProblem(422, 'bad_value', `${refusal.path}: ${refusal.why}`, { path: refusal.path });
    case 'card_taken':
      return new ApiProblem(409, 'card_taken', 'this card is another member’s', { path: refusal.path });
    case 'suppressed':
      return new ApiProblem(
        409,
        'suppressed',
        'this belonged to somebody who asked to be forgotten. If they want to join again, lift it first (POST /api/v1/suppressions/lift)',
        { path: refusal.path },
      );
  }
}
