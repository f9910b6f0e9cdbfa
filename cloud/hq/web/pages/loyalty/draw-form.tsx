/** A lucky draw before it is open: its prizes and what they may cost. Once open its words stay as they are. */
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { DrawPreview } from '../../../offer-preview-schemas.ts';
import type { DrawShape } from '../../../reward-schemas.ts';
import { refresh } from '../../api/query-cache.ts';
import { useSend } from '../../api/use-send.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount, formatRateBp } from '../../format/number.ts';
import { Card } from '../../parts/card.tsx';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { Trial } from '../../parts/trial.tsx';
import { versionsPath } from '../../parts/versions-card.tsx';
import { CountField } from '../prices/rule-fields.tsx';

interface Prize {
  readonly name: string;
  readonly count: number;
  readonly points?: number | undefined;
}

const FIRST: readonly Prize[] = [{ name: '', count: 1, points: 1_000 }];

export function DrawForm({ onOpened }: { readonly onOpened: (drawId: string) => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [prizes, setPrizes] = useState(FIRST);
  const [once, setOnce] = useState(true);
  const { busy, error, send } = useSend();
  const draw = drawOf({ id: id.trim(), name, prizes, once });
  const isReady = draw.id !== '' && name.trim() !== '' && prizes.every((prize) => prize.name.trim() !== '');
  const change = (index: number, by: Partial<Prize>) =>
    setPrizes(prizes.map((prize, at) => (at === index ? { ...prize, ...by } : prize)));
  const open = async () => {
    if ((await send('POST', '/api/v1/draws', draw)) === null) return;
    toast({ text: t('loyalty.drawOpened', { id: draw.id }) });
    onOpened(draw.id);
    setId('');
    setName('');
    setPrizes(FIRST);
    await refresh(versionsPath('draw'));
  };
  return (
    <Card title={t('loyalty.newDraw')}>
      <div className="stack">
        <Field label={t('loyalty.drawId')}>
          <Input
            value={id}
            maxLength={64}
            aria-label={t('loyalty.drawId')}
            data-testid="draw-id"
            onChange={(event) => setId(event.target.value)}
          />
        </Field>
        <Field label={t('loyalty.benefitName')}>
          <Input
            value={name}
            maxLength={200}
            aria-label={`${t('loyalty.draw')} ${t('loyalty.benefitName')}`}
            data-testid="draw-name"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {prizes.map((prize, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a prize is known by its place
          <div key={index} className="form-row">
            <Field label={t('loyalty.prize', { no: index + 1 })}>
              <Input
                style={{ width: 144 }}
                value={prize.name}
                maxLength={200}
                aria-label={t('loyalty.prize', { no: index + 1 })}
                data-testid={`prize-${index + 1}`}
                onChange={(event) => change(index, { name: event.target.value })}
              />
            </Field>
            <CountField
              label={t('loyalty.prizeCount')}
              max={10_000}
              value={prize.count}
              onChange={(count = 1) => change(index, { count })}
            />
            <CountField
              label={t('loyalty.points')}
              max={1_000_000}
              value={prize.points}
              onChange={(points) => change(index, { points })}
            />
          </div>
        ))}
        <div className="form-row">
          <Button size="small" onClick={() => setPrizes([...prizes, { name: '', count: 1 }])}>
            {t('loyalty.addPrize')}
          </Button>
          <Checkbox checked={once} onChange={({ target }) => setOnce(target.checked)}>
            {t('loyalty.oncePerMember')}
          </Checkbox>
        </div>
        <Trial<DrawPreview>
          path="/api/v1/draws/preview"
          body={{ draw: drawOf({ id: 'try', name: 'try', prizes, once }) }}
          days={[1]}
          testId="draw-trial"
        >
          {({ tried, currency, shareBp }) => (
            <div className="num">
              <p>
                {t('loyalty.drawCost', {
                  cost: formatMoney(tried.costMinor, currencyOf(currency)),
                  prizes: formatCount(tried.members),
                  share: formatRateBp(shareBp),
                })}
              </p>
              <p className="muted">{t('loyalty.drawAssumed')}</p>
            </div>
          )}
        </Trial>
        <Problem error={error} />
        <Button
          type="primary"
          loading={busy}
          disabled={!isReady}
          onClick={() => void open()}
          data-testid="draw-open"
        >
          {t('loyalty.openDraw')}
        </Button>
      </div>
    </Card>
  );
}

function drawOf(typed: {
  readonly id: string;
  readonly name: string;
  readonly prizes: readonly Prize[];
  readonly once: boolean;
}): z.infer<typeof DrawShape> {
  const ids = typed.prizes.map((_, index) => `p${index + 1}`);
  return {
    id: typed.id,
    name: typed.name.trim(),
    prizes: typed.prizes.map(({ name, count }, index) => ({
      id: ids[index]!,
      name: name.trim() || '—',
      count,
    })),
    oncePerMember: typed.once,
    rewards: Object.fromEntries(
      typed.prizes.flatMap(({ points }, index) => (points === undefined ? [] : [[ids[index]!, { points }]])),
    ),
  };
}
