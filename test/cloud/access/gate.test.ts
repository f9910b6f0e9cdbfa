/** The gate: a route that does not say who may ask does not start, and each caller gets what the declaration says. */
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, OWNER } from '../../../cloud/access/caller.ts';
import { RIGHTS } from '../../../cloud/access/rights.ts';
import { may, type StoresAsked } from '../../../cloud/hq/api.ts';
import { installGate } from '../../../cloud/hq/gate.ts';
import { problemOf } from '../../../cloud/hq/problem.ts';
import { openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';

const done = async () => ({});
const storesOf = ({ body }: StoresAsked) => (body as { stores: string[] }).stores;

function anApp(caller: Caller | null) {
  const app = fastify();
  installGate(app, { identify: async () => caller, letIn: () => {} });
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.status(problem.status).send(problem);
  });
  return app;
}

describe('a route says who may ask, or HQ does not start', () => {
  test.each<[RegExp, 'get' | 'post', object]>([
    [/GET \/api\/v1\/new declares no right/, 'get', {}],
    [/declares no right/, 'post', {}],
    [/asks for a right to read, not for orders.write/, 'get', may('orders.write', 'chain')],
    [/`rows` is for reading, and orders.write/, 'post', may('orders.write', 'rows')],
    [/a right to read lets nobody write/, 'post', may('sales.read', 'chain')],
  ])('%s: %s %j', (words, method, config) => {
    expect(() => anApp(OWNER)[method]('/api/v1/new', { config }, done)).toThrow(words);
  });

  test.each<['get' | 'post', object]>([
    ['get', may('sales.read', 'rows')],
    ['get', may('audit.read', 'chain')],
    ['get', may(null, 'rows')],
    ['post', may('sales.read', 'rows')],
    ['post', may('staff.write', storesOf)],
    ['post', { open: true }],
  ])('%s %j starts', (method, config) => {
    expect(() => anApp(OWNER)[method]('/api/v1/new', { config }, done)).not.toThrow();
  });
});

describe('what the gate answers', () => {
  const manager: Caller = {
    ...OWNER,
    kind: 'user',
    id: 'u1',
    rights: new Set(['staff.read', 'staff.write']),
    stores: ['S01'],
  };
  test.each<[number, string | undefined, string, Caller | null, object, string[]]>([
    [401, 'unauthorized', 'nobody', null, may('staff.read', 'rows'), []],
    [200, undefined, 'nobody on an open route', null, { open: true }, []],
    [200, undefined, 'the owner', OWNER, may('access.write', 'chain'), []],
    [200, undefined, 'who has the right', manager, may('staff.read', 'rows'), []],
    [403, 'forbidden', 'who lacks it', manager, may('sales.read', 'rows'), []],
    [403, 'store_scope', 'a manager of S01 on the chain', manager, may('staff.write', 'chain'), []],
    [200, undefined, 'a manager of S01 on S01', manager, may('staff.write', storesOf), ['S01']],
    [
      403,
      'store_scope',
      'a manager of S01 on S01 and S02',
      manager,
      may('staff.write', storesOf),
      ['S01', 'S02'],
    ],
    [200, undefined, 'the owner on S01 and S02', OWNER, may('staff.write', storesOf), ['S01', 'S02']],
    [200, undefined, 'whoever is known', manager, may(null, 'rows'), []],
  ])('%i %s: %s', async (status, kind, _who, caller, config, stores) => {
    const app = anApp(caller);
    app.post('/api/v1/x', { config }, done);
    const answer = await app.inject({ method: 'POST', url: '/api/v1/x', payload: { stores } });
    expect([answer.statusCode, answer.json().kind]).toEqual([status, kind]);
  });
});

describe('problem details (RFC 9457)', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(QUICK);
  });
  afterAll(() => cloud.close());

  const put = (path: string, body: unknown) =>
    fetch(new URL(path, cloud.url), {
      method: 'PUT',
      headers: { authorization: `Bearer ${cloud.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('a body at fault names each field; the media type is application/problem+json', async () => {
    const answer = await put('/api/v1/traffic', {
      days: [{ storeId: 'S01', businessDate: '2026-11-21', visitors: -1 }, { storeId: 7 }],
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem = (await answer.json()) as { errors: { path: string }[] };
    expect(problem).toMatchObject({
      type: 'urn:counterfoil:problem:bad_request',
      title: 'Bad request',
      status: 400,
      kind: 'bad_request',
      detail: expect.stringMatching(/^body\.days\[0\]\.visitors: /),
    });
    expect(problem.errors.map(({ path }) => path)).toEqual([
      'days[0].visitors',
      'days[1].storeId',
      'days[1].businessDate',
      'days[1].visitors',
    ]);
  });

  test('a refusal by the rules of the shop names its field too', async () => {
    const answer = await put('/api/v1/reports/structure-targets', {
      storeId: 'S01',
      dimension: 'none',
      parts: [],
    });
    expect([answer.status, await answer.json()]).toEqual([
      422,
      expect.objectContaining({
        kind: 'unknown_dimension',
        errors: [expect.objectContaining({ path: 'dimension' })],
      }),
    ]);
  });

  test('each operation of the OpenAPI page has a name of its own and tells its right', async () => {
    const doc = (await cloud.client.get('/api/v1/openapi.json')) as {
      paths: Record<string, Record<string, { operationId: string; security?: []; 'x-right'?: string }>>;
    };
    const operations = Object.entries(doc.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    const undeclared = operations.filter(({ security, 'x-right': right }) =>
      security?.length === 0 ? right !== undefined : !([...RIGHTS, null] as unknown[]).includes(right),
    );
    expect(undeclared.map(({ name }) => name)).toEqual([]);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations.find(({ name }) => name === 'get /api/v1/sales/{saleId}')).toMatchObject({
      operationId: 'getSalesBySaleId',
      'x-right': 'sales.read',
    });
  });
});
