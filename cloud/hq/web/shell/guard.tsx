/**
 * What somebody may not see or change, said in their words: a page that the role does not open, a store of somebody else, and
 * forms that may be read only.
 */
import { ConfigProvider } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { holds, type Right, useSession } from '../api/session.ts';
import { useLocale } from '../i18n/i18n.ts';
import { Icon } from '../parts/icons.tsx';
import { Notice } from '../parts/notice.tsx';
import { storeName, useStoreIndex } from '../parts/stores.ts';
import { useRoleName, useStoreNames } from './me.tsx';
import { Page } from './page.tsx';
import { askOf, foreignStore, mayOpen } from './reach.ts';
import { Link } from './router.tsx';
import type { Route } from './routes.ts';

/** The page, or why it is not shown. */
export function Guard({ route, children }: { readonly route: Route; readonly children: ReactNode }) {
  const session = useSession();
  const foreign = foreignStore(session, route);
  if (foreign !== null) return <OtherStore storeId={foreign} />;
  return mayOpen(session, route) ? children : <NoRight route={route} />;
}

function NoRight({ route }: { readonly route: Route }) {
  const { t } = useTranslation();
  const session = useSession();
  const roleName = useRoleName();
  const storeNames = useStoreNames();
  const ask = askOf(route);
  if (session === null || ask === null) return null;
  return (
    <Page title={t('access.noRight')}>
      <section className="card" data-testid="no-right">
        <Notice
          icon="blocked"
          title={t('access.noRight')}
          help={
            holds(session, ask.right)
              ? t('access.chainOnly', { stores: storeNames(session) })
              : t('access.noRightHelp', { role: roleName(session), right: ask.right })
          }
        >
          <Link to={{ page: 'today' }}>{t('empty.toToday')}</Link>
        </Notice>
      </section>
    </Page>
  );
}

function OtherStore({ storeId }: { readonly storeId: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const session = useSession();
  const stores = useStoreIndex();
  return (
    <Page title={t('access.otherStore')}>
      <section className="card" data-testid="other-store">
        <Notice
          icon="blocked"
          title={t('access.otherStore')}
          help={t('access.otherStoreHelp', { store: storeId })}
        >
          {(session?.stores ?? []).map((id) => (
            <Link key={id} to={{ page: 'store', storeId: id }} className="own-store">
              {storeName(stores.get(id), id, locale)}
            </Link>
          ))}
        </Notice>
      </section>
    </Page>
  );
}

export interface ChangeableProps {
  readonly right: Right;
  readonly reach?: 'rows' | 'chain';
  /** Not worth showing to who cannot use it. */
  readonly hidden?: boolean;
  readonly children: ReactNode;
}

/** A form for who may change what is in it; for all others it is there to be read. */
export function Changeable({ right, reach = 'chain', hidden = false, children }: ChangeableProps) {
  const { t } = useTranslation();
  const session = useSession();
  const roleName = useRoleName();
  if (holds(session, right, reach)) return children;
  if (hidden || session === null) return null;
  return (
    <>
      <p className="read-only muted" data-testid="read-only">
        <Icon name="blocked" /> {t('access.mayNot', { role: roleName(session) })}
      </p>
      <ConfigProvider componentDisabled>{children}</ConfigProvider>
    </>
  );
}
