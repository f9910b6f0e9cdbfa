/**
 * The sales equation as a tree: sales are visitors that buy, tickets of some pieces at some price, and they are those of
 * strangers, of new customers, and of customers who come again. Each level gives the one above, to the cent.
 */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, formatMoneyRatio } from '../../format/money.ts';
import { formatCount, formatQuotient, formatRateBp, formatShare } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Link } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import type { Analysis } from './analysis-page.tsx';
import { type SalesEquation, useEquation } from './use-analysis.ts';

export function TreeCard({ analysis: { route, now, currency } }: { readonly analysis: Analysis }) {
  const { t } = useTranslation();
  const equation = useEquation(route, now, currency.code);
  const to = (change: object): Route => ({ ...route, ...change });
  return (
    <Card title={t('analysis.tree')}>
      <Answered query={equation} rows={6}>
        {(answer) => {
          const { netMinor, tickets, pieces, traffic, byVisit } = answer;
          const shown = byVisit.filter((part) => part.tickets !== 0 || part.netMinor !== 0);
          return (
            <div className="tree" data-testid="equation-tree">
              <div className="tree-row">
                <Box
                  label={t('analysis.total')}
                  value={formatMoney(netMinor, currency)}
                  to={to({ by: 'store' })}
                />
              </div>
              <div className="tree-row">
                <Sign text="=" />
                <Box label={t('analysis.tickets')} value={formatCount(tickets)} to={to({ by: 'hour' })} />
                <Sign text="×" />
                <Box
                  label={t('analysis.attach')}
                  value={formatQuotient(pieces, tickets, 3)}
                  to={to({ by: 'category' })}
                />
                <Sign text="×" />
                <Box
                  label={t('analysis.unit')}
                  value={formatMoneyRatio(netMinor, pieces, currency)}
                  to={to({ by: 'item' })}
                />
              </div>
              {traffic !== null && (
                <div className="tree-row">
                  <Sign text="" />
                  <Box label={t('analysis.visitors')} value={formatCount(traffic.visitors)} />
                  <Sign text="×" />
                  <Box
                    label={t('analysis.conversion')}
                    value={traffic.conversionBp === null ? null : formatRateBp(traffic.conversionBp)}
                  />
                  <Sign text="=" />
                  <Box label={t('analysis.tickets')} value={formatCount(traffic.tickets)} />
                </div>
              )}
              <div className="tree-row">
                <Sign text="=" />
                {shown.map((part, index) => (
                  <VisitBox
                    key={part.key}
                    part={part}
                    whole={netMinor}
                    sign={index > 0}
                    money={(minor) => formatMoney(minor, currency)}
                    to={to(
                      part.key === 'anonymous'
                        ? { buyer: 'anonymous', by: 'category' }
                        : { buyer: 'member', by: 'tier' },
                    )}
                  />
                ))}
              </div>
              <p className="muted tree-help">
                {t('analysis.treeHelp')}
                {traffic !== null && traffic.tickets !== tickets && (
                  <>
                    {' '}
                    {t('analysis.trafficHelp', {
                      counted: formatCount(traffic.tickets),
                      all: formatCount(tickets),
                    })}
                  </>
                )}
              </p>
            </div>
          );
        }}
      </Answered>
    </Card>
  );
}

interface VisitProps {
  readonly part: SalesEquation['byVisit'][number];
  readonly whole: number;
  readonly sign: boolean;
  readonly money: (minor: number) => string;
  readonly to: Route;
}

function VisitBox({ part, whole, sign, money, to }: VisitProps) {
  const { t } = useTranslation();
  const { key, netMinor } = part;
  const words =
    key === 'anonymous' || key === 'returned'
      ? t(`analysis.${key}`)
      : key === '1'
        ? t('analysis.firstVisit')
        : key.endsWith('+')
          ? t('analysis.nthPlus', { n: key.slice(0, -1) })
          : t('analysis.nthVisit', { n: key });
  return (
    <>
      {sign && <Sign text="+" />}
      <Box label={words} value={money(netMinor)} note={formatShare(netMinor, whole) ?? ''} to={to} />
    </>
  );
}

interface BoxProps {
  readonly label: string;
  /** Null: it cannot be worked out. */
  readonly value: string | null;
  readonly note?: ReactNode;
  readonly to?: Route;
}

function Box({ label, value, note, to }: BoxProps) {
  const inner = (
    <>
      <span className="muted">{label}</span>
      <b className="num">{value ?? '—'}</b>
      {note !== undefined && <span className="muted num">{note}</span>}
    </>
  );
  return to === undefined ? (
    <div className="tree-box">{inner}</div>
  ) : (
    <Link to={to} className="tree-box">
      {inner}
    </Link>
  );
}

function Sign({ text }: { readonly text: string }) {
  return <span className="tree-sign">{text}</span>;
}
