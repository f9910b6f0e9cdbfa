/**
 * The key of the till's databases, from a port: by default a file of 32 random bytes that only its owner can read.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Chance } from '../core/ports.ts';
import { TillDbError } from './db.ts';

export interface KeyPort {
  /** 32 bytes; makes them when the folder is new. */
  load(): Uint8Array;
}

export function keyFile(folder: string, chance: Chance): KeyPort {
  const file = path.join(folder, 'till.key');
  return {
    load() {
      if (!existsSync(file)) {
        if (existsSync(path.join(folder, 'journal.db'))) {
          throw new TillDbError(
            'wrong_key',
            `${file} is gone but the journal is there: put the key back, nothing opens without it.`,
            {
              retry: false,
            },
          );
        }
        const text = Buffer.from(chance.bytes(32)).toString('hex');
        // On disk before the first sale is: a journal whose key the power cut took is lost for good.
        writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true });
        syncFolder(folder);
      }
      if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
      return readKey(file);
    },
  };
}

/** Windows knows no such thing, and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** @throws TillDbError `wrong_key` when the file holds no key */
export function readKey(file: string): Uint8Array {
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new TillDbError('wrong_key', `${file} holds no key (64 hex digits were expected).`, {
      retry: false,
    });
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}
