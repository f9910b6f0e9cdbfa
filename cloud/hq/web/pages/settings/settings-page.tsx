/** Settings: who may use HQ, programs that may, what they hear of, own fields, thresholds, and what HQ does by itself. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Page } from '../../shell/page.tsx';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { FieldsTab } from './fields-tab.tsx';
import { JobsTab } from './jobs-tab.tsx';
import { ThresholdsTab } from './thresholds-tab.tsx';
import { TokensTab } from './tokens-tab.tsx';
import { UsersTab } from './users-tab.tsx';
import { WebhooksTab } from './webhooks-tab.tsx';

const TABS = ['users', 'tokens', 'webhooks', 'fields', 'thresholds', 'jobs'] as const;
type Tab = (typeof TABS)[number];

export function SettingsPage({ route }: { readonly route: Extract<Route, { page: 'settings' }> }) {
  const { t } = useTranslation();
  const tab = TABS.find((one) => one === route.tab) ?? 'users';
  return (
    <Page
      title={t('setting.title')}
      controls={
        <Segmented<Tab>
          value={tab}
          options={TABS.map((one) => ({
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
      {tab === 'jobs' && <JobsTab />}
    </Page>
  );
}
