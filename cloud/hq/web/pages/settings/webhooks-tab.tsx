/** Webhooks: where events go, and whether they arrive. */
import { Button, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { eventWord } from '../../i18n/words/events.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { DeliveryLog } from './delivery-log.tsx';
import { SecretShown } from './secret-shown.tsx';

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly kinds: readonly string[];
  readonly deliveries: { readonly waiting: number; readonly delivered: number; readonly dead: number };
}

const WEBHOOKS = '/api/v1/webhooks';

export function WebhooksTab() {
  const { t } = useTranslation();
  const webhooks = useQuery<{ webhooks: Webhook[]; kinds: Record<string, string> }>(WEBHOOKS);
  const { error, send } = useSend();
  const may = useMay();
  const [dropping, setDropping] = useState<Webhook | null>(null);
  const drop = async ({ id }: Webhook) => {
    if ((await send('DELETE', `${WEBHOOKS}/${encodeURIComponent(id)}`)) === null) return;
    setDropping(null);
    await refresh(WEBHOOKS);
  };
  const ping = async ({ id }: Webhook) => {
    await send('POST', `${WEBHOOKS}/${encodeURIComponent(id)}/ping`);
    await refresh(WEBHOOKS);
  };
  const nameOf = useEventName();
  const columns: Column<Webhook>[] = [
    { key: 'url', title: t('setting.url'), value: ({ url }) => url },
    {
      key: 'kinds',
      title: t('setting.events'),
      from: 'md',
      value: ({ kinds }) => kinds.map(nameOf).join(t('shell.comma')),
      exported: ({ kinds }) => kinds.join(', '),
    },
    ...(['waiting', 'delivered', 'dead'] as const).map(
      (key): Column<Webhook> => ({
        key,
        title: t(`setting.${key}`),
        number: true,
        value: ({ deliveries }) => deliveries[key],
      }),
    ),
    {
      key: 'act',
      title: '',
      value: () => '',
      show: (webhook) => (
        <span className="row-buttons">
          <Button
            size="small"
            disabled={!may('webhooks.write', 'chain')}
            onClick={(event) => {
              event.stopPropagation();
              void ping(webhook);
            }}
          >
            {t('setting.ping')}
          </Button>
          <Button
            size="small"
            danger
            disabled={!may('webhooks.write', 'chain')}
            aria-label={`${t('shell.remove')} ${webhook.url}`}
            icon={<Icon name="trash" />}
            onClick={(event) => {
              event.stopPropagation();
              setDropping(webhook);
            }}
          />
        </span>
      ),
    },
  ];
  return (
    <div className="split-side">
      <Card
        title={t('setting.webhooks')}
        extra={
          <ExportButton name="webhooks" rows={webhooks.data?.webhooks ?? []} columns={columns.slice(0, -1)} />
        }
        className="card-table"
      >
        <Problem error={error} />
        <Answered query={webhooks} rows={4}>
          {(list) => (
            <DataTable
              name="webhooks"
              rows={list.webhooks}
              columns={columns}
              rowKey={({ id }) => id}
              expanded={({ id }) => <DeliveryLog webhookId={id} />}
              empty={
                <Notice icon="link" title={t('setting.noWebhooks')} help={t('setting.noWebhooksHelp')} />
              }
            />
          )}
        </Answered>
      </Card>
      <Changeable right="webhooks.write" hidden>
        <NewWebhook kinds={Object.keys(webhooks.data?.kinds ?? {})} />
      </Changeable>
      {dropping !== null && (
        <Modal
          open
          title={t('setting.dropWebhook')}
          okText={t('shell.remove')}
          cancelText={t('shell.cancel')}
          okButtonProps={{ danger: true }}
          onOk={() => void drop(dropping)}
          onCancel={() => setDropping(null)}
        >
          <p>{dropping.url}</p>
          <p className="muted">{t('setting.dropWebhookHelp')}</p>
        </Modal>
      )}
    </div>
  );
}

/** `sale.booked` in words; what this page does not know yet as the API names it. */
function useEventName(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) => {
    const word = eventWord(kind);
    return word === null ? kind : t(`event.${word}`);
  };
}

function NewWebhook({ kinds }: { readonly kinds: readonly string[] }) {
  const { t } = useTranslation();
  const nameOf = useEventName();
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, error, send } = useSend();
  const add = async () => {
    const done = await send<{ secret: string }>('POST', WEBHOOKS, { url: url.trim(), kinds: chosen });
    if (done === null) return;
    setSecret(done.secret);
    setUrl('');
    await refresh(WEBHOOKS);
  };
  return (
    <Card title={t('setting.addWebhook')}>
      <div className="stack">
        <Field label={t('setting.url')}>
          <Input
            value={url}
            aria-label={t('setting.url')}
            data-testid="webhook-url"
            onChange={(event) => setUrl(event.target.value)}
          />
        </Field>
        <Field label={t('setting.events')}>
          <Select<string[]>
            mode="multiple"
            value={chosen}
            aria-label={t('setting.events')}
            options={kinds.map((kind) => ({ value: kind, label: `${nameOf(kind)} · ${kind}` }))}
            onChange={setChosen}
          />
        </Field>
        <Problem error={error} />
        {secret !== null && <SecretShown label={t('setting.secret')} secret={secret} />}
        <Button
          type="primary"
          loading={busy}
          disabled={url.trim() === '' || chosen.length === 0}
          onClick={() => void add()}
        >
          {t('setting.addWebhook')}
        </Button>
      </div>
    </Card>
  );
}
