/** Small fields that the promotion editor is made of: money, percent, whole numbers, goods. */
import { InputNumber, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ItemFilter } from '../../../../../src/core/promotion.ts';
import type { GroupList } from '../../../catalog-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { Field } from '../../parts/field.tsx';
import { ItemPicker } from './item-picker.tsx';

interface NumberProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly min?: number;
  readonly max?: number;
}

/** Typed in whole units, kept in minor ones. */
export function MoneyField({ label, value, onChange, min = 0 }: NumberProps) {
  return (
    <Field label={label}>
      <InputNumber<number>
        aria-label={label}
        min={min / 100}
        precision={2}
        value={value === undefined ? null : value / 100}
        onChange={(units) => onChange(units === null ? undefined : Math.round(units * 100))}
      />
    </Field>
  );
}

/** Typed in per cent, kept in basis points. */
export function PercentField({ label, value, onChange, max = 10_000 }: NumberProps) {
  return (
    <Field label={label}>
      <InputNumber<number>
        aria-label={label}
        min={0}
        max={max / 100}
        precision={2}
        value={value === undefined ? null : value / 100}
        onChange={(percent) => onChange(percent === null ? undefined : Math.round(percent * 100))}
      />
    </Field>
  );
}

export function CountField({ label, value, onChange, min = 1, max = 99_999 }: NumberProps) {
  return (
    <Field label={label}>
      <InputNumber<number>
        aria-label={label}
        min={min}
        max={max}
        precision={0}
        value={value ?? null}
        onChange={(count) => onChange(count ?? undefined)}
      />
    </Field>
  );
}

type By = 'all' | 'categories' | 'skus' | 'brands';

/** Goods by one list or all of them, and categories that are left out. */
export function GoodsField({
  label,
  filter,
  onChange,
}: {
  readonly label: string;
  readonly filter: ItemFilter;
  readonly onChange: (filter: ItemFilter) => void;
}) {
  const { t } = useTranslation();
  const groups = useQuery<GroupList>('/api/v1/items/groups').data;
  const by: By =
    filter.all === true
      ? 'all'
      : filter.skus !== undefined
        ? 'skus'
        : filter.brands !== undefined
          ? 'brands'
          : 'categories';
  const { all: _, skus, categories, brands, ...rest } = filter;
  const choose = (next: By) => onChange({ ...rest, ...(next === 'all' ? { all: true } : { [next]: [] }) });
  const keyed = (list: GroupList['categories'] | undefined) =>
    (list ?? []).map(({ key }) => ({ value: key, label: key }));
  return (
    <Field label={label}>
      <div className="goods">
        <Segmented<By>
          size="small"
          value={by}
          options={[
            { value: 'all', label: t('price.allGoods') },
            { value: 'categories', label: t('price.byCategory') },
            { value: 'skus', label: t('price.bySku') },
            { value: 'brands', label: t('price.byBrand') },
          ]}
          onChange={choose}
        />
        {by === 'categories' && (
          <Select<string[]>
            mode="multiple"
            aria-label={t('price.byCategory')}
            value={[...(categories ?? [])]}
            options={keyed(groups?.categories)}
            onChange={(list) => onChange({ ...rest, categories: list })}
          />
        )}
        {by === 'brands' && (
          <Select<string[]>
            mode="tags"
            aria-label={t('price.byBrand')}
            value={[...(brands ?? [])]}
            options={keyed(groups?.brands)}
            onChange={(list) => onChange({ ...rest, brands: list })}
          />
        )}
        {by === 'skus' && (
          <ItemPicker value={[...(skus ?? [])]} onChange={(list) => onChange({ ...rest, skus: list })} />
        )}
        {by === 'all' && (
          <Select<string[]>
            mode="multiple"
            aria-label={t('price.excludeCategories')}
            placeholder={t('price.excludeCategories')}
            value={[...(filter.exclude?.categories ?? [])]}
            options={keyed(groups?.categories)}
            onChange={(list) => {
              const { exclude: _gone, ...kept } = filter;
              onChange(list.length === 0 ? kept : { ...kept, exclude: { categories: list } });
            }}
          />
        )}
      </div>
    </Field>
  );
}
