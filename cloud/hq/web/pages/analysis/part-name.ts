/** The name of a part, in the reader's language: of a store, a weekday, an article, a way to pay. */
import { useTranslation } from 'react-i18next';
import { type Locale, nameIn } from '../../../../../src/core/item.ts';
import { TENDER_KINDS } from '../../../../../src/core/tender.ts';
import { addDays, formatDay, monthDay, weekdayOf } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import type { Dimension } from './drill.ts';
import type { Breakdown } from './use-analysis.ts';

type Named = Pick<Breakdown['parts'][number], 'key' | 'name' | 'names'>;

/** A Monday. */
const MONDAY = '2026-11-02';

export function usePartName(): (by: Dimension, part: Named) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  return (by, { key, name, names }) => {
    switch (by) {
      case 'store':
        return storeName(stores.get(key), key, locale);
      case 'region':
        return key === '' ? t('analysis.noRegion') : key;
      case 'day':
        return formatDay(key, locale);
      case 'week':
        return `${monthDay(key)} – ${monthDay(addDays(key, 6))}`;
      case 'weekday':
        return weekdayOf(addDays(MONDAY, Number(key) - 1), locale);
      case 'hour':
        return `${key}:00`;
      case 'channel':
        return key === 'till' ? t('analysis.atTills') : key;
      case 'buyer':
        return t(key === 'member' ? 'analysis.member' : 'analysis.anonymous');
      case 'tier':
        return key === '' ? t('analysis.noTier') : inLocale(key, name, names, locale);
      case 'kind':
        return key === 'sale' || key === 'refund' || key === 'exchange' ? t(`analysis.${key}`) : key;
      case 'tender': {
        const kind = TENDER_KINDS.find((one) => one === key);
        return kind === undefined ? key : t(`tender.${kind}`);
      }
      case 'category':
      case 'brand':
        return key === '' ? t('analysis.noName') : key;
      default:
        return inLocale(key, name, names, locale);
    }
  };
}

function inLocale(key: string, name: string | null, names: Named['names'], locale: Locale): string {
  return name === null
    ? key
    : nameIn({ name, names: (names ?? {}) as Partial<Record<Locale, string>> }, locale);
}
