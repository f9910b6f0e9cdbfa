/**
 * Policies of which the chain has one: they are published under a version, and words under a version never change.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db } from '../db/db.ts';
import { keepVersion, OF_CHAIN, type Word } from './offer-versions.ts';

export type VersionTaken = { readonly kind: 'version_taken'; readonly version: string };

/** The same again is published anew. @returns its version; or that other words are out under it */
export async function publishPolicy(
  db: Db,
  name: 'stored_value' | 'referral',
  policy: { readonly version: string },
  word: Word,
): Promise<Result<string, VersionTaken>> {
  const { version } = policy;
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ same: boolean }>(
      `insert into loyalty_policy (name, version, data, published_at)
       values ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000))
       on conflict (name, version) do update set published_at = excluded.published_at
         where loyalty_policy.data = excluded.data
       returning true as same`,
      [name, version, JSON.stringify(policy), word.atMs],
    );
    if (row === undefined) return err({ kind: 'version_taken', version });
    await keepVersion(tx, { kind: name, id: OF_CHAIN, data: policy }, word);
    return ok(version);
  });
}
