/**
 * The cloud's database: one small face for PostgreSQL and PGlite, the same SQL on both.
 *
 * int8 arrives as number (asserted safe), timestamptz as epoch milliseconds, date as `YYYY-MM-DD`, on both.
 */

export type Param = string | number | boolean | null | readonly (string | number | boolean | null)[];

export interface Queryable {
  /** Runs one statement with `$1 …` parameters. JSON parameters are given as text. */
  query<Row = Record<string, unknown>>(text: string, params?: readonly Param[]): Promise<Row[]>;
  /** Takes rows in COPY's binary format; not there where the engine cannot (see `copy.ts`, which both go through). */
  copyBytes?(copy: { readonly sql: string; readonly bytes: Uint8Array }): Promise<void>;
}

/** Names of statements whose plan PostgreSQL keeps, by their text. */
const KEPT = new Map<string, string>();

/**
 * A statement that comes with every message of every till: PostgreSQL reads and plans it once a connection, which is half of its
 * time. Only where one plan is right whatever the tables have grown to since: rows by their whole key, one at a time.
 */
export function kept(text: string): string {
  if (!KEPT.has(text)) KEPT.set(text, `counterfoil_${KEPT.size + 1}`);
  return text;
}

export function keptName(text: string): string | undefined {
  return KEPT.get(text);
}

/** Words to every process on this database, at once and best effort: who missed some finds the same in the tables. */
export interface Bus {
  /** @param text at most 7,900 bytes */
  tell(text: string): Promise<void>;
  /** @param onGap the line was gone for a while: words may be lost @returns what stops listening */
  listen(onText: (text: string) => void, onGap: () => void): () => Promise<void>;
}

export interface Db extends Queryable {
  /** Absent: this process is the only one. */
  readonly bus?: Bus;
  readonly kind: 'pg' | 'pglite';
  /** What a person is told about where the data lives; holds no password. */
  readonly description: string;
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Several statements without parameters: migrations. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
}

export type DbErrorKind = 'in_use' | 'corrupt' | 'unreachable' | 'version' | 'not_startable';

/** The database failed us. The message says what to do. */
export class DbError extends Error {
  override name = 'DbError';
  readonly kind: DbErrorKind;
  readonly retry: boolean;

  constructor(
    kind: DbErrorKind,
    message: string,
    options: { readonly retry: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retry = options.retry;
  }
}

/** Type parsers by PostgreSQL type oid, for both drivers. */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  20: parseInt8,
  1082: (text) => text,
  1184: parseTimestamp,
  1016: (text) => text.slice(1, -1).split(',').filter(Boolean).map(parseInt8),
};

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`int8 ${text} is beyond safe integers`);
  return value;
}

/** `2026-11-21 08:41:00.5+00` (sessions run in UTC) as epoch milliseconds. */
function parseTimestamp(text: string): number {
  return Date.parse(`${text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')}`);
}
