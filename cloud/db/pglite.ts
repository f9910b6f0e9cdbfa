/**
 * PGlite behind the same face: for tests, tools, and machines where no PostgreSQL binary runs.
 *
 * PGlite never fsyncs, has one connection and no lock of its own: the folder is locked by us, statements wait their turn,
 * and whoever starts a cloud on it is warned that a power cut can lose what was acknowledged (tills then resend).
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Db, DbError, type Param, type Queryable } from './db.ts';
import { lockFolder } from './folder-lock.ts';
import type { WorkerReply, WorkerRequest } from './pglite-worker.ts';

type Unsent<T> = T extends unknown ? Omit<T, 'id'> : never;

/** @param folder data folder; null keeps everything in memory */
export async function openPglite(folder: string | null): Promise<Db> {
  if (folder !== null) mkdirSync(folder, { recursive: true });
  const unlock = folder === null ? () => {} : lockFolder(folder);
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), {
    workerData: { dataDir: folder === null ? null : path.join(folder, 'pglite') },
  });
  const call = callerOf(worker);
  const turn = turnstile();
  try {
    await call({ op: 'query', text: 'select 1', params: [] });
  } catch (cause) {
    await worker.terminate();
    unlock();
    throw new DbError(
      'corrupt',
      `the PGlite data in ${folder ?? 'memory'} does not open: ${(cause as Error).message}. ` +
        'Restore a backup, or move the folder away and let the tills send again.',
      { retry: false, cause },
    );
  }
  const query = async <Row>(text: string, params: readonly Param[] = []): Promise<Row[]> =>
    (await call({ op: 'query', text, params })) as Row[];
  return {
    kind: 'pglite',
    description: folder === null ? 'PGlite in memory' : `PGlite in ${folder}`,
    query: (text, params) => turn(() => query(text, params)),
    transaction: (work) => turn(() => inTransaction({ query }, work)),
    script: (text) => turn(async () => void (await call({ op: 'script', text }))),
    close: async () => {
      await turn(() => call({ op: 'close' }));
      await worker.terminate();
      unlock();
    },
  };
}

async function inTransaction<T>(tx: Queryable, work: (tx: Queryable) => Promise<T>): Promise<T> {
  await tx.query('begin');
  try {
    const result = await work(tx);
    await tx.query('commit');
    return result;
  } catch (cause) {
    await tx.query('rollback');
    throw cause;
  }
}

/** One at a time, in the order of asking: PGlite has one connection. */
function turnstile(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}

function callerOf(worker: Worker): (request: Unsent<WorkerRequest>) => Promise<readonly unknown[]> {
  const waiting = new Map<
    number,
    { resolve: (rows: readonly unknown[]) => void; reject: (error: Error) => void }
  >();
  let nextId = 1;
  let dead: Error | null = null;
  const die = (error: Error) => {
    dead = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', die);
  worker.on('exit', () => die(new Error('PGlite is closed')));
  worker.on('message', (reply: WorkerReply) => {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply)
      caller?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
    else caller?.resolve(reply.rows);
  });
  return (request) =>
    new Promise((resolve, reject) => {
      if (dead !== null) return reject(dead);
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...request, id });
    });
}
