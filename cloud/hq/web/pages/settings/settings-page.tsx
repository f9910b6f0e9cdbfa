/** Settings: who may use HQ, programs that may, what they hear of, own fields, thresholds, and what HQ does by itself. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { Page } from '../../shell/page.tsx';
import { SETTING_TABS } from '../../shell/places.ts';
import { tabsFor } from '../../shell/reach.ts';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { BrandingTab } from './branding-tab.tsx';
import { FieldsTab } from './fields-tab.tsx';
import { JobsTab } from './jobs-tab.tsx';
import { PrivacyTab } from './privacy-tab.tsx';
import { ThresholdsTab } from './thresholds-tab.tsx';
import { TokensTab } from './tokens-tab.tsx';
import { UsersTab } from './users-tab.tsx';
import { WebhooksTab } from './webhooks-tab.tsx';

type Tab = (typeof SETTING_TABS)[number];

export function SettingsPage({ route }: { readonly route: Extract<Route, { page: 'settings' }> }) {
  const { t } = useTranslation();
  const tabs = tabsFor(useSession(), 'settings', SETTING_TABS);
  const tab = tabs.find((one) => one === route.tab) ?? tabs[0];
  return (
    <Page
      title={t('setting.title')}
      controls={
        <Segmented<Tab>
          {...(tab === undefined ? {} : { value: tab })}
          options={tabs.map((one) => ({
            value: one,
            label: <span data-testid={`tab-${one}`}>{t(`setting.${one}`)}</span>,
          }))}
          onChange={(next) => go({ page: 'settings', tab: next })}
        />
      }
    >
      {tab === 'users' && <UsersTab />}
      {tab === 'tokens' && <TokensTab />}
      {tab === 'webhooks' && <WebhooksTab />}
      {tab === 'fields' && <FieldsTab />}
      {tab === 'thresholds' && <ThresholdsTab />}
      {tab === 'privacy' && <PrivacyTab />}
      {tab === 'branding' && <BrandingTab />}
      {tab === 'jobs' && <JobsTab />}
    </Page>
  );
}
