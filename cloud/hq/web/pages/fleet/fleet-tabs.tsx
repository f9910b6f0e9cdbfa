/** The tabs of the place: the list of tills is a page of its own with an address that people know. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { tabsFor } from '../../shell/reach.ts';
import { go } from '../../shell/router.tsx';

export const FLEET_TABS = ['tills', 'shifts', 'fraud', 'alerts', 'poison', 'remote', 'addTill'] as const;
type Tab = (typeof FLEET_TABS)[number];

export function FleetTabs({ tab }: { readonly tab: string }) {
  const { t } = useTranslation();
  const tabs = tabsFor(useSession(), 'fleet', FLEET_TABS);
  return (
    <Segmented<Tab>
      value={tabs.find((one) => one === tab) ?? 'tills'}
      options={tabs.map((one) => ({
        value: one,
        label: <span data-testid={`tab-${one}`}>{t(`fleet.${one}`)}</span>,
      }))}
      onChange={(next) => go(next === 'tills' ? { page: 'tills' } : { page: 'fleet', tab: next })}
    />
  );
}
