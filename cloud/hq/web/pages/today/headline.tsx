/**
 * The headline: sales = tickets × price per piece × pieces per ticket, the members' share, and whether all tills are
 * heard. One equation a currency.
 */
import { useTranslation } from 'react-i18next';
import type { Query } from '../../api/use-query.ts';
import { equationOf, type Figures, figuresOf } from '../../figures/equation.ts';
import { sumBefore } from '../../figures/hours.ts';
import { addDays, weekdayOf } from '../../format/date.ts';
import { formatMoney, formatMoneyRatio } from '../../format/money.ts';
import { type Change, changeOf, formatCount, formatQuotient, formatShare } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { newestDate } from '../../parts/stores.ts';
import type { Route } from '../../shell/routes.ts';
import { Factor } from './factor.tsx';
import { TillsFactor } from './tills-factor.tsx';
import {
  type DayGroup,
  type DayHours,
  runningHour,
  type Scope,
  useDayFigures,
  useDayHours,
} from './use-day.ts';

export function HeadlineCard({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const figures = useDayFigures(scope);
  return (
    <section className="card headline">
      <Answered query={figures} rows={2}>
        {(groups) => (
          <>
            {groups.map((group, index) => (
              <EquationRow
                key={group.currency.code}
                scope={scope}
                group={group}
                tag={groups.length > 1}
                first={index === 0}
              />
            ))}
            <p className="headline-note muted">
              {groups.length > 1 ? `${t('today.currencyHint')} · ` : ''}
              {t('today.rounded')}
            </p>
          </>
        )}
      </Answered>
    </section>
  );
}

interface RowProps {
  readonly scope: Scope;
  readonly group: DayGroup;
  /** Names the currency: there is more than one. */
  readonly tag: boolean;
  readonly first: boolean;
}

function EquationRow({ scope, group, tag, first }: RowProps) {
  const { t } = useTranslation();
  const { currency } = group;
  const figures = figuresOf(group.days);
  const equation = equationOf(figures);
  const hours = useDayHours(scope, group.stores);
  const { changes, note } = useChanges(scope, group, figures, hours);
  const money = (minor: number) => formatMoney(minor, currency);
  const quotient = (how: 'attach' | 'unit' | 'memberShare', a: string, b: string) => ({
    how: t(`explain.${how}`, { a, b }),
  });
  const isToday = scope.picked === undefined || scope.picked === newestDate(scope.stores, scope.nowMs);
  const receipts: Route = {
    page: 'sales',
    businessDate: scope.picked ?? newestDate(scope.stores, scope.nowMs),
    ...(scope.stores.length === 1 ? { storeId: scope.stores[0]!.id } : {}),
  };
  const refunds = figures.refunds > 0 ? ` · ${t('today.refundCount', { count: figures.refunds })}` : '';
  return (
    <div className="equation">
      <Factor
        big
        testid={first ? 'today-total' : `today-total-${currency.code}`}
        label={`${t(isToday ? 'today.total' : 'today.dayTotal')}${tag ? ` · ${currency.code}` : ''}`}
        hint={`${t('today.includesRefunds')}${refunds}`}
        value={formatMoney(equation.totalMinor, currency)}
        change={changes.total}
        note={note}
        explain={{ how: t('explain.total'), to: receipts }}
        to={receipts}
      />
      <div className="factors">
        <Sign text="=" />
        <Factor
          testid="today-tickets"
          label={t('today.tickets')}
          value={formatCount(equation.tickets)}
          change={changes.tickets}
          explain={{ how: t('explain.tickets'), to: receipts }}
        />
        <Sign text="×" />
        <Factor
          testid="today-price"
          label={t('today.pricePerPiece')}
          value={
            equation.pricePerPiece &&
            formatMoneyRatio(equation.pricePerPiece.n, equation.pricePerPiece.d, currency)
          }
          change={changes.pricePerPiece}
          explain={quotient('unit', money(figures.totalMinor), formatCount(figures.pieces))}
        />
        <Sign text="×" />
        <Factor
          testid="today-pieces"
          label={t('today.piecesPerTicket')}
          value={
            equation.piecesPerTicket &&
            formatQuotient(equation.piecesPerTicket.n, equation.piecesPerTicket.d, 2)
          }
          change={changes.piecesPerTicket}
          explain={quotient('attach', formatCount(figures.pieces), formatCount(figures.tickets))}
        />
      </div>
      <div className="beside">
        <Factor
          testid="today-members"
          label={t('today.memberShare')}
          value={formatShare(figures.memberTotalMinor, figures.totalMinor)}
          note={t('today.memberTickets', { count: figures.memberTickets })}
          explain={quotient('memberShare', money(figures.memberTotalMinor), money(figures.totalMinor))}
        />
        {first && <TillsFactor stores={scope.stores} />}
      </div>
    </div>
  );
}

function Sign({ text }: { readonly text: string }) {
  return <span className="equation-sign">{text}</span>;
}

interface Changes {
  readonly total: Change | null;
  readonly tickets: Change | null;
  readonly pricePerPiece: Change | null;
  readonly piecesPerTicket: Change | null;
}

const NO_CHANGES: Changes = { total: null, tickets: null, pricePerPiece: null, piecesPerTicket: null };

/**
 * Against the same weekday a week ago. A running day is compared by its finished hours, which hold sales and tickets;
 * a day that is over is compared as a whole.
 */
function useChanges(
  scope: Scope,
  group: DayGroup,
  figures: Figures,
  hours: Query<DayHours>,
): { changes: Changes; note: string } {
  const { t } = useTranslation();
  const locale = useLocale();
  const date = scope.picked ?? newestDate(group.stores, scope.nowMs);
  const weekday = weekdayOf(addDays(date, -7), locale);
  const hour = runningHour(group.stores, scope.picked, scope.nowMs);
  const before = figuresOf(group.lastWeek);
  if (before.totalMinor <= 0) return { changes: NO_CHANGES, note: t('today.vsNone', { weekday }) };
  if (hour === 24) {
    return { changes: wholeDayChanges(figures, before), note: t('today.vsLastWeek', { weekday }) };
  }
  if (hours.data === null) return { changes: NO_CHANGES, note: '' };
  const [now, then] = [sumBefore(hours.data.today, hour), sumBefore(hours.data.lastWeek, hour)];
  const changes = {
    ...NO_CHANGES,
    total: changeOf(now.totalMinor, then.totalMinor),
    tickets: changeOf(now.sales, then.sales),
  };
  return { changes, note: changes.total === null ? '' : t('today.vsLastWeekBefore', { weekday, hour }) };
}

function wholeDayChanges(now: Figures, before: Figures): Changes {
  // Quotients are compared crosswise, a/b against c/d as a·d against c·b: exact up to 2^53.
  return {
    total: changeOf(now.totalMinor, before.totalMinor),
    tickets: changeOf(now.tickets, before.tickets),
    pricePerPiece: changeOf(now.totalMinor * before.pieces, before.totalMinor * now.pieces),
    piecesPerTicket: changeOf(now.pieces * before.tickets, before.pieces * now.tickets),
  };
}
