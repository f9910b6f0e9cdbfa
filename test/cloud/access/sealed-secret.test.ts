/** Secrets of second factors and webhooks: sealed in the database's own files, and those of before sealed at the next start. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fromBase32, totpAt } from '../../../cloud/access/totp.ts';
import { openCloud, type TestCloud } from '../../kit/cloud.ts';
import { aFolder, removeFolder } from '../../kit/folder.ts';
import { fillReady } from '../../kit/ready-db.ts';
import { openReceiver } from '../../kit/receiver.ts';

const PASSWORD = 'seven green bottles';

async function call(cloud: TestCloud, method: string, route: string, body: object, cookie?: string) {
  const response = await fetch(new URL(`/api/v1/${route}`, cloud.url), {
    method,
    headers: {
      'content-type': 'application/json',
      ...(cookie === undefined ? { authorization: `Bearer ${cloud.token}` } : { cookie }),
    },
    body: JSON.stringify(body),
  });
  const set = response.headers.get('set-cookie')?.split(';')[0];
  return { status: response.status, body: (await response.json()) as Record<string, string>, cookie: set };
}

function holders(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(text))
    .map((file) => path.relative(folder, file));
}

test('no file of the database holds them; those in clear are sealed at the next start, and go on working', async () => {
  const folder = aFolder();
  await fillReady('pglite', path.join(folder, 'cloud'));
  const open = () => openCloud('pglite', { folder, world: null, webhookAllow: ['127.0.0.0/8'] });
  const receiver = await openReceiver();
  let cloud = await open();
  const codeOf = (secret: string, stepsOn = 0) =>
    totpAt(fromBase32(secret)!, Math.floor(cloud.clock.nowMs() / 30_000) + stepsOn);

  // A webhook, and a user with a second factor.
  const hook = (await call(cloud, 'POST', 'webhooks', { url: receiver.url, kinds: ['webhook.ping'] })).body;
  await call(cloud, 'POST', 'users', {
    login: 'mei',
    name: 'Mei',
    role: 'admin',
    stores: null,
    password: PASSWORD,
  });
  const { cookie } = await call(cloud, 'POST', 'session', { login: 'mei', password: PASSWORD }, '');
  const asked = await call(cloud, 'POST', 'session/second-factor', { password: PASSWORD }, cookie);
  const totp = asked.body.secret!;
  await call(cloud, 'PUT', 'session/second-factor', { code: codeOf(totp) }, cookie);

  // As it was before there were seals: another user's and another webhook's in clear.
  const old = { totp: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', hook: `whsec_${'o'.repeat(43)}` };
  await call(cloud, 'POST', 'users', {
    login: 'lin',
    name: 'Lin',
    role: 'admin',
    stores: null,
    password: PASSWORD,
  });
  await cloud.db.query('update console_user set totp_secret = $1 where login = $2', [old.totp, 'lin']);
  const second = (await call(cloud, 'POST', 'webhooks', { url: receiver.url, kinds: ['webhook.ping'] })).body;
  await cloud.db.query('update webhook set secret = $1 where webhook_id = $2', [old.hook, second.id!]);
  await cloud.db.query('checkpoint');
  await cloud.close();
  expect(holders(folder, old.totp).length).toBeGreaterThan(0);

  cloud = await open();
  expect(cloud.logs.filter((line) => line.includes('secrets'))).toEqual([
    'note: 2 secrets of second factors and webhooks are encrypted from now on.',
  ]);
  for (const [id, secret] of [
    [hook.id!, hook.secret!],
    [second.id!, old.hook],
  ] as const) {
    await call(cloud, 'POST', `webhooks/${id}/ping`, {});
    await cloud.sender.settled();
    expect(receiver.isSigned(secret, cloud.clock.nowMs())).toBe(true);
  }
  for (const [login, secret] of [
    ['mei', totp],
    ['lin', old.totp],
  ] as const) {
    const signIn = (code?: string) => call(cloud, 'POST', 'session', { login, password: PASSWORD, code }, '');
    expect((await signIn()).body.kind).toBe('code_needed');
    expect((await signIn(codeOf(secret, 1))).status).toBe(200);
  }
  await cloud.db.query('checkpoint');
  await cloud.close();
  await receiver.close();
  for (const secret of [hook.secret!, totp]) expect(holders(folder, secret)).toEqual([]);
  // What once lay in clear is in the database's log until that is recycled, and in no table.
  for (const secret of [old.totp, old.hook])
    expect(holders(folder, secret).filter((file) => !file.includes('pg_wal'))).toEqual([]);
  removeFolder(folder);
});
