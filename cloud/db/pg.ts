/**
 * PostgreSQL by `pg`: the user's own, or the embedded one behind its socket.
 */
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type Bus, type Db, DbError, keptName, PARSERS, type Param, type Queryable } from './db.ts';

export const POSTGRES_VERSION_MIN = 15;

export async function openPg(
  config: pg.PoolConfig,
  description: string,
  onClose: () => Promise<void> = async () => {},
): Promise<Db> {
  const pool = new pg.Pool({
    max: 10,
    application_name: 'counterfoil',
    options: '-c TimeZone=UTC',
    ...config,
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(oid, format) as never },
  });
  // A connection that breaks while idle is replaced on the next use; without a listener it would end the process.
  pool.on('error', () => {});
  try {
    await checkVersion(pool);
  } catch (cause) {
    await pool.end();
    if (cause instanceof DbError) throw cause;
    const reason =
      cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
    throw new DbError(
      'unreachable',
      `PostgreSQL cannot be reached (${description}): ${reason}. Is it running?`,
      {
        retry: true,
        cause,
      },
    );
  }
  return {
    kind: 'pg',
    description,
    query: (text, params) => run(pool, text, params),
    transaction: (work) => inTransaction(pool, work),
    bus: busOf(pool, config),
    script: async (text) => void (await pool.query(text)),
    close: async () => {
      await pool.end();
      await onClose();
    },
  };
}

const BUS_CHANNEL = 'counterfoil';
/** A line that broke is opened again after this. */
const BUS_RETRY_MS = 1_000;

/** NOTIFY by the pool, LISTEN on a connection of its own. */
function busOf(pool: pg.Pool, config: pg.PoolConfig): Bus {
  return {
    tell: async (text) => void (await pool.query('select pg_notify($1, $2)', [BUS_CHANNEL, text])),
    listen: (onText, onGap) => {
      let stopped = false;
      let client: pg.Client | null = null;
      let timer: NodeJS.Timeout | null = null;
      const open = async (isFirst: boolean) => {
        const mine = new pg.Client({ application_name: 'counterfoil bus', ...config });
        client = mine;
        const again = () => {
          if (stopped || client !== mine) return;
          client = null;
          timer = setTimeout(() => void open(false), BUS_RETRY_MS);
        };
        mine.on('notification', ({ payload }) => onText(payload ?? ''));
        mine.on('error', again);
        mine.on('end', again);
        try {
          await mine.connect();
          await mine.query(`listen ${BUS_CHANNEL}`);
          if (!isFirst) onGap();
        } catch {
          await mine.end().catch(() => {});
          again();
        }
      };
      const opened = open(true);
      return async () => {
        stopped = true;
        if (timer !== null) clearTimeout(timer);
        await opened;
        await client?.end().catch(() => {});
      };
    },
  };
}

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  return PARSERS[oid] ?? pg.types.getTypeParser(oid, format as 'text');
}

async function checkVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query('show server_version_num');
  const major = Math.floor(Number(rows[0].server_version_num) / 10_000);
  if (major < POSTGRES_VERSION_MIN) {
    throw new DbError(
      'version',
      `this is PostgreSQL ${major}; Counterfoil needs ${POSTGRES_VERSION_MIN} or newer. Upgrade it or unset DATABASE_URL.`,
      { retry: false },
    );
  }
}

async function run<Row>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  params: readonly Param[] = [],
): Promise<Row[]> {
  const name = keptName(text);
  const values = params as unknown[];
  const { rows } = await (name === undefined
    ? client.query(text, values)
    : client.query({ name, text, values }));
  return rows as Row[];
}

/** All in one piece: the rows of a push are in memory anyway. */
function copyBytes(
  client: pg.PoolClient,
  { sql, bytes }: { readonly sql: string; readonly bytes: Uint8Array },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(sql));
    stream.once('error', reject);
    stream.once('finish', () => resolve());
    stream.end(bytes);
  });
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that dies under us fails the statement on its way, and says so here as well: unheard, that would end
  // the whole process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work({
      query: (text, params) => run(client, text, params),
      copyBytes: (copy) => copyBytes(client, copy),
    });
    await client.query('commit');
    return result;
  } catch (cause) {
    // A rollback that fails means a dead connection: the server has rolled back, and the pool must not reuse it.
    await client.query('rollback').catch((error: Error) => {
      broken = error;
    });
    throw cause;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
