/**
 * Every route that writes, read off the API page and asked with its own example: the audit log tells that it was asked for and how it
 * ended, whoever asks, and holds nothing of what people wrote.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, operationsOf, urlOf } from '../../kit/api-doc.ts';
import { openCloud, type TestCloud } from '../../kit/cloud.ts';

const EXAMPLES = JSON.parse(
  readFileSync(new URL('../../../cloud/hq/examples.json', import.meta.url), 'utf8'),
) as Record<string, { readonly body?: unknown }>;

/** They only look, whatever their method says; each has a right to read, under which nothing can be written. */
const LOOK_ONLY = [
  'POST /api/v1/benefits/preview',
  'POST /api/v1/coupon-templates/preview',
  'POST /api/v1/draws/preview',
  'POST /api/v1/imports/preview',
  'POST /api/v1/members/search',
  'POST /api/v1/programme/preview',
  'POST /api/v1/reports/correlation',
  'POST /api/v1/rules/preview',
  'POST /api/v1/segments/count',
  'POST /api/v1/stored-value/policy/preview',
  'POST /api/v1/tier-rules/preview',
  'POST /api/v1/tiers/preview',
];

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await openCloud('pglite');
});
afterAll(() => cloud.close());

test('over 110 routes write, and each leaves `asked` and `done` with its status', async () => {
  const writes = (await operationsOf(cloud)).filter(({ method }) => method !== 'GET');
  const looking: string[] = [];
  const silent: string[] = [];
  for (const operation of writes) {
    const body = EXAMPLES[operation.name]?.body;
    const isFile = operation.path.startsWith('/api/v1/imports');
    const type = isFile ? 'text/csv' : 'application/json';
    const answer = await answerOf(cloud, {
      method: operation.method,
      url: urlOf(operation, { eventNo: '1', alertId: '1', id: '1' }),
      headers: {
        authorization: `Bearer ${cloud.token}`,
        ...(body === undefined && !isFile ? {} : { 'content-type': type }),
      },
      ...(isFile
        ? { body: 'cardNo,name\nA-1,Mei\n' }
        : body === undefined
          ? {}
          : { body: JSON.stringify(body) }),
    });
    // A body that its schema refuses is no write: the examples are none.
    expect([operation.name, answer.status === 400 || answer.status >= 500]).toEqual([operation.name, false]);
    const route = `${operation.method} ${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    const rows = await cloud.db.query<{ phase: string; text: string }>(
      'select phase, text from audit_entry where route = $1 order by seq',
      [route],
    );
    const told = rows.map(({ phase }) => phase).join();
    if (told === '') looking.push(operation.name);
    else if (!told.startsWith('asked,done') || JSON.parse(rows[1]!.text).status !== answer.status)
      silent.push(`${operation.name}: ${told}`);
  }
  expect(looking.toSorted()).toEqual(LOOK_ONLY);
  expect(silent).toEqual([]);
  expect(writes.length - looking.length).toBeGreaterThan(110);
});

test('what people wrote is not in it: names, phones, cards, reasons, passwords of all those examples', async () => {
  const rows = await cloud.db.query<{ text: string }>('select text from audit_entry');
  const log = rows.map(({ text }) => text).join('\n');
  const secrets = [
    '于佳怡',
    '13800001000',
    '林小姐',
    '王先生',
    '13912348765',
    '王晓',
    '(your password)',
    'asked to',
    '秋季抽奖',
    'Mei',
  ];
  expect(secrets.filter((text) => JSON.stringify(EXAMPLES).includes(text)).length).toBeGreaterThan(6);
  expect(secrets.filter((text) => log.includes(text))).toEqual([]);
});
