/** What the fraud lens found: a pattern, whose it is, and the journal rows that it was seen in. */
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { LensAnswer } from '../../../lens-schemas.ts';
import { search } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { dateTime } from '../../format/date.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';
import { useTills } from '../today/use-day.ts';

type Finding = z.infer<typeof LensAnswer>['findings'][number];

export interface LensProps {
  readonly from: string;
  readonly to: string;
  readonly storeId: string | undefined;
  /** Names of cashiers by id. */
  readonly names: ReadonlyMap<string, string | null>;
}

export function LensCard({ from, to, storeId, names }: LensProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const lens = useQuery<z.infer<typeof LensAnswer>>(`/api/v1/fraud-lens${search({ from, to, storeId })}`);
  const columns: Column<Finding>[] = [
    {
      key: 'kind',
      title: t('fleet.pattern'),
      value: ({ kind }) => t(`fleet.lens_${kind}`),
      show: ({ kind }) => <b>{t(`fleet.lens_${kind}`)}</b>,
    },
    {
      key: 'who',
      title: t('fleet.cashier'),
      value: ({ cashierId }) => (cashierId === null ? '—' : (names.get(cashierId) ?? cashierId)),
    },
    {
      key: 'store',
      title: t('fleet.store'),
      from: 'md',
      value: ({ storeId: id }) => storeName(stores.get(id), id, locale),
    },
    { key: 'count', title: t('fleet.times'), number: true, value: ({ count }) => count },
    {
      key: 'amount',
      title: t('fleet.moved'),
      number: true,
      value: ({ amountMinor }) => amountMinor,
      exported: ({ amountMinor, currency }) =>
        amountMinor === null ? null : amountMinor / 10 ** currencyOf(currency ?? 'CNY').digits,
      show: ({ amountMinor, currency }) =>
        amountMinor === null ? '—' : formatMoney(amountMinor, currencyOf(currency ?? 'CNY')),
    },
  ];
  return (
    <Card
      title={`${t('fleet.lens')} · ${from} – ${to}`}
      extra={<ExportButton name="fraud-lens" rows={lens.data?.findings ?? []} columns={columns} />}
      className="card-table"
    >
      <p className="muted table-note">{t('fleet.lensHelp')}</p>
      <Answered query={lens} rows={4}>
        {({ findings }) => (
          <DataTable
            name="lens"
            rows={findings}
            columns={columns}
            rowKey={({ kind, storeId: id, cashierId, currency }) => `${kind} ${id} ${cashierId} ${currency}`}
            pageRows={20}
            expanded={({ rows }) => <Rows rows={rows} />}
            empty={<Notice icon="online" title={t('fleet.lensNothing')} />}
          />
        )}
      </Answered>
    </Card>
  );
}

function Rows({ rows }: { readonly rows: Finding['rows'] }) {
  const { t } = useTranslation();
  const tills = useTills().data?.tills ?? [];
  return (
    <ul className="facts-list" data-testid="lens-rows">
      {rows.map(({ tillId, journalId, seq, saleId, atMs }) => (
        <li key={`${journalId} ${seq}`} className="num">
          {dateTime(atMs, undefined)} · {tills.find(({ id }) => id === tillId)?.code ?? tillId} ·{' '}
          {saleId === null ? (
            <Link to={{ page: 'till', id: tillId }}>
              {t('fleet.seq')} {seq}
            </Link>
          ) : (
            <Link to={{ page: 'sale', saleId }}>
              {t('fleet.seq')} {seq}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
