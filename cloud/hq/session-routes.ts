/**
 * `/api/v1/session`: signing in and out, the own password, the own second factor.
 */
import type { FastifyRequest } from 'fastify';
import { passwordFits } from '../access/password.ts';
import { askSecondFactor, dropSecondFactor, proveSecondFactor } from '../access/second-factor.ts';
import {
  callerOfSession,
  endSessions,
  openSession,
  SESSION_MS_MAX,
  type SessionCaller,
  sessionsOf,
} from '../access/sessions.ts';
import { type SignInError, signIn } from '../access/sign-in.ts';
import { totpUrl } from '../access/totp.ts';
import { passwordOf, setPassword } from '../access/users.ts';
import * as s from './access-schemas.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { demandOwnPage, isSession, setSessionCookie } from './identify.ts';
import { userProblem } from './user-routes.ts';

export function registerSessions(app: App, parts: ApiParts): void {
  registerSignIn(app, parts);
  registerOwnAccess(app, parts);
}

function registerSignIn(app: App, { db, clock, chance }: ApiParts): void {
  app.post(
    '/api/v1/session',
    {
      config: { open: true },
      schema: {
        summary: 'Sign in: sets the cookie of the session',
        body: s.SignIn,
        response: ok(s.SessionState),
      },
    },
    async (request, reply) => {
      demandOwnPage(request);
      const { login, password, code } = request.body;
      const nowMs = clock.nowMs();
      const signed = await signIn(db, { login, password, code: code ?? null }, nowMs);
      if (!signed.ok) {
        const { error } = signed;
        if (error.kind === 'locked') reply.header('retry-after', Math.ceil((error.untilMs - nowMs) / 1000));
        throw signInProblem(error);
      }
      const facts = {
        userId: signed.value,
        address: request.ip,
        agent: request.headers['user-agent'] ?? '',
      };
      const { secret } = await openSession(db, facts, { nowMs, chance });
      const caller = await callerOfSession(db, secret, nowMs);
      if (caller === null) throw signInProblem({ kind: 'wrong_credentials' });
      request.caller = caller;
      setSessionCookie(request, reply, { secret, ageS: SESSION_MS_MAX / 1000 });
      return stateOf(caller);
    },
  );
  app.get(
    '/api/v1/session',
    {
      config: may(null, 'rows'),
      schema: { summary: 'Who asks, and what they may', response: ok(s.SessionState) },
    },
    async ({ caller }) => {
      if (isSession(caller)) return stateOf(caller);
      const { kind, id, name, rights, stores } = caller!;
      return {
        ...{ kind, id, login: name, name, rights: [...rights], stores: stores === null ? null : [...stores] },
        ...{ role: null, expiresAtMs: null, passwordTemporary: false, secondFactor: false },
      };
    },
  );
  app.delete(
    '/api/v1/session',
    { config: may(null, 'rows'), schema: { summary: 'Sign out', response: ok(s.Ended) } },
    async (request, reply) => {
      const { id, sessionId } = own(request);
      setSessionCookie(request, reply, null);
      return { ended: await endSessions(db, { userId: id, sessionId }) };
    },
  );
  app.get(
    '/api/v1/session/all',
    { config: may(null, 'rows'), schema: { summary: 'My open sessions', response: ok(s.OpenSessions) } },
    async (request) => {
      const { id, sessionId } = own(request);
      const sessions = await sessionsOf(db, id);
      return { sessions: sessions.map((session) => ({ ...session, own: session.id === sessionId })) };
    },
  );
  app.delete(
    '/api/v1/session/all',
    { config: may(null, 'rows'), schema: { summary: 'Sign out everywhere', response: ok(s.Ended) } },
    async (request, reply) => {
      setSessionCookie(request, reply, null);
      return { ended: await endSessions(db, { userId: own(request).id, sessionId: null }) };
    },
  );
}

function registerOwnAccess(app: App, { db, clock, chance }: ApiParts): void {
  app.put(
    '/api/v1/session/password',
    {
      config: may(null, 'rows'),
      schema: {
        summary: 'Choose another password; all other sessions end',
        body: s.PasswordChange,
        response: ok(s.Ended),
      },
    },
    async (request) => {
      const { id, sessionId } = own(request);
      const { old, password } = request.body;
      await demandPassword(id, old, 'old');
      if (old === password) {
        throw new ApiProblem(422, 'password', 'the new password is the old one', { path: 'password' });
      }
      const before = (await sessionsOf(db, id)).length;
      const facts = { id, password, temporary: false, keepSession: sessionId };
      const changed = await setPassword(db, facts, clock.nowMs());
      if (!changed.ok) throw userProblem(changed.error);
      return { ended: before - 1 };
    },
  );
  app.post(
    '/api/v1/session/second-factor',
    {
      config: may(null, 'rows'),
      schema: {
        summary: 'Ask for a second factor: it counts once a first code has proved it',
        body: s.PasswordProof,
        response: ok(s.FactorSecret),
      },
    },
    async (request) => {
      const { id, name } = own(request);
      await demandPassword(id, request.body.password, 'password');
      const secret = await askSecondFactor(db, id, chance);
      return { secret, url: totpUrl(secret, name) };
    },
  );
  app.put(
    '/api/v1/session/second-factor',
    {
      config: may(null, 'rows'),
      schema: {
        summary: 'Prove the second factor with its first code; get the recovery codes',
        body: s.FactorProof,
        response: ok(s.RecoveryCodes),
      },
    },
    async (request) => {
      const facts = { userId: own(request).id, code: request.body.code };
      const codes = await proveSecondFactor(db, facts, { nowMs: clock.nowMs(), chance });
      if (codes === null) {
        throw new ApiProblem(422, 'wrong_code', 'this code is wrong or too old; nothing was changed', {
          path: 'code',
        });
      }
      return { recoveryCodes: codes };
    },
  );
  app.delete(
    '/api/v1/session/second-factor',
    {
      config: may(null, 'rows'),
      schema: {
        summary: 'Do without the second factor',
        body: s.PasswordProof,
        response: ok(s.Ended),
      },
    },
    async (request) => {
      const { id } = own(request);
      await demandPassword(id, request.body.password, 'password');
      return { ended: (await dropSecondFactor(db, id)) ? 1 : 0 };
    },
  );

  async function demandPassword(userId: string, password: string, path: string): Promise<void> {
    if (await passwordFits(password, await passwordOf(db, userId))) return;
    throw new ApiProblem(403, 'wrong_password', 'the password is wrong; nothing was changed', { path });
  }
}

/** @throws ApiProblem for tokens: they have no session, password or second factor */
function own({ caller }: FastifyRequest): SessionCaller {
  if (isSession(caller)) return caller;
  throw new ApiProblem(409, 'no_session', 'this is for people who signed in; a token has none of it');
}

function stateOf(caller: SessionCaller) {
  const { id, name, displayName, role, rights, stores, expiresAtMs, passwordTemporary, secondFactor } =
    caller;
  return {
    kind: 'user' as const,
    ...{ id, login: name, name: displayName, role, expiresAtMs, passwordTemporary, secondFactor },
    rights: [...rights],
    stores: stores === null ? null : [...stores],
  };
}

function signInProblem(error: SignInError): ApiProblem {
  switch (error.kind) {
    case 'wrong_credentials':
      return new ApiProblem(401, error.kind, 'login or password is wrong');
    case 'code_needed':
      return new ApiProblem(401, error.kind, 'enter the code of your authenticator app', { path: 'code' });
    case 'wrong_code':
      return new ApiProblem(401, error.kind, 'this code is wrong, too old, or was used', { path: 'code' });
    case 'locked':
      return new ApiProblem(429, error.kind, 'too many wrong tries: wait, then try again', {
        untilMs: error.untilMs,
      });
  }
}
