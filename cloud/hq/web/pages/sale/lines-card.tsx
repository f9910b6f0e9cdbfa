/**
 * The lines of a sale; under each, in green, why it cost less.
 */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { LOCALES } from '../../../../../src/core/item.ts';
import { type Currency, formatMinor } from '../../../../../src/core/money.ts';
import { reasonText } from '../../../../../src/core/reason.ts';
import type { SaleDetail } from '../../../schemas.ts';
import { formatMoney } from '../../format/money.ts';
import { formatRateBp } from '../../format/number.ts';
import { Card } from '../../parts/card.tsx';
import { type Column, ExportButton } from '../../parts/data-table.tsx';

type Line = SaleDetail['lines'][number];
type Adjustment = Line['adjustments'][number];

export interface LinesCardProps {
  readonly lines: readonly Line[];
  readonly currency: Currency;
}

export function LinesCard({ lines, currency }: LinesCardProps) {
  const { t } = useTranslation();
  return (
    <Card
      title={t('sale.lines')}
      extra={<LinesExport lines={lines} currency={currency} />}
      className="card-table"
    >
      <table className="plain-table lines">
        <thead>
          <tr>
            <th scope="col">{t('sale.item')}</th>
            <th scope="col" className="right">
              {t('sale.qty')}
            </th>
            <th scope="col" className="right">
              {t('sale.unitPrice')}
            </th>
            <th scope="col" className="right">
              {t('sale.net')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <LineRow key={line.lineNo} line={line} currency={currency} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function LinesExport({ lines, currency }: LinesCardProps) {
  const { t } = useTranslation();
  const money = (minor: number) => minor / 10 ** currency.digits;
  const columns: Column<Line>[] = [
    { key: 'no', title: '#', value: ({ lineNo }) => lineNo },
    { key: 'code', title: t('price.sku'), value: codeOf },
    { key: 'item', title: t('sale.item'), value: ({ name }) => name },
    { key: 'qty', title: t('sale.qty'), value: ({ qty }) => qty },
    { key: 'price', title: t('sale.unitPrice'), value: ({ unitPriceMinor }) => money(unitPriceMinor) },
    { key: 'net', title: t('sale.net'), value: ({ netMinor }) => money(netMinor) },
  ];
  return <ExportButton name="lines" rows={lines} columns={columns} />;
}

function LineRow({ line, currency }: { readonly line: Line; readonly currency: Currency }) {
  const { t, i18n } = useTranslation();
  const reduced = line.netMinor !== line.grossMinor && line.adjustments.length > 0;
  return (
    <tr>
      <td>
        <div>{line.name}</div>
        <div className="muted num line-code">
          {codeOf(line)} · {t('sale.taxRate', { rate: formatRateBp(line.taxRateBp) })}
        </div>
        {line.adjustments.map((adjustment) => (
          <div key={adjustment.ruleId} className="saved num" title={adjustment.ruleId}>
            {whyText(adjustment, t, i18n.language, currency)} {formatMoney(adjustment.amountMinor, currency)}
          </div>
        ))}
      </td>
      <td className="right num nowrap">
        {line.weightG === null ? line.qty : t('sale.weight', { kg: formatMinor(line.weightG, 3) })}
      </td>
      <td className="right num">{formatMoney(line.unitPriceMinor, currency)}</td>
      <td className="right num">
        <b>{formatMoney(line.netMinor, currency)}</b>
        {reduced && <s className="muted line-gross">{formatMoney(line.grossMinor, currency)}</s>}
      </td>
    </tr>
  );
}

/** The trade code as the pack shows it: 14 digits are how it is kept, a leading zero is not printed. */
function codeOf({ gtin, sku }: Line): string {
  return gtin === null ? sku : gtin.replace(/^0(?=\d{13}$)/, '');
}

function whyText({ reason }: Adjustment, t: TFunction, locale: string, { digits }: Currency): string {
  if (reason.kind !== 'tier') {
    return reasonText(reason, LOCALES.find((known) => known === locale) ?? 'en', digits);
  }
  return t('sale.tierReason', { tier: reason.tierName, rate: formatRateBp(reason.rateBp) });
}
