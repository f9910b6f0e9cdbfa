/**
 * One page: its title and controls on top, at the right search, views and how fresh it all is, below what it has to say.
 */
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Live, useLive } from '../api/live.ts';
import { useBrand } from '../brand.ts';
import { clockTime, dateTime } from '../format/date.ts';
import { Icon } from '../parts/icons.tsx';
import { NARROW, useMedia, usePrinting } from '../parts/use-media.ts';
import { useOpeners } from './frame.tsx';
import type { Tab } from './places.ts';
import { Link, useRoute } from './router.tsx';
import type { Route } from './routes.ts';
import { ViewsMenu } from './views-menu.tsx';

export interface PageProps {
  readonly title: string;
  readonly back?: { readonly to: Route; readonly word: string };
  readonly controls?: ReactNode;
  readonly tabs?: readonly Tab[];
  readonly children: ReactNode;
}

export function Page({ title, back, controls, tabs, children }: PageProps) {
  const { t } = useTranslation();
  const open = useOpeners();
  // On a phone the controls scroll away; title and freshness stay.
  const narrow = useMedia(NARROW);
  const bar = controls !== undefined && controls !== false && <div className="top-controls">{controls}</div>;
  useEffect(() => {
    document.title = `${title} · Counterfoil`;
  }, [title]);
  useShownTab(narrow);
  return (
    <>
      <header className="top">
        <button type="button" className="menu-button" aria-label={t('nav.menu')} onClick={open.menu}>
          <Icon name="menu" />
        </button>
        <h1 className="top-title">
          {back !== undefined && (
            <Link to={back.to} className="top-back" aria-label={back.word}>
              <Icon name="back" />
              <span>{back.word}</span>
            </Link>
          )}
          <span>{title}</span>
        </h1>
        <div className="top-tools">
          <button type="button" className="search-button" onClick={open.palette} data-testid="open-palette">
            <Icon name="search" />
            <span className="search-words">{t('shell.searchShort')}</span>
            <kbd>Ctrl K</kbd>
          </button>
          <ViewsMenu title={title} />
          <Freshness />
        </div>
        {!narrow && tabs === undefined && bar}
      </header>
      {narrow && tabs === undefined && bar}
      {tabs !== undefined && <Tabs tabs={tabs} />}
      {tabs !== undefined && bar}
      <PrintLine />
      <main className="page-body">{children}</main>
    </>
  );
}

/** On a phone tabs reach beyond the window: the one that is open is moved into it. */
function useShownTab(narrow: boolean): void {
  const route = useRoute();
  const tab = 'tab' in route ? route.tab : route.page;
  useEffect(() => {
    if (!narrow || tab === undefined) return;
    for (const bar of document.querySelectorAll<HTMLElement>('.top-controls .ant-segmented, .tabs')) {
      const open = bar.querySelector<HTMLElement>('.ant-segmented-item-selected, [aria-current]');
      if (open !== null) bar.scrollLeft = open.offsetLeft - (bar.clientWidth - open.offsetWidth) / 2;
    }
  }, [narrow, tab]);
}

function Tabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const { t } = useTranslation();
  const here = useRoute();
  return (
    <nav className="tabs" aria-label={t('shell.pages')}>
      {tabs.map(({ to, word }) => (
        <Link key={word} to={to} className="tab" aria-current={here.page === to.page ? 'page' : undefined}>
          {t(`place.${word}`)}
        </Link>
      ))}
    </nav>
  );
}

/** On paper alone: whose figures these are, as of when, and where they were taken from. */
function PrintLine() {
  const { t } = useTranslation();
  const printing = usePrinting();
  const asOfMs = useLive('asOfMs');
  const brand = useBrand();
  const { name } = brand;
  useRoute();
  if (!printing) return null;
  return (
    <p className="print-line num" data-testid="print-line">
      {name} · {asOfMs === null ? '' : t('live.asOf', { time: dateTime(asOfMs, undefined) })} ·{' '}
      {location.host}
      {decodeURI(location.pathname + location.search)}
    </p>
  );
}

function Freshness() {
  const { t } = useTranslation();
  const state = useLive('state');
  const asOfMs = useLive('asOfMs');
  return (
    <div className="freshness">
      <span className={`live live-${state}`} data-testid="live-state" data-state={state} role="status">
        <Icon name={LIVE_ICONS[state]} />
        {t(`live.${state}`)}
      </span>
      <span className="as-of num" data-testid="as-of">
        {t('live.asOf', { time: asOfMs === null ? '--:--:--' : clockTime(asOfMs, undefined, true) })}
      </span>
    </div>
  );
}

const LIVE_ICONS = {
  connecting: 'wait',
  live: 'live',
  reconnecting: 'wait',
} as const satisfies Record<Live['state'], string>;
