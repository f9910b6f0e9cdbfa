/**
 * A place without figures says why, and what to do: errors with a retry, empty places that teach.
 */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/client.ts';
import { Icon, type IconName } from './icons.tsx';

export interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly help?: string;
  readonly children?: ReactNode;
}

export function Notice({ icon, title, help, children }: NoticeProps) {
  return (
    <div className="notice">
      <Icon name={icon} />
      <p className="notice-title">{title}</p>
      {help !== undefined && <p className="muted">{help}</p>}
      {children !== undefined && <div className="notice-action">{children}</div>}
    </div>
  );
}

export function ErrorNotice({ error, retry }: { readonly error: ApiError; readonly retry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert" data-testid="error-notice" data-kind={error.kind}>
      <Notice
        icon={error.kind === 'not_found' ? 'search' : 'warn'}
        title={t(`state.${error.kind}`)}
        help={t(`state.${error.kind}Help`)}
      >
        <Button onClick={retry}>{t('state.retry')}</Button>
      </Notice>
    </div>
  );
}

/** An HQ that has no stores has nothing to show but how to get some. */
export function NoStores() {
  const { t } = useTranslation();
  return (
    <section className="card">
      <Notice icon="box" title={t('empty.noStores')} help={t('empty.noStoresHelp')} />
    </section>
  );
}

/** No sale yet, today or ever: says where the till is, because that is where the first one is made. */
export function FirstSaleNotice({ today = false }: { readonly today?: boolean }) {
  const { t } = useTranslation();
  const address = tillAddress(window.location);
  return (
    <Notice
      icon="receipt"
      title={t(today ? 'empty.noSalesToday' : 'empty.noSales')}
      help={t('empty.noSalesHelp')}
    >
      <a href={address} target="_blank" rel="noreferrer">
        {address}
      </a>
    </Notice>
  );
}

/** `npm start` puts the first till ten ports above the cloud. */
export function tillAddress(here: Pick<Location, 'protocol' | 'hostname' | 'port'>): string {
  const port = Number(here.port || 4600) + 10;
  return `${here.protocol}//${here.hostname}:${port}`;
}
