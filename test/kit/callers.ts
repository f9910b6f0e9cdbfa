/** Callers of HQ for tests: a user of any role in an open session, an API token; made past the sign-in. */
import { randomBytes, randomUUID } from 'node:crypto';
import { addToken } from '../../cloud/access/api-tokens.ts';
import { OWNER } from '../../cloud/access/caller.ts';
import { hashPassword } from '../../cloud/access/password.ts';
import type { ConsoleRole, Right, StoreScope } from '../../cloud/access/rights.ts';
import { openSession } from '../../cloud/access/sessions.ts';
import type { TestCloud } from './cloud.ts';

const chance = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };

/** @returns the headers of a user of this role who has signed in */
export async function aSession(
  cloud: TestCloud,
  role: ConsoleRole,
  stores: StoreScope = null,
): Promise<Record<string, string>> {
  const userId = randomUUID();
  await cloud.db.query(
    `insert into console_user (user_id, login, name, role, stores, password, password_temporary, created_at, updated_at)
     values ($1, $2, $3, $3, $4, $5, false, now(), now())`,
    [
      userId,
      `${role}-${userId.slice(0, 8)}`,
      role,
      stores,
      JSON.stringify(await hashPassword('not asked for', 4)),
    ],
  );
  const facts = { userId, address: '127.0.0.1', agent: 'test' };
  const { secret } = await openSession(cloud.db, facts, { nowMs: cloud.clock.nowMs(), chance });
  return { cookie: `counterfoil_session=${secret}` };
}

/** @returns the headers of a program with these rights */
export async function aToken(
  cloud: TestCloud,
  rights: readonly Right[],
  stores: StoreScope = null,
): Promise<Record<string, string>> {
  const draft = { id: randomUUID(), name: 'test', rights, stores, days: 1 };
  const added = await addToken(cloud.db, draft, OWNER, { nowMs: cloud.clock.nowMs(), chance });
  if (!added.ok) throw new Error(`a test's token is taken: ${added.error.kind}`);
  return { authorization: `Bearer ${added.value.secret}` };
}
