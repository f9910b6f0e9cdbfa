/**
 * Sales as they reach HQ, newest first. A row that has just come is tinted once; each leads to its receipt.
 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SaleList, SaleRow } from '../../../schemas.ts';
import { serverNowMs, useLive } from '../../api/live.ts';
import { salesPath } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { type Arrival, lateMs, mergeArrivals } from '../../figures/arrivals.ts';
import { clockTime } from '../../format/date.ts';
import { formatMoney } from '../../format/money.ts';
import { spanText } from '../../i18n/ago.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icons.tsx';
import { FirstSaleNotice, Notice } from '../../parts/notice.tsx';
import { datesOf, rowCurrency, storeName, useStoreIndex } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';
import type { Scope } from './use-day.ts';

const SHOWN = 12;
/** Older arrivals were seen before: coming back to the page does not tint them again. */
const FRESH_MS = 3_000;

export function LiveCard({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const dates = new Set(datesOf(scope.stores, undefined, scope.nowMs).values());
  const isToday = scope.picked === undefined || dates.has(scope.picked);
  // Where stores are in different days, the newest sales of all of them are today's.
  const businessDate = scope.picked ?? (dates.size === 1 ? [...dates][0] : undefined);
  const fetched = useQuery<SaleList>(salesPath({ storeId: scope.storeId, businessDate, limit: SHOWN }));
  const arrivals = useLive('arrivals');
  const mine = arrivals.filter(({ sale }) => isMine(sale, scope, isToday));
  return (
    <Card
      title={t(isToday ? 'today.arriving' : 'today.arrivingDay')}
      extra={
        <Link
          to={{
            page: 'sales',
            ...(scope.storeId === undefined ? {} : { storeId: scope.storeId }),
            ...(businessDate === undefined ? {} : { businessDate }),
          }}
        >
          {t('today.allSales')}
        </Link>
      }
      className="live-card"
    >
      <Answered query={fetched} rows={8}>
        {({ sales }) => {
          const shown = mergeArrivals(sales, mine, SHOWN);
          if (shown.length === 0) return isToday ? <FirstSaleNotice today /> : <NoSalesThatDay />;
          return <ArrivalList arrivals={shown} oneStore={scope.stores.length === 1} />;
        }}
      </Answered>
    </Card>
  );
}

function isMine(sale: SaleRow, scope: Scope, isToday: boolean): boolean {
  if (scope.storeId !== undefined && sale.storeId !== scope.storeId) return false;
  return isToday || sale.businessDate === scope.picked;
}

function NoSalesThatDay() {
  const { t } = useTranslation();
  return <Notice icon="receipt" title={t('empty.noSalesDay')} help={t('empty.noSalesDayHelp')} />;
}

interface ListProps {
  readonly arrivals: readonly Arrival[];
  readonly oneStore: boolean;
}

function ArrivalList({ arrivals, oneStore }: ListProps) {
  return (
    <ol className="arrivals">
      {arrivals.map((arrival) => (
        <ArrivalItem key={arrival.sale.id} arrival={arrival} oneStore={oneStore} />
      ))}
    </ol>
  );
}

function ArrivalItem({ arrival, oneStore }: { readonly arrival: Arrival; readonly oneStore: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const { sale } = arrival;
  const store = stores.get(sale.storeId);
  const [fresh] = useState(
    () => arrival.arrivedAtMs !== null && serverNowMs() - arrival.arrivedAtMs < FRESH_MS,
  );
  const late = lateMs(arrival);
  return (
    <li className={fresh ? 'arrival fresh' : 'arrival'}>
      <Link to={{ page: 'sale', saleId: sale.id }} data-testid={`live-sale-${sale.receiptNo}`}>
        <span className="arrival-time num">{clockTime(sale.atMs, store?.timeZone)}</span>
        <span className="arrival-what">
          <span className="arrival-store">
            {oneStore ? sale.receiptNo : storeName(store, sale.storeId, locale)}
          </span>
          <span className="muted arrival-no num">
            {oneStore ? `${t('sales.till')} ${sale.tillCode}` : sale.receiptNo}
            {sale.memberId !== null && (
              <span title={t('sales.isMember')} className="arrival-member">
                <Icon name="member" />
                <span className="sr-only">{t('sales.isMember')}</span>
              </span>
            )}
            {late !== null && (
              <span className="tag tag-warn">{t('today.late', { ago: spanText(late, t) })}</span>
            )}
          </span>
        </span>
        <span className="arrival-amount num">
          <b>{formatMoney(sale.totalMinor, rowCurrency(sale, stores))}</b>
          {sale.kind === 'refund' && <span className="tag tag-bad">{t('sales.refund')}</span>}
          {sale.kind === 'exchange' && <span className="tag tag-warn">{t('sales.exchange')}</span>}
        </span>
      </Link>
    </li>
  );
}
