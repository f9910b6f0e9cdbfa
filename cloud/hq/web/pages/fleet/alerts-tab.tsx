/** Alerts on tills and on sales: what somebody has to look at, and where. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute, dateTime } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { useAlertWords } from '../../parts/alert-words.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';
import { TILL_ALERTS, type TillAlert } from './till-alert.ts';

interface SaleAlert {
  readonly storeId: string;
  readonly saleId: string;
  readonly kind: string;
  readonly atMs: number;
}

const SALE_ALERTS = '/api/v1/alerts?limit=200';

export function AlertsTab() {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const tills = useQuery<{ alerts: TillAlert[] }>(TILL_ALERTS);
  const sales = useQuery<{ alerts: SaleAlert[] }>(SALE_ALERTS);
  const { error, send } = useSend();
  const may = useMay();
  const words = useAlertWords();
  const close = async ({ alertId }: TillAlert) => {
    await send('POST', `/api/v1/till-alerts/${encodeURIComponent(alertId)}/close`, {
      why: 'looked at in the console',
    });
    await refresh(TILL_ALERTS);
  };
  const name = (storeId: string | null) =>
    storeId === null ? '—' : storeName(stores.get(storeId), storeId, locale);
  const tillColumns: Column<TillAlert>[] = [
    { key: 'store', title: t('fleet.store'), value: ({ storeId }) => name(storeId) },
    {
      key: 'till',
      title: t('fleet.till'),
      value: ({ tillCode }) => tillCode ?? '—',
      show: ({ tillId, tillCode }) =>
        tillId === null ? '—' : <Link to={{ page: 'till', id: tillId }}>{tillCode}</Link>,
    },
    {
      key: 'kind',
      title: t('fleet.what'),
      value: ({ kind }) => words(kind).what,
      show: ({ kind, detail: { seq, message } }) => (
        <>
          {words(kind).what}
          <span className="muted alert-next">{words(kind).next}</span>
          {typeof seq === 'number' && (
            <span className="muted alert-next" data-testid="alert-entry">
              {t('fleet.alertEntry', { seq })}
              {typeof message === 'string' && `: ${message}`}
            </span>
          )}
        </>
      ),
    },
    { key: 'times', title: t('fleet.times'), number: true, value: ({ times }) => times },
    {
      key: 'last',
      title: t('fleet.last'),
      value: ({ lastAtMs }) => lastAtMs,
      exported: ({ lastAtMs }) => dateTime(lastAtMs, undefined),
      show: ({ lastAtMs }) => <span className="num">{dateMinute(lastAtMs, undefined)}</span>,
    },
    {
      key: 'act',
      title: '',
      value: () => '',
      // Who an alert is about does not close it: a store's manager reads it, HQ says that it was looked at.
      show: (alert) =>
        may('tills.write', 'chain') && (
          <Button size="small" onClick={() => void close(alert)} data-testid={`close-${alert.alertId}`}>
            {t('fleet.close')}
          </Button>
        ),
    },
  ];
  const saleColumns: Column<SaleAlert>[] = [
    { key: 'store', title: t('fleet.store'), value: ({ storeId }) => name(storeId) },
    {
      key: 'kind',
      title: t('fleet.what'),
      value: ({ kind }) => words(kind).what,
      show: ({ kind, saleId }) => <Link to={{ page: 'sale', saleId }}>{words(kind).what}</Link>,
    },
    {
      key: 'at',
      title: t('fleet.last'),
      value: ({ atMs }) => atMs,
      exported: ({ atMs }) => dateTime(atMs, undefined),
      show: ({ atMs }) => <span className="num">{dateMinute(atMs, undefined)}</span>,
    },
  ];
  const none = <Notice icon="online" title={t('fleet.noAlerts')} help={t('fleet.noAlertsHelp')} />;
  return (
    <div className="stack">
      <Card
        title={t('fleet.alerts')}
        extra={
          <ExportButton
            name="till-alerts"
            rows={tills.data?.alerts ?? []}
            columns={tillColumns.slice(0, -1)}
          />
        }
        className="card-table"
      >
        <Problem error={error} />
        <Answered query={tills} rows={4}>
          {(list) => (
            <DataTable
              name="till-alerts"
              rows={list.alerts}
              columns={tillColumns}
              rowKey={({ alertId }) => alertId}
              empty={none}
            />
          )}
        </Answered>
      </Card>
      <Card
        title={t('fleet.saleAlerts')}
        extra={<ExportButton name="sale-alerts" rows={sales.data?.alerts ?? []} columns={saleColumns} />}
        className="card-table"
      >
        <Answered query={sales} rows={4}>
          {(list) => (
            <DataTable
              name="sale-alerts"
              rows={list.alerts}
              columns={saleColumns}
              rowKey={({ saleId, kind }) => `${saleId} ${kind}`}
              empty={none}
            />
          )}
        </Answered>
      </Card>
    </div>
  );
}
