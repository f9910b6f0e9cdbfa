/**
 * App: which of the till's screens is shown, and in which language.
 */
import { useEffect, useSyncExternalStore } from 'react';
import type { Bridge } from './bridge.ts';
import { loadFonts } from './fonts.ts';
import { speak } from './i18n/words.ts';
import { rememberLocale } from './locale.ts';
import { LinkBanner, Opening, WrongAddress } from './screens/link.tsx';
import { SellingScreen } from './screens/selling.tsx';

export function App({ bridge }: { readonly bridge: Bridge }) {
  const state = useSyncExternalStore(bridge.subscribe, bridge.state);
  const locale = state.view?.locale;
  useEffect(() => {
    if (locale === undefined) return;
    document.documentElement.lang = locale;
    rememberLocale(locale);
    void loadFonts(locale);
    speak(locale);
  }, [locale]);

  if (state.link === 'refused') return <WrongAddress />;
  if (state.view === null) return <Opening state={state} />;
  return (
    <>
      <SellingScreen view={state.view} bridge={bridge} linked={state.link === 'open'} />
      {state.link === 'open' ? null : <LinkBanner lostAtMs={state.lostAtMs} />}
    </>
  );
}
