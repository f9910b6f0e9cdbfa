/** Items chosen by name, SKU or barcode, found at HQ while one types. */
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Locale, nameIn } from '../../../../../src/core/item.ts';
import type { ItemList } from '../../../catalog-schemas.ts';
import { search } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { useLocale } from '../../i18n/i18n.ts';

type HqItem = ItemList['items'][number];

export function itemName({ name, names }: Pick<HqItem, 'name' | 'names'>, locale: Locale): string {
  return nameIn({ name, names: (names ?? {}) as Partial<Record<Locale, string>> }, locale);
}

export function useItems(q: string, limit = 50) {
  return useQuery<ItemList>(`/api/v1/items${search({ q, limit })}`);
}

export function ItemPicker({
  value,
  onChange,
}: {
  readonly value: string[];
  readonly onChange: (skus: string[]) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [q, setQ] = useState('');
  const items = useItems(q).data?.items ?? [];
  return (
    <Select<string[]>
      mode="multiple"
      aria-label={t('price.bySku')}
      value={value}
      showSearch={{ filterOption: false, onSearch: setQ }}
      options={items.map((item) => ({ value: item.sku, label: `${itemName(item, locale)} · ${item.sku}` }))}
      onChange={onChange}
    />
  );
}
