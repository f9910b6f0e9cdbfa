/** What a chain wants to know of a member beside the profile: custom fields, and what they agreed to. Both can be changed here. */
import { Button, DatePicker, Input, InputNumber, Select, Switch } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { FieldList, ValuesShown } from '../../../fact-schemas.ts';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { Link } from '../../shell/router.tsx';
import { consentWord } from './happening.ts';
import type { MemberView } from './member-page.tsx';
import { memberPath } from './member-path.ts';

type CustomField = z.infer<typeof FieldList>['fields'][number];
type Value = z.infer<typeof ValuesShown>['fields'][number]['value'];
type Values = Readonly<Record<string, Value | null>>;

export function FieldsCard({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const path = `${memberPath(memberId)}/fields`;
  const fields = useQuery<z.infer<typeof FieldList>>('/api/v1/custom-fields');
  const values = useQuery<z.infer<typeof ValuesShown>>(path);
  const known: Values | null =
    values.data === null
      ? null
      : Object.fromEntries(values.data.fields.map(({ fieldId, value }) => [fieldId, value]));
  return (
    <Card title={t('setting.fields')}>
      <Answered query={fields} rows={3}>
        {({ fields: all }) => {
          const open = all.filter(({ retired }) => !retired);
          if (open.length === 0)
            return (
              <>
                <p className="muted">{t('setting.noFields')}</p>
                <Link to={{ page: 'settings', tab: 'fields' }}>{t('setting.fields')}</Link>
              </>
            );
          if (known === null) return null;
          return (
            <Changeable right="members.write">
              <FieldsForm key={JSON.stringify(known)} path={path} fields={open} known={known} />
            </Changeable>
          );
        }}
      </Answered>
    </Card>
  );
}

function FieldsForm(props: {
  readonly path: string;
  readonly fields: readonly CustomField[];
  readonly known: Values;
}) {
  const { t } = useTranslation();
  const { path, fields, known } = props;
  const [draft, setDraft] = useState<Values>(known);
  const { busy, error, send } = useSend();
  const toast = useToast();
  const changes = Object.fromEntries(
    fields
      .filter(({ id }) => JSON.stringify(draft[id] ?? null) !== JSON.stringify(known[id] ?? null))
      .map(({ id }) => [id, draft[id] ?? null]),
  );
  const put = async (values: Values) => {
    const done = await send('PATCH', path, { values });
    if (done !== null) await refresh(path);
    return done !== null;
  };
  const save = async () => {
    const back = Object.fromEntries(Object.keys(changes).map((id) => [id, known[id] ?? null]));
    if (await put(changes)) toast({ text: t('shell.saved'), undo: async () => void (await put(back)) });
  };
  return (
    <div className="stack">
      {fields.map((field) => (
        <Field key={field.id} label={field.name}>
          <ValueField
            field={field}
            value={draft[field.id] ?? null}
            onChange={(value) => setDraft({ ...draft, [field.id]: value })}
          />
        </Field>
      ))}
      <Problem error={error} />
      <div>
        <Button
          loading={busy}
          disabled={Object.keys(changes).length === 0}
          onClick={() => void save()}
          data-testid="fields-save"
        >
          {t('shell.save')}
        </Button>
      </div>
    </div>
  );
}

interface ValueProps {
  readonly field: CustomField;
  readonly value: Value | null;
  readonly onChange: (value: Value | null) => void;
}

function ValueField({ field: { id, name, type, options, limits }, value, onChange }: ValueProps) {
  const named = { 'aria-label': name, 'data-testid': `field-${id}` };
  const choices = options.map((option) => ({ value: option, label: option }));
  const scale = 10 ** (type === 'money' ? 2 : 0);
  switch (type) {
    case 'boolean':
      return (
        <div>
          <Switch checked={value === true} onChange={onChange} {...named} />
        </div>
      );
    case 'choice':
      return (
        <Select<string | null>
          allowClear
          value={typeof value === 'string' ? value : null}
          options={choices}
          onChange={(chosen) => onChange(chosen ?? null)}
          {...named}
        />
      );
    case 'choices':
      return (
        <Select<string[]>
          mode="multiple"
          value={Array.isArray(value) ? value : []}
          options={choices}
          onChange={(chosen) => onChange(chosen.length === 0 ? null : chosen)}
          {...named}
        />
      );
    case 'number':
    case 'money':
      return (
        <InputNumber<number>
          value={typeof value === 'number' ? value / scale : null}
          precision={type === 'money' ? 2 : (limits.decimals ?? 0)}
          onChange={(typed) =>
            onChange(typed === null ? null : type === 'money' ? Math.round(typed * scale) : typed)
          }
          {...named}
        />
      );
    case 'date':
      return (
        <DatePicker
          value={typeof value === 'string' ? dayjs(value) : null}
          onChange={(day) => onChange(day === null ? null : day.format('YYYY-MM-DD'))}
          {...named}
        />
      );
    default:
      return (
        <Input
          value={typeof value === 'string' ? value : ''}
          {...(limits.lengthMax === undefined ? {} : { maxLength: limits.lengthMax })}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
          {...named}
        />
      );
  }
}

/** A word is added, never changed: what was said before stays in the member's timeline. */
export function ConsentsCard({ view: { member, consents } }: { readonly view: MemberView }) {
  const { t } = useTranslation();
  const { busy, error, send } = useSend();
  const may = useMay();
  const toast = useToast();
  const path = memberPath(member.id);
  type Said = MemberView['consents'][number];
  const say = async ({ purpose, channel, textVersion }: Said, granted: boolean) => {
    const word = { entryId: crypto.randomUUID(), purpose, channel, granted, textVersion };
    const done = await send('POST', `${path}/consents`, {
      words: [{ ...word, atMs: Date.now(), source: 'hq' }],
    });
    if (done !== null) await refresh(path);
    return done !== null;
  };
  const change = async (said: Said, granted: boolean) => {
    if (await say(said, granted))
      toast({ text: t('shell.saved'), undo: async () => void (await say(said, !granted)) });
  };
  return (
    <Card title={t('member.consents')}>
      <Problem error={error} />
      {consents.length === 0 ? (
        <p className="muted">{t('member.noConsents')}</p>
      ) : (
        <ul className="consents">
          {consents.map((said) => (
            <li key={`${said.purpose} ${said.channel}`}>
              <span>
                {consentWord(said.purpose, t)} · {consentWord(said.channel, t)}{' '}
                <span className="muted num">{said.textVersion}</span>
              </span>
              <span className="row-buttons">
                <span className={said.granted ? 'good-text' : 'muted'}>
                  {t(said.granted ? 'member.agreed' : 'member.refused')}
                </span>
                <Switch
                  size="small"
                  checked={said.granted}
                  loading={busy}
                  disabled={!may('members.write', 'chain')}
                  aria-label={`${consentWord(said.purpose, t)} ${consentWord(said.channel, t)}`}
                  onChange={(granted) => void change(said, granted)}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
