/** Stored value: the rules of top-ups and limits in versions, and one gift card looked at. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { CardState, PolicyShape } from '../../../loyalty-schemas.ts';
import type { PolicyPreview } from '../../../offer-preview-schemas.ts';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Trial } from '../../parts/trial.tsx';
import { type OfferVersion, VersionsCard, versionsPath } from '../../parts/versions-card.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { newVersion, versionBack } from '../prices/draft.ts';
import { MoneyField } from '../prices/rule-fields.tsx';

type Policy = z.infer<typeof PolicyShape>;

const POLICY = '/api/v1/stored-value/policy';

export function ValueTab() {
  const policy = useQuery<Policy>(POLICY);
  return (
    <div className="split-side">
      <div className="stack">
        <Answered query={policy} rows={8} inCard>
          {(known) => (
            <Changeable right="programme.write">
              <PolicyCard key={known.version} known={known} />
            </Changeable>
          )}
        </Answered>
        {policy.data !== null && <PolicyVersions read={policy.data} />}
      </div>
      <GiftCards />
    </div>
  );
}

function PolicyVersions({ read }: { readonly read: Policy }) {
  const { t } = useTranslation();
  const may = useMay();
  const { error, put } = usePut(POLICY);
  const back = async ({ data }: OfferVersion) => {
    await put({
      body: { ...data, version: versionBack(Date.now()) },
      read,
      back: () => ({ ...read, version: newVersion(Date.now()) }),
      text: t('loyalty.published'),
      also: [versionsPath('stored_value')],
    });
  };
  return (
    <>
      <Problem error={error} />
      <VersionsCard kind="stored_value" {...(may('programme.write', 'chain') ? { back } : {})} />
    </>
  );
}

function PolicyTrial({ policy }: { readonly policy: Policy }) {
  const { t } = useTranslation();
  return (
    <Trial<PolicyPreview>
      path={`${POLICY}/preview`}
      body={{ policy }}
      days={[1, 7, 30]}
      testId="policy-trial"
    >
      {({ currency, topUps, toppedUpMinor, refused, refusedMinor, bonusThenMinor, bonusNowMinor }) => {
        const money = (minor: number) => formatMoney(minor, currencyOf(currency));
        if (topUps === 0) return <>{t('loyalty.noTopUps')}</>;
        const facts = { topUps: formatCount(topUps), sum: money(toppedUpMinor) };
        const costs = { was: money(bonusThenMinor), now: money(bonusNowMinor) };
        return (
          <div className="num">
            <p>
              {t('loyalty.policyCost', {
                ...facts,
                ...costs,
                more: money(bonusNowMinor - bonusThenMinor),
              })}
            </p>
            {refused > 0 && <p>{t('loyalty.policyRefused', { count: refused, sum: money(refusedMinor) })}</p>}
            <p className="muted">{t('loyalty.policyAssumed')}</p>
          </div>
        );
      }}
    </Trial>
  );
}

function PolicyCard({ known }: { readonly known: Policy }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(known);
  const { busy, error, put } = usePut(POLICY);
  const publish = () =>
    put({
      body: { ...draft, version: newVersion(Date.now()) },
      read: known,
      back: () => ({ ...known, version: versionBack(Date.now()) }),
      text: t('loyalty.published'),
      also: [versionsPath('stored_value')],
    });
  return (
    <Card title={t('loyalty.policy')} extra={<span className="num">{known.version}</span>}>
      <div className="stack">
        <div className="form-row">
          <MoneyField
            label={t('loyalty.topUpMin')}
            min={1}
            value={draft.topUp.minMinor}
            onChange={(minMinor = 1) => setDraft({ ...draft, topUp: { ...draft.topUp, minMinor } })}
          />
          <MoneyField
            label={t('loyalty.topUpMax')}
            min={1}
            value={draft.topUp.maxMinor}
            onChange={(maxMinor = 1) => setDraft({ ...draft, topUp: { ...draft.topUp, maxMinor } })}
          />
          <MoneyField
            label={t('loyalty.balanceMax')}
            value={draft.named.balanceMaxMinor}
            onChange={(balanceMaxMinor = 0) =>
              setDraft({ ...draft, named: { ...draft.named, balanceMaxMinor } })
            }
          />
          <MoneyField
            label={t('loyalty.unnamedMax')}
            value={draft.unnamed.balanceMaxMinor}
            onChange={(balanceMaxMinor = 0) =>
              setDraft({ ...draft, unnamed: { ...draft.unnamed, balanceMaxMinor } })
            }
          />
        </div>
        {draft.bonus.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
          <div key={index} className="form-row">
            <MoneyField
              label={t('loyalty.bonusFrom')}
              min={1}
              value={step.fromMinor}
              onChange={(fromMinor = 1) =>
                setDraft({
                  ...draft,
                  bonus: draft.bonus.map((one, at) => (at === index ? { ...one, fromMinor } : one)),
                })
              }
            />
            <MoneyField
              label={t('loyalty.bonusGives')}
              min={1}
              value={step.bonusMinor}
              onChange={(bonusMinor = 1) =>
                setDraft({
                  ...draft,
                  bonus: draft.bonus.map((one, at) => (at === index ? { ...one, bonusMinor } : one)),
                })
              }
            />
            <Button
              type="text"
              onClick={() => setDraft({ ...draft, bonus: draft.bonus.filter((_, at) => at !== index) })}
            >
              {t('shell.remove')}
            </Button>
          </div>
        ))}
        <div>
          <Button
            size="small"
            onClick={() =>
              setDraft({ ...draft, bonus: [...draft.bonus, { fromMinor: 100_000, bonusMinor: 5_000 }] })
            }
          >
            {t('loyalty.addBonus')}
          </Button>
        </div>
        <PolicyTrial policy={draft} />
        <Problem error={error} />
        <Button
          type="primary"
          loading={busy}
          data-testid="publish-policy"
          disabled={JSON.stringify(draft) === JSON.stringify(known)}
          onClick={() => void publish()}
        >
          {t('loyalty.publish')}
        </Button>
      </div>
    </Card>
  );
}

function GiftCards() {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  return (
    <Card title={t('loyalty.cardLook')}>
      <div className="stack">
        <Input.Search
          placeholder={t('loyalty.cardCode')}
          aria-label={t('loyalty.cardCode')}
          autoComplete="off"
          onSearch={(typed) => setCode(typed.trim())}
        />
        {code !== '' && <CardView key={code} code={code} />}
      </div>
    </Card>
  );
}

function CardView({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  const path = `/api/v1/gift-cards/${encodeURIComponent(code)}`;
  const card = useQuery<z.infer<typeof CardState>>(path);
  const { busy, error, send } = useSend();
  const block = async () => {
    if ((await send('POST', `${path}/block`)) !== null) await refresh(path);
  };
  return (
    <Answered query={card} rows={3}>
      {({ codeTail, balanceMinor, currency, validTo, blocked }) => (
        <div className="stack">
          <Facts
            facts={[
              { name: t('loyalty.cardCode'), value: <span className="num">…{codeTail}</span> },
              {
                name: t('loyalty.balance'),
                value: <b className="num">{formatMoney(balanceMinor, currencyOf(currency))}</b>,
              },
              { name: t('loyalty.validTo'), value: validTo ?? '—' },
              blocked ? { name: t('loyalty.state'), value: t('loyalty.blocked') } : null,
            ]}
          />
          <Problem error={error} />
          {!blocked && (
            <Button danger loading={busy} onClick={() => void block()}>
              {t('loyalty.block')}
            </Button>
          )}
        </div>
      )}
    </Answered>
  );
}
