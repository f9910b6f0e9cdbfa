/** What can be done with a member: change the profile, correct points, merge, erase with a look at what goes. */
import { Button, Checkbox, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { Erasure } from '../../../member-schemas.ts';
import { getJson } from '../../api/client.ts';
import { refresh } from '../../api/query-cache.ts';
import { useSend } from '../../api/use-send.ts';
import { formatCount } from '../../format/number.ts';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { go } from '../../shell/router.tsx';
import { ledgerPath } from './member-history.tsx';
import type { MemberView } from './member-page.tsx';
import { memberPath } from './member-path.ts';

export function MemberActions({ view }: { readonly view: MemberView }) {
  return (
    <>
      <Changeable right="members.write" hidden>
        <EditCard view={view} />
      </Changeable>
      <Changeable right="loyalty.write" hidden>
        <PointsCard memberId={view.member.id} />
      </Changeable>
      <Changeable right="members.write" hidden>
        <MergeCard view={view} />
      </Changeable>
      <Changeable right="privacy.write" hidden>
        <EraseCard memberId={view.member.id} />
      </Changeable>
    </>
  );
}

/** With the revision that was read: somebody else's change in between is told, and nothing is lost. */
function EditCard({ view: { member } }: { readonly view: MemberView }) {
  const { t } = useTranslation();
  const { profile } = member;
  const first = {
    name: profile.name,
    phone: profile.phones[0] ?? '',
    mail: profile.mails[0] ?? '',
    birthday: profile.birthday ?? '',
    note: profile.note ?? '',
  };
  const [draft, setDraft] = useState(first);
  const { busy, error, send } = useSend();
  const changed = JSON.stringify(draft) !== JSON.stringify(first);
  const save = async () => {
    const others = (list: readonly string[], now: string) =>
      [now, ...list.slice(1)].filter((one) => one !== '');
    const set = {
      ...(draft.name === first.name ? {} : { name: draft.name }),
      ...(draft.phone === first.phone ? {} : { phones: others(profile.phones, draft.phone) }),
      ...(draft.mail === first.mail ? {} : { mails: others(profile.mails, draft.mail) }),
      ...(draft.birthday === first.birthday
        ? {}
        : { birthday: draft.birthday === '' ? null : draft.birthday }),
      ...(draft.note === first.note ? {} : { note: draft.note === '' ? null : draft.note }),
    };
    const path = memberPath(member.id);
    if ((await send('PATCH', path, { set }, { 'If-Match': `"${member.revision}"` })) !== null)
      await refresh(path);
  };
  const field = (key: keyof typeof first, label: string) => (
    <Field label={label}>
      <Input
        value={draft[key]}
        aria-label={label}
        data-testid={`member-${key}`}
        onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
      />
    </Field>
  );
  return (
    <Card title={t('member.edit')} className="screen-only">
      <div className="stack">
        {field('name', t('member.name'))}
        {field('phone', t('member.phone'))}
        {field('mail', t('member.mail'))}
        {field('birthday', t('member.birthday'))}
        {field('note', t('member.note'))}
        <Problem error={error} />
        <Button disabled={!changed} loading={busy} onClick={() => void save()} data-testid="member-save">
          {t('shell.save')}
        </Button>
      </div>
    </Card>
  );
}

function PointsCard({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const [points, setPoints] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  // One form is one correction: said twice, its key makes it one.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const { busy, error, send } = useSend();
  const correct = async () => {
    const path = memberPath(memberId);
    if ((await send('POST', `${path}/points/corrections`, { key, points, reason: reason.trim() })) === null)
      return;
    setPoints(null);
    setReason('');
    setKey(crypto.randomUUID());
    await Promise.all([refresh(path), refresh(ledgerPath(memberId))]);
  };
  return (
    <Card title={t('member.correct')} className="screen-only">
      <div className="stack">
        <div className="form-row">
          <Field label={t('member.amount')}>
            <InputNumber<number>
              value={points}
              precision={0}
              aria-label={t('member.amount')}
              data-testid="points-amount"
              onChange={setPoints}
            />
          </Field>
          <Field label={t('member.reason')}>
            <Input
              value={reason}
              aria-label={t('member.reason')}
              data-testid="points-reason"
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
        </div>
        <Problem error={error} />
        <Button
          disabled={points === null || points === 0 || reason.trim() === ''}
          loading={busy}
          onClick={() => void correct()}
          data-testid="points-save"
        >
          {t('shell.save')}
        </Button>
      </div>
    </Card>
  );
}

function MergeCard({ view: { member, aliases } }: { readonly view: MemberView }) {
  const { t } = useTranslation();
  const [intoId, setIntoId] = useState('');
  const [reason, setReason] = useState('');
  const { busy, error, send } = useSend();
  const merge = async () => {
    const body = { intoId: intoId.trim(), reason: reason.trim() };
    if ((await send('POST', `${memberPath(member.id)}/merge`, body)) !== null)
      go({ page: 'member', id: body.intoId });
  };
  const unmerge = async (id: string) => {
    if ((await send('POST', `${memberPath(id)}/unmerge`, { reason: reason.trim() })) !== null)
      go({ page: 'member', id });
  };
  return (
    <Card title={t('member.merge')} className="screen-only">
      <div className="stack">
        <Field label={t('member.mergeInto')}>
          <Input
            value={intoId}
            aria-label={t('member.mergeInto')}
            data-testid="merge-into"
            onChange={(event) => setIntoId(event.target.value)}
          />
        </Field>
        <Field label={t('member.reason')}>
          <Input
            value={reason}
            aria-label={t('member.reason')}
            data-testid="merge-reason"
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <Problem error={error} />
        <div className="form-row">
          <Button
            disabled={intoId.trim() === '' || reason.trim() === ''}
            loading={busy}
            onClick={() => void merge()}
            data-testid="merge"
          >
            {t('member.merge')}
          </Button>
          {aliases.map(({ id }) => (
            <Button key={id} disabled={reason.trim() === ''} onClick={() => void unmerge(id)}>
              {t('member.unmerge')} {id}
            </Button>
          ))}
        </div>
      </div>
    </Card>
  );
}

type Preview = z.infer<typeof Erasure>;

export function EraseCard({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const [preview, setPreview] = useState<Preview | null>(null);
  const [reason, setReason] = useState('');
  const [giveUpValue, setGiveUpValue] = useState(false);
  const { busy, error, send } = useSend();
  const look = async () =>
    setPreview(await getJson<Preview>(`${memberPath(memberId)}/erasure`).catch(() => null));
  const erase = async () => {
    const done = await send('POST', `${memberPath(memberId)}/erase`, { reason: reason.trim(), giveUpValue });
    if (done !== null) go({ page: 'members' });
  };
  const list = (parts: Readonly<Record<string, number>>) =>
    Object.entries(parts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => (
        <li key={name} className="num">
          {name.replaceAll('_', ' ')}: {formatCount(count)}
        </li>
      ));
  return (
    <Card title={t('member.erase')} className="screen-only">
      <div className="stack">
        <Button onClick={() => void look()} data-testid="erase-preview">
          {t('member.erasePreview')}
        </Button>
        {preview !== null && (
          <div className="note-box" data-testid="erasure">
            <b>{t('member.goes')}</b>
            <ul>{list(preview.goes)}</ul>
            <b>{t('member.stays')}</b>
            <ul>{list(preview.stays)}</ul>
          </div>
        )}
        {preview !== null && (
          <>
            <Field label={t('member.reason')}>
              <Input
                value={reason}
                aria-label={t('member.reason')}
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
            <Checkbox checked={giveUpValue} onChange={({ target }) => setGiveUpValue(target.checked)}>
              {t('member.giveUp')}
            </Checkbox>
            <Problem error={error} />
            <Button danger disabled={reason.trim() === ''} loading={busy} onClick={() => void erase()}>
              {t('member.eraseSure')}
            </Button>
          </>
        )}
      </div>
    </Card>
  );
}
