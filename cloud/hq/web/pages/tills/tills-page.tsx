/**
 * Stores and tills: which are heard, and what each still holds.
 */
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../../schemas.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Notice } from '../../parts/notice.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { tillsAtWork } from '../../parts/till-state.tsx';
import { Page } from '../../shell/page.tsx';
import { Link } from '../../shell/router.tsx';
import { FleetTabs } from '../fleet/fleet-tabs.tsx';
import { useTills } from '../today/use-day.ts';
import { TillTable } from './till-table.tsx';
import { TillsExport } from './tills-export.tsx';

export function TillsPage() {
  const { t } = useTranslation();
  const tills = useTills();
  return (
    <Page
      title={t('place.tills')}
      controls={
        <>
          <FleetTabs tab="tills" />
          <TillsExport tills={tills.data?.tills ?? []} />
        </>
      }
    >
      <Answered query={tills} rows={8} inCard>
        {(list) => (list.tills.length === 0 ? <NoTills /> : <TillsByStore tills={list.tills} />)}
      </Answered>
    </Page>
  );
}

function TillsByStore({ tills }: { readonly tills: readonly TillRow[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  // Stores without a till are shown too: that is what is missing there. Unknown stores come last.
  const storeIds = [...new Set([...stores.keys(), ...tills.map((till) => till.storeId)])];
  return (
    <>
      {storeIds.map((storeId) => {
        const own = tills.filter((till) => till.storeId === storeId);
        const atWork = tillsAtWork(own);
        return (
          <Card
            key={storeId}
            className="card-table"
            title={
              <Link to={{ page: 'store', storeId }}>{storeName(stores.get(storeId), storeId, locale)}</Link>
            }
            extra={
              <span className="num">
                {t('tills.summary', {
                  online: atWork.filter((till) => till.online).length,
                  all: atWork.length,
                })}
              </span>
            }
          >
            {own.length === 0 ? (
              <p className="muted table-note">
                {t('tills.none')} · {t('tills.noneHelp')}
              </p>
            ) : (
              <TillTable tills={own} />
            )}
          </Card>
        );
      })}
      <p className="muted foot-note">{t('tills.offlineNote')}</p>
    </>
  );
}

function NoTills() {
  const { t } = useTranslation();
  return (
    <section className="card">
      <Notice icon="till" title={t('tills.none')} help={t('tills.noneHelp')} />
    </section>
  );
}
