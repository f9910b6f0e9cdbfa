/**
 * Certificates for tests: a CA of our own and what it signs, written as DER by hand, since Node reads certificates and makes none.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Authority {
  readonly name: string;
  /** PEM */
  readonly cert: string;
  readonly key: KeyObject;
}

export interface Issued {
  /** PEM */
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const seq = (...parts: Uint8Array[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
/** ecdsa-with-SHA256 */
const SIGNED_BY = seq(oid('2a8648ce3d040302'));
const nameOf = (cn: string) => seq(der(0x31, seq(oid('550403'), der(0x0c, Buffer.from(cn)))));
const time = (ms: number) =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\..*/g, '')}Z`));
/** basicConstraints, critical: is it a CA? */
const basics = (isCa: boolean) =>
  seq(
    oid('551d13'),
    der(0x01, Buffer.from([0xff])),
    der(0x04, seq(...(isCa ? [der(0x01, Buffer.from([0xff]))] : []))),
  );
/** subjectAltName: a name of the DNS. */
const altName = (host: string) => seq(oid('551d11'), der(0x04, seq(der(0x82, Buffer.from(host)))));

let serial = 1;

function certificate(facts: {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly fromMs: number;
  readonly toMs: number;
  readonly extensions: readonly Buffer[];
}): string {
  const { subject, issuer, publicKey, signer, fromMs, toMs, extensions } = facts;
  const body = seq(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([++serial])),
    SIGNED_BY,
    nameOf(issuer),
    seq(time(fromMs), time(toMs)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, seq(...extensions)),
  );
  const sig = sign('sha256', body, signer);
  const whole = seq(body, SIGNED_BY, der(0x03, Buffer.from([0]), sig));
  const text = whole.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export function anAuthority(name: string, nowMs = Date.now()): Authority {
  const { publicKey, privateKey } = pair();
  const dates = { fromMs: nowMs - DAY_MS, toMs: nowMs + 30 * DAY_MS };
  const cert = certificate({
    ...{ subject: name, issuer: name, publicKey, signer: privateKey, ...dates },
    extensions: [basics(true)],
  });
  return { name, cert, key: privateKey };
}

/** For a server under `host`. @param dates the month around now where they are left out */
export function issue(
  { name, key }: Authority,
  host: string,
  dates: { readonly fromMs: number; readonly toMs: number } = {
    fromMs: Date.now() - DAY_MS,
    toMs: Date.now() + 30 * DAY_MS,
  },
): Issued {
  const { publicKey, privateKey } = pair();
  const facts = { subject: host, issuer: name, publicKey, signer: key, ...dates };
  const cert = certificate({ ...facts, extensions: [basics(false), altName(host)] });
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}
