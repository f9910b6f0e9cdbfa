/** What a member bought, how points moved, and everything else that happened. */
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TimelineShape } from '../../../fact-schemas.ts';
import type { LedgerPage } from '../../../loyalty-schemas.ts';
import type { PurchaseList } from '../../../member-schemas.ts';
import { useQuery } from '../../api/use-query.ts';
import { dateMinute, dateTime } from '../../format/date.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';
import { type Happening, happeningName, happeningWords, movementName, signed } from './happening.ts';
import { memberPath } from './member-path.ts';
import { useTierName } from './tier-name.ts';

type Purchase = z.infer<typeof PurchaseList>['purchases'][number];
type Entry = z.infer<typeof LedgerPage>['entries'][number];

export function PurchasesCard({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const purchases = useQuery<z.infer<typeof PurchaseList>>(`${memberPath(memberId)}/purchases?limit=50`);
  const columns: Column<Purchase>[] = [
    { key: 'date', title: t('sales.time'), value: ({ date }) => date },
    {
      key: 'receipt',
      title: t('sales.receiptNo'),
      value: ({ receiptNo }) => receiptNo,
      show: ({ saleId, receiptNo }) => (
        <Link to={{ page: 'sale', saleId }} className="row-link num">
          {receiptNo}
        </Link>
      ),
    },
    {
      key: 'store',
      title: t('sales.store'),
      from: 'md',
      value: ({ storeId }) => storeName(stores.get(storeId), storeId, locale),
    },
    {
      key: 'goods',
      title: t('sale.lines'),
      from: 'lg',
      value: goodsOf,
      show: (purchase) => (
        <span className="clip" title={goodsOf(purchase)}>
          {goodsOf(purchase)}
        </span>
      ),
    },
    {
      key: 'total',
      title: t('sales.total'),
      number: true,
      value: ({ totalMinor }) => totalMinor,
      exported: ({ totalMinor, currency }) => totalMinor / 10 ** currencyOf(currency).digits,
      show: ({ totalMinor, currency }) => <b>{formatMoney(totalMinor, currencyOf(currency))}</b>,
    },
  ];
  return (
    <Card
      title={t('member.purchases')}
      extra={<ExportButton name="purchases" rows={purchases.data?.purchases ?? []} columns={columns} />}
      className="card-table"
    >
      <Answered query={purchases} rows={6}>
        {(list) => (
          <DataTable
            name="purchases"
            rows={list.purchases}
            columns={columns}
            rowKey={({ saleId }) => saleId}
            pageRows={10}
            empty={<Notice icon="receipt" title={t('member.noPurchases')} />}
          />
        )}
      </Answered>
    </Card>
  );
}

function goodsOf({ lines }: Purchase): string {
  return lines.map(({ name, qty }) => (qty === 1 ? name : `${name} ×${qty}`)).join(', ');
}

export function ledgerPath(memberId: string): string {
  return `${memberPath(memberId)}/ledger?purse=points&limit=100`;
}

export function LedgerCard({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const ledger = useQuery<z.infer<typeof LedgerPage>>(ledgerPath(memberId));
  const columns: Column<Entry>[] = [
    { key: 'on', title: t('member.when'), value: ({ on }) => on },
    {
      key: 'kind',
      title: t('member.kind'),
      value: ({ kind }) => movementName(kind, t),
      show: ({ kind, saleId }) =>
        saleId === null ? (
          movementName(kind, t)
        ) : (
          <Link to={{ page: 'sale', saleId }}>{movementName(kind, t)}</Link>
        ),
    },
    {
      key: 'points',
      title: t('member.points'),
      number: true,
      value: ({ points }) => points,
      show: ({ points }) => signed(points),
    },
    { key: 'reason', title: t('member.reason'), from: 'md', value: ({ reason }) => reason ?? '' },
    { key: 'by', title: t('member.by'), from: 'md', value: ({ author }) => author ?? '' },
  ];
  return (
    <Card
      title={t('member.ledger')}
      extra={<ExportButton name="points" rows={ledger.data?.entries ?? []} columns={columns} />}
      className="card-table"
    >
      <Answered query={ledger} rows={6}>
        {({ entries }) => (
          <DataTable name="ledger" rows={entries} columns={columns} rowKey={({ id }) => id} pageRows={10} />
        )}
      </Answered>
    </Card>
  );
}

export function TimelineCard({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const tierName = useTierName();
  const timeline = useQuery<z.infer<typeof TimelineShape>>(`${memberPath(memberId)}/timeline?limit=50`);
  const columns: Column<Happening>[] = [
    {
      key: 'at',
      title: t('member.when'),
      value: ({ atMs }) => atMs,
      exported: ({ atMs }) => dateTime(atMs, undefined),
      show: ({ atMs }) => <span className="num nowrap">{dateMinute(atMs, undefined)}</span>,
    },
    { key: 'kind', title: t('member.kind'), value: (one) => happeningName(one, t) },
    {
      key: 'what',
      title: t('fleet.what'),
      value: (one) => happeningWords(one, t, tierName),
      show: (one) => (
        <span className="clip" title={happeningWords(one, t, tierName)}>
          {one.kind === 'sale' ? (
            <Link to={{ page: 'sale', saleId: one.id }}>{happeningWords(one, t, tierName)}</Link>
          ) : (
            happeningWords(one, t, tierName)
          )}
        </span>
      ),
    },
  ];
  return (
    <Card
      title={t('member.timeline')}
      extra={<ExportButton name="timeline" rows={timeline.data?.entries ?? []} columns={columns} />}
      className="card-table"
    >
      <Answered query={timeline} rows={6}>
        {({ entries }) => (
          <DataTable
            name="timeline"
            rows={entries}
            columns={columns}
            rowKey={({ kind, id }) => `${kind} ${id}`}
            pageRows={10}
          />
        )}
      </Answered>
    </Card>
  );
}
