/**
 * The console: theme and language around it, the frame, and the page that the address names. Each page is a file of its own
 * that the browser asks for when it is first shown.
 */
import { App as Antd, ConfigProvider } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useLiveLine } from './api/live.ts';
import { SESSION } from './api/paths.ts';
import { type Session, signedInAs, useStanding } from './api/session.ts';
import { useQuery } from './api/use-query.ts';
import { accentOf, useBrand } from './brand.ts';
import { useLocale } from './i18n/i18n.ts';
import { PageWaiting } from './parts/answered.tsx';
import { ErrorNotice } from './parts/notice.tsx';
import { useMedia } from './parts/use-media.ts';
import { antdLocale } from './shell/antd-locale.ts';
import { Boundary } from './shell/boundary.tsx';
import { Frame } from './shell/frame.tsx';
import { Guard } from './shell/guard.tsx';
import { MissingPage } from './shell/missing-page.tsx';
import { useRoute } from './shell/router.tsx';
import { placeOf, type Route } from './shell/routes.ts';
import { FONTS, FONTS_SC, themeOf, useDark } from './theme.ts';

export function App() {
  const locale = useLocale();
  const dark = useDark();
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const route = useRoute();
  return (
    <ConfigProvider
      locale={antdLocale(locale)}
      theme={themeOf(dark, locale === 'zh-TW' ? FONTS : FONTS_SC, accentOf(useBrand(), dark), !still)}
      button={{ autoInsertSpace: false }}
    >
      <Antd component={false}>
        <Signed>
          <Frame route={route}>
            <Boundary key={placeOf(route)}>
              <Guard route={route}>
                <Suspense fallback={<PageWaiting />}>
                  <Page route={route} />
                </Suspense>
              </Guard>
            </Boundary>
          </Frame>
        </Signed>
      </Antd>
    </ConfigProvider>
  );
}

/** What is inside is for who is signed in. A session that is lost leaves it where it is. */
function Signed({ children }: { readonly children: ReactNode }) {
  const standing = useStanding();
  const { data, error, retry } = useQuery<Session>(SESSION);
  useEffect(() => {
    if (data !== null) signedInAs(data);
  }, [data]);
  useLiveLine(standing.kind === 'in');
  switch (standing.kind) {
    case 'out':
      return (
        <Suspense fallback={null}>
          <SignInPage />
        </Suspense>
      );
    case 'asking':
      return error === null ? (
        <PageWaiting />
      ) : (
        <div className="page-body">
          <section className="card">
            <ErrorNotice error={error} retry={retry} />
          </section>
        </div>
      );
    default:
      if (standing.session.passwordTemporary)
        return (
          <Suspense fallback={null}>
            <OwnPasswordPage />
          </Suspense>
        );
      return (
        <>
          {children}
          {standing.kind === 'lost' && (
            <Suspense fallback={null}>
              <SignInDialog login={standing.session.login} />
            </Suspense>
          )}
        </>
      );
  }
}

const SignInPage = lazy(() => import('./shell/sign-in.tsx').then((file) => ({ default: file.SignInPage })));
const SignInDialog = lazy(() =>
  import('./shell/sign-in.tsx').then((file) => ({ default: file.SignInDialog })),
);
const OwnPasswordPage = lazy(() =>
  import('./shell/own-password.tsx').then((file) => ({ default: file.OwnPasswordPage })),
);
const TodayPage = lazy(() =>
  import('./pages/today/today-page.tsx').then((file) => ({ default: file.TodayPage })),
);
const StorePage = lazy(() =>
  import('./pages/today/store-page.tsx').then((file) => ({ default: file.StorePage })),
);
const DaysPage = lazy(() =>
  import('./pages/days/days-page.tsx').then((file) => ({ default: file.DaysPage })),
);
const AnalysisPage = lazy(() =>
  import('./pages/analysis/analysis-page.tsx').then((file) => ({ default: file.AnalysisPage })),
);
const LoyaltyPage = lazy(() =>
  import('./pages/loyalty/loyalty-page.tsx').then((file) => ({ default: file.LoyaltyPage })),
);
const MembersPage = lazy(() =>
  import('./pages/members/members-page.tsx').then((file) => ({ default: file.MembersPage })),
);
const MemberPage = lazy(() =>
  import('./pages/members/member-page.tsx').then((file) => ({ default: file.MemberPage })),
);
const FleetPage = lazy(() =>
  import('./pages/fleet/fleet-page.tsx').then((file) => ({ default: file.FleetPage })),
);
const AccountPage = lazy(() =>
  import('./pages/account/account-page.tsx').then((file) => ({ default: file.AccountPage })),
);
const AuditPage = lazy(() =>
  import('./pages/audit/audit-page.tsx').then((file) => ({ default: file.AuditPage })),
);
const SettingsPage = lazy(() =>
  import('./pages/settings/settings-page.tsx').then((file) => ({ default: file.SettingsPage })),
);
const PricesPage = lazy(() =>
  import('./pages/prices/prices-page.tsx').then((file) => ({ default: file.PricesPage })),
);
const SegmentsPage = lazy(() =>
  import('./pages/segments/segments-page.tsx').then((file) => ({ default: file.SegmentsPage })),
);
const SalesPage = lazy(() =>
  import('./pages/sales/sales-page.tsx').then((file) => ({ default: file.SalesPage })),
);
const SalePage = lazy(() =>
  import('./pages/sale/sale-page.tsx').then((file) => ({ default: file.SalePage })),
);
const TillPage = lazy(() =>
  import('./pages/tills/till-page.tsx').then((file) => ({ default: file.TillPage })),
);
const TillsPage = lazy(() =>
  import('./pages/tills/tills-page.tsx').then((file) => ({ default: file.TillsPage })),
);

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'today':
      return <TodayPage route={route} />;
    case 'store':
      return <StorePage storeId={route.storeId} date={route.date} />;
    case 'days':
      return <DaysPage from={route.from} to={route.to} measure={route.measure} />;
    case 'analysis':
      return <AnalysisPage route={route} />;
    case 'sales':
      return <SalesPage route={route} />;
    case 'loyalty':
      return <LoyaltyPage route={route} />;
    case 'members':
      return <MembersPage route={route} />;
    case 'member':
      return <MemberPage memberId={route.id} />;
    case 'fleet':
      return <FleetPage route={route} />;
    case 'settings':
      return <SettingsPage route={route} />;
    case 'audit':
      return <AuditPage route={route} />;
    case 'account':
      return <AccountPage />;
    case 'prices':
      return <PricesPage route={route} />;
    case 'segments':
      return <SegmentsPage route={route} />;
    case 'sale':
      return <SalePage saleId={route.saleId} />;
    case 'till':
      return <TillPage tillId={route.id} />;
    case 'tills':
      return <TillsPage />;
    default:
      return <MissingPage />;
  }
}
