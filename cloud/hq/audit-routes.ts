/**
 * `/api/v1/audit`: who wrote what at HQ, and whether the log is whole.
 */
import { z } from 'zod';
import { auditBefore, proveAudit } from '../access/audit.ts';
import { type ApiParts, type App, may, ok } from './api.ts';

const AuditQuery = z.object({
  actorId: z.string().max(64).optional().describe('a user’s id, a token’s id, or `owner`'),
  cursor: z.coerce.number().int().min(1).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const AuditLine = z
  .object({
    seq: z.int(),
    hash: z.string().describe('SHA-256 of the hash before and this entry'),
    phase: z.enum(['asked', 'done']).describe('`asked` without `done`: HQ fell in between'),
    atMs: z.int(),
    actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    address: z.string(),
    requestId: z.string(),
    route: z.string(),
    params: z.unknown(),
    sent: z.unknown().optional().describe('text that is no id or word of a closed set is `…`'),
    status: z.int().optional(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  })
  .meta({ id: 'AuditLine' });
const AuditPage = z
  .object({ entries: z.array(AuditLine), nextCursor: z.int().nullable() })
  .meta({ id: 'AuditPage' });
const AuditProof = z
  .object({ entries: z.int(), headHash: z.string(), brokenAt: z.int().nullable() })
  .meta({ id: 'AuditProof' });

export function registerAudit(app: App, { db }: ApiParts): void {
  app.get(
    '/api/v1/audit',
    {
      config: may('audit.read', 'chain'),
      schema: { summary: 'Writes at HQ, newest first', querystring: AuditQuery, response: ok(AuditPage) },
    },
    async ({ query: { actorId, cursor, limit } }) => {
      const asked = { before: cursor ?? null, actorId: actorId ?? null, limit: limit + 1 };
      const rows = await auditBefore(db, asked);
      const entries = rows.slice(0, limit);
      return { entries, nextCursor: rows.length > limit ? entries.at(-1)!.seq : null };
    },
  );
  app.get(
    '/api/v1/audit/proof',
    {
      config: may('audit.read', 'chain'),
      schema: {
        summary: 'Walks the chain of the audit log: the first break, or none',
        response: ok(AuditProof),
      },
    },
    () => proveAudit(db),
  );
}
