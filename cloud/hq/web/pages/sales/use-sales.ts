/**
 * A list of sales, page after page: the first page stays fresh, later ones are added below when they are asked for.
 */
import { useState } from 'react';
import type { SaleList, SaleRow } from '../../../schemas.ts';
import { ApiError, getJson } from '../../api/client.ts';
import { type SalesQuery, salesPath } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';

const PAGE = 50;

export interface Sales {
  readonly first: Query<SaleList>;
  readonly rows: readonly SaleRow[];
  /** Null: there are no more. */
  readonly nextCursor: string | null;
  readonly more: () => void;
  readonly loadingMore: boolean;
  readonly moreError: ApiError | null;
}

/** The pages after the first, of the list at `path`. */
interface Later {
  readonly path: string;
  readonly rows: readonly SaleRow[];
  /** Undefined: no page after the first was asked for yet. */
  readonly nextCursor: string | null | undefined;
  readonly loading: boolean;
  readonly error: ApiError | null;
}

export function useSales(query: Omit<SalesQuery, 'cursor' | 'limit'>): Sales {
  const path = salesPath({ ...query, limit: PAGE });
  const first = useQuery<SaleList>(path);
  const [known, setLater] = useState<Later | null>(null);
  // Another filter is another list: what was loaded for the one before is none of its.
  const none: Later = { path, rows: [], nextCursor: undefined, loading: false, error: null };
  const later = known?.path === path ? known : none;
  const nextCursor = later.nextCursor === undefined ? (first.data?.nextCursor ?? null) : later.nextCursor;

  const more = async () => {
    if (nextCursor === null || later.loading) return;
    setLater({ ...later, loading: true, error: null });
    const answer = await nextPage({ ...query, cursor: nextCursor, limit: PAGE });
    const done =
      answer instanceof ApiError
        ? { ...later, loading: false, error: answer }
        : {
            path,
            rows: [...later.rows, ...answer.sales],
            nextCursor: answer.nextCursor,
            loading: false,
            error: null,
          };
    // The filter may have changed while we asked; then this page has nowhere to go.
    setLater((current) => (current?.path === path ? done : current));
  };

  return {
    first,
    rows: once([...(first.data?.sales ?? []), ...later.rows]),
    nextCursor,
    more: () => void more(),
    loadingMore: later.loading,
    moreError: later.error,
  };
}

async function nextPage(query: SalesQuery): Promise<SaleList | ApiError> {
  try {
    return await getJson<SaleList>(salesPath(query));
  } catch (error) {
    return error instanceof ApiError ? error : new ApiError('server', null, String(error), error);
  }
}

// The first page moved on while later ones were read: a sale may stand in both.
function once(rows: readonly SaleRow[]): SaleRow[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
