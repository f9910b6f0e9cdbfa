/**
 * The console: theme and language around it, the frame, and the page that the address names.
 */
import { ConfigProvider } from 'antd';
import { useLiveLine } from './api/live.ts';
import { useTokenWanted } from './api/token.ts';
import { useLocale } from './i18n/i18n.ts';
import { DaysPage } from './pages/days/days-page.tsx';
import { SalePage } from './pages/sale/sale-page.tsx';
import { SalesPage } from './pages/sales/sales-page.tsx';
import { TillsPage } from './pages/tills/tills-page.tsx';
import { StorePage } from './pages/today/store-page.tsx';
import { TodayPage } from './pages/today/today-page.tsx';
import { antdLocale } from './shell/antd-locale.ts';
import { Boundary } from './shell/boundary.tsx';
import { Frame } from './shell/frame.tsx';
import { MissingPage } from './shell/missing-page.tsx';
import { useRoute } from './shell/router.tsx';
import { placeOf, type Route } from './shell/routes.ts';
import { TokenPage } from './shell/token-page.tsx';
import { FONTS, FONTS_SC, themeOf, useDark } from './theme.ts';

export function App() {
  const locale = useLocale();
  const dark = useDark();
  const tokenWanted = useTokenWanted();
  const route = useRoute();
  useLiveLine(!tokenWanted);
  return (
    <ConfigProvider
      locale={antdLocale(locale)}
      theme={themeOf(dark, locale === 'zh-TW' ? FONTS : FONTS_SC)}
      button={{ autoInsertSpace: false }}
    >
      {tokenWanted ? (
        <TokenPage />
      ) : (
        <Frame route={route}>
          <Boundary key={placeOf(route)}>
            <Page route={route} />
          </Boundary>
        </Frame>
      )}
    </ConfigProvider>
  );
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'today':
      return <TodayPage date={route.date} />;
    case 'store':
      return <StorePage storeId={route.storeId} date={route.date} />;
    case 'days':
      return <DaysPage from={route.from} to={route.to} measure={route.measure} />;
    case 'sales':
      return (
        <SalesPage storeId={route.storeId} businessDate={route.businessDate} receiptNo={route.receiptNo} />
      );
    case 'sale':
      return <SalePage saleId={route.saleId} />;
    case 'tills':
      return <TillsPage />;
    case 'missing':
      return <MissingPage />;
  }
}
