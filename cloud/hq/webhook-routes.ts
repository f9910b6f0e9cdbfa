/**
 * Routes of webhooks: who is told of what, its secret, what became of each delivery, and trying again.
 */
import { z } from 'zod';
import { uuidV7 } from '../../src/core/id.ts';
import type { UrlProblem } from '../access/ssrf.ts';
import { EVENT_KINDS } from '../outbox/outbox.ts';
import { deliveriesOf, deliveryCounts, redeliver } from '../webhooks/deliveries.ts';
import {
  addWebhook,
  changeWebhook,
  dropWebhook,
  listWebhooks,
  pingWebhook,
  rotateSecret,
  type Webhook,
  type WebhookError,
  webhookById,
} from '../webhooks/webhooks.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { revisionFrom } from './etag.ts';
import { Applied } from './schemas.ts';

const Draft = z.object({
  url: z.url().max(2_000).describe('https, in the public internet'),
  kinds: z
    .array(z.string().max(64))
    .min(1)
    .max(50)
    .describe('`sale.booked`, all of a group `member.*`, or `*`'),
  storeIds: z
    .array(z.string().max(64))
    .min(1)
    .max(1_000)
    .nullable()
    .default(null)
    .describe('events of these stores alone; those of no store always come'),
  note: z.string().max(300).default(''),
  state: z.enum(['active', 'paused']).default('active').describe('paused: events are not kept for it'),
});
const Change = Draft.extend({
  revision: z.int().optional().describe('the one that was read; instead of If-Match'),
});
const WebhookShape = z
  .object({
    id: z.string(),
    url: z.string(),
    kinds: z.array(z.string()),
    storeIds: z.array(z.string()).nullable(),
    note: z.string(),
    state: z.enum(['active', 'paused', 'gone']).describe('gone: the receiver answered 410'),
    revision: z.int(),
    createdAtMs: z.int(),
    updatedAtMs: z.int(),
    oldSecretUntilMs: z
      .int()
      .nullable()
      .describe('until then messages are signed with the former secret too'),
    deliveries: z.object({ waiting: z.int(), delivered: z.int(), dead: z.int() }),
  })
  .meta({ id: 'Webhook' });
const WebhookList = z
  .object({
    webhooks: z.array(WebhookShape),
    kinds: z.record(z.string(), z.string()).describe('what there is to hear of'),
  })
  .meta({ id: 'WebhookList' });
const Secret = z
  .object({
    id: z.string(),
    secret: z.string().describe('shown this once: HMAC-SHA256 key of `counterfoil-signature`'),
  })
  .meta({ id: 'WebhookSecret' });
const Delivery = z
  .object({
    eventNo: z.int(),
    kind: z.string(),
    storeId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
    atMs: z.int(),
    state: z.enum(['waiting', 'delivered', 'dead']),
    attempts: z.int(),
    nextAtMs: z.int().nullable(),
    deliveredAtMs: z.int().nullable(),
    tries: z.array(
      z.object({
        attempt: z.int(),
        atMs: z.int(),
        tookMs: z.int(),
        status: z.int().nullable().describe('HTTP status; null: no answer'),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });
const DeliveryList = z
  .object({ deliveries: z.array(Delivery), nextCursor: z.string().nullable() })
  .meta({ id: 'WebhookDeliveryList' });
const Params = z.object({ webhookId: z.string().max(64) });
const cursor = z
  .string()
  .regex(/^\d{1,15}$/)
  .optional();
const DeliveryQuery = z.object({
  state: z.enum(['waiting', 'delivered', 'dead']).optional(),
  cursor,
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const Rotation = z.object({
  oldValidHours: z.int().min(0).max(168).default(24).describe('so long both secrets sign'),
});
const read = may('webhooks.read', 'chain');
const write = may('webhooks.write', 'chain');

export function registerWebhooks(app: App, parts: ApiParts): void {
  registerSubscriptions(app, parts);
  registerDeliveries(app, parts);
}

function registerSubscriptions(app: App, { db, clock, chance, reach }: ApiParts): void {
  const newSecret = () => `whsec_${Buffer.from(chance.bytes(32)).toString('base64url')}`;
  app.get(
    '/api/v1/webhooks',
    {
      config: read,
      schema: { summary: 'Webhooks, and what there is to hear of', response: ok(WebhookList) },
    },
    async () => ({ webhooks: await withCounts(db, await listWebhooks(db)), kinds: { ...EVENT_KINDS } }),
  );
  app.post(
    '/api/v1/webhooks',
    {
      config: write,
      schema: {
        summary: 'Have events sent to an address; the secret is shown this once',
        body: Draft,
        response: ok(Secret),
      },
    },
    async ({ body }) => {
      const [id, secret] = [uuidV7(clock.nowMs(), chance.bytes(10)), newSecret()];
      const added = await addWebhook(db, body, { id, secret, policy: reach, nowMs: clock.nowMs() });
      if (!added.ok) throw problemOf(added.error);
      return { id, secret };
    },
  );
  app.get(
    '/api/v1/webhooks/:webhookId',
    {
      config: { ...read, etag: ({ deliveries: _, ...webhook }: z.infer<typeof WebhookShape>) => webhook },
      schema: { summary: 'One webhook', params: Params, response: ok(WebhookShape) },
    },
    async ({ params }) => (await withCounts(db, [await known(db, params.webhookId)]))[0]!,
  );
  app.put(
    '/api/v1/webhooks/:webhookId',
    {
      config: { ...write, ifMatch: 'must' },
      schema: {
        summary: 'Change, pause or take up again a webhook that nobody else changed since it was read',
        params: Params,
        body: Change,
        response: ok(WebhookShape),
      },
    },
    async (request) => {
      const { params, body } = request;
      const change = { ...body, revision: revisionFrom(request, body.revision) };
      const changed = await changeWebhook(db, params.webhookId, change, {
        policy: reach,
        nowMs: clock.nowMs(),
      });
      if (!changed.ok) throw problemOf(changed.error);
      return (await withCounts(db, [changed.value]))[0]!;
    },
  );
  app.delete(
    '/api/v1/webhooks/:webhookId',
    {
      config: { ...write, ifMatch: 'may' },
      schema: { summary: 'Drop a webhook with its log', params: Params, response: ok(Applied) },
    },
    async ({ params }) => {
      if (!(await dropWebhook(db, params.webhookId))) throw unknownWebhook();
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/webhooks/:webhookId/secret',
    {
      config: write,
      schema: {
        summary: 'A new secret; the former one signs beside it for a while',
        params: Params,
        body: Rotation,
        response: ok(Secret),
      },
    },
    async ({ params, body }) => {
      const [secret, nowMs] = [newSecret(), clock.nowMs()];
      const given = { secret, nowMs, oldUntilMs: nowMs + body.oldValidHours * 3_600_000 };
      if (!(await rotateSecret(db, params.webhookId, given))) throw unknownWebhook();
      return { id: params.webhookId, secret };
    },
  );
  app.post(
    '/api/v1/webhooks/:webhookId/ping',
    {
      config: write,
      schema: { summary: 'Send it an event of no meaning', params: Params, response: ok(Applied) },
    },
    async ({ params }) => {
      if (!(await pingWebhook(db, params.webhookId, clock.nowMs()))) throw unknownWebhook();
      return { applied: 1 };
    },
  );
}

function registerDeliveries(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/webhooks/:webhookId/deliveries',
    {
      config: read,
      schema: {
        summary: 'What was sent, newest first, with every try',
        params: Params,
        querystring: DeliveryQuery,
        response: ok(DeliveryList),
      },
    },
    async ({ params, query }) => {
      await known(db, params.webhookId);
      const before = query.cursor === undefined ? null : Number(query.cursor);
      const page = { state: query.state ?? null, before, limit: query.limit + 1 };
      const rows = await deliveriesOf(db, params.webhookId, page);
      const shown = rows.slice(0, query.limit);
      const deliveries = shown.map((row) => ({ ...row, tries: [...row.tries] }));
      return { deliveries, nextCursor: rows.length > query.limit ? String(shown.at(-1)!.eventNo) : null };
    },
  );
  app.post(
    '/api/v1/webhooks/:webhookId/deliveries/:eventNo/redeliver',
    {
      config: write,
      schema: {
        summary: 'Send an event once more',
        params: Params.extend({ eventNo: z.coerce.number().int().min(1) }),
        response: ok(Applied),
      },
    },
    async ({ params }) => {
      await known(db, params.webhookId);
      const applied = await redeliver(db, params.webhookId, params.eventNo, clock.nowMs());
      if (applied === 0)
        throw new ApiProblem(409, 'not_ended', 'there is no such delivery, or it is still being tried');
      return { applied };
    },
  );
  app.post(
    '/api/v1/webhooks/:webhookId/redeliver-dead',
    {
      config: write,
      schema: { summary: 'Try all that is dead once more', params: Params, response: ok(Applied) },
    },
    async ({ params }) => {
      await known(db, params.webhookId);
      return { applied: await redeliver(db, params.webhookId, null, clock.nowMs()) };
    },
  );
}

async function withCounts(db: ApiParts['db'], webhooks: readonly Webhook[]) {
  const counts = await deliveryCounts(db);
  return webhooks.map(({ kinds, storeIds, ...webhook }) => {
    const of = (state: string) =>
      counts.find((row) => row.webhookId === webhook.id && row.state === state)?.count ?? 0;
    const deliveries = { waiting: of('waiting'), delivered: of('delivered'), dead: of('dead') };
    return { ...webhook, kinds: [...kinds], storeIds: storeIds === null ? null : [...storeIds], deliveries };
  });
}

async function known(db: ApiParts['db'], id: string): Promise<Webhook> {
  const webhook = await webhookById(db, id);
  if (webhook === null) throw unknownWebhook();
  return webhook;
}

function unknownWebhook(): ApiProblem {
  return new ApiProblem(404, 'unknown_webhook', 'there is no such webhook');
}

const URL_WORDS: Readonly<Record<UrlProblem['kind'], string>> = {
  not_a_url: 'is no address',
  not_https: 'must begin with https://',
  credentials: 'holds a name or password: what is sent is signed, check the signature instead',
  fragment: 'has a part after #, which is never sent',
  port: 'names a port of another service',
  not_public: 'does not lie in the public internet. The owner of HQ can open a network with --webhook-allow',
};

function problemOf(error: WebhookError): ApiProblem {
  switch (error.kind) {
    case 'url':
      return new ApiProblem(422, 'url', `url: ${URL_WORDS[error.why]}`, { path: 'url', why: error.why });
    case 'unknown_kind':
      return new ApiProblem(422, 'unknown_kind', `${error.path}: there is no such event`, { ...error });
    case 'unknown_store':
      return new ApiProblem(422, 'unknown_store', `${error.path}: there is no such store`, {
        path: error.path,
      });
    case 'unknown_webhook':
      return unknownWebhook();
    case 'changed':
      return new ApiProblem(412, 'changed', 'somebody else changed this webhook: read it again', {
        revision: error.revision,
      });
  }
}
