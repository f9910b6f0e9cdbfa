/**
 * Orders of other channels as they are said to HQ: the shapes of `/api/v1/orders`, and what may be wrong with them.
 *
 * Amounts are signed minor units as on a receipt: goods that come back without naming an order have a quantity, and the order
 * a total, below zero. HQ works out gross, net and tax; where the caller says them too they must agree.
 */
import { z } from 'zod';
import { LINE_MINOR_MAX, LINES_MAX, QTY_MAX } from '../../src/core/basket.ts';

const minor = z.int().min(-LINE_MINOR_MAX).max(LINE_MINOR_MAX);
const positive = z.int().min(1).max(LINE_MINOR_MAX);
const plain = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'holds control characters');

export const Channel = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'is lower-case letters, digits and hyphens, 32 at most')
  .refine((channel) => channel !== 'till', 'is the word for sales of tills')
  .describe('web, tmall, erp-wholesale …');
export const ExternalId = plain(64).describe(
  'what the other system calls it; with the channel it is known for good',
);

const amountMinor = minor.refine((amount) => amount !== 0, 'is not zero');
const OrderTender = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cash'), amountMinor: amountMinor.describe('on delivery') }),
  z.strictObject({
    kind: z.literal('card'),
    amountMinor,
    brand: plain(32),
    last4: z.string().regex(/^\d{4}$/, 'is the last four digits, never the number'),
    approval: plain(64).default('-'),
    token: plain(128).default('-'),
  }),
  z.strictObject({
    kind: z.literal('wallet'),
    amountMinor,
    wallet: z.enum(['wechat', 'alipay', 'unionpay']),
    ref: plain(128),
  }),
  z.strictObject({
    kind: z.literal('voucher'),
    amountMinor,
    voucherNo: plain(64).describe('any other reference: bank transfer, invoice, pay-out of a marketplace'),
  }),
  z.strictObject({ kind: z.literal('points'), amountMinor: positive, points: positive }),
  z.strictObject({
    kind: z.literal('stored_value'),
    amountMinor: positive,
    bonusMinor: z.int().min(0).max(LINE_MINOR_MAX).default(0),
  }),
  z.strictObject({ kind: z.literal('gift_card'), amountMinor: positive, giftCardId: plain(64) }),
]);

const OrderLine = z.strictObject({
  sku: plain(64),
  gtin: z
    .string()
    .regex(/^\d{14}$/, 'is a GTIN of 14 digits')
    .nullable()
    .default(null),
  name: plain(300).optional().describe('left out: the article’s'),
  qty: z
    .int()
    .min(-QTY_MAX)
    .max(QTY_MAX)
    .refine((qty) => qty !== 0, 'is not zero'),
  weightG: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('of weighed goods: then qty is 1 or -1, and the price a kilogram’s'),
  unitPriceMinor: z.int().min(0).max(LINE_MINOR_MAX),
  discounts: z
    .array(
      z.strictObject({
        name: plain(300),
        amountMinor: positive.describe('what it takes off the line'),
        couponCode: plain(64).optional(),
      }),
    )
    .max(20)
    .default([]),
  taxCode: plain(32).optional().describe('left out: the article’s, or the only one of the store'),
  netMinor: minor.optional().describe('to check'),
  taxMinor: minor
    .optional()
    .describe('to check; one minor unit of rounding a line is taken as said, then on every line'),
});

export const OrderDraft = z
  .strictObject({
    channel: Channel,
    externalId: ExternalId,
    storeId: z.string().max(64).describe('the store whose books it is in'),
    atMs: z.int().min(0).describe('when it was bought'),
    memberId: z.string().max(64).nullable().default(null),
    cardNo: z.string().max(64).optional().describe('instead of memberId'),
    currency: z.string().max(8).describe('the store’s'),
    taxMode: z.enum(['inclusive', 'exclusive']).optional().describe('left out: the store’s'),
    lines: z.array(OrderLine).min(1).max(LINES_MAX),
    tenders: z.array(OrderTender).max(20),
    totalMinor: minor.describe(
      'what the customer pays: must be what lines and tax add up to, and what tenders pay',
    ),
    status: plain(32).default('placed'),
  })
  .meta({ id: 'OrderDraft' });
export type OrderDraft = z.infer<typeof OrderDraft>;
export type OrderTender = OrderDraft['tenders'][number];

export const OrderRefund = z
  .strictObject({
    externalId: ExternalId.describe('of the refund, a name of its own'),
    atMs: z.int().min(0),
    lines: z
      .array(
        z.strictObject({
          lineNo: z.int().min(1),
          qty: z.int().min(1).max(QTY_MAX).describe('units that come back'),
        }),
      )
      .min(1)
      .max(LINES_MAX),
    tenders: z
      .array(OrderTender)
      .max(20)
      .optional()
      .describe('paid back by, amounts above zero; left out where the order was paid in one way'),
    totalMinor: positive.optional().describe('what is paid back, to check'),
  })
  .meta({ id: 'OrderRefund' });
export type OrderRefund = z.infer<typeof OrderRefund>;

/** What is wrong, and where: `lines[2].netMinor`. */
export interface OrderProblem {
  readonly path: string;
  readonly message: string;
}

export type OrderError =
  | { readonly kind: 'order'; readonly errors: readonly OrderProblem[] }
  /** The name is taken by an order with other words. */
  | { readonly kind: 'order_taken'; readonly saleId: string }
  | { readonly kind: 'unknown_order' };

export interface Placed {
  readonly channel: string;
  readonly externalId: string;
  readonly saleId: string;
  readonly receiptNo: string;
  /** It was here already, with the same words; nothing happened. */
  readonly repeated: boolean;
}
