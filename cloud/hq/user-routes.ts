/**
 * `/api/v1/users`, `/api/v1/tokens`: who may use HQ.
 */
import { uuidV7 } from '../../src/core/id.ts';
import { type ApiToken, addToken, revokeToken, type TokenError, tokensAfter } from '../access/api-tokens.ts';
import {
  PASSWORD_LENGTH_MAX,
  PASSWORD_LENGTH_MIN,
  type PasswordFault,
  randomPassword,
} from '../access/password.ts';
import { CONSOLE_ROLES, RIGHTS, RIGHTS_OF } from '../access/rights.ts';
import { dropSecondFactor } from '../access/second-factor.ts';
import { endSessions } from '../access/sessions.ts';
import {
  addUser,
  type ConsoleUser,
  changeUser,
  setPassword,
  type UserError,
  userById,
  usersAfter,
} from '../access/users.ts';
import * as s from './access-schemas.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { IfMatch, revisionAsked, tellRevision } from './etag.ts';

export function registerUsers(app: App, parts: ApiParts): void {
  registerPeopleOfHq(app, parts);
  registerUserHelp(app, parts);
  registerTokens(app, parts);
}

function registerPeopleOfHq(app: App, { db, clock, chance }: ApiParts): void {
  app.get(
    '/api/v1/rights',
    {
      config: may(null, 'rows'),
      schema: { summary: 'The rights that there are, and those of each role', response: ok(s.RightList) },
    },
    async () => ({
      rights: [...RIGHTS],
      roles: CONSOLE_ROLES.map((role) => ({ role, rights: [...RIGHTS_OF[role]] })),
    }),
  );
  app.get(
    '/api/v1/users',
    {
      config: may('access.read', 'chain'),
      schema: {
        summary: 'Users of the console, by login',
        querystring: s.ListQuery,
        response: ok(s.UserList),
      },
    },
    async ({ query: { cursor, limit } }) => {
      const rows = await usersAfter(db, cursor ?? '', limit + 1);
      const users = rows.slice(0, limit).map(userShape);
      return { users, nextCursor: rows.length > limit ? users.at(-1)!.login : null };
    },
  );
  app.post(
    '/api/v1/users',
    {
      config: may('access.write', 'chain'),
      schema: { summary: 'Add a user', body: s.NewUser, response: ok(s.AddedUser) },
    },
    async ({ body }) => {
      const made = body.password === undefined ? randomPassword(chance.bytes(16)) : null;
      const draft = {
        ...body,
        id: uuidV7(clock.nowMs(), chance.bytes(10)),
        password: body.password ?? made!,
        temporary: made !== null,
      };
      const added = await addUser(db, draft, clock.nowMs());
      if (!added.ok) throw userProblem(added.error);
      return { user: userShape(added.value), password: made };
    },
  );
  app.get(
    '/api/v1/users/:userId',
    {
      config: may('access.read', 'chain'),
      schema: { summary: 'One user', params: s.UserParams, response: ok(s.UserShape) },
    },
    async (request, reply) => {
      const user = await userById(db, request.params.userId);
      if (user === null) throw userProblem({ kind: 'unknown_user' });
      if (tellRevision(request, reply, user.revision)) return reply.status(304).send(undefined as never);
      return userShape(user);
    },
  );
  app.put(
    '/api/v1/users/:userId',
    {
      config: may('access.write', 'chain'),
      schema: {
        summary: 'Change name, role or stores of a user, or take the access away',
        params: s.UserParams,
        body: s.UserChange,
        headers: IfMatch,
        response: ok(s.UserShape),
      },
    },
    async (request, reply) => {
      const { params, body, caller } = request;
      if (caller!.id === params.userId && (body.disabled || body.role !== 'admin')) {
        throw new ApiProblem(409, 'own_access', 'nobody takes the own access away: another admin can');
      }
      const before = await userById(db, params.userId);
      const change = { id: params.userId, ...body, revision: revisionAsked(request) };
      const changed = await changeUser(db, change, clock.nowMs());
      if (!changed.ok) throw userProblem(changed.error);
      request.changed = { before, after: changed.value };
      tellRevision(request, reply, changed.value.revision);
      return userShape(changed.value);
    },
  );
}

function registerUserHelp(app: App, { db, clock, chance }: ApiParts): void {
  app.post(
    '/api/v1/users/:userId/password',
    {
      config: may('access.write', 'chain'),
      schema: {
        summary: 'A temporary password for who forgot theirs, shown once; all sessions end',
        params: s.UserParams,
        response: ok(s.AddedUser),
      },
    },
    async ({ params }) => {
      const password = randomPassword(chance.bytes(16));
      const facts = { id: params.userId, password, temporary: true, keepSession: null };
      const changed = await setPassword(db, facts, clock.nowMs());
      if (!changed.ok) throw userProblem(changed.error);
      return { user: userShape(changed.value), password };
    },
  );
  app.delete(
    '/api/v1/users/:userId/second-factor',
    {
      config: may('access.write', 'chain'),
      schema: {
        summary: 'Take the second factor off, for who lost the phone and the recovery codes',
        params: s.UserParams,
        response: ok(s.Ended),
      },
    },
    async ({ params }) => {
      if ((await userById(db, params.userId)) === null) throw userProblem({ kind: 'unknown_user' });
      return { ended: (await dropSecondFactor(db, params.userId)) ? 1 : 0 };
    },
  );
  app.delete(
    '/api/v1/users/:userId/sessions',
    {
      config: may('access.write', 'chain'),
      schema: { summary: 'End all sessions of a user', params: s.UserParams, response: ok(s.Ended) },
    },
    async ({ params }) => ({
      ended: await endSessions(db, { userId: params.userId, sessionId: null }),
    }),
  );
}

function registerTokens(app: App, { db, clock, chance }: ApiParts): void {
  app.get(
    '/api/v1/tokens',
    {
      config: may('access.read', 'chain'),
      schema: { summary: 'API tokens, oldest first', querystring: s.ListQuery, response: ok(s.TokenList) },
    },
    async ({ query: { cursor, limit } }) => {
      const rows = await tokensAfter(db, cursor ?? '', limit + 1);
      const tokens = rows.slice(0, limit).map(tokenShape);
      return { tokens, nextCursor: rows.length > limit ? tokens.at(-1)!.id : null };
    },
  );
  app.post(
    '/api/v1/tokens',
    {
      config: may('access.write', 'chain'),
      schema: {
        summary: 'Make an API token; its secret is shown once',
        body: s.NewToken,
        response: ok(s.AddedToken),
      },
    },
    async ({ body, caller }) => {
      const nowMs = clock.nowMs();
      const draft = { ...body, id: uuidV7(nowMs, chance.bytes(10)) };
      const added = await addToken(db, draft, caller!, { nowMs, chance });
      if (!added.ok) throw tokenProblem(added.error);
      return { token: tokenShape(added.value.token), secret: added.value.secret };
    },
  );
  app.delete(
    '/api/v1/tokens/:tokenId',
    {
      config: may('access.write', 'chain'),
      schema: { summary: 'Revoke an API token', params: s.TokenParams, response: ok(s.TokenShape) },
    },
    async ({ params }) => {
      const token = await revokeToken(db, params.tokenId, clock.nowMs());
      if (token === null) throw new ApiProblem(404, 'unknown_token', 'there is no such token');
      return tokenShape(token);
    },
  );
}

function userShape(user: ConsoleUser) {
  return { ...user, stores: user.stores === null ? null : [...user.stores] };
}

function tokenShape(token: ApiToken) {
  const { rights, stores } = token;
  return { ...token, rights: [...rights], stores: stores === null ? null : [...stores] };
}

const FAULT_WORDS: Readonly<Record<PasswordFault, string>> = {
  too_short: `a password has at least ${PASSWORD_LENGTH_MIN} signs`,
  too_long: `a password has at most ${PASSWORD_LENGTH_MAX} signs`,
  too_plain: 'this password is guessed at once: take another',
  holds_login: 'a password does not hold the login',
};

export function userProblem(error: UserError): ApiProblem {
  switch (error.kind) {
    case 'login_taken':
      return new ApiProblem(409, error.kind, 'somebody else has this login', error);
    case 'unknown_store':
      return new ApiProblem(
        422,
        error.kind,
        `there is no store ${error.storeId}; nothing was changed`,
        error,
      );
    case 'stores_needed':
      return new ApiProblem(422, error.kind, 'a manager is for some stores: name them', error);
    case 'password':
      return new ApiProblem(422, error.kind, FAULT_WORDS[error.fault], error);
    case 'unknown_user':
      return new ApiProblem(404, error.kind, 'there is no such user');
    case 'changed':
      return new ApiProblem(412, error.kind, 'somebody else changed this user: read it again', error);
  }
}

function tokenProblem(error: TokenError): ApiProblem {
  switch (error.kind) {
    case 'beyond_own_rights':
      return new ApiProblem(403, error.kind, `you do not have ${error.right}, so you cannot give it`, error);
    case 'beyond_own_stores':
      return new ApiProblem(
        403,
        error.kind,
        'you are for some stores: a token of yours is for some of them',
        error,
      );
    case 'unknown_store':
      return new ApiProblem(422, error.kind, `there is no store ${error.storeId}`, error);
  }
}
