/** Who is signed in, at the foot of the navigation: leads to the own account. */
import { useTranslation } from 'react-i18next';
import { type Session, useSession } from '../api/session.ts';
import { useLocale } from '../i18n/i18n.ts';
import { Icon } from '../parts/icons.tsx';
import { storeName, useStoreIndex } from '../parts/stores.ts';
import { Link } from './router.tsx';

export function Me({ onChosen }: { readonly onChosen?: () => void }) {
  const session = useSession();
  const roleName = useRoleName();
  if (session === null) return null;
  return (
    <Link to={{ page: 'account' }} className="me" data-testid="me" onClick={() => onChosen?.()}>
      <Icon name="member" />
      <span>
        <b>{session.kind === 'owner' ? roleName(session) : session.name}</b>
        {session.kind !== 'owner' && <span className="muted">{roleName(session)}</span>}
      </span>
    </Link>
  );
}

/** The role in words; of who is for some stores with their names. */
export function useRoleName(): (session: Session) => string {
  const { t } = useTranslation();
  const storeNames = useStoreNames();
  return (session) => {
    if (session.kind === 'owner') return t('access.owner');
    const role = session.role === null ? t('access.program') : t(`setting.${session.role}`);
    return session.stores === null ? role : `${role} · ${storeNames(session)}`;
  };
}

export function useStoreNames(): (session: Session) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  return ({ stores: own }) =>
    own === null ? t('setting.allStores') : own.map((id) => storeName(stores.get(id), id, locale)).join(', ');
}
