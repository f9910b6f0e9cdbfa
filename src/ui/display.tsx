/**
 * The customer's page: what is being bought and what it costs, on the screen that faces the customer.
 *
 * It only listens. After a break it comes back by itself, and shows nothing of the last customer meanwhile.
 */
import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/700.css';
import '@fontsource/noto-sans-tc/400.css';
import '@fontsource/noto-sans-tc/700.css';
import './style/base.css';
import './style/display.css';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { CustomerView } from '../till/api-customer.ts';
import { takeToken } from './bridge.ts';
import { CustomerScreen } from './screens/customer-screen.tsx';

const TOKEN_KEY = 'counterfoil-customer-token';
const RETRY_MS = 1_500;

const token = takeToken(window, TOKEN_KEY);
window.addEventListener('hashchange', () => window.location.reload());

function Page() {
  const view = useCustomerView();
  useEffect(() => {
    if (view !== null) document.documentElement.lang = view.locale;
  }, [view]);
  return <CustomerScreen view={view} />;
}

function useCustomerView(): CustomerView | null {
  const [view, setView] = useState<CustomerView | null>(null);
  useEffect(() => {
    let open = true;
    let socket: WebSocket | null = null;
    const connect = () => {
      if (!open || token === null) return;
      socket = new WebSocket(`ws://${window.location.host}/customer`, [
        'counterfoil-customer-1',
        `token-${token}`,
      ]);
      socket.onmessage = (event) => setView((JSON.parse(String(event.data)) as { view: CustomerView }).view);
      socket.onclose = () => {
        setView(null);
        setTimeout(connect, RETRY_MS);
      };
    };
    connect();
    return () => {
      open = false;
      socket?.close();
    };
  }, []);
  return view;
}

createRoot(document.getElementById('root')!).render(<Page />);
