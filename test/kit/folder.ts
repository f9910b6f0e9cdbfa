/** Temporary folders that the embedded PostgreSQL's own user may enter too. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Mode 0711: a PostgreSQL started by root runs as somebody else and must pass through. */
export function aFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-test-'));
  chmodSync(folder, 0o711);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

export async function withFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = aFolder();
  try {
    return await work(folder);
  } finally {
    removeFolder(folder);
  }
}
