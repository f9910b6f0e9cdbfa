/**
 * Personal rows of people who joined at tills, as they lie at HQ: sealed under the key of the id that they got there, so they
 * go with it.
 */
import type { Queryable } from '../db/db.ts';
import { isSealed, open, seal } from '../vault/cipher.ts';
import { keysOf, makeKeys } from '../vault/keys.ts';

const ENROLMENT = 'enrolment';

export async function sealEnrolments(
  tx: Queryable,
  rows: readonly { readonly memberId: string; readonly data: string }[],
): Promise<string[]> {
  const keys = await makeKeys(
    tx,
    rows.map(({ memberId }) => memberId),
  );
  return rows.map(({ memberId, data }) =>
    isSealed(data) ? data : seal(keys.get(memberId)!, { holderId: memberId, what: ENROLMENT }, data),
  );
}

/** @returns canonical JSON as the till sent it; null: erased */
export async function openEnrolment(
  tx: Queryable,
  row: { readonly memberId: string; readonly data: string },
): Promise<string | null> {
  const key = (await keysOf(tx, [row.memberId])).get(row.memberId);
  return key === undefined ? null : open(key, { holderId: row.memberId, what: ENROLMENT }, row.data);
}
