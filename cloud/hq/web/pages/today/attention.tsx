/**
 * What needs a hand: tills that are not heard, entries set aside; each with what is not affected, and where to look.
 */

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../../schemas.ts';
import { useMay } from '../../api/session.ts';
import type { Store } from '../../api/types.ts';
import { useQueries } from '../../api/use-query.ts';
import { spanText } from '../../i18n/ago.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { useAlertWords } from '../../parts/alert-words.ts';
import { Card } from '../../parts/card.tsx';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { storeName } from '../../parts/stores.ts';
import { tillsAtWork } from '../../parts/till-state.tsx';
import { useNow } from '../../parts/use-now.ts';
import { Link } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { TILL_ALERTS, type TillAlert } from '../fleet/till-alert.ts';
import { useTills } from './use-day.ts';

const SHOWN = 4;

interface Matter {
  readonly key: string;
  readonly icon: IconName;
  readonly title: string;
  readonly help: string;
  /** Where something can be done about it. */
  readonly to: Route;
}

/** Shown only when there is something to do. */
export function AttentionCard({ stores }: { readonly stores: readonly Store[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const { data } = useTills();
  const words = useAlertWords();
  const may = useMay();
  const alerts = useQueries<{ alerts: TillAlert[] }>(may('tills.read') ? [TILL_ALERTS] : [])[0]?.data?.alerts;
  const alerted = (alerts ?? [])
    .filter(({ kind, storeId }) => kind !== 'poison' && stores.some(({ id }) => id === storeId))
    .map(({ alertId, kind, storeId, tillCode, tillId }): Matter => {
      const store = storeName(
        stores.find(({ id }) => id === storeId),
        storeId ?? '',
        locale,
      );
      const { what, next } = words(kind);
      return {
        key: `alert ${alertId}`,
        icon: 'warn',
        title: t('today.alerted', { store, till: tillCode ?? '', what }),
        help: next,
        to: tillId === null ? { page: 'fleet', tab: 'alerts' } : { page: 'till', id: tillId },
      };
    });
  const silent = tillsAtWork(data?.tills ?? []).flatMap((till) => {
    const store = stores.find((one) => one.id === till.storeId);
    if (store === undefined) return [];
    return mattersOf(till, storeName(store, store.id, locale), now, t);
  });
  // What somebody did to a till comes before a line that is down.
  const matters = [...alerted, ...silent];
  if (matters.length === 0) return null;
  const more = matters.length - SHOWN;
  return (
    <Card
      title={t('today.attention')}
      extra={<span className="num">{matters.length}</span>}
      className="attention-card"
    >
      <ul className="matters">
        {matters.slice(0, SHOWN).map(({ key, icon, title, help, to }) => (
          <li key={key}>
            <Icon name={icon} />
            <span>
              <span className="matter-title">{title}</span>
              <span className="muted">{help}</span>
            </span>
            <Link to={to}>{t('today.look')}</Link>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <Link to={{ page: 'tills' }} className="matters-more">
          {t('today.moreAttention', { count: more })}
        </Link>
      )}
    </Card>
  );
}

function mattersOf(till: TillRow, store: string, nowMs: number, t: TFunction): Matter[] {
  const matters: Matter[] = [];
  if (till.quarantined > 0) {
    matters.push({
      key: `${till.id} quarantined`,
      icon: 'warn',
      title: t('today.quarantined', { store, till: till.code, count: till.quarantined }),
      help: t('today.quarantinedHelp'),
      to: { page: 'till', id: till.id },
    });
  }
  if (!till.online) {
    matters.push({
      key: `${till.id} offline`,
      icon: 'offline',
      title:
        till.lastSeenAtMs === null
          ? t('today.neverSeen', { store, till: till.code })
          : t('today.offlineFor', { store, till: till.code, ago: spanText(nowMs - till.lastSeenAtMs, t) }),
      help: till.unsent ? t('today.offlineUnsentHelp', { count: till.unsent }) : t('today.offlineHelp'),
      to: { page: 'till', id: till.id },
    });
  }
  return matters;
}
