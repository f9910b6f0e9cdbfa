/** A coupon template, new or changed: tried on past sales, saved as a version, with a way back. */
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TemplateList, TemplateShape } from '../../../loyalty-schemas.ts';
import type { ApiError } from '../../api/client.ts';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { CountField, MoneyField, PercentField } from '../prices/rule-fields.tsx';
import { CouponTrial } from './coupon-trial.tsx';

export type Template = z.infer<typeof TemplateShape>;
export type TemplateRow = z.infer<typeof TemplateList>['templates'][number];

const BLANK: Template = {
  id: '',
  name: '',
  offer: {
    priority: 5,
    mode: 'compound',
    items: { all: true },
    conditions: [{ kind: 'amount', fromMinor: 10_000 }],
    reward: { kind: 'order_off', off: { amountMinor: 1_000 } },
  },
  valid: { days: 30 },
  limits: {},
};

export interface CouponFormProps {
  /** null: a new one. */
  readonly known: Template | null;
  readonly busy: boolean;
  readonly error: ApiError | null;
  readonly onSave: (template: Template) => Promise<boolean>;
  readonly onClose: () => void;
}

export function CouponForm({ known, busy, error, onSave, onClose }: CouponFormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Template>(known ?? BLANK);
  const { offer, valid, limits } = draft;
  const off = offOf(draft);
  const setOffer = (change: Partial<Template['offer']>) =>
    setDraft({ ...draft, offer: { ...offer, ...change } });
  const setOff = (next: object) => setOffer({ reward: { kind: 'order_off', off: next } });
  const limit = (name: 'issuedMax' | 'perMemberMax', value: number | undefined) => {
    const { [name]: _, ...rest } = limits;
    setDraft({ ...draft, limits: value === undefined ? rest : { ...rest, [name]: value } });
  };
  const sent: Template = { ...draft, id: draft.id.trim().toUpperCase() };
  const isEmpty = sent.id === '' || draft.name.trim() === '';
  const save = async () => {
    if ((await onSave(sent)) && known === null) setDraft(BLANK);
  };
  return (
    <Card
      title={known === null ? t('loyalty.newCoupon') : t('loyalty.changeCoupon', { id: known.id })}
      extra={
        known === null ? null : (
          <Button size="small" onClick={onClose}>
            {t('shell.close')}
          </Button>
        )
      }
    >
      <div className="stack">
        <Field label={t('loyalty.templateIdShort')}>
          <Input
            value={draft.id}
            maxLength={10}
            disabled={known !== null}
            aria-label={t('loyalty.templateId')}
            data-testid="template-id"
            onChange={(event) => setDraft({ ...draft, id: event.target.value })}
          />
        </Field>
        <Field label={t('loyalty.couponName')}>
          <Input
            value={draft.name}
            maxLength={300}
            aria-label={t('loyalty.couponName')}
            data-testid="template-name"
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        </Field>
        {off === null ? (
          <p className="muted">{t('loyalty.otherReward')}</p>
        ) : (
          <div className="form-row">
            <Segmented<'amount' | 'percent'>
              value={'rateBp' in off ? 'percent' : 'amount'}
              options={[
                { value: 'amount', label: t('loyalty.byAmount') },
                { value: 'percent', label: t('loyalty.byPercent') },
              ]}
              onChange={(by) => setOff(by === 'percent' ? { rateBp: 1_000 } : { amountMinor: 1_000 })}
            />
            {'rateBp' in off ? (
              <PercentField
                label={t('loyalty.offPercent')}
                value={off.rateBp}
                onChange={(rateBp = 100) => setOff({ rateBp })}
              />
            ) : (
              <MoneyField
                label={t('loyalty.offAmount')}
                min={1}
                value={off.amountMinor}
                onChange={(amountMinor = 1) => setOff({ amountMinor })}
              />
            )}
          </div>
        )}
        <div className="form-row">
          <MoneyField
            label={t('loyalty.fromAmount')}
            value={fromOf(draft)}
            onChange={(fromMinor = 0) => setOffer({ conditions: conditionsWith(draft, fromMinor) })}
          />
          {'days' in valid && (
            <CountField
              label={t('loyalty.validDays')}
              max={36_500}
              value={valid.days}
              onChange={(days = 1) => setDraft({ ...draft, valid: { days } })}
            />
          )}
        </div>
        <div className="form-row">
          <CountField
            label={t('loyalty.issuedMax')}
            max={1_000_000_000}
            value={limits.issuedMax}
            onChange={(most) => limit('issuedMax', most)}
          />
          <CountField
            label={t('loyalty.perMemberMax')}
            value={limits.perMemberMax}
            onChange={(most) => limit('perMemberMax', most)}
          />
        </div>
        <CouponTrial
          template={plain({ ...sent, id: sent.id || 'TRY', name: sent.name || 'TRY' })}
          codes={limits.issuedMax}
        />
        <Problem error={error} />
        <Button
          type="primary"
          loading={busy}
          disabled={isEmpty || (known !== null && JSON.stringify(known) === JSON.stringify(draft))}
          onClick={() => void save()}
          data-testid="template-save"
        >
          {t('shell.save')}
        </Button>
      </div>
    </Card>
  );
}

/** Without conditions there is no list of them. */
export function plain(template: Template): Template {
  const { conditions = [], ...offer } = template.offer;
  return { ...template, offer: conditions.length === 0 ? offer : { ...offer, conditions } };
}

/** null: a reward that this form does not know; it stays as it is. */
function offOf({ offer: { reward } }: Template): { amountMinor: number } | { rateBp: number } | null {
  const { kind, off } = reward as { kind: string; off?: object };
  if (kind !== 'order_off' || off === undefined) return null;
  return 'amountMinor' in off || 'rateBp' in off ? (off as { amountMinor: number }) : null;
}

interface AmountCondition {
  readonly kind: 'amount';
  readonly fromMinor: number;
}

/** The condition on the whole order. */
function isOrderAmount(condition: object): boolean {
  return (condition as { kind?: unknown }).kind === 'amount' && !('items' in condition);
}

function fromOf({ offer }: Template): number {
  const condition = (offer.conditions ?? []).find(isOrderAmount) as AmountCondition | undefined;
  return condition?.fromMinor ?? 0;
}

function conditionsWith({ offer }: Template, fromMinor: number): Record<string, unknown>[] {
  const others = (offer.conditions ?? []).filter((condition) => !isOrderAmount(condition));
  return fromMinor === 0 ? others : [...others, { kind: 'amount', fromMinor }];
}
