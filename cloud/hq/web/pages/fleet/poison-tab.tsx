/** Entries that HQ could not use, whole, with the reason; those after them went on. After a fix each is tried again, or dismissed. */
import { Button, Input, Modal, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { search, TILLS } from '../../api/paths.ts';
import { refreshWatched } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateTime } from '../../format/date.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { go, Link, useRoute } from '../../shell/router.tsx';
import { useTills } from '../today/use-day.ts';

interface Aside {
  readonly id: string;
  readonly tillId: string;
  readonly seq: number;
  readonly reason: string;
  readonly atMs: number;
  readonly text: string;
  readonly tries: number;
  readonly closedAs: 'retried' | 'dismissed' | null;
  readonly closedWhy: string | null;
}

const QUARANTINE = '/api/v1/quarantine';

/** @param tillId  of one till; else of all */
export function AsideCard({ tillId }: { readonly tillId?: string }) {
  const { t } = useTranslation();
  const route = useRoute();
  const open = !('aside' in route && route.aside === 'closed');
  const rows = useQuery<{ rows: Aside[] }>(`${QUARANTINE}${search({ tillId, open: String(open) })}`);
  const tills = useTills().data?.tills ?? [];
  const may = useMay();
  const [repairing, setRepairing] = useState<{ row: Aside; how: 'retry' | 'dismiss' } | null>(null);
  const columns: Column<Aside>[] = [
    {
      key: 'till',
      title: t('fleet.till'),
      value: (row) => tills.find(({ id }) => id === row.tillId)?.code ?? row.tillId,
      show: (row) => (
        <Link to={{ page: 'till', id: row.tillId }}>
          {tills.find(({ id }) => id === row.tillId)?.code ?? row.tillId}
        </Link>
      ),
    },
    { key: 'seq', title: t('fleet.seq'), number: true, value: ({ seq }) => seq },
    {
      key: 'reason',
      title: t('fleet.reason'),
      value: ({ reason }) => reason,
      show: ({ reason }) => (
        <>
          {t(`fleet.${reasonWord(reason)}`)}
          <span className="muted reason wrap-anywhere">{reason}</span>
        </>
      ),
    },
    {
      key: 'at',
      title: t('fleet.last'),
      from: 'md',
      value: ({ atMs }) => atMs,
      exported: ({ atMs }) => dateTime(atMs, undefined),
      show: ({ atMs }) => <span className="num">{dateTime(atMs, undefined)}</span>,
    },
    { key: 'tries', title: t('fleet.times'), number: true, from: 'md', value: ({ tries }) => tries },
    {
      key: 'act',
      title: '',
      value: ({ closedAs, closedWhy }) => (closedAs === null ? '' : `${closedAs}: ${closedWhy}`),
      show: (row) =>
        row.closedAs !== null ? (
          <span className="muted">
            {t(`fleet.${row.closedAs}`)}: {row.closedWhy}
          </span>
        ) : (
          <span className="row-buttons">
            {(['retry', 'dismiss'] as const).map((how) => (
              <Button
                key={how}
                size="small"
                disabled={!may('tills.write', 'chain')}
                data-testid={`${how}-${row.id}`}
                onClick={(event) => {
                  event.stopPropagation();
                  setRepairing({ row, how });
                }}
              >
                {t(`fleet.${how}`)}
              </Button>
            ))}
          </span>
        ),
    },
  ];
  return (
    <Card
      title={t('fleet.poison')}
      extra={
        <span className="row-buttons">
          <Segmented
            size="small"
            value={open}
            options={[
              { value: true, label: t('fleet.openOnes') },
              { value: false, label: t('fleet.closedOnes') },
            ]}
            onChange={(next) => {
              // In the address, so that what a colleague is sent is what was seen.
              if (route.page === 'fleet' || route.page === 'till')
                go({ ...route, aside: next ? 'open' : 'closed' });
            }}
          />
          <ExportButton name="set-aside" rows={rows.data?.rows ?? []} columns={columns} />
        </span>
      }
      className="card-table"
    >
      <Answered query={rows} rows={2}>
        {(list) => (
          <DataTable
            name="poison"
            rows={list.rows}
            columns={columns}
            rowKey={({ id }) => id}
            expanded={({ text }) => <pre className="sent">{text}</pre>}
            empty={<Notice icon="online" title={t('fleet.noPoison')} help={t('fleet.noPoisonHelp')} />}
          />
        )}
      </Answered>
      {repairing !== null && <RepairDialog {...repairing} onClose={() => setRepairing(null)} />}
    </Card>
  );
}

interface RepairProps {
  readonly row: Aside;
  readonly how: 'retry' | 'dismiss';
  readonly onClose: () => void;
}

/** Both are for good, and the reason stays with the entry. */
function RepairDialog({ row, how, onClose }: RepairProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const { busy, error, send } = useSend();
  const toast = useToast();
  const act = async () => {
    const done = await send('POST', `${QUARANTINE}/${row.id}/${how}`, { reason: reason.trim() });
    if (done === null) return;
    toast({ text: t(how === 'retry' ? 'fleet.retried' : 'fleet.dismissed') });
    refreshWatched((path) => path.startsWith(QUARANTINE) || path === TILLS);
    onClose();
  };
  return (
    <Modal
      open
      title={`${t(`fleet.${how}`)} · ${t('fleet.seq')} ${row.seq}`}
      okText={t(`fleet.${how}`)}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: reason.trim().length < 3, loading: busy }}
      onOk={() => void act()}
      onCancel={onClose}
    >
      <div className="stack">
        <p className="muted">{t(`fleet.${how}Help`)}</p>
        <p className="wrap-anywhere">{row.reason}</p>
        <Input
          value={reason}
          placeholder={t('fleet.why')}
          aria-label={t('fleet.why')}
          data-testid="repair-why"
          onChange={(event) => setReason(event.target.value)}
        />
        <Problem error={error} />
      </div>
    </Modal>
  );
}

/** What ingest says of an entry, for people; its own words stand below, for who mends it. */
function reasonWord(reason: string): 'reasonStore' | 'reasonSeq' | 'reasonShape' {
  if (reason.startsWith('not storable')) return 'reasonStore';
  return reason === 'same seq, other bytes' ? 'reasonSeq' : 'reasonShape';
}
