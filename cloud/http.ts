/**
 * HQ's HTTP server: the API, the console's files, health, and who may ask.
 *
 * Access: `Authorization: Bearer TOKEN`, with the owner's token of the data folder or one made at HQ, or the cookie of a
 * session. With `openOnLoopback` (what `npm start` uses) requests that come from this machine, under a loopback name and
 * from no foreign page, need none.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { scopedDb } from './access/scoped-db.ts';
import { type ApiParts, ApiProblem, may, typed } from './hq/api.ts';
import { auditWrites } from './hq/audit-hooks.ts';
import { guardChanges } from './hq/etag.ts';
import { installGate } from './hq/gate.ts';
import { onceAKey } from './hq/idempotency.ts';
import { type HttpAccess, identify } from './hq/identify.ts';
import { registerImports } from './hq/import-routes.ts';
import { openApi } from './hq/openapi.ts';
import { PROBLEM_TYPE, problemOf } from './hq/problem.ts';
import { RATES, RateLimits, type Rates } from './hq/rate-limit.ts';
import { reportTurns } from './hq/report-turns.ts';
import { registerApi } from './hq/routes.ts';
import { registerSegmentApi } from './hq/segment-routes.ts';
import type { HttpMeter } from './metrics/http-meter.ts';
import type { TlsPems } from './tls.ts';

export interface HttpParts extends ApiParts {
  readonly access: HttpAccess;
  readonly log: (text: string) => void;
  readonly version: string;
  readonly rates?: Rates;
  readonly patience?: Patience;
  readonly meter: HttpMeter;
  /** Not given: plain HTTP. */
  readonly tls?: TlsPems | null;
}

/** How long a request may take to arrive; a line that brings it slower is answered 408 and cut off. */
export interface Patience {
  /** Head and body: 32 MB over a slow line fit, a trickle does not. */
  readonly requestMs: number;
  /** The head alone, a few hundred bytes. */
  readonly headMs: number;
  /** How often lines are looked at. */
  readonly lookEveryMs: number;
}

const PATIENCE: Patience = { requestMs: 120_000, headMs: 20_000, lookEveryMs: 5_000 };
const CONSOLE_FOLDER = fileURLToPath(new URL('../.build/hq-ui', import.meta.url));

export async function makeHttp(parts: HttpParts): Promise<FastifyInstance> {
  const patience = parts.patience ?? PATIENCE;
  const timeouts = { headersTimeout: patience.headMs, connectionsCheckingInterval: patience.lookEveryMs };
  const app = fastify({
    bodyLimit: 4 * 1024 * 1024,
    forceCloseConnections: true,
    requestTimeout: patience.requestMs,
    // The same face either way; Fastify types the two apart.
    ...((parts.tls == null
      ? { http: timeouts }
      : { https: { ...timeouts, ...parts.tls, minVersion: 'TLSv1.2' } }) as object),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  parts.meter.watch(app);
  app.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
  const { db, access, clock } = parts;
  const rates = new RateLimits(parts.rates ?? RATES, clock);
  installGate(app, {
    identify: (request) => identify(request, { db, access, nowMs: clock.nowMs() }),
    letIn: (request, reply) => rates.demand(request, reply),
  });
  auditWrites(app, parts);
  onceAKey(app, parts);
  guardChanges(app, parts);
  reportTurns(app);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500)
      parts.log(`${request.method} ${request.routeOptions.url ?? 'unknown'}: ${(error as Error).message}`);
    return reply.status(problem.status).type(PROBLEM_TYPE).send(problem);
  });
  await app.register(swagger, openApi(parts.version));
  app.get('/healthz', { schema: { hide: true } }, async () => {
    await parts.db.query('select 1');
    return {
      ok: true,
      service: 'cloud',
      cloudId: parts.cloudId,
      store: parts.db.kind,
      version: parts.version,
    };
  });
  app.get('/api/v1/openapi.json', { config: may(null, 'rows'), schema: { hide: true } }, async () =>
    app.swagger(),
  );
  const asked = { ...parts, db: scopedDb(db) };
  registerApi(app, asked);
  registerSegmentApi(app, asked);
  registerImports(typed(app), asked);
  await serveConsole(app);
  return app;
}

/** The console is one page: any path that is no file and no API is its own to show. */
async function serveConsole(app: FastifyInstance): Promise<void> {
  const built = existsSync(CONSOLE_FOLDER);
  if (built) {
    await app.register(fastifyStatic, {
      root: CONSOLE_FOLDER,
      // Names of assets carry their hash; the page itself must be asked for again.
      setHeaders: (reply, file) => {
        const asset = file.includes('/assets/');
        reply.header('cache-control', asset ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method !== 'GET' || request.url.startsWith('/api/')) {
      throw new ApiProblem(404, 'not_found', `there is no ${request.method} ${request.url.split('?')[0]}`);
    }
    if (built) return reply.sendFile('index.html');
    return reply
      .status(503)
      .type('text/plain')
      .send('The console is not built: run `node setup.cjs --ready`.\n');
  });
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
};
