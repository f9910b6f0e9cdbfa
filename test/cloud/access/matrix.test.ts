/**
 * Role × endpoint: every route of the OpenAPI page asked by every role, and by callers who are nobody. What is right comes
 * from the route's declaration and the roles' rights; some routes are written out, so that a change of either is seen.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONSOLE_ROLES, type ConsoleRole, RIGHTS_OF, type Right } from '../../../cloud/access/rights.ts';
import { answerOf, type Operation, operationsOf, urlOf } from '../../kit/api-doc.ts';
import { aSession, aToken } from '../../kit/callers.ts';
import { openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';

let cloud: TestCloud;
let operations: Operation[];
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  operations = await operationsOf(cloud);
});
afterAll(() => cloud.close());

/** A write comes with a body of no type that HQ reads: who is let in gets 415, and nothing is done. */
const NOTHING = { 'content-type': 'application/x-nothing' };

async function outcome(operation: Operation, headers: Record<string, string>): Promise<string> {
  const write = operation.method !== 'GET';
  const { status, kind } = await answerOf(cloud, {
    method: operation.method,
    url: urlOf(operation),
    headers: write ? { ...headers, ...NOTHING } : headers,
    ...(write ? { body: 'x' } : {}),
  });
  if (status === 401 || (status === 403 && (kind === 'forbidden' || kind === 'store_scope')))
    return `${status} ${kind}`;
  return status >= 500 ? `${status} ${kind}` : 'let in';
}

function expected(operation: Operation, rights: ReadonlySet<Right>, ofSomeStores: boolean): string {
  if (operation.open || operation.right === null) return 'let in';
  if (!rights.has(operation.right as Right)) return '403 forbidden';
  return ofSomeStores && operation.reach === 'chain' ? '403 store_scope' : 'let in';
}

test.each(CONSOLE_ROLES)('%s gets on every route what the declaration says', async (role: ConsoleRole) => {
  const stores = role === 'manager' ? ['S01'] : null;
  const headers = await aSession(cloud, role, stores);
  const wrong: string[] = [];
  for (const operation of operations) {
    if (operation.path.startsWith('/api/v1/session')) continue;
    const got = await outcome(operation, headers);
    const right = expected(operation, RIGHTS_OF[role], stores !== null);
    if (got !== right) wrong.push(`${operation.name}: ${got}, not ${right}`);
  }
  expect(wrong).toEqual([]);
});

test.each(['nobody', 'a wrong token', 'a session that is over', 'a token that was revoked'])(
  '%s gets 401 on every route that is not open',
  async (who) => {
    const headers = await strangers[who]!();
    const wrong: string[] = [];
    for (const operation of operations.filter(({ open }) => !open)) {
      const got = await outcome(operation, headers);
      if (got !== '401 unauthorized') wrong.push(`${operation.name}: ${got}`);
    }
    expect(wrong).toEqual([]);
    expect(
      operations
        .filter(({ open }) => open)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['GET /api/v1/branding', 'POST /api/v1/enrol', 'POST /api/v1/session']);
  },
);

const strangers: Readonly<Record<string, () => Promise<Record<string, string>>>> = {
  nobody: async () => ({}),
  'a wrong token': async () => ({ authorization: `Bearer cft_${'x'.repeat(43)}` }),
  'a session that is over': async () => {
    const headers = await aSession(cloud, 'admin');
    await cloud.db.query('update console_session set expires_at = now() - interval $$1 second$$');
    return headers;
  },
  'a token that was revoked': async () => {
    const headers = await aToken(cloud, ['sales.read']);
    await cloud.db.query('update api_token set revoked_at = now()');
    return headers;
  },
};

const Y = 'let in';
const F = '403 forbidden';
const S = '403 store_scope';
test.each<[string, string, Record<ConsoleRole, string>]>([
  ['GET', '/api/v1/sales', { admin: Y, marketing: Y, finance: Y, service: Y, manager: Y, auditor: Y }],
  ['GET', '/api/v1/users', { admin: Y, marketing: F, finance: F, service: F, manager: F, auditor: Y }],
  ['POST', '/api/v1/users', { admin: Y, marketing: F, finance: F, service: F, manager: F, auditor: F }],
  ['POST', '/api/v1/tokens', { admin: Y, marketing: F, finance: F, service: F, manager: F, auditor: F }],
  ['PUT', '/api/v1/rules', { admin: Y, marketing: Y, finance: F, service: F, manager: F, auditor: F }],
  [
    'GET',
    '/api/v1/members/export',
    { admin: Y, marketing: F, finance: F, service: F, manager: F, auditor: F },
  ],
  ['PUT', '/api/v1/members', { admin: Y, marketing: Y, finance: F, service: Y, manager: F, auditor: F }],
  [
    'PUT',
    '/api/v1/stored-value/policy',
    { admin: Y, marketing: F, finance: F, service: F, manager: F, auditor: F },
  ],
  [
    'POST',
    '/api/v1/members/{memberId}/points/corrections',
    { admin: Y, marketing: F, finance: F, service: Y, manager: F, auditor: F },
  ],
  [
    'POST',
    '/api/v1/tills/{tillId}/revoke',
    { admin: Y, marketing: F, finance: F, service: F, manager: S, auditor: F },
  ],
  [
    'GET',
    '/api/v1/gift-cards/{card}',
    { admin: Y, marketing: Y, finance: Y, service: Y, manager: S, auditor: Y },
  ],
  [
    'POST',
    '/api/v1/jobs/expire-points',
    { admin: Y, marketing: F, finance: F, service: F, manager: F, auditor: F },
  ],
])('%s %s: %j', (method, path, roles) => {
  const operation = operations.find((one) => one.method === method && one.path === path)!;
  const told = CONSOLE_ROLES.map((role) => [role, expected(operation, RIGHTS_OF[role], role === 'manager')]);
  expect(Object.fromEntries(told)).toEqual(roles);
});
