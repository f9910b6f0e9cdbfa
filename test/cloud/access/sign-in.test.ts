/** Console users over HTTP: passwords, sessions, second factor, lock-out, tokens; on both engines. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../../cloud/access/password.ts';
import { fromBase32, totpAt } from '../../../cloud/access/totp.ts';
import { openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: read back from JSON
  readonly body: any;
  readonly cookie: string | null;
  readonly headers: Headers;
}

const PASSWORD = 'seven green bottles';

// One engine: most of this is waiting for scrypt. People and sessions are made on both in row-scope.test.ts and craft.test.ts.
describe.each([QUICK])('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine);
  });
  afterAll(() => cloud.close());

  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${cloud.url}/api/v1/${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: JSON.parse(text),
      cookie: response.headers.get('set-cookie'),
      headers: response.headers,
    };
  };
  const owner = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    ask(method, path, body, { authorization: `Bearer ${cloud.token}`, ...headers });
  const by =
    (cookie: string) =>
    (method: string, path: string, body?: unknown, headers = {}) =>
      ask(method, path, body, { cookie, ...headers });
  const signIn = async (login: string, password: string, code?: string) =>
    ask('POST', 'session', { login, password, ...(code === undefined ? {} : { code }) });
  /** The kept hash names its cost, so that many sign-ins of a test cost little. */
  const cheapen = async (login: string) => {
    const hash = JSON.stringify(await hashPassword(PASSWORD, 8));
    await cloud.db.query('update console_user set password = $2 where login = $1', [login, hash]);
  };
  const cookieOf = (answer: Answer) => answer.cookie!.split(';')[0]!;

  test('a user is added, signs in, and is known by the cookie, which no script can read', async () => {
    const draft = { login: 'Lin', name: '林小姐', role: 'marketing', password: PASSWORD };
    expect((await owner('POST', 'users', draft)).body).toMatchObject({
      user: { login: 'lin', role: 'marketing', stores: null, revision: 1 },
      password: null,
    });
    const [{ cost }] = (await cloud.db.query<{ cost: number }>(
      "select (password->>'cost')::int as cost from console_user",
    )) as [{ cost: number }];
    expect(cost).toBe(16);
    await cheapen('lin');
    const signed = await signIn('LIN', PASSWORD);
    expect(signed.status).toBe(200);
    expect(signed.cookie).toMatch(
      /^counterfoil_session=cfs_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const lin = by(cookieOf(signed));
    expect((await lin('GET', 'session')).body).toMatchObject({
      kind: 'user',
      login: 'lin',
      role: 'marketing',
    });
    expect((await lin('GET', 'stores')).status).toBe(200);
    expect((await lin('GET', 'users')).body).toMatchObject({ status: 403, kind: 'forbidden' });
    const rows = await cloud.db.query(
      "select password::text || (select string_agg(token_hash, '') from console_session) as kept from console_user",
    );
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(JSON.stringify(rows)).not.toContain(cookieOf(signed).split('=')[1]);
  });

  test('behind TLS the cookie is Secure', async () => {
    const signed = await ask(
      'POST',
      'session',
      { login: 'lin', password: PASSWORD },
      { 'x-forwarded-proto': 'https' },
    );
    expect(signed.cookie).toMatch(/; Secure$/);
  });

  test.each<[number, string | undefined, Record<string, string>]>([
    [200, undefined, { origin: 'SELF' }],
    [200, undefined, { origin: 'SELF', 'sec-fetch-site': 'same-origin' }],
    [403, 'cross_site', { origin: 'https://evil.example' }],
    [403, 'cross_site', { origin: 'null' }],
    [403, 'cross_site', { 'sec-fetch-site': 'cross-site' }],
    [403, 'cross_site', { 'sec-fetch-site': 'same-site', origin: 'SELF' }],
  ])('a session changes things from its own page only: %i %s for %j', async (status, kind, headers) => {
    const cookie = cookieOf(await signIn('lin', PASSWORD));
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value === 'SELF' ? cloud.url : value]),
    );
    const answer = await by(cookie)('DELETE', 'session', undefined, given);
    expect([answer.status, answer.body.kind]).toEqual([status, kind]);
    expect((await by(cookie)('GET', 'session')).status).toBe(status === 200 ? 401 : 200);
  });

  test('a session is over after an hour without use, and after twelve in any case', async () => {
    const [used, idle] = [cookieOf(await signIn('lin', PASSWORD)), cookieOf(await signIn('lin', PASSWORD))];
    try {
      for (let hours = 0; hours < 11; hours++) {
        cloud.clock.aheadMs += 59 * 60_000;
        expect((await by(used)('GET', 'session')).status).toBe(200);
      }
      expect((await by(idle)('GET', 'session')).status).toBe(401);
      for (let minutes = 0; minutes < 80; minutes += 40) {
        cloud.clock.aheadMs += 40 * 60_000;
        await by(used)('GET', 'session');
      }
      expect((await by(used)('GET', 'session')).status).toBe(401);
    } finally {
      cloud.clock.aheadMs = 0;
    }
  });

  test('signing out everywhere ends all sessions; another password ends all but one', async () => {
    const [one, two, three] = [
      cookieOf(await signIn('lin', PASSWORD)),
      cookieOf(await signIn('lin', PASSWORD)),
      cookieOf(await signIn('lin', PASSWORD)),
    ];
    expect((await by(one)('DELETE', 'session/all')).body.ended).toBeGreaterThanOrEqual(3);
    expect((await by(two)('GET', 'session')).status).toBe(401);
    const [four, five] = [cookieOf(await signIn('lin', PASSWORD)), cookieOf(await signIn('lin', PASSWORD))];
    const change = { old: PASSWORD, password: 'ten green bottles!' };
    expect((await by(four)('PUT', 'session/password', { ...change, old: 'wrong' })).body.kind).toBe(
      'wrong_password',
    );
    expect((await by(four)('PUT', 'session/password', change)).body).toEqual({ ended: 1 });
    expect((await by(five)('GET', 'session')).status).toBe(401);
    expect((await by(four)('GET', 'session')).status).toBe(200);
    expect((await signIn('lin', PASSWORD)).status).toBe(401);
    await cheapen('lin');
    expect((await by(three)('GET', 'session')).status).toBe(401);
  });

  test.each([
    ['too_short', 'eleven sign'],
    ['too_plain', 'aaaaaaaaaaaaaaaa'],
    ['too_plain', 'Password123456'],
    ['holds_login', 'my name is lin, yes'],
  ])('a password that is %s is refused: %j', async (fault, password) => {
    const cookie = cookieOf(await signIn('lin', PASSWORD));
    expect((await by(cookie)('PUT', 'session/password', { old: PASSWORD, password })).body).toMatchObject({
      status: 422,
      kind: 'password',
      errors: [{ path: 'password' }],
      facts: { fault },
    });
  });

  test('a temporary password opens nothing but the choice of an own one', async () => {
    const added = await owner('POST', 'users', {
      login: 'mei',
      name: 'Mei',
      role: 'manager',
      stores: ['S01'],
    });
    expect(added.body.password).toMatch(/^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    const mei = by(cookieOf(await signIn('mei', added.body.password)));
    expect((await mei('GET', 'stores')).body.kind).toBe('password_change_needed');
    const change = { old: added.body.password, password: PASSWORD };
    expect((await mei('PUT', 'session/password', change)).status).toBe(200);
    await cheapen('mei');
    expect((await mei('GET', 'stores')).status).toBe(200);
  });

  test('five wrong passwords lock a login, known or not, for 30 s, then twice as long each time', async () => {
    try {
      for (const [login, right] of [
        ['mei', PASSWORD],
        ['nobody', 'x'],
      ] as const) {
        const kinds: string[] = [];
        for (let tries = 0; tries < 6; tries++) kinds.push((await signIn(login, 'wrong')).body.kind);
        expect(kinds).toEqual([...Array(5).fill('wrong_credentials'), 'locked']);
        const locked = await signIn(login, right);
        expect([locked.status, Number(locked.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
        expect(Number(locked.headers.get('retry-after'))).toBeLessThanOrEqual(30);
        cloud.clock.aheadMs += 31_000;
        expect((await signIn(login, 'wrong')).body.kind).toBe('wrong_credentials');
        cloud.clock.aheadMs += 31_000;
        expect((await signIn(login, right)).body.kind).toBe('locked');
        cloud.clock.aheadMs += 31_000;
      }
      expect((await signIn('mei', PASSWORD)).status).toBe(200);
    } finally {
      cloud.clock.aheadMs = 0;
    }
  });

  test('a second factor is proved, asked for, taken once, and a recovery code stands in once', async () => {
    const cookie = cookieOf(await signIn('mei', PASSWORD));
    const mei = by(cookie);
    const { secret, url } = (await mei('POST', 'session/second-factor', { password: PASSWORD })).body;
    expect(url).toContain(`secret=${secret}`);
    const codeAt = (steps: number) =>
      totpAt(fromBase32(secret)!, Math.floor(cloud.clock.nowMs() / 30_000) + steps);
    expect((await mei('PUT', 'session/second-factor', { code: '000000' })).body.kind).toBe('wrong_code');
    const first = codeAt(-1);
    const { recoveryCodes } = (await mei('PUT', 'session/second-factor', { code: first })).body;
    expect(recoveryCodes).toHaveLength(10);
    expect((await signIn('mei', PASSWORD)).body.kind).toBe('code_needed');
    expect((await signIn('mei', 'wrong', codeAt(0))).body.kind).toBe('wrong_credentials');
    expect((await signIn('mei', PASSWORD, first)).body.kind).toBe('wrong_code');
    const code = codeAt(0);
    expect((await signIn('mei', PASSWORD, code)).status).toBe(200);
    expect((await signIn('mei', PASSWORD, code)).body.kind).toBe('wrong_code');
    expect((await signIn('mei', PASSWORD, recoveryCodes[3].toLowerCase())).status).toBe(200);
    expect((await signIn('mei', PASSWORD, recoveryCodes[3])).body.kind).toBe('wrong_code');
  });

  test('a user who is disabled is out at once; of two who change a user the second is told', async () => {
    const [row] = (await owner('GET', 'users')).body.users.filter(
      (user: { login: string }) => user.login === 'lin',
    );
    const lin = by(cookieOf(await signIn('lin', PASSWORD)));
    const change = {
      name: row.name,
      role: 'marketing',
      stores: null,
      disabled: true,
    };
    const read = { 'if-match': `"${row.revision}"` };
    const changed = await owner('PUT', `users/${row.id}`, change, read);
    expect(changed.body).toMatchObject({ disabled: true, revision: row.revision + 1 });
    expect((await lin('GET', 'session')).status).toBe(401);
    expect((await signIn('lin', PASSWORD)).body.kind).toBe('wrong_credentials');
    expect((await owner('PUT', `users/${row.id}`, change, read)).body).toMatchObject({
      status: 412,
      kind: 'changed',
    });
  });

  test.each<[number, string, object]>([
    [409, 'login_taken', { login: 'mei', role: 'admin' }],
    [422, 'stores_needed', { login: 'wu', role: 'manager' }],
    [422, 'unknown_store', { login: 'wu', role: 'manager', stores: ['S99'] }],
    [422, 'password', { login: 'wu', role: 'admin', password: 'short' }],
    [400, 'bad_request', { login: 'no blanks', role: 'admin' }],
    [400, 'bad_request', { login: 'wu', role: 'king' }],
  ])('%i %s for a new user %j', async (status, kind, draft) => {
    const answer = await owner('POST', 'users', { name: 'Wu', ...draft });
    expect([answer.status, answer.body.kind]).toEqual([status, kind]);
    expect(answer.body.errors).toHaveLength(1);
  });

  test('an API token does what it was made for, to its end, until it is revoked', async () => {
    const draft = { name: 'shop site', rights: ['stores.read'], days: 30 };
    const { token, secret } = (await owner('POST', 'tokens', draft)).body;
    expect(secret).toMatch(/^cft_[\w-]{43}$/);
    const site = (method: string, path: string, body?: unknown) =>
      ask(method, path, body, { authorization: `Bearer ${secret}` });
    expect((await site('GET', 'stores')).status).toBe(200);
    expect((await site('GET', 'sales')).status).toBe(403);
    expect((await site('PUT', 'stores', { stores: [] })).status).toBe(403);
    expect((await site('GET', 'session')).body).toMatchObject({ kind: 'token', rights: ['stores.read'] });
    const listed = (await owner('GET', 'tokens')).body.tokens;
    expect(listed).toEqual([expect.objectContaining({ id: token.id, lastUsedAtMs: expect.any(Number) })]);
    expect(JSON.stringify(listed)).not.toContain(secret);
    cloud.clock.aheadMs = 30 * 24 * 3_600_000 + 1;
    expect((await site('GET', 'stores')).status).toBe(401);
    cloud.clock.aheadMs = 0;
    expect((await site('GET', 'stores')).status).toBe(200);
    expect((await owner('DELETE', `tokens/${token.id}`)).body).toMatchObject({ revoked: true });
    expect((await site('GET', 'stores')).status).toBe(401);
  });

  test('nobody gives away a right that they do not have', async () => {
    const maker = (await owner('POST', 'tokens', { name: 'maker', rights: ['access.write'] })).body.secret;
    const answer = await ask(
      'POST',
      'tokens',
      { name: 'more', rights: ['access.write', 'sales.read'] },
      { authorization: `Bearer ${maker}` },
    );
    expect(answer.body).toMatchObject({
      status: 403,
      kind: 'beyond_own_rights',
      errors: [{ path: 'rights' }],
    });
  });
});
