/**
 * Asks for the access token. It is tried before it is kept.
 */
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, getJson } from '../api/client.ts';
import { STORES } from '../api/paths.ts';
import { keepToken } from '../api/token.ts';
import { Icon } from '../parts/icons.tsx';

export function TokenPage() {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    const typed = token.trim();
    if (typed === '') return setProblem(t('token.empty'));
    setBusy(true);
    const refusal = await tryToken(typed);
    setBusy(false);
    if (refusal === null) keepToken(typed);
    else setProblem(refusal === 'token' ? t('token.refused') : t(`state.${refusal}`));
  };

  return (
    <main className="token-page">
      <form className="card token-form" onSubmit={enter}>
        <div className="brand">Counterfoil</div>
        <h1>{t('token.title')}</h1>
        <p className="muted">{t('token.why')}</p>
        <label htmlFor="token">{t('token.label')}</label>
        <Input.Password
          id="token"
          autoFocus
          autoComplete="off"
          value={token}
          status={problem === null ? '' : 'error'}
          onChange={(event) => setToken(event.target.value)}
          data-testid="token-input"
        />
        {problem !== null && (
          <p className="field-problem" role="alert">
            <Icon name="warn" /> {problem}
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={busy} block data-testid="token-enter">
          {t('token.enter')}
        </Button>
      </form>
    </main>
  );
}

/** @returns null when HQ takes the token, else why not */
async function tryToken(token: string): Promise<ApiError['kind'] | null> {
  try {
    await getJson(STORES, token);
    return null;
  } catch (error) {
    return error instanceof ApiError ? error.kind : 'server';
  }
}
