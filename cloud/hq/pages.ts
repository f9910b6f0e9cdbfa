/**
 * Pages of lists: `limit` rows, and `nextCursor`, which is to be sent as `cursor` for those that follow; null: there are no more.
 *
 * A cursor is the place of the last row that was shown, so rows that come or go meanwhile neither repeat nor hide another. It is
 * opaque: what is in it is the list's own affair. `test/cloud/pages.test.ts` finds a list that has none.
 */
import { z } from 'zod';
import { ApiProblem } from './api.ts';

type Place = readonly (string | number | boolean | null)[];

/** @param usual how many rows when nobody says */
export function pageQuery({ usual, max }: { readonly usual: number; readonly max: number }) {
  return z.object({
    cursor: z.string().max(400).optional().describe('`nextCursor` of the page before'),
    limit: z.coerce.number().int().min(1).max(max).default(usual),
  });
}

/** For settings of a chain: all of them at once, unless the chain is very large. */
export const LIST_MAX = 1_000;
export const ListQuery = pageQuery({ usual: LIST_MAX, max: LIST_MAX });

export interface PageAsked {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface Page<Row> {
  readonly rows: Row[];
  readonly nextCursor: string | null;
}

/** A page of a list that is at hand. @param keyOf what no two rows share */
export function pageOf<Row>(
  rows: readonly Row[],
  { cursor, limit }: PageAsked,
  keyOf: (row: Row) => string,
): Page<Row> {
  let from = 0;
  if (cursor !== undefined) {
    const [key, index] = placeIn(cursor, 2);
    const at = rows.findIndex((row) => keyOf(row) === key);
    // The row itself is gone: those after it have moved up to where it stood.
    from = at >= 0 ? at + 1 : Math.min(Number(index), rows.length);
  }
  const shown = rows.slice(from, from + limit);
  const isMore = from + limit < rows.length;
  return { rows: shown, nextCursor: isMore ? cursorOf([keyOf(shown.at(-1)!), from + limit - 1]) : null };
}

/** A page of rows that were read from a place on, one more than asked for. @param placeOf what the list is ordered by */
export function pageRead<Row>(
  rows: readonly Row[],
  { limit }: PageAsked,
  placeOf: (row: Row) => Place,
): Page<Row> {
  const shown = rows.slice(0, limit);
  return { rows: shown, nextCursor: rows.length > limit ? cursorOf(placeOf(shown.at(-1)!)) : null };
}

/** @returns as many nulls as there are places in a row: from the beginning on */
export function placeOf(cursor: string | undefined, length: number): Place {
  return cursor === undefined ? Array.from({ length }, () => null) : placeIn(cursor, length);
}

function cursorOf(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws ApiProblem when it is none of this list */
function placeIn(cursor: string, length: number): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === length && place.every((one) => typeof one !== 'object'))
      return place;
  } catch {
    // Falls through: not ours.
  }
  throw new ApiProblem(400, 'bad_request', 'query.cursor: this is no `nextCursor` of this list', {
    path: 'cursor',
  });
}
