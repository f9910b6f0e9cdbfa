/**
 * Entry of HQ's console: words first, then the page.
 */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startBrand } from './brand.ts';
import { startI18n } from './i18n/i18n.ts';
import { applyLook } from './theme.ts';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/tables.css';
import './styles/stacked.css';
import './styles/headline.css';
import './styles/today.css';
import './styles/wall.css';
import './styles/days.css';
import './styles/sale.css';
import './styles/work.css';
import './styles/print.css';

applyLook();
startBrand();
startI18n();
createRoot(document.getElementById('root')!).render(<App />);
