/** The second factor: asked for with the password, proved by its first code, then recovery codes are shown once. */
import { Button, Input, QRCode } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { FactorSecret, RecoveryCodes } from '../../../access-schemas.ts';
import { getJson } from '../../api/client.ts';
import { SESSION } from '../../api/paths.ts';
import { type Session, signedInAs } from '../../api/session.ts';
import { useSend } from '../../api/use-send.ts';
import { Card } from '../../parts/card.tsx';
import { Problem } from '../../parts/problem.tsx';

const FACTOR = `${SESSION}/second-factor`;

export function FactorCard({ on }: { readonly on: boolean }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState<z.infer<typeof FactorSecret> | null>(null);
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState<readonly string[] | null>(null);
  const { busy, error, send } = useSend();
  const changed = async () => {
    setPassword('');
    setAsked(null);
    setCode('');
    signedInAs(await getJson<Session>(SESSION));
  };
  const start = async () => setAsked(await send('POST', FACTOR, { password }));
  const stop = async () => {
    if ((await send('DELETE', FACTOR, { password })) !== null) await changed();
  };
  const prove = async () => {
    const done = await send<z.infer<typeof RecoveryCodes>>('PUT', FACTOR, { code });
    if (done === null) return;
    setRecovery(done.recoveryCodes);
    await changed();
  };
  return (
    <Card title={t('access.factor')}>
      <div className="stack">
        <p className="muted">{t(on ? 'access.factorOn' : 'access.factorOff')}</p>
        {recovery !== null && (
          <div className="note-box" role="status" data-testid="recovery-codes">
            <p>{t('access.recovery')}</p>
            <code className="recovery">{recovery.join('  ')}</code>
          </div>
        )}
        {asked === null ? (
          <div className="form-row">
            <Input.Password
              value={password}
              placeholder={t('access.password')}
              aria-label={t('access.password')}
              autoComplete="current-password"
              onChange={(event) => setPassword(event.target.value)}
              data-testid="factor-password"
            />
            <Button
              loading={busy}
              disabled={password === ''}
              danger={on}
              onClick={() => void (on ? stop() : start())}
              data-testid="factor-start"
            >
              {t(on ? 'access.factorStop' : 'access.factorStart')}
            </Button>
          </div>
        ) : (
          <>
            <p>{t('access.factorScan')}</p>
            <div className="qr-beside">
              <span aria-hidden="true">
                <QRCode value={asked.url} size={168} bordered={false} color="#000" bgColor="#fff" />
              </span>
              <div className="stack">
                <code className="hash" data-testid="factor-secret">
                  {asked.secret}
                </code>
                <Input
                  value={code}
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  aria-label={t('access.code')}
                  onChange={(event) => setCode(event.target.value)}
                  data-testid="factor-code"
                />
                <Button
                  type="primary"
                  loading={busy}
                  disabled={code.trim() === ''}
                  onClick={() => void prove()}
                  data-testid="factor-prove"
                >
                  {t('access.factorProve')}
                </Button>
              </div>
            </div>
          </>
        )}
        <Problem error={error} />
      </div>
    </Card>
  );
}
