/** One rule: its names, how it meets others, its goods, what it gives, and for whom and when. */
import { Button, Checkbox, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { Audience, Condition, Limits, Rule, Validity } from '../../../../../src/core/promotion.ts';
import type { TierList } from '../../../catalog-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { addDays, weekdayOf } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Field } from '../../parts/field.tsx';
import { storeName, useStores } from '../../parts/stores.ts';
import { itemName } from './item-picker.tsx';
import { RewardEditor } from './reward-editor.tsx';
import { CountField, GoodsField, MoneyField } from './rule-fields.tsx';

interface EditorProps {
  readonly rule: Rule;
  readonly onChange: (rule: Rule) => void;
  readonly onRemove: () => void;
}

export function RuleEditor({ rule, onChange, onRemove }: EditorProps) {
  const { t } = useTranslation();
  const set = (change: Partial<Rule>) => onChange({ ...rule, ...change });
  const naming = (locale: 'zh-TW' | 'en', text: string) => {
    const { [locale]: _, ...others } = rule.names ?? {};
    set({ names: text === '' ? others : { ...others, [locale]: text } });
  };
  return (
    <div className="stack" data-testid="rule-editor">
      <div className="form-row">
        <Field label={t('price.name')}>
          <Input
            value={rule.name}
            maxLength={300}
            aria-label={t('price.name')}
            data-testid="rule-name"
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field label={t('price.nameTw')}>
          <Input
            value={rule.names?.['zh-TW'] ?? ''}
            aria-label={t('price.nameTw')}
            onChange={(event) => naming('zh-TW', event.target.value)}
          />
        </Field>
        <Field label={t('price.nameEn')}>
          <Input
            value={rule.names?.en ?? ''}
            aria-label={t('price.nameEn')}
            onChange={(event) => naming('en', event.target.value)}
          />
        </Field>
      </div>
      <RewardEditor reward={rule.reward} onChange={(reward) => set({ reward })} />
      <GoodsField label={t('price.goods')} filter={rule.items} onChange={(items) => set({ items })} />
      <div className="form-row">
        <Field label={t('price.mode')}>
          <Select
            value={rule.mode}
            aria-label={t('price.mode')}
            popupMatchSelectWidth={false}
            options={(['compound', 'best_price', 'exclusive'] as const).map((mode) => ({
              value: mode,
              label: t(`price.${mode}`),
            }))}
            onChange={(mode) => set({ mode })}
          />
        </Field>
        <CountField
          label={t('price.priority')}
          min={0}
          max={999}
          value={rule.priority}
          onChange={(priority = 0) => set({ priority })}
        />
        <Field label={t('price.coupon')}>
          <Select<string[]>
            mode="tags"
            aria-label={t('price.coupon')}
            style={{ minWidth: 160 }}
            value={[...(rule.coupon?.codes ?? [])]}
            onChange={(codes) => {
              const { coupon: _, ...rest } = rule;
              onChange(codes.length === 0 ? rest : { ...rest, coupon: { ...rule.coupon, codes } });
            }}
          />
        </Field>
      </div>
      <WhenFields
        validity={rule.validity ?? {}}
        onChange={(validity) => onChange(withField(rule, 'validity', validity))}
      />
      <WhoFields
        audience={rule.audience ?? {}}
        onChange={(audience) => onChange(withField(rule, 'audience', audience))}
      />
      <LimitFields rule={rule} onChange={onChange} />
      <div>
        <Button danger type="text" onClick={onRemove} data-testid="rule-remove">
          {t('price.removeRule')}
        </Button>
      </div>
    </div>
  );
}

/** Fields that say nothing are left out, and so is what holds none. */
function withField(rule: Rule, field: 'validity' | 'audience' | 'limits', value: object): Rule {
  const said = Object.fromEntries(
    Object.entries(value).filter(
      ([, one]) => one !== undefined && one !== false && !(Array.isArray(one) && one.length === 0),
    ),
  );
  const { [field]: _, ...rest } = rule;
  return Object.keys(said).length === 0 ? rest : { ...rest, [field]: said };
}

function WhenFields({
  validity,
  onChange,
}: {
  readonly validity: Validity;
  readonly onChange: (validity: object) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const days = Array.from({ length: 7 }, (_, index) => index + 1);
  return (
    <div className="form-row">
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} label={t(end === 'from' ? 'price.fromDate' : 'price.toDate')}>
          <DatePicker
            value={validity[end] === undefined ? null : dayjs(validity[end])}
            aria-label={t(end === 'from' ? 'price.fromDate' : 'price.toDate')}
            onChange={(day) => onChange({ ...validity, [end]: day?.format('YYYY-MM-DD') })}
          />
        </Field>
      ))}
      <Field label={t('price.weekdays')}>
        <Select<number[]>
          mode="multiple"
          aria-label={t('price.weekdays')}
          style={{ minWidth: 144 }}
          value={[...(validity.weekdays ?? [])]}
          options={days.map((day) => ({ value: day, label: weekdayOf(addDays('2026-11-01', day), locale) }))}
          onChange={(weekdays) => onChange({ ...validity, weekdays })}
        />
      </Field>
      <Field label={t('price.monthDays')}>
        <Select<number[]>
          mode="multiple"
          aria-label={t('price.monthDays')}
          style={{ minWidth: 120 }}
          value={[...(validity.monthDays ?? [])]}
          options={Array.from({ length: 31 }, (_, index) => ({ value: index + 1, label: String(index + 1) }))}
          onChange={(monthDays) => onChange({ ...validity, monthDays })}
        />
      </Field>
    </div>
  );
}

function WhoFields({
  audience,
  onChange,
}: {
  readonly audience: Audience;
  readonly onChange: (audience: object) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStores().data?.stores ?? [];
  const tiers = useQuery<TierList>('/api/v1/tiers').data?.tiers ?? [];
  const list = (
    field: 'stores' | 'tiers' | 'tags',
    label: string,
    options: { value: string; label: string }[],
  ) => (
    <Field label={label}>
      <Select<string[]>
        mode={field === 'tags' ? 'tags' : 'multiple'}
        aria-label={label}
        style={{ minWidth: 144 }}
        value={[...(audience[field] ?? [])]}
        options={options}
        onChange={(value) => onChange({ ...audience, [field]: value })}
      />
    </Field>
  );
  return (
    <div className="form-row">
      {list(
        'stores',
        t('price.stores'),
        stores.map((store) => ({ value: store.id, label: storeName(store, store.id, locale) })),
      )}
      {list(
        'tiers',
        t('price.tiers'),
        tiers.map((tier) => ({ value: tier.id, label: itemName(tier, locale) })),
      )}
      {list('tags', t('price.tags'), [])}
      <Checkbox
        checked={audience.membersOnly === true}
        onChange={({ target }) => onChange({ ...audience, membersOnly: target.checked })}
      >
        {t('price.membersOnly')}
      </Checkbox>
      <Checkbox
        checked={audience.birthday === 'month'}
        onChange={({ target }) => onChange({ ...audience, birthday: target.checked ? 'month' : undefined })}
      >
        {t('price.birthdayMonth')}
      </Checkbox>
    </div>
  );
}

function LimitFields({ rule, onChange }: { readonly rule: Rule; readonly onChange: (rule: Rule) => void }) {
  const { t } = useTranslation();
  const { limits = {}, conditions = [] } = rule;
  const amount = conditions.find((one) => one.kind === 'amount' && one.items === undefined);
  const quantity = conditions.find((one) => one.kind === 'quantity' && one.items === undefined);
  const setCondition = (kind: Condition['kind'], from: number | undefined) => {
    const others = conditions.filter((one) => one.kind !== kind || one.items !== undefined);
    const added: Condition[] =
      from === undefined ? [] : [kind === 'amount' ? { kind, fromMinor: from } : { kind, from }];
    const next = [...others, ...added];
    const { conditions: _, ...rest } = rule;
    onChange(next.length === 0 ? rest : { ...rest, conditions: next });
  };
  const setLimit = (change: Limits) => onChange(withField(rule, 'limits', { ...limits, ...change }));
  return (
    <div className="form-row">
      <MoneyField
        label={t('price.minAmount')}
        value={amount?.kind === 'amount' ? amount.fromMinor : undefined}
        onChange={(from) => setCondition('amount', from)}
      />
      <CountField
        label={t('price.minQty')}
        value={quantity?.kind === 'quantity' ? quantity.from : undefined}
        onChange={(from) => setCondition('quantity', from)}
      />
      <CountField
        label={t('price.perSale')}
        value={limits.perSale}
        onChange={(perSale) => setLimit({ perSale } as Limits)}
      />
      <MoneyField
        label={t('price.maxDiscount')}
        value={limits.maxDiscountMinor}
        onChange={(maxDiscountMinor) => setLimit({ maxDiscountMinor } as Limits)}
      />
    </div>
  );
}
