/**
 * Routes for what goes wrong between HQ and a till: alerts, the head that HQ vouches for, a till that two disks speak for, a
 * disk that is rescued, leases after HQ was put back.
 */
import { z } from 'zod';
import { ackStatement } from '../../src/protocol/trust.ts';
import { endSettling, settling } from '../leases/settling.ts';
import { closeTillAlert, listTillAlerts } from '../tills/alerts.ts';
import { makeRescueTicket } from '../tills/rescue.ts';
import { resumeTill } from '../tills/tills.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { pageQuery, pageRead, placeOf } from './pages.ts';
import { Applied, nextCursor } from './schemas.ts';

const TillParams = z.object({ tillId: z.string().max(64) });
const Reason = z.object({ reason: z.string().trim().min(3).max(500) });

const TillAlertRow = z
  .object({
    alertId: z.string(),
    tillId: z.string().nullable().describe('null: HQ itself'),
    tillCode: z.string().nullable(),
    storeId: z.string().nullable(),
    kind: z.string(),
    detail: z.record(z.string(), z.unknown()),
    firstAtMs: z.int(),
    lastAtMs: z.int(),
    times: z.int().describe('how often it was seen while open'),
    closedAtMs: z.int().nullable(),
    closedWhy: z.string().nullable(),
  })
  .meta({ id: 'TillAlert' });
export const TillAlertList = z
  .object({ alerts: z.array(TillAlertRow), nextCursor })
  .meta({ id: 'TillAlertList' });

const AlertQuery = pageQuery({ usual: 100, max: 500 }).extend({
  tillId: z.string().max(64).optional(),
  open: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});

const TillHead = z
  .object({
    cloudId: z.string(),
    tillId: z.string(),
    journalId: z.string(),
    seq: z.int(),
    hash: z.string(),
    sig: z.string().describe('Ed25519 of HQ over the head, base64'),
    cloudKey: z.string(),
  })
  .meta({ id: 'TillHead' });

const RescueTicket = z.object({ ticket: z.string(), expiresAtMs: z.int() }).meta({ id: 'RescueTicket' });

const Settling = z
  .object({
    isSettling: z.boolean(),
    sinceMs: z.int().nullable(),
    tills: z.array(z.object({ tillId: z.string(), code: z.string() })).describe('whose word is awaited'),
  })
  .meta({ id: 'LeaseSettling' });

export function registerTillCare(app: App, parts: ApiParts): void {
  const { db, clock, chance, signals, cloudId, cloudKey } = parts;
  app.get(
    '/api/v1/till-alerts',
    {
      config: may('tills.read', 'rows'),
      schema: {
        summary: 'What is wrong with tills, or with HQ: open ones first',
        querystring: AlertQuery,
        response: ok(TillAlertList),
      },
    },
    async ({ query }) => {
      const [isOpen, lastAtMs, alertId] = placeOf(query.cursor, 3);
      const after =
        alertId === null
          ? null
          : { isOpen: isOpen === true, lastAtMs: Number(lastAtMs), alertId: String(alertId) };
      const rows = await listTillAlerts(db, { ...query, after, limit: query.limit + 1 });
      const page = pageRead(rows, query, (row) => [row.closedAtMs === null, row.lastAtMs, row.alertId]);
      return { alerts: page.rows as z.infer<typeof TillAlertRow>[], nextCursor: page.nextCursor };
    },
  );
  app.post(
    '/api/v1/till-alerts/:alertId/close',
    {
      config: may('tills.write', 'chain'),
      schema: {
        summary: 'Somebody has looked at it',
        params: z.object({ alertId: z.string().regex(/^[1-9]\d{0,17}$/) }),
        body: Reason,
        response: ok(Applied),
      },
    },
    async ({ params, body }) => {
      const closed = await closeTillAlert(db, params.alertId, { ...body, nowMs: clock.nowMs() });
      if (!closed) throw new ApiProblem(404, 'unknown_alert', 'there is no such open alert');
      return { applied: 1 };
    },
  );
  app.get(
    '/api/v1/tills/:tillId/head',
    {
      config: may('tills.read', 'chain'),
      schema: {
        summary: "The till's journal as far as HQ vouches for it: what `counterfoil verify --head` takes",
        params: TillParams,
        response: ok(TillHead),
      },
    },
    async ({ params }) => {
      const [head] = await db.query<{ journalId: string; seq: number; hash: string }>(
        `select journal_id as "journalId", acked_seq as seq, acked_hash as hash from till
         where till_id = $1 and acked_hash is not null`,
        [params.tillId],
      );
      if (head === undefined) throw new ApiProblem(404, 'no_head', 'HQ has no entry of such a till');
      const facts = { cloudId, tillId: params.tillId, ...head };
      return { ...facts, sig: cloudKey.sign(ackStatement(facts)), cloudKey: cloudKey.publicKey };
    },
  );
  app.post(
    '/api/v1/tills/:tillId/resume',
    {
      config: may('tills.write', 'chain'),
      schema: {
        summary: 'Two disks spoke as one till: says which journal goes on (the alert names both)',
        params: TillParams,
        body: Reason.extend({ journalId: z.string().min(1).max(64) }),
        response: ok(Applied),
      },
    },
    async ({ params, body }) => {
      if (!(await resumeTill(db, params.tillId, body.journalId))) {
        throw new ApiProblem(409, 'not_stopped', 'HQ has not stopped such a till');
      }
      signals.emit('till', { tillId: params.tillId });
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/tills/:tillId/rescue-tickets',
    {
      config: may('tills.write', 'chain'),
      schema: {
        summary: 'Lets the disk of a till that was cut off or replaced push what it still has, for an hour',
        params: TillParams,
        body: Reason,
        response: ok(RescueTicket),
      },
    },
    async ({ params, body }) => {
      const made = await makeRescueTicket(db, params.tillId, { ...body, nowMs: clock.nowMs(), chance });
      if (made === null) throw new ApiProblem(404, 'unknown_till', 'there is no such till');
      return made;
    },
  );
  app.get(
    '/api/v1/leases/settling',
    {
      config: may('tills.read', 'chain'),
      schema: {
        summary: 'After HQ was put back: whose word on its leases is awaited',
        response: ok(Settling),
      },
    },
    async () => {
      const state = await settling(db);
      return {
        isSettling: state !== null,
        sinceMs: state?.sinceMs ?? null,
        tills: [...(state?.tills ?? [])],
      };
    },
  );
  app.post(
    '/api/v1/leases/settling/end',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'Does not wait for tills that cannot be reached: what they hold may be granted twice',
        body: Reason,
        response: ok(Applied),
      },
    },
    async ({ body }) => {
      const waitedFor = (await settling(db))?.tills ?? [];
      if (!(await endSettling(db))) throw new ApiProblem(409, 'not_settling', 'HQ waits for no till');
      await db.query(
        `update till_alert set closed_at = to_timestamp($1::float8 / 1000), closed_why = $2,
           detail = detail || $3::jsonb
         where kind = 'hq_went_back' and closed_at is null`,
        [clock.nowMs(), body.reason, JSON.stringify({ notWaitedFor: waitedFor.map(({ code }) => code) })],
      );
      return { applied: 1 };
    },
  );
}
