/**
 * Routes of what tills hold of members' rights, and of writing off what a lost till held.
 */
import { z } from 'zod';
import { listLeases, type WriteOffError, writeOffLease } from '../leases/leases.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { pageQuery, pageRead, placeOf } from './pages.ts';
import { nextCursor } from './schemas.ts';

const LeaseQuery = pageQuery({ usual: 500, max: 500 }).extend({
  tillId: z.string().max(64).optional(),
  key: z.string().max(200).optional().describe('`points:MEMBER`, `rule:RULE`, …'),
});

const LeaseShape = z
  .object({
    leaseId: z.string(),
    key: z.string(),
    tillId: z.string(),
    amount: z.int().describe('points, minor units or uses'),
    left: z.int().describe('neither spent nor given back, as far as HQ has the journal'),
    state: z.enum(['offered', 'held', 'short']),
    isFrozen: z.boolean().describe('its till is revoked or goes on under another journal'),
    epoch: z.int(),
    untilMs: z.int(),
    grantedAtMs: z.int(),
  })
  .meta({ id: 'Lease' });
const LeaseList = z.object({ leases: z.array(LeaseShape), nextCursor }).meta({ id: 'LeaseList' });

const WriteOff = z.object({ reason: z.string().trim().min(1).max(500) });
const WrittenOff = z.object({ freed: z.int() }).meta({ id: 'WrittenOff' });

export function registerLeases(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/leases',
    {
      config: may('tills.read', 'rows'),
      schema: { summary: 'What tills hold, frozen first', querystring: LeaseQuery, response: ok(LeaseList) },
    },
    async ({ query }) => {
      const [isThawed, grantedAtMs, leaseId] = placeOf(query.cursor, 3);
      const after =
        leaseId === null
          ? null
          : { isThawed: isThawed === true, grantedAtMs: Number(grantedAtMs), leaseId: String(leaseId) };
      const rows = await listLeases(db, { ...query, after, limit: query.limit + 1 });
      const page = pageRead(rows, query, (row) => [!row.isFrozen, row.grantedAtMs, row.leaseId]);
      return { leases: page.rows as z.infer<typeof LeaseList>['leases'], nextCursor: page.nextCursor };
    },
  );
  app.post(
    '/api/v1/leases/:leaseId/write-off',
    {
      config: may('loyalty.write', 'chain'),
      schema: {
        summary: 'Free what a lost till held. If it comes back with sales from it, they stand and HQ is told',
        params: z.object({ leaseId: z.string().max(64) }),
        body: WriteOff,
        response: ok(WrittenOff),
      },
    },
    async ({ params, body }) => {
      const freed = await writeOffLease(db, params.leaseId, {
        reason: body.reason,
        nowMs: clock.nowMs(),
      });
      if (freed.ok) return { freed: freed.value };
      const { status, words } = WRITE_OFF_WORDS[freed.error.kind];
      throw new ApiProblem(status, freed.error.kind, words);
    },
  );
}

const WRITE_OFF_WORDS: Readonly<
  Record<WriteOffError['kind'], { readonly status: number; readonly words: string }>
> = {
  unknown_lease: { status: 404, words: 'no till was ever given this lease' },
  not_frozen: { status: 409, words: 'its till is still ours and may spend it: revoke the till first' },
};
