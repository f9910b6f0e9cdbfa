/**
 * Routes of entries that were set aside: list, show, try again after a fix, dismiss with a reason.
 */
import { z } from 'zod';
import { dismissEntry, type RepairError, retryEntry } from '../books/repair.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { pageQuery, pageRead, placeOf } from './pages.ts';
import { Applied, nextCursor } from './schemas.ts';

const AsideQuery = pageQuery({ usual: 200, max: 500 }).extend({
  tillId: z.string().max(64).optional(),
  open: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});
const Params = z.object({ id: z.string().regex(/^[1-9]\d{0,17}$/) });
const Reason = z.object({ reason: z.string().trim().min(3).max(500) });

const Aside = z.object({
  id: z.string(),
  tillId: z.string(),
  journalId: z.string(),
  seq: z.int(),
  reason: z.string().describe('why it could not be used'),
  atMs: z.int(),
  text: z.string().describe('the entry, byte for byte'),
  tries: z.int(),
  closedAtMs: z.int().nullable(),
  closedAs: z.enum(['retried', 'dismissed']).nullable(),
  closedWhy: z.string().nullable(),
});
const QuarantineList = z.object({ rows: z.array(Aside), nextCursor }).meta({ id: 'QuarantineList' });
const Retried = z
  .object({ saleId: z.string().nullable().describe('the sale that it is now; null: it is none') })
  .meta({ id: 'QuarantineRetried' });

const SELECT = `select quarantine_id::text as id, till_id as "tillId", journal_id as "journalId", seq, reason, at as "atMs", text,
  tries, closed_at as "closedAtMs", closed_as as "closedAs", closed_why as "closedWhy" from quarantine`;

export function registerQuarantine(app: App, parts: ApiParts): void {
  const { db, clock, signals, sha256, cloudId, cloudKey } = parts;
  app.get(
    '/api/v1/quarantine',
    {
      config: may('tills.read', 'rows'),
      schema: {
        summary: 'Entries set aside, open ones first, then the newest',
        querystring: AsideQuery,
        response: ok(QuarantineList),
      },
    },
    async ({ query }) => {
      const [isOpen, id] = placeOf(query.cursor, 2);
      const rows = await db.query<z.infer<typeof Aside>>(
        `${SELECT} where ($1::text is null or till_id = $1) and ($2::boolean is null or (closed_at is null) = $2)
           and ($4::boolean is null or (closed_at is null, quarantine_id) < ($4, $5::bigint))
         order by closed_at is null desc, quarantine_id desc limit $3`,
        [query.tillId ?? null, query.open ?? null, query.limit + 1, isOpen ?? null, id ?? null],
      );
      return pageRead(rows, query, (row) => [row.closedAtMs === null, row.id]);
    },
  );
  app.get(
    '/api/v1/quarantine/:id',
    {
      config: may('tills.read', 'rows'),
      schema: { summary: 'One entry that was set aside', params: Params, response: ok(Aside) },
    },
    async ({ params }) => {
      const [row] = await db.query<z.infer<typeof Aside>>(`${SELECT} where quarantine_id = $1::bigint`, [
        params.id,
      ]);
      if (row === undefined) throw problemOf({ kind: 'unknown_entry' });
      return row;
    },
  );
  app.post(
    '/api/v1/quarantine/:id/retry',
    {
      config: may('tills.write', 'chain'),
      schema: {
        summary: 'Try it again, after a fix: it becomes what it should have been, once',
        params: Params,
        body: Reason,
        response: ok(Retried),
      },
    },
    async ({ params, body }) => {
      const given = { ...body, nowMs: clock.nowMs() };
      const retried = await retryEntry({ db, sha256, cloudId, cloudKey }, params.id, given);
      if (!retried.ok) throw problemOf(retried.error);
      if (retried.value !== null) signals.emit('sales', { saleIds: [retried.value] });
      signals.emit('feed', {});
      return { saleId: retried.value };
    },
  );
  app.post(
    '/api/v1/quarantine/:id/dismiss',
    {
      config: may('tills.write', 'chain'),
      schema: {
        summary: 'It is not to be booked, for this reason',
        params: Params,
        body: Reason,
        response: ok(Applied),
      },
    },
    async ({ params, body }) => {
      const dismissed = await dismissEntry(db, params.id, { ...body, nowMs: clock.nowMs() });
      if (!dismissed.ok) throw problemOf(dismissed.error);
      return { applied: 1 };
    },
  );
}

function problemOf(error: RepairError): ApiProblem {
  switch (error.kind) {
    case 'unknown_entry':
      return new ApiProblem(404, error.kind, 'no such entry was set aside');
    case 'closed':
      return new ApiProblem(409, error.kind, 'it was tried again or dismissed already');
    case 'other_bytes':
      return new ApiProblem(
        409,
        error.kind,
        'the journal holds another entry under this number: what this one says came again in the journal that follows; dismiss it',
      );
    case 'still_unusable':
      return new ApiProblem(422, error.kind, `it still cannot be used: ${error.reason}`);
  }
}
