/** The period's figures, each with how it moved. */
import { useTranslation } from 'react-i18next';
import { formatMoney, formatMoneyRatio } from '../../format/money.ts';
import { type Change, changeOf, formatCount, formatQuotient, formatShare } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Link } from '../../shell/router.tsx';
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
          const receipts = receiptsOf(route, now, null, '');
          return (
            <div className="kpis">
              <Link to={receipts!} className="factor-link">
                <Factor
                  testid="analysis-total"
                  label={t('analysis.total')}
                  value={formatMoney(whole.totalMinor, currency)}
                  change={change((figures) => figures.totalMinor)}
                />
              </Link>
              <Factor
                label={t('analysis.tickets')}
                value={formatCount(whole.tickets)}
                change={change((figures) => figures.tickets)}
              />
              <Factor
                label={t('analysis.averageTicket')}
                value={formatMoneyRatio(whole.totalMinor, whole.tickets, currency)}
                change={ratioChange('totalMinor', 'tickets')}
              />
              <Factor
                label={t('analysis.attach')}
                value={formatQuotient(whole.pieces, whole.tickets, 2)}
                change={ratioChange('pieces', 'tickets')}
              />
              <Factor
                label={t('analysis.unit')}
                value={formatMoneyRatio(whole.totalMinor, whole.pieces, currency)}
                change={ratioChange('totalMinor', 'pieces')}
              />
              <Factor
                label={t('analysis.memberShare')}
                value={formatShare(whole.memberTotalMinor, whole.totalMinor)}
                change={ratioChange('memberTotalMinor', 'totalMinor')}
              />
              <Factor
                label={t('analysis.discountRate')}
                value={formatShare(Math.abs(whole.adjustmentMinor), whole.grossMinor)}
              />
              <Factor label={t('analysis.refunds')} value={formatCount(whole.refunds)} />
            </div>
          );
        }}
      </Answered>
    </section>
  );
}
