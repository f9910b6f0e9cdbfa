/**
 * Peer: PouchDB to express-pouchdb, one local database a till (LevelDB), all into one at the server, each by `replicate.to`. The local
 * ones are filled before the clock starts. Arguments: file of sales (JSON: tills, each a list of entry texts), work folder, size of a batch.
 */
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import PouchDB from 'pouchdb';

const [file, folder, size] = process.argv.slice(2);
const BATCH = Number(size);

const tills = JSON.parse(readFileSync(file, 'utf8'));
mkdirSync(`${folder}/server`, { recursive: true });
const server = fork(fileURLToPath(new URL('./pouch-server.mjs', import.meta.url)), [`${folder}/server`]);
const { url } = await new Promise((resolve, reject) => {
  server.once('message', resolve);
  server.once('exit', (code) => reject(new Error(`express-pouchdb ended with ${code}`)));
});
const Local = PouchDB.defaults({ prefix: `${folder}/` });
const stores = await Promise.all(
  tills.map(async (texts, index) => {
    const db = new Local(`till-${index}`);
    const docs = texts.map((text) => {
      const entry = JSON.parse(text);
      return { _id: entry.body.id, ...entry };
    });
    for (let from = 0; from < docs.length; from += 1_000) await db.bulkDocs(docs.slice(from, from + 1_000));
    return db;
  }),
);
const remote = new PouchDB(`${url}/sales`);
await remote.info();

const start = performance.now();
await Promise.all(
  stores.map((db) => db.replicate.to(new PouchDB(`${url}/sales`), { batch_size: BATCH, batches_limit: 4 })),
);
const seconds = (performance.now() - start) / 1_000;
const { doc_count: docs } = await remote.info();
process.send({ seconds, docs });
server.disconnect();
process.exit(0);
