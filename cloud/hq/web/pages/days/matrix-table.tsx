/**
 * The matrix as a table: sums first, then each day and store, every number a link to the sales behind it.
 *
 * Few stores stand side by side and the days run down, newest first; a long chain runs down and the days go across.
 */
import { useTranslation } from 'react-i18next';
import type { Currency } from '../../../../../src/core/money.ts';
import { isMoney, type Measure } from '../../figures/matrix.ts';
import { isWeekend, monthDay, weekdayOf } from '../../format/date.ts';
import { formatAmount } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { storeName } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';
import type { MatrixProps } from './days-chart.tsx';

const STORES_ACROSS_MAX = 6;

interface Side {
  readonly kind: 'store' | 'date';
  readonly id: string;
  readonly name: string;
  readonly small?: string;
  readonly weekend?: boolean;
  readonly sum: number;
}

export function MatrixTable({ matrix, stores, measure, currency }: MatrixProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const storeSides = stores.map(
    (store): Side => ({
      kind: 'store',
      id: store.id,
      name: storeName(store, store.id, locale),
      sum: matrix.storeSum(store.id),
    }),
  );
  const dateSides = [...matrix.dates].reverse().map(
    (date): Side => ({
      kind: 'date',
      id: date,
      name: monthDay(date),
      small: weekdayOf(date, locale),
      weekend: isWeekend(date),
      sum: matrix.dateSum(date),
    }),
  );
  const across = stores.length <= STORES_ACROSS_MAX;
  const [rows, columns] = across ? [dateSides, storeSides] : [storeSides, dateSides];
  const corner = t(across ? 'days.day' : 'days.store');
  const write = writer(measure, currency);
  const [first, last] = [matrix.dates[0]!, matrix.dates.at(-1)!];
  return (
    <div className="matrix-scroll">
      <table className="matrix num">
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            <th scope="col" className="matrix-sum">
              {t('days.sum')}
            </th>
            {columns.map((column) => (
              <SideHead key={column.id} side={column} scope="col" />
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="matrix-total">
            <th scope="row">{t('days.sum')}</th>
            <td className="matrix-sum">
              <Link
                to={first === last ? { page: 'sales', businessDate: first } : { page: 'sales' }}
                data-testid={`day-total-${currency.code}`}
              >
                {write(matrix.total)}
              </Link>
            </td>
            {columns.map((column) => (
              <td key={column.id}>
                <SumLink side={column} text={write(column.sum)} />
              </td>
            ))}
          </tr>
          {rows.map((row) => (
            <tr key={row.id} className={row.weekend ? 'matrix-weekend' : undefined}>
              <SideHead side={row} scope="row" />
              <td className="matrix-sum">
                <SumLink side={row} text={write(row.sum)} />
              </td>
              {columns.map((column) => (
                <Cell key={column.id} {...cellOf(row, column)} matrix={matrix} write={write} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SideHead({ side, scope }: { readonly side: Side; readonly scope: 'row' | 'col' }) {
  return (
    <th scope={scope}>
      {side.kind === 'store' ? <Link to={{ page: 'store', storeId: side.id }}>{side.name}</Link> : side.name}
      {side.small !== undefined && <span className="muted matrix-small">{side.small}</span>}
    </th>
  );
}

function SumLink({ side, text }: { readonly side: Side; readonly text: string }) {
  const filter = side.kind === 'store' ? { storeId: side.id } : { businessDate: side.id };
  return (
    <Link to={{ page: 'sales', ...filter }} data-testid={`${side.kind}-sum-${side.id}`}>
      {text}
    </Link>
  );
}

interface CellProps {
  readonly storeId: string;
  readonly date: string;
  readonly matrix: MatrixProps['matrix'];
  readonly write: (value: number) => string;
}

function Cell({ storeId, date, matrix, write }: CellProps) {
  const value = matrix.cell(storeId, date);
  return (
    <td>
      {value === null ? (
        <span className="muted" data-testid={`day-cell-${storeId}-${date}`}>
          —
        </span>
      ) : (
        <Link to={{ page: 'sales', storeId, businessDate: date }} data-testid={`day-cell-${storeId}-${date}`}>
          {write(value)}
        </Link>
      )}
    </td>
  );
}

function cellOf(row: Side, column: Side): { storeId: string; date: string } {
  return row.kind === 'store' ? { storeId: row.id, date: column.id } : { storeId: column.id, date: row.id };
}

function writer(measure: Measure, currency: Currency): (value: number) => string {
  return isMoney(measure) ? (value) => formatAmount(value, currency) : formatCount;
}
