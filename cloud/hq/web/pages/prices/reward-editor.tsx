/** What a rule gives: a form for each kind of reward that the kernel knows. */
import { Button, Checkbox, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Off, Reward, Step } from '../../../../../src/core/promotion.ts';
import { Field } from '../../parts/field.tsx';
import { blankReward, REWARD_KINDS, type RewardKind } from './draft.ts';
import { ItemPicker } from './item-picker.tsx';
import { CountField, GoodsField, MoneyField, PercentField } from './rule-fields.tsx';

interface EditorProps<R> {
  readonly reward: R;
  readonly onChange: (reward: Reward) => void;
}

export function RewardEditor({ reward, onChange }: EditorProps<Reward>) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <Field label={t('price.reward')}>
        <Select<RewardKind>
          value={reward.kind}
          aria-label={t('price.reward')}
          data-testid="reward-kind"
          options={REWARD_KINDS.map((kind) => ({ value: kind, label: t(`price.${kind}`) }))}
          onChange={(kind) => onChange(blankReward(kind))}
        />
      </Field>
      <div className="form-row">
        <RewardFields reward={reward} onChange={onChange} />
      </div>
    </div>
  );
}

function RewardFields({ reward, onChange }: EditorProps<Reward>) {
  const { t } = useTranslation();
  switch (reward.kind) {
    case 'percent_off':
      return (
        <PercentField
          label={t('price.percent')}
          value={reward.rateBp}
          onChange={(rateBp = 0) => onChange({ ...reward, rateBp })}
        />
      );
    case 'amount_off':
      return (
        <MoneyField
          label={t('price.amount')}
          value={reward.amountMinor}
          onChange={(amountMinor = 0) => onChange({ ...reward, amountMinor })}
        />
      );
    case 'unit_price':
      return (
        <MoneyField
          label={t('price.price')}
          value={'priceMinor' in reward ? reward.priceMinor : undefined}
          onChange={(priceMinor = 0) => onChange({ kind: 'unit_price', priceMinor })}
        />
      );
    case 'n_for_price':
      return (
        <>
          <CountField
            label={t('price.qty')}
            value={reward.qty}
            onChange={(qty = 1) => onChange({ ...reward, qty })}
          />
          <MoneyField
            label={t('price.price')}
            value={reward.priceMinor}
            onChange={(priceMinor = 0) => onChange({ ...reward, priceMinor })}
          />
        </>
      );
    case 'buy_get':
      return (
        <>
          <CountField
            label={t('price.buyQty')}
            value={reward.buyQty}
            onChange={(buyQty = 1) => onChange({ ...reward, buyQty })}
          />
          <CountField
            label={t('price.getQty')}
            value={reward.getQty}
            onChange={(getQty = 1) => onChange({ ...reward, getQty })}
          />
          <PercentField
            label={t('price.getRate')}
            value={reward.rateBp}
            onChange={(rateBp = 0) => onChange({ ...reward, rateBp })}
          />
        </>
      );
    case 'bundle':
      return <BundleFields reward={reward} onChange={onChange} />;
    case 'threshold':
      return <ThresholdFields reward={reward} onChange={onChange} />;
    case 'order_off':
      return (
        <OffFields
          off={reward.off}
          kinds={['rateBp', 'amountMinor', 'fromCode']}
          onChange={(off) => onChange({ kind: 'order_off', off: off as never })}
        />
      );
  }
}

type AnyOff = Off | { readonly priceMinor: number } | { readonly fromCode: true };
type OffKind = 'rateBp' | 'amountMinor' | 'priceMinor' | 'fromCode';

function OffFields({
  off,
  kinds,
  onChange,
}: {
  readonly off: AnyOff;
  readonly kinds: readonly OffKind[];
  readonly onChange: (off: AnyOff) => void;
}) {
  const { t } = useTranslation();
  const kind = kinds.find((one) => one in off) ?? kinds[0]!;
  const words = {
    rateBp: 'percent',
    amountMinor: 'amount',
    priceMinor: 'price',
    fromCode: 'fromCode',
  } as const;
  const first: Record<OffKind, AnyOff> = {
    rateBp: { rateBp: 1_000 },
    amountMinor: { amountMinor: 500 },
    priceMinor: { priceMinor: 1_990 },
    fromCode: { fromCode: true },
  };
  return (
    <>
      <Field label={t('price.offKind')}>
        <Segmented<OffKind>
          size="small"
          value={kind}
          options={kinds.map((one) => ({ value: one, label: t(`price.${words[one]}`) }))}
          onChange={(next) => onChange(first[next])}
        />
      </Field>
      {'rateBp' in off && (
        <PercentField
          label={t('price.percent')}
          value={off.rateBp}
          onChange={(rateBp = 0) => onChange({ rateBp })}
        />
      )}
      {'amountMinor' in off && (
        <MoneyField
          label={t('price.amount')}
          value={off.amountMinor}
          onChange={(amountMinor = 0) => onChange({ amountMinor })}
        />
      )}
      {'priceMinor' in off && (
        <MoneyField
          label={t('price.price')}
          value={off.priceMinor}
          onChange={(priceMinor = 0) => onChange({ priceMinor })}
        />
      )}
    </>
  );
}

function BundleFields({ reward, onChange }: EditorProps<Extract<Reward, { kind: 'bundle' }>>) {
  const { t } = useTranslation();
  const { parts, off } = reward;
  const change = (index: number, part: (typeof parts)[number] | null) =>
    onChange({
      ...reward,
      parts: parts.flatMap((one, at) => (at !== index ? [one] : part === null ? [] : [part])),
    });
  return (
    <div className="stack">
      {parts.map((part, index) => (
        // Parts have no ids: their place is what they are known by.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} className="form-row">
          <GoodsField
            label={t('price.part', { n: index + 1 })}
            filter={part.items}
            onChange={(items) => change(index, { ...part, items })}
          />
          <CountField
            label={t('price.qty')}
            value={part.qty}
            onChange={(qty = 1) => change(index, { ...part, qty })}
          />
          {parts.length > 2 && (
            <Button type="text" onClick={() => change(index, null)}>
              {t('shell.remove')}
            </Button>
          )}
        </div>
      ))}
      <div className="form-row">
        <Button
          size="small"
          onClick={() => onChange({ ...reward, parts: [...parts, { items: { categories: [] }, qty: 1 }] })}
        >
          {t('price.addPart')}
        </Button>
        <OffFields
          off={off}
          kinds={['priceMinor', 'amountMinor', 'rateBp']}
          onChange={(next) => onChange({ ...reward, off: next as never })}
        />
      </div>
    </div>
  );
}

function ThresholdFields({ reward, onChange }: EditorProps<Extract<Reward, { kind: 'threshold' }>>) {
  const { t } = useTranslation();
  const { by, steps } = reward;
  const change = (index: number, step: Step | null) =>
    onChange({
      ...reward,
      steps: steps.flatMap((one, at) => (at !== index ? [one] : step === null ? [] : [step])),
    });
  const last = steps.at(-1);
  const more: Step =
    last === undefined ? { from: 10_000, off: { amountMinor: 500 } } : { ...last, from: last.from * 2 };
  return (
    <div className="stack">
      <Segmented<'amount' | 'quantity'>
        size="small"
        value={by}
        options={[
          { value: 'amount', label: t('price.byAmount') },
          { value: 'quantity', label: t('price.byQuantity') },
        ]}
        onChange={(next) =>
          onChange({
            kind: 'threshold',
            by: next,
            steps: [{ from: next === 'amount' ? 10_000 : 3, off: { amountMinor: 500 } }],
          })
        }
      />
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
        <div key={index} className="form-row">
          {by === 'amount' ? (
            <MoneyField
              label={t('price.step')}
              value={step.from}
              onChange={(from = 1) => change(index, { ...step, from })}
            />
          ) : (
            <CountField
              label={t('price.step')}
              value={step.from}
              onChange={(from = 1) => change(index, { ...step, from })}
            />
          )}
          <StepOff step={step} onChange={(next) => change(index, next)} />
          {steps.length === 1 && (
            <Checkbox
              checked={step.every === true}
              onChange={({ target }) => {
                const { every: _, ...rest } = step;
                change(index, target.checked ? { ...rest, every: true } : rest);
              }}
            >
              {t('price.every')}
            </Checkbox>
          )}
          {steps.length > 1 && (
            <Button type="text" onClick={() => change(index, null)}>
              {t('shell.remove')}
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button
          size="small"
          onClick={() =>
            onChange({
              ...reward,
              steps: [...steps.map(({ every: _, ...step }) => step), withoutEvery(more)],
            })
          }
        >
          {t('price.addStep')}
        </Button>
      </div>
    </div>
  );
}

function withoutEvery({ every: _, ...step }: Step): Step {
  return step;
}

function StepOff({ step, onChange }: { readonly step: Step; readonly onChange: (step: Step) => void }) {
  const { t } = useTranslation();
  const isGift = 'gift' in step.off;
  return (
    <>
      <Checkbox
        checked={isGift}
        onChange={({ target }) =>
          onChange({ ...step, off: target.checked ? { gift: { sku: '', qty: 1 } } : { amountMinor: 500 } })
        }
      >
        {t('price.gift')}
      </Checkbox>
      {'gift' in step.off ? (
        <div style={{ minWidth: 200 }}>
          <ItemPicker
            value={step.off.gift.sku === '' ? [] : [step.off.gift.sku]}
            onChange={(skus) => onChange({ ...step, off: { gift: { sku: skus.at(-1) ?? '', qty: 1 } } })}
          />
        </div>
      ) : (
        <OffFields
          off={step.off}
          kinds={['amountMinor', 'rateBp']}
          onChange={(off) => onChange({ ...step, off: off as Off })}
        />
      )}
    </>
  );
}
