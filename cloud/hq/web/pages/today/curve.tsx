/**
 * The hourly curve: today as a filled line, the same weekday a week ago as a dashed one.
 */
import { useTranslation } from 'react-i18next';
import type { Currency } from '../../../../../src/core/money.ts';
import type { Store } from '../../api/types.ts';
import { byCurrency } from '../../figures/equation.ts';
import { type HourRow, hourRows } from '../../figures/hours.ts';
import { addDays, formatDay, weekdayOf } from '../../format/date.ts';
import { formatMoney, formatMoneyWhole } from '../../format/money.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Chart } from '../../parts/chart.tsx';
import { beforeLine, chartFrame, nowLine } from '../../parts/chart-frame.ts';
import type { ChartOption } from '../../parts/chart-kit.ts';
import { newestDate } from '../../parts/stores.ts';
import { type Tokens, useTokens } from '../../theme.ts';
import { runningHour, type Scope, useDayHours } from './use-day.ts';

export function CurveCards({ scope }: { readonly scope: Scope }) {
  const groups = byCurrency(scope.stores, (store) => store.currency);
  return groups.map(({ currency, items }) => (
    <CurveCard key={currency.code} scope={scope} stores={items} currency={currency} tag={groups.length > 1} />
  ));
}

interface CurveProps {
  readonly scope: Scope;
  readonly stores: readonly Store[];
  readonly currency: Currency;
  readonly tag: boolean;
}

function CurveCard({ scope, stores, currency, tag }: CurveProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tokens = useTokens();
  const hours = useDayHours(scope, stores);
  const newest = newestDate(stores, scope.nowMs);
  const date = scope.picked ?? newest;
  const names = {
    today: date === newest ? t('today.curveToday') : formatDay(date, locale),
    lastWeek: t('today.curveLastWeek', { weekday: weekdayOf(addDays(date, -7), locale) }),
  };
  const hasLastWeek = (hours.data?.lastWeek.length ?? 0) > 0;
  return (
    <Card
      title={`${t('today.hourly')}${tag ? ` · ${currency.code}` : ''}`}
      extra={
        <span className="legend">
          <span className="legend-line">{names.today}</span>
          {hasLastWeek && <span className="legend-dash">{names.lastWeek}</span>}
        </span>
      }
    >
      <Answered query={hours} rows={6}>
        {({ today, lastWeek }) => {
          if (today.length === 0 && lastWeek.length === 0) {
            return <p className="curve-empty muted">{t('today.noHours')}</p>;
          }
          const rows = hourRows(today, lastWeek, runningHour(stores, scope.picked, scope.nowMs));
          const tip = (row: HourRow) =>
            tipHtml(row, names, currency, (count) => t('today.hourTickets', { count }));
          return (
            <Chart
              heightPx={232}
              label={wordsOf(rows, currency, t('today.hourly'))}
              option={curveOption(rows, {
                currency,
                tokens,
                hour: (hour) => t('today.hour', { hour }),
                tip,
              })}
            />
          );
        }}
      </Answered>
    </Card>
  );
}

interface Look {
  readonly currency: Currency;
  readonly tokens: Tokens;
  readonly hour: (hour: number) => string;
  readonly tip: (row: HourRow) => string;
}

function curveOption(rows: readonly HourRow[], { currency, tokens, hour, tip }: Look): ChartOption {
  const finished = rows.map((row) => (row.stands === 'finished' ? row.todayMinor : null));
  return {
    ...chartFrame(tokens, {
      names: rows.map((row) => hour(row.hour)),
      axis: (value) => formatMoneyWhole(value, currency),
      tip: (index) => tip(rows[index]!),
      curve: true,
      splits: 3,
    }),
    series: [
      { ...beforeLine(tokens), symbolSize: 7, data: rows.map((row) => row.lastWeekMinor) },
      {
        ...nowLine(tokens),
        symbolSize: 7,
        data: finished,
        // A first hour of the day is one point, and a line of one point is not seen.
        showSymbol: finished.filter((value) => value !== null).length === 1,
      },
      {
        type: 'line',
        animation: false,
        data: runningLine(rows),
        showSymbol: true,
        symbol: 'circle',
        symbolSize: (_, point) => (rows[point.dataIndex]?.stands === 'running' ? 7 : 0),
        lineStyle: { color: tokens.accent, width: 1.5, type: 'dotted' },
        itemStyle: { color: tokens.accent },
      },
    ],
  };
}

/** From the last finished hour to the running one: dotted, because the hour still has time to grow. */
function runningLine(rows: readonly HourRow[]): (number | null)[] {
  const running = rows.findIndex((row) => row.stands === 'running');
  return rows.map((row, index) =>
    running >= 0 && (index === running || index === running - 1) ? row.todayMinor : null,
  );
}

// Words here are ours and numbers, never what a shop typed, so they may stand as HTML.
function tipHtml(
  row: HourRow,
  names: { today: string; lastWeek: string },
  currency: Currency,
  tickets: (count: number) => string,
): string {
  const lines = [`<b>${row.hour}:00–${row.hour + 1}:00</b>`];
  if (row.todayMinor !== null) {
    lines.push(`${names.today} ${formatMoney(row.todayMinor, currency)} · ${tickets(row.todaySales ?? 0)}`);
  }
  if (row.lastWeekMinor !== null) lines.push(`${names.lastWeek} ${formatMoney(row.lastWeekMinor, currency)}`);
  return lines.join('<br>');
}

function wordsOf(rows: readonly HourRow[], currency: Currency, title: string): string {
  const parts = rows
    .filter((row) => row.todayMinor)
    .map((row) => `${row.hour}:00 ${formatMoney(row.todayMinor!, currency)}`);
  return `${title}: ${parts.join(', ') || '0'}`;
}
