/** The name of a tier in the reader's language. */
import type { TierList } from '../../../catalog-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { itemName } from '../prices/item-picker.tsx';

export function useTierName(): (tierId: string) => string {
  const locale = useLocale();
  const tiers = useQuery<TierList>('/api/v1/tiers').data?.tiers ?? [];
  return (tierId) => {
    const tier = tiers.find(({ id }) => id === tierId);
    return tier === undefined ? tierId : itemName(tier, locale);
  };
}
