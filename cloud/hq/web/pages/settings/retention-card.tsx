/** When members are forgotten by themselves: rules that are edited, tried (whom would it forget today?) and only then put in force. */
import { Button, Input, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { RetentionPreview, RetentionRules } from '../../../member-schemas.ts';
import { ApiError, getJson } from '../../api/client.ts';
import { search } from '../../api/paths.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Changeable } from '../../shell/guard.tsx';

type Rules = z.infer<typeof RetentionRules>;
type Rule = Rules['rules'][number];

const RETENTION = '/api/v1/retention-rules';
const BLANK: Rule = { id: '', afterMonths: 36, who: 'no_consent', active: false };

export function RetentionCard() {
  const { t } = useTranslation();
  const rules = useQuery<Rules>(RETENTION);
  return (
    <Card title={t('privacy.retention')}>
      <p className="muted">{t('privacy.retentionHelp')}</p>
      <Answered query={rules} rows={2}>
        {(list) => (
          <Changeable right="privacy.write">
            <div className="stack">
              {list.rules.length === 0 && <p>{t('privacy.noRetention')}</p>}
              {list.rules.map((rule) => (
                <RuleForm key={JSON.stringify(rule)} known={rule} read={list} />
              ))}
              <RuleForm key={`new ${list.rules.length}`} known={null} read={list} />
            </div>
          </Changeable>
        )}
      </Answered>
    </Card>
  );
}

interface FormProps {
  /** Null: a new one. */
  readonly known: Rule | null;
  readonly read: Rules;
}

function RuleForm({ known, read }: FormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Rule>(known ?? BLANK);
  const [tried, setTried] = useState<{ text: string; members: number } | null>(null);
  const { busy, error, put } = usePut(RETENTION);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const text = JSON.stringify(draft);
  const seen = tried?.text === text ? tried.members : null;
  const set = (change: Partial<Rule>) => setDraft({ ...draft, ...change });
  const ask = async () => {
    const { afterMonths, who } = draft;
    try {
      const path = `${RETENTION}/preview${search({ afterMonths, who })}`;
      const { members } = await getJson<z.infer<typeof RetentionPreview>>(path);
      setTried({ text, members });
      setFailed(null);
    } catch (cause) {
      setFailed(cause instanceof ApiError ? cause : new ApiError('server', null, String(cause), cause));
    }
  };
  const save = () =>
    put({
      body: { rules: [draft] },
      read,
      // A rule of its own cannot be taken away, only put out of force.
      back: () => ({ rules: [known ?? { ...draft, active: false }] }),
    });
  const name = known?.id ?? 'new';
  return (
    <div className="note-box stack" data-testid={`retention-${name}`}>
      {known !== null && <b>{known.id}</b>}
      <div className="form-row">
        {known === null && (
          <Field label={t('privacy.ruleId')}>
            <Input
              style={{ width: 144 }}
              value={draft.id}
              placeholder="lapsed"
              aria-label={t('privacy.ruleId')}
              data-testid="retention-id"
              onChange={(event) => set({ id: event.target.value.trim() })}
            />
          </Field>
        )}
        <Field label={t('privacy.afterMonths')}>
          <InputNumber<number>
            min={1}
            max={1_200}
            precision={0}
            value={draft.afterMonths}
            aria-label={`${t('privacy.afterMonths')} ${name}`}
            data-testid={`retention-months-${name}`}
            onChange={(afterMonths) => set({ afterMonths: afterMonths ?? 1 })}
          />
        </Field>
        <Field label={t('privacy.who')}>
          <Select<Rule['who']>
            value={draft.who}
            aria-label={`${t('privacy.who')} ${name}`}
            popupMatchSelectWidth={false}
            options={(['no_consent', 'any'] as const).map((who) => ({
              value: who,
              label: t(`privacy.${who}`),
            }))}
            onChange={(who) => set({ who })}
          />
        </Field>
        <Field label={t('privacy.inForce')}>
          <Switch
            checked={draft.active}
            aria-label={`${t('privacy.inForce')} ${name}`}
            data-testid={`retention-active-${name}`}
            onChange={(active) => set({ active })}
          />
        </Field>
      </div>
      <Problem error={error ?? failed} />
      {seen !== null && (
        <p className={seen > 0 ? 'warn-text' : ''} role="status" data-testid={`retention-seen-${name}`}>
          {t('privacy.wouldForget', { count: formatCount(seen) })}
        </p>
      )}
      <div className="form-row">
        <Button disabled={draft.id === ''} onClick={() => void ask()} data-testid={`retention-try-${name}`}>
          {t('privacy.tryRule')}
        </Button>
        <Button
          type="primary"
          loading={busy}
          // What is put in force was looked at first: it erases by itself, and for good.
          disabled={draft.id === '' || text === JSON.stringify(known) || (draft.active && seen === null)}
          onClick={() => void save()}
          data-testid={`retention-save-${name}`}
        >
          {t('shell.save')}
        </Button>
      </div>
    </div>
  );
}
