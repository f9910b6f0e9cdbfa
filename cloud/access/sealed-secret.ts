/**
 * Secrets that HQ must read again, of second factors and of webhooks: sealed at rest by the vault, each under a key of its holder.
 *
 * What must only be known again (passwords, tokens) is hashed instead. The column holds `s1.…`; one from before that is in clear,
 * and is sealed when HQ starts.
 */
import type { Db, Queryable } from '../db/db.ts';
import { openOne, sealOne } from '../vault/keys.ts';

/** Whose secret it is: ids of users and of webhooks are no member's. */
export const holderOf = {
  user: (id: string) => `user:${id}`,
  webhook: (id: string) => `webhook:${id}`,
} as const;

const WHAT = 'secret';

export function sealSecret(tx: Queryable, holderId: string, secret: string): Promise<string> {
  return sealOne(tx, holderId, WHAT, secret);
}

/** @returns null where there is none, or its key is gone */
export async function openSecret(
  tx: Queryable,
  holderId: string,
  sealed: string | null,
): Promise<string | null> {
  return sealed === null ? null : openOne(tx, holderId, WHAT, sealed);
}

const COLUMNS = [
  { table: 'console_user', id: 'user_id', columns: ['totp_secret', 'totp_pending'], holder: holderOf.user },
  { table: 'webhook', id: 'webhook_id', columns: ['secret', 'old_secret'], holder: holderOf.webhook },
] as const;

/** Seals what lies in clear from before, and writes the files anew. Safe to break off. @returns how many secrets */
export async function sealOldSecrets(db: Db): Promise<number> {
  let count = 0;
  for (const { table, id, columns, holder } of COLUMNS) {
    let here = 0;
    for (const column of columns) {
      const rows = await db.query<{ id: string; secret: string }>(
        `select ${id} as id, ${column} as secret from ${table} where ${column} is not null and ${column} not like 's1.%'`,
      );
      for (const row of rows) {
        const sealed = await sealSecret(db, holder(row.id), row.secret);
        await db.query(`update ${table} set ${column} = $2 where ${id} = $1 and ${column} = $3`, [
          ...[row.id, sealed, row.secret],
        ]);
      }
      here += rows.length;
    }
    if (here > 0) await db.query(`vacuum full ${table}`);
    count += here;
  }
  return count;
}
