/** Entries that HQ could not use, whole, with the reason; those after them went on. */
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../api/use-query.ts';
import { dateTime } from '../../format/date.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';

interface Poison {
  readonly id: string;
  readonly tillId: string;
  readonly seq: number;
  readonly reason: string;
  readonly atMs: number;
  readonly text: string;
}

export function PoisonTab() {
  const { t } = useTranslation();
  const rows = useQuery<{ rows: Poison[] }>('/api/v1/quarantine');
  const tills = useQuery<{ tills: { id: string; code: string }[] }>('/api/v1/tills').data?.tills ?? [];
  const columns: Column<Poison>[] = [
    {
      key: 'till',
      title: t('fleet.till'),
      value: ({ tillId }) => tills.find(({ id }) => id === tillId)?.code ?? tillId,
    },
    { key: 'seq', title: t('fleet.seq'), number: true, value: ({ seq }) => seq },
    { key: 'reason', title: t('fleet.reason'), value: ({ reason }) => reason },
    {
      key: 'at',
      title: t('fleet.last'),
      value: ({ atMs }) => atMs,
      exported: ({ atMs }) => dateTime(atMs, undefined),
      show: ({ atMs }) => <span className="num">{dateTime(atMs, undefined)}</span>,
    },
    {
      key: 'text',
      title: t('fleet.what'),
      from: 'md',
      value: ({ text }) => text,
      show: ({ text }) => <code className="hash">{text.slice(0, 160)}</code>,
    },
  ];
  return (
    <Card
      title={t('fleet.poison')}
      extra={<ExportButton name="set-aside" rows={rows.data?.rows ?? []} columns={columns} />}
      className="card-table"
    >
      <Answered query={rows} rows={4}>
        {(list) => (
          <DataTable
            name="poison"
            rows={list.rows}
            columns={columns}
            rowKey={({ id }) => id}
            empty={<Notice icon="online" title={t('fleet.noPoison')} />}
          />
        )}
      </Answered>
    </Card>
  );
}
