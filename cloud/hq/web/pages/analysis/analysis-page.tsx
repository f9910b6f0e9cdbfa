/**
 * Sales: the figures of a period and how they moved, where they come from, and the parts behind them, down to the receipts.
 */
import { Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Store } from '../../api/types.ts';
import { byCurrency } from '../../figures/equation.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { RangeField } from '../../parts/day-picker.tsx';
import { NoStores } from '../../parts/notice.tsx';
import { newestDate, storeName, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { Page } from '../../shell/page.tsx';
import { SALES_TABS } from '../../shell/places.ts';
import { go } from '../../shell/router.tsx';
import { BreakdownCard } from './breakdown-card.tsx';
import type { AnalysisRoute } from './drill.ts';
import { FiguresCard } from './figures-card.tsx';
import { FilterChips } from './filter-chips.tsx';
import {
  COMPARISONS,
  type Comparison,
  comparedWith,
  lengthOf,
  type Period,
  PRESETS,
  periodOf,
} from './period.ts';
import { TreeCard } from './tree-card.tsx';
import { TrendCard } from './trend-card.tsx';

export interface Analysis {
  readonly route: AnalysisRoute;
  readonly now: Period;
  readonly before: Period | null;
  readonly currency: Store['currency'];
}

/** Two years and a bit: a year and the one before. */
const DAYS_MAX = 800;

export function AnalysisPage({ route }: { readonly route: AnalysisRoute }) {
  const { t } = useTranslation();
  const stores = useStores();
  const newest = newestDate(stores.data?.stores ?? [], useNow());
  const now = periodOf(route, newest);
  return (
    <Page
      title={t('analysis.title')}
      tabs={SALES_TABS}
      controls={<Controls route={route} period={now} newest={newest} stores={stores.data?.stores ?? []} />}
    >
      <FilterChips route={route} />
      <Answered query={stores} rows={12} inCard>
        {({ stores: all }) =>
          all.length === 0 ? <NoStores /> : <Body route={route} now={now} stores={all} />
        }
      </Answered>
    </Page>
  );
}

function Body({
  route,
  now,
  stores,
}: {
  readonly route: AnalysisRoute;
  readonly now: Period;
  readonly stores: readonly Store[];
}) {
  const scoped = stores.filter(
    (store) =>
      (route.storeId === undefined || store.id === route.storeId) &&
      (route.region === undefined || (store.region ?? '') === route.region),
  );
  const groups = byCurrency(scoped.length === 0 ? stores : scoped, (store) => store.currency);
  const before = comparedWith(now, comparisonOf(route));
  // Sums of two currencies are two analyses, one below the other.
  return groups.map(({ currency }) => {
    const analysis: Analysis = { route, now, before, currency };
    return (
      <div key={currency.code} className="stack">
        <FiguresCard analysis={analysis} />
        <div className="split">
          <TrendCard analysis={analysis} />
          <TreeCard analysis={analysis} />
        </div>
        <BreakdownCard analysis={analysis} />
      </div>
    );
  });
}

function comparisonOf({ vs }: AnalysisRoute): Comparison {
  return COMPARISONS.find((one) => one === vs) ?? 'previous';
}

interface ControlsProps {
  readonly route: AnalysisRoute;
  readonly period: Period;
  readonly newest: string;
  readonly stores: readonly Store[];
}

function Controls({ route, period, newest, stores }: ControlsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { days: _, from: __, to: ___, ...undated } = route;
  const preset = period.to === newest ? lengthOf(period) : 0;
  const regions = [...new Set(stores.flatMap(({ region }) => region ?? []))].sort();
  const words = { 1: 'today', 7: 'last7', 30: 'last30', 90: 'last90', 365: 'last365' } as const;
  return (
    <>
      <Segmented<number>
        value={PRESETS.find((days) => days === preset) ?? 0}
        options={PRESETS.map((days) => ({ value: days, label: t(`analysis.${words[days]}`) }))}
        onChange={(days) => go({ ...undated, days: String(days) })}
      />
      <RangeField
        {...period}
        newest={newest}
        daysMax={DAYS_MAX}
        onPick={(from, to) => go({ ...undated, from, to })}
      />
      <Select
        value={comparisonOf(route)}
        aria-label={t('analysis.vs')}
        popupMatchSelectWidth={false}
        options={COMPARISONS.map((one) => ({
          value: one,
          label: t(`analysis.${({ previous: 'vsPrevious', year: 'vsYear', none: 'vsNone' } as const)[one]}`),
        }))}
        onChange={(vs) => go({ ...route, vs })}
      />
      <Select
        value={route.storeId ?? ''}
        aria-label={t('analysis.byStore')}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        options={[
          { value: '', label: t('analysis.allStores') },
          ...stores.map((store) => ({ value: store.id, label: storeName(store, store.id, locale) })),
        ]}
        onChange={(storeId) => go(without(route, 'storeId', storeId))}
      />
      {regions.length > 0 && (
        <Select
          value={route.region ?? ''}
          aria-label={t('analysis.byRegion')}
          popupMatchSelectWidth={false}
          options={[
            { value: '', label: t('analysis.allRegions') },
            ...regions.map((region) => ({ value: region, label: region })),
          ]}
          onChange={(region) => go(without(route, 'region', region))}
        />
      )}
    </>
  );
}

function without(route: AnalysisRoute, field: 'storeId' | 'region', value: string): AnalysisRoute {
  const { [field]: _, ...rest } = route;
  return value === '' ? rest : { ...rest, [field]: value };
}
