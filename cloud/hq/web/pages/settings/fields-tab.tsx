/** Custom fields of members: those there are, and a new one, which segments may ask for at once. */
import { Button, Input, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refresh } from '../../api/query-cache.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Changeable } from '../../shell/guard.tsx';

interface CustomField {
  readonly id: string;
  readonly name: string;
  readonly type: (typeof TYPES)[number];
  readonly sensitive: boolean;
  readonly options: readonly string[];
}

export function FieldsTab() {
  const { t } = useTranslation();
  const fields = useQuery<{ fields: CustomField[] }>('/api/v1/custom-fields');
  const columns: Column<CustomField>[] = [
    { key: 'id', title: t('price.ruleId'), value: ({ id }) => id },
    { key: 'name', title: t('setting.fieldName'), value: ({ name }) => name },
    { key: 'type', title: t('setting.fieldType'), value: ({ type }) => t(`setting.type_${type}`) },
    {
      key: 'options',
      title: t('setting.options'),
      value: ({ options }) => (options.length === 0 ? '—' : options.join(t('shell.comma'))),
    },
  ];
  return (
    <div className="split-side">
      <Card
        title={t('setting.fields')}
        extra={<ExportButton name="custom-fields" rows={fields.data?.fields ?? []} columns={columns} />}
        className="card-table"
      >
        <Answered query={fields} rows={4}>
          {(list) => (
            <DataTable
              name="fields"
              rows={list.fields}
              columns={columns}
              rowKey={({ id }) => id}
              empty={
                <Notice icon="settings" title={t('setting.noFields')} help={t('setting.noFieldsHelp')} />
              }
            />
          )}
        </Answered>
      </Card>
      <Changeable right="segments.write" hidden>
        <NewField />
      </Changeable>
    </div>
  );
}

const TYPES = ['text', 'number', 'money', 'date', 'boolean', 'choice', 'choices'] as const;

function NewField() {
  const { t } = useTranslation();
  const empty = { id: '', name: '', type: 'text' as (typeof TYPES)[number], options: '', sensitive: false };
  const [draft, setDraft] = useState(empty);
  const { busy, error, send } = useSend();
  const chooses = draft.type === 'choice' || draft.type === 'choices';
  const add = async () => {
    const { id, name, type, options, sensitive } = draft;
    const list = options.split('\n').map((one) => one.trim());
    const body = {
      name: name.trim(),
      type,
      sensitive,
      ...(chooses ? { options: list.filter(Boolean) } : {}),
    };
    if ((await send('POST', `/api/v1/custom-fields/${encodeURIComponent(id.trim())}`, body)) === null) return;
    setDraft(empty);
    await refresh('/api/v1/custom-fields');
  };
  return (
    <Card title={t('setting.addField')}>
      <div className="stack">
        {(['id', 'name'] as const).map((key) => (
          <Field key={key} label={t(key === 'id' ? 'price.ruleId' : 'setting.fieldName')}>
            <Input
              value={draft[key]}
              aria-label={t(key === 'id' ? 'price.ruleId' : 'setting.fieldName')}
              data-testid={`field-${key}`}
              onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
            />
          </Field>
        ))}
        <Field label={t('setting.fieldType')}>
          <Select
            value={draft.type}
            aria-label={t('setting.fieldType')}
            options={TYPES.map((value) => ({ value, label: t(`setting.type_${value}`) }))}
            onChange={(type) => setDraft({ ...draft, type })}
          />
        </Field>
        {chooses && (
          <Field label={t('setting.optionsHelp')}>
            <Input.TextArea
              autoSize
              value={draft.options}
              aria-label={t('setting.optionsHelp')}
              data-testid="field-options"
              onChange={(event) => setDraft({ ...draft, options: event.target.value })}
            />
          </Field>
        )}
        <div className="switch-row">
          <Switch
            checked={draft.sensitive}
            aria-label={t('setting.sensitive')}
            onChange={(sensitive) => setDraft({ ...draft, sensitive })}
          />
          <span>{t('setting.sensitive')}</span>
        </div>
        <Problem error={error} />
        <Button
          type="primary"
          loading={busy}
          disabled={draft.id.trim() === '' || draft.name.trim() === ''}
          onClick={() => void add()}
          data-testid="field-add"
        >
          {t('setting.addField')}
        </Button>
      </div>
    </Card>
  );
}
