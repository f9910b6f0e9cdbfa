/**
 * Today: the answer first (the sales equation), then the curve, then the stores behind it, and the sales as they come.
 */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Store } from '../../api/types.ts';
import { formatDay } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { DayStepper } from '../../parts/day-picker.tsx';
import { NoStores } from '../../parts/notice.tsx';
import { newestDate, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { Page } from '../../shell/page.tsx';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { AttentionCard } from './attention.tsx';
import { CurveCards } from './curve.tsx';
import { HeadlineCard } from './headline.tsx';
import { LiveCard } from './live-card.tsx';
import { StoresCard } from './stores-card.tsx';
import type { Scope } from './use-day.ts';

type TodayRoute = Extract<Route, { page: 'today' }>;

export function TodayPage({ route }: { readonly route: TodayRoute }) {
  const { date, view } = route;
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStores();
  const known = stores.data?.stores ?? [];
  const newest = newestDate(known, useNow());
  const title = date === undefined || date === newest ? t('today.title') : formatDay(date, locale);
  return (
    <Page
      title={title}
      controls={
        known.length > 0 && (
          <DayControls date={date} newest={newest} onPick={(picked) => go(todayOr(picked, newest, view))} />
        )
      }
    >
      <Answered query={stores} rows={10} inCard>
        {(list) => (list.stores.length === 0 ? <NoStores /> : <Today stores={list.stores} route={route} />)}
      </Answered>
    </Page>
  );
}

function Today({ stores, route }: { readonly stores: readonly Store[]; readonly route: TodayRoute }) {
  const scope: Scope = { stores, picked: route.date, nowMs: useNow() };
  return (
    <>
      <HeadlineCard scope={scope} />
      <div className="columns">
        <div className="column-main">
          <CurveCards scope={scope} />
          <StoresCard
            scope={scope}
            view={route.view}
            onView={(view) => go({ page: 'today', ...dated(route.date), ...viewed(view) })}
          />
        </div>
        <div className="column-side">
          <AttentionCard stores={stores} />
          <LiveCard scope={scope} />
        </div>
      </div>
    </>
  );
}

export interface DayControlsProps {
  readonly date: string | undefined;
  readonly newest: string;
  readonly onPick: (date: string) => void;
}

export function DayControls({ date, newest, onPick }: DayControlsProps) {
  const { t } = useTranslation();
  const shown = date ?? newest;
  return (
    <>
      <DayStepper date={shown} newest={newest} onPick={onPick} />
      {shown !== newest && <Button onClick={() => onPick(newest)}>{t('today.today')}</Button>}
    </>
  );
}

// The newest day has no date in its address, so that a page left open moves on at midnight.
function todayOr(picked: string, newest: string, view: string | undefined): TodayRoute {
  return { page: 'today', ...dated(picked === newest ? undefined : picked), ...viewed(view) };
}

function dated(date: string | undefined) {
  return date === undefined ? {} : { date };
}

function viewed(view: string | undefined) {
  return view === undefined ? {} : { view };
}
