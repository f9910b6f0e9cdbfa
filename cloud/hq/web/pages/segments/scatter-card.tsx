/** Members as dots: how long ago, how often, how much. */
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ScoreList } from '../../../report-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Chart } from '../../parts/chart.tsx';
import { useTokens } from '../../theme.ts';

const DOTS = 600;

export function ScatterCard() {
  const { t } = useTranslation();
  const tokens = useTokens();
  const scores = useQuery<z.infer<typeof ScoreList>>(`/api/v1/rfm/members?limit=${DOTS}`);
  return (
    <Card title={t('segment.scatter')}>
      <Answered query={scores} rows={8}>
        {({ members, asOf, currency }) => {
          const most = Math.max(1, ...members.map(({ netMinor }) => netMinor));
          const money = currencyOf(currency);
          const states = ['active', 'silent', 'sleeping', 'lost'] as const;
          return (
            <>
              <Chart
                heightPx={320}
                label={t('segment.scatterHelp', { count: members.length })}
                option={{
                  grid: {
                    left: 8,
                    right: 16,
                    top: 32,
                    bottom: 32,
                    outerBoundsMode: 'same',
                    outerBoundsContain: 'axisLabel',
                  },
                  tooltip: {
                    backgroundColor: tokens.card,
                    borderColor: tokens.rule,
                    textStyle: { color: tokens.ink, fontSize: 13 },
                    formatter: (point) => {
                      const [days, visits, net] = (point as { data: number[] }).data;
                      return `${t('segment.daysSince')}: ${days}<br>${t('segment.visits')}: ${visits}<br>${t('segment.spent')}: ${formatMoney(net!, money)}`;
                    },
                  },
                  xAxis: {
                    type: 'value',
                    name: t('segment.daysSince'),
                    nameLocation: 'middle',
                    nameGap: 28,
                    nameTextStyle: { color: tokens.muted },
                    axisLabel: { color: tokens.muted },
                    splitLine: { lineStyle: { color: tokens.rule } },
                  },
                  yAxis: {
                    type: 'value',
                    // Visits are whole.
                    minInterval: 1,
                    name: t('segment.visits'),
                    nameTextStyle: { color: tokens.muted, align: 'left' },
                    axisLabel: { color: tokens.muted },
                    splitLine: { lineStyle: { color: tokens.rule } },
                  },
                  series: states.map((state, index) => ({
                    type: 'scatter',
                    name: t(`segment.${state}`),
                    animation: false,
                    // Told apart by shape as well as by colour.
                    symbol: ['circle', 'rect', 'triangle', 'diamond'][index]!,
                    itemStyle: { color: tokens.series[index]!, opacity: 0.55 },
                    symbolSize: (value: number[]) => 5 + 22 * Math.sqrt(Math.max(0, value[2]!) / most),
                    data: members
                      .filter(({ recency }) => recency === state)
                      .map(({ lastOn, visits, netMinor }) => [
                        Math.round((Date.parse(asOf) - Date.parse(lastOn)) / 86_400_000),
                        visits,
                        netMinor,
                      ]),
                  })),
                }}
              />
              <p className="muted table-note">{t('segment.scatterHelp', { count: members.length })}</p>
              <p className="legend legend-boxes">
                {states.map((state, index) => (
                  <span key={state} className="legend-box">
                    <i style={{ background: tokens.series[index] }} />
                    {t(`segment.${state}`)}
                  </span>
                ))}
              </p>
            </>
          );
        }}
      </Answered>
    </Card>
  );
}
