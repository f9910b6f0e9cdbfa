/**
 * How often somebody may ask: a bucket of tokens for each caller, one for each address that nobody is known from, and a
 * small one for each address that signs in. In this process; the owner's token has none.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../src/core/ports.ts';
import { ApiProblem } from './api.ts';

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Rates {
  readonly caller: Rate;
  readonly stranger: Rate;
  readonly signIn: Rate;
}

export const RATES: Rates = {
  caller: { perSecond: 50, burst: 500 },
  stranger: { perSecond: 5, burst: 60 },
  signIn: { perSecond: 0.5, burst: 20 },
};

const BUCKETS_MAX = 10_000;

/** Fills by the time that went by; what stands full is forgotten first. */
export class Buckets {
  private readonly left = new Map<string, { tokens: number; atMs: number }>();
  private readonly rate: Rate;

  constructor(rate: Rate) {
    this.rate = rate;
  }

  /** Takes one token. @returns 0, or how long until there is one, in ms */
  take(key: string, nowMs: number): number {
    const { perSecond, burst } = this.rate;
    const before = this.left.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, before.tokens + ((nowMs - before.atMs) / 1000) * perSecond);
    this.left.delete(key);
    this.left.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    if (this.left.size > BUCKETS_MAX) this.left.delete(this.left.keys().next().value!);
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
  }
}

export class RateLimits {
  private readonly callers: Buckets;
  private readonly strangers: Buckets;
  private readonly signIns: Buckets;
  private readonly clock: Clock;

  constructor(rates: Rates, clock: Clock) {
    this.callers = new Buckets(rates.caller);
    this.strangers = new Buckets(rates.stranger);
    this.signIns = new Buckets(rates.signIn);
    this.clock = clock;
  }

  /** @throws ApiProblem 429 with Retry-After when the caller, or a stranger's address, has asked too often */
  demand({ caller, routeOptions, method, ip }: FastifyRequest, reply: FastifyReply): void {
    if (caller?.kind === 'owner') return;
    if (caller !== null) return this.take(this.callers, `${caller.kind}:${caller.id}`, reply);
    const signsIn = routeOptions.url === '/api/v1/session' && method === 'POST';
    this.take(signsIn ? this.signIns : this.strangers, ip, reply);
  }

  private take(buckets: Buckets, key: string, reply: FastifyReply): void {
    const waitMs = buckets.take(key, this.clock.monotonicMs());
    if (waitMs === 0) return;
    reply.header('retry-after', Math.ceil(waitMs / 1000));
    throw new ApiProblem(429, 'too_many', 'too many requests: wait, then ask again', { waitMs });
  }
}
