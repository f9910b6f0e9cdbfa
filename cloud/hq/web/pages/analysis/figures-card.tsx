/** The period's figures, each with how it moved. */
import { useTranslation } from 'react-i18next';
import { formatMoney, formatMoneyRatio } from '../../format/money.ts';
import { type Change, changeOf, formatCount, formatQuotient, formatShare } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import type { Route } from '../../shell/routes.ts';
import { Factor } from '../today/factor.tsx';
import type { Analysis } from './analysis-page.tsx';
import { receiptsOf } from './drill.ts';
import { type Breakdown, useBreakdowns } from './use-analysis.ts';

type Figures = Breakdown['whole'];

export function FiguresCard({ analysis: { route, now, before, currency } }: { readonly analysis: Analysis }) {
  const { t } = useTranslation();
  const report = useBreakdowns(route, { now, before }, 'store', currency.code);
  return (
    <section className="card">
      <Answered query={report.now} rows={2}>
        {({ whole }) => {
          const change = (of: (figures: Figures) => number): Change | null =>
            report.before === null ? null : changeOf(of(whole), of(report.before.whole));
          // Quotients are compared crosswise: a/b against c/d as a·d against c·b.
          const ratioChange = (n: keyof Figures, d: keyof Figures): Change | null =>
            report.before === null
              ? null
              : changeOf(whole[n] * report.before.whole[d], report.before.whole[n] * whole[d]);
          const receipts = receiptsOf(route, now, null, '')!;
          const refunds: Route = receipts.page === 'sales' ? { ...receipts, kind: 'refund' } : receipts;
          const money = (minor: number) => formatMoney(minor, currency);
          const quotient = (
            how: 'averageTicket' | 'attach' | 'unit' | 'memberShare' | 'discountRate',
            a: string,
            b: string,
          ) => ({ how: t(`explain.${how}`, { a, b }) });
          return (
            <div className="kpis">
              <Factor
                testid="analysis-total"
                label={t('analysis.total')}
                value={formatMoney(whole.totalMinor, currency)}
                change={change((figures) => figures.totalMinor)}
                explain={{ how: t('explain.total'), to: receipts }}
                to={receipts}
              />
              <Factor
                label={t('analysis.tickets')}
                value={formatCount(whole.tickets)}
                change={change((figures) => figures.tickets)}
                explain={{ how: t('explain.tickets'), to: receipts }}
              />
              <Factor
                label={t('analysis.averageTicket')}
                value={formatMoneyRatio(whole.totalMinor, whole.tickets, currency)}
                change={ratioChange('totalMinor', 'tickets')}
                explain={quotient('averageTicket', money(whole.totalMinor), formatCount(whole.tickets))}
              />
              <Factor
                label={t('analysis.attach')}
                value={formatQuotient(whole.pieces, whole.tickets, 2)}
                change={ratioChange('pieces', 'tickets')}
                explain={quotient('attach', formatCount(whole.pieces), formatCount(whole.tickets))}
              />
              <Factor
                label={t('analysis.unit')}
                value={formatMoneyRatio(whole.totalMinor, whole.pieces, currency)}
                change={ratioChange('totalMinor', 'pieces')}
                explain={quotient('unit', money(whole.totalMinor), formatCount(whole.pieces))}
              />
              <Factor
                label={t('analysis.memberShare')}
                value={formatShare(whole.memberTotalMinor, whole.totalMinor)}
                change={ratioChange('memberTotalMinor', 'totalMinor')}
                explain={quotient('memberShare', money(whole.memberTotalMinor), money(whole.totalMinor))}
              />
              <Factor
                label={t('analysis.discountRate')}
                value={formatShare(Math.abs(whole.adjustmentMinor), whole.grossMinor)}
                explain={quotient(
                  'discountRate',
                  money(Math.abs(whole.adjustmentMinor)),
                  money(whole.grossMinor),
                )}
              />
              <Factor
                label={t('analysis.refunds')}
                value={formatCount(whole.refunds)}
                explain={{ how: t('explain.refunds'), to: refunds }}
              />
            </div>
          );
        }}
      </Answered>
    </section>
  );
}
