/** Requests about personal data: all that is known of somebody, erasure with a look at what goes, blocks, and what is forgotten by itself. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { MemberShown, SearchAnswer } from '../../../member-schemas.ts';
import { useSend } from '../../api/use-send.ts';
import { Card } from '../../parts/card.tsx';
import { saveFile } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { Link } from '../../shell/router.tsx';
import { EraseCard } from '../members/member-actions.tsx';
import { memberPath } from '../members/member-path.ts';
import { questionOf } from '../members/member-search.ts';
import { RetentionCard } from './retention-card.tsx';

type Member = z.infer<typeof MemberShown>;

export function PrivacyTab() {
  const { t } = useTranslation();
  const [found, setFound] = useState<readonly Member[] | null>(null);
  const [chosen, setChosen] = useState<Member | null>(null);
  const { busy, error, send } = useSend();
  const find = async (typed: string) => {
    const question = questionOf(typed);
    setChosen(null);
    if (question === null) return setFound(null);
    const answer = await send<z.infer<typeof SearchAnswer>>('POST', '/api/v1/members/search', {
      ...question,
      limit: 20,
    });
    if (answer === null) return;
    setFound(answer.members);
    if (answer.members.length === 1) setChosen(answer.members[0]!);
  };
  return (
    <div className="split">
      <div className="stack">
        <Card title={t('privacy.find')}>
          <div className="stack">
            <p className="muted">{t('privacy.findHelp')}</p>
            <Input.Search
              allowClear
              loading={busy}
              placeholder={t('member.search')}
              aria-label={t('member.search')}
              onSearch={(typed) => void find(typed)}
              data-testid="privacy-search"
            />
            <Problem error={error} />
            {found?.length === 0 && <p className="muted">{t('member.noHit')}</p>}
            <ul className="matters">
              {(found ?? []).map((member) => (
                <li key={member.id}>
                  <Icon name="member" />
                  <span>
                    <Link to={{ page: 'member', id: member.id }} className="matter-title">
                      {member.profile.name}
                    </Link>
                    <span className="muted num">{member.profile.phones[0] ?? member.id}</span>
                  </span>
                  {chosen?.id !== member.id && (
                    <Button size="small" onClick={() => setChosen(member)}>
                      {t('segment.pick')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </div>
        </Card>
        {chosen !== null && (
          <Changeable right="privacy.write">
            <BundleCard key={`bundle ${chosen.id}`} member={chosen} />
            <EraseCard key={`erase ${chosen.id}`} memberId={chosen.id} />
          </Changeable>
        )}
      </div>
      <div className="stack">
        <Changeable right="privacy.write" hidden>
          <LiftCard />
        </Changeable>
        <RetentionCard />
      </div>
    </div>
  );
}

function BundleCard({ member }: { readonly member: Member }) {
  const { t } = useTranslation();
  const { busy, error, send } = useSend();
  const download = async () => {
    const bundle = await send<object>('POST', `${memberPath(member.id)}/bundle`);
    if (bundle !== null)
      saveFile(`member-${member.id}.json`, JSON.stringify(bundle, null, 2), 'application/json');
  };
  return (
    <Card title={`${t('privacy.bundle')} · ${member.profile.name}`}>
      <div className="stack">
        <p className="muted">{t('privacy.bundleHelp')}</p>
        <Problem error={error} />
        <Button
          loading={busy}
          icon={<Icon name="export" />}
          onClick={() => void download()}
          data-testid="bundle"
        >
          {t('privacy.bundle')}
        </Button>
      </div>
    </Card>
  );
}

function LiftCard() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const { busy, error, send } = useSend();
  const toast = useToast();
  const lift = async () => {
    const text = typed.trim();
    const body = text.includes('@') ? { mail: text } : { phone: text };
    if ((await send('POST', '/api/v1/suppressions/lift', body)) === null) return;
    setTyped('');
    toast({ text: t('privacy.lifted') });
  };
  return (
    <Card title={t('privacy.lift')}>
      <div className="stack">
        <p className="muted">{t('privacy.liftHelp')}</p>
        <div className="form-row">
          <Input
            value={typed}
            aria-label={`${t('member.phone')} / ${t('member.mail')}`}
            placeholder={`${t('member.phone')} / ${t('member.mail')}`}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button loading={busy} disabled={typed.trim().length < 5} onClick={() => void lift()}>
            {t('privacy.lift')}
          </Button>
        </div>
        <Problem error={error} />
      </div>
    </Card>
  );
}
