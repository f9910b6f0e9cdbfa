/** Users of the console, their roles and stores; a new one gets a password for one sign-in. */
import { Button, Input, Modal, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { AddedUser, UserList, UserShape } from '../../../access-schemas.ts';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { storeName, useStores } from '../../parts/stores.ts';
import { Changeable } from '../../shell/guard.tsx';
import { SecretShown } from './secret-shown.tsx';

type User = z.infer<typeof UserShape>;

const USERS = '/api/v1/users';
const ROLES = ['admin', 'marketing', 'service', 'finance', 'manager', 'auditor'] as const;

export function UsersTab() {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStores().data?.stores ?? [];
  const users = useQuery<z.infer<typeof UserList>>(USERS);
  const { error, send } = useSend();
  const may = useMay();
  const [resetting, setResetting] = useState<User | null>(null);
  const [given, setGiven] = useState<{ login: string; password: string } | null>(null);
  const nameOf = (id: string) =>
    storeName(
      stores.find((store) => store.id === id),
      id,
      locale,
    );
  const setDisabled = async (user: User, disabled: boolean) => {
    const { name, role, stores: own } = user;
    const path = `${USERS}/${encodeURIComponent(user.id)}`;
    await send('PUT', path, { name, role, stores: own, disabled }, { 'If-Match': `"${user.revision}"` });
    await refresh(USERS);
  };
  const storesOf = ({ stores: own }: User) =>
    own === null ? t('setting.allStores') : own.map(nameOf).join(t('shell.comma'));
  const columns: Column<User>[] = [
    {
      key: 'login',
      title: t('setting.login'),
      value: ({ login }) => login,
      show: ({ login }) => <span className="nowrap">{login}</span>,
    },
    {
      key: 'name',
      title: t('setting.name'),
      value: ({ name }) => name,
      show: ({ name }) => <span className="nowrap">{name}</span>,
    },
    { key: 'role', title: t('setting.role'), value: ({ role }) => t(`setting.${role}`) },
    {
      key: 'stores',
      title: t('setting.stores'),
      value: storesOf,
      show: (user) => <span className="wrap-anywhere">{storesOf(user)}</span>,
    },
    {
      key: 'factor',
      title: t('setting.secondFactor'),
      from: 'md',
      value: ({ secondFactor }) => t(secondFactor ? 'shell.yes' : 'shell.no'),
    },
    {
      key: 'state',
      title: t('setting.active'),
      value: ({ disabled }) => t(disabled ? 'setting.disabled' : 'setting.active'),
      show: (user) => (
        <Switch
          checked={!user.disabled}
          disabled={!may('access.write', 'chain')}
          aria-label={`${t('setting.active')} ${user.login}`}
          onChange={(active) => void setDisabled(user, !active)}
        />
      ),
    },
  ];
  const reset = async (user: User) => {
    const done = await send<z.infer<typeof AddedUser>>(
      'POST',
      `${USERS}/${encodeURIComponent(user.id)}/password`,
    );
    setResetting(null);
    if (done !== null) setGiven({ login: user.login, password: done.password ?? '' });
    await refresh(USERS);
  };
  columns.push({
    key: 'act',
    title: '',
    value: () => '',
    show: (user) => (
      <Button size="small" disabled={!may('access.write', 'chain')} onClick={() => setResetting(user)}>
        {t('setting.resetPassword')}
      </Button>
    ),
  });
  return (
    <div className="split-side">
      <Card
        title={t('setting.users')}
        extra={<ExportButton name="users" rows={users.data?.users ?? []} columns={columns.slice(0, -1)} />}
        className="card-table"
      >
        <Problem error={error} />
        {given !== null && (
          <SecretShown label={`${t('setting.password')} · ${given.login}`} secret={given.password} />
        )}
        {resetting !== null && (
          <Modal
            open
            title={t('setting.resetSure', { name: resetting.name })}
            okText={t('setting.resetPassword')}
            cancelText={t('shell.cancel')}
            onOk={() => void reset(resetting)}
            onCancel={() => setResetting(null)}
          >
            <p className="muted">{t('setting.resetHelp')}</p>
          </Modal>
        )}
        <Answered query={users} rows={4}>
          {(list) => (
            <DataTable
              name="users"
              rows={list.users}
              columns={columns}
              rowKey={({ id }) => id}
              empty={<Notice icon="member" title={t('setting.noUsers')} help={t('setting.noUsersHelp')} />}
            />
          )}
        </Answered>
      </Card>
      <Changeable right="access.write" hidden>
        <NewUser stores={stores.map(({ id }) => ({ value: id, label: nameOf(id) }))} />
      </Changeable>
    </div>
  );
}

function NewUser({ stores }: { readonly stores: { value: string; label: string }[] }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<{
    login: string;
    name: string;
    role: (typeof ROLES)[number];
    stores: string[];
  }>({
    login: '',
    name: '',
    role: 'manager',
    stores: [],
  });
  const [password, setPassword] = useState<string | null>(null);
  const { busy, error, send } = useSend();
  const add = async () => {
    const body = { ...draft, stores: draft.stores.length === 0 ? null : draft.stores };
    const done = await send<z.infer<typeof AddedUser>>('POST', USERS, body);
    if (done === null) return;
    setPassword(done.password);
    setDraft({ ...draft, login: '', name: '' });
    await refresh(USERS);
  };
  return (
    <Card title={t('setting.addUser')}>
      <div className="stack">
        {(['login', 'name'] as const).map((key) => (
          <Field key={key} label={t(`setting.${key}`)}>
            <Input
              value={draft[key]}
              aria-label={t(`setting.${key}`)}
              data-testid={`user-${key}`}
              onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
            />
          </Field>
        ))}
        <Field label={t('setting.role')}>
          <Select
            value={draft.role}
            aria-label={t('setting.role')}
            options={ROLES.map((role) => ({ value: role, label: t(`setting.${role}`) }))}
            onChange={(role) => setDraft({ ...draft, role })}
          />
        </Field>
        <Field label={t('setting.stores')}>
          <Select<string[]>
            mode="multiple"
            value={draft.stores}
            aria-label={t('setting.stores')}
            placeholder={t('setting.allStores')}
            options={stores}
            onChange={(list) => setDraft({ ...draft, stores: list })}
          />
        </Field>
        <Problem error={error} />
        {password !== null && <SecretShown label={t('setting.password')} secret={password} />}
        <Button
          type="primary"
          loading={busy}
          disabled={draft.login.trim() === '' || draft.name.trim() === ''}
          onClick={() => void add()}
          data-testid="user-add"
        >
          {t('setting.addUser')}
        </Button>
      </div>
    </Card>
  );
}
