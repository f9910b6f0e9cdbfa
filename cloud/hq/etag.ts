/**
 * ETags of what people edit, and changes that are made from what was read (`If-Match`): of two who edit one thing the second is told.
 *
 * A GET with `etag` in its config answers with the hash of what it shows; a change at the same address with `ifMatch` is refused
 * with 412 when that is no longer what stands there. `must`: it says what it was made from, else 428. `may`: a program that is the only
 * writer may leave it out. Comparing and writing are one step: each change has its turn at the record (`edit_turn`). What was other before and after goes to the audit log.
 *
 * Users and members have revisions of their own, which their writers compare (`revisionAsked`).
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../src/core/ports.ts';
import { differenceOf } from '../access/difference.ts';
import type { Db } from '../db/db.ts';
import { ApiProblem } from './api.ts';
import { LIST_MAX } from './pages.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is shown has an ETag: of all of it, or of the part that people edit (no counters). */
    etag?: true | ((shown: never) => unknown);
    /** A change of what the GET of this address shows. */
    ifMatch?: 'may' | 'must';
  }
  interface FastifyRequest {
    /** What stood there when a change had its turn; null: nothing. */
    standing: unknown;
    turnAt: string | null;
  }
}

/** Headers of a change; whether it is there is asked by `revisionAsked`. */
export const IfMatch = z.object({ 'if-match': z.string().optional().describe('the ETag that was read') });

/** A process that died holds others up no longer than this. */
const TURN_MS = 30_000;
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 40;

interface Shown {
  readonly handler: RouteHandlerMethod;
  /** The tag covers all of the answer, not a part of it. */
  readonly whole: boolean;
  readonly part: (shown: unknown) => unknown;
}

export function guardChanges(
  app: FastifyInstance,
  { db, clock }: { readonly db: Db; readonly clock: Clock },
): void {
  const shownAt = new Map<string, Shown>();
  app.decorateRequest('standing', null);
  app.decorateRequest('turnAt', null);
  app.addHook('onRoute', ({ method, url, config, handler }) => {
    const etag = config?.etag;
    if (method !== 'GET' || etag === undefined) return;
    const whole = etag === true;
    shownAt.set(url, { handler, whole, part: whole ? (shown) => shown : (etag as Shown['part']) });
  });
  app.addHook('preSerialization', async (request, reply, payload) => {
    const shown = request.method === 'GET' ? shownAt.get(request.routeOptions.url ?? '') : undefined;
    if (shown !== undefined && reply.statusCode === 200) reply.header('etag', tagOf(shown.part(payload)));
    return payload;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const etag = reply.getHeader('etag');
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof etag !== 'string') return payload;
    // A tag of a part, as of a member's profile, says nothing of the rest: the points beside it may be others by now.
    if (shownAt.get(request.routeOptions.url ?? '')?.whole !== true) return payload;
    if (!names(request.headers['if-none-match'], etag)) return payload;
    reply.code(304).removeHeader('content-length');
    return null;
  });
  app.addHook('preHandler', async (request, reply) => {
    const { config, url = '' } = request.routeOptions;
    const { ifMatch } = config;
    if (ifMatch === undefined) return;
    const asked = request.headers['if-match'];
    const revision = (request.body as { readonly revision?: number } | undefined)?.revision;
    if (asked === undefined && revision === undefined && ifMatch === 'must') throw revisionNeeded();
    await takeTurn(db, clock, request);
    const shown = shownAt.get(url);
    if (shown === undefined) throw new Error(`${url} is changed under If-Match and has no GET with an etag`);
    request.standing = await standsAt(shown, request, reply);
    if (asked === undefined || asked === '*') return;
    if (!names(asked, tagOf(shown.part(request.standing)))) {
      throw new ApiProblem(
        412,
        'changed',
        'somebody else changed this since you read it: read it again; nothing was changed',
        { path: 'if-match' },
      );
    }
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.turnAt === null) return payload;
    const shown = shownAt.get(request.routeOptions.url ?? '')!;
    if (reply.statusCode < 300) {
      const now = await standsAt(shown, request, reply);
      const partOf = (one: unknown) => (one === null ? null : shown.part(one));
      request.changed = differenceOf(partOf(request.standing), partOf(now));
    }
    await db.query('delete from edit_turn where record = $1 and request = $2', [
      request.turnAt,
      turnOf(request),
    ]);
    request.turnAt = null;
    return payload;
  });
}

/** What the GET of an address would show now; null: nothing is there. */
async function standsAt(shown: Shown, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  try {
    // As it is shown to who asks for nothing special: a list from its beginning.
    const asked = Object.create(request, { query: { value: { limit: LIST_MAX } } }) as FastifyRequest;
    return await shown.handler.call(request.server, asked, reply);
  } catch (cause) {
    if (cause instanceof ApiProblem && cause.status === 404) return null;
    throw cause;
  }
}

/** The revision that a change is made from: said in its body, or that of what stands there under `If-Match`. */
export function revisionFrom(request: FastifyRequest, said: number | undefined): number {
  const standing = (request.standing as { readonly revision?: number } | null)?.revision;
  const revision = said ?? standing;
  if (revision === undefined) throw revisionNeeded();
  return revision;
}

/** @throws ApiProblem 409 when somebody else is at it and does not end */
async function takeTurn(db: Db, clock: Clock, request: FastifyRequest): Promise<void> {
  const record = request.url.split('?')[0]!;
  for (let waitedMs = 0; waitedMs <= WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    const nowMs = clock.nowMs();
    const mine = await db.query(
      `insert into edit_turn values ($1, $2, to_timestamp($3::float8 / 1000))
       on conflict (record) do update set request = excluded.request, until = excluded.until
         where edit_turn.until < to_timestamp($4::float8 / 1000) returning 1`,
      [record, turnOf(request), nowMs + TURN_MS, nowMs],
    );
    if (mine.length === 1) {
      request.turnAt = record;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new ApiProblem(409, 'under_way', 'somebody else is changing this right now: try again');
}

/** Ids of requests begin anew with each process. */
const PROCESS = createHash('sha256')
  .update(`${process.pid} ${performance.timeOrigin}`)
  .digest('hex')
  .slice(0, 12);
const turnOf = ({ id }: FastifyRequest): string => `${PROCESS} ${id}`;

function tagOf(shown: unknown): string {
  return `"${createHash('sha256')
    .update(JSON.stringify(shown ?? null))
    .digest('base64url')
    .slice(0, 22)}"`;
}

function names(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) === true;
}

function revisionNeeded(): ApiProblem {
  return new ApiProblem(
    428,
    'revision_needed',
    'send the ETag that you read as If-Match; nothing was changed',
    { path: 'if-match' },
  );
}

// ---- records with a revision of their own ----

export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** @returns true when the reader has this revision already, and the answer is 304 without a body */
export function tellRevision(request: FastifyRequest, reply: FastifyReply, revision: number): boolean {
  reply.header('etag', etagOf(revision));
  return names(request.headers['if-none-match'], etagOf(revision));
}

/** The revision that a change was made from. @throws ApiProblem 428 when it is not said, 412 when it is no revision */
export function revisionAsked({ headers }: FastifyRequest): number {
  const tag = headers['if-match'];
  if (tag === undefined) throw revisionNeeded();
  const revision = /^"(\d{1,9})"$/.exec(tag)?.[1];
  if (revision !== undefined) return Number(revision);
  throw new ApiProblem(412, 'changed', 'this If-Match names no revision of it: read it again', {
    path: 'if-match',
  });
}
