/**
 * The filter of the list of sales. It lives in the address.
 */
import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../../i18n/i18n.ts';
import { DayField } from '../../parts/day-picker.tsx';
import { Icon } from '../../parts/icons.tsx';
import { newestDate, storeName, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { go } from '../../shell/router.tsx';
import type { SalesRoute } from './sales-page.tsx';

export function SalesFilter({ route: filter }: { readonly route: SalesRoute }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const stores = useStores().data?.stores ?? [];
  const [typed, setTyped] = useState(filter.receiptNo ?? '');
  useEffect(() => setTyped(filter.receiptNo ?? ''), [filter.receiptNo]);

  const show = (change: { readonly [F in keyof SalesRoute]?: string | undefined }) => {
    const next = { ...filter, ...change };
    const said = Object.entries(next).filter(([, value]) => value !== undefined && value !== '');
    go({ ...Object.fromEntries(said), page: 'sales' });
  };

  return (
    <>
      <Input
        className="filter-search"
        value={typed}
        placeholder={t('sales.searchHint')}
        aria-label={t('sales.search')}
        allowClear
        prefix={<Icon name="search" />}
        onChange={(event) => setTyped(event.target.value)}
        onPressEnter={() => show({ receiptNo: typed.trim() })}
        onClear={() => show({ receiptNo: '' })}
        data-testid="receipt-search"
      />
      <Select
        className="filter-store"
        value={filter.storeId ?? ''}
        aria-label={t('sales.store')}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        options={[
          { value: '', label: t('sales.allStores') },
          ...stores.map((store) => ({ value: store.id, label: storeName(store, store.id, locale) })),
        ]}
        onChange={(storeId) => show({ storeId })}
      />
      <DayField
        date={filter.businessDate}
        newest={newestDate(stores, now)}
        placeholder={t('sales.allDates')}
        onPick={(businessDate) => show({ businessDate })}
      />
      {Object.keys(filter).length > 1 && (
        <Button type="text" onClick={() => go({ page: 'sales' })}>
          {t('sales.clear')}
        </Button>
      )}
    </>
  );
}
