/**
 * HQ's certificate: a chain that has its own CA gives each till its file once, at enrolment; from then on it lies in the folder.
 *
 * It is trusted beside the public ones, by all of this process: the sync, the enrolment and the snapshot. HQ's key, which is pinned
 * apart from this, says that it is our HQ; TLS says that nobody reads along.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';

/** In a till's folder. */
const KEPT_AS = 'hq-ca.pem';
const ONE_PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file. @throws Error in words when it holds none, or one that is over */
export function readCa(file: string, nowMs: number): readonly string[] {
  const pems = readText(file).match(ONE_PEM) ?? [];
  if (pems.length === 0) throw new Error(`${file} holds no certificate: give the CA's own file, in PEM.`);
  for (const pem of pems) {
    const { validTo, subject } = parsed(pem, file);
    if (Date.parse(validTo) <= nowMs)
      throw new Error(`${file}: the CA ${subject.replaceAll('\n', ', ')} ended on ${validTo}.`);
  }
  return pems;
}

/** From now on this process believes what these CAs have signed, beside the public ones. */
export function trust(pems: readonly string[]): void {
  const known = tls.getCACertificates('default');
  const fresh = pems.filter((pem) => !known.includes(pem));
  if (fresh.length > 0) tls.setDefaultCACertificates([...known, ...fresh]);
}

/** What the till was enrolled with; nothing where HQ's certificate is a public one. */
export function trustKeptCa(folder: string, nowMs: number): void {
  const file = path.join(folder, KEPT_AS);
  if (existsSync(file)) trust(readCa(file, nowMs));
}

export function keepCa(folder: string, pems: readonly string[]): void {
  writeFileSync(path.join(folder, KEPT_AS), `${pems.join('\n')}\n`);
}

/** Why TLS was refused; null: it was something else. */
export type CertTrouble = 'cert_untrusted' | 'cert_expired' | 'cert_name' | 'no_tls';

export function certTrouble(cause: unknown): CertTrouble | null {
  const code = codeOf(cause);
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'cert_expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'cert_name';
  // What answers does not speak TLS at all.
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'no_tls';
  return UNTRUSTED.has(code) ? 'cert_untrusted' : null;
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
]);

export const CERT_WORDS: Readonly<Record<CertTrouble, string>> = {
  cert_untrusted:
    "HQ's certificate is of a CA that this till does not know. If the chain has its own CA, give its file with --ca.",
  cert_expired: "HQ's certificate is out of its dates, or this machine's clock is wrong.",
  cert_name: "HQ's certificate is of another name than the address: use the name that it was made for.",
  no_tls: 'what answers at this https:// address does not speak TLS: is it an http:// address?',
};

/** Of an error of `ws`, or of what `fetch` hides one level down. */
function codeOf(cause: unknown): string {
  const { code, cause: inner } = (cause ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return inner === undefined ? '' : codeOf(inner);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`the CA file ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function parsed(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new Error(`${file} holds something that is no certificate.`, { cause });
  }
}
