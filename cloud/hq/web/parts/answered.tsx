/**
 * What HQ answered, in whatever state it is: a skeleton while we wait, an error with a retry, old figures with a note
 * when they could not be updated, and else the figures.
 */
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../api/live.ts';
import type { Query } from '../api/use-query.ts';
import { clockTime } from '../format/date.ts';
import { Icon } from './icons.tsx';
import { ErrorNotice } from './notice.tsx';

export interface AnsweredProps<T> {
  readonly query: Query<T>;
  /** Lines of the skeleton. */
  readonly rows?: number;
  /** Nothing around it is a card yet: skeleton and error bring their own. */
  readonly inCard?: boolean;
  readonly children: (data: T) => ReactNode;
}

export function Answered<T>({ query, rows = 4, inCard = false, children }: AnsweredProps<T>) {
  const { data, error, retry } = query;
  if (data !== null) {
    return (
      <>
        {error !== null && <StaleNote retry={retry} />}
        {children(data)}
      </>
    );
  }
  const instead = error !== null ? <ErrorNotice error={error} retry={retry} /> : <Waiting rows={rows} />;
  return inCard ? <section className="card">{instead}</section> : instead;
}

/** In the place of a page whose file is on its way. */
export function PageWaiting() {
  return (
    <div className="page-body">
      <section className="card">
        <Waiting rows={10} />
      </section>
    </div>
  );
}

function Waiting({ rows }: { readonly rows: number }) {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      className="waiting"
      aria-busy="true"
      aria-label={t('state.loading')}
      data-testid="loading"
    >
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

function StaleNote({ retry }: { readonly retry: () => void }) {
  const { t } = useTranslation();
  const asOfMs = useLive('asOfMs');
  return (
    <div className="stale" role="alert">
      <Icon name="warn" />
      <span>
        {asOfMs === null
          ? t('state.staleTitleNoTime')
          : t('state.staleTitle', { time: clockTime(asOfMs, undefined, true) })}
      </span>
      <Button size="small" type="text" onClick={retry}>
        {t('state.retry')}
      </Button>
    </div>
  );
}

/** Several answers as one: there when all are, failed when any is. */
export function allOf<T>(queries: readonly Query<T>[]): Query<readonly T[]> {
  const data = queries.map((query) => query.data);
  return {
    data: data.every((one) => one !== null) ? (data as T[]) : null,
    error: queries.find((query) => query.error !== null)?.error ?? null,
    loading: queries.some((query) => query.loading),
    retry: () => {
      for (const query of queries) query.retry();
    },
  };
}
