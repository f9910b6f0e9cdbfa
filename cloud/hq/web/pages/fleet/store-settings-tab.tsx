/** What tills are told from afar: name and receipt of a store, its cash, its care with old goods. The feed brings it to them. */
import { Button, Input, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STORES } from '../../api/paths.ts';
import { refresh } from '../../api/query-cache.ts';
import type { Store } from '../../api/types.ts';
import { useSend } from '../../api/use-send.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { storeName, useStores } from '../../parts/stores.ts';
import { useToast } from '../../parts/toast.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { go } from '../../shell/router.tsx';

export function StoreSettingsTab({ storeId }: { readonly storeId: string | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStores();
  return (
    <Answered query={stores} rows={8} inCard>
      {({ stores: list }) => {
        const store = list.find(({ id }) => id === storeId) ?? list[0];
        if (store === undefined)
          return (
            <section className="card">
              <Notice icon="till" title={t('empty.noStores')} help={t('empty.noStoresHelp')} />
            </section>
          );
        return (
          <Card
            title={t('fleet.remote')}
            className="narrow-card"
            extra={
              <Select
                style={{ minWidth: 176 }}
                value={store.id}
                aria-label={t('fleet.store')}
                options={list.map((one) => ({ value: one.id, label: storeName(one, one.id, locale) }))}
                onChange={(id) => go({ page: 'fleet', tab: 'remote', storeId: id })}
              />
            }
          >
            <p className="muted">{t('fleet.remoteHelp')}</p>
            <Changeable right="stores.write">
              <Form key={JSON.stringify(store)} known={store} />
            </Changeable>
          </Card>
        );
      }}
    </Answered>
  );
}

function Form({ known }: { readonly known: Store }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(known);
  const { busy, error, send } = useSend();
  const toast = useToast();
  const scale = 10 ** known.currency.digits;
  const put = async (store: Store) => {
    const done = await send('PUT', STORES, { stores: [store] });
    if (done !== null) await refresh(STORES);
    return done !== null;
  };
  const save = async () => {
    if (await put(draft)) toast({ text: t('fleet.remoteSent'), undo: async () => void (await put(known)) });
  };
  const lines = (key: 'address' | 'footer', label: string) => (
    <Field label={label}>
      <Input.TextArea
        autoSize
        value={draft[key].join('\n')}
        aria-label={label}
        data-testid={`store-${key}`}
        onChange={(event) => setDraft({ ...draft, [key]: event.target.value.split('\n') })}
      />
    </Field>
  );
  return (
    <div className="stack">
      <Field label={t('fleet.storeName')}>
        <Input
          value={draft.name}
          aria-label={t('fleet.storeName')}
          data-testid="store-name"
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      </Field>
      {lines('address', t('fleet.receiptHead'))}
      {lines('footer', t('fleet.receiptFoot'))}
      <div className="form-row">
        <Field label={t('fleet.cashStep')}>
          <InputNumber<number>
            value={draft.cash.cashStepMinor / scale}
            min={1 / scale}
            step={1 / scale}
            precision={known.currency.digits}
            aria-label={t('fleet.cashStep')}
            onChange={(value) =>
              value !== null &&
              setDraft({ ...draft, cash: { ...draft.cash, cashStepMinor: Math.round(value * scale) } })
            }
          />
        </Field>
        <Field label={t('fleet.refundLimit')}>
          <InputNumber<number>
            value={(draft.foreignRefundLimitMinor ?? 0) / scale}
            min={0}
            precision={known.currency.digits}
            aria-label={t('fleet.refundLimit')}
            onChange={(value) =>
              setDraft({ ...draft, foreignRefundLimitMinor: Math.round((value ?? 0) * scale) })
            }
          />
        </Field>
        <Field label={t('fleet.expiredGoods')}>
          <Select<'warn' | 'block'>
            style={{ minWidth: 176 }}
            value={draft.expiredGoods ?? 'warn'}
            aria-label={t('fleet.expiredGoods')}
            options={(['warn', 'block'] as const).map((value) => ({
              value,
              label: t(`fleet.expired_${value}`),
            }))}
            onChange={(expiredGoods) => setDraft({ ...draft, expiredGoods })}
          />
        </Field>
      </div>
      {(['mergeSameItem', 'printPack'] as const).map((key) => (
        <div key={key} className="switch-row">
          <Switch
            checked={draft[key] === true}
            aria-label={t(`fleet.${key}`)}
            onChange={(on) => setDraft({ ...draft, [key]: on })}
          />
          <span>{t(`fleet.${key}`)}</span>
        </div>
      ))}
      <Problem error={error} />
      <div>
        <Button
          type="primary"
          loading={busy}
          disabled={draft.name.trim() === '' || JSON.stringify(draft) === JSON.stringify(known)}
          onClick={() => void save()}
          data-testid="store-save"
        >
          {t('fleet.sendToTills')}
        </Button>
      </div>
    </div>
  );
}
