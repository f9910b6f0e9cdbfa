/** The points programme: edited, tried on yesterday's sales, published under a new version. */
import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TierList } from '../../../catalog-schemas.ts';
import type { ProgrammePreview } from '../../../loyalty-schemas.ts';
import type { CurrentProgramme, ProgrammeShape } from '../../../people-schemas.ts';
import { useMay } from '../../api/session.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { addDays } from '../../format/date.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Problem } from '../../parts/problem.tsx';
import { newestDate, useChainCurrency, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { type OfferVersion, VersionsCard, versionsPath } from '../../parts/versions-card.tsx';
import { newVersion, versionBack } from '../prices/draft.ts';
import { itemName } from '../prices/item-picker.tsx';
import { CountField, MoneyField, PercentField } from '../prices/rule-fields.tsx';

type Programme = z.infer<typeof ProgrammeShape>;
type Multiplier = Programme['earn']['multipliers'][number];

const PROGRAMME = '/api/v1/programme';
const FIRST: Programme = {
  version: 'new',
  earn: { perMinor: 100, multipliers: [], timesMaxBp: 40_000 },
  spend: { points: 100, worthMinor: 100, stepPoints: 100, capBp: 5_000 },
};

export function ProgrammeTab() {
  const programme = useQuery<z.infer<typeof CurrentProgramme>>(PROGRAMME);
  return (
    <Answered query={programme} rows={10} inCard>
      {(read) => <Editor key={read.programme?.version} known={read.programme} read={read} />}
    </Answered>
  );
}

function Editor({ known, read }: { readonly known: Programme | null; readonly read: object }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Programme>(known ?? FIRST);
  const { busy, error, put } = usePut(PROGRAMME);
  const changed = known === null || JSON.stringify(known) !== JSON.stringify(draft);
  const { earn, spend } = draft;
  const setEarn = (change: Partial<Programme['earn']>) =>
    setDraft({ ...draft, earn: { ...earn, ...change } });
  const setSpend = (change: Partial<Programme['spend']>) =>
    setDraft({ ...draft, spend: { ...spend, ...change } });
  const publish = () =>
    put({
      body: { ...draft, version: newVersion(Date.now()) },
      read,
      // Under a name of its own: sales of the minutes between name the version that was taken back.
      back: known === null ? undefined : () => ({ ...known, version: versionBack(Date.now()) }),
      text: t('loyalty.published'),
      also: [versionsPath('programme')],
    });
  const may = useMay();
  const back = async ({ data }: OfferVersion) => {
    await put({
      body: { ...data, version: versionBack(Date.now()) },
      read,
      back: known === null ? undefined : () => ({ ...known, version: newVersion(Date.now()) }),
      text: t('loyalty.published'),
      also: [versionsPath('programme')],
    });
  };
  return (
    <div className="split-side">
      <Card
        title={
          known === null ? t('loyalty.noProgramme') : t('loyalty.currentVersion', { version: known.version })
        }
      >
        <div className="stack">
          <div className="form-row">
            <MoneyField
              label={t('loyalty.earnPer')}
              min={1}
              value={earn.perMinor}
              onChange={(perMinor = 100) => setEarn({ perMinor })}
            />
            <Field label={t('loyalty.timesMax')}>
              <InputNumber<number>
                aria-label={t('loyalty.timesMax')}
                min={0.1}
                max={100}
                precision={1}
                value={earn.timesMaxBp / 10_000}
                onChange={(times) => setEarn({ timesMaxBp: Math.round((times ?? 1) * 10_000) })}
              />
            </Field>
          </div>
          <div className="form-row">
            <CountField
              label={t('loyalty.spendPoints')}
              value={spend.points}
              onChange={(points = 100) => setSpend({ points })}
            />
            <MoneyField
              label={t('loyalty.spendWorth')}
              min={1}
              value={spend.worthMinor}
              onChange={(worthMinor = 1) => setSpend({ worthMinor })}
            />
            <CountField
              label={t('loyalty.step')}
              value={spend.stepPoints}
              onChange={(stepPoints = 1) => setSpend({ stepPoints })}
            />
            <PercentField
              label={t('loyalty.cap')}
              value={spend.capBp}
              onChange={(capBp = 0) => setSpend({ capBp })}
            />
          </div>
          <Expiry draft={draft} onChange={setDraft} />
          <Multipliers list={earn.multipliers} onChange={(multipliers) => setEarn({ multipliers })} />
          <Problem error={error} />
          <div className="form-row">
            <Trial draft={draft} />
            <Button
              type="primary"
              disabled={!changed}
              loading={busy}
              onClick={() => void publish()}
              data-testid="publish-programme"
            >
              {t('loyalty.publish')}
            </Button>
          </div>
        </div>
      </Card>
      <VersionsCard kind="programme" {...(may('programme.write', 'chain') ? { back } : {})} />
    </div>
  );
}

type Expires = NonNullable<Programme['lots']>['expiry'];

function Expiry({
  draft,
  onChange,
}: {
  readonly draft: Programme;
  readonly onChange: (draft: Programme) => void;
}) {
  const { t } = useTranslation();
  const expiry: Expires = draft.lots?.expiry ?? { kind: 'never' };
  const set = (next: Expires) =>
    onChange({ ...draft, lots: { graceDays: 0, shortfall: 'owe', ...draft.lots, expiry: next } });
  const first = {
    never: { kind: 'never' },
    days: { kind: 'days', days: 365 },
    year_end: { kind: 'year_end', yearsAfter: 1 },
  } as const;
  return (
    <div className="form-row">
      <Field label={t('loyalty.expiry')}>
        <Select<Expires['kind']>
          value={expiry.kind}
          aria-label={t('loyalty.expiry')}
          popupMatchSelectWidth={false}
          options={(['never', 'days', 'year_end'] as const).map((kind) => ({
            value: kind,
            label: t(`loyalty.${kind}`),
          }))}
          onChange={(kind) => set(first[kind])}
        />
      </Field>
      {expiry.kind === 'days' && (
        <CountField
          label={t('loyalty.howMany')}
          max={36_500}
          value={expiry.days}
          onChange={(days = 1) => set({ kind: 'days', days })}
        />
      )}
      {expiry.kind === 'year_end' && (
        <CountField
          label={t('loyalty.howMany')}
          min={0}
          max={100}
          value={expiry.yearsAfter}
          onChange={(yearsAfter = 0) => set({ kind: 'year_end', yearsAfter })}
        />
      )}
    </div>
  );
}

function Multipliers({
  list,
  onChange,
}: {
  readonly list: readonly Multiplier[];
  readonly onChange: (list: Multiplier[]) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tiers = useQuery<TierList>('/api/v1/tiers').data?.tiers ?? [];
  const change = (index: number, by: Multiplier | null) =>
    onChange(list.flatMap((one, at) => (at !== index ? [one] : by === null ? [] : [by])));
  return (
    <div className="stack">
      <span className="muted">{t('loyalty.multipliers')}</span>
      {list.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the id is what is edited here
        <div key={index} className="multiplier">
          <Field label={t('loyalty.multiplierId')}>
            <Input
              aria-label={t('loyalty.multiplierId')}
              value={one.id}
              onChange={(event) => change(index, { ...one, id: event.target.value })}
            />
          </Field>
          <Field label={t('loyalty.times')}>
            <InputNumber<number>
              aria-label={t('loyalty.times')}
              min={0}
              max={100}
              precision={1}
              value={one.timesBp / 10_000}
              onChange={(times) => change(index, { ...one, timesBp: Math.round((times ?? 1) * 10_000) })}
            />
          </Field>
          <Field label={t('loyalty.onMonthDays')}>
            <Select<number[]>
              mode="multiple"
              aria-label={t('loyalty.onMonthDays')}
              value={[...(one.validity?.monthDays ?? [])]}
              options={Array.from({ length: 31 }, (_, day) => ({ value: day + 1, label: String(day + 1) }))}
              onChange={(monthDays) => {
                const { validity: _, ...rest } = one;
                change(
                  index,
                  monthDays.length === 0 ? rest : { ...rest, validity: { ...one.validity, monthDays } },
                );
              }}
            />
          </Field>
          <Field label={t('loyalty.ofTiers')}>
            <Select<string[]>
              mode="multiple"
              aria-label={t('loyalty.ofTiers')}
              value={[...(one.tiers ?? [])]}
              options={tiers.map((tier) => ({ value: tier.id, label: itemName(tier, locale) }))}
              onChange={(chosen) => {
                const { tiers: _, ...rest } = one;
                change(index, chosen.length === 0 ? rest : { ...rest, tiers: chosen });
              }}
            />
          </Field>
          <Checkbox
            className="multiplier-birthday"
            checked={one.birthdayMonth === true}
            onChange={({ target }) => {
              const { birthdayMonth: _, ...rest } = one;
              change(index, target.checked ? { ...rest, birthdayMonth: true } : rest);
            }}
          >
            {t('loyalty.birthdayMonth')}
          </Checkbox>
          <Button
            type="text"
            aria-label={t('shell.remove')}
            icon={<Icon name="close" />}
            onClick={() => change(index, null)}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          onClick={() => onChange([...list, { id: `times-${list.length + 1}`, timesBp: 20_000 }])}
        >
          {t('loyalty.addMultiplier')}
        </Button>
      </div>
    </div>
  );
}

function Trial({ draft }: { readonly draft: Programme }) {
  const { t } = useTranslation();
  const currency = useChainCurrency();
  const date = addDays(newestDate(useStores().data?.stores ?? [], useNow()), -1);
  const [answer, setAnswer] = useState<{ text: string; value: z.infer<typeof ProgrammePreview> } | null>(
    null,
  );
  const { busy, error, send } = useSend();
  const text = JSON.stringify(draft);
  const ask = async () => {
    const value = await send<z.infer<typeof ProgrammePreview>>('POST', `${PROGRAMME}/preview`, {
      businessDate: date,
      programme: draft,
    });
    if (value !== null) setAnswer({ text, value });
  };
  return (
    <>
      <Button loading={busy} onClick={() => void ask()} data-testid="preview-programme">
        {t('loyalty.preview', { date })}
      </Button>
      {answer?.text === text && (
        <span className="num" data-testid="programme-answer">
          {t('loyalty.previewAnswer', {
            sales: formatCount(answer.value.sales),
            before: formatCount(answer.value.pointsThen),
            now: formatCount(answer.value.pointsNow),
            worth: formatMoney(answer.value.worthMinor, currency),
          })}
          {answer.value.endsThen !== answer.value.endsNow && (
            <>
              {' '}
              {t('loyalty.endsOn', {
                before: answer.value.endsThen ?? t('loyalty.never'),
                now: answer.value.endsNow ?? t('loyalty.never'),
              })}
            </>
          )}
        </span>
      )}
      <Problem error={error} />
    </>
  );
}
