/** Who asks about members' facts, and whom they are about. */
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../src/core/ports.ts';
import type { Queryable } from '../db/db.ts';
import { memberMeant } from '../facts/aliases.ts';
import type { Word } from '../loyalty/offer-versions.ts';
import { ApiProblem } from './api.ts';

/** Who a row says did it. */
export function callerName({ caller }: FastifyRequest): string {
  return caller?.name ?? 'hq';
}

/** Who publishes an offer, and when. */
export function wordOf({ caller }: FastifyRequest, clock: Clock): Word {
  const by = caller === null ? {} : { by: { kind: caller.kind, name: caller.name } };
  return { atMs: clock.nowMs(), ...by };
}

export async function knownMember(db: Queryable, asked: string): Promise<string> {
  const memberId = await memberMeant(db, asked);
  if (memberId === null) throw new ApiProblem(404, 'unknown_member', 'there is no such member');
  return memberId;
}
