/** API tokens: what each may do, until when; a new one's secret is shown once. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { AddedToken, RightList, TokenList, TokenShape } from '../../../access-schemas.ts';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute } from '../../format/date.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { rightsInWords } from '../../shell/right-words.ts';
import { CountField } from '../prices/rule-fields.tsx';
import { SecretShown } from './secret-shown.tsx';

type Token = z.infer<typeof TokenShape>;

const TOKENS = '/api/v1/tokens';

export function TokensTab() {
  const { t } = useTranslation();
  const tokens = useQuery<z.infer<typeof TokenList>>(TOKENS);
  const { error, send } = useSend();
  const may = useMay();
  const revoke = async ({ id }: Token) => {
    if ((await send('DELETE', `${TOKENS}/${encodeURIComponent(id)}`)) !== null) await refresh(TOKENS);
  };
  const time = (ms: number | null) => (ms === null ? '—' : dateMinute(ms, undefined));
  const columns: Column<Token>[] = [
    { key: 'name', title: t('setting.fieldName'), value: ({ name }) => name },
    {
      key: 'rights',
      title: t('setting.rights'),
      from: 'md',
      value: ({ rights }) => rightsInWords(rights, t).join(' · '),
    },
    {
      key: 'used',
      title: t('setting.lastUsed'),
      from: 'lg',
      value: ({ lastUsedAtMs }) => time(lastUsedAtMs),
    },
    { key: 'ends', title: t('setting.expires'), value: ({ expiresAtMs }) => time(expiresAtMs) },
    {
      key: 'act',
      title: '',
      value: () => '',
      show: (token) =>
        token.revoked ? (
          <span className="muted">{t('setting.revoked')}</span>
        ) : (
          <Button
            size="small"
            danger
            disabled={!may('access.write', 'chain')}
            onClick={() => void revoke(token)}
          >
            {t('setting.revoke')}
          </Button>
        ),
    },
  ];
  return (
    <div className="split-side">
      <Card
        title={t('setting.tokens')}
        extra={<ExportButton name="tokens" rows={tokens.data?.tokens ?? []} columns={columns.slice(0, -1)} />}
        className="card-table"
      >
        <Problem error={error} />
        <Answered query={tokens} rows={4}>
          {(list) => (
            <DataTable
              name="tokens"
              rows={list.tokens}
              columns={columns}
              rowKey={({ id }) => id}
              empty={
                <Notice icon="settings" title={t('setting.noTokens')} help={t('setting.noTokensHelp')} />
              }
            />
          )}
        </Answered>
      </Card>
      <Changeable right="access.write" hidden>
        <NewToken />
      </Changeable>
    </div>
  );
}

function NewToken() {
  const { t } = useTranslation();
  const rights = useQuery<z.infer<typeof RightList>>('/api/v1/rights').data?.rights ?? [];
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [days, setDays] = useState(90);
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, error, send } = useSend();
  const add = async () => {
    const done = await send<z.infer<typeof AddedToken>>('POST', TOKENS, {
      name: name.trim(),
      rights: chosen,
      days,
    });
    if (done === null) return;
    setSecret(done.secret);
    setName('');
    await refresh(TOKENS);
  };
  return (
    <Card title={t('setting.addToken')}>
      <div className="stack">
        <Field label={t('setting.fieldName')}>
          <Input
            value={name}
            aria-label={t('setting.fieldName')}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label={t('setting.rights')}>
          <Select<string[]>
            mode="multiple"
            value={chosen}
            aria-label={t('setting.rights')}
            options={rights.map((right) => ({ value: right, label: rightsInWords([right], t)[0] }))}
            onChange={setChosen}
          />
        </Field>
        <CountField
          label={t('loyalty.validDays')}
          max={3_650}
          value={days}
          onChange={(value = 90) => setDays(value)}
        />
        <Problem error={error} />
        {secret !== null && <SecretShown label={t('setting.secret')} secret={secret} />}
        <Button
          type="primary"
          loading={busy}
          disabled={name.trim() === '' || chosen.length === 0}
          onClick={() => void add()}
        >
          {t('setting.addToken')}
        </Button>
      </div>
    </Card>
  );
}
