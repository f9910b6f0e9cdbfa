/**
 * PGlite in this thread with every statement prepared once: bind, execute and sync go in as one message, where PGlite's own
 * `query` parses anew and crosses into its engine five times. A simulated day is two thousand short statements.
 *
 * Plans are generic, and `truncate` (between two seeds) makes them all anew: a seed's plans never hang on the seeds before it.
 */
import { PGlite, parse, protocol } from '@electric-sql/pglite';
import { type Db, PARSERS, type Param } from '../../cloud/db/db.ts';

const { serialize } = protocol;
/** Nothing is written to a disk after a message. */
const MEMORY = { syncToFs: false };

interface Prepared {
  readonly name: string;
  /** Of its parameters. */
  readonly typeIds: readonly number[];
}

/** @returns a database in memory, empty */
export async function preparedDb(): Promise<Db> {
  const pglite = await PGlite.create({ dataDir: 'memory://', parsers: { ...PARSERS } });
  await pglite.exec("set timezone = 'UTC'; set plan_cache_mode = force_generic_plan");
  const statements = new Map<string, Prepared>();

  const prepare = async (text: string): Promise<Prepared> => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const name = `s${statements.size}`;
    const frames = [
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    ];
    const { messages } = await pglite.execProtocol(Buffer.concat(frames), MEMORY);
    const prepared = { name, typeIds: parse.parseDescribeStatementResults(messages) };
    statements.set(text, prepared);
    return prepared;
  };
  const query = async <Row>(text: string, params: readonly Param[] = []): Promise<Row[]> => {
    const { name: statement, typeIds } = await prepare(text);
    const values = params.map((param, index) => {
      if (param === null || param === undefined) return null;
      const serializer = pglite.serializers[typeIds[index]!];
      return serializer === undefined ? String(param) : serializer(param);
    });
    const frames = [
      serialize.bind({ statement, values }),
      serialize.describe({ type: 'P' }),
      serialize.execute({}),
      serialize.sync(),
    ];
    const { messages } = await pglite.execProtocol(Buffer.concat(frames), MEMORY);
    return parse.parseResults(messages, pglite.parsers)[0]?.rows as Row[];
  };

  let last: Promise<unknown> = Promise.resolve();
  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
  return {
    kind: 'pglite',
    description: 'PGlite in memory',
    query: (text, params) => turn(() => query(text, params)),
    transaction: (work) =>
      turn(async () => {
        await query('begin');
        try {
          const result = await work({ query });
          await query('commit');
          return result;
        } catch (cause) {
          await query('rollback');
          throw cause;
        }
      }),
    script: (text) => turn(async () => void (await pglite.exec(text))),
    close: () => pglite.close(),
  };
}
