/**
 * Peer: RxDB pushing into Fastify and PostgreSQL jsonb: one database a till (its memory storage, the quickest of the free ones), one
 * statement a push at the server, acknowledged after the commit, fsync on. The local ones are filled before the clock starts.
 * Arguments: file of sales (JSON: tills, each a list of entry texts), folder of PostgreSQL's socket, size of a batch.
 */
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import pg from 'pg';
import { createRxDatabase } from 'rxdb';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';

const [file, host, size] = process.argv.slice(2);
const BATCH = Number(size);

const SCHEMA = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 64 },
    entry: { type: 'object', additionalProperties: true },
  },
  required: ['id', 'entry'],
};

const tills = JSON.parse(readFileSync(file, 'utf8'));
const pool = new pg.Pool({ host, user: 'counterfoil', database: 'postgres', max: tills.length });
await pool.query(`drop table if exists rx_sale; create table rx_sale (id text primary key, data jsonb not null, deleted boolean not null,
  updated_at timestamptz not null default now()); create index on rx_sale (updated_at, id)`);

const app = fastify({ bodyLimit: 64 * 1024 * 1024 });
app.post('/push', async (request) => {
  const docs = request.body.map(({ newDocumentState }) => newDocumentState);
  const { rows: stored } = await pool.query(
    `insert into rx_sale (id, data, deleted)
     select doc->>'id', doc->'entry', coalesce((doc->>'_deleted')::boolean, false)
     from jsonb_array_elements($1::jsonb) as d(doc) on conflict do nothing returning id`,
    [JSON.stringify(docs)],
  );
  if (stored.length === docs.length) return [];
  const fresh = new Set(stored.map(({ id }) => id));
  const { rows } = await pool.query(
    'select id, data as entry, deleted as "_deleted" from rx_sale where id = any($1::text[])',
    [docs.map(({ id }) => id).filter((id) => !fresh.has(id))],
  );
  return rows;
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });

const collections = await Promise.all(
  tills.map(async (texts, index) => {
    const db = await createRxDatabase({
      name: `till-${index}`,
      storage: getRxStorageMemory(),
      multiInstance: false,
    });
    const { sale } = await db.addCollections({ sale: { schema: SCHEMA } });
    await sale.bulkInsert(
      texts.map((text) => JSON.parse(text)).map((entry) => ({ id: entry.body.id, entry })),
    );
    return sale;
  }),
);

const start = performance.now();
await Promise.all(
  collections.map(async (collection, index) => {
    const state = replicateRxCollection({
      collection,
      replicationIdentifier: `till-${index}`,
      live: false,
      waitForLeadership: false,
      push: {
        batchSize: BATCH,
        async handler(rows) {
          const response = await fetch(`${url}/push`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(rows),
          });
          if (!response.ok) throw new Error(`the peer answered ${response.status}`);
          return response.json();
        },
      },
    });
    state.error$.subscribe((cause) => {
      throw cause;
    });
    await state.awaitInitialReplication();
  }),
);
const seconds = (performance.now() - start) / 1_000;
const { rows } = await pool.query('select count(*)::int as docs from rx_sale');
const [{ docs }] = rows;
await app.close();
await pool.end();
process.send({ seconds, docs });
process.exit(0);
