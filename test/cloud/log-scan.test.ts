/**
 * No personal data in HQ's logs: what the server says of a day with members, orders, bad requests, a failing receiver and a database that
 * fails under it, held against every name, phone, mail, card and note that was sent.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { openReceiver, type Receiver } from '../kit/receiver.ts';

const PERSON = {
  name: '慕容清秋',
  latin: 'Qingqiu Murong',
  phone: '13912348765',
  spaced: '139 1234 8765',
  mail: 'qingqiu@example.org',
  card: 'VIP-88421907',
  address: '忘忧路七号三楼',
  note: 'allergic to lavender',
  password: 'nine quiet lanterns',
  bankCard: '4111111111111111',
} as const;

let cloud: TestCloud;
let receiver: Receiver;
/** All that the process writes, whoever writes it. */
const written: string[] = [];
beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  cloud = await openCloud(QUICK, { webhookAllow: ['127.0.0.0/8'] });
  receiver = await openReceiver();
});
afterAll(async () => {
  await receiver.close();
  await cloud.close();
});

const ask = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(new URL(path, cloud.url), {
    method,
    headers: {
      authorization: `Bearer ${cloud.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

test('a day of a shop, its mistakes and a broken table leave lines in the log, and nobody in them', async () => {
  const { name, latin, phone, spaced, mail, card, address, note, password, bankCard } = PERSON;
  const member = { id: 'ls-1', cardNo: card, name, phone, tierId: 'member' };
  const statuses: number[] = [];
  const say = async (method: string, path: string, body?: unknown) => {
    const { status } = await ask(method, path, body);
    statuses.push(status);
    return status;
  };
  // What goes well.
  await say('POST', '/api/v1/webhooks', { url: receiver.url, kinds: ['*'] });
  await say('PUT', '/api/v1/members', { members: [member] });
  await say('PATCH', '/api/v1/members/ls-1', { set: { mails: [mail], address, note } });
  await say('POST', '/api/v1/members/search', { name });
  await say('POST', '/api/v1/members/search', { phone: spaced });
  await say('POST', '/api/v1/interactions', {
    interactions: [
      {
        memberId: 'ls-1',
        interactionId: 'i',
        kind: 'call',
        direction: 'in',
        subject: latin,
        text: note,
        atMs: 1_795_250_460_000,
      },
    ],
  });
  const order = {
    ...{
      channel: 'web',
      externalId: 'LS-1',
      storeId: 'S01',
      atMs: 1_795_250_460_000,
      currency: 'CNY',
      status: 'placed',
    },
    ...{ cardNo: card, lines: [{ sku: 'B4001', qty: 1, unitPriceMinor: 50 }], totalMinor: 50 },
    tenders: [{ kind: 'wallet', amountMinor: 50, wallet: 'alipay', ref: 'A1' }],
  };
  await say('POST', '/api/v1/orders', order);
  await say('POST', '/api/v1/users', { login: 'qing', name, role: 'auditor', stores: null, password });
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  // What is refused, by schema, by rule, by the database, by nobody who is known.
  await say('PUT', '/api/v1/members', { members: [{ ...member, id: 'ls-2' }] });
  await say('PUT', '/api/v1/members', { members: [{ ...member, id: name, birthday: latin }] });
  await say('PATCH', '/api/v1/members/ls-1', {
    set: { phones: [mail], mails: [phone], name: `${name}\u0000` },
  });
  await say('POST', '/api/v1/orders', {
    ...order,
    externalId: latin,
    currency: card,
    tenders: [{ kind: bankCard }],
  });
  await say('POST', '/api/v1/members/search', `{"name": "${name}", "phone": ${phone}`);
  await say('GET', `/api/v1/members/${encodeURIComponent(name)}?phone=${phone}`);
  await say('GET', `/api/v1/nothing/${encodeURIComponent(mail)}`);
  await say('POST', '/api/v1/session', { login: mail, password });
  await say('POST', '/api/v1/imports/preview', name);
  expect(statuses.slice(8).every((status) => status >= 400 && status < 500)).toBe(true);
  // A receiver that fails says back what it was sent.
  receiver.answers.push(500, 'cut', 'stall');
  await say('PATCH', '/api/v1/members/ls-1', { set: { name: latin } });
  await cloud.sender.settled();
  // The database fails under requests that hold a person: HQ's own failures are what it logs.
  await cloud.db.query('alter table member rename to member_gone');
  const failed = [
    await say('PUT', '/api/v1/members', { members: [{ ...member, name: latin }] }),
    await say('PATCH', '/api/v1/members/ls-1', { set: { address, note } }),
    await say('GET', `/api/v1/members/${encodeURIComponent(latin)}`),
    await say('POST', '/api/v1/members/search', { name, mail }),
    await say('POST', '/api/v1/orders', { ...order, externalId: 'LS-2' }),
  ];
  await cloud.db.query('alter table member_gone rename to member');
  await cloud.db.query('alter table interaction add constraint never check (false) not valid');
  failed.push(
    await say('POST', '/api/v1/interactions', {
      interactions: [
        {
          memberId: 'ls-1',
          interactionId: 'j',
          kind: 'call',
          direction: 'in',
          subject: latin,
          text: note,
          atMs: 1_795_250_460_001,
        },
      ],
    }),
  );
  expect(failed.filter((status) => status === 500).length).toBeGreaterThan(3);

  const log = [...cloud.logs, ...written].join('\n');
  expect(
    cloud.logs.filter((line) => /PUT \/api\/v1\/members|PATCH \/api\/v1\/members\/:memberId/.test(line))
      .length,
  ).toBeGreaterThan(1);
  const found = Object.entries(PERSON).filter(
    ([, text]) => log.includes(text) || log.includes(encodeURIComponent(text)),
  );
  expect(found).toEqual([]);
  // Nor do the metrics or the problem pages of HQ's own failures.
  const metrics = (await ask('GET', '/metrics')).text;
  expect(Object.values(PERSON).filter((text) => metrics.includes(text))).toEqual([]);
});
