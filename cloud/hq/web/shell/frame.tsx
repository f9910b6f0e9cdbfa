/**
 * The frame: navigation at the side, on a narrow screen behind a button, and the page beside it.
 */
import { Drawer } from 'antd';
import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { useBrand } from '../brand.ts';
import { BrandMark } from '../parts/brand-mark.tsx';
import { Icon } from '../parts/icons.tsx';
import { Languages, Looks } from './looks.tsx';
import { Me } from './me.tsx';
import { PLACES, type Place } from './places.ts';
import { firstAllowed } from './reach.ts';
import { Link } from './router.tsx';
import type { Route } from './routes.ts';

// Asked for when it is first opened: a visitor who reads one figure needs no palette.
const Palette = lazy(() => import('./palette.tsx').then(({ Palette: default_ }) => ({ default: default_ })));

interface Openers {
  readonly menu: () => void;
  readonly palette: () => void;
}

const Open = createContext<Openers>({ menu: () => {}, palette: () => {} });

/** Opens the navigation on a narrow screen, or the command palette. */
export function useOpeners(): Openers {
  return useContext(Open);
}

export function Frame({ route, children }: { readonly route: Route; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setPalette((open) => !open);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="frame">
      <aside className="side">
        <Brand />
        <Navigation route={route} />
        <Me />
        <Looks />
        <Languages />
      </aside>
      <Drawer
        open={menu}
        onClose={() => setMenu(false)}
        placement="left"
        size={264}
        title={<Brand />}
        aria-label={t('nav.menu')}
        className="side-drawer"
      >
        <Navigation route={route} onChosen={() => setMenu(false)} />
        <Me onChosen={() => setMenu(false)} />
        <Looks />
        <Languages />
      </Drawer>
      <Open.Provider value={{ menu: () => setMenu(true), palette: () => setPalette(true) }}>
        <div className="stage">{children}</div>
      </Open.Provider>
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Brand() {
  const brand = useBrand();
  return (
    <Link to={{ page: 'today' }} className="brand">
      <BrandMark brand={brand} />
    </Link>
  );
}

function Navigation({ route, onChosen }: { readonly route: Route; readonly onChosen?: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const item = (place: Place) => {
    const { word, icon, pages } = place;
    const to = firstAllowed(place, session);
    if (to === null) return null;
    return (
      <Link
        key={word}
        to={to}
        className="nav-item"
        aria-current={pages.includes(route.page) ? 'page' : undefined}
        data-testid={`nav-${word}`}
        onClick={() => onChosen?.()}
      >
        <Icon name={icon} />
        {t(`place.${word}`)}
      </Link>
    );
  };
  return (
    <nav className="nav" aria-label={t('nav.menu')}>
      {PLACES.filter(({ group }) => group === 'shop').map(item)}
      <p className="nav-group">{t('place.operations')}</p>
      {PLACES.filter(({ group }) => group === 'operations').map(item)}
    </nav>
  );
}
