/**
 * One store: the same picture as the chain's day, its last seven days, its tills.
 */
import { useTranslation } from 'react-i18next';
import type { StoreDayList } from '../../../schemas.ts';
import { storeDaysPath } from '../../api/paths.ts';
import type { Store } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { addDays, datesBetween, formatDay } from '../../format/date.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Notice } from '../../parts/notice.tsx';
import { newestDate, storeName, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { Page } from '../../shell/page.tsx';
import { go, Link } from '../../shell/router.tsx';
import { TillTable } from '../tills/till-table.tsx';
import { TillsExport } from '../tills/tills-export.tsx';
import { AttentionCard } from './attention.tsx';
import { CurveCards } from './curve.tsx';
import { HeadlineCard } from './headline.tsx';
import { LiveCard } from './live-card.tsx';
import { DayControls } from './today-page.tsx';
import { type Scope, useTills } from './use-day.ts';

export interface StorePageProps {
  readonly storeId: string;
  readonly date: string | undefined;
}

export function StorePage({ storeId, date }: StorePageProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const stores = useStores();
  const store = stores.data?.stores.find((one) => one.id === storeId);
  const newest = newestDate(store === undefined ? [] : [store], now);
  const pick = (picked: string) =>
    go(picked === newest ? { page: 'store', storeId } : { page: 'store', storeId, date: picked });
  return (
    <Page
      title={storeName(store, storeId, locale)}
      back={{ to: { page: 'today', ...(date === undefined ? {} : { date }) }, word: t('store.back') }}
      controls={store !== undefined && <DayControls date={date} newest={newest} onPick={pick} />}
    >
      <Answered query={stores} rows={10} inCard>
        {() => (store === undefined ? <NoSuchStore /> : <StoreDayView store={store} date={date} />)}
      </Answered>
    </Page>
  );
}

function StoreDayView({ store, date }: { readonly store: Store; readonly date: string | undefined }) {
  const { t } = useTranslation();
  const scope: Scope = { stores: [store], storeId: store.id, picked: date, nowMs: useNow() };
  const tills = useTills();
  return (
    <>
      <HeadlineCard scope={scope} />
      <div className="columns">
        <div className="column-main">
          <CurveCards scope={scope} />
          <LastDays store={store} until={date ?? newestDate([store], scope.nowMs)} />
          <Card
            title={t('store.tills')}
            extra={
              <TillsExport tills={(tills.data?.tills ?? []).filter((till) => till.storeId === store.id)} />
            }
            className="card-table behind-card"
          >
            <Answered query={tills} rows={3}>
              {({ tills: all }) => <TillTable tills={all.filter((till) => till.storeId === store.id)} />}
            </Answered>
          </Card>
        </div>
        <div className="column-side">
          <AttentionCard stores={scope.stores} />
          <LiveCard scope={scope} />
        </div>
      </div>
    </>
  );
}

function LastDays({ store, until }: { readonly store: Store; readonly until: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const from = addDays(until, -6);
  const days = useQuery<StoreDayList>(storeDaysPath({ from, to: until, storeId: store.id }));
  return (
    <Card
      title={t('store.lastDays')}
      extra={<Link to={{ page: 'days', from, to: until }}>{t('store.allDays')}</Link>}
      className="behind-card"
    >
      <Answered query={days} rows={4}>
        {(list) => {
          const totals = new Map(list.days.map((day) => [day.businessDate, day.totalMinor]));
          const most = Math.max(1, ...totals.values());
          return (
            <ul className="bars">
              {datesBetween(from, until)
                .reverse()
                .map((day) => (
                  <li key={day}>
                    <Link to={{ page: 'sales', storeId: store.id, businessDate: day }} className="bar-row">
                      <span className="bar-name">{formatDay(day, locale)}</span>
                      <span className="bar">
                        <span
                          className="bar-fill"
                          style={{ width: `${(100 * Math.max(0, totals.get(day) ?? 0)) / most}%` }}
                        />
                      </span>
                      <span className="num bar-value">
                        {formatMoney(totals.get(day) ?? 0, store.currency)}
                      </span>
                    </Link>
                  </li>
                ))}
            </ul>
          );
        }}
      </Answered>
    </Card>
  );
}

function NoSuchStore() {
  const { t } = useTranslation();
  return (
    <section className="card">
      <Notice icon="search" title={t('store.missing')}>
        <Link to={{ page: 'today' }}>{t('empty.toToday')}</Link>
      </Notice>
    </section>
  );
}
