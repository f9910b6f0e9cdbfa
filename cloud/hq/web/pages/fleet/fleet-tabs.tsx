/** The tabs of the place: the list of tills is a page of its own with an address that people know. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { go } from '../../shell/router.tsx';

const TABS = ['tills', 'shifts', 'fraud', 'alerts', 'poison', 'addTill'] as const;
type Tab = (typeof TABS)[number];

export function FleetTabs({ tab }: { readonly tab: string }) {
  const { t } = useTranslation();
  return (
    <Segmented<Tab>
      value={TABS.find((one) => one === tab) ?? 'tills'}
      options={TABS.map((one) => ({
        value: one,
        label: <span data-testid={`tab-${one}`}>{t(`fleet.${one}`)}</span>,
      }))}
      onChange={(next) => go(next === 'tills' ? { page: 'tills' } : { page: 'fleet', tab: next })}
    />
  );
}
