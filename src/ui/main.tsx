/**
 * The till's page: fonts, words, the bridge to the till, then the screens.
 */
import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/700.css';
import '@fontsource/noto-sans-tc/400.css';
import '@fontsource/noto-sans-tc/700.css';
import './style/base.css';
import './style/frame.css';
import './style/selling.css';
import './style/dialogs.css';
import './style/dock.css';
import './style/shift.css';
import './style/pay.css';
import './style/people.css';
import './style/offers.css';
import './style/returns.css';
import './style/member.css';
import './style/store.css';
import './style/devices.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { bridgeTo, takeToken } from './bridge.ts';
import { speak } from './i18n/words.ts';
import { rememberedLocale } from './locale.ts';
import { Boundary } from './screens/boundary.tsx';
import { WrongAddress } from './screens/link.tsx';

const locale = rememberedLocale();
document.documentElement.lang = locale;
speak(locale);
const token = takeToken(window);
const bridge = token === null ? null : bridgeTo(window.location.host, token);
bridge?.start();
// The right address pasted into an open page changes only the fragment.
window.addEventListener('hashchange', () => window.location.reload());

createRoot(document.getElementById('root')!).render(
  <Boundary>{bridge === null ? <WrongAddress /> : <App bridge={bridge} />}</Boundary>,
);
