/** Where HQ may be sent: the public internet, and what its owner opened. */
import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { guardedLookup, mayReach, parseNetworks, parseReachable } from '../../../cloud/access/ssrf.ts';

const closed = { allowed: parseNetworks([]) };
const lan = { allowed: parseNetworks(['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32']) };

describe('addresses', () => {
  test.each([
    ...[
      '8.8.8.8',
      '1.1.1.1',
      '172.15.255.255',
      '172.32.0.1',
      '100.63.255.255',
      '192.167.255.255',
      '223.255.255.255',
    ],
    ...['2606:4700:4700::1111', '2a00:1450:4001:830::200e', '2001:4860:4860::8888'],
  ])('%s is public', (address) => {
    expect(mayReach(address, closed)).toBe(true);
  });

  test.each([
    ...['0.0.0.0', '127.0.0.1', '127.255.255.254', '10.0.0.1', '100.64.0.1', '169.254.169.254', '172.16.0.1'],
    ...[
      '172.31.255.255',
      '192.168.1.1',
      '192.0.2.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
    ],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::1',
      'fc00::1',
      'fdff::1',
    ],
    ...['fe80::1', 'fe80::1%eth0', 'ff02::1', '2001:db8::1', 'localhost', '', '127.1'],
  ])('%s is not', (address) => {
    expect(mayReach(address, closed)).toBe(false);
  });

  test('what the owner opens is open, and no more', () => {
    expect(['10.1.2.3', '127.0.0.1', 'fd00:1::9'].map((address) => mayReach(address, lan))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['10.2.0.1', '127.0.0.2', 'fd00:2::9'].map((address) => mayReach(address, lan))).toEqual([
      false,
      false,
      false,
    ]);
    expect(() => parseNetworks(['erp.local'])).toThrow('erp.local is no network');
  });
});

describe('URLs', () => {
  test.each([
    ['https://hooks.example.com/a?b=c', 'ok'],
    ['https://hooks.example.com:8443/', 'ok'],
    ['https://8.8.8.8/', 'ok'],
    ['http://hooks.example.com/', 'not_https'],
    ['ftp://hooks.example.com/', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['hooks.example.com', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['https://user:pw@hooks.example.com/', 'credentials'],
    ['https://hooks.example.com/#x', 'fragment'],
    ['https://hooks.example.com:5432/', 'port'],
    ['https://hooks.example.com:25/', 'port'],
    ['https://localhost/', 'not_public'],
    ['https://LOCALHOST./', 'not_public'],
    ['https://a.localhost/', 'not_public'],
    ['https://metadata.google.internal/', 'not_public'],
    ['https://printer.local/', 'not_public'],
    ['https://127.0.0.1/', 'not_public'],
    // What a URL makes of other ways to write 127.0.0.1.
    ['https://2130706433/', 'not_public'],
    ['https://0x7f.1/', 'not_public'],
    ['https://0177.0.0.1/', 'not_public'],
    ['https://[::1]/', 'not_public'],
    ['https://[::ffff:7f00:1]/', 'not_public'],
    ['https://169.254.169.254/latest/meta-data/', 'not_public'],
  ])('%s: %s', (text, kind) => {
    const parsed = parseReachable(text, closed);
    expect(parsed.ok ? 'ok' : parsed.error.kind).toBe(kind);
  });

  test('in a network of the owner’s http will do; a name has to be https even so', () => {
    expect(parseReachable('http://10.1.0.9:8080/erp', lan).ok).toBe(true);
    expect(parseReachable('http://erp.example.com/', lan)).toEqual({
      ok: false,
      error: { kind: 'not_https' },
    });
  });
});

describe('names, at the moment of the connection', () => {
  const lookUp = (policy: typeof closed, all: boolean) =>
    new Promise<string | LookupAddress[]>((resolve, reject) => {
      guardedLookup(policy)('localhost', { all, family: 4 }, (error, address) =>
        error === null ? resolve(address) : reject(error),
      );
    });

  test('a name that stands for 127.0.0.1 leads nowhere, unless that is opened', async () => {
    await expect(lookUp(closed, true)).rejects.toThrow('not public');
    expect(await lookUp(lan, false)).toBe('127.0.0.1');
    expect(await lookUp(lan, true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});
