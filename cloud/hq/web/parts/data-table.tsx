/**
 * A table of rows: sorted by any column, exported as it stands, each row leading somewhere where it has somewhere to lead.
 */
import { Dropdown, Table, type TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Cell, csvOf, type Sheet, xlsxOf } from '../format/sheet.ts';
import type { Route } from '../shell/routes.ts';
import { Icon } from './icons.tsx';
import { Notice } from './notice.tsx';
import { rowGoes } from './row.ts';
import { labelled, useFit } from './use-fit.ts';
import { useMedia, usePrinting } from './use-media.ts';

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** What it sorts by and, without `exported`, what the file holds. */
  readonly value: (row: T) => Cell;
  readonly exported?: (row: T) => Cell;
  readonly show?: (row: T) => ReactNode;
  /** Numbers stand at the right. */
  readonly number?: boolean;
  /** Left out on screens narrower than this. */
  readonly from?: 'sm' | 'md' | 'lg' | 'xl';
  readonly sorted?: 'ascend' | 'descend';
  readonly sum?: ReactNode;
}

export interface DataTableProps<T> {
  readonly name: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly to?: (row: T) => Route;
  readonly empty?: ReactNode;
  readonly pageRows?: number;
  /** What a row opens to. */
  readonly expanded?: (row: T) => ReactNode;
  /** The line of sums: its columns' `sum`. */
  readonly sums?: boolean;
}

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { rows, columns, rowKey, to, empty, pageRows = 100, sums = false, name, expanded } = props;
  const printing = usePrinting();
  const shown = useShown(columns);
  const { place, fit } = useFit(rows.length === 0 ? '' : shown.map(({ title }) => title).join());
  if (rows.length === 0) return empty ?? <Nothing />;
  return (
    <div ref={place} className={fit}>
      <Table<T>
        size="middle"
        rowKey={rowKey}
        dataSource={[...rows]}
        columns={shown.map((column) => antdColumn(column, fit === 'stacked'))}
        pagination={
          rows.length > pageRows && !printing ? { pageSize: pageRows, showSizeChanger: false } : false
        }
        showSorterTooltip={false}
        {...(printing || fit === 'stacked' ? {} : { scroll: { x: fit === 'tight' ? true : 'max-content' } })}
        {...(expanded === undefined
          ? {}
          : { expandable: { expandedRowRender: expanded, expandRowByClick: true } })}
        {...(to === undefined ? {} : { onRow: (row: T) => rowGoes(to(row), `${name}-row-${rowKey(row)}`) })}
        {...(sums
          ? {
              summary: () => (
                <Table.Summary.Row className="sum-row">
                  {shown.map((column, index) => (
                    <Table.Summary.Cell
                      key={column.key}
                      index={index}
                      className={column.number === true ? 'num right' : ''}
                    >
                      {column.sum !== undefined && (
                        <b data-label={index === 0 ? '' : column.title}>{column.sum}</b>
                      )}
                    </Table.Summary.Cell>
                  ))}
                </Table.Summary.Row>
              ),
            }
          : {})}
      />
    </div>
  );
}

/** antd's names for how wide a window is, px. */
const FROM = { sm: 576, md: 768, lg: 992, xl: 1_200 } as const;

/** The columns that this window has room for; the file of the table has them all. */
function useShown<T>(columns: readonly Column<T>[]): readonly Column<T>[] {
  const wide = {
    sm: useMedia(`(min-width: ${FROM.sm}px)`),
    md: useMedia(`(min-width: ${FROM.md}px)`),
    lg: useMedia(`(min-width: ${FROM.lg}px)`),
    xl: useMedia(`(min-width: ${FROM.xl}px)`),
  };
  return columns.filter(({ from }) => from === undefined || wide[from]);
}

function Nothing() {
  const { t } = useTranslation();
  return <Notice icon="box" title={t('empty.nothing')} help={t('empty.nothingHelp')} />;
}

const DOWN_FIRST = ['descend', 'ascend', 'descend'] as const;
const UP_FIRST = ['ascend', 'descend', 'ascend'] as const;

function antdColumn<T extends object>(column: Column<T>, isCard: boolean): TableColumnsType<T>[number] {
  const { key, title, value, show, number, sorted } = column;
  return {
    key,
    title,
    ...(number === true ? { className: 'num', ...(isCard ? {} : { align: 'right' as const }) } : {}),
    ...labelled(title),
    ...(sorted === undefined ? {} : { defaultSortOrder: sorted }),
    // Without a name it holds buttons, which have no order.
    ...(title === ''
      ? {}
      : {
          sortDirections: number === true ? [...DOWN_FIRST] : [...UP_FIRST],
          sorter: (a: T, b: T) => compared(value(a), value(b)),
        }),
    render: (_: unknown, row: T) => (show === undefined ? value(row) : show(row)),
  };
}

/** Nothing comes before something. */
function compared(a: Cell, b: Cell): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

/** The file of a table, from the rows that are on the screen. */
export function ExportButton<T>({
  name,
  rows,
  columns,
}: {
  readonly name: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
}) {
  const { t } = useTranslation();
  const sheet = (): Sheet => ({
    name,
    head: columns.map(({ title }) => title),
    rows: rows.map((row) => columns.map(({ value, exported }) => (exported ?? value)(row))),
  });
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'csv', label: t('shell.exportCsv') },
          { key: 'xlsx', label: t('shell.exportXlsx') },
        ],
        onClick: ({ key }) =>
          key === 'csv'
            ? saveFile(`${name}.csv`, csvOf(sheet()), 'text/csv;charset=utf-8')
            : saveFile(
                `${name}.xlsx`,
                xlsxOf(sheet()),
                'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
              ),
      }}
    >
      <button type="button" className="export-button" data-testid={`export-${name}`}>
        <Icon name="export" /> {t('shell.export')}
      </button>
    </Dropdown>
  );
}

export function saveFile(name: string, data: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  // The browser has its own hold of the data once the click is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
