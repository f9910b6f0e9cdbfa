/**
 * Parameters of a statement that is put together from pieces: each value gets its number, none ever gets into the text.
 */
import type { Param } from '../db/db.ts';

export class Params {
  readonly values: Param[] = [];

  /** @returns `$n`, with a cast where the piece needs one: `add(5, 'int')` is `$1::int` */
  add(value: Param, cast?: string): string {
    this.values.push(value);
    const place = `$${this.values.length}`;
    return cast === undefined ? place : `${place}::${cast}`;
  }
}
