/**
 * The key that encrypts keys (KEK): from the environment, else from a file that is made once.
 *
 * `COUNTERFOIL_KEK` is 32 bytes as base64. `COUNTERFOIL_KEK_OLD` holds former ones, separated by commas: HQ wraps anew what
 * they wrapped when it starts, then they may go. A key file beside a key of the environment counts as a former one.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KEY_BYTES, VaultError } from './cipher.ts';

export interface Kek {
  /** First characters of a hash of the key: says which one it is, and nothing more. */
  readonly id: string;
  readonly key: Buffer;
}

export interface KekRing {
  /** What is wrapped from now on is wrapped by this one. */
  readonly current: Kek;
  readonly former: readonly Kek[];
}

const FILE = 'kek';

/**
 * @param say told once, when a key file is made
 * @throws VaultError `bad_kek`: the environment or the file holds no key
 */
export function kekRing(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  say: (text: string) => void,
): KekRing {
  const given = env.COUNTERFOIL_KEK?.trim() ?? '';
  const former = (env.COUNTERFOIL_KEK_OLD ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => kekOf(text, 'COUNTERFOIL_KEK_OLD'));
  const file = path.join(folder, FILE);
  if (given === '') return { current: fileKek(file, say), former };
  const kept = existsSync(file) ? [fileKek(file, say)] : [];
  const current = kekOf(given, 'COUNTERFOIL_KEK');
  return { current, former: [...former, ...kept].filter(({ id }) => id !== current.id) };
}

/** @param where the name that a person is told when it is none */
export function kekOf(base64: string, where: string): Kek {
  const key = /^[A-Za-z0-9+/_-]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : Buffer.alloc(0);
  if (key.length !== KEY_BYTES) {
    throw new VaultError(
      'bad_kek',
      `${where} must be ${KEY_BYTES} bytes as base64. Make one with: openssl rand -base64 32`,
    );
  }
  const id = createHash('sha256').update('counterfoil kek\n').update(key).digest('base64url').slice(0, 12);
  return { id, key };
}

function fileKek(file: string, say: (text: string) => void): Kek {
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    say(
      `members' personal data is encrypted with the key in ${file}, made just now. Back it up apart from the database: ` +
        'without it names and phones cannot be read again. COUNTERFOIL_KEK may hold it instead.',
    );
  }
  chmodSync(file, 0o600);
  return kekOf(readFileSync(file, 'utf8').trim(), `the file ${file}`);
}
