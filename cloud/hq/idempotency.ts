/**
 * `Idempotency-Key` on writes: the same key and request get the same answer, and one effect.
 *
 * Other request under a used key: 422. The first one still under way, or HQ fell before it answered: 409. A failure of HQ's
 * own (5xx) frees the key. Answers are kept for a day, sealed by the key itself.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../src/core/ports.ts';
import type { Db } from '../db/db.ts';
import { ApiProblem } from './api.ts';

const KEEP_MS = 24 * 3_600_000;
/** A key also seals the answer: it must not be guessed. */
const KEY = /^[\x21-\x7e]{16,200}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of a write that this request is the first one of. */
    claimed: { readonly caller: string; readonly key: string } | null;
  }
}

export function onceAKey(
  app: FastifyInstance,
  { db, clock }: { readonly db: Db; readonly clock: Clock },
): void {
  app.decorateRequest('claimed', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null || request.caller === null) return;
    const caller = `${request.caller.kind}:${request.caller.id}`;
    const fingerprint = fingerprintOf(request);
    const before = await claim(db, { caller, key, fingerprint }, clock.nowMs());
    if (before === null) {
      request.claimed = { caller, key };
      return;
    }
    if (before.fingerprint !== fingerprint) {
      throw new ApiProblem(
        422,
        'key_reused',
        'this Idempotency-Key was used for another request: use a new one',
      );
    }
    if (before.status === null) {
      throw new ApiProblem(
        409,
        'under_way',
        'the request with this Idempotency-Key is under way: ask again later',
      );
    }
    const body = before.answer === null ? '' : unseal(before.answer, key);
    return reply
      .status(before.status)
      .header('idempotency-replayed', 'true')
      .type(
        before.status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8',
      )
      .send(body);
  });
  app.addHook('onSend', async ({ claimed }, reply, payload) => {
    if (claimed === null) return payload;
    const { caller, key } = claimed;
    const at = [caller, hashOf(key)] as const;
    if (reply.statusCode >= 500 || typeof payload !== 'string') {
      await db.query('delete from request_key where caller = $1 and key_hash = $2', at);
    } else {
      await db.query('update request_key set status = $3, answer = $4 where caller = $1 and key_hash = $2', [
        ...at,
        reply.statusCode,
        seal(payload, key),
      ]);
    }
    return payload;
  });
}

/** @throws ApiProblem when the key is none */
function keyOf({ method, headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined || method === 'GET' || method === 'HEAD') return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new ApiProblem(400, 'bad_request', 'an Idempotency-Key is 16 to 200 signs of ASCII, best a UUID', {
    path: 'idempotency-key',
  });
}

interface Kept {
  readonly fingerprint: string;
  readonly status: number | null;
  readonly answer: string | null;
}

/** @returns what is kept under the key; null: it is this request's now */
async function claim(
  db: Db,
  {
    caller,
    key,
    fingerprint,
  }: { readonly caller: string; readonly key: string; readonly fingerprint: string },
  nowMs: number,
): Promise<Kept | null> {
  const at = [caller, hashOf(key)] as const;
  await db.query('delete from request_key where at < to_timestamp($1::float8 / 1000)', [nowMs - KEEP_MS]);
  const claimed = await db.query(
    `insert into request_key (caller, key_hash, fingerprint, at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))
     on conflict do nothing returning 1`,
    [...at, fingerprint, nowMs],
  );
  if (claimed.length === 1) return null;
  const [kept] = await db.query<Kept>(
    'select fingerprint, status, answer from request_key where caller = $1 and key_hash = $2',
    at,
  );
  return kept ?? { fingerprint, status: null, answer: null };
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
    .digest('hex');
}

const hashOf = (key: string): string => createHash('sha256').update(`key:${key}`).digest('hex');
const cipherKey = (key: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', 'counterfoil answer', 32));

function seal(text: string, key: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', cipherKey(key), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function unseal(sealed: string, key: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', cipherKey(key), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
