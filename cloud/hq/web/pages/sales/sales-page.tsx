/**
 * Sales: filtered by store, day and receipt number, newest first, as many as one likes to read.
 */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { ExportButton } from '../../parts/data-table.tsx';
import { ErrorNotice, FirstSaleNotice, Notice } from '../../parts/notice.tsx';
import { Page } from '../../shell/page.tsx';
import { SALES_TABS } from '../../shell/places.ts';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { useSaleColumns } from './sale-columns.ts';
import { SaleTable } from './sale-table.tsx';
import { SalesChips } from './sales-chips.tsx';
import { SalesFilter } from './sales-filter.tsx';
import { type Sales, useSales } from './use-sales.ts';

export type SalesRoute = Extract<Route, { page: 'sales' }>;

export function SalesPage({ route }: { readonly route: SalesRoute }) {
  const { t } = useTranslation();
  const { page: _, ...filter } = route;
  const sales = useSales(filter);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <Page title={t('sales.title')} tabs={SALES_TABS} controls={<SalesFilter route={route} />}>
      <SalesChips route={route} />
      <Card
        title={t('place.receipts')}
        extra={<ExportButton name="receipts" rows={sales.rows} columns={useSaleColumns()} />}
        className="card-table"
      >
        <Answered query={sales.first} rows={12}>
          {() => {
            if (sales.rows.length > 0) return <Rows sales={sales} />;
            return filtered ? <NoMatch /> : <FirstSaleNotice />;
          }}
        </Answered>
      </Card>
    </Page>
  );
}

function Rows({ sales }: { readonly sales: Sales }) {
  const { t } = useTranslation();
  const { rows, nextCursor, more, loadingMore, moreError } = sales;
  return (
    <>
      <SaleTable rows={rows} />
      {moreError !== null && <ErrorNotice error={moreError} retry={more} />}
      {moreError === null && (
        <div className="more">
          <span className="muted num">
            {t(nextCursor === null ? 'sales.end' : 'sales.shown', { count: rows.length })}
          </span>
          {nextCursor !== null && (
            <Button onClick={more} loading={loadingMore} data-testid="load-more">
              {t('sales.more')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function NoMatch() {
  const { t } = useTranslation();
  return (
    <Notice icon="search" title={t('sales.noMatch')} help={t('sales.noMatchHelp')}>
      <Button onClick={() => go({ page: 'sales' })}>{t('sales.clear')}</Button>
    </Notice>
  );
}
