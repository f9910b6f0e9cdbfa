/**
 * The proof: where the sale's entry stands in its till's chain, and the code that the receipt carries.
 */
import { useTranslation } from 'react-i18next';
import type { SaleDetail } from '../../../schemas.ts';
import { dateTime } from '../../format/date.ts';
import { formatCount } from '../../format/number.ts';
import { spanText } from '../../i18n/ago.ts';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icons.tsx';

export interface ChainCardProps {
  readonly detail: SaleDetail;
  readonly timeZone: string | undefined;
}

/** A sale that took longer to reach HQ says how long. */
const WORTH_SAYING_MS = 60_000;

export function ChainCard({ detail, timeZone }: ChainCardProps) {
  const { t } = useTranslation();
  const { sale, chain } = detail;
  const tookMs = chain.receivedAtMs - sale.atMs;
  return (
    <Card
      title={
        <>
          <Icon name="chain" /> {t('sale.chain')}
        </>
      }
      extra={<b className="chain-code num">{chain.code}</b>}
    >
      <div data-testid="chain-proof">
        <p className="muted chain-help">{t('sale.chainHelp')}</p>
        <Facts
          facts={[
            { name: t('sale.code'), value: <b className="num">{chain.code}</b> },
            { name: t('sale.till'), value: sale.tillCode },
            { name: t('sale.seq'), value: <span className="num">{formatCount(chain.seq)}</span> },
            {
              name: t('sale.receivedAt'),
              value: (
                <span className="num">
                  {dateTime(chain.receivedAtMs, timeZone)}
                  {tookMs >= WORTH_SAYING_MS && (
                    <span className="muted"> · {t('sale.afterSale', { ago: spanText(tookMs, t) })}</span>
                  )}
                </span>
              ),
            },
            { name: t('sale.hash'), value: <code className="hash">{chain.hash}</code> },
            { name: t('sale.journal'), value: <code className="hash">{chain.journalId}</code> },
          ]}
        />
      </div>
    </Card>
  );
}
