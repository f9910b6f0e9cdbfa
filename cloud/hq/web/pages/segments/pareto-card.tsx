/** Which part of the spending the best members bring, as a curve. */
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ParetoAnswer } from '../../../report-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { formatRateBp, formatShare } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Chart } from '../../parts/chart.tsx';
import { useTokens } from '../../theme.ts';

export function ParetoCard() {
  const { t } = useTranslation();
  const tokens = useTokens();
  const pareto = useQuery<z.infer<typeof ParetoAnswer>>('/api/v1/reports/pareto?topBp=1000,2000,5000');
  const axis = {
    type: 'value' as const,
    min: 0,
    max: 100,
    axisLabel: { color: tokens.muted, formatter: '{value} %' },
    splitLine: { lineStyle: { color: tokens.rule } },
    axisLine: { lineStyle: { color: tokens.rule } },
  };
  return (
    <Card title={t('segment.pareto')}>
      <Answered query={pareto} rows={8}>
        {({ curve, tops }) => (
          <>
            <Chart
              heightPx={320}
              label={tops
                .map(({ topBp, shareBp }) =>
                  t('segment.paretoTop', {
                    top: formatRateBp(topBp),
                    share: formatShare(shareBp ?? 0, 10_000) ?? '',
                  }),
                )
                .join('; ')}
              option={{
                grid: {
                  left: 8,
                  right: 16,
                  top: 16,
                  bottom: 32,
                  outerBoundsMode: 'same',
                  outerBoundsContain: 'axisLabel',
                },
                xAxis: {
                  ...axis,
                  name: t('segment.paretoAxis'),
                  nameLocation: 'middle',
                  nameGap: 28,
                  nameTextStyle: { color: tokens.muted },
                },
                yAxis: axis,
                series: [
                  {
                    type: 'line',
                    animation: false,
                    showSymbol: false,
                    data: curve.map(({ topBp, shareBp }) => [topBp / 100, (shareBp ?? 0) / 100]),
                    lineStyle: { color: tokens.accent, width: 2.5 },
                    itemStyle: { color: tokens.accent },
                    areaStyle: { color: tokens.accent, opacity: 0.09 },
                  },
                  {
                    type: 'line',
                    animation: false,
                    showSymbol: false,
                    data: [
                      [0, 0],
                      [100, 100],
                    ],
                    lineStyle: { color: tokens.muted, width: 1, type: 'dashed' },
                  },
                ],
              }}
            />
            <ul className="facts-list">
              {tops.map(({ topBp, shareBp }) => (
                <li key={topBp}>
                  {t('segment.paretoTop', {
                    top: formatRateBp(topBp),
                    share: formatShare(shareBp ?? 0, 10_000) ?? '',
                  })}
                </li>
              ))}
            </ul>
          </>
        )}
      </Answered>
    </Card>
  );
}
