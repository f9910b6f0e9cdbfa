/**
 * The server side of the PouchDB peer: express-pouchdb over LevelDB, in a process of its own. Says its address and serves until its
 * parent is gone. LevelDB as PouchDB opens it does not fsync.
 */
import express from 'express';
import expressPouchDb from 'express-pouchdb';
import PouchDB from 'pouchdb';

const folder = process.argv[2];
const Stored = PouchDB.defaults({ prefix: `${folder}/` });
const app = express();
app.use(
  '/',
  expressPouchDb(Stored, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${folder}/log.txt` }),
);
const server = app.listen(0, '127.0.0.1', () =>
  process.send({ url: `http://127.0.0.1:${server.address().port}` }),
);
process.once('disconnect', () => process.exit(0));
