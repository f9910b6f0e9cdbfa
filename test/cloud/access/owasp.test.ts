/**
 * Strings that break careless programs, in every text of every request that the OpenAPI page describes: no failure of
 * HQ's own, nothing dropped, nothing run; and bodies that are too large, torn, or no JSON at all.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, type Operation, operationsOf, type Schema, sample } from '../../kit/api-doc.ts';
import { openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';

const ATTACKS = [
  `'; drop table sale; --`,
  `" or "1"="1`,
  `x' union select password::text from console_user --`,
  '../../../../etc/passwd',
  '{{7*7}}<%= 7*7 %><script>alert(1)</script>',
  '\u0000',
  '\ud800',
  '%s%n%00',
  '__proto__',
  '９'.repeat(300),
];

/** A stream that does not end, and what is about a session, which the owner's token has not. */
const LEFT_OUT = new Set(['GET /api/v1/live', 'DELETE /api/v1/session', 'DELETE /api/v1/session/all']);

let cloud: TestCloud;
let operations: Operation[];
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  operations = (await operationsOf(cloud)).filter(({ name }) => !LEFT_OUT.has(name));
});
afterAll(() => cloud.close());

describe.each(ATTACKS.map((attack) => [attack]))('%j', (attack) => {
  test('in every text of every request: an answer below 500, and all tables stand', async () => {
    const before = await tables();
    const failed: string[] = [];
    for (const operation of operations) {
      const { status } = await answerOf(cloud, requestWith(operation, attack));
      if (status >= 500) failed.push(`${operation.name}: ${status}`);
    }
    expect([failed, cloud.logs.filter((line) => line.includes('/api/'))]).toEqual([[], []]);
    expect(await tables()).toEqual(before);
  });
});

test.each<[number, string, string, string]>([
  [413, 'too_large', 'application/json', `{"x":"${'a'.repeat(5_000_000)}"}`],
  [400, 'bad_request', 'application/json', '{"torn'],
  [400, 'bad_request', 'application/json', '{"__proto__":{"x":1}}'],
  [415, 'media_type', 'application/xml', '<x/>'],
  [400, 'bad_request', 'application/json', '['.repeat(100_000)],
])('%i %s for a body of %s', async (status, kind, type, body) => {
  const answer = await answerOf(cloud, {
    ...{ method: 'POST', url: '/api/v1/segments/count', body },
    headers: { authorization: `Bearer ${cloud.token}`, 'content-type': type },
  });
  expect([answer.status, answer.kind]).toEqual([status, kind]);
  expect((await fetch(`${cloud.url}/healthz`)).status).toBe(200);
});

test('another origin gets no leave to read: no CORS header, also on a preflight', async () => {
  for (const method of ['GET', 'OPTIONS']) {
    const response = await fetch(`${cloud.url}/api/v1/stores`, {
      method,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    const cors = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
    expect([method, cors]).toEqual([method, []]);
  }
});

async function tables(): Promise<unknown> {
  return cloud.db.query(
    `select (select count(*) from pg_class where relnamespace = 'public'::regnamespace) as tables,
       (select count(*) from console_user) as users, (select count(*) from sale) as sales`,
  );
}

function requestWith({ method, path, parameters, body }: Operation, attack: string) {
  const url = path.replace(/\{\w+\}/g, encodeURIComponent(attack.toWellFormed()));
  const query = new URLSearchParams();
  for (const { name, in: where } of parameters) if (where === 'query') query.set(name, attack);
  const sent = body === null ? undefined : JSON.stringify(poisoned(sample(body), body, attack));
  return {
    method,
    url: query.size === 0 ? url : `${url}?${query}`,
    headers: {
      authorization: `Bearer ${cloud.token}`,
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(sent === undefined ? {} : { body: sent }),
  };
}

/** The same value with every free text replaced: words of a list stay, or nothing would get past the first check. */
function poisoned(value: unknown, schema: Schema, attack: string): unknown {
  const { enum: words, const: word, properties, items, pattern, format } = schema as Record<string, never>;
  if (typeof value === 'string') {
    const closed = words !== undefined || word !== undefined || pattern !== undefined || format !== undefined;
    return closed ? value : attack;
  }
  if (Array.isArray(value)) return value.map((one) => poisoned(one, items ?? {}, attack));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, poisoned(inner, properties?.[name] ?? {}, attack)]),
  );
}
