/**
 * The days as bars, one stack of stores a day while the stores can be told apart. A click leads to the day's sales.
 */
import { useTranslation } from 'react-i18next';
import type { Currency } from '../../../../../src/core/money.ts';
import type { Store } from '../../api/types.ts';
import { isMoney, type Matrix, type Measure } from '../../figures/matrix.ts';
import { formatDay, monthDay } from '../../format/date.ts';
import { formatMoney, formatMoneyWhole } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Chart } from '../../parts/chart.tsx';
import type { ChartOption } from '../../parts/chart-kit.ts';
import { storeName } from '../../parts/stores.ts';
import { go } from '../../shell/router.tsx';
import { DAY, useTokens } from '../../theme.ts';

export interface MatrixProps {
  readonly matrix: Matrix;
  readonly stores: readonly Store[];
  readonly measure: Measure;
  readonly currency: Currency;
}

/** More shades of one green cannot be told apart. */
const STACKS_MAX = 4;
const SHADES = [1, 0.62, 0.38, 0.22];

export function DaysChart({ matrix, stores, measure, currency }: MatrixProps) {
  const locale = useLocale();
  const option = useOption({ matrix, stores, measure, currency });
  const stacked = stores.length > 1 && stores.length <= STACKS_MAX;
  const write = (value: number) => (isMoney(measure) ? formatMoney(value, currency) : formatCount(value));
  return (
    <>
      <Chart
        heightPx={220}
        label={matrix.dates
          .map((date) => `${formatDay(date, locale)} ${write(matrix.dateSum(date))}`)
          .join(', ')}
        option={option}
        onPick={(index) => {
          const date = matrix.dates[index];
          if (date !== undefined) go({ page: 'sales', businessDate: date });
        }}
      />
      {stacked && (
        <div className="legend legend-boxes">
          {stores.map((store, index) => (
            <span key={store.id} className="legend-box">
              <i style={{ opacity: SHADES[index] }} />
              {storeName(store, store.id, locale)}
            </span>
          ))}
        </div>
      )}
    </>
  );
}

function useOption({ matrix, stores, measure, currency }: MatrixProps): ChartOption {
  const { t } = useTranslation();
  const locale = useLocale();
  const tokens = useTokens();
  const write = (value: number) => (isMoney(measure) ? formatMoney(value, currency) : formatCount(value));
  const stacked = stores.length > 1 && stores.length <= STACKS_MAX;
  const bar = { type: 'bar', stack: 'day', barMaxWidth: 40, animation: false, cursor: 'pointer' } as const;
  const layers = stacked
    ? stores.map((store, index) => ({
        name: storeName(store, store.id, locale),
        data: matrix.dates.map((date) => matrix.cell(store.id, date) ?? 0),
        itemStyle: { color: tokens.accent, opacity: SHADES[index]! },
      }))
    : [
        {
          name: t('days.sum'),
          data: matrix.dates.map((date) => matrix.dateSum(date)),
          itemStyle: { color: tokens.accent, opacity: 1 },
        },
      ];
  return {
    grid: { left: 8, right: 8, top: 16, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: tokens === DAY ? '#14181f0a' : '#ffffff0d' } },
      backgroundColor: tokens.card,
      borderColor: tokens.rule,
      textStyle: { color: tokens.ink, fontSize: 13, fontFamily: getComputedStyle(document.body).fontFamily },
      transitionDuration: 0,
      // Plain text: a store's name is what somebody typed.
      renderMode: 'richText',
      formatter: (points) => {
        const index = (Array.isArray(points) ? points[0] : points)!.dataIndex;
        const date = matrix.dates[index]!;
        const parts = stacked ? layers.map((layer) => `${layer.name}  ${write(layer.data[index]!)}`) : [];
        return [formatDay(date, locale), ...parts, `${t('days.sum')}  ${write(matrix.dateSum(date))}`].join(
          '\n',
        );
      },
    },
    xAxis: {
      type: 'category',
      data: matrix.dates.map(monthDay),
      axisLine: { lineStyle: { color: tokens.rule } },
      axisTick: { show: false },
      axisLabel: { color: tokens.muted, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      splitNumber: 3,
      minInterval: 1,
      splitLine: { lineStyle: { color: tokens.rule } },
      axisLabel: {
        color: tokens.muted,
        formatter: (value: number) =>
          isMoney(measure) ? formatMoneyWhole(value, currency) : formatCount(value),
      },
    },
    series: layers.map((layer) => ({ ...bar, ...layer })),
  };
}
