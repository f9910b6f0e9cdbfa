/**
 * App: which of the till's screens is shown, and in which language.
 */
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bridge } from './bridge.ts';
import { loadFonts } from './fonts.ts';
import { rememberLocale } from './locale.ts';
import { LinkBanner, Opening, WrongAddress } from './screens/link.tsx';
import { SellingScreen } from './screens/selling.tsx';

export function App({ bridge }: { readonly bridge: Bridge }) {
  const state = useSyncExternalStore(bridge.subscribe, bridge.state);
  const locale = state.view?.locale;
  const { i18n } = useTranslation();
  useEffect(() => {
    if (locale === undefined) return;
    document.documentElement.lang = locale;
    rememberLocale(locale);
    void loadFonts(locale);
    void i18n.changeLanguage(locale);
  }, [locale, i18n]);

  if (state.link === 'refused') return <WrongAddress />;
  if (state.view === null) return <Opening state={state} />;
  return (
    <>
      <SellingScreen view={state.view} bridge={bridge} linked={state.link === 'open'} />
      {state.link === 'open' ? null : <LinkBanner lostAtMs={state.lostAtMs} />}
    </>
  );
}
