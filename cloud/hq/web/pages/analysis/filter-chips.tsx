/** What the analysis is narrowed to; each can be taken off. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/icons.tsx';
import { go } from '../../shell/router.tsx';
import { SALES_MORE } from '../../shell/routes.ts';
import type { AnalysisRoute, Dimension } from './drill.ts';
import { usePartName } from './part-name.ts';

const DIMENSION_OF: Readonly<Record<string, Dimension>> = {
  kind: 'kind',
  buyer: 'buyer',
  cashierId: 'cashier',
  channel: 'channel',
  hour: 'hour',
  weekday: 'weekday',
  sku: 'item',
  category: 'category',
  brand: 'brand',
  tender: 'tender',
  ruleId: 'promotion',
};

export function FilterChips({ route }: { readonly route: AnalysisRoute }) {
  const { t } = useTranslation();
  const nameOf = usePartName();
  const narrowed = SALES_MORE.flatMap((field) => {
    const by = DIMENSION_OF[field];
    const value = route[field];
    return by === undefined || value === undefined ? [] : [{ field, by, value }];
  });
  if (narrowed.length === 0) return null;
  return (
    <div className="chips">
      {narrowed.map(({ field, by, value }) => {
        const name = nameOf(by, {
          key: by === 'hour' ? value.padStart(2, '0') : value,
          name: null,
          names: null,
        });
        const { [field]: _, ...rest } = route;
        return (
          <span key={field} className="chip" data-testid={`chip-${field}`}>
            {t(`analysis.${WORDS[by]}`)}: {name}
            <button
              type="button"
              aria-label={`${t('shell.remove')} ${name}`}
              onClick={() => go(rest as AnalysisRoute)}
            >
              <Icon name="close" />
            </button>
          </span>
        );
      })}
    </div>
  );
}

export const WORDS = {
  store: 'byStore',
  region: 'byRegion',
  day: 'byDay',
  week: 'byWeek',
  month: 'byMonth',
  weekday: 'byWeekday',
  hour: 'byHour',
  item: 'byItem',
  category: 'byCategory',
  brand: 'byBrand',
  cashier: 'byCashier',
  till: 'byTill',
  channel: 'byChannel',
  buyer: 'byBuyer',
  tier: 'byTier',
  kind: 'byKind',
  tender: 'byTender',
  promotion: 'byPromotion',
} as const satisfies Record<Dimension, string>;
