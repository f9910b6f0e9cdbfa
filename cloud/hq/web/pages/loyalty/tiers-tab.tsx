/** Tiers with their discount, and the rule by which they are earned, in versions by date. */
import { Button, DatePicker, InputNumber } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { RulePreview, TierList } from '../../../catalog-schemas.ts';
import type { TierRuleShape, TierRules } from '../../../loyalty-schemas.ts';
import type { TierRulePreview } from '../../../offer-preview-schemas.ts';
import { madeFrom } from '../../api/client.ts';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { addDays } from '../../format/date.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount, formatRateBp } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { newestDate, useChainCurrency, useStores } from '../../parts/stores.ts';
import { useToast } from '../../parts/toast.tsx';
import { Trial } from '../../parts/trial.tsx';
import { useNow } from '../../parts/use-now.ts';
import { type OfferVersion, VersionsCard, versionsPath } from '../../parts/versions-card.tsx';
import { newVersion, versionBack } from '../prices/draft.ts';
import { itemName } from '../prices/item-picker.tsx';
import { PreviewBooks } from '../prices/preview-books.tsx';
import { CountField, MoneyField } from '../prices/rule-fields.tsx';

type Tier = TierList['tiers'][number];
type Preview = z.infer<typeof RulePreview>;
type TierRule = z.infer<typeof TierRuleShape>;

const TIERS = '/api/v1/tiers';
const RULES = '/api/v1/tier-rules';
/** Growth that a first rule begins with, by rank. */
const FIRST_LEVELS = [0, 1_000, 5_000, 20_000];

export function TiersTab() {
  const tiers = useQuery<TierList>(TIERS);
  return (
    <div className="split">
      <Answered query={tiers} rows={4} inCard>
        {(list) => <Discounts key={JSON.stringify(list.tiers)} read={list} />}
      </Answered>
      <Rules tiers={tiers.data?.tiers ?? []} />
    </div>
  );
}

/** Discounts are typed, tried on yesterday's sales, and only then in force. */
function Discounts({ read }: { readonly read: TierList }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { busy, error, put } = usePut(TIERS);
  const [typed, setTyped] = useState<Readonly<Record<string, number>>>({});
  const changed = read.tiers.flatMap((tier) => {
    const discountBp = typed[tier.id] ?? tier.discountBp;
    return discountBp === tier.discountBp ? [] : [{ ...tier, discountBp }];
  });
  const save = () =>
    put({
      body: { tiers: changed },
      read,
      back: () => ({ tiers: read.tiers.filter(({ id }) => changed.some((tier) => tier.id === id)) }),
      text: t('loyalty.discountSet', {
        what: changed.map((tier) => `${itemName(tier, locale)} ${formatRateBp(tier.discountBp)}`).join(' · '),
      }),
    });
  const columns: Column<Tier>[] = [
    { key: 'rank', title: t('loyalty.rank'), value: ({ rank }) => rank },
    { key: 'name', title: t('loyalty.tierName'), value: (tier) => itemName(tier, locale) },
    {
      key: 'discount',
      title: t('loyalty.discount'),
      number: true,
      value: ({ discountBp }) => discountBp,
      exported: ({ discountBp }) => formatRateBp(discountBp),
      show: (tier) => (
        <InputNumber<number>
          min={0}
          max={100}
          precision={2}
          suffix="%"
          value={(typed[tier.id] ?? tier.discountBp) / 100}
          aria-label={`${t('loyalty.discount')} ${itemName(tier, locale)}`}
          data-testid={`discount-${tier.id}`}
          onChange={(percent) => setTyped({ ...typed, [tier.id]: Math.round((percent ?? 0) * 100) })}
        />
      ),
    },
  ];
  return (
    <Card
      title={t('loyalty.tiers')}
      extra={<ExportButton name="tiers" rows={read.tiers} columns={columns} />}
      className="card-table"
    >
      <DataTable
        name="tiers"
        rows={read.tiers}
        columns={columns}
        rowKey={({ id }) => id}
        empty={<Notice icon="loyalty" title={t('loyalty.noTiers')} help={t('loyalty.noTiersHelp')} />}
      />
      <div className="stack table-foot">
        <Problem error={error} />
        <div className="form-row">
          <DiscountTrial tiers={changed} />
          <Button
            type="primary"
            loading={busy}
            disabled={changed.length === 0}
            onClick={() => void save()}
            data-testid="discounts-save"
          >
            {t('loyalty.publish')}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function DiscountTrial({ tiers }: { readonly tiers: readonly Tier[] }) {
  const { t } = useTranslation();
  const date = addDays(newestDate(useStores().data?.stores ?? [], useNow()), -1);
  const [tried, setTried] = useState<{ text: string; books: Preview['books'] } | null>(null);
  const { busy, error, send } = useSend();
  const asked = tiers.map(({ id, discountBp }) => ({ id, discountBp }));
  const text = JSON.stringify(asked);
  const ask = async () => {
    const answer = await send<Preview>('POST', `${TIERS}/preview`, { businessDate: date, tiers: asked });
    if (answer !== null) setTried({ text, books: answer.books });
  };
  return (
    <>
      <Button
        loading={busy}
        disabled={tiers.length === 0}
        onClick={() => void ask()}
        data-testid="preview-discounts"
      >
        {t('loyalty.preview', { date })}
      </Button>
      {tried?.text === text && (
        <span data-testid="discounts-answer">
          <PreviewBooks books={tried.books} />
        </span>
      )}
      <Problem error={error} />
    </>
  );
}

function Rules({ tiers }: { readonly tiers: readonly Tier[] }) {
  const { t } = useTranslation();
  const rules = useQuery<z.infer<typeof TierRules>>(RULES);
  const may = useMay();
  const [backed, setBacked] = useState<TierRule | null>(null);
  const list = rules.data?.rules ?? [];
  const last = list.at(-1) ?? null;
  /** The words of an earlier version, from the first day that can still be decided; published after a look at whom it moves. */
  const bringBack = (rule: TierRule) => setBacked({ ...rule, from: firstDayAfter(last) });
  const back = ({ data }: OfferVersion) => bringBack(data as unknown as TierRule);
  const before = list.at(-2);
  return (
    <div className="stack">
      <Card title={t('loyalty.rules')}>
        <Answered query={rules} rows={6}>
          {({ rules: list }) => (
            <div className="stack">
              {list.length === 0 && (
                <Notice icon="loyalty" title={t('loyalty.noRules')} help={t('loyalty.noTierRuleHelp')} />
              )}
              {list.map((rule) => (
                <RuleView key={rule.version} rule={rule} tiers={tiers} />
              ))}
              {before !== undefined && may('programme.write', 'chain') && (
                <div>
                  <Button size="small" onClick={() => bringBack(before)} data-testid="take-back-rule">
                    {t('loyalty.takeBack')}
                  </Button>
                </div>
              )}
              {backed !== null && (
                <p className="note-box" role="status">
                  {t('loyalty.backIn', { version: backed.version, date: backed.from })}
                </p>
              )}
              <RuleForm
                key={`${last?.version} ${backed?.version}`}
                last={last}
                backed={backed}
                tiers={tiers}
                read={rules.data}
                onDone={() => setBacked(null)}
              />
            </div>
          )}
        </Answered>
      </Card>
      <VersionsCard kind="tier_rule" {...(may('programme.write', 'chain') ? { back } : {})} />
    </div>
  );
}

/** A version that no store has begun is replaced on its own day; else a new one begins tomorrow, or after the last. */
function firstDayAfter(last: TierRule | null): string {
  const day = (days: number) => dayjs().add(days, 'day').format('YYYY-MM-DD');
  if (last === null || last.from < day(1)) return day(1);
  return last.from > day(2) ? last.from : addDays(last.from, 1);
}

function RuleView({ rule, tiers }: { readonly rule: TierRule; readonly tiers: readonly Tier[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const currency = useStores().data?.stores[0]?.currency;
  const per = currency === undefined ? undefined : rule.growth.perMinor[currency.code];
  return (
    <div className="note-box">
      <b>{t('loyalty.ruleFrom', { date: rule.from })}</b> <span className="muted num">{rule.version}</span>
      {per !== undefined && currency !== undefined && (
        <p className="muted">
          {t('loyalty.perMinor')}: {formatMoney(per, currency)} · {t('loyalty.months')}:{' '}
          {rule.growth.windowMonths ?? '—'}
        </p>
      )}
      <ul className="num">
        {rule.levels.map(({ tierId, fromGrowth }) => {
          const tier = tiers.find(({ id }) => id === tierId);
          return (
            <li key={tierId}>
              {tier === undefined ? tierId : itemName(tier, locale)}: {t('loyalty.fromGrowth')}{' '}
              {formatCount(fromGrowth)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface RuleFormProps {
  readonly last: TierRule | null;
  /** The words that are to come back. */
  readonly backed: TierRule | null;
  readonly onDone: () => void;
  readonly tiers: readonly Tier[];
  /** The answer that the rules came with. */
  readonly read: object | null;
}

function RuleForm({ last, backed, tiers, read, onDone }: RuleFormProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { code } = useChainCurrency();
  const { busy, error, send } = useSend();
  const toast = useToast();
  const [draft, setDraft] = useState<TierRule>(
    backed ??
      last ?? {
        version: 'new',
        from: dayjs().add(1, 'day').format('YYYY-MM-DD'),
        growth: { perMinor: { [code]: 100 }, windowMonths: 12 },
        levels: tiers.map(({ id }, index) => ({
          tierId: id,
          fromGrowth: FIRST_LEVELS[index] ?? index * 20_000,
        })),
        validity: { months: 12, graceDays: 30, drop: 'one' },
      },
  );
  const levels =
    draft.levels.length > 0 ? draft.levels : tiers.map(({ id }) => ({ tierId: id, fromGrowth: 0 }));
  const publish = async () => {
    const name = backed === null ? newVersion(Date.now()) : versionBack(Date.now());
    const done = await send('PUT', RULES, { ...draft, levels, version: name }, madeFrom(read));
    if (done === null) return;
    onDone();
    await Promise.all([RULES, versionsPath('tier_rule')].map(refresh));
    toast({ text: t('loyalty.rulePublished', { date: draft.from }) });
  };
  const tried = { ...draft, levels, version: 'try' };
  return (
    <div className="stack">
      <div className="form-row">
        <Field label={t('loyalty.startsOn')}>
          <DatePicker
            value={dayjs(draft.from)}
            allowClear={false}
            aria-label={t('loyalty.startsOn')}
            onChange={(day) => day && setDraft({ ...draft, from: day.format('YYYY-MM-DD') })}
          />
        </Field>
        <MoneyField
          label={t('loyalty.perMinor')}
          min={1}
          value={draft.growth.perMinor[code]}
          onChange={(minor = 100) =>
            setDraft({ ...draft, growth: { ...draft.growth, perMinor: { [code]: minor } } })
          }
        />
        <CountField
          label={t('loyalty.months')}
          max={600}
          value={draft.growth.windowMonths ?? undefined}
          onChange={(months) =>
            setDraft({ ...draft, growth: { ...draft.growth, windowMonths: months ?? null } })
          }
        />
        <CountField
          label={t('loyalty.grace')}
          min={0}
          max={366}
          value={draft.validity.graceDays}
          onChange={(graceDays = 0) => setDraft({ ...draft, validity: { ...draft.validity, graceDays } })}
        />
      </div>
      <div className="form-row">
        {levels.map((level, index) => {
          const tier = tiers.find(({ id }) => id === level.tierId);
          return (
            <CountField
              key={level.tierId}
              label={`${tier === undefined ? level.tierId : itemName(tier, locale)} ≥`}
              min={0}
              max={1_000_000_000}
              value={level.fromGrowth}
              onChange={(fromGrowth = 0) =>
                setDraft({
                  ...draft,
                  levels: levels.map((one, at) => (at === index ? { ...one, fromGrowth } : one)),
                })
              }
            />
          );
        })}
      </div>
      <Trial<TierRulePreview>
        path={`${RULES}/preview`}
        body={{ rule: tried }}
        days={[1]}
        disabled={levels.length === 0}
        testId="tier-rule-trial"
      >
        {(answer) => <Moves answer={answer} tiers={tiers} />}
      </Trial>
      <Problem error={error} />
      <div>
        <Button loading={busy} onClick={() => void publish()} data-testid="publish-tier-rule">
          {t('loyalty.publish')}
        </Button>
      </div>
    </div>
  );
}

function Moves({ answer, tiers }: { readonly answer: TierRulePreview; readonly tiers: readonly Tier[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { on, members, looked, up, down, moves, books } = answer;
  const nameOf = (tierId: string) => {
    const tier = tiers.find(({ id }) => id === tierId);
    return tier === undefined ? tierId : itemName(tier, locale);
  };
  return (
    <div className="num">
      <p>
        {t('loyalty.movesCost', { date: on, up: formatCount(up), down: formatCount(down) })}{' '}
        {looked < members &&
          t('loyalty.membersLooked', { looked: formatCount(looked), members: formatCount(members) })}
      </p>
      <ul>
        {moves.map(({ fromTierId, toTierId, members: count }) => (
          <li key={`${fromTierId} ${toTierId}`}>
            {nameOf(fromTierId)} → {nameOf(toTierId)}: {formatCount(count)}
          </li>
        ))}
      </ul>
      <p>
        {t('loyalty.yesterday')}: <PreviewBooks books={books} />
      </p>
      <p className="muted">{t('loyalty.movesAssumed')}</p>
    </div>
  );
}
