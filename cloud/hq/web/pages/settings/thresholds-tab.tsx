/** Where the states and bands of the R × F grid begin. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { FREQUENCY_BANDS, RECENCY_STATES } from '../../../../../src/core/rfm.ts';
import type { GridAnswer, ThresholdsShape } from '../../../report-schemas.ts';
import { useMay } from '../../api/session.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useStores } from '../../parts/stores.ts';
import { Changeable } from '../../shell/guard.tsx';
import { Link } from '../../shell/router.tsx';
import { CountField } from '../prices/rule-fields.tsx';
import { Factor } from '../today/factor.tsx';

type Thresholds = z.infer<typeof ThresholdsShape>;

const THRESHOLDS = '/api/v1/rfm/thresholds';

export function ThresholdsTab() {
  const { t } = useTranslation();
  const thresholds = useQuery<Thresholds>(THRESHOLDS);
  return (
    <Card title={t('setting.thresholds')} className="narrow-card">
      <p className="muted">{t('setting.thresholdsHelp')}</p>
      <Answered query={thresholds} rows={4}>
        {(known) => (
          <>
            <Changeable right="segments.write">
              <Form key={JSON.stringify(known)} known={known} />
            </Changeable>
            <Standing />
          </>
        )}
      </Answered>
    </Card>
  );
}

/** How many members each state and band holds by the thresholds in force. */
function Standing() {
  const { t } = useTranslation();
  const may = useMay();
  const hasStores = (useStores().data?.stores ?? []).length > 0;
  return may('reports.read') && hasStores ? <StandingCounts title={t('setting.thresholdsNow')} /> : null;
}

function StandingCounts({ title }: { readonly title: string }) {
  const { t } = useTranslation();
  const grid = useQuery<z.infer<typeof GridAnswer>>('/api/v1/rfm/grid');
  return (
    <Answered query={grid} rows={2}>
      {({ cells }) => {
        const count = (isIn: (cell: (typeof cells)[number]) => boolean) =>
          formatCount(cells.filter(isIn).reduce((sum, { members }) => sum + members, 0));
        return (
          <div className="standing" data-testid="thresholds-now">
            <h3 className="muted">{title}</h3>
            <div className="kpis">
              {RECENCY_STATES.map((state) => (
                <Factor
                  key={state}
                  label={t(`segment.${state}`)}
                  value={count(({ recency }) => recency === state)}
                />
              ))}
              {FREQUENCY_BANDS.map((band) => (
                <Factor
                  key={band}
                  label={t(`segment.${band}`)}
                  value={count(({ frequency }) => frequency === band)}
                />
              ))}
            </div>
            <Link to={{ page: 'segments' }}>{t('member.toSegments')}</Link>
          </div>
        );
      }}
    </Answered>
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
