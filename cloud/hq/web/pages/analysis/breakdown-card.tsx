/** The parts behind the figures by one dimension, each leading further down or to its receipts. */
import { useTranslation } from 'react-i18next';
import { formatMinor } from '../../../../../src/core/money.ts';
import { addDays, daysBetween } from '../../format/date.ts';
import { formatAmount, formatMoney } from '../../format/money.ts';
import { changeOf, formatCount, formatQuotient, formatShare } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { ChangeMark } from '../../parts/change-mark.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { go, Link } from '../../shell/router.tsx';
import type { Analysis } from './analysis-page.tsx';
import { drilled, receiptsOf, SHOWN_DIMENSIONS } from './drill.ts';
import { WORDS } from './filter-chips.tsx';
import { usePartName } from './part-name.ts';
import { type Breakdown, useBreakdowns } from './use-analysis.ts';

type Part = Breakdown['parts'][number];

const OVERLAPPING: ReadonlySet<string> = new Set(['item', 'category', 'brand', 'tender', 'promotion']);

export function BreakdownCard({ analysis }: { readonly analysis: Analysis }) {
  const { route, now, before, currency } = analysis;
  const { t } = useTranslation();
  const by = SHOWN_DIMENSIONS.find((one) => one === route.by) ?? 'store';
  const report = useBreakdowns(route, { now, before }, by, currency.code);
  const columns = useColumns(analysis, by, report);
  const rows = report.now.data?.parts ?? [];
  return (
    <Card
      title={`${t('analysis.by')}: ${t(`analysis.${WORDS[by]}`)}`}
      extra={
        <ExportButton
          name={`${t('analysis.title')} ${now.from} ${now.to} ${by}`}
          rows={rows}
          columns={columns}
        />
      }
      className="card-table"
    >
      <fieldset className="dims" aria-label={t('analysis.by')}>
        {SHOWN_DIMENSIONS.map((one) => (
          <button
            key={one}
            type="button"
            className="dim"
            aria-pressed={one === by}
            data-testid={`by-${one}`}
            onClick={() => go({ ...route, by: one })}
          >
            {t(`analysis.${WORDS[one]}`)}
          </button>
        ))}
      </fieldset>
      <Answered query={report.now} rows={8}>
        {({ parts, cut }) => (
          <>
            <DataTable
              key={by}
              name="breakdown"
              rows={parts}
              columns={columns}
              rowKey={({ key }) => key}
              sums
              empty={<Notice icon="sales" title={t('analysis.none')} help={t('analysis.noneHelp')} />}
            />
            {OVERLAPPING.has(by) && parts.length > 0 && (
              <p className="muted table-note">{t('analysis.overlap')}</p>
            )}
            {cut && <p className="muted table-note">{t('analysis.cut', { count: parts.length })}</p>}
          </>
        )}
      </Answered>
    </Card>
  );
}

function useColumns(
  { route, now, before, currency }: Analysis,
  by: (typeof SHOWN_DIMENSIONS)[number],
  report: ReturnType<typeof useBreakdowns>,
): Column<Part>[] {
  const { t } = useTranslation();
  const nameOf = usePartName();
  // A day stands against the day in its place of the period before; all else against itself.
  const shift = by === 'day' && before !== null ? daysBetween(before.from, now.from) : 0;
  const earlier = new Map(
    (report.before?.parts ?? []).map((part) => [shift === 0 ? part.key : addDays(part.key, shift), part]),
  );
  const whole = report.now.data?.whole;
  // Promotions are weighed by what they give away; all others by what they bring.
  const measure = (part: Pick<Part, 'totalMinor' | 'adjustmentMinor'>) =>
    by === 'promotion' ? -part.adjustmentMinor : part.totalMinor;
  const most = Math.max(1, ...(report.now.data?.parts ?? []).map(measure));
  const plain = (minor: number) => Number(formatMinor(minor, currency.digits));
  const money = (key: 'totalMinor' | 'adjustmentMinor', title: string): Column<Part> => ({
    key,
    title,
    number: true,
    value: (part) => part[key],
    exported: (part) => plain(part[key]),
    show: (part) => {
      const to = receiptsOf(route, now, by, part.key);
      const words = <b title={formatMoney(part[key], currency)}>{formatAmount(part[key], currency)}</b>;
      return to === null ? (
        words
      ) : (
        <Link to={to} className="cell-link" title={t('analysis.receipts')}>
          {words}
        </Link>
      );
    },
    sum: whole === undefined ? '' : formatAmount(whole[key], currency),
  });
  return [
    {
      key: 'name',
      title: t(`analysis.${WORDS[by]}`),
      value: (part) => nameOf(by, part),
      show: (part) => {
        const to = drilled(route, by, part.key);
        const name = nameOf(by, part);
        return to === null ? (
          name
        ) : (
          <Link to={to} className="row-link" data-testid={`drill-${part.key}`}>
            {name}
          </Link>
        );
      },
      sum: t('shell.total'),
    },
    money('totalMinor', t('analysis.total')),
    {
      key: 'share',
      title: t('analysis.share'),
      number: true,
      from: 'md',
      value: measure,
      exported: (part) => formatShare(measure(part), whole === undefined ? 0 : measure(whole)),
      show: (part) => (
        <span className="share-bar">
          {formatShare(measure(part), whole === undefined ? 0 : measure(whole)) ?? '—'}
          <i style={{ width: `${Math.max(0, (48 * measure(part)) / most)}px` }} />
        </span>
      ),
    },
    ...(report.before === null
      ? []
      : [
          {
            key: 'change',
            title: t('analysis.change'),
            number: true,
            value: (part: Part) => relative(measure(part), earlier.get(part.key), measure),
            show: (part: Part) => {
              const old = earlier.get(part.key);
              const change = old === undefined ? null : changeOf(measure(part), measure(old));
              return change === null ? '—' : <ChangeMark change={change} />;
            },
          } satisfies Column<Part>,
        ]),
    {
      key: 'tickets',
      title: t('analysis.tickets'),
      number: true,
      value: ({ tickets }) => tickets,
      show: ({ tickets }) => formatCount(tickets),
      sum: whole === undefined ? '' : formatCount(whole.tickets),
    },
    {
      key: 'attach',
      title: t('analysis.attach'),
      number: true,
      from: 'lg',
      value: ({ pieces, tickets }) => (tickets === 0 ? null : Math.round((100 * pieces) / tickets) / 100),
      show: ({ pieces, tickets }) => formatQuotient(pieces, tickets, 2) ?? '—',
      sum: whole === undefined ? '' : formatQuotient(whole.pieces, whole.tickets, 2),
    },
    money('adjustmentMinor', t('analysis.discount')),
    {
      key: 'members',
      title: t('analysis.memberShare'),
      number: true,
      from: 'md',
      value: ({ memberTotalMinor, totalMinor }) => (totalMinor === 0 ? null : memberTotalMinor / totalMinor),
      exported: ({ memberTotalMinor, totalMinor }) => formatShare(memberTotalMinor, totalMinor),
      show: ({ memberTotalMinor, totalMinor }) => formatShare(memberTotalMinor, totalMinor) ?? '—',
    },
    {
      key: 'refunds',
      title: t('analysis.refunds'),
      number: true,
      from: 'lg',
      value: ({ refunds }) => refunds,
      show: ({ refunds }) => formatCount(refunds),
      sum: whole === undefined ? '' : formatCount(whole.refunds),
    },
  ];
}

function relative(now: number, old: Part | undefined, measure: (part: Part) => number): number | null {
  const before = old === undefined ? 0 : measure(old);
  return before <= 0 ? null : Math.round((1_000 * (now - before)) / before) / 1_000;
}
