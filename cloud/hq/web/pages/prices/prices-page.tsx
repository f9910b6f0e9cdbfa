/** Prices and promotions: rules with a test basket, items, the calendar, what meets, and which tills have it. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { ChangesCard } from '../../parts/changes-card.tsx';
import { Page } from '../../shell/page.tsx';
import { tabsFor } from '../../shell/reach.ts';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { CalendarTab } from './calendar-tab.tsx';
import { ConflictsTab } from './conflicts-tab.tsx';
import { ItemsTab } from './items-tab.tsx';
import { PromotionsTab } from './promotions-tab.tsx';
import { RolloutTab } from './rollout-tab.tsx';

export type PricesRoute = Extract<Route, { page: 'prices' }>;

const TABS = ['promotions', 'items', 'calendar', 'conflicts', 'rollout', 'history'] as const;
type Tab = (typeof TABS)[number];

export function PricesPage({ route }: { readonly route: PricesRoute }) {
  const { t } = useTranslation();
  const tabs = tabsFor(useSession(), 'prices', TABS);
  const tab = tabs.find((one) => one === route.tab) ?? 'promotions';
  return (
    <Page
      title={t('price.title')}
      controls={
        <Segmented<Tab>
          value={tab}
          options={tabs.map((one) => ({
            value: one,
            label: <span data-testid={`tab-${one}`}>{t(`price.${one}`)}</span>,
          }))}
          onChange={(next) => go({ page: 'prices', tab: next })}
        />
      }
    >
      {tab === 'promotions' && <PromotionsTab route={route} />}
      {tab === 'items' && <ItemsTab route={route} />}
      {tab === 'calendar' && <CalendarTab />}
      {tab === 'conflicts' && <ConflictsTab />}
      {tab === 'rollout' && <RolloutTab />}
      {tab === 'history' && <ChangesCard area="prices" />}
    </Page>
  );
}
