/**
 * The stores behind the headline, best first; each leads to its own page.
 */
import { Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../../schemas.ts';
import type { Store } from '../../api/types.ts';
import { type Figures, figuresOf } from '../../figures/equation.ts';
import { formatAmount, formatMoney } from '../../format/money.ts';
import { type Change, formatCount, formatQuotient, formatShare } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { ChangeMark } from '../../parts/change-mark.tsx';
import { type Column, ExportButton } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icons.tsx';
import { rowGoes } from '../../parts/row.ts';
import { storeName } from '../../parts/stores.ts';
import { tillsAtWork } from '../../parts/till-state.tsx';
import { Link } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { useStoreChanges } from './store-changes.ts';
import { type DayGroup, type Scope, useDayFigures, useTills } from './use-day.ts';

interface Row {
  readonly store: Store;
  readonly figures: Figures;
  readonly tills: readonly TillRow[];
}

export function StoresCard({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const figures = useDayFigures(scope);
  const tills = useTills();
  return (
    <Answered query={figures} rows={4} inCard>
      {(groups) =>
        groups.map((group) => (
          <Card
            key={group.currency.code}
            title={`${t('today.stores')}${groups.length > 1 ? ` · ${group.currency.code}` : ''}`}
            extra={<StoresExport group={group} />}
            className="card-table behind-card"
          >
            <StoreTable scope={scope} group={group} tills={tills.data?.tills ?? null} picked={scope.picked} />
          </Card>
        ))
      }
    </Answered>
  );
}

function StoresExport({ group }: { readonly group: DayGroup }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const scale = 10 ** group.currency.digits;
  const columns: Column<Row>[] = [
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
  return <ExportButton name="stores" rows={rowsOf(group, [])} columns={columns} />;
}

interface TableProps {
  readonly scope: Scope;
  readonly group: DayGroup;
  /** Null: not known yet. */
  readonly tills: readonly TillRow[] | null;
  readonly picked: string | undefined;
}

/** Chains of hundreds of stores are read a page at a time. */
const PAGE_ROWS = 50;

function StoreTable({ scope, group, tills, picked }: TableProps) {
  const changes = useStoreChanges(scope, group);
  const rows = rowsOf(group, tills ?? []);
  const storeRoute = (storeId: string): Route => ({
    page: 'store',
    storeId,
    ...(picked === undefined ? {} : { date: picked }),
  });
  return (
    <Table<Row>
      size="middle"
      rowKey={(row) => row.store.id}
      dataSource={rows}
      columns={useColumns(group, tills !== null, storeRoute, changes)}
      pagination={rows.length > PAGE_ROWS ? { pageSize: PAGE_ROWS, showSizeChanger: false } : false}
      showSorterTooltip={false}
      onRow={({ store }) => rowGoes(storeRoute(store.id), `store-row-${store.id}`)}
    />
  );
}

function rowsOf(group: DayGroup, tills: readonly TillRow[]): Row[] {
  return group.stores
    .map((store) => ({
      store,
      figures: figuresOf(group.days.filter((day) => day.storeId === store.id)),
      tills: tillsAtWork(tills).filter((till) => till.storeId === store.id),
    }))
    .sort((a, b) => b.figures.totalMinor - a.figures.totalMinor || a.store.id.localeCompare(b.store.id));
}

function useColumns(
  group: DayGroup,
  tillsKnown: boolean,
  storeRoute: (storeId: string) => Route,
  changes: ReadonlyMap<string, Change>,
): TableColumnsType<Row> {
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
      render: (_, { store }) => {
        const change = changes.get(store.id);
        return change === undefined ? <span className="muted">—</span> : <ChangeMark change={change} />;
      },
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
      render: (_, { tills }) => (tillsKnown ? <TillsCell tills={tills} /> : '—'),
    },
  ];
}

function TillsCell({ tills }: { readonly tills: readonly TillRow[] }) {
  const { t } = useTranslation();
  const online = tills.filter((till) => till.online).length;
  const all = online === tills.length;
  return (
    <span
      className={all ? 'nowrap' : 'nowrap warn-text'}
      title={t('tills.summary', { online, all: tills.length })}
    >
      {!all && <Icon name="offline" />} {online} / {tills.length}
    </span>
  );
}
