/** What HQ does by itself: when it ran, what came of it, when next. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute } from '../../format/date.ts';
import { isKnownJob } from '../../i18n/words/jobs.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Problem } from '../../parts/problem.tsx';

interface Job {
  readonly name: string;
  readonly about: string;
  readonly nextAtMs: number;
  readonly last: { readonly startedAtMs: number; readonly error: string | null } | null;
}

const JOBS = '/api/v1/jobs';

export function JobsTab() {
  const { t } = useTranslation();
  const jobs = useQuery<{ jobs: Job[] }>(JOBS);
  const { error, send } = useSend();
  const may = useMay();
  const run = async ({ name }: Job) => {
    await send('POST', `${JOBS}/${encodeURIComponent(name)}/run`);
    await refresh(JOBS);
  };
  const time = (ms: number) => dateMinute(ms, undefined);
  const columns: Column<Job>[] = [
    {
      key: 'name',
      title: t('setting.job'),
      value: ({ name, about }) => (isKnownJob(name) ? t(`job.${name}`) : about),
    },
    {
      key: 'last',
      title: t('setting.lastRun'),
      value: ({ last }) =>
        last === null ? '—' : `${time(last.startedAtMs)}${last.error === null ? '' : ` · ${last.error}`}`,
    },
    { key: 'next', title: t('setting.nextRun'), value: ({ nextAtMs }) => time(nextAtMs) },
    {
      key: 'act',
      title: '',
      value: () => '',
      show: (job) => (
        <Button size="small" disabled={!may('jobs.run', 'chain')} onClick={() => void run(job)}>
          {t('setting.run')}
        </Button>
      ),
    },
  ];
  return (
    <Card
      title={t('setting.jobs')}
      extra={<ExportButton name="jobs" rows={jobs.data?.jobs ?? []} columns={columns.slice(0, -1)} />}
      className="card-table"
    >
      <Problem error={error} />
      <Answered query={jobs} rows={6}>
        {(list) => <DataTable name="jobs" rows={list.jobs} columns={columns} rowKey={({ name }) => name} />}
      </Answered>
    </Card>
  );
}
