/**
 * Who asks: read from a bearer token, from the session's cookie, or from being on this machine.
 *
 * A cookie travels by itself, also when another site's page asks. So it is SameSite=Strict, and a session changes
 * something only when the browser says that the request comes from HQ's own page.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOfToken } from '../access/api-tokens.ts';
import { type Caller, OWNER } from '../access/caller.ts';
import { sameSecret } from '../access/secret.ts';
import { callerOfSession, type SessionCaller } from '../access/sessions.ts';
import type { Db } from '../db/db.ts';
import { ApiProblem } from './api.ts';

export interface HttpAccess {
  /** The owner's token, of the data folder. */
  readonly token: string;
  readonly openOnLoopback: boolean;
}

export const SESSION_COOKIE = 'counterfoil_session';

/** @returns null when nobody that HQ knows asks. @throws ApiProblem on a session's write from another site's page */
export async function identify(
  request: FastifyRequest,
  { db, access, nowMs }: { readonly db: Db; readonly access: HttpAccess; readonly nowMs: number },
): Promise<Caller | null> {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) {
    if (sameSecret(bearer, access.token)) return OWNER;
    const caller = bearer.startsWith('cft_') ? await callerOfToken(db, bearer, nowMs) : null;
    if (caller !== null) return caller;
  }
  const cookie = sessionCookie(request);
  const session = cookie === null ? null : await callerOfSession(db, cookie, nowMs);
  if (session !== null) {
    if (!isRead(request)) demandOwnPage(request);
    return session;
  }
  return access.openOnLoopback && isOwnLoopback(request) ? OWNER : null;
}

export function isSession(caller: Caller | null): caller is SessionCaller {
  return caller?.kind === 'user';
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** @throws ApiProblem when a browser asks for another site's page */
export function demandOwnPage(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const own =
    origin === undefined
      ? site === 'same-origin' || site === undefined
      : URL.canParse(origin) && new URL(origin).host === host;
  if (own && (site === undefined || site === 'same-origin')) return;
  throw new ApiProblem(
    403,
    'cross_site',
    "a session changes things from HQ's own page only; nothing was changed",
  );
}

// ---- the cookie ----

export function sessionCookie(request: FastifyRequest): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === SESSION_COOKIE) return part.slice(at + 1).trim();
  }
  return null;
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { readonly secret: string; readonly ageS: number } | null,
): void {
  const { secret, ageS } = session ?? { secret: '', ageS: 0 };
  const secure = isSecure(request) ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${SESSION_COOKIE}=${secret}; Path=/; Max-Age=${ageS}; HttpOnly; SameSite=Strict${secure}`,
  );
}

/** TLS ends in front of HQ; what is there says so. Said wrongly, it only costs the sender the own cookie. */
function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
}

// ---- this machine ----

const LOOPBACK_ADDRESS = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** From this machine, under its own name (no DNS rebinding), and not from another site's page. */
function isOwnLoopback(request: FastifyRequest): boolean {
  const { host, origin } = request.headers;
  if (!LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '') || !LOOPBACK_NAME.test(host ?? ''))
    return false;
  return origin === undefined || origin === `http://${host}`;
}
