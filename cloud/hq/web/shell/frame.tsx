/**
 * The frame: navigation at the side, on a narrow screen behind a button, and the page beside it.
 */
import { Drawer } from 'antd';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOCALES } from '../../../../src/core/item.ts';
import { chooseLocale, LOCALE_NAMES, useLocale } from '../i18n/i18n.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import { Link } from './router.tsx';
import type { Route } from './routes.ts';

const OpenMenu = createContext<() => void>(() => {});

/** Opens the navigation on a narrow screen. */
export function useOpenMenu(): () => void {
  return useContext(OpenMenu);
}

export function Frame({ route, children }: { readonly route: Route; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className="frame">
      <aside className="side">
        <Brand />
        <Navigation route={route} />
        <Languages />
      </aside>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="left"
        size={264}
        title={<Brand />}
        aria-label={t('nav.menu')}
        className="side-drawer"
      >
        <Navigation route={route} onChosen={() => setOpen(false)} />
        <Languages />
      </Drawer>
      <OpenMenu.Provider value={() => setOpen(true)}>
        <div className="stage">{children}</div>
      </OpenMenu.Provider>
    </div>
  );
}

function Brand() {
  return (
    <Link to={{ page: 'today' }} className="brand">
      Counterfoil
    </Link>
  );
}

interface Place {
  readonly to: Route;
  readonly word: 'today' | 'days' | 'sales' | 'tills';
  readonly icon: IconName;
  /** Pages that stand under this one. */
  readonly pages: readonly Route['page'][];
}

const PLACES: readonly Place[] = [
  { to: { page: 'today' }, word: 'today', icon: 'today', pages: ['today', 'store'] },
  { to: { page: 'days' }, word: 'days', icon: 'days', pages: ['days'] },
  { to: { page: 'sales' }, word: 'sales', icon: 'receipt', pages: ['sales', 'sale'] },
  { to: { page: 'tills' }, word: 'tills', icon: 'till', pages: ['tills'] },
];

function Navigation({ route, onChosen }: { readonly route: Route; readonly onChosen?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav className="nav" aria-label={t('nav.menu')}>
      {PLACES.map(({ to, word, icon, pages }) => (
        <Link
          key={word}
          to={to}
          className="nav-item"
          aria-current={pages.includes(route.page) ? 'page' : undefined}
          onClick={() => onChosen?.()}
        >
          <Icon name={icon} />
          {t(`nav.${word}`)}
        </Link>
      ))}
    </nav>
  );
}

function Languages() {
  const { t } = useTranslation();
  const chosen = useLocale();
  return (
    <fieldset className="languages" aria-label={t('nav.language')}>
      {LOCALES.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-pressed={locale === chosen}
          data-testid={`lang-${locale}`}
          onClick={() => chooseLocale(locale)}
        >
          {LOCALE_NAMES[locale]}
        </button>
      ))}
    </fieldset>
  );
}
