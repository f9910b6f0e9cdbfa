/**
 * Signed channels: an update is put in only when the publisher signed the channel's feed that names it.
 *
 * electron-updater proves that the file is the one the feed names (SHA-512), and on Windows and macOS who signed the program.
 * Whoever can write to the web server could still write another feed, and on Linux another program. So beside `latest-linux.yml`
 * lies `latest-linux.yml.sig`: Ed25519 over the feed's name and its bytes, for the public key that is built into the app.
 */
import { createPublicKey, type KeyObject, sign as signWith, verify } from 'node:crypto';

/** What electron-updater tells of an update that it has fetched. */
export interface FetchedUpdate {
  readonly version: string;
  readonly files: readonly { readonly sha512: string }[];
}

/** The name is signed too: a feed of one channel or system is none of another. */
function signedBytes(name: string, feed: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`counterfoil-updates-1 ${name}\n`), feed]);
}

/** @returns base64 */
export function signFeed(name: string, feed: Uint8Array, privateKey: KeyObject): string {
  return signWith(null, signedBytes(name, feed), privateKey).toString('base64');
}

/**
 * Why this update is not to be put in; null: it is what the publisher signed.
 *
 * @param publicKey  SPKI in base64, as `electron/sign.ts` prints it
 */
export function feedFault(
  update: FetchedUpdate,
  signed: { readonly name: string; readonly feed: Uint8Array; readonly signature: string },
  publicKey: string,
): string | null {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const bytes = signedBytes(signed.name, signed.feed);
  if (!verify(null, bytes, key, Buffer.from(signed.signature, 'base64'))) {
    return `${signed.name} is not signed by the publisher`;
  }
  const lines = Buffer.from(signed.feed)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim());
  if (!lines.includes(`version: ${update.version}`)) return `${signed.name} names another version`;
  const hashes = lines.flatMap((line) => /^(?:- )?sha512: (\S+)$/.exec(line)?.[1] ?? []);
  const strange = update.files.length === 0 || update.files.some(({ sha512 }) => !hashes.includes(sha512));
  return strange ? `${signed.name} names another file` : null;
}

/** `latest.yml`, `beta-mac.yml`, `latest-linux-arm64.yml`: as electron-builder names them. */
export function feedName(channel: string, platform: NodeJS.Platform, arch: string): string {
  const system = platform === 'darwin' ? '-mac' : platform === 'linux' ? '-linux' : '';
  const part = platform === 'linux' && arch !== 'x64' ? `-${arch}` : '';
  return `${channel}${system}${part}.yml`;
}

/** @param get  the bytes at an address @returns as `feedFault`; what cannot be fetched is a fault too */
export async function fetchedFault(
  update: FetchedUpdate,
  from: { readonly url: string; readonly name: string; readonly publicKey: string | null },
  get: (address: string) => Promise<Uint8Array>,
): Promise<string | null> {
  if (from.publicKey === null) return 'this build knows no key that updates are signed for';
  const base = from.url.endsWith('/') ? from.url : `${from.url}/`;
  try {
    const [feed, signature] = await Promise.all([get(base + from.name), get(`${base}${from.name}.sig`)]);
    const signed = { name: from.name, feed, signature: Buffer.from(signature).toString('utf8').trim() };
    return feedFault(update, signed, from.publicKey);
  } catch (cause) {
    return `the signature of ${from.name} could not be had: ${(cause as Error).message}`;
  }
}
