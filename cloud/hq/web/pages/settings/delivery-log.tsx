/** What a webhook was sent, newest first, with every try; what has ended can be sent once more. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateTime } from '../../format/date.ts';
import { Answered } from '../../parts/answered.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Problem } from '../../parts/problem.tsx';

interface Delivery {
  readonly eventNo: number;
  readonly kind: string;
  readonly atMs: number;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly tries: readonly {
    readonly attempt: number;
    readonly atMs: number;
    readonly tookMs: number;
    readonly status: number | null;
    readonly error: string | null;
  }[];
}

export function DeliveryLog({ webhookId }: { readonly webhookId: string }) {
  const { t } = useTranslation();
  const path = `/api/v1/webhooks/${encodeURIComponent(webhookId)}`;
  const log = useQuery<{ deliveries: Delivery[] }>(`${path}/deliveries`);
  const may = useMay();
  const { busy, error, send } = useSend();
  const again = async (what: string) => {
    await send('POST', `${path}/${what}`);
    log.retry();
    await refresh('/api/v1/webhooks');
  };
  const writes = may('webhooks.write', 'chain');
  const columns: Column<Delivery>[] = [
    { key: 'no', title: '#', number: true, value: ({ eventNo }) => eventNo },
    { key: 'kind', title: t('setting.events'), value: ({ kind }) => kind },
    {
      key: 'at',
      title: t('fleet.last'),
      value: ({ atMs }) => atMs,
      exported: ({ atMs }) => dateTime(atMs, undefined),
      show: ({ atMs }) => <span className="num">{dateTime(atMs, undefined)}</span>,
    },
    { key: 'state', title: t('setting.state'), value: ({ state }) => t(`setting.${state}`) },
    {
      key: 'tries',
      title: t('setting.tries'),
      value: ({ attempts }) => attempts,
      show: ({ tries }) => (
        <ul className="tries num">
          {tries.map(({ attempt, atMs, tookMs, status, error: why }) => (
            <li key={attempt}>
              {dateTime(atMs, undefined)} · {status ?? t('setting.noAnswer')} · {tookMs} ms{' '}
              <span className="muted">{why}</span>
            </li>
          ))}
        </ul>
      ),
    },
    {
      key: 'act',
      title: '',
      value: () => '',
      show: ({ eventNo, state }) =>
        state !== 'waiting' && (
          <Button
            size="small"
            disabled={!writes || busy}
            onClick={() => void again(`deliveries/${eventNo}/redeliver`)}
            data-testid={`resend-${eventNo}`}
          >
            {t('setting.resend')}
          </Button>
        ),
    },
  ];
  return (
    <div className="stack" data-testid={`log-${webhookId}`}>
      <div className="form-row">
        <b>{t('setting.deliveryLog')}</b>
        <ExportButton name="deliveries" rows={log.data?.deliveries ?? []} columns={columns.slice(0, -1)} />
        {(log.data?.deliveries ?? []).some(({ state }) => state === 'dead') && (
          <Button size="small" disabled={!writes || busy} onClick={() => void again('redeliver-dead')}>
            {t('setting.resendDead')}
          </Button>
        )}
      </div>
      <Problem error={error} />
      <Answered query={log} rows={3}>
        {({ deliveries }) => (
          <DataTable
            name="deliveries"
            rows={deliveries}
            columns={columns}
            rowKey={({ eventNo }) => String(eventNo)}
            pageRows={20}
            empty={<p className="muted">{t('setting.noDeliveries')}</p>}
          />
        )}
      </Answered>
    </div>
  );
}
