/**
 * From gross to change: discounts, taxes, cash rounding, and how it was paid.
 */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Locale } from '../../../../../src/core/item.ts';
import type { Currency } from '../../../../../src/core/money.ts';
import { walletWord } from '../../../../../src/core/tender-words.ts';
import type { SaleDetail } from '../../../schemas.ts';
import { formatMoney } from '../../format/money.ts';
import { formatRateBp } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Card } from '../../parts/card.tsx';

export interface MoneyCardProps {
  readonly detail: SaleDetail;
  readonly currency: Currency;
}

export function MoneyCard({ detail, currency }: MoneyCardProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { sale } = detail;
  const money = (amountMinor: number) => formatMoney(amountMinor, currency);
  const paidBack = sale.totalMinor < 0;
  return (
    <Card title={t('sale.payment')}>
      <dl className="sums num">
        <Sum name={t('sale.gross')} value={money(detail.grossMinor)} />
        {sale.adjustmentMinor !== 0 && (
          <Sum
            name={t('sale.adjustments')}
            value={<span className="saved">{money(sale.adjustmentMinor)}</span>}
          />
        )}
        {detail.taxes.map((tax) => (
          <Sum
            key={`${tax.taxCode} ${tax.rateBp}`}
            quiet
            name={`${t('sale.taxRate', { rate: formatRateBp(tax.rateBp) })} · ${t('sale.taxBase', { amount: money(tax.baseMinor) })}`}
            hint={t(detail.taxMode === 'inclusive' ? 'sale.taxInclusive' : 'sale.taxExclusive')}
            value={money(tax.taxMinor)}
          />
        ))}
        <Sum strong name={t(paidBack ? 'sale.totalBack' : 'sale.total')} value={money(sale.totalMinor)} />
        {detail.roundingMinor !== 0 && <Sum name={t('sale.rounding')} value={money(detail.roundingMinor)} />}
        {detail.tenders.map((tender, index) => (
          <Sum
            // biome-ignore lint/suspicious/noArrayIndexKey: tenders have no id and never change their order
            key={index}
            name={t(tender.amountMinor < 0 ? 'sale.paidBackAs' : 'sale.paidAs', {
              kind: t(`tender.${tender.kind}`),
            })}
            {...(tender.detail === null ? {} : { hint: hintOf(tender.kind, tender.detail, locale) })}
            value={money(tender.amountMinor)}
          />
        ))}
        {detail.changeMinor !== 0 && <Sum name={t('sale.change')} value={money(detail.changeMinor)} />}
      </dl>
    </Card>
  );
}

/** `wechat · 4200…` of a wallet is a name that people know, and the number. */
function hintOf(kind: string, detail: string, locale: Locale): string {
  const [wallet, ...rest] = detail.split(' · ');
  const known = WALLETS.find((one) => one === wallet);
  return kind === 'wallet' && known !== undefined ? [walletWord(known, locale), ...rest].join(' · ') : detail;
}

const WALLETS = ['wechat', 'alipay', 'unionpay'] as const;

interface SumProps {
  readonly name: string;
  readonly hint?: string;
  readonly value: ReactNode;
  readonly strong?: boolean;
  readonly quiet?: boolean;
}

function Sum({ name, hint, value, strong = false, quiet = false }: SumProps) {
  return (
    <div className={strong ? 'sum-strong' : quiet ? 'sum-quiet' : undefined}>
      <dt>
        {name}
        {hint !== undefined && <span className="muted"> · {hint}</span>}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
