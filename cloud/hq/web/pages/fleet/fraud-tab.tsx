/** The fraud lens: cashiers whose refunds, discounts or cash stand out, with the receipts behind each number. */
import { useTranslation } from 'react-i18next';
import type { BreakdownAnswer } from '../../../breakdown-schemas.ts';
import { search } from '../../api/paths.ts';
import { useQueries, useQuery } from '../../api/use-query.ts';
import { addDays } from '../../format/date.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount, formatShare } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icons.tsx';
import { NoStores } from '../../parts/notice.tsx';
import { newestDate, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { Link } from '../../shell/router.tsx';
import { LensCard } from './lens-card.tsx';
import { type CashierLook, looksOf, type Shift } from './shift.ts';

const DAYS = 90;

export function FraudTab({ storeId }: { readonly storeId: string | undefined }) {
  const { t } = useTranslation();
  const known = useStores().data;
  const stores = known?.stores ?? [];
  const currency = stores[0]?.currency;
  const to = newestDate(stores, useNow());
  const from = addDays(to, 1 - DAYS);
  const shifts = useQuery<{ shifts: Shift[] }>(`/api/v1/shifts${search({ storeId, from, to, limit: 500 })}`);
  const [report] = useQueries<BreakdownAnswer>(
    currency === undefined
      ? []
      : [`/api/v1/reports/breakdown${search({ by: 'cashier', from, to, storeId, currency: currency.code })}`],
  );
  if (report === undefined || currency === undefined) return known === null ? null : <NoStores />;
  const looks = report.data === null ? [] : looksOf(report.data.parts, shifts.data?.shifts ?? []);
  const mark = (look: CashierLook, what: CashierLook['odd'][number]) =>
    look.odd.includes(what) && (
      <span className="tag tag-warn">
        <Icon name="warn" />
        {t('fleet.odd')}
      </span>
    );
  const percent = (part: number) => formatShare(Math.round(part * 100_000), 100_000) ?? '—';
  const columns: Column<CashierLook>[] = [
    {
      key: 'cashier',
      title: t('fleet.cashier'),
      value: ({ name, cashierId }) => name ?? cashierId,
      show: ({ name, cashierId }) => (
        <Link to={{ page: 'analysis', cashierId, from, to, by: 'promotion' }} className="row-link">
          {name ?? cashierId}
        </Link>
      ),
    },
    {
      key: 'tickets',
      title: t('analysis.tickets'),
      number: true,
      value: ({ tickets }) => tickets,
      show: ({ tickets }) => formatCount(tickets),
    },
    {
      key: 'refunds',
      title: t('fleet.refundRate'),
      number: true,
      value: ({ refundRate }) => refundRate,
      exported: ({ refundRate }) => percent(refundRate),
      show: (look) => (
        <>
          <Link to={{ page: 'sales', cashierId: look.cashierId, from, to, kind: 'refund' }}>
            {percent(look.refundRate)} ({look.refunds})
          </Link>
          {mark(look, 'refunds')}
        </>
      ),
    },
    {
      key: 'discounts',
      title: t('fleet.discountRate'),
      number: true,
      value: ({ discountRate }) => discountRate,
      exported: ({ discountRate }) => percent(discountRate),
      show: (look) => (
        <>
          <Link to={{ page: 'sales', cashierId: look.cashierId, from, to, ruleId: 'manual' }}>
            {percent(look.discountRate)}
          </Link>
          {mark(look, 'discounts')}
        </>
      ),
    },
    {
      key: 'short',
      title: t('fleet.shortShifts'),
      number: true,
      value: ({ shortShifts }) => shortShifts,
      show: (look) => (
        <>
          {look.shortShifts}
          {mark(look, 'cash')}
        </>
      ),
    },
    {
      key: 'cash',
      title: t('fleet.cashSum'),
      number: true,
      from: 'md',
      value: ({ cashMinor }) => cashMinor,
      exported: ({ cashMinor }) => cashMinor / 10 ** currency.digits,
      show: ({ cashMinor }) => formatMoney(cashMinor, currency),
    },
  ];
  const names = new Map(looks.map(({ cashierId, name }) => [cashierId, name]));
  return (
    <>
      <LensCard from={from} to={to} storeId={storeId} names={names} />
      <Card
        title={`${t('fleet.fraud')} · ${from} – ${to}`}
        extra={<ExportButton name="cashiers" rows={looks} columns={columns} />}
        className="card-table"
      >
        <p className="muted table-note">{t('fleet.fraudHelp')}</p>
        <Answered query={report} rows={8}>
          {() => (
            <DataTable name="cashiers" rows={looks} columns={columns} rowKey={({ cashierId }) => cashierId} />
          )}
        </Answered>
      </Card>
    </>
  );
}
