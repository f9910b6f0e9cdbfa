/**
 * Rescue tickets: what lets the disk of a till that was cut off or replaced push the entries it still has, and nothing else.
 *
 * Somebody at HQ makes one for a till, with a reason. It works for an hour, however often the line breaks; only its hash is kept.
 */
import { createHash } from 'node:crypto';
import type { Chance } from '../../src/core/ports.ts';
import type { Queryable } from '../db/db.ts';
import { tellTillAlert } from './alerts.ts';

const TICKET_LIFE_MS = 60 * 60_000;

/** @returns null when there is no such till */
export async function makeRescueTicket(
  db: Queryable,
  tillId: string,
  given: { readonly reason: string; readonly nowMs: number; readonly chance: Chance },
): Promise<{ readonly ticket: string; readonly expiresAtMs: number } | null> {
  const { reason, nowMs, chance } = given;
  const ticket = Buffer.from(chance.bytes(24)).toString('base64url');
  const expiresAtMs = nowMs + TICKET_LIFE_MS;
  const rows = await db.query(
    `insert into rescue_ticket (ticket_hash, till_id, reason, expires_at)
     select $1, till_id, $3, to_timestamp($4::float8 / 1000) from till where till_id = $2 returning till_id`,
    [hashOf(ticket), tillId, reason, expiresAtMs],
  );
  if (rows.length === 0) return null;
  await tellTillAlert(db, { tillId, kind: 'rescued', detail: { reason }, atMs: nowMs });
  return { ticket, expiresAtMs };
}

export async function isRescue(
  db: Queryable,
  facts: { readonly tillId: string; readonly ticket: string; readonly nowMs: number },
): Promise<boolean> {
  const rows = await db.query(
    'select 1 from rescue_ticket where ticket_hash = $1 and till_id = $2 and expires_at > to_timestamp($3::float8 / 1000)',
    [hashOf(facts.ticket), facts.tillId, facts.nowMs],
  );
  return rows.length === 1;
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}
