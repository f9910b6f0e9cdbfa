/** Versions of an offer with who and when, what each changed, and the way back to any of them. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OfferVersionList } from '../../offer-preview-schemas.ts';
import { search } from '../api/paths.ts';
import { useMay } from '../api/session.ts';
import { useQuery } from '../api/use-query.ts';
import { dateMinute } from '../format/date.ts';
import { Answered } from './answered.tsx';
import { Card } from './card.tsx';
import { Differences } from './differences.tsx';

export type OfferVersion = OfferVersionList['versions'][number];

export const versionsPath = (kind: OfferVersion['kind']) =>
  `/api/v1/offer-versions${search({ kind, limit: 100 })}`;

export interface VersionsCardProps {
  readonly kind: OfferVersion['kind'];
  /** Publishes the words of a version again, as a new one; left out: there is no way back. */
  readonly back?: (version: OfferVersion) => void | Promise<void>;
  readonly nameOf?: (version: OfferVersion) => string;
  /** Left out: versions. */
  readonly title?: string;
  /** Where there are none. */
  readonly empty?: string;
}

/** Shown to who works with offers of the whole chain. */
export function VersionsCard(props: VersionsCardProps) {
  return useMay()('promotions.read', 'chain') ? <Versions {...props} /> : null;
}

function Versions({ kind, back, nameOf, title, empty }: VersionsCardProps) {
  const { t } = useTranslation();
  const list = useQuery<OfferVersionList>(versionsPath(kind));
  return (
    <Card title={title ?? t('loyalty.versions')}>
      <Answered query={list} rows={3}>
        {({ versions }) => (
          <ul className="facts-list versions" data-testid={`versions-${kind}`}>
            {versions.length === 0 && <li className="muted">{empty ?? t('loyalty.noVersions')}</li>}
            {versions.map((version) => {
              const { offerId, no, atMs, by, ended } = version;
              const newest = versions.find((one) => one.offerId === offerId);
              const before = versions.find((one) => one.offerId === offerId && one.no === no - 1);
              return (
                <li key={`${offerId} ${no}`}>
                  <div className="version-row">
                    <div>
                      <div>
                        <b>{nameOf?.(version) ?? (version.data.version as string | undefined) ?? offerId}</b>{' '}
                        <span className="num nowrap">· {t('loyalty.versionNo', { no })}</span>
                        {ended && <span className="nowrap"> · {t('loyalty.ended')}</span>}
                      </div>
                      <div className="muted num nowrap">
                        {dateMinute(atMs, undefined)} ·{' '}
                        {by.kind === 'owner' ? t('access.owner') : by.name || t('loyalty.nobodyTold')}
                      </div>
                    </div>
                    {back !== undefined && newest !== version && (
                      <Button
                        size="small"
                        onClick={() => void back(version)}
                        data-testid={`back-${offerId}-${no}`}
                      >
                        {t('loyalty.bringBack')}
                      </Button>
                    )}
                  </div>
                  {before !== undefined && (
                    <details>
                      <summary className="muted">{t('loyalty.whatChanged')}</summary>
                      <Differences
                        before={{ ...before.data, ended: before.ended }}
                        after={{ ...version.data, ended }}
                        sent={null}
                      />
                    </details>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Answered>
    </Card>
  );
}
