/** Where members stood some months ago and where they stand now, as a flow and as the table behind it. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { FlowAnswer } from '../../../report-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { addDays } from '../../format/date.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Chart } from '../../parts/chart.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { newestDate, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { go } from '../../shell/router.tsx';
import { useTokens } from '../../theme.ts';
import type { SegmentsRoute } from './segments-page.tsx';

type Flow = z.infer<typeof FlowAnswer>;
type Step = Flow['steps'][number];

const MONTHS = [1, 3, 6] as const;
const STATES = ['none', 'active', 'silent', 'sleeping', 'lost'] as const;

export function FlowCard({ route }: { readonly route: SegmentsRoute }) {
  const { t } = useTranslation();
  const tokens = useTokens();
  const months = MONTHS.find((n) => String(n) === route.months) ?? 1;
  const newest = newestDate(useStores().data?.stores ?? [], useNow());
  const before = addDays(newest, -30 * months);
  const flow = useQuery<Flow>(`/api/v1/reports/lifecycle-flow?before=${before}&asOf=${newest}`);
  const columns: Column<Step>[] = [
    { key: 'from', title: t('segment.from'), value: (step) => t(`segment.${step.before}`) },
    { key: 'to', title: t('segment.to'), value: (step) => t(`segment.${step.after}`) },
    {
      key: 'people',
      title: t('segment.people'),
      number: true,
      sorted: 'descend',
      value: ({ members }) => members,
      show: ({ members }) => formatCount(members),
    },
  ];
  const colourOf = (state: (typeof STATES)[number]) =>
    state === 'none' ? tokens.muted : tokens.series[STATES.indexOf(state) - 1]!;
  return (
    <>
      <div className="body-bar">
        <Segmented<number>
          value={months}
          options={MONTHS.map((n) => ({
            value: n,
            label: n === 1 ? t('segment.monthBack') : t('segment.monthsBack', { n }),
          }))}
          onChange={(n) => go({ ...route, months: String(n) })}
        />
      </div>
      <div className="split-side">
        <Card title={t('segment.flowTitle', { before, after: newest })}>
          <Answered query={flow} rows={10}>
            {({ steps }) =>
              steps.length === 0 ? (
                <Notice icon="segments" title={t('segment.flowEmpty')} />
              ) : (
                <>
                  <Chart
                    heightPx={440}
                    label={steps
                      .map(
                        (step) =>
                          `${t(`segment.${step.before}`)} → ${t(`segment.${step.after}`)}: ${step.members}`,
                      )
                      .join(', ')}
                    option={{
                      tooltip: {
                        backgroundColor: tokens.card,
                        borderColor: tokens.rule,
                        textStyle: { color: tokens.ink, fontSize: 13 },
                      },
                      series: [
                        {
                          type: 'sankey',
                          animation: false,
                          left: 8,
                          right: 96,
                          top: 8,
                          bottom: 8,
                          draggable: false,
                          layoutIterations: 0,
                          emphasis: { focus: 'adjacency' },
                          label: { color: tokens.ink },
                          data: [0, 1].flatMap((side) =>
                            STATES.filter((state) =>
                              steps.some((step) => (side === 0 ? step.before : step.after) === state),
                            ).map((state) => ({
                              name: `${side} ${state}`,
                              depth: side,
                              label: { formatter: t(`segment.${state}`) },
                              itemStyle: { color: colourOf(state) },
                            })),
                          ),
                          links: steps.map((step) => ({
                            source: `0 ${step.before}`,
                            target: `1 ${step.after}`,
                            value: step.members,
                            lineStyle: { color: colourOf(step.before), opacity: 0.35 },
                          })),
                        },
                      ],
                    }}
                  />
                  <p className="muted table-note">{t('segment.flowHelp')}</p>
                </>
              )
            }
          </Answered>
        </Card>
        <Card
          title={t('segment.people')}
          extra={<ExportButton name="lifecycle-flow" rows={flow.data?.steps ?? []} columns={columns} />}
          className="card-table"
        >
          <Answered query={flow} rows={8}>
            {({ steps }) => (
              <DataTable
                name="flow"
                rows={steps}
                columns={columns}
                rowKey={(step) => `${step.before} ${step.after}`}
              />
            )}
          </Answered>
        </Card>
      </div>
    </>
  );
}
