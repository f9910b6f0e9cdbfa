/** What a day's sales would have come to: less, more, or the same, a line a currency. */
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { RulePreview } from '../../../catalog-schemas.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';

export function PreviewBooks({ books }: { readonly books: z.infer<typeof RulePreview>['books'] }) {
  const { t } = useTranslation();
  if (books.every(({ differenceMinor }) => differenceMinor === 0)) return <>{t('price.previewSame')}</>;
  return books.map(({ currency, sales, changed, differenceMinor }) => (
    <span key={currency} className="num">
      {t(differenceMinor < 0 ? 'price.previewCost' : 'price.previewGain', {
        sales: formatCount(sales),
        changed: formatCount(changed),
        cost: formatMoney(Math.abs(differenceMinor), currencyOf(currency)),
      })}
    </span>
  ));
}
