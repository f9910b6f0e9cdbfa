/**
 * Many rows into a table: by COPY in PostgreSQL's binary format where the engine takes it, else by one INSERT.
 *
 * Format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"; the fields are each type's send/recv form.
 * What PostgreSQL would refuse in text form it refuses here as well (a NUL in a text, a number beyond its column).
 */
import type { Queryable } from './db.ts';

export type CopyType =
  | 'text'
  | 'int4'
  | 'int8'
  /** `YYYY-MM-DD` */
  | 'date'
  /** Epoch milliseconds. */
  | 'timestamptz'
  /** JSON text. */
  | 'jsonb'
  | 'text[]'
  | 'int4[]'
  | 'int8[]';

export interface CopyTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, CopyType>>;
}

/** In the order of the columns. */
export type CopyRow = readonly CopyValue[];
export type CopyValue = string | number | null | readonly (string | number | null)[];

export interface CopyBytes {
  readonly sql: string;
  readonly bytes: Buffer;
}

/** @throws CopyValueError, or the database's own error of class 22 or 23: then none of the rows is in */
export async function insertRows(tx: Queryable, table: CopyTable, rows: readonly CopyRow[]): Promise<void> {
  if (rows.length === 0) return;
  if (tx.copyBytes !== undefined) return tx.copyBytes(encodeCopy(table, rows));
  const names = Object.keys(table.columns);
  const types = Object.values(table.columns);
  const records = rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, jsonOf(types[index]!, row[index] ?? null)])),
  );
  await tx.query(
    `insert into ${table.name} (${names.join(', ')})
     select ${names.join(', ')} from jsonb_to_recordset($1::jsonb) as r(${names.map((name, i) => `${name} ${types[i]}`).join(', ')})`,
    [JSON.stringify(records)],
  );
}

function jsonOf(type: CopyType, value: CopyValue): unknown {
  if (value === null) return null;
  if (type === 'timestamptz') return new Date(value as number).toISOString();
  return type === 'jsonb' ? JSON.parse(value as string) : value;
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const ELEMENT_OIDS = { 'text[]': 25, 'int4[]': 23, 'int8[]': 20 } as const;
/** 2000-01-01, where PostgreSQL's days and microseconds start. */
const EPOCH_DAYS = 10_957;
const EPOCH_MS = EPOCH_DAYS * 86_400_000;

/** @throws CopyValueError when a value is not of its column: nothing of the rows was sent */
export function encodeCopy(table: CopyTable, rows: readonly CopyRow[]): CopyBytes {
  const names = Object.keys(table.columns);
  const types = Object.values(table.columns);
  const writer = new Writer();
  writer.bytes(SIGNATURE);
  writer.int4(0);
  writer.int4(0);
  for (const row of rows) {
    writer.int2(types.length);
    for (let i = 0; i < types.length; i++) writer.field(types[i]!, row[i] ?? null);
  }
  writer.int2(-1);
  return { sql: `copy ${table.name} (${names.join(', ')}) from stdin (format binary)`, bytes: writer.done() };
}

/** A value that its column cannot hold. `code` as PostgreSQL's own, so that both are treated alike. */
export class CopyValueError extends Error {
  override name = 'CopyValueError';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const INT4_MAX = 2 ** 31 - 1;

class Writer {
  private buffer = Buffer.allocUnsafe(256 * 1024);
  private at = 0;

  done(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  bytes(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  int2(value: number): void {
    this.room(2);
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int4(value: number): void {
    this.room(4);
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  field(type: CopyType, value: CopyValue): void {
    if (value === null) return this.int4(-1);
    switch (type) {
      case 'text':
        return this.text(value as string);
      case 'int4':
        return this.whole4(value as number);
      case 'int8':
        return this.whole8(value as number);
      case 'date':
        this.int4(4);
        return this.int4(daysOf(value as string));
      case 'timestamptz':
        this.int4(8);
        return this.int8(((value as number) - EPOCH_MS) * 1_000);
      case 'jsonb':
        return this.jsonb(value as string);
      default:
        return this.array(type, value as readonly (string | number | null)[]);
    }
  }

  private text(text: string): void {
    // As UTF-8 half a surrogate pair would become another text without a word.
    if (!text.isWellFormed()) throw new CopyValueError('invalid text: half a surrogate pair', '22021');
    this.room(4 + 3 * text.length);
    const length = this.utf8(text, this.at + 4);
    this.buffer.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  /** Short plain texts are most of them, and a loop writes those in half the time of a call into the engine. */
  private utf8(text: string, at: number): number {
    const { length } = text;
    if (length > 40) return this.buffer.write(text, at, 'utf8');
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return this.buffer.write(text, at, 'utf8');
      this.buffer[at + i] = code;
    }
    return length;
  }

  private whole4(value: number): void {
    if (!Number.isInteger(value) || Math.abs(value) > INT4_MAX) throw beyond(value, 'integer');
    this.room(8);
    this.buffer.writeInt32BE(4, this.at);
    this.buffer.writeInt32BE(value, this.at + 4);
    this.at += 8;
  }

  private whole8(value: number): void {
    if (!Number.isSafeInteger(value)) throw beyond(value, 'bigint');
    this.int4(8);
    this.int8(value);
  }

  private int8(value: number): void {
    this.room(8);
    const high = Math.floor(value / 2 ** 32);
    this.buffer.writeInt32BE(high, this.at);
    this.buffer.writeUInt32BE(value - high * 2 ** 32, this.at + 4);
    this.at += 8;
  }

  private jsonb(text: string): void {
    const start = this.at;
    this.int4(0);
    this.room(1);
    // Version of jsonb's wire form.
    this.buffer[this.at++] = 1;
    this.room(3 * text.length);
    this.at += this.buffer.write(text, this.at, 'utf8');
    this.buffer.writeInt32BE(this.at - start - 4, start);
  }

  private array(type: keyof typeof ELEMENT_OIDS, values: readonly (string | number | null)[]): void {
    const start = this.at;
    this.int4(0);
    this.int4(values.length === 0 ? 0 : 1);
    this.int4(values.includes(null) ? 1 : 0);
    this.int4(ELEMENT_OIDS[type]);
    if (values.length > 0) {
      this.int4(values.length);
      this.int4(1);
      const element = type.slice(0, -2) as 'text' | 'int4' | 'int8';
      for (const value of values) this.field(element, value);
    }
    this.buffer.writeInt32BE(this.at - start - 4, start);
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

function beyond(value: number, type: string): CopyValueError {
  return new CopyValueError(`value "${value}" is out of range for type ${type}`, '22003');
}

/** Most rows of a batch are of one day. */
let lastDate = '';
let lastDays = 0;

function daysOf(date: string): number {
  if (date !== lastDate) {
    const ms = Date.parse(`${date}T00:00:00Z`);
    // The engine takes the 31st of February for the 3rd of March.
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
      throw new CopyValueError(`date "${date}" does not exist`, '22008');
    }
    lastDate = date;
    lastDays = ms / 86_400_000 - EPOCH_DAYS;
  }
  return lastDays;
}
