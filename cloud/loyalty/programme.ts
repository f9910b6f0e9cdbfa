/**
 * The points programme as published: versioned like a rule set, since sales name the version they earned by.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Programme } from '../../src/core/points.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import { keepVersion, OF_CHAIN, type Word } from './offer-versions.ts';

export async function putProgramme(
  db: Db,
  programme: Programme,
  word: Word,
): Promise<Result<string, { readonly kind: 'version_taken'; readonly version: string }>> {
  return db.transaction(async (tx) => {
    const before = await programmeByVersion(tx, programme.version);
    if (before !== null && !isDeepStrictEqual(before, JSON.parse(JSON.stringify(programme)))) {
      return err({ kind: 'version_taken', version: programme.version });
    }
    await tx.query(
      `insert into programme (version, data, published_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
       on conflict (version) do update set published_at = excluded.published_at`,
      [programme.version, JSON.stringify(programme), word.atMs],
    );
    await keepVersion(tx, { kind: 'programme', id: OF_CHAIN, data: programme }, word);
    await publish(tx, [{ kind: 'programme', key: 'current', storeId: null, data: programme }]);
    return ok(programme.version);
  });
}

export async function programmeByVersion(db: Queryable, version: string): Promise<Programme | null> {
  const [row] = await db.query<{ data: Programme }>('select data from programme where version = $1', [
    version,
  ]);
  return row?.data ?? null;
}

export async function currentProgramme(db: Queryable): Promise<Programme | null> {
  const [row] = await db.query<{ data: Programme }>(
    'select data from programme order by published_at desc limit 1',
  );
  return row?.data ?? null;
}
