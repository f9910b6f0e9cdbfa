/** What a coupon would have cost on past sales, in words, and what is assumed. */
import { useTranslation } from 'react-i18next';
import type { CouponPreview } from '../../../offer-preview-schemas.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount, formatRateBp } from '../../format/number.ts';
import { Trial } from '../../parts/trial.tsx';

export interface CouponTrialProps {
  readonly template: object;
  /** An issue of so many codes. */
  readonly codes?: number | undefined;
  readonly disabled?: boolean;
}

export function CouponTrial({ template, codes, disabled = false }: CouponTrialProps) {
  return (
    <Trial<CouponPreview>
      path="/api/v1/coupon-templates/preview"
      body={{ template, ...(codes === undefined || codes < 1 ? {} : { codes }) }}
      days={[1, 7]}
      disabled={disabled}
      testId="coupon-trial"
    >
      {(answer) => <CouponCost answer={answer} codes={codes} />}
    </Trial>
  );
}

export function CouponCost({
  answer: { receipts, priced, books, isCapped },
  codes,
}: {
  readonly answer: CouponPreview;
  readonly codes: number | undefined;
}) {
  const { t } = useTranslation();
  return (
    <>
      {books.map((book) => {
        const money = (minor: number) => formatMoney(minor, currencyOf(book.currency));
        return (
          <div key={book.currency} className="num">
            <p>
              {receipts === 0
                ? t('loyalty.noSales')
                : t('loyalty.couponCost', {
                    given: money(book.givenMinor),
                    share: formatRateBp(book.shareBp),
                    redeemed: formatCount(book.redeemed),
                    receipts: formatCount(book.receipts),
                    members: formatCount(book.members),
                  })}
            </p>
            {codes !== undefined && book.codesMaxMinor !== null && (
              <p data-testid="codes-cost">
                {t(isCapped ? 'loyalty.codesCost' : 'loyalty.codesCostLargest', {
                  codes: formatCount(codes),
                  each: money(book.eachMaxMinor),
                  most: money(book.codesMaxMinor),
                })}
              </p>
            )}
          </div>
        );
      })}
      {priced < receipts && (
        <p className="muted num">
          {t('loyalty.newestOnly', { priced: formatCount(priced), receipts: formatCount(receipts) })}
        </p>
      )}
      <p className="muted">{t('loyalty.couponAssumed')}</p>
    </>
  );
}
