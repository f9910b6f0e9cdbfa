/** A new till: its store and code, and the one-time code that makes it this HQ's. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { EnrolmentCode } from '../../../schemas.ts';
import { TILLS } from '../../api/paths.ts';
import { refresh } from '../../api/query-cache.ts';
import { useSend } from '../../api/use-send.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { storeName, useStores } from '../../parts/stores.ts';
import { EnrolCode } from './enrol-code.tsx';

export function EnrolCard() {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStores().data?.stores ?? [];
  const [storeId, setStoreId] = useState<string | null>(null);
  const [code, setCode] = useState('');
  const [made, setMade] = useState<z.infer<typeof EnrolmentCode> | null>(null);
  const { busy, error, send } = useSend();
  const add = async () => {
    const answer = await send<z.infer<typeof EnrolmentCode>>('POST', TILLS, { storeId, code: code.trim() });
    if (answer === null) return;
    setMade(answer);
    await refresh(TILLS);
  };
  return (
    <Card title={t('fleet.addTill')} className="narrow-card">
      <p className="muted">{t('fleet.addTillHelp')}</p>
      <div className="stack">
        <div className="form-row">
          <Field label={t('fleet.store')}>
            <Select
              style={{ minWidth: 176 }}
              value={storeId}
              aria-label={t('fleet.store')}
              placeholder={t('segment.pick')}
              options={stores.map((store) => ({
                value: store.id,
                label: storeName(store, store.id, locale),
              }))}
              onChange={setStoreId}
            />
          </Field>
          <Field label={t('fleet.tillCode')}>
            <Input
              value={code}
              maxLength={12}
              aria-label={t('fleet.tillCode')}
              data-testid="till-code"
              onChange={(event) => setCode(event.target.value)}
            />
          </Field>
          <Button
            type="primary"
            loading={busy}
            disabled={storeId === null || code.trim() === ''}
            onClick={() => void add()}
            data-testid="make-code"
          >
            {t('fleet.makeCode')}
          </Button>
        </div>
        <Problem error={error} />
        {made !== null && <EnrolCode made={made} />}
      </div>
    </Card>
  );
}
