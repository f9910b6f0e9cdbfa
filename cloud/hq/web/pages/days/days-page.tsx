/**
 * Stores and days: a chart of the days, and below it the matrix whose every number leads to its sales.
 */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { StoreDayList } from '../../../schemas.ts';
import { storeDaysPath } from '../../api/paths.ts';
import type { Store } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { byCurrency } from '../../figures/equation.ts';
import { MEASURES, type Measure, matrixOf } from '../../figures/matrix.ts';
import { addDays, datesBetween } from '../../format/date.ts';
import { Answered, allOf } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { RangeField } from '../../parts/day-picker.tsx';
import { Notice } from '../../parts/notice.tsx';
import { newestDate, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { Page } from '../../shell/page.tsx';
import { SALES_TABS } from '../../shell/places.ts';
import { go } from '../../shell/router.tsx';
import { DaysChart } from './days-chart.tsx';
import { MatrixExport } from './matrix-export.tsx';
import { MatrixTable } from './matrix-table.tsx';

export interface DaysPageProps {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly measure: string | undefined;
}

/** A quarter: wider tables are for spreadsheets. */
const DAYS_MAX = 92;

export function DaysPage({ from, to, measure }: DaysPageProps) {
  const { t } = useTranslation();
  const stores = useStores();
  const now = useNow();
  const newest = newestDate(stores.data?.stores ?? [], now);
  const range = rangeOf(from, to, newest);
  const shown = MEASURES.find((one) => one === measure) ?? 'total';
  const days = useQuery<StoreDayList>(storeDaysPath(range));
  const show = (next: { from?: string; to?: string; measure?: Measure }) =>
    go({ page: 'days', ...(from && to ? range : {}), measure: shown, ...next });
  return (
    <Page
      title={t('days.title')}
      tabs={SALES_TABS}
      controls={
        <>
          <Presets range={range} newest={newest} onPick={(picked) => show(picked)} />
          <RangeField
            {...range}
            newest={newest}
            daysMax={DAYS_MAX}
            onPick={(first, last) => show({ from: first, to: last })}
          />
        </>
      }
    >
      <div className="body-bar">
        <Segmented<Measure>
          value={shown}
          options={MEASURES.map((one) => ({ value: one, label: t(`days.${one}`) }))}
          onChange={(next) => show({ measure: next })}
        />
      </div>
      <Answered query={allOf<unknown>([stores, days])} rows={10} inCard>
        {() => (
          <Groups
            stores={stores.data!.stores}
            list={days.data!}
            dates={datesBetween(range.from, range.to)}
            measure={shown}
          />
        )}
      </Answered>
    </Page>
  );
}

interface GroupsProps {
  readonly stores: readonly Store[];
  readonly list: StoreDayList;
  readonly dates: readonly string[];
  readonly measure: Measure;
}

function Groups({ stores, list, dates, measure }: GroupsProps) {
  const { t } = useTranslation();
  if (list.days.length === 0) {
    return (
      <section className="card">
        <Notice icon="days" title={t('days.none')} help={t('days.noneHelp')} />
      </section>
    );
  }
  const groups = byCurrency(stores, (store) => store.currency);
  return groups.map(({ currency, items }) => {
    const matrix = matrixOf(list.days, { dates, storeIds: items.map((store) => store.id) }, measure);
    const tag = groups.length > 1 ? ` · ${currency.code}` : '';
    return (
      <div key={currency.code} className="stack">
        <Card title={`${t('days.chart', { measure: t(`days.${measure}`) })}${tag}`}>
          <DaysChart matrix={matrix} stores={items} measure={measure} currency={currency} />
        </Card>
        <Card
          title={`${t('days.matrix')}${tag}`}
          extra={
            <span className="row-buttons">
              <span className="muted only-wide">{t('days.clickHint')}</span>
              <MatrixExport matrix={matrix} stores={items} measure={measure} currency={currency} />
            </span>
          }
          className="card-table"
        >
          <MatrixTable matrix={matrix} stores={items} measure={measure} currency={currency} />
        </Card>
      </div>
    );
  });
}

interface Range {
  readonly from: string;
  readonly to: string;
}

function Presets({
  range,
  newest,
  onPick,
}: {
  range: Range;
  newest: string;
  onPick: (range: Range) => void;
}) {
  const { t } = useTranslation();
  const length = range.to === newest ? datesBetween(range.from, range.to).length : 0;
  return (
    <Segmented<number>
      value={[7, 30].includes(length) ? length : 0}
      options={[
        { value: 7, label: t('days.last7') },
        { value: 30, label: t('days.last30') },
      ]}
      onChange={(days) => onPick({ from: addDays(newest, 1 - days), to: newest })}
    />
  );
}

/** The range of the address, the right way round and not too long; without one, the last seven days. */
function rangeOf(from: string | undefined, to: string | undefined, newest: string): Range {
  const last = to ?? newest;
  const first = from ?? addDays(last, -6);
  const [early, late] = first <= last ? [first, last] : [last, first];
  const earliest = addDays(late, 1 - DAYS_MAX);
  return { from: early < earliest ? earliest : early, to: late };
}
