/** Loyalty: what is out, the points programme, tiers, coupons, benefits and draws, stored value. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { ChangesCard } from '../../parts/changes-card.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { Page } from '../../shell/page.tsx';
import { tabsFor } from '../../shell/reach.ts';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { BenefitsTab } from './benefits-tab.tsx';
import { CouponsTab } from './coupons-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { ProgrammeTab } from './programme-tab.tsx';
import { TiersTab } from './tiers-tab.tsx';
import { ValueTab } from './value-tab.tsx';

export type LoyaltyRoute = Extract<Route, { page: 'loyalty' }>;

const TABS = ['overview', 'programme', 'tiers', 'coupons', 'benefits', 'value', 'history'] as const;
type Tab = (typeof TABS)[number];

export function LoyaltyPage({ route }: { readonly route: LoyaltyRoute }) {
  const { t } = useTranslation();
  const tabs = tabsFor(useSession(), 'loyalty', TABS);
  const tab = tabs.find((one) => one === route.tab) ?? tabs[0];
  return (
    <Page
      title={t('loyalty.title')}
      controls={
        <Segmented<Tab>
          {...(tab === undefined ? {} : { value: tab })}
          options={tabs.map((one) => ({
            value: one,
            label: <span data-testid={`tab-${one}`}>{t(`loyalty.${one}`)}</span>,
          }))}
          onChange={(next) => go({ page: 'loyalty', tab: next })}
        />
      }
    >
      {tab === 'overview' && <OverviewTab />}
      {tab === 'programme' && (
        <Changeable right="programme.write">
          <ProgrammeTab />
        </Changeable>
      )}
      {tab === 'tiers' && (
        <Changeable right="programme.write">
          <TiersTab />
        </Changeable>
      )}
      {tab === 'coupons' && <CouponsTab />}
      {tab === 'benefits' && <BenefitsTab />}
      {tab === 'value' && <ValueTab />}
      {tab === 'history' && <ChangesCard area="loyalty" />}
    </Page>
  );
}
