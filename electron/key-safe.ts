/**
 * The databases' key in the system's safe: DPAPI on Windows, the keychain on macOS, the secret service on Linux.
 *
 * `till.key.sealed` holds the key as only this user of this machine can read it. A till that has a plain `till.key` keeps it:
 * a key is never moved behind somebody's back, since without it the journal is lost.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronPort } from './ports.ts';

export type Safe = ElectronPort['safeStorage'];

/**
 * @returns hex of 32 bytes; null: the till keeps its key in a file, because it does so already or this system has no safe
 * @throws Error in words when there is a sealed key that this user cannot open
 */
export function sealedKey(folder: string, safe: Safe, random: (bytes: number) => Uint8Array): string | null {
  const sealed = path.join(folder, 'till.key.sealed');
  if (existsSync(sealed)) return openKey(sealed, safe);
  const hasPlain = existsSync(path.join(folder, 'till.key')) || existsSync(path.join(folder, 'journal.db'));
  if (hasPlain || !safe.isEncryptionAvailable()) return null;
  const hex = Buffer.from(random(32)).toString('hex');
  mkdirSync(folder, { recursive: true });
  // On disk before the first sale is, and whole: a journal without its key is lost.
  writeFileSync(`${sealed}.new`, safe.encryptString(hex), { mode: 0o600, flush: true });
  renameSync(`${sealed}.new`, sealed);
  return hex;
}

function openKey(file: string, safe: Safe): string {
  let hex: string;
  try {
    hex = safe.decryptString(readFileSync(file));
  } catch (cause) {
    throw new Error(
      `${file} cannot be opened by this user of this machine (${(cause as Error).message}). Sign in as the user who set the till up.`,
      { cause },
    );
  }
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error(`${file} holds no key: put the right file back`);
  return hex;
}
