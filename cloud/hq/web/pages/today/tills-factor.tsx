/** Tills online, and what they say they have not yet sent. */
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../../schemas.ts';
import type { Store } from '../../api/types.ts';
import { tillsAtWork } from '../../parts/till-state.tsx';
import { Link } from '../../shell/router.tsx';
import { Factor } from './factor.tsx';
import { useTills } from './use-day.ts';

export function TillsFactor({ stores }: { readonly stores: readonly Store[] }) {
  const { t } = useTranslation();
  const { data } = useTills();
  const tills = tillsAtWork(data?.tills ?? []).filter((till) =>
    stores.some((store) => store.id === till.storeId),
  );
  const online = tills.filter((till) => till.online).length;
  return (
    <Link to={{ page: 'tills' }} className="factor-link">
      <Factor
        label={t('today.tillsOnline')}
        value={data === null ? null : `${online} / ${tills.length}`}
        note={data === null ? '' : <Unsent tills={tills} />}
      />
    </Link>
  );
}

function Unsent({ tills }: { readonly tills: readonly TillRow[] }) {
  const { t } = useTranslation();
  const said = tills.map((till) => till.unsent).filter((count) => count !== null);
  if (tills.length === 0) return null;
  if (said.length === 0) return <>{t('today.unsentUnknown')}</>;
  const unsent = said.reduce((sum, count) => sum + count, 0);
  if (unsent === 0) return <>{t('today.allSent')}</>;
  return <span className="warn-text">{t('today.unsent', { count: unsent })}</span>;
}
