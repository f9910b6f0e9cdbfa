/** The signature of webhooks: whose it is, what it covers, and for how long. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signatureOf, verifySignature } from '../../src/client/signature.ts';

const AT_MS = 1_795_250_000_999;
const body = '{"id":"7-mi0","kind":"sale.booked"}';

test('is HMAC-SHA256 of time, dot and body, in hex', () => {
  const mac = createHmac('sha256', 'whsec_a').update(`1795250000.${body}`).digest('hex');
  expect(signatureOf(body, ['whsec_a'], AT_MS)).toBe(`t=1795250000,v1=${mac}`);
});

test('of two secrets either is good, and no other', () => {
  const header = signatureOf(body, ['whsec_new', 'whsec_old'], AT_MS);
  expect(
    ['whsec_new', 'whsec_old', 'whsec_x'].map((secret) => verifySignature({ header, body }, secret, AT_MS)),
  ).toEqual([...[true, true, false]]);
});

test.each([
  ['another body', { body: `${body} ` }, 0, false],
  ['five minutes later', {}, 299_000, true],
  ['more than five minutes later', {}, 301_000, false],
  ['from the future', {}, -302_000, false],
  ['without a time', { header: 'v1=00' }, 0, false],
  ['with a time that is none', { header: 't=x,v1=00' }, 0, false],
  ['empty', { header: '' }, 0, false],
  ['a version that there is not', { header: signatureOf(body, ['s'], AT_MS).replace('v1', 'v0') }, 0, false],
])('%s', (_what, over, laterMs, good) => {
  const message = { header: signatureOf(body, ['s'], AT_MS), body, ...over };
  expect(verifySignature(message, 's', AT_MS + laterMs)).toBe(good);
});
