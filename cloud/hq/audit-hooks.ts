/**
 * Every write under `/api/` is told to the audit log before it is done and after, whatever route does it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../src/core/ports.ts';
import { type AuditFacts, appendAudit, redacted } from '../access/audit.ts';
import { exports, reads } from '../access/rights.ts';
import type { Db } from '../db/db.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What a route says of its write: how the thing stood before, and how it stands now. */
    changed: { readonly before: unknown; readonly after: unknown } | null;
    /** It was told that this is asked for: its outcome will be told too. */
    isAudited: boolean;
  }
}

export function auditWrites(
  app: FastifyInstance,
  { db, clock, log }: { readonly db: Db; readonly clock: Clock; readonly log: (text: string) => void },
): void {
  app.decorateRequest('changed', null);
  app.decorateRequest('isAudited', false);
  app.addHook('preHandler', async (request) => {
    if (!isTold(request)) return;
    await appendAudit(db, { ...factsOf(request, 'asked', clock.nowMs()), sent: redacted(request.body) });
    request.isAudited = true;
  });
  app.addHook('onResponse', async (request, reply) => {
    if (!request.isAudited) return;
    const change =
      request.changed === null
        ? {}
        : { before: redacted(request.changed.before), after: redacted(request.changed.after) };
    const facts = { ...factsOf(request, 'done', clock.nowMs()), status: reply.statusCode, ...change };
    // The answer is out: all that can be done is to say so. The entry before it tells that something was asked.
    await appendAudit(db, facts).catch((cause: Error) =>
      log(`audit: an outcome was not kept: ${cause.message}`),
    );
  });
}

/** What changes something, and what takes personal data away. */
function isTold({ method, routeOptions }: FastifyRequest): boolean {
  if (routeOptions.url?.startsWith('/api/') !== true) return false;
  const right = routeOptions.config.access?.right ?? null;
  if (right !== null && exports(right)) return true;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  return right === null || !reads(right);
}

function factsOf(request: FastifyRequest, phase: AuditFacts['phase'], atMs: number): AuditFacts {
  const { caller, ip, id, method, routeOptions, params } = request;
  const actor =
    caller === null
      ? { kind: 'nobody', id: '', name: '' }
      : { kind: caller.kind, id: caller.id, name: caller.name };
  const route = `${method} ${routeOptions.url}`;
  return { phase, atMs, actor, address: ip, requestId: id, route, params: redacted(params) };
}
