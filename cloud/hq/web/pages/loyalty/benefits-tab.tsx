/** Benefits that come by themselves, and a lucky draw with all that it takes to check it. */
import { Button, Input, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { BenefitList, DrawPage } from '../../../reward-schemas.ts';
import { useMay } from '../../api/session.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { formatRateBp } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { type OfferVersion, VersionsCard, versionsPath } from '../../parts/versions-card.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { useTierName } from '../members/tier-name.ts';
import { type Benefit, BenefitForm } from './benefit-form.tsx';
import { DrawForm } from './draw-form.tsx';

const BENEFITS = '/api/v1/benefits';

export function BenefitsTab() {
  const { t } = useTranslation();
  const benefits = useQuery<z.infer<typeof BenefitList>>(BENEFITS);
  const { busy, error, put } = usePut(BENEFITS);
  const may = useMay();
  const tierName = useTierName();
  const [changed, setChanged] = useState<Benefit | null>(null);
  const [drawId, setDrawId] = useState('');
  const list = benefits.data?.benefits ?? [];
  const also = [versionsPath('benefit')];
  const change = (benefit: Benefit, active: boolean) =>
    put({ body: { ...benefit, active }, read: benefits.data, back: () => benefit, also });
  const save = async (benefit: Benefit) => {
    const before = list.find(({ id }) => id === benefit.id);
    // What there was none of before is switched off: who got it keeps it.
    const back = () => before ?? { ...benefit, active: false };
    if (await put({ body: benefit, read: benefits.data, back, also })) setChanged(null);
  };
  const whenOf = ({ when }: Benefit): string => {
    if (when.kind === 'birthday')
      return t('loyalty.birthday', { before: when.daysBefore, after: when.daysAfter });
    return when.kind === 'dates'
      ? t('loyalty.dates')
      : t('loyalty.month_days', { days: when.days.join(', ') });
  };
  const giveOf = ({ give }: Benefit): string =>
    [
      give.points === undefined ? null : t('loyalty.givePoints', { points: give.points }),
      give.templateId === undefined ? null : t('loyalty.giveCoupon', { id: give.templateId }),
    ]
      .filter((words) => words !== null)
      .join(' + ');
  const columns: Column<Benefit>[] = [
    { key: 'name', title: t('loyalty.benefitName'), value: ({ name }) => name },
    { key: 'when', title: t('loyalty.when'), value: whenOf },
    { key: 'give', title: t('loyalty.give'), value: giveOf },
    {
      key: 'tiers',
      title: t('loyalty.ofTiers'),
      from: 'md',
      value: ({ tiers }) => (tiers ?? []).map(tierName).join(', '),
    },
    {
      key: 'active',
      title: t('loyalty.active'),
      value: ({ active }) => (active ? t('loyalty.active') : t('loyalty.inactive')),
      show: (benefit) => (
        <Switch
          checked={benefit.active}
          aria-label={`${t('loyalty.active')} ${benefit.name}`}
          onChange={(active) => void change(benefit, active)}
        />
      ),
    },
    {
      key: 'act',
      title: '',
      value: () => '',
      show: (benefit) =>
        may('promotions.write', 'chain') && (
          <Button size="small" onClick={() => setChanged(benefit)} data-testid={`change-${benefit.id}`}>
            {t('loyalty.change')}
          </Button>
        ),
    },
  ];
  return (
    <div className="split-side">
      <div className="stack">
        <Card
          title={t('loyalty.benefits')}
          extra={<ExportButton name="benefits" rows={list} columns={columns.slice(0, -1)} />}
          className="card-table"
        >
          <Answered query={benefits} rows={4}>
            {(read) => (
              <DataTable
                name="benefits"
                rows={read.benefits}
                columns={columns}
                rowKey={({ id }) => id}
                empty={
                  <Notice icon="loyalty" title={t('loyalty.noBenefits')} help={t('loyalty.noBenefitsHelp')} />
                }
              />
            )}
          </Answered>
        </Card>
        <VersionsCard
          kind="benefit"
          nameOf={({ data }) => String(data.name)}
          {...(may('promotions.write', 'chain')
            ? { back: ({ data }: OfferVersion) => save(data as unknown as Benefit) }
            : {})}
        />
        <DrawCard drawId={drawId} onFind={setDrawId} />
        <VersionsCard
          kind="draw"
          title={t('loyalty.draws')}
          empty={t('loyalty.noDraws')}
          nameOf={({ offerId, data }) => `${offerId} · ${data.name}`}
        />
      </div>
      <div className="stack">
        <Changeable right="promotions.write" hidden>
          <BenefitForm
            key={`${list.length} ${changed === null ? '' : JSON.stringify(changed)}`}
            known={changed}
            ids={list.map(({ id }) => id)}
            busy={busy}
            error={error}
            onSave={(benefit) => void save(benefit)}
            onClose={() => setChanged(null)}
          />
        </Changeable>
        <Changeable right="promotions.write" hidden>
          <DrawForm onOpened={setDrawId} />
        </Changeable>
      </div>
    </div>
  );
}

function DrawCard({
  drawId,
  onFind,
}: {
  readonly drawId: string;
  readonly onFind: (drawId: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Card title={t('loyalty.draw')}>
      <div className="stack">
        <Input.Search
          placeholder={t('loyalty.drawFind')}
          aria-label={t('loyalty.drawFind')}
          onSearch={(typed) => onFind(typed.trim())}
        />
        {drawId !== '' && <DrawView key={drawId} drawId={drawId} />}
      </div>
    </Card>
  );
}

function DrawView({ drawId }: { readonly drawId: string }) {
  const { t } = useTranslation();
  const draw = useQuery<z.infer<typeof DrawPage>>(`/api/v1/draws/${encodeURIComponent(drawId)}`);
  return (
    <Answered query={draw} rows={4}>
      {({ draw: known, commitment, tickets, oddsBp, result }) => (
        <Facts
          facts={[
            { name: t('loyalty.draw'), value: known.name },
            {
              name: t('loyalty.drawTickets', { count: tickets.length }),
              value: t('loyalty.drawOdds', { odds: formatRateBp(oddsBp) }),
            },
            { name: t('loyalty.drawPromise'), value: <code className="hash">{commitment}</code> },
            {
              name: t('loyalty.winner'),
              value:
                result === null
                  ? t('loyalty.drawNotYet')
                  : result.winners.map(({ prizeId, ticketNo }) => `${prizeId}: #${ticketNo}`).join(', '),
            },
          ]}
        />
      )}
    </Answered>
  );
}
