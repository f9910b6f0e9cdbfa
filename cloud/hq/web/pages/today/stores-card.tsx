/**
 * The stores behind the headline, best first, as tiles or as a table; each leads to its own page.
 */
import { Segmented, Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Currency } from '../../../../../src/core/money.ts';
import type { HearingCount } from '../../figures/pace.ts';
import { formatAmount, formatMoney } from '../../format/money.ts';
import { formatCount, formatQuotient, formatShare } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { ChangeMark } from '../../parts/change-mark.tsx';
import { type Column, ExportButton } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { rowGoes } from '../../parts/row.ts';
import { storeName } from '../../parts/stores.ts';
import { usePrinting } from '../../parts/use-media.ts';
import { Link } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { useStoreChanges } from './store-changes.ts';
import { STORE_VIEWS, type StoreRow, type StoreView, shownIn, storeRows } from './store-rows.ts';
import { StoreTiles } from './store-tiles.tsx';
import { type DayGroup, type Scope, useDayFigures, useTills } from './use-day.ts';

export interface StoresCardProps {
  readonly scope: Scope;
  /** As the address names it. */
  readonly view: string | undefined;
  readonly onView: (view: StoreView) => void;
}

export function StoresCard({ scope, view, onView }: StoresCardProps) {
  const figures = useDayFigures(scope);
  return (
    <Answered query={figures} rows={4} inCard>
      {(groups) =>
        groups.map((group) => (
          <GroupCard
            key={group.currency.code}
            scope={scope}
            group={group}
            tag={groups.length > 1}
            view={STORE_VIEWS.find((one) => one === view) ?? 'tiles'}
            onView={onView}
          />
        ))
      }
    </Answered>
  );
}

interface GroupProps {
  readonly scope: Scope;
  readonly group: DayGroup;
  /** Names the currency: there is more than one. */
  readonly tag: boolean;
  readonly view: StoreView;
  readonly onView: (view: StoreView) => void;
}

function GroupCard({ scope, group, tag, view, onView }: GroupProps) {
  const { t } = useTranslation();
  const tills = useTills();
  const compared = useStoreChanges(scope, group);
  const rows = storeRows(group, { tills: tills.data?.tills ?? null, compared, nowMs: scope.nowMs });
  const shown = shownIn(view, rows);
  const storeRoute = (storeId: string): Route => ({
    page: 'store',
    storeId,
    ...(scope.picked === undefined ? {} : { date: scope.picked }),
  });
  return (
    <Card
      title={`${t('today.stores')}${tag ? ` · ${group.currency.code}` : ''}`}
      extra={
        <span className="stores-extra">
          <ViewChoice rows={rows} view={view} onView={onView} />
          <StoresExport rows={rows} currency={group.currency} />
        </span>
      }
      className={view === 'table' ? 'card-table behind-card' : 'behind-card'}
    >
      {view === 'table' ? (
        <StoreTable group={group} rows={rows} storeRoute={storeRoute} />
      ) : shown.length === 0 ? (
        <Notice
          icon="online"
          title={t(view === 'down' ? 'wall.noneDown' : 'wall.noneSilent')}
          help={t(view === 'down' ? 'wall.noneDownHelp' : 'wall.noneSilentHelp')}
        />
      ) : (
        <StoreTiles rows={shown} currency={group.currency} to={storeRoute} />
      )}
    </Card>
  );
}

function ViewChoice({
  rows,
  view,
  onView,
}: {
  readonly rows: readonly StoreRow[];
  readonly view: StoreView;
  readonly onView: (view: StoreView) => void;
}) {
  const { t } = useTranslation();
  return (
    <Segmented<StoreView>
      size="small"
      aria-label={t('wall.view')}
      value={view}
      options={STORE_VIEWS.map((one) => ({
        value: one,
        label: (
          <span data-testid={`stores-${one}`} className="num">
            {t(`wall.${one}View`, { count: shownIn(one, rows).length })}
          </span>
        ),
      }))}
      onChange={onView}
    />
  );
}

function StoresExport({
  rows,
  currency,
}: {
  readonly rows: readonly StoreRow[];
  readonly currency: Currency;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const scale = 10 ** currency.digits;
  const columns: Column<StoreRow>[] = [
    { key: 'store', title: t('column.store'), value: ({ store }) => storeName(store, store.id, locale) },
    { key: 'sales', title: t('column.sales'), value: ({ figures }) => figures.totalMinor / scale },
    { key: 'tickets', title: t('column.tickets'), value: ({ figures }) => figures.tickets },
    { key: 'pieces', title: t('days.pieces'), value: ({ figures }) => figures.pieces },
    {
      key: 'members',
      title: t('column.memberShare'),
      value: ({ figures }) => figures.memberTotalMinor / scale,
    },
  ];
  return <ExportButton name="stores" rows={rows} columns={columns} />;
}

/** Chains of hundreds of stores are read a page at a time. */
const PAGE_ROWS = 50;

interface TableProps {
  readonly group: DayGroup;
  readonly rows: readonly StoreRow[];
  readonly storeRoute: (storeId: string) => Route;
}

function StoreTable({ group, rows, storeRoute }: TableProps) {
  const printing = usePrinting();
  return (
    <Table<StoreRow>
      size="middle"
      rowKey={(row) => row.store.id}
      dataSource={[...rows]}
      columns={useColumns(group, storeRoute)}
      pagination={
        rows.length > PAGE_ROWS && !printing ? { pageSize: PAGE_ROWS, showSizeChanger: false } : false
      }
      showSorterTooltip={false}
      onRow={({ store }) => rowGoes(storeRoute(store.id), `store-row-${store.id}`)}
    />
  );
}

function useColumns(group: DayGroup, storeRoute: (storeId: string) => Route): TableColumnsType<StoreRow> {
  const { t } = useTranslation();
  const locale = useLocale();
  const number = { align: 'right', className: 'num' } as const;
  return [
    {
      title: t('column.store'),
      render: (_, { store }) => (
        <Link to={storeRoute(store.id)} className="row-link">
          {storeName(store, store.id, locale)}
        </Link>
      ),
    },
    {
      ...number,
      title: t('column.sales'),
      sorter: (a, b) => a.figures.totalMinor - b.figures.totalMinor,
      defaultSortOrder: 'descend',
      sortDirections: ['descend', 'ascend', 'descend'],
      render: (_, { figures }) => (
        <b title={formatMoney(figures.totalMinor, group.currency)}>
          {formatAmount(figures.totalMinor, group.currency)}
        </b>
      ),
    },
    {
      ...number,
      title: t('today.vsWeek'),
      responsive: ['sm'],
      render: (_, { change }) =>
        change === null ? <span className="muted">—</span> : <ChangeMark change={change} />,
    },
    {
      ...number,
      title: t('column.tickets'),
      sorter: (a, b) => a.figures.tickets - b.figures.tickets,
      render: (_, { figures }) => formatCount(figures.tickets),
    },
    {
      ...number,
      title: t('column.piecesPerTicket'),
      responsive: ['sm'],
      render: (_, { figures }) => formatQuotient(figures.pieces, figures.tickets, 2) ?? '—',
    },
    {
      ...number,
      title: t('column.memberShare'),
      responsive: ['sm'],
      render: (_, { figures }) => formatShare(figures.memberTotalMinor, figures.totalMinor) ?? '—',
    },
    {
      ...number,
      title: t('column.tillsOnline'),
      render: (_, { tills }) => (tills === null ? '—' : <TillsCell tills={tills} />),
    },
  ];
}

function TillsCell({ tills }: { readonly tills: HearingCount }) {
  const { t } = useTranslation();
  const all = tills.online + tills.late + tills.silent;
  return (
    <span
      className={tills.online === all ? 'nowrap' : 'nowrap warn-text'}
      title={t('wall.tills', { ...tills })}
    >
      {tills.online !== all && <Icon name={tills.silent > 0 ? 'offline' : 'wait'} />} {tills.online} / {all}
    </span>
  );
}
