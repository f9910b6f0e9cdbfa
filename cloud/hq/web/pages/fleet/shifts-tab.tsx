/** Closed shifts: what the drawer should have held and what was counted. */
import { useTranslation } from 'react-i18next';
import { search } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { dateMinute, dateTime } from '../../format/date.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { personName } from '../../parts/person-name.ts';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';
import type { Shift } from './shift.ts';

/** @param tillId  the shifts of one till alone */
export function ShiftsTab({
  storeId,
  tillId,
}: {
  readonly storeId: string | undefined;
  readonly tillId?: string;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const shifts = useQuery<{ shifts: Shift[] }>(`/api/v1/shifts${search({ storeId, limit: 500 })}`);
  const ofTill = (list: readonly Shift[]) =>
    list.filter((shift) => tillId === undefined || shift.tillId === tillId);
  const currencyOf = (shift: Shift) =>
    stores.get(shift.storeId)?.currency ?? { code: '', digits: 2, symbol: '' };
  const money = (
    key: 'totalMinor' | 'expectedMinor' | 'countedMinor' | 'differenceMinor',
    title: string,
    from?: 'md',
  ) =>
    ({
      key,
      title,
      number: true,
      ...(from === undefined ? {} : { from }),
      value: (shift) => shift[key],
      exported: (shift) => shift[key] / 10 ** currencyOf(shift).digits,
      show: (shift) => (
        <span className={key === 'differenceMinor' && shift[key] !== 0 ? 'warn-text' : ''}>
          {formatMoney(shift[key], currencyOf(shift))}
        </span>
      ),
    }) satisfies Column<Shift>;
  const columns: Column<Shift>[] = [
    { key: 'date', title: t('fleet.date'), value: ({ businessDate }) => businessDate },
    {
      key: 'store',
      title: t('fleet.store'),
      from: 'md',
      value: (shift) => storeName(stores.get(shift.storeId), shift.storeId, locale),
    },
    {
      key: 'till',
      title: t('fleet.till'),
      value: ({ tillCode }) => tillCode,
      show: ({ tillCode, tillId: id, businessDate }) => (
        <Link to={{ page: 'sales', tillId: id, businessDate }}>{tillCode}</Link>
      ),
    },
    { key: 'z', title: t('fleet.zNo'), number: true, from: 'lg', value: ({ zNo }) => zNo },
    {
      key: 'cashier',
      title: t('fleet.cashier'),
      from: 'md',
      value: personName,
      show: (shift) => <Link to={{ page: 'analysis', cashierId: shift.cashierId }}>{personName(shift)}</Link>,
    },
    money('totalMinor', t('fleet.total')),
    money('expectedMinor', t('fleet.expected'), 'md'),
    money('countedMinor', t('fleet.counted'), 'md'),
    money('differenceMinor', t('fleet.difference')),
    {
      key: 'closed',
      title: t('fleet.closedAt'),
      from: 'lg',
      value: ({ closedAtMs }) => closedAtMs,
      exported: ({ closedAtMs, storeId: at }) => dateTime(closedAtMs, stores.get(at)?.timeZone),
      show: ({ closedAtMs, storeId: at }) => (
        <span className="num">{dateMinute(closedAtMs, stores.get(at)?.timeZone)}</span>
      ),
    },
  ];
  return (
    <Card
      title={t('fleet.shifts')}
      extra={<ExportButton name="shifts" rows={ofTill(shifts.data?.shifts ?? [])} columns={columns} />}
      className="card-table"
    >
      <Answered query={shifts} rows={10}>
        {(list) => (
          <DataTable
            name="shifts"
            rows={ofTill(list.shifts)}
            columns={columns}
            rowKey={({ tillId: id, zNo }) => `${id} ${zNo}`}
            empty={<Notice icon="till" title={t('fleet.noShifts')} help={t('fleet.noShiftsHelp')} />}
          />
        )}
      </Answered>
    </Card>
  );
}
