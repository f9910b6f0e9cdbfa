/** The period as a curve, the one before as a dashed one, point by point. */
import { useTranslation } from 'react-i18next';
import { formatMoney, formatMoneyWhole } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Chart } from '../../parts/chart.tsx';
import { beforeLine, chartFrame, nowLine } from '../../parts/chart-frame.ts';
import type { ChartOption } from '../../parts/chart-kit.ts';
import { Notice } from '../../parts/notice.tsx';
import { NARROW, useMedia } from '../../parts/use-media.ts';
import { go } from '../../shell/router.tsx';
import { type Tokens, useTokens } from '../../theme.ts';
import type { Analysis } from './analysis-page.tsx';
import { drilled } from './drill.ts';
import { usePartName } from './part-name.ts';
import { type Period, pointsOf, stepOf } from './period.ts';
import { type Breakdown, useBreakdowns } from './use-analysis.ts';

type Part = Breakdown['parts'][number];

/** A day without a sale. */
const NOTHING: Omit<Part, 'key'> = {
  name: null,
  names: null,
  tickets: 0,
  refunds: 0,
  pieces: 0,
  grossMinor: 0,
  adjustmentMinor: 0,
  totalMinor: 0,
  memberTickets: 0,
  memberTotalMinor: 0,
  members: 0,
};

export function TrendCard({ analysis: { route, now, before, currency } }: { readonly analysis: Analysis }) {
  const { t } = useTranslation();
  const tokens = useTokens();
  const narrow = useMedia(NARROW);
  const nameOf = usePartName();
  const step = stepOf(now);
  const report = useBreakdowns(route, { now, before }, step, currency.code);
  return (
    <Card
      title={t('analysis.trend')}
      extra={
        <span className="legend">
          <span className="legend-line">{t('analysis.thisPeriod')}</span>
          {before !== null && <span className="legend-dash">{t('analysis.beforePeriod')}</span>}
        </span>
      }
    >
      <Answered query={report.now} rows={6}>
        {(answer) => {
          if (answer.parts.length === 0)
            return <Notice icon="sales" title={t('analysis.none')} help={t('analysis.noneHelp')} />;
          const both = [...answer.parts, ...(report.before?.parts ?? [])].map(({ key }) => key);
          const filled = (period: Period, from: readonly Part[]) => {
            const byKey = new Map(from.map((part) => [part.key, part]));
            return pointsOf(period, step, both).map((key) => byKey.get(key) ?? { ...NOTHING, key });
          };
          const parts = filled(now, answer.parts);
          const earlier =
            before === null || report.before === null ? [] : filled(before, report.before.parts);
          const pick = (index: number) => {
            const next = parts[index] && drilled(route, step, parts[index].key);
            if (next) go(next);
          };
          const money = (minor: number) => formatMoney(minor, currency);
          const tip = (index: number) =>
            [
              parts[index] && `<b>${nameOf(step, parts[index])}</b><br>${money(parts[index].totalMinor)}`,
              parts[index] && `${formatCount(parts[index].tickets)} ${t('analysis.tickets')}`,
              earlier[index] && `${nameOf(step, earlier[index])}: ${money(earlier[index].totalMinor)}`,
            ]
              .filter(Boolean)
              .join('<br>');
          const names = parts.map((part) => nameOf(step, part));
          return (
            <Chart
              // Beside the equation there is room for more.
              heightPx={narrow ? 280 : 420}
              label={parts.map((part, index) => `${names[index]} ${money(part.totalMinor)}`).join(', ')}
              option={trendOption(parts, earlier, {
                tokens,
                names,
                tip,
                axis: (minor) => formatMoneyWhole(minor, currency),
              })}
              onPick={pick}
            />
          );
        }}
      </Answered>
    </Card>
  );
}

interface Look {
  readonly tokens: Tokens;
  readonly names: readonly string[];
  readonly tip: (index: number) => string;
  readonly axis: (minor: number) => string;
}

// A day against the day in the same place of the period before: the twelfth against the twelfth.
function trendOption(
  now: readonly Part[],
  before: readonly Part[],
  { tokens, names, tip, axis }: Look,
): ChartOption {
  return {
    ...chartFrame(tokens, { names, axis, tip, curve: true, splits: 4 }),
    series: [
      {
        ...beforeLine(tokens),
        symbolSize: 6,
        data: now.map((_, index) => before[index]?.totalMinor ?? null),
      },
      {
        ...nowLine(tokens),
        symbolSize: 6,
        showSymbol: now.length < 3,
        data: now.map(({ totalMinor }) => totalMinor),
      },
    ],
  };
}
