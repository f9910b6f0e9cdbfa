/**
 * What all routes of `/api/v1` stand on: their parts, their refusals, and an app whose answers are typed by zod.
 */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Chance, Clock } from '../../src/core/ports.ts';
import type { Db } from '../db/db.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Signals } from '../signal.ts';
import { Problem } from './schemas.ts';

export interface ApiParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly signals: Signals;
  readonly cloudId: string;
  readonly isOnline: (tillId: string) => boolean;
  readonly jobs: Pick<Jobs, 'ask' | 'list'>;
}

/** A refusal with its HTTP status; `http.ts` turns it into a `Problem`. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  readonly kind: string;
  readonly details: unknown;

  constructor(status: number, kind: string, message: string, details?: unknown) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.details = details;
  }
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
