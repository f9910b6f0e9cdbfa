/**
 * Sales as rows; each leads to its receipt.
 */
import { Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { SaleRow } from '../../../schemas.ts';
import { clockTime, monthDay } from '../../format/date.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Icon } from '../../parts/icons.tsx';
import { rowGoes } from '../../parts/row.ts';
import { rowCurrency, storeName, useStoreIndex } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';

export function SaleTable({ rows }: { readonly rows: readonly SaleRow[] }) {
  return (
    <Table<SaleRow>
      size="middle"
      rowKey="id"
      dataSource={rows}
      columns={useColumns()}
      pagination={false}
      onRow={(sale) => rowGoes({ page: 'sale', saleId: sale.id }, `sale-row-${sale.receiptNo}`)}
    />
  );
}

function useColumns(): TableColumnsType<SaleRow> {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const number = { align: 'right', className: 'num' } as const;
  return [
    {
      title: t('sales.time'),
      className: 'num nowrap',
      render: (_, sale) => (
        <>
          <span className="muted">{monthDay(sale.businessDate)}</span>{' '}
          {clockTime(sale.atMs, stores.get(sale.storeId)?.timeZone)}
        </>
      ),
    },
    {
      title: t('sales.receiptNo'),
      render: (_, sale) => (
        <>
          <Link to={{ page: 'sale', saleId: sale.id }} className="row-link num">
            {sale.receiptNo}
          </Link>
          <Tags sale={sale} />
          <span className="only-narrow muted">
            {storeName(stores.get(sale.storeId), sale.storeId, locale)}
          </span>
        </>
      ),
    },
    {
      title: t('sales.store'),
      responsive: ['md'],
      render: (_, sale) => storeName(stores.get(sale.storeId), sale.storeId, locale),
    },
    { title: t('sales.till'), responsive: ['lg'], dataIndex: 'tillCode', className: 'num' },
    {
      ...number,
      title: t('sales.pieces'),
      responsive: ['md'],
      render: (_, sale) => formatCount(sale.pieces),
    },
    {
      ...number,
      title: t('sales.adjustment'),
      responsive: ['lg'],
      render: (_, sale) =>
        sale.adjustmentMinor === 0 ? (
          <span className="muted">—</span>
        ) : (
          <span className="saved">{formatMoney(sale.adjustmentMinor, rowCurrency(sale, stores))}</span>
        ),
    },
    {
      ...number,
      title: t('sales.total'),
      render: (_, sale) => <b>{formatMoney(sale.totalMinor, rowCurrency(sale, stores))}</b>,
    },
  ];
}

function Tags({ sale }: { readonly sale: SaleRow }) {
  const { t } = useTranslation();
  return (
    <>
      {sale.kind === 'refund' && <span className="tag tag-bad">{t('sales.refund')}</span>}
      {sale.kind === 'exchange' && <span className="tag tag-warn">{t('sales.exchange')}</span>}
      {sale.memberId !== null && (
        <span className="tag tag-member">
          <Icon name="member" />
          {t('sales.isMember')}
        </span>
      )}
      {sale.flags.length > 0 && (
        <span className="tag tag-warn" title={sale.flags.join(', ')}>
          <Icon name="warn" />
          {t('sales.flagged')}
        </span>
      )}
    </>
  );
}
