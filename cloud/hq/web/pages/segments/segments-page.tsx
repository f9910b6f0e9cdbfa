/**
 * Segments: the grid of the chain's members, how concentrated the trade is, how states flow, and rules that pick people.
 */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Answered } from '../../parts/answered.tsx';
import { NoStores } from '../../parts/notice.tsx';
import { useStores } from '../../parts/stores.ts';
import { Page } from '../../shell/page.tsx';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { BuildTab } from './build-tab.tsx';
import { FlowCard } from './flow-card.tsx';
import { GridCard } from './grid-card.tsx';
import { ParetoCard } from './pareto-card.tsx';
import { SavedTab } from './saved-tab.tsx';
import { ScatterCard } from './scatter-card.tsx';

export type SegmentsRoute = Extract<Route, { page: 'segments' }>;

const TABS = ['grid', 'concentration', 'flow', 'saved', 'build'] as const;
type Tab = (typeof TABS)[number];
/** Of whom has bought, in the currency of some store. */
const NEEDS_TRADE: ReadonlySet<Tab> = new Set(['grid', 'concentration', 'flow']);

export function SegmentsPage({ route }: { readonly route: SegmentsRoute }) {
  const { t } = useTranslation();
  const stores = useStores();
  const tab = TABS.find((one) => one === route.tab) ?? 'grid';
  return (
    <Page
      title={t('segment.title')}
      controls={
        <Segmented<Tab>
          value={tab}
          options={TABS.map((one) => ({
            value: one,
            label: <span data-testid={`tab-${one}`}>{t(`segment.${one}`)}</span>,
          }))}
          onChange={(next) => go({ page: 'segments', tab: next })}
        />
      }
    >
      {NEEDS_TRADE.has(tab) && (
        <Answered query={stores} rows={10} inCard>
          {(list) => (list.stores.length === 0 ? <NoStores /> : <Figures tab={tab} route={route} />)}
        </Answered>
      )}
      {tab === 'saved' && <SavedTab withId={route.with} />}
      {tab === 'build' && <BuildTab key={route.segmentId ?? 'new'} route={route} />}
    </Page>
  );
}

function Figures({ tab, route }: { readonly tab: Tab; readonly route: SegmentsRoute }) {
  if (tab === 'grid') return <GridCard />;
  if (tab === 'flow') return <FlowCard route={route} />;
  return (
    <div className="split">
      <ParetoCard />
      <ScatterCard />
    </div>
  );
}
