/**
 * Writes under a key: asked again with the same words they answer the same and do nothing; with other words they are refused.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/core/entry.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';

export type KeyTaken = { readonly kind: 'key_taken'; readonly key: string };

/** Leaves the transaction without a trace. */
class Refused<E> extends Error {
  readonly refusal: E;
  constructor(refusal: E) {
    super('refused');
    this.refusal = refusal;
  }
}

/**
 * @param request `key`: the caller's own, one for each thing it wants done; `asked`: what it wants, as plain data
 * @param work what it refuses leaves nothing behind, not even the key
 */
export async function once<T extends object, E>(
  db: Db,
  request: { readonly key: string; readonly asked: object; readonly nowMs: number },
  work: (tx: Queryable) => Promise<Result<T, E>>,
): Promise<Result<T, E | KeyTaken>> {
  const { key, asked, nowMs } = request;
  // Through JSON: what is left out and what is undefined are the same words.
  const words = canonicalJson(JSON.parse(JSON.stringify(asked)));
  const fingerprint = createHash('sha256').update(words).digest('hex');
  try {
    return await db.transaction(async (tx): Promise<Result<T, E | KeyTaken>> => {
      // Who asks twice at once waits here for the first.
      const fresh = await tx.query(
        `insert into loyalty_request (request_key, fingerprint, answer, at)
         values ($1, $2, '{}', to_timestamp($3::float8 / 1000)) on conflict do nothing returning 1 as x`,
        [key, fingerprint, nowMs],
      );
      if (fresh.length === 0) {
        const [before] = await tx.query<{ fingerprint: string; answer: T }>(
          'select fingerprint, answer from loyalty_request where request_key = $1',
          [key],
        );
        return before!.fingerprint === fingerprint ? ok(before!.answer) : err({ kind: 'key_taken', key });
      }
      const done = await work(tx);
      if (!done.ok) throw new Refused(done.error);
      await tx.query('update loyalty_request set answer = $2::jsonb where request_key = $1', [
        key,
        JSON.stringify(done.value),
      ]);
      return done;
    });
  } catch (cause) {
    if (cause instanceof Refused) return err(cause.refusal as E);
    throw cause;
  }
}
