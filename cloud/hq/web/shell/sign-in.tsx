/**
 * Signing in: with name, password and the code of an authenticator app where one is asked for, or with an access token.
 * As a page of its own, and as a dialog above a page whose session has ended.
 */
import { Button, Input, Modal } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, getJson, sendOnce } from '../api/client.ts';
import { SESSION } from '../api/paths.ts';
import { refreshWatched } from '../api/query-cache.ts';
import { leave, type Session, signedInAs } from '../api/session.ts';
import { keepToken } from '../api/token.ts';
import { useBrand } from '../brand.ts';
import { clockTime } from '../format/date.ts';
import { BrandMark } from '../parts/brand-mark.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icons.tsx';
import { Languages } from './looks.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <main className="gate-page">
      <section className="card gate-card">
        <div className="brand">
          <BrandMark brand={useBrand()} />
        </div>
        <h1>{t('access.title')}</h1>
        <SignInForm first />
        <Languages />
      </section>
    </main>
  );
}

/** The page below keeps what was typed; there is no way past it but signing in, or leaving. */
export function SignInDialog({ login }: { readonly login: string }) {
  const { t } = useTranslation();
  return (
    <Modal open title={t('access.lostTitle')} closable={false} keyboard={false} footer={null} width={420}>
      <p className="muted">{t('access.lostWhy')}</p>
      <SignInForm first={false} login={login} />
      <Button type="text" block onClick={leave}>
        {t('access.signOut')}
      </Button>
    </Modal>
  );
}

function SignInForm({ first, login = '' }: { readonly first: boolean; readonly login?: string }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<'password' | 'token'>('password');
  return (
    <>
      {by === 'password' ? <PasswordForm known={login} /> : <TokenForm />}
      <Button
        type="link"
        size="small"
        onClick={() => setBy(by === 'password' ? 'token' : 'password')}
        data-testid="sign-in-other"
      >
        {t(by === 'password' ? 'access.useToken' : 'access.usePassword')}
      </Button>
      {first && by === 'password' && (
        <p className="muted gate-help">
          {t('access.firstUser')}
          <code className="hash">npx counterfoil user add NAME --role admin --data FOLDER</code>
        </p>
      )}
    </>
  );
}

function PasswordForm({ known }: { readonly known: string }) {
  const { t } = useTranslation();
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const { busy, problem, tell, run } = useEntering();
  const enter = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const body = { login: login.trim(), password, ...(code ? { code: code.trim() } : {}) };
      try {
        entered(await sendOnce<Session>('POST', SESSION, body));
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause;
        // Asked for once name and password are right: no word of who has a second factor goes to strangers.
        if (cause.word === 'code_needed') return setCode('');
        if (cause.word === 'wrong_credentials' || cause.word === 'wrong_code')
          return tell(t(`access.${cause.word}`));
        if (cause.word === 'locked')
          return tell(t('access.locked', { time: clockTime(untilOf(cause), undefined, true) }));
        throw cause;
      }
    });
  };
  return (
    <form className="stack" onSubmit={enter}>
      <Field label={t('access.login')}>
        <Input
          aria-label={t('access.login')}
          value={login}
          autoFocus={known === ''}
          autoComplete="username"
          autoCapitalize="none"
          onChange={(event) => setLogin(event.target.value)}
          data-testid="sign-in-login"
        />
      </Field>
      <Field label={t('access.password')}>
        <Input.Password
          aria-label={t('access.password')}
          value={password}
          autoFocus={known !== ''}
          autoComplete="current-password"
          onChange={(event) => setPassword(event.target.value)}
          data-testid="sign-in-password"
        />
      </Field>
      {code !== null && (
        <Field label={t('access.code')}>
          <Input
            aria-label={t('access.code')}
            value={code}
            autoFocus
            inputMode="numeric"
            autoComplete="one-time-code"
            onChange={(event) => setCode(event.target.value)}
            data-testid="sign-in-code"
          />
          <span className="muted">{t('access.codeWhy')}</span>
        </Field>
      )}
      <EnterButton busy={busy} problem={problem} ready={login.trim() !== '' && password !== ''} />
    </form>
  );
}

function TokenForm() {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const { busy, problem, tell, run } = useEntering();
  const enter = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      try {
        const session = await getJson<Session>(SESSION, token.trim());
        keepToken(token.trim());
        entered(session);
      } catch (cause) {
        if (cause instanceof ApiError && cause.kind === 'token') return tell(t('access.tokenWrong'));
        throw cause;
      }
    });
  };
  return (
    <form className="stack" onSubmit={enter}>
      <Field label={t('access.token')}>
        <Input.Password
          aria-label={t('access.token')}
          value={token}
          autoFocus
          autoComplete="off"
          onChange={(event) => setToken(event.target.value)}
          data-testid="token-input"
        />
        <span className="muted">{t('access.tokenWhy')}</span>
      </Field>
      <EnterButton busy={busy} problem={problem} ready={token.trim() !== ''} />
    </form>
  );
}

function EnterButton(props: {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly ready: boolean;
}) {
  const { t } = useTranslation();
  return (
    <>
      {props.problem !== null && (
        <p className="field-problem" role="alert" data-testid="sign-in-problem">
          <Icon name="warn" /> {props.problem}
        </p>
      )}
      <Button
        type="primary"
        htmlType="submit"
        loading={props.busy}
        disabled={!props.ready}
        block
        data-testid="sign-in"
      >
        {t('access.enter')}
      </Button>
    </>
  );
}

function useEntering() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [problem, tell] = useState<string | null>(null);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    tell(null);
    try {
      await work();
    } catch (cause) {
      tell(cause instanceof ApiError ? cause.message || t(`state.${cause.kind}`) : t('state.server'));
    }
    setBusy(false);
  };
  return { busy, problem, tell, run };
}

/** What was refused meanwhile is asked for again. */
function entered(session: Session): void {
  signedInAs(session);
  refreshWatched();
}

function untilOf({ facts }: ApiError): number {
  return Number((facts as { untilMs?: number } | null)?.untilMs ?? Date.now());
}
