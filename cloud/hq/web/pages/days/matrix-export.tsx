/** The matrix as a file: a row a day, a column a store, the sum beside. */
import { useTranslation } from 'react-i18next';
import { isMoney } from '../../figures/matrix.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { type Column, ExportButton } from '../../parts/data-table.tsx';
import { storeName } from '../../parts/stores.ts';
import type { MatrixProps } from './days-chart.tsx';

export function MatrixExport({ matrix, stores, measure, currency }: MatrixProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const scale = isMoney(measure) ? 10 ** currency.digits : 1;
  const columns: Column<{ readonly date: string }>[] = [
    { key: 'date', title: t('days.day'), value: ({ date }) => date },
    ...stores.map(
      (store): Column<{ readonly date: string }> => ({
        key: store.id,
        title: storeName(store, store.id, locale),
        value: ({ date }) => {
          const cell = matrix.cell(store.id, date);
          return cell === null ? null : cell / scale;
        },
      }),
    ),
    { key: 'sum', title: t('days.sum'), value: ({ date }) => matrix.dateSum(date) / scale },
  ];
  return (
    <ExportButton name={`days-${measure}`} rows={matrix.dates.map((date) => ({ date }))} columns={columns} />
  );
}
