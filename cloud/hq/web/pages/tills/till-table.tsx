/**
 * Tills in a table: how each stands, when it was last heard, what it still holds.
 */
import { Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../../schemas.ts';
import { dateTime } from '../../format/date.ts';
import { formatCount } from '../../format/number.ts';
import { agoText } from '../../i18n/ago.ts';
import { Icon } from '../../parts/icons.tsx';
import { useStoreIndex } from '../../parts/stores.ts';
import { TillState } from '../../parts/till-state.tsx';
import { labelled } from '../../parts/use-fit.ts';
import { NARROW, useMedia, usePrinting } from '../../parts/use-media.ts';
import { useNow } from '../../parts/use-now.ts';
import { Link } from '../../shell/router.tsx';

export function TillTable({ tills }: { readonly tills: readonly TillRow[] }) {
  const printing = usePrinting();
  const narrow = useMedia(NARROW) && !printing;
  return (
    <div className={narrow ? 'stacked' : undefined}>
      <Table<TillRow>
        size="middle"
        rowKey="id"
        dataSource={[...tills].sort((a, b) => a.code.localeCompare(b.code))}
        columns={useColumns(narrow).map((column) => ({ ...column, ...labelled(String(column.title)) }))}
        pagination={false}
        // Of one width each: the tables of all stores are one to the eye.
        {...(printing || narrow ? {} : { tableLayout: 'fixed' as const, scroll: { x: 772 } })}
        onRow={(till) => ({ 'data-testid': `till-row-${till.id}` }) as object}
      />
    </div>
  );
}

/** @param isCard  on a phone, where nothing stands below another */
function useColumns(isCard: boolean): TableColumnsType<TillRow> {
  const { t } = useTranslation();
  const number = { className: 'num', ...(isCard ? {} : ({ align: 'right' } as const)) };
  return [
    {
      title: t('tills.till'),
      width: 64,
      dataIndex: 'code',
      className: 'num',
      render: (code, { id }) => (
        <Link to={{ page: 'till', id }} data-testid={`till-${code}`}>
          <b>{code}</b>
        </Link>
      ),
    },
    { title: t('tills.state'), width: 100, render: (_, till) => <TillState till={till} /> },
    {
      title: t('tills.lastSeen'),
      width: 96,
      render: (_, till) => <Moment atMs={till.lastSeenAtMs} till={till} />,
    },
    {
      ...number,
      title: t('tills.unsent'),
      width: 80,
      render: (_, { unsent }) =>
        unsent === null ? (
          <span className="muted">{t('tills.unknown')}</span>
        ) : (
          <Count count={unsent} tone="warn" />
        ),
    },
    {
      ...number,
      title: t('tills.quarantined'),
      width: 80,
      render: (_, { quarantined }) => <Count count={quarantined} tone="bad" />,
    },
    {
      title: t('tills.lastSale'),
      width: 96,
      render: (_, till) => <Moment atMs={till.lastSaleAtMs} till={till} />,
    },
    {
      ...number,
      title: t('fleet.readiness'),
      width: 88,
      render: (_, { readiness }) =>
        readiness === null ? (
          <span className="muted">—</span>
        ) : (
          <span className={readiness.score < 80 ? 'warn-text' : ''}>{readiness.score}</span>
        ),
    },
    {
      ...number,
      title: t('tills.headSeq'),
      width: 96,
      render: (_, { headSeq, headHash }) => <span title={headHash ?? undefined}>{formatCount(headSeq)}</span>,
    },
    {
      title: t('tills.version'),
      width: 72,
      className: 'num muted',
      render: (_, { version }) => version ?? '—',
    },
  ];
}

function Moment({ atMs, till }: { readonly atMs: number | null; readonly till: TillRow }) {
  const { t } = useTranslation();
  const now = useNow();
  const store = useStoreIndex().get(till.storeId);
  if (atMs === null) return <span className="muted">{t('tills.never')}</span>;
  return <span title={dateTime(atMs, store?.timeZone)}>{agoText(atMs, now, t)}</span>;
}

/** Nothing to do is quiet; something to do has a sign and a colour. */
function Count({ count, tone }: { readonly count: number; readonly tone: 'warn' | 'bad' }) {
  if (count === 0) return <span className="muted">0</span>;
  return (
    <b className={`${tone}-text`}>
      <Icon name="warn" /> {formatCount(count)}
    </b>
  );
}
