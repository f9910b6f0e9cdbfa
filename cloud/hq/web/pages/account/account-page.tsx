/** The own account: who one is and may do, the password, the second factor, where one is signed in. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { OpenSessions } from '../../../access-schemas.ts';
import { SESSION } from '../../api/paths.ts';
import { leave, type Session, useSession } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute } from '../../format/date.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icons.tsx';
import { useToast } from '../../parts/toast.tsx';
import { useRoleName, useStoreNames } from '../../shell/me.tsx';
import { PasswordChange } from '../../shell/own-password.tsx';
import { Page } from '../../shell/page.tsx';
import { rightsInWords } from '../../shell/right-words.ts';
import { FactorCard } from './factor-card.tsx';

export function AccountPage() {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <Page title={t('access.account')}>
      {session !== null && (
        <div className="split">
          <div className="stack">
            <WhoCard session={session} />
            {session.kind === 'user' && <SessionsCard />}
          </div>
          {session.kind === 'user' && (
            <div className="stack">
              <FactorCard on={session.secondFactor} />
              <PasswordCard />
            </div>
          )}
        </div>
      )}
    </Page>
  );
}

function WhoCard({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const storeNames = useStoreNames();
  const { send, busy } = useSend();
  const out = async () => {
    if (session.kind !== 'user' || (await send('DELETE', SESSION)) !== null) leave();
  };
  return (
    <Card title={t('access.who')}>
      {session.kind === 'owner' && <p className="muted">{t('access.ownerWhy')}</p>}
      <Facts
        facts={[
          session.kind === 'owner' ? null : { name: t('access.login'), value: session.login },
          { name: t('access.role'), value: roleName(session) },
          { name: t('access.stores'), value: storeNames(session) },
          {
            name: t('access.may'),
            value: (
              <ul className="rights">
                {rightsInWords(session.rights, t).map((words) => (
                  <li key={words}>{words}</li>
                ))}
              </ul>
            ),
            wide: true,
          },
        ]}
      />
      {session.kind !== 'owner' && (
        <Button loading={busy} onClick={() => void out()} data-testid="sign-out">
          {t('access.signOut')}
        </Button>
      )}
    </Card>
  );
}

function PasswordCard() {
  const { t } = useTranslation();
  const toast = useToast();
  return (
    <Card title={t('access.changePassword')}>
      <PasswordChange onDone={() => toast({ text: t('access.changed') })} />
    </Card>
  );
}

function SessionsCard() {
  const { t } = useTranslation();
  const sessions = useQuery<z.infer<typeof OpenSessions>>(`${SESSION}/all`);
  const { send, busy } = useSend();
  const endAll = async () => {
    if ((await send('DELETE', `${SESSION}/all`)) !== null) leave();
  };
  return (
    <Card title={t('access.sessions')}>
      <Answered query={sessions} rows={3}>
        {(list) => (
          <ul className="matters">
            {list.sessions.map(({ id, agent, address, seenAtMs, own }) => (
              <li key={id}>
                <Icon name="live" />
                <span>
                  <span className="matter-title">
                    {agentName(agent)}
                    {own && ` · ${t('access.thisOne')}`}
                  </span>
                  <span className="muted num">
                    {address} · {t('access.seen')} {dateMinute(seenAtMs, undefined)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answered>
      <Button loading={busy} onClick={() => void endAll()}>
        {t('access.everywhere')}
      </Button>
    </Card>
  );
}

/** Browser and system, out of the long word that browsers say of themselves. */
function agentName(agent: string): string {
  const browser = /(Edg|Firefox|Chrome|Safari)[^/]*\//.exec(agent)?.[1] ?? agent.slice(0, 24);
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent)?.[1];
  return [browser === 'Edg' ? 'Edge' : browser, system].filter(Boolean).join(' · ') || '—';
}
