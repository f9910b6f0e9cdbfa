/**
 * Routes of what happens between members and the shop: events, visitors, interactions, the timeline of them all.
 */
import { cartTries, joinVisitors, leaveVisitor, recentlyViewed, takeEvents } from '../facts/events.ts';
import { addInteractions } from '../facts/interactions.ts';
import { TIMELINE_KINDS, type TimelineKind, timelineOf } from '../facts/timeline.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { callerName, knownMember } from './fact-asked.ts';
import {
  CartList,
  EventBatch,
  EventsTakenShape,
  InteractionBatch,
  InteractionsTaken,
  JoinBody,
  JoinedShape,
  LatelyQuery,
  MemberParams,
  TimelineQuery,
  TimelineShape,
  ViewedList,
  VisitorParams,
} from './fact-schemas.ts';
import { Applied } from './schemas.ts';

const BATCH_BYTES_MAX = 32 * 1024 * 1024;

export function registerEvents(app: App, { db, clock }: ApiParts): void {
  app.post(
    '/api/v1/events',
    {
      config: may('events.write', 'chain'),
      schema: {
        summary: 'What members and visitors did on the web; each event id counts once',
        body: EventBatch,
        response: ok(EventsTakenShape),
      },
      bodyLimit: BATCH_BYTES_MAX,
    },
    async ({ body }) => {
      const taken = await db.transaction((tx) => takeEvents(tx, body.events, clock.nowMs()));
      return { ...taken, refused: [...taken.refused] };
    },
  );
  app.post(
    '/api/v1/visitors/:visitorId/join',
    {
      config: may('events.write', 'chain'),
      schema: {
        summary: 'A member logged in there: what the visitor did is the member’s',
        params: VisitorParams,
        body: JoinBody,
        response: ok(JoinedShape),
      },
    },
    async ({ params, body }) => {
      const nowMs = clock.nowMs();
      const memberId = await knownMember(db, body.memberId);
      const login = { visitorId: params.visitorId, memberId, atMs: body.atMs ?? nowMs };
      const { events, tagged } = await db.transaction((tx) => joinVisitors(tx, [login], nowMs));
      return { joined: events, tagged };
    },
  );
  app.post(
    '/api/v1/visitors/:visitorId/leave',
    {
      config: may('events.write', 'chain'),
      schema: {
        summary: 'The member logged out there: what comes next is nobody’s',
        params: VisitorParams,
        response: ok(Applied),
      },
    },
    async ({ params }) => ({ applied: (await leaveVisitor(db, params.visitorId)) ? 1 : 0 }),
  );
  app.get(
    '/api/v1/members/:memberId/recently-viewed',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'What a member looked at lately',
        params: MemberParams,
        querystring: LatelyQuery,
        response: ok(ViewedList),
      },
    },
    async ({ params, query }) => ({
      viewed: await recentlyViewed(db, await knownMember(db, params.memberId), query.limit),
    }),
  );
  app.get(
    '/api/v1/members/:memberId/cart-tries',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'What a member tried to put in the cart, and whether it was bought since',
        params: MemberParams,
        querystring: LatelyQuery,
        response: ok(CartList),
      },
    },
    async ({ params, query }) => ({
      tries: await cartTries(db, await knownMember(db, params.memberId), query.limit),
    }),
  );
}

// ---- interactions and the timeline ----

export function registerTimeline(app: App, { db, clock }: ApiParts): void {
  app.post(
    '/api/v1/interactions',
    {
      config: may('service.write', 'chain'),
      schema: {
        summary: 'Calls, mails, chats, visits, service records, notes: all of them or none',
        body: InteractionBatch,
        response: ok(InteractionsTaken),
      },
      bodyLimit: BATCH_BYTES_MAX,
    },
    async (request) => {
      const interactions = request.body.interactions.map(({ author, atMs, ...rest }) => ({
        ...rest,
        author: author ?? callerName(request),
        atMs: atMs ?? clock.nowMs(),
      }));
      const added = await db.transaction((tx) => addInteractions(tx, interactions));
      if (!('strangers' in added)) return added;
      const errors = added.strangers.map((index) => ({
        path: `interactions[${index}].memberId`,
        message: 'there is no such member',
      }));
      throw new ApiProblem(
        404,
        'unknown_member',
        `${errors[0]!.path}: ${errors[0]!.message}; nothing was stored`,
        errors,
      );
    },
  );
  app.get(
    '/api/v1/members/:memberId/timeline',
    {
      config: may('members.read', 'chain'),
      schema: {
        summary: 'Everything between a member and the shop, the newest first',
        params: MemberParams,
        querystring: TimelineQuery,
        response: ok(TimelineShape),
      },
    },
    async ({ params, query }) => {
      const memberId = await knownMember(db, params.memberId);
      const kinds = (query.kinds?.split(',') as TimelineKind[] | undefined) ?? TIMELINE_KINDS;
      const page = await timelineOf(db, memberId, {
        kinds: [...new Set(kinds)],
        cursor: query.cursor ?? null,
        limit: query.limit,
      });
      if (page === null)
        throw new ApiProblem(400, 'bad_cursor', 'cursor: it is none that HQ gave', { path: 'cursor' });
      return {
        memberId,
        entries: page.entries.map((entry) => ({ ...entry, data: { ...entry.data } })),
        nextCursor: page.nextCursor,
      };
    },
  );
}
