/** Stores and tills: closed shifts and their cash, cashiers who stand out, alerts, entries set aside, new tills. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../shell/page.tsx';
import type { Route } from '../../shell/routes.ts';
import { AlertsTab } from './alerts-tab.tsx';
import { EnrolCard } from './enrol-card.tsx';
import { FleetTabs } from './fleet-tabs.tsx';
import { FraudTab } from './fraud-tab.tsx';
import { AsideCard } from './poison-tab.tsx';
import { ShiftsTab } from './shifts-tab.tsx';
import { StoreSettingsTab } from './store-settings-tab.tsx';

export type FleetRoute = Extract<Route, { page: 'fleet' }>;

export function FleetPage({ route }: { readonly route: FleetRoute }) {
  const { t } = useTranslation();
  const tab = route.tab ?? 'shifts';
  return (
    <Page title={t('place.tills')} controls={<FleetTabs tab={tab} />}>
      {tab === 'shifts' && <ShiftsTab storeId={route.storeId} />}
      {tab === 'fraud' && <FraudTab storeId={route.storeId} />}
      {tab === 'alerts' && <AlertsTab />}
      {tab === 'poison' && <AsideCard />}
      {tab === 'remote' && <StoreSettingsTab storeId={route.storeId} />}
      {tab === 'addTill' && <EnrolCard />}
    </Page>
  );
}
