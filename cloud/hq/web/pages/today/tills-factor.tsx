/** Tills online, and what they say they have not yet sent. */
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../../schemas.ts';
import type { Store } from '../../api/types.ts';
import { countHearing, type HearingCount } from '../../figures/pace.ts';
import { Icon } from '../../parts/icons.tsx';
import { tillsAtWork } from '../../parts/till-state.tsx';
import { useNow } from '../../parts/use-now.ts';
import { Link } from '../../shell/router.tsx';
import { Factor } from './factor.tsx';
import { useTills } from './use-day.ts';

export function TillsFactor({ stores }: { readonly stores: readonly Store[] }) {
  const { t } = useTranslation();
  const { data } = useTills();
  const tills = tillsAtWork(data?.tills ?? []).filter((till) =>
    stores.some((store) => store.id === till.storeId),
  );
  const heard = countHearing(tills, useNow());
  return (
    <Link to={{ page: 'tills' }} className="factor-link">
      <Factor
        label={t('today.tillsOnline')}
        testid="today-tills"
        value={data === null ? null : `${heard.online} / ${tills.length}`}
        note={data === null ? '' : <Heard tills={tills} heard={heard} />}
      />
    </Link>
  );
}

/** Tills that are late or silent are named before what they still have to send. */
function Heard({ tills, heard }: { readonly tills: readonly TillRow[]; readonly heard: HearingCount }) {
  const { t } = useTranslation();
  return (
    <>
      {heard.late > 0 && (
        <span className="warn-text factor-part" data-testid="tills-late">
          <Icon name="wait" /> {t('wall.late', { count: heard.late })}
        </span>
      )}
      {heard.silent > 0 && (
        <span className="warn-text factor-part" data-testid="tills-silent">
          <Icon name="offline" /> {t('wall.quiet', { count: heard.silent })}
        </span>
      )}
      <Unsent tills={tills} />
    </>
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
