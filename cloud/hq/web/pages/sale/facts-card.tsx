/**
 * Who, where and when of a sale; for a refund the sale that it reverses.
 */
import { useTranslation } from 'react-i18next';
import type { SaleDetail } from '../../../schemas.ts';
import type { Store } from '../../api/types.ts';
import { dateTime } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icons.tsx';
import { personName } from '../../parts/person-name.ts';
import { storeName } from '../../parts/stores.ts';
import { Link } from '../../shell/router.tsx';

export function FactsCard({
  detail,
  store,
}: {
  readonly detail: SaleDetail;
  readonly store: Store | undefined;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { sale, member, refundOf } = detail;
  return (
    <Card
      title={t('sale.facts')}
      extra={
        <>
          {sale.kind === 'refund' && (
            <span className="tag tag-bad">
              <Icon name="refund" />
              {t('sales.refund')}
            </span>
          )}
          {sale.kind === 'exchange' && (
            <span className="tag tag-warn">
              <Icon name="refund" />
              {t('sales.exchange')}
            </span>
          )}
          {sale.flags.map((flag) => (
            <span key={flag} className="tag tag-warn">
              <Icon name="warn" />
              {t('sales.flagged')}: {flag}
            </span>
          ))}
        </>
      }
    >
      <Facts
        facts={[
          refundOf && {
            name: t('sale.refundOf'),
            value: (
              <Link to={{ page: 'sale', saleId: refundOf.saleId }} data-testid="refund-of">
                {t('sale.openOriginal', { receiptNo: refundOf.receiptNo })}
              </Link>
            ),
          },
          {
            name: t('sale.store'),
            value: (
              <Link to={{ page: 'store', storeId: sale.storeId }}>
                {storeName(store, sale.storeId, locale)}
              </Link>
            ),
          },
          { name: t('sale.till'), value: sale.tillCode },
          { name: t('sale.cashier'), value: personName(detail) },
          { name: t('sale.at'), value: <span className="num">{dateTime(sale.atMs, store?.timeZone)}</span> },
          {
            name: t('sale.businessDate'),
            value: (
              <Link to={{ page: 'sales', storeId: sale.storeId, businessDate: sale.businessDate }}>
                {sale.businessDate}
              </Link>
            ),
          },
          { name: t('sale.member'), value: <MemberText member={member} known={sale.memberId !== null} /> },
          { name: t('sale.rules'), value: detail.rulesVersion },
        ]}
      />
    </Card>
  );
}

function MemberText({ member, known }: { readonly member: SaleDetail['member']; readonly known: boolean }) {
  const { t } = useTranslation();
  if (member === null) {
    return <span className="muted">{t(known ? 'sales.isMember' : 'sale.noMember')}</span>;
  }
  return (
    <>
      {member.name} <span className="muted num">{t('sale.card', { cardNo: member.cardNo })}</span>
    </>
  );
}
