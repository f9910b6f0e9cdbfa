/** A benefit, new or changed: when, for whom and what; tried on past days before it is saved. */
import { Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TierList } from '../../../catalog-schemas.ts';
import type { TemplateList } from '../../../loyalty-schemas.ts';
import type { BenefitPreview } from '../../../offer-preview-schemas.ts';
import type { BenefitShape } from '../../../reward-schemas.ts';
import type { ApiError } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount, formatRateBp } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Trial } from '../../parts/trial.tsx';
import { itemName } from '../prices/item-picker.tsx';
import { CountField } from '../prices/rule-fields.tsx';

export type Benefit = z.infer<typeof BenefitShape>;

const FIRST_WHEN = {
  birthday: { kind: 'birthday', daysBefore: 3, daysAfter: 3 },
  month_days: { kind: 'month_days', days: [18] },
  dates: { kind: 'dates', spans: [] },
} as const;

export interface BenefitFormProps {
  /** null: a new one. */
  readonly known: Benefit | null;
  readonly ids: readonly string[];
  readonly busy: boolean;
  readonly error: ApiError | null;
  readonly onSave: (benefit: Benefit) => void;
  readonly onClose: () => void;
}

export function BenefitForm({ known, ids, busy, error, onSave, onClose }: BenefitFormProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tiers = useQuery<TierList>('/api/v1/tiers').data?.tiers ?? [];
  const templates = useQuery<z.infer<typeof TemplateList>>('/api/v1/coupon-templates').data?.templates ?? [];
  const [draft, setDraft] = useState<Benefit>(known ?? blank(ids));
  const { when, give } = draft;
  const setGive = (change: { points?: number | undefined; templateId?: string | undefined }) => {
    const { points, templateId } = { ...give, ...change };
    setDraft({
      ...draft,
      give: {
        ...(points === undefined ? {} : { points }),
        ...(templateId === undefined ? {} : { templateId }),
      },
    });
  };
  const isGiven = give.points !== undefined || give.templateId !== undefined;
  const isDue = when.kind !== 'dates' || when.spans.length > 0;
  return (
    <Card
      title={known === null ? t('loyalty.newBenefit') : t('loyalty.changeBenefit')}
      extra={
        known === null ? null : (
          <Button size="small" onClick={onClose}>
            {t('shell.close')}
          </Button>
        )
      }
    >
      <div className="stack">
        <Field label={t('loyalty.benefitName')}>
          <Input
            value={draft.name}
            maxLength={200}
            aria-label={t('loyalty.benefitName')}
            data-testid="benefit-name"
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        </Field>
        <div className="form-row">
          <Field label={t('loyalty.when')}>
            <Select<Benefit['when']['kind']>
              value={when.kind}
              aria-label={t('loyalty.when')}
              popupMatchSelectWidth={false}
              options={[
                { value: 'birthday', label: t('loyalty.onBirthday') },
                { value: 'month_days', label: t('loyalty.onMonthDays') },
                { value: 'dates', label: t('loyalty.dates') },
              ]}
              onChange={(kind) =>
                setDraft({ ...draft, when: structuredClone(FIRST_WHEN[kind]) as Benefit['when'] })
              }
            />
          </Field>
          {when.kind === 'birthday' && (
            <>
              <CountField
                label={t('loyalty.daysBefore')}
                min={0}
                max={180}
                value={when.daysBefore}
                onChange={(daysBefore = 0) => setDraft({ ...draft, when: { ...when, daysBefore } })}
              />
              <CountField
                label={t('loyalty.daysAfter')}
                min={0}
                max={180}
                value={when.daysAfter}
                onChange={(daysAfter = 0) => setDraft({ ...draft, when: { ...when, daysAfter } })}
              />
            </>
          )}
          {when.kind === 'month_days' && (
            <Field label={t('loyalty.onMonthDays')}>
              <Select<number[]>
                mode="multiple"
                aria-label={t('loyalty.onMonthDays')}
                style={{ minWidth: 144 }}
                value={[...when.days]}
                options={Array.from({ length: 31 }, (_, day) => ({ value: day + 1, label: String(day + 1) }))}
                onChange={(days) =>
                  days.length > 0 &&
                  setDraft({ ...draft, when: { ...when, days: days.toSorted((a, b) => a - b) } })
                }
              />
            </Field>
          )}
          {when.kind === 'dates' && when.spans.length < 2 && (
            <Field label={t('loyalty.dates')}>
              <DatePicker.RangePicker
                value={
                  when.spans[0] === undefined ? null : [dayjs(when.spans[0].from), dayjs(when.spans[0].to)]
                }
                onChange={(range) => {
                  const [from, to] = (range ?? []).map((day) => day?.format('YYYY-MM-DD'));
                  const spans = from === undefined || to === undefined ? [] : [{ from, to }];
                  setDraft({ ...draft, when: { kind: 'dates', spans } });
                }}
              />
            </Field>
          )}
        </div>
        <Field label={t('loyalty.ofTiers')}>
          <Select<string[]>
            mode="multiple"
            aria-label={t('loyalty.ofTiers')}
            placeholder={t('loyalty.everyTier')}
            value={[...(draft.tiers ?? [])]}
            options={tiers.map((tier) => ({ value: tier.id, label: itemName(tier, locale) }))}
            onChange={(chosen) => setDraft({ ...draft, tiers: chosen.length === 0 ? null : chosen })}
          />
        </Field>
        <div className="form-row">
          <CountField
            label={t('loyalty.points')}
            max={1_000_000}
            value={give.points}
            onChange={(points) => setGive({ points })}
          />
          <Field label={t('loyalty.coupon')}>
            <Select<string>
              allowClear
              aria-label={t('loyalty.coupon')}
              style={{ minWidth: 160 }}
              value={give.templateId ?? null}
              options={templates
                .filter(({ ended }) => !ended)
                .map(({ template }) => ({ value: template.id, label: itemName(template, locale) }))}
              onChange={(templateId?: string) => setGive({ templateId })}
            />
          </Field>
        </div>
        <Trial<BenefitPreview>
          path="/api/v1/benefits/preview"
          body={{ benefit: { ...draft, name: draft.name || '—' } }}
          days={[1, 30, 365]}
          disabled={!isGiven || !isDue}
          testId="benefit-trial"
        >
          {(answer) => <BenefitCost answer={answer} />}
        </Trial>
        <Problem error={error} />
        <Button
          type="primary"
          loading={busy}
          disabled={
            !isGiven || !isDue || draft.name.trim() === '' || JSON.stringify(draft) === JSON.stringify(known)
          }
          onClick={() => onSave(draft)}
          data-testid="benefit-save"
        >
          {t('shell.save')}
        </Button>
      </div>
    </Card>
  );
}

function blank(ids: readonly string[]): Benefit {
  let number = ids.length + 1;
  while (ids.includes(`benefit-${number}`)) number++;
  return {
    id: `benefit-${number}`,
    name: '',
    when: { ...FIRST_WHEN.birthday },
    tiers: null,
    give: { points: 100 },
    active: true,
  };
}

function BenefitCost({ answer }: { readonly answer: BenefitPreview }) {
  const { t } = useTranslation();
  const { tried, published, currency, shareBp, couponEachMinor } = answer;
  const money = (minor: number) => formatMoney(minor, currencyOf(currency));
  return (
    <div className="num">
      <p>
        {t('loyalty.benefitCost', {
          cost: money(tried.costMinor),
          share: formatRateBp(shareBp),
          members: formatCount(tried.members),
          grants: formatCount(tried.grants),
        })}
      </p>
      {tried.points > 0 && (
        <p>
          {t('loyalty.benefitPoints', { points: formatCount(tried.points), worth: money(tried.pointsMinor) })}
        </p>
      )}
      {tried.coupons > 0 && (
        <p>
          {t('loyalty.benefitCoupons', {
            coupons: formatCount(tried.coupons),
            each: money(couponEachMinor),
            worth: money(tried.couponsMinor),
          })}
        </p>
      )}
      {published !== null && <p>{t('loyalty.benefitNow', { cost: money(published.costMinor) })}</p>}
      <p className="muted">{t('loyalty.benefitAssumed')}</p>
    </div>
  );
}
