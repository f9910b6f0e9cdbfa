/** Receipts as the columns of a file: all of them, also those that a narrow screen leaves out. */
import { useTranslation } from 'react-i18next';
import type { SaleRow } from '../../../schemas.ts';
import { dateTime } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import type { Column } from '../../parts/data-table.tsx';
import { rowCurrency, storeName, useStoreIndex } from '../../parts/stores.ts';

export function useSaleColumns(): readonly Column<SaleRow>[] {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const money = (sale: SaleRow, minor: number) => minor / 10 ** rowCurrency(sale, stores).digits;
  return [
    { key: 'date', title: t('fleet.date'), value: ({ businessDate }) => businessDate },
    {
      key: 'time',
      title: t('sales.time'),
      value: ({ atMs, storeId }) => dateTime(atMs, stores.get(storeId)?.timeZone),
    },
    { key: 'receipt', title: t('sales.receiptNo'), value: ({ receiptNo }) => receiptNo },
    { key: 'kind', title: t('analysis.byKind'), value: ({ kind }) => t(`analysis.${kind as 'sale'}`) },
    {
      key: 'store',
      title: t('sales.store'),
      value: ({ storeId }) => storeName(stores.get(storeId), storeId, locale),
    },
    { key: 'till', title: t('fleet.till'), value: ({ tillCode }) => tillCode },
    { key: 'channel', title: t('analysis.byChannel'), value: ({ channel }) => channel ?? 'till' },
    { key: 'pieces', title: t('days.pieces'), number: true, value: ({ pieces }) => pieces },
    { key: 'member', title: t('member.title'), value: ({ memberId }) => memberId },
    {
      key: 'off',
      title: t('fleet.takenOff'),
      number: true,
      value: (sale) => money(sale, sale.adjustmentMinor),
    },
    { key: 'total', title: t('fleet.total'), number: true, value: (sale) => money(sale, sale.totalMinor) },
    { key: 'currency', title: t('fleet.currency'), value: ({ currency }) => currency },
  ];
}
