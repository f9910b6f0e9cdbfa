/** What the chain owes its members, what of it ends when, and how coupons come back. */
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { pointsWorth } from '../../../../../src/core/points.ts';
import type { LiabilityAnswer } from '../../../loyalty-schemas.ts';
import type { CurrentProgramme } from '../../../people-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { addDays, datesBetween } from '../../format/date.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Chart } from '../../parts/chart.tsx';
import { chartFrame } from '../../parts/chart-frame.ts';
import { Notice } from '../../parts/notice.tsx';
import { useChainCurrency } from '../../parts/stores.ts';
import { useTokens } from '../../theme.ts';
import { Factor } from '../today/factor.tsx';

type Liability = z.infer<typeof LiabilityAnswer>;

export function OverviewTab() {
  const liability = useQuery<Liability>('/api/v1/reports/liability');
  return (
    <Answered query={liability} rows={10} inCard>
      {(answer) => (
        <>
          <Purses answer={answer} />
          <div className="split">
            <Ending answer={answer} />
            <Redemption answer={answer} />
          </div>
        </>
      )}
    </Answered>
  );
}

function Purses({ answer }: { readonly answer: Liability }) {
  const { t } = useTranslation();
  const chainCurrency = useChainCurrency();
  const programme = useQuery<z.infer<typeof CurrentProgramme>>('/api/v1/programme').data?.programme;
  const points = answer.purses.find(({ purse }) => purse === 'points');
  const worth =
    points === undefined || programme == null
      ? null
      : formatMoney(pointsWorth(programme.spend, points.balance), chainCurrency);
  return (
    <section className="card">
      <div className="kpis">
        <Factor
          testid="points-out"
          label={t('loyalty.pointsOut')}
          value={formatCount(points?.balance ?? 0)}
          note={`${worth === null ? '' : `${t('loyalty.pointsWorth', { amount: worth })} · `}${t('loyalty.holders', { count: points?.holders ?? 0 })}`}
          explain={{
            how:
              programme == null
                ? t('explain.pointsOutPlain')
                : t('explain.pointsOut', {
                    a: formatCount(programme.spend.points),
                    b: formatMoney(programme.spend.worthMinor, chainCurrency),
                  }),
            to: { page: 'loyalty', tab: 'programme' },
            toWord: t('explain.rules'),
          }}
        />
        {(['value', 'gift_card'] as const).map((kind) => {
          const mine = answer.purses.filter(({ purse }) => purse === kind);
          const shown =
            mine.length === 0 ? [{ currency: chainCurrency.code, balance: 0, bonus: 0, holders: 0 }] : mine;
          return shown.map(({ currency, balance, bonus, holders }) => {
            const money = currencyOf(currency ?? chainCurrency.code);
            return (
              <Factor
                key={`${kind} ${currency}`}
                label={t(kind === 'value' ? 'loyalty.valueOut' : 'loyalty.cardsOut')}
                value={formatMoney(balance, money)}
                explain={{
                  how: t(kind === 'value' ? 'explain.valueOut' : 'explain.cardsOut'),
                  to: { page: 'loyalty', tab: 'value' },
                  toWord: t('explain.rules'),
                }}
                note={`${t('loyalty.holders', { count: holders })}${bonus > 0 ? ` · ${t('loyalty.bonusPart', { amount: formatMoney(bonus, money) })}` : ''}`}
              />
            );
          });
        })}
      </div>
    </section>
  );
}

function Ending({ answer: { ending } }: { readonly answer: Liability }) {
  const { t } = useTranslation();
  const tokens = useTokens();
  const points = ending.filter(({ purse }) => purse === 'points');
  return (
    <Card title={t('loyalty.ending')}>
      {points.length === 0 ? (
        <Notice icon="wait" title={t('loyalty.endingNone')} help={t('loyalty.endingNoneHelp')} />
      ) : (
        <Chart
          heightPx={260}
          label={points.map(({ month, left }) => `${month}: ${left}`).join(', ')}
          option={{
            ...chartFrame(tokens, { names: points.map(({ month }) => month) }),
            series: [
              {
                type: 'bar',
                name: t('loyalty.points'),
                animation: false,
                data: points.map(({ left }) => left),
                itemStyle: { color: tokens.accent, borderRadius: [4, 4, 0, 0] },
                barMaxWidth: 36,
              },
            ],
          }}
        />
      )}
    </Card>
  );
}

function Redemption({ answer: { asOf, coupons } }: { readonly answer: Liability }) {
  const { t } = useTranslation();
  const tokens = useTokens();
  const templates = [...new Set(coupons.map(({ templateId }) => templateId))];
  const days = datesBetween(addDays(asOf, -89), asOf);
  return (
    <Card title={t('loyalty.redemption')}>
      {coupons.length === 0 ? (
        <Notice icon="loyalty" title={t('loyalty.redemptionNone')} help={t('loyalty.redemptionNoneHelp')} />
      ) : (
        <Chart
          heightPx={260}
          label={templates
            .map((id) => {
              const uses = coupons
                .filter(({ templateId }) => templateId === id)
                .reduce((sum, day) => sum + day.uses, 0);
              return `${id} ${t('loyalty.uses', { count: uses })}`;
            })
            .join(', ')}
          option={{
            ...chartFrame(tokens, { names: days.map((day) => day.slice(5)), whole: true }),
            series: templates.map((id, index) => ({
              type: 'bar',
              stack: 'all',
              name: id,
              animation: false,
              itemStyle: { color: tokens.series[index % tokens.series.length]! },
              data: days.map(
                (day) => coupons.find(({ templateId, on }) => templateId === id && on === day)?.uses ?? 0,
              ),
            })),
          }}
        />
      )}
    </Card>
  );
}
