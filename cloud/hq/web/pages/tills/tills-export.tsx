/** Tills as the rows of a file: all that is known of each, also what their table leaves out. */
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../../schemas.ts';
import { dateTime } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { type Column, ExportButton } from '../../parts/data-table.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { standingOf } from '../../parts/till-state.tsx';

export function TillsExport({ tills }: { readonly tills: readonly TillRow[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const time = (atMs: number | null, storeId: string) =>
    atMs === null ? null : dateTime(atMs, stores.get(storeId)?.timeZone);
  const columns: Column<TillRow>[] = [
    {
      key: 'store',
      title: t('fleet.store'),
      value: ({ storeId }) => storeName(stores.get(storeId), storeId, locale),
    },
    { key: 'till', title: t('tills.till'), value: ({ code }) => code },
    { key: 'state', title: t('tills.state'), value: (till) => t(`tills.${standingOf(till)}`) },
    {
      key: 'seen',
      title: t('tills.lastSeen'),
      value: ({ lastSeenAtMs, storeId }) => time(lastSeenAtMs, storeId),
    },
    { key: 'unsent', title: t('tills.unsent'), value: ({ unsent }) => unsent },
    { key: 'aside', title: t('tills.quarantined'), value: ({ quarantined }) => quarantined },
    {
      key: 'sale',
      title: t('tills.lastSale'),
      value: ({ lastSaleAtMs, storeId }) => time(lastSaleAtMs, storeId),
    },
    { key: 'ready', title: t('fleet.readiness'), value: ({ readiness }) => readiness?.score ?? null },
    { key: 'head', title: t('tills.headSeq'), value: ({ headSeq }) => headSeq },
    { key: 'hash', title: t('fleet.headHash'), value: ({ headHash }) => headHash },
    { key: 'version', title: t('tills.version'), value: ({ version }) => version },
  ];
  return <ExportButton name="tills" rows={tills} columns={columns} />;
}
