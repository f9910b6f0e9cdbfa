/**
 * Where HQ may be sent by somebody else's words: webhook addresses must lie in the public internet.
 *
 * The address is checked when it is given and again at each connection, on the numbers that the name stands for at that very
 * moment: a name that answers publicly at first and with 127.0.0.1 later (DNS rebinding) reaches nothing. Redirects are not
 * followed. An owner may open networks of their own, `--webhook-allow 10.1.0.0/16`.
 */
import { lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { err, ok, type Result } from '../../src/core/result.ts';

export interface ReachPolicy {
  /** Networks of the owner's own, that may be reached although they are not public, and without TLS. */
  readonly allowed: BlockList;
}

/** What is not the public internet. Source: IANA special-purpose address registries, RFC 6890 and its updates. */
const CLOSED = {
  ipv4: networks(
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
    ...[
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '192.168.0.0/16',
      '198.18.0.0/15',
      '198.51.100.0/24',
    ],
    ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ),
  // With every form that carries an IPv4 address inside. Apart: Node finds an IPv4 address in ::ffff:0:0/96.
  ipv6: networks(
    ...['::/96', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32'],
    ...['2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
  ),
} as const;

/** @throws Error on words that are no network */
export function parseNetworks(words: readonly string[]): BlockList {
  return networks(...words);
}

function networks(...words: readonly string[]): BlockList {
  const list = new BlockList();
  for (const word of words) {
    const [address = '', bits] = word.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) throw new Error(`${word} is no network: write 10.1.0.0/16 or an address`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

export function mayReach(address: string, { allowed }: ReachPolicy): boolean {
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) === 0) return false;
  const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
  return allowed.check(plain, family) || !CLOSED[family].check(plain, family);
}

export type UrlProblem = {
  readonly kind: 'not_a_url' | 'not_https' | 'credentials' | 'fragment' | 'port' | 'not_public';
};

/** Ports of other services that take what they are sent for commands. */
const PORTS_CLOSED = new Set([
  0, 21, 22, 23, 25, 53, 110, 143, 389, 445, 465, 587, 993, 995, 3306, 5432, 6379, 11_211, 27_017,
]);

/** What can be said of an address before its name is looked up. */
export function parseReachable(text: string, policy: ReachPolicy): Result<URL, UrlProblem> {
  const url = URL.parse(text);
  if (url === null) return err({ kind: 'not_a_url' });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err({ kind: 'not_https' });
  if (url.username !== '' || url.password !== '') return err({ kind: 'credentials' });
  if (url.hash !== '') return err({ kind: 'fragment' });
  if (PORTS_CLOSED.has(url.port === '' ? -1 : Number(url.port))) return err({ kind: 'port' });
  const host = hostOf(url);
  const isAddress = isIP(host) !== 0;
  if (isAddress && !mayReach(host, policy)) return err({ kind: 'not_public' });
  if (!isAddress && /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i.test(host))
    return err({ kind: 'not_public' });
  const isOwn = isAddress && policy.allowed.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
  return url.protocol === 'https:' || isOwn ? ok(url) : err({ kind: 'not_https' });
}

/** A host as a socket takes it: IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

export class NotReachable extends Error {
  override name = 'NotReachable';
}

/** For `http.request`: looks a name up and hands on only what may be reached; one closed answer closes the name. */
export function guardedLookup(policy: ReachPolicy): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const closed = addresses.some(({ address }) => !mayReach(address, policy));
      if (closed || addresses.length === 0) {
        return callback(new NotReachable('the name stands for an address that is not public'), '', 0);
      }
      if (options.all === true) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
