/**
 * One page: its title and controls on top, at the right how fresh it all is, below what it has to say.
 */
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Live, useLive } from '../api/live.ts';
import { clockTime } from '../format/date.ts';
import { Icon } from '../parts/icons.tsx';
import { NARROW, useMedia } from '../parts/use-media.ts';
import { useOpenMenu } from './frame.tsx';
import { Link } from './router.tsx';
import type { Route } from './routes.ts';

export interface PageProps {
  readonly title: string;
  readonly back?: { readonly to: Route; readonly word: string };
  readonly controls?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, back, controls, children }: PageProps) {
  const { t } = useTranslation();
  const openMenu = useOpenMenu();
  // On a phone the controls scroll away; title and freshness stay.
  const narrow = useMedia(NARROW);
  const bar = controls !== undefined && controls !== false && <div className="top-controls">{controls}</div>;
  useEffect(() => {
    document.title = `${title} · Counterfoil`;
  }, [title]);
  return (
    <>
      <header className="top">
        <button type="button" className="menu-button" aria-label={t('nav.menu')} onClick={openMenu}>
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
        <Freshness />
        {!narrow && bar}
      </header>
      {narrow && bar}
      <main className="page-body">{children}</main>
    </>
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
