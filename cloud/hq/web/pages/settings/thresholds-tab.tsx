/** Where the states and bands of the R × F grid begin. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ThresholdsShape } from '../../../report-schemas.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { CountField } from '../prices/rule-fields.tsx';

type Thresholds = z.infer<typeof ThresholdsShape>;

const THRESHOLDS = '/api/v1/rfm/thresholds';

export function ThresholdsTab() {
  const { t } = useTranslation();
  const thresholds = useQuery<Thresholds>(THRESHOLDS);
  return (
    <Card title={t('setting.thresholds')}>
      <Answered query={thresholds} rows={4}>
        {(known) => (
          <Changeable right="segments.write">
            <Form key={JSON.stringify(known)} known={known} />
          </Changeable>
        )}
      </Answered>
    </Card>
  );
}

function Form({ known }: { readonly known: Thresholds }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(known);
  const { busy, error, put } = usePut(THRESHOLDS);
  const days =
    draft.recency.by === 'days'
      ? draft.recency
      : ({ by: 'days', silentFromDays: 90, sleepingFromDays: 180, lostFromDays: 365 } as const);
  const save = () => put({ body: draft, read: known, back: () => known });
  const field = (key: 'silentFromDays' | 'sleepingFromDays' | 'lostFromDays', label: string) => (
    <CountField
      label={label}
      max={36_500}
      value={days[key]}
      onChange={(value = 1) => setDraft({ ...draft, recency: { ...days, [key]: value } })}
    />
  );
  return (
    <div className="stack">
      {draft.recency.by === 'cycles' && <p className="note-box">{t('setting.byCycles')}</p>}
      <div className="form-row">
        {field('silentFromDays', t('setting.silentFrom'))}
        {field('sleepingFromDays', t('setting.sleepingFrom'))}
        {field('lostFromDays', t('setting.lostFrom'))}
      </div>
      <div className="form-row">
        {(['oldFrom', 'fanFrom'] as const).map((key) => (
          <CountField
            key={key}
            label={t(`setting.${key}`)}
            value={draft.frequency[key]}
            onChange={(value = 1) => setDraft({ ...draft, frequency: { ...draft.frequency, [key]: value } })}
          />
        ))}
      </div>
      <Problem error={error} />
      <div>
        <Button
          type="primary"
          loading={busy}
          disabled={JSON.stringify(draft) === JSON.stringify(known)}
          onClick={() => void save()}
          data-testid="thresholds-save"
        >
          {t('shell.save')}
        </Button>
      </div>
    </div>
  );
}
