/**
 * Signing a release: `node electron/sign.ts keys FILE` makes the key (once; keep FILE away from the web server) and prints what
 * `COUNTERFOIL_UPDATES_KEY` is to be; `node electron/sign.ts FILE` signs the feeds in `.build/dist`.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { signFeed } from './signed-feed.ts';

const DIST = fileURLToPath(new URL('../.build/dist', import.meta.url));

/** @returns the public key @throws Error when the file is there already: a key that is lost cuts all tills off */
export function makeKey(file: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}

/** Puts `NAME.yml.sig` beside each feed. @returns the feeds' names and the public key */
export function signRelease(
  file: string,
  folder: string,
): { readonly feeds: string[]; readonly key: string } {
  const privateKey = createPrivateKey(readFileSync(file));
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const feeds = names.filter((name) => /^(?:latest|beta)(?:-\w+)*\.yml$/.test(name)).sort();
  if (feeds.length === 0) throw new Error(`${folder} holds no feed: run \`npm run dist\` first`);
  for (const name of feeds) {
    const signature = signFeed(name, readFileSync(path.join(folder, name)), privateKey);
    writeFileSync(path.join(folder, `${name}.sig`), `${signature}\n`);
  }
  const key = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  return { feeds, key };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, second] = process.argv.slice(2);
  try {
    if (first === 'keys' && second !== undefined) {
      process.stdout.write(`COUNTERFOIL_UPDATES_KEY=${makeKey(second)}\n`);
    } else if (first !== undefined && second === undefined) {
      const { feeds, key } = signRelease(first, DIST);
      process.stdout.write(`signed ${feeds.join(', ')} for ${key}\n`);
    } else throw new Error('node electron/sign.ts keys FILE, or node electron/sign.ts FILE');
  } catch (cause) {
    process.stderr.write(`${(cause as Error).message}\n`);
    process.exitCode = 1;
  }
}
