/**
 * HQ's own TLS: certificate and key from files, checked before HQ starts, so that a wrong pair is a sentence and no till waits.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface TlsFiles {
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

export interface TlsPems {
  readonly cert: string;
  readonly key: string;
}

/** @throws Error in words when one is missing, unreadable, out of its dates, or they are no pair */
export function readTls({ certFile, keyFile }: TlsFiles, nowMs: number): TlsPems {
  if (certFile === null || keyFile === null)
    throw new Error('TLS takes two files: give --tls-cert and --tls-key.');
  const [cert, key] = [read(certFile), read(keyFile)];
  const first = parsed(certFile, () => new X509Certificate(cert));
  const pair = parsed(keyFile, () => createPrivateKey(key));
  if (!first.checkPrivateKey(pair)) throw new Error(`${keyFile} is not the key of ${certFile}.`);
  if (Date.parse(first.validTo) <= nowMs) throw new Error(`${certFile} ended on ${first.validTo}: renew it.`);
  return { cert, key };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`the TLS file ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function parsed<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${file} is not what it should be: a certificate chain and a key, both in PEM.`, {
      cause,
    });
  }
}
