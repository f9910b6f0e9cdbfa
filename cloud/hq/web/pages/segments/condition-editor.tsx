/** One condition of a rule, with a field for each thing that its source asks. */
import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { nameIn } from '../../../../../src/core/item.ts';
import { FREQUENCY_BANDS, RECENCY_STATES } from '../../../../../src/core/rfm.ts';
import type { GroupList, TierList } from '../../../catalog-schemas.ts';
import type { TemplateList } from '../../../loyalty-schemas.ts';
import type { SegmentList, SourceList } from '../../../segment-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { storeName, useStores } from '../../parts/stores.ts';
import { type Condition, comparisonFields } from './rule-tree.ts';

export type Sources = z.infer<typeof SourceList>;

interface EditorProps {
  readonly condition: Condition;
  readonly sources: Sources;
  readonly onChange: (next: Condition) => void;
}

/** Amounts are typed in whole units and kept in minor ones. */
const MONEY_DIGITS = 2;

export function ConditionEditor({ condition, sources, onChange }: EditorProps) {
  const { t } = useTranslation();
  const set = (change: object) => onChange({ ...condition, ...change });
  switch (condition.source) {
    case 'rfm':
      return (
        <Compared
          {...{ condition, sources, onChange }}
          name="measure"
          label={(name) => t(`segment.m_${name}` as 'segment.m_visits')}
        />
      );
    case 'profile':
    case 'field':
      return <Compared {...{ condition, sources, onChange }} name="field" label={(name) => name} />;
    case 'cell':
      return (
        <>
          <Choices
            label="R"
            value={listOf(condition.recency)}
            options={RECENCY_STATES.map((one) => ({ value: one, label: t(`segment.${one}`) }))}
            onChange={(recency) => onChange(clean(condition, { recency }))}
          />
          <Choices
            label="F"
            value={listOf(condition.frequency)}
            options={FREQUENCY_BANDS.map((one) => ({ value: one, label: t(`segment.${one}`) }))}
            onChange={(frequency) => onChange(clean(condition, { frequency }))}
          />
        </>
      );
    case 'lifecycle':
      return (
        <Choices
          label={t('segment.source_lifecycle')}
          value={listOf(condition.in)}
          options={LIFECYCLES.map((one) => ({ value: one, label: t(`segment.l_${one}`) }))}
          onChange={(list) => set({ in: list })}
        />
      );
    case 'purchase':
      return <PurchaseFields condition={condition} onChange={onChange} />;
    case 'store':
      return <StoreFields condition={condition} onChange={onChange} />;
    case 'tier':
      return <TierFields value={listOf(condition.in)} onChange={(list) => set({ in: list })} />;
    case 'tag':
      return (
        <>
          <Select
            value={String(condition.op)}
            aria-label={t('segment.source_tag')}
            options={(['any', 'all', 'none'] as const).map((op) => ({
              value: op,
              label: t(`segment.op_${op}`),
            }))}
            onChange={(op) => set({ op })}
          />
          <Choices
            free
            label={t('segment.source_tag')}
            value={listOf(condition.tags)}
            onChange={(tags) => set({ tags })}
          />
        </>
      );
    case 'coupon':
      return <CouponFields condition={condition} onChange={onChange} />;
    case 'consent':
      return (
        <>
          <Input
            className="rule-text"
            value={String(condition.purpose ?? '')}
            aria-label={t('segment.purpose')}
            onChange={(event) => set({ purpose: event.target.value })}
          />
          <Select
            value={condition.granted === true}
            aria-label={t('segment.source_consent')}
            options={[
              { value: true, label: t('segment.granted') },
              { value: false, label: t('segment.refused') },
            ]}
            onChange={(granted) => set({ granted })}
          />
        </>
      );
    case 'event':
      return (
        <>
          <Choices
            free
            label={t('segment.eventKinds')}
            value={listOf(condition.kinds)}
            onChange={(kinds) => set({ kinds })}
          />
          <Days
            value={condition.lastDays}
            onChange={(lastDays) => onChange(clean(condition, { lastDays }))}
          />
        </>
      );
    case 'segment':
      return (
        <FrozenField value={String(condition.segmentId ?? '')} onChange={(segmentId) => set({ segmentId })} />
      );
    default:
      return (
        <Choices
          free
          label={condition.source}
          value={listOf(condition.campaignIds)}
          onChange={(campaignIds) => set({ campaignIds })}
        />
      );
  }
}

const LIFECYCLES = ['never_bought', 'buyer', 'once', 'repeat', 'sleeping', 'at_risk'] as const;

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Fields that say nothing are left out: HQ takes them for absent, not for empty. */
function clean(condition: Condition, change: Readonly<Record<string, unknown>>): Condition {
  const next: Record<string, unknown> = { ...condition, ...change };
  for (const [name, value] of Object.entries(next)) {
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0))
      delete next[name];
  }
  return next as Condition;
}

interface ChoicesProps {
  readonly label: string;
  readonly value: string[];
  readonly options?: readonly { readonly value: string; readonly label: ReactNode }[];
  /** Anything may be typed. */
  readonly free?: boolean;
  readonly onChange: (value: string[]) => void;
}

function Choices({ label, value, options = [], free = false, onChange }: ChoicesProps) {
  const { t } = useTranslation();
  return (
    <Select<string[]>
      className="rule-choices"
      mode={free ? 'tags' : 'multiple'}
      value={value}
      aria-label={label}
      placeholder={free ? label : t('segment.pick')}
      options={[...options]}
      tokenSeparators={[',', '，', ' ']}
      maxTagCount="responsive"
      onChange={onChange}
    />
  );
}

function Days({
  value,
  onChange,
}: {
  readonly value: unknown;
  readonly onChange: (days: number | null) => void;
}) {
  const { t } = useTranslation();
  return (
    <InputNumber<number>
      min={0}
      max={36_500}
      precision={0}
      value={typeof value === 'number' ? value : null}
      placeholder={t('segment.inLastDays')}
      aria-label={t('segment.inLastDays')}
      onChange={onChange}
    />
  );
}

function Compared({
  condition,
  sources,
  onChange,
  name,
  label,
}: EditorProps & { readonly name: 'measure' | 'field'; readonly label: (name: string) => string }) {
  const { t } = useTranslation();
  const fields = sources.sources.find(({ source }) => source === condition.source)?.fields ?? [];
  const field = fields.find((one) => one.name === condition[name]);
  const operators = sources.operators[field?.type ?? 'number'] ?? [];
  const op = String(condition.op);
  const isMoney = String(condition[name]).endsWith('Minor');
  const renamed = (next: string) => {
    const type = fields.find((one) => one.name === next)?.type ?? 'number';
    const first = sources.operators[type]?.[0] ?? 'eq';
    onChange({ source: condition.source, [name]: next, ...comparisonFields(first) });
  };
  return (
    <>
      <Select
        className="rule-field"
        value={field?.name ?? null}
        aria-label={t('segment.rule')}
        placeholder={t('segment.pick')}
        showSearch={{ optionFilterProp: 'label' }}
        options={fields.map((one) => ({ value: one.name, label: label(one.name) }))}
        onChange={renamed}
      />
      <Select
        value={op}
        aria-label={t('segment.rule')}
        popupMatchSelectWidth={false}
        options={operators.map((one) => ({ value: one, label: t(`segment.op_${one}` as 'segment.op_eq') }))}
        onChange={(next) =>
          onChange({
            source: condition.source,
            [name]: condition[name],
            ...keptValue(comparisonFields(next), condition),
          })
        }
      />
      {['value', 'from', 'to', 'days'].map((part) =>
        part in condition ? (
          <ValueField
            key={part}
            type={part === 'days' ? 'number' : (field?.type ?? 'number')}
            isMoney={isMoney && part !== 'days'}
            options={field?.options}
            value={condition[part]}
            onChange={(value) => onChange({ ...condition, [part]: value })}
          />
        ) : null,
      )}
      {'values' in condition && (
        <Choices
          free
          label={t('segment.value')}
          value={listOf(condition.values)}
          options={(field?.options ?? []).map((one) => ({ value: one, label: one }))}
          onChange={(values) =>
            onChange({ ...condition, values: field?.type === 'number' ? values.map(Number) : values })
          }
        />
      )}
    </>
  );
}

/** What was typed stays when only the operator changes. */
function keptValue(blank: Readonly<Record<string, unknown>>, before: Condition): Record<string, unknown> {
  const next: Record<string, unknown> = { ...blank };
  for (const part of ['value', 'from', 'to', 'days', 'values']) {
    if (part in next && part in before) next[part] = before[part];
  }
  return next;
}

interface ValueProps {
  readonly type: string;
  readonly isMoney: boolean;
  readonly options?: readonly string[] | undefined;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function ValueField({ type, isMoney, options, value, onChange }: ValueProps) {
  const { t } = useTranslation();
  const label = t('segment.value');
  if (type === 'number') {
    const scale = isMoney ? 10 ** MONEY_DIGITS : 1;
    return (
      <InputNumber<number>
        value={typeof value === 'number' ? value / scale : null}
        aria-label={label}
        precision={isMoney ? MONEY_DIGITS : 0}
        onChange={(next) => onChange(next === null ? null : Math.round(next * scale))}
      />
    );
  }
  if (type === 'date') {
    return (
      <DatePicker
        value={typeof value === 'string' ? dayjs(value) : null}
        aria-label={label}
        onChange={(day) => onChange(day?.format('YYYY-MM-DD') ?? null)}
      />
    );
  }
  if (type === 'boolean') {
    return (
      <Select
        value={value === true}
        aria-label={label}
        options={[
          { value: true, label: t('shell.yes') },
          { value: false, label: t('shell.no') },
        ]}
        onChange={onChange}
      />
    );
  }
  if (options !== undefined) {
    return (
      <Select
        className="rule-field"
        value={typeof value === 'string' ? value : null}
        aria-label={label}
        options={options.map((one) => ({ value: one, label: one }))}
        onChange={onChange}
      />
    );
  }
  return (
    <Input
      className="rule-text"
      value={typeof value === 'string' ? value : ''}
      aria-label={label}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface PartProps {
  readonly condition: Condition;
  readonly onChange: (next: Condition) => void;
}

function PurchaseFields({ condition, onChange }: PartProps) {
  const { t } = useTranslation();
  const groups = useQuery<GroupList>('/api/v1/items/groups');
  const set = (change: Readonly<Record<string, unknown>>) => onChange(clean(condition, change));
  return (
    <>
      <Choices
        label={t('segment.categories')}
        value={listOf(condition.categories)}
        options={(groups.data?.categories ?? []).map(({ key }) => ({ value: key, label: key }))}
        onChange={(categories) => set({ categories })}
      />
      <Choices
        free
        label={t('segment.items')}
        value={listOf(condition.skus)}
        onChange={(skus) => set({ skus })}
      />
      <Days value={condition.lastDays} onChange={(lastDays) => set({ lastDays })} />
      <InputNumber<number>
        min={1}
        precision={0}
        value={typeof condition.visitsMin === 'number' ? condition.visitsMin : null}
        placeholder={t('segment.atLeastVisits')}
        aria-label={t('segment.atLeastVisits')}
        onChange={(visitsMin) => set({ visitsMin })}
      />
      <InputNumber<number>
        min={0.01}
        precision={MONEY_DIGITS}
        value={typeof condition.netMinorMin === 'number' ? condition.netMinorMin / 100 : null}
        placeholder={t('segment.atLeastSpent')}
        aria-label={t('segment.atLeastSpent')}
        onChange={(units) => set({ netMinorMin: units === null ? null : Math.round(units * 100) })}
      />
    </>
  );
}

function StoreFields({ condition, onChange }: PartProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStores().data?.stores ?? [];
  const byRegion = condition.relation === 'home_region';
  const regions = [...new Set(stores.flatMap(({ region }) => region ?? []))].sort();
  return (
    <>
      <Select
        value={String(condition.relation)}
        aria-label={t('segment.source_store')}
        options={[
          { value: 'home', label: t('segment.homeStore') },
          { value: 'bought_at', label: t('segment.boughtAt') },
          { value: 'home_region', label: t('segment.homeRegion') },
        ]}
        onChange={(relation) =>
          onChange(
            relation === 'home_region'
              ? { source: 'store', relation, regions: [] }
              : { source: 'store', relation, storeIds: listOf(condition.storeIds) },
          )
        }
      />
      <Choices
        label={t('segment.source_store')}
        value={listOf(byRegion ? condition.regions : condition.storeIds)}
        options={
          byRegion
            ? regions.map((region) => ({ value: region, label: region }))
            : stores.map((store) => ({ value: store.id, label: storeName(store, store.id, locale) }))
        }
        onChange={(list) => onChange({ ...condition, [byRegion ? 'regions' : 'storeIds']: list })}
      />
    </>
  );
}

function TierFields({
  value,
  onChange,
}: {
  readonly value: string[];
  readonly onChange: (list: string[]) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tiers = useQuery<TierList>('/api/v1/tiers').data?.tiers ?? [];
  return (
    <Choices
      label={t('segment.source_tier')}
      value={value}
      options={tiers.map(({ id, name, names }) => ({
        value: id,
        label: nameIn({ name, names: (names ?? {}) as Record<string, string> }, locale),
      }))}
      onChange={onChange}
    />
  );
}

function CouponFields({ condition, onChange }: PartProps) {
  const { t } = useTranslation();
  const templates = useQuery<z.infer<typeof TemplateList>>('/api/v1/coupon-templates').data?.templates ?? [];
  const states = {
    issued: 'issuedState',
    used: 'usedState',
    open: 'openState',
    expired: 'expiredState',
  } as const;
  return (
    <>
      <Select
        value={String(condition.state)}
        aria-label={t('segment.source_coupon')}
        options={Object.entries(states).map(([value, word]) => ({ value, label: t(`segment.${word}`) }))}
        onChange={(state) => onChange({ ...condition, state })}
      />
      <Choices
        label={t('segment.coupon')}
        value={listOf(condition.templateIds)}
        options={templates.map(({ template }) => ({ value: template.id, label: template.name }))}
        onChange={(templateIds) => onChange(clean(condition, { templateIds }))}
      />
    </>
  );
}

function FrozenField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (id: string) => void;
}) {
  const { t } = useTranslation();
  const segments = useQuery<z.infer<typeof SegmentList>>('/api/v1/segments').data?.segments ?? [];
  return (
    <Select
      className="rule-field"
      value={value === '' ? null : value}
      aria-label={t('segment.source_segment')}
      placeholder={t('segment.pick')}
      options={segments
        .filter(({ kind }) => kind === 'frozen')
        .map(({ id, name }) => ({ value: id, label: name }))}
      onChange={onChange}
    />
  );
}
