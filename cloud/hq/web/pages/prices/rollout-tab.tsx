/** Versions that were published, and by which one each till sold last. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { RolloutList, RuleVersionList } from '../../../catalog-schemas.ts';
import { getJson } from '../../api/client.ts';
import { refresh } from '../../api/query-cache.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute, dateTime } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Problem } from '../../parts/problem.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { RULES } from './use-rules.ts';

type Versions = z.infer<typeof RuleVersionList>;
type Version = Versions['versions'][number];
type Rollout = z.infer<typeof RolloutList>;
type TillVersion = Rollout['tills'][number];

const VERSIONS = `${RULES}/versions`;
const ROLLOUT = `${RULES}/rollout`;

export function RolloutTab() {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const versions = useQuery<Versions>(VERSIONS);
  const rollout = useQuery<Rollout>(ROLLOUT);
  const { error, busy, send } = useSend();
  const current = versions.data?.versions[0]?.version;
  const republish = async ({ version }: Version) => {
    const set = await getJson<object>(`${VERSIONS}/${encodeURIComponent(version)}`);
    if ((await send('PUT', RULES, set)) === null) return;
    await Promise.all([refresh(VERSIONS), refresh(RULES)]);
  };
  const columns: Column<Version>[] = [
    {
      key: 'version',
      title: t('price.version'),
      value: ({ version }) => version,
      show: ({ version }) => (
        <>
          <span className="num">{version}</span>
          {version === current && <span className="tag tag-member">{t('price.current')}</span>}
        </>
      ),
    },
    {
      key: 'at',
      title: t('price.publishedAt'),
      value: ({ publishedAtMs }) => publishedAtMs,
      exported: ({ publishedAtMs }) => dateTime(publishedAtMs, undefined),
      show: ({ publishedAtMs }) => <span className="num">{dateMinute(publishedAtMs, undefined)}</span>,
    },
    { key: 'rules', title: t('price.ruleCount'), number: true, value: ({ rules }) => rules },
    {
      key: 'act',
      title: '',
      value: () => '',
      show: (version) =>
        version.version === current ? null : (
          <Button size="small" loading={busy} onClick={() => void republish(version)}>
            {t('price.republish')}
          </Button>
        ),
    },
  ];
  const isCurrent = ({ version }: TillVersion) => version !== null && version === current;
  const tillColumns: Column<TillVersion>[] = [
    {
      key: 'store',
      title: t('sales.store'),
      value: ({ storeId }) => storeName(stores.get(storeId), storeId, locale),
    },
    { key: 'till', title: t('sales.till'), value: ({ code }) => code },
    {
      key: 'version',
      title: t('price.lastSoldWith'),
      value: ({ version }) => version,
      show: (till) =>
        till.version === null ? (
          <span className="muted">{t('price.notSold')}</span>
        ) : (
          <>
            <span className="num">{till.version}</span>
            <span className={isCurrent(till) ? 'tag tag-member' : 'tag tag-warn'}>
              {t(isCurrent(till) ? 'price.upToDate' : 'price.behind')}
            </span>
          </>
        ),
    },
    {
      key: 'at',
      title: t('tills.lastSale'),
      from: 'md',
      value: ({ atMs }) => atMs,
      exported: ({ atMs, storeId }) => (atMs === null ? null : dateTime(atMs, stores.get(storeId)?.timeZone)),
      show: ({ atMs, storeId }) => (
        <span className="num">{atMs === null ? '—' : dateMinute(atMs, stores.get(storeId)?.timeZone)}</span>
      ),
    },
  ];
  return (
    <div className="split">
      <Card
        title={t('price.version')}
        extra={
          <ExportButton name="versions" rows={versions.data?.versions ?? []} columns={columns.slice(0, -1)} />
        }
        className="card-table"
      >
        <Problem error={error} />
        <Answered query={versions} rows={6}>
          {(list) => (
            <DataTable
              name="versions"
              rows={list.versions}
              columns={columns}
              rowKey={({ version }) => version}
            />
          )}
        </Answered>
      </Card>
      <Card
        title={t('price.rollout')}
        extra={<ExportButton name="rollout" rows={rollout.data?.tills ?? []} columns={tillColumns} />}
        className="card-table"
      >
        <Answered query={rollout} rows={6}>
          {(list) => (
            <DataTable name="rollout" rows={list.tills} columns={tillColumns} rowKey={({ code }) => code} />
          )}
        </Answered>
      </Card>
    </div>
  );
}
