/**
 * The state of a till: one sign and one word, never a colour alone.
 */
import { useTranslation } from 'react-i18next';
import type { TillRow } from '../../schemas.ts';
import { Icon, type IconName } from './icons.tsx';

export type TillStanding = 'online' | 'offline' | 'notEnrolled' | 'revoked';

export function standingOf(till: Pick<TillRow, 'online' | 'enrolled' | 'revoked'>): TillStanding {
  if (till.revoked) return 'revoked';
  if (!till.enrolled) return 'notEnrolled';
  return till.online ? 'online' : 'offline';
}

/** Tills that should be at work: a revoked or never enrolled one is missed by nobody. */
export function tillsAtWork(tills: readonly TillRow[]): readonly TillRow[] {
  return tills.filter((till) => till.enrolled && !till.revoked);
}

const ICONS: Readonly<Record<TillStanding, IconName>> = {
  online: 'online',
  offline: 'offline',
  notEnrolled: 'wait',
  revoked: 'blocked',
};

export function TillState({ till }: { readonly till: TillRow }) {
  const { t } = useTranslation();
  const standing = standingOf(till);
  return (
    <span className={`badge badge-${standing}`}>
      <Icon name={ICONS[standing]} />
      {t(`tills.${standing}`)}
    </span>
  );
}
