/**
 * What all routes of `/api/v1` stand on: their parts, their refusals, what each asks of its caller, and an app whose
 * answers are typed by zod.
 */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Chance, Clock, Sha256 } from '../../src/core/ports.ts';
import type { Right } from '../access/rights.ts';
import type { ReachPolicy } from '../access/ssrf.ts';
import type { Db } from '../db/db.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Signals } from '../signal.ts';
import type { CloudKey } from '../tills/cloud-key.ts';
import { Problem } from './schemas.ts';

export interface ApiParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sha256: Sha256;
  readonly signals: Signals;
  readonly cloudId: string;
  readonly cloudKey: CloudKey;
  readonly isOnline: (tillId: string) => boolean;
  readonly jobs: Pick<Jobs, 'ask' | 'list'>;
  /** Where HQ may be sent to by an address that somebody gave. */
  readonly reach: ReachPolicy;
}

/** A refusal with its HTTP status; `problem.ts` makes the answer of it. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  readonly kind: string;
  readonly details: unknown;

  /**
   * @param kind     stable, lower_snake_case: clients and translations hang on it
   * @param details  `{ path, … }` of the field at fault, a list of `{ path, message }`, or other facts
   */
  constructor(status: number, kind: string, message: string, details?: unknown) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.details = details;
  }
}

/** What a route that writes for stores tells of its request. */
export interface StoresAsked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** How far a route reaches: `cloud/access/rights.ts` tells what each means. A store that is null: the whole chain. */
export type Reach = 'rows' | 'chain' | ((asked: StoresAsked) => readonly (string | null)[]);

export interface RouteAccess {
  /** null: whoever is known to HQ. */
  readonly right: Right | null;
  readonly reach: Reach;
}

/**
 * What a route asks of its caller. Without it HQ does not start.
 * @example app.get('/api/v1/sales', { config: may('sales.read', 'rows'), schema }, …)
 */
export function may(right: Right | null, reach: Reach): { readonly access: RouteAccess } {
  return { access: { right, reach } };
}

/** An instance whose requests and answers are typed by their zod schemas. */
export type App = ReturnType<typeof typed>;

export function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>();
}

/** The answer, and the shape of every refusal. */
export function ok<T extends z.ZodType>(schema: T) {
  return { 200: schema, '4xx': Problem, '5xx': Problem };
}
