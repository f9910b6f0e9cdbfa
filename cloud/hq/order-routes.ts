/**
 * Routes of orders: sales of web shops, marketplaces and ERP systems, put in, given back, followed.
 */
import { z } from 'zod';
import { Channel, ExternalId, OrderDraft, OrderRefund } from '../orders/order.ts';
import { listOrders, orderDetail, setStatus } from '../orders/orders.ts';
import { type Outcome, placeOrders } from '../orders/place.ts';
import { refundOrder } from '../orders/refund.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { Applied, minor } from './schemas.ts';

const PlacedShape = z
  .object({
    channel: z.string(),
    externalId: z.string(),
    saleId: z.string(),
    receiptNo: z.string(),
    repeated: z.boolean().describe('it was here already, with the same words; nothing happened'),
  })
  .meta({ id: 'OrderPlaced' });
const BULK_MAX = 500;
const Bulk = z.object({ orders: z.array(OrderDraft).min(1).max(BULK_MAX) });
const BulkDone = z
  .object({
    placed: z.int(),
    repeated: z.int(),
    refused: z.array(
      z.object({
        index: z.int().describe('place in the request'),
        externalId: z.string(),
        kind: z.string(),
        errors: z.array(z.object({ path: z.string(), message: z.string() })),
      }),
    ),
  })
  .meta({ id: 'OrdersPlaced' });
const OrderShape = z
  .object({
    channel: z.string(),
    externalId: z.string(),
    storeId: z.string(),
    saleId: z.string().describe('the sale in the books: GET /api/v1/sales/:saleId'),
    kind: z.enum(['sale', 'refund', 'exchange']),
    receiptNo: z.string(),
    status: z.string(),
    refundOf: z.string().nullable().describe('externalId of the order whose goods come back'),
    memberId: z.string().nullable(),
    currency: z.string(),
    totalMinor: minor,
    atMs: z.int(),
    placedAtMs: z.int(),
  })
  .meta({ id: 'Order' });
const OrderDetailShape = OrderShape.extend({
  statuses: z.array(z.object({ status: z.string(), note: z.string(), atMs: z.int() })),
  refunds: z.array(z.object({ externalId: z.string(), saleId: z.string(), totalMinor: minor })),
}).meta({ id: 'OrderDetail' });
const OrderList = z
  .object({ orders: z.array(OrderShape), nextCursor: z.string().nullable() })
  .meta({ id: 'OrderList' });
const OrderQuery = z.object({
  channel: Channel.optional(),
  status: z.string().max(32).optional(),
  storeId: z.string().max(64).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,16}~.{1,64}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const Name = z.object({ channel: Channel, externalId: ExternalId });
const Status = z.object({
  status: z
    .string()
    .min(1)
    .max(32)
    .describe('the other system’s word: paid, shipped, delivered, cancelled …'),
  note: z.string().max(500).default('').describe('no personal data'),
  atMs: z.int().min(0).optional(),
});
const BULK_BYTES_MAX = 16 * 1024 * 1024;

export function registerOrders(app: App, parts: ApiParts): void {
  registerPlacing(app, parts);
  registerFollowing(app, parts);
}

function registerPlacing(app: App, parts: ApiParts): void {
  app.post(
    '/api/v1/orders',
    {
      config: may('orders.write', ({ body }) => [String((body as OrderDraft).storeId)]),
      schema: {
        summary:
          'An order of another channel becomes a sale; said again under its channel and externalId it is the same one',
        body: OrderDraft,
        response: ok(PlacedShape),
      },
    },
    async ({ body }) => placedOf((await placeOrders(parts, [body]))[0]!),
  );
  app.post(
    '/api/v1/orders/bulk',
    {
      config: may('orders.write', ({ body }) =>
        (body as z.infer<typeof Bulk>).orders.map(({ storeId }) => storeId),
      ),
      schema: {
        summary: `Up to ${BULK_MAX} orders: those that are good are stored together, the others are named with what is wrong`,
        body: Bulk,
        response: ok(BulkDone),
      },
      bodyLimit: BULK_BYTES_MAX,
    },
    async ({ body }) => {
      const outcomes = await placeOrders(parts, body.orders);
      const refused = outcomes.flatMap((outcome, index) => {
        if (outcome.ok) return [];
        const { kind } = outcome.error;
        const errors =
          outcome.error.kind === 'order'
            ? [...outcome.error.errors]
            : [{ path: 'externalId', message: WORDS[kind] }];
        return [{ index, externalId: body.orders[index]!.externalId, kind, errors }];
      });
      const repeated = outcomes.filter((outcome) => outcome.ok && outcome.value.repeated).length;
      return { placed: outcomes.length - refused.length - repeated, repeated, refused };
    },
  );
  app.post(
    '/api/v1/orders/:channel/:externalId/refunds',
    {
      config: may('orders.write', 'chain'),
      schema: {
        summary: 'Goods of an order come back, at what was paid for them then',
        params: Name,
        body: OrderRefund,
        response: ok(PlacedShape),
      },
    },
    async ({ params, body }) => placedOf(await refundOrder(parts, params, body)),
  );
}

function registerFollowing(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/orders',
    {
      config: may('sales.read', 'rows'),
      schema: { summary: 'Orders, newest first', querystring: OrderQuery, response: ok(OrderList) },
    },
    async ({ query }) => {
      const match = /^(\d+)~(.+)$/.exec(query.cursor ?? '');
      const after = match === null ? null : { atMs: Number(match[1]), saleId: match[2]! };
      const rows = await listOrders(db, { ...query, after, limit: query.limit + 1 });
      const orders = rows.slice(0, query.limit);
      const last = orders.at(-1);
      return { orders, nextCursor: rows.length > query.limit ? `${last!.atMs}~${last!.saleId}` : null };
    },
  );
  app.get(
    '/api/v1/orders/:channel/:externalId',
    {
      config: may('sales.read', 'rows'),
      schema: {
        summary: 'An order with its history and what came back of it',
        params: Name,
        response: ok(OrderDetailShape),
      },
    },
    async ({ params }) => {
      const order = await orderDetail(db, params);
      if (order === null) throw unknownOrder();
      return { ...order, statuses: [...order.statuses], refunds: [...order.refunds] };
    },
  );
  app.post(
    '/api/v1/orders/:channel/:externalId/status',
    {
      config: may('orders.write', 'chain'),
      schema: {
        summary: 'A new status; it moves no money',
        params: Name,
        body: Status,
        response: ok(Applied),
      },
    },
    async ({ params, body }) => {
      const nowMs = clock.nowMs();
      if (!(await setStatus(db, params, { ...body, atMs: body.atMs ?? nowMs }, nowMs))) throw unknownOrder();
      return { applied: 1 };
    },
  );
}

const WORDS = {
  order: 'the order is wrong; nothing was stored',
  order_taken: 'another order with other words has this channel and externalId',
  unknown_order: 'there is no such order',
} as const;

function unknownOrder(): ApiProblem {
  return new ApiProblem(404, 'unknown_order', WORDS.unknown_order);
}

function placedOf(outcome: Outcome) {
  if (outcome.ok) return outcome.value;
  const { error } = outcome;
  if (error.kind === 'unknown_order') throw unknownOrder();
  if (error.kind === 'order_taken')
    throw new ApiProblem(409, error.kind, WORDS.order_taken, { saleId: error.saleId });
  const [first] = error.errors;
  const where = first!.path === '' ? '' : `${first!.path}: `;
  throw new ApiProblem(422, 'order', `${where}${first!.message}; nothing was stored`, [...error.errors]);
}
