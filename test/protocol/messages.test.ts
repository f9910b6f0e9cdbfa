/** Messages: what each side takes from the other, and what it does not. */
import { describe, expect, test } from 'vitest';
import { Down, SYNC_ERROR_KINDS } from '../../src/protocol/down.ts';
import {
  DEFAULT_LIMITS,
  ENTRY_BYTES_MAX,
  FRAME_BYTES_MAX,
  MESSAGE_BYTES_MAX,
} from '../../src/protocol/limits.ts';
import { helloStatement, Up } from '../../src/protocol/up.ts';
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from '../../src/protocol/version.ts';

const HASH = 'a'.repeat(64);
const HELLO = {
  t: 'hello',
  protocol: 1,
  tillId: 't',
  journalId: 'j',
  headSeq: 0,
  headHash: HASH,
  appVersion: '1',
  sig: 's',
};
const PUSH = { t: 'push', fromSeq: 1, entries: ['{}'], hash: HASH, sig: 's', unsent: 0 };
const ACK = { t: 'ack', throughSeq: 1, hash: HASH };
const FEED = { t: 'feed', rows: [], nextCursor: 0, more: false };
const WELCOME = {
  t: 'welcome',
  protocol: 1,
  cloudId: 'c',
  ackedSeq: 0,
  ackedHash: null,
  serverTimeMs: 1,
  limits: { batchEntriesMax: 1, batchBytesMax: 1, feedRowsMax: 1 },
};

describe('a cloud does not take', () => {
  test.each<[string, unknown]>([
    ['a kind that there is not', { t: 'sell' }],
    ['what only a cloud says', ACK],
    ['no kind', {}],
    ['null', null],
    ['a list', [PUSH]],
    ['a hello without signature', { ...HELLO, sig: undefined }],
    ['a hello with an empty till', { ...HELLO, tillId: '' }],
    ['a till id of 65 characters', { ...HELLO, tillId: 'x'.repeat(65) }],
    ['headSeq -1', { ...HELLO, headSeq: -1 }],
    ['a hash in capitals', { ...HELLO, headHash: 'A'.repeat(64) }],
    ['a hash of 63 digits', { ...HELLO, headHash: 'a'.repeat(63) }],
    ['a push of nothing', { ...PUSH, entries: [] }],
    ['a push of 10,001 entries', { ...PUSH, entries: Array.from({ length: 10_001 }, () => '{}') }],
    ['a push from 0', { ...PUSH, fromSeq: 0 }],
    ['a push from 1.5', { ...PUSH, fromSeq: 1.5 }],
    ['a push from 2^53', { ...PUSH, fromSeq: 2 ** 53 }],
    ['entries that are no text', { ...PUSH, entries: [{}] }],
    ['a signature of 201 characters', { ...PUSH, sig: 'x'.repeat(201) }],
    ['cursor -1', { t: 'pull', cursor: -1 }],
    ['unsent in words', { t: 'ping', unsent: '1' }],
  ])('%s', (_, message) => {
    expect(Up.safeParse(message).success).toBe(false);
  });
});

describe('a till does not take', () => {
  test.each<[string, unknown]>([
    ['a kind that there is not', { t: 'grant-all' }],
    ['what only a till says', PUSH],
    ['an ack without hash', { ...ACK, hash: undefined }],
    ['an ack through -1', { ...ACK, throughSeq: -1 }],
    ['an ack through 0.5', { ...ACK, throughSeq: 0.5 }],
    ['feed rows without key', { ...FEED, rows: [{ kind: 'item', data: {} }] }],
    ['a feed without cursor', { ...FEED, nextCursor: undefined }],
    ['limits of 0 entries', { ...WELCOME, limits: { ...WELCOME.limits, batchEntriesMax: 0 } }],
    ['a welcome without limits', { ...WELCOME, limits: undefined }],
    ['an error of no known kind', { t: 'error', kind: 'odd', message: '', retry: false }],
  ])('%s', (_, message) => {
    expect(Down.safeParse(message).success).toBe(false);
  });
});

test('fields of a newer version are dropped, not refused', () => {
  expect(Up.parse({ ...PUSH, later: 1 })).toEqual(PUSH);
  expect(Down.parse({ ...ACK, later: 1 })).toEqual(ACK);
});

test('each of the 14 errors is one that a till reads', () => {
  expect(new Set(SYNC_ERROR_KINDS).size).toBe(14);
  for (const kind of SYNC_ERROR_KINDS) {
    expect(Down.safeParse({ t: 'error', kind, message: 'x', retry: true }).success).toBe(true);
  }
});

test('what a till signs names nonce, cloud, till, journal and head', () => {
  const facts = { nonce: 'n', cloudId: 'c', tillId: 't', journalId: 'j', headSeq: 7, headHash: HASH };
  expect(new TextDecoder().decode(helloStatement(facts))).toBe(`counterfoil hello v1 n c t j 7 ${HASH}`);
  const statements = Object.keys(facts).map((field) =>
    new TextDecoder().decode(helloStatement({ ...facts, [field]: field === 'headSeq' ? 8 : 'other' })),
  );
  expect(new Set(statements).size).toBe(6);
});

test('a batch of default size and a largest entry fit in a message, and versions are in order', () => {
  expect(DEFAULT_LIMITS.batchBytesMax).toBeLessThan(MESSAGE_BYTES_MAX);
  expect(ENTRY_BYTES_MAX).toBeLessThan(FRAME_BYTES_MAX);
  expect(PROTOCOL_VERSION_MIN).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
