/** Benefits that come by themselves, and a lucky draw with all that it takes to check it. */
import { Input, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { BenefitList, DrawPage } from '../../../reward-schemas.ts';
import { usePut } from '../../api/use-put.ts';
import { useQuery } from '../../api/use-query.ts';
import { formatRateBp } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useTierName } from '../members/tier-name.ts';

type Benefit = z.infer<typeof BenefitList>['benefits'][number];

const BENEFITS = '/api/v1/benefits';

export function BenefitsTab() {
  const { t } = useTranslation();
  const benefits = useQuery<z.infer<typeof BenefitList>>(BENEFITS);
  const { error, put } = usePut(BENEFITS);
  const tierName = useTierName();
  const change = (benefit: Benefit, active: boolean) =>
    put({ body: { ...benefit, active }, read: benefits.data, back: () => benefit });
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
  ];
  return (
    <div className="split-side">
      <Card
        title={t('loyalty.benefits')}
        extra={<ExportButton name="benefits" rows={benefits.data?.benefits ?? []} columns={columns} />}
        className="card-table"
      >
        <Problem error={error} />
        <Answered query={benefits} rows={4}>
          {(list) => (
            <DataTable
              name="benefits"
              rows={list.benefits}
              columns={columns}
              rowKey={({ id }) => id}
              empty={
                <Notice icon="loyalty" title={t('loyalty.noBenefits')} help={t('loyalty.noBenefitsHelp')} />
              }
            />
          )}
        </Answered>
      </Card>
      <DrawCard />
    </div>
  );
}

function DrawCard() {
  const { t } = useTranslation();
  const [drawId, setDrawId] = useState('');
  return (
    <Card title={t('loyalty.draw')}>
      <div className="stack">
        <Input.Search
          placeholder={t('loyalty.drawFind')}
          aria-label={t('loyalty.drawFind')}
          onSearch={(typed) => setDrawId(typed.trim())}
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
