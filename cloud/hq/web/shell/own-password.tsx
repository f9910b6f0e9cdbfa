/** Changing the own password; asked for before anything else of who came in with a temporary one. */
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getJson } from '../api/client.ts';
import { SESSION } from '../api/paths.ts';
import { leave, type Session, signedInAs } from '../api/session.ts';
import { useSend } from '../api/use-send.ts';
import { useBrand } from '../brand.ts';
import { BrandMark } from '../parts/brand-mark.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icons.tsx';
import { Problem } from '../parts/problem.tsx';

export function OwnPasswordPage() {
  const { t } = useTranslation();
  return (
    <main className="gate-page">
      <section className="card gate-card">
        <div className="brand">
          <BrandMark brand={useBrand()} />
        </div>
        <h1>{t('access.ownPassword')}</h1>
        <p className="muted">{t('access.ownPasswordWhy')}</p>
        <PasswordChange onDone={async () => signedInAs(await getJson<Session>(SESSION))} />
        <Button type="text" block onClick={leave}>
          {t('access.signOut')}
        </Button>
      </section>
    </main>
  );
}

export function PasswordChange({ onDone }: { readonly onDone: () => void | Promise<void> }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState({ old: '', password: '', again: '' });
  const { busy, error, send } = useSend();
  const same = draft.password === draft.again;
  const change = async (event: FormEvent) => {
    event.preventDefault();
    const { old, password } = draft;
    if (!same || (await send('PUT', `${SESSION}/password`, { old, password })) === null) return;
    setDraft({ old: '', password: '', again: '' });
    await onDone();
  };
  const field = (key: keyof typeof draft, label: string, autoComplete: string) => (
    <Field label={label}>
      <Input.Password
        aria-label={label}
        value={draft[key]}
        autoComplete={autoComplete}
        onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
        data-testid={`password-${key}`}
      />
    </Field>
  );
  return (
    <form className="stack" onSubmit={(event) => void change(event)}>
      {field('old', t('access.oldPassword'), 'current-password')}
      {field('password', t('access.newPassword'), 'new-password')}
      {field('again', t('access.again'), 'new-password')}
      {!same && draft.again !== '' && (
        <p className="field-problem" role="alert">
          <Icon name="warn" /> {t('access.notSame')}
        </p>
      )}
      <Problem error={error} />
      <Button
        type="primary"
        htmlType="submit"
        loading={busy}
        disabled={!same || draft.password === '' || draft.old === ''}
        data-testid="password-change"
      >
        {t('access.changePassword')}
      </Button>
    </form>
  );
}
