/**
 * One sale: the receipt as the customer saw it, beside it what stands behind each of its numbers, and the proof.
 */
import { useTranslation } from 'react-i18next';
import type { SaleDetail } from '../../../schemas.ts';
import { salePath } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Paper } from '../../parts/paper.tsx';
import { rowCurrency, useStoreIndex } from '../../parts/stores.ts';
import { Page } from '../../shell/page.tsx';
import { ChainCard } from './chain-card.tsx';
import { FactsCard } from './facts-card.tsx';
import { LinesCard } from './lines-card.tsx';
import { MoneyCard } from './money-card.tsx';

export function SalePage({ saleId }: { readonly saleId: string }) {
  const { t } = useTranslation();
  const detail = useQuery<SaleDetail>(salePath(saleId));
  const sale = detail.data?.sale;
  const title = sale === undefined ? t('nav.sales') : t(TITLES[sale.kind], { receiptNo: sale.receiptNo });
  return (
    <Page title={title} back={{ to: { page: 'sales' }, word: t('sale.back') }}>
      <Answered query={detail} rows={12} inCard>
        {(known) => <Sale detail={known} />}
      </Answered>
    </Page>
  );
}

function Sale({ detail }: { readonly detail: SaleDetail }) {
  const { t } = useTranslation();
  const stores = useStoreIndex();
  const currency = rowCurrency(detail.sale, stores);
  return (
    <div className="sale">
      <Card title={t('sale.paper')} className="sale-paper">
        <Paper svg={detail.receiptSvg} label={t('sale.title', { receiptNo: detail.sale.receiptNo })} />
      </Card>
      <div className="stack">
        <FactsCard detail={detail} store={stores.get(detail.sale.storeId)} />
        <LinesCard lines={detail.lines} currency={currency} />
        <MoneyCard detail={detail} currency={currency} />
        <ChainCard detail={detail} timeZone={stores.get(detail.sale.storeId)?.timeZone} />
      </div>
    </div>
  );
}

const TITLES = { sale: 'sale.title', refund: 'sale.refundTitle', exchange: 'sale.exchangeTitle' } as const;
