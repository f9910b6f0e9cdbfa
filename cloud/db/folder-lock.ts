/**
 * One process a data folder: a lock file that names its process, taken over only when that process is gone.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DbError } from './db.ts';

/** @returns what releases it @throws DbError `in_use` with the other process's id */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'lock');
  const mine = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(mine, `${process.pid} ${startOf(process.pid) ?? '-'}`);
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        // A hard link appears whole or not at all: nobody ever reads a lock that is half written.
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
        const owner = ownerOf(file);
        if (owner !== null) {
          throw new DbError(
            'in_use',
            `${folder} is in use by process ${owner}. Stop it, or choose another --data.`,
            {
              retry: false,
              cause,
            },
          );
        }
        rmSync(file, { force: true });
      }
    }
    throw new DbError('in_use', `${folder} is being opened by another process. Try again.`, { retry: true });
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @returns process id of the living owner, null when the lock is stale */
function ownerOf(file: string): number | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const [pidText, start] = text.split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return null;
  }
  // A process id is used again some day: the start time tells whether this is still the same process.
  const now = startOf(pid);
  return now !== null && start !== '-' && now !== start ? null : pid;
}

/** Start time of a process in clock ticks since boot (Linux); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
