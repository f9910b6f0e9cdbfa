/**
 * The gate of `/api/`: every route declares what it asks of its caller, every request is let in by that alone.
 *
 * A route without a declaration is a bug that stops HQ at its start, so none can be forgotten.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Caller } from '../access/caller.ts';
import { reads } from '../access/rights.ts';
import { asCaller } from '../access/scoped-db.ts';
import { ApiProblem, type RouteAccess } from './api.ts';
import { isSession } from './identify.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no caller: the request carries its own proof, or says nothing that is secret. */
    open?: boolean;
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Who asks; null on open routes and before the gate. */
    caller: Caller | null;
  }
}

export interface GateKeeper {
  /** @returns who asks; null: nobody that HQ knows */
  readonly identify: (request: FastifyRequest) => Promise<Caller | null>;
  /** @throws ApiProblem when this caller, or stranger, asks too often */
  readonly letIn: (request: FastifyRequest, reply: FastifyReply) => void;
}

export function installGate(app: FastifyInstance, { identify, letIn }: GateKeeper): void {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', demandDeclaration);
  app.addHook('onRequest', async (request, reply) => {
    // By the route that was found, not by the words it was asked for in: `/%61pi/…` finds the same one.
    if (!(request.routeOptions.url ?? request.url).startsWith('/api/')) return;
    const { open, access } = request.routeOptions.config;
    if (open === true) return letIn(request, reply);
    request.caller = await identify(request);
    letIn(request, reply);
    const { caller } = request;
    if (caller === null) throw unknownCaller();
    // An address without a route: who is known is told that there is none.
    if (access !== undefined) checkRight(caller, access);
  });
  // Not async: the handler runs inside `done`, and so for this caller.
  app.addHook('preHandler', ({ caller, routeOptions, params, query, body }, _reply, done) => {
    const { right, reach } = routeOptions.config.access ?? { right: null, reach: 'chain' };
    let stores = caller?.stores ?? null;
    if (stores !== null && typeof reach === 'function') {
      const own = new Set<string | null>(stores);
      const foreign = reach({ params, query, body }).find((storeId) => !own.has(storeId));
      if (foreign === null)
        return done(outOfScope('this is about the whole chain, and you are for some of its stores'));
      if (foreign !== undefined)
        return done(outOfScope(`store ${foreign} is not one of yours; nothing was changed`));
    }
    // What the row-level rules are for is reading. Whose stores a write is for was just checked, and what needs no right
    // is about the caller alone.
    if (reach !== 'rows' || right === null) stores = null;
    asCaller(stores, done);
  });
}

function unknownCaller(): ApiProblem {
  return new ApiProblem(
    401,
    'unauthorized',
    'sign in, or send an access token: the owner’s is in the file `hq-token` of the data folder',
  );
}

function checkRight(caller: Caller, { right, reach }: RouteAccess): void {
  if (right === null) return;
  if (isSession(caller) && caller.passwordTemporary) {
    throw new ApiProblem(403, 'password_change_needed', 'choose a password of your own first');
  }
  if (!caller.rights.has(right)) {
    throw new ApiProblem(403, 'forbidden', `this needs the right ${right}, which you do not have`, { right });
  }
  if (caller.stores !== null && reach === 'chain') {
    throw outOfScope('this is about the whole chain, and you are for some of its stores');
  }
}

function outOfScope(message: string): ApiProblem {
  return new ApiProblem(403, 'store_scope', message);
}

/** @throws when a route of `/api/` says nothing about its callers, or something that does not fit together */
function demandDeclaration(route: RouteOptions): void {
  if (!route.url.startsWith('/api/')) return;
  const name = `${route.method} ${route.url}`;
  const { open, access } = route.config ?? {};
  if (open === true) return;
  if (access === undefined) {
    throw new Error(
      `${name} declares no right. Give it \`config: may('area.verb', 'rows' | 'chain' | storesOf)\` (cloud/access/rights.ts).`,
    );
  }
  const { right, reach } = access;
  if (right === null) return;
  if (reach === 'rows' && !reads(right)) {
    throw new Error(`${name}: \`rows\` is for reading, and ${right} is a right to write.`);
  }
  const asksOnly = route.method === 'GET' || route.method === 'HEAD';
  if (asksOnly && !reads(right))
    throw new Error(`${name}: a GET asks for a right to read, not for ${right}.`);
  if (!asksOnly && reads(right) && reach !== 'rows') {
    throw new Error(`${name}: a right to read lets nobody write. If it only reads, its reach is \`rows\`.`);
  }
}
