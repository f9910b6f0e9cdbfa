/** What of the analysis the list of receipts is narrowed to; each can be taken off. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/icons.tsx';
import { go, Link } from '../../shell/router.tsx';
import { SALES_MORE } from '../../shell/routes.ts';
import { usePartName } from '../analysis/part-name.ts';
import type { SalesRoute } from './sales-page.tsx';

const NAMED = {
  kind: 'kind',
  buyer: 'buyer',
  channel: 'channel',
  hour: 'hour',
  weekday: 'weekday',
  tender: 'tender',
} as const;

export function SalesChips({ route }: { readonly route: SalesRoute }) {
  const { t } = useTranslation();
  const nameOf = usePartName();
  const narrowed = SALES_MORE.flatMap((field) => {
    const value = route[field];
    return value === undefined ? [] : [{ field, value }];
  });
  if (narrowed.length === 0) return null;
  const words = (field: (typeof SALES_MORE)[number], value: string) => {
    const by = NAMED[field as keyof typeof NAMED];
    if (by === undefined) return value;
    return nameOf(by, { key: by === 'hour' ? value.padStart(2, '0') : value, name: null, names: null });
  };
  const { businessDate: _, receiptNo: __, ...shared } = route;
  return (
    <div className="chips">
      {narrowed.map(({ field, value }) => {
        const { [field]: _gone, ...rest } = route;
        return (
          <span key={field} className="chip">
            {words(field, value)}
            <button
              type="button"
              aria-label={`${t('shell.remove')} ${value}`}
              onClick={() => go(rest as SalesRoute)}
            >
              <Icon name="close" />
            </button>
          </span>
        );
      })}
      <Link to={{ ...shared, page: 'analysis' }}>{t('analysis.title')}</Link>
    </div>
  );
}
