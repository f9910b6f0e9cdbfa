/**
 * The thread that holds PGlite: its queries block a thread, so they get one of their own.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PARSERS } from './db.ts';

export type WorkerRequest =
  | { readonly id: number; readonly op: 'query'; readonly text: string; readonly params: readonly unknown[] }
  | { readonly id: number; readonly op: 'script'; readonly text: string }
  | { readonly id: number; readonly op: 'close' };

export type WorkerReply =
  | { readonly id: number; readonly rows: readonly unknown[] }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string | undefined } };

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');

const { dataDir } = workerData as { dataDir: string | null };
const opening = PGlite.create({ ...(dataDir === null ? {} : { dataDir }), parsers: { ...PARSERS } }).then(
  async (db) => {
    await db.exec("set timezone = 'UTC'");
    return db;
  },
);
// Whoever asks first is told why it did not open.
opening.catch(() => {});

port.on('message', async (request: WorkerRequest) => {
  try {
    port.postMessage({ id: request.id, rows: await answer(request) } satisfies WorkerReply);
  } catch (cause) {
    const { message, code } = cause as { message: string; code?: string };
    port.postMessage({ id: request.id, error: { message, code } } satisfies WorkerReply);
  }
  if (request.op === 'close') port.close();
});

async function answer(request: WorkerRequest): Promise<readonly unknown[]> {
  const db = await opening;
  if (request.op === 'query') return (await db.query(request.text, [...request.params])).rows;
  if (request.op === 'script') await db.exec(request.text);
  else await db.close();
  return [];
}
