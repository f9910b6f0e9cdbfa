/**
 * ETags of what can be edited: its revision. A change names the revision that it was made from (`If-Match`), so of two
 * people who edit one thing the second is told.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiProblem } from './api.ts';

/** Headers of a change; whether it is there is asked by `revisionAsked`. */
export const IfMatch = z.object({ 'if-match': z.string().optional().describe('the ETag that was read') });

export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** @returns true when the reader has this revision already, and the answer is 304 without a body */
export function tellRevision(request: FastifyRequest, reply: FastifyReply, revision: number): boolean {
  reply.header('etag', etagOf(revision));
  const known = request.headers['if-none-match'];
  return known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etagOf(revision)) === true;
}

/** The revision that a change was made from. @throws ApiProblem 428 when it is not said, 412 when it is no revision */
export function revisionAsked({ headers }: FastifyRequest): number {
  const tag = headers['if-match'];
  if (tag === undefined) {
    throw new ApiProblem(
      428,
      'revision_needed',
      'send the ETag that you read as If-Match; nothing was changed',
      {
        path: 'if-match',
      },
    );
  }
  const revision = /^"(\d{1,9})"$/.exec(tag)?.[1];
  if (revision !== undefined) return Number(revision);
  throw new ApiProblem(412, 'changed', 'this If-Match names no revision of it: read it again', {
    path: 'if-match',
  });
}
