/**
 * `/api/v1`: what HQ's screens and other systems ask. The zod schemas check each request and are the OpenAPI page.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { uuidV7 } from '../../src/core/id.ts';
import type { Item } from '../../src/core/item.ts';
import type { Tier } from '../../src/core/loyalty.ts';
import type { Store } from '../../src/core/store.ts';
import { allStores, itemBySku, putItems, putStores, storeById } from '../catalog/catalog.ts';
import { currentRuleSet } from '../catalog/rules.ts';
import { lastReceiptSeq } from '../ingest/journals.ts';
import { freezeLeases } from '../leases/leases.ts';
import { publishRules } from '../loyalty/coupon-rules.ts';
import { keepVersion, OF_CHAIN } from '../loyalty/offer-versions.ts';
import { type MemberError, type MemberInput, putMembers, putTiers } from '../members/members.ts';
import { tellSegments } from '../segments/till-segments.ts';
import { addTill, enrol, newEnrolmentCode, revokeTill } from '../tills/enrolment.ts';
import { type ApiParts, ApiProblem, type App, may, ok, typed } from './api.ts';
import { todayOf } from './asked.ts';
import { registerAudit } from './audit-routes.ts';
import { registerBooks } from './books-routes.ts';
import { registerBranding } from './brand-routes.ts';
import { registerBreakdown } from './breakdown-routes.ts';
import { allTiers, registerCatalogReads } from './catalog-routes.ts';
import { registerChanges } from './change-routes.ts';
import { registerCoupons } from './coupon-routes.ts';
import { wordOf } from './fact-asked.ts';
import { registerFacts } from './fact-routes.ts';
import { salesBeforeHour, salesByHour, salesByStoreAndDay } from './figures.ts';
import { listTills } from './fleet.ts';
import { registerJobs } from './job-routes.ts';
import { registerLeases } from './lease-routes.ts';
import { registerLens } from './lens-routes.ts';
import { registerLiability } from './liability-routes.ts';
import { streamLive } from './live.ts';
import { registerLoyalty } from './loyalty-routes.ts';
import { registerMembers } from './member-routes.ts';
import { registerOfferVersions } from './offer-version-routes.ts';
import { registerOrders } from './order-routes.ts';
import { ListQuery, pageOf } from './pages.ts';
import { registerPeople } from './people-routes.ts';
import { registerQuarantine } from './quarantine-routes.ts';
import { registerRewards } from './reward-routes.ts';
import { registerRuleViews } from './rule-routes.ts';
import { listSales, saleDetail } from './sales.ts';
import {
  Applied,
  CurrentRules,
  Enrolment,
  EnrolmentCode,
  EnrolRequest,
  HourList,
  HourQuery,
  ItemBatch,
  ItemShape,
  MemberBatch,
  NewTill,
  PaceList,
  PaceQuery,
  RuleSetShape,
  SaleDetail,
  SaleList,
  SaleQuery,
  StoreBatch,
  StoreDayList,
  StoreDayQuery,
  StoreList,
  StoreShape,
  TierBatch,
  TillList,
} from './schemas.ts';
import { registerSessions } from './session-routes.ts';
import { registerTillCare } from './till-care-routes.ts';
import { registerUsers } from './user-routes.ts';
import { registerWebhooks } from './webhook-routes.ts';

const ItemParams = z.object({ sku: z.string().min(1).max(64) });
const StoreParams = z.object({ storeId: z.string().min(1).max(64) });
const TillParams = z.object({ tillId: z.string().max(64) });

export function registerApi(bare: FastifyInstance, parts: ApiParts): void {
  const app = typed(bare);
  registerFigures(app, parts);
  registerSales(app, parts);
  registerBreakdown(app, parts);
  registerCatalogReads(app, parts);
  registerRuleViews(app, parts);
  registerTills(app, parts);
  registerWrites(app, parts);
  registerPeople(app, parts);
  registerBooks(app, parts);
  registerLoyalty(app, parts);
  registerLiability(app, parts);
  registerCoupons(app, parts);
  registerRewards(app, parts);
  registerLeases(app, parts);
  registerOrders(app, parts);
  registerMembers(app, parts);
  registerSessions(app, parts);
  registerUsers(app, parts);
  registerAudit(app, parts);
  registerChanges(app, parts);
  registerOfferVersions(app, parts);
  registerBranding(app, parts);
  registerLens(app, parts);
  registerJobs(app, parts);
  registerWebhooks(app, parts);
  registerFacts(app, parts);
}

function registerFigures(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/figures/store-days',
    {
      config: may('sales.read', 'rows'),
      schema: {
        summary: 'Sales by store and business date',
        querystring: StoreDayQuery,
        response: ok(StoreDayList),
      },
    },
    async ({ query }) => ({
      asOfMs: clock.nowMs(),
      days: await salesByStoreAndDay(db, {
        from: query.from ?? null,
        to: query.to ?? null,
        storeId: query.storeId ?? null,
        channel: query.channel ?? null,
      }),
    }),
  );
  app.get(
    '/api/v1/figures/hours',
    {
      config: may('sales.read', 'rows'),
      schema: {
        summary: 'Sales by local hour of one business date',
        querystring: HourQuery,
        response: ok(HourList),
      },
    },
    async ({ query }) => ({
      asOfMs: clock.nowMs(),
      hours: await salesByHour(db, { businessDate: query.businessDate, storeId: query.storeId ?? null }),
    }),
  );
  app.get(
    '/api/v1/figures/store-pace',
    {
      config: may('sales.read', 'rows'),
      schema: {
        summary: 'Each store up to a local hour, beside the same weekday a week before up to that hour',
        querystring: PaceQuery,
        response: ok(PaceList),
      },
    },
    async ({ query }) => ({ asOfMs: clock.nowMs(), stores: await salesBeforeHour(db, query) }),
  );
}

function registerSales(app: App, { db, clock, signals, cloudKey, isOnline }: ApiParts): void {
  app.get(
    '/api/v1/sales',
    {
      config: may('sales.read', 'rows'),
      schema: { summary: 'Sales, newest first', querystring: SaleQuery, response: ok(SaleList) },
    },
    async ({ query }) => ({ asOfMs: clock.nowMs(), ...(await listSales(db, query)) }),
  );
  app.get(
    '/api/v1/sales/:saleId',
    {
      config: may('sales.read', 'rows'),
      schema: {
        summary: 'One sale down to its receipt and its place in the chain',
        params: z.object({ saleId: z.string().max(64) }),
        response: ok(SaleDetail),
      },
    },
    async ({ params }) => {
      const sign = (statement: Uint8Array) =>
        Buffer.from(cloudKey.sign(statement), 'base64').toString('base64url');
      const detail = await saleDetail(db, params.saleId, sign);
      if (detail === null)
        throw new ApiProblem(404, 'unknown_sale', 'HQ has no such sale. Has its till synced?');
      return detail;
    },
  );
  app.get(
    '/api/v1/live',
    {
      config: { ...may('sales.read', 'rows'), files: { gives: ['text/event-stream'] } },
      schema: { summary: 'Sales and tills as they change (text/event-stream)' },
    },
    async (_request, reply) => {
      reply.hijack();
      streamLive(reply.raw, { db, signals, isOnline });
    },
  );
}

function registerTills(app: App, parts: ApiParts): void {
  const { db, clock, chance, signals, cloudId, cloudKey, isOnline } = parts;
  registerTillCare(app, parts);
  registerQuarantine(app, parts);
  app.get(
    '/api/v1/tills',
    {
      config: may('tills.read', 'rows'),
      schema: { summary: 'All tills', querystring: ListQuery, response: ok(TillList) },
    },
    async ({ query }) => {
      const page = pageOf(await listTills(db, isOnline), query, ({ id }) => id);
      return { asOfMs: clock.nowMs(), tills: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.post(
    '/api/v1/tills',
    {
      config: may('tills.write', 'chain'),
      schema: {
        summary: 'Add a till and get its one-time enrolment code',
        body: NewTill,
        response: ok(EnrolmentCode),
      },
    },
    async ({ body }) => {
      const added = await addTill(db, { ...body, tillId: uuidV7(clock.nowMs(), chance.bytes(10)) });
      if (!added.ok) {
        const { kind } = added.error;
        if (kind === 'unknown_store') throw new ApiProblem(404, kind, `there is no store ${body.storeId}`);
        throw new ApiProblem(
          409,
          kind,
          `the till code ${body.code} is taken: receipts carry it, so it is one till's`,
        );
      }
      return codeFor(added.value);
    },
  );
  app.post(
    '/api/v1/tills/:tillId/enrolment-codes',
    {
      config: may('tills.write', 'chain'),
      schema: {
        summary: 'A fresh enrolment code; the old one ends',
        params: TillParams,
        response: ok(EnrolmentCode),
      },
    },
    async ({ params }) => codeFor(params.tillId),
  );
  app.post(
    '/api/v1/tills/:tillId/revoke',
    {
      config: may('tills.write', 'chain'),
      schema: { summary: 'Cut a till off', params: TillParams, response: ok(Applied) },
    },
    async ({ params }) => {
      if (!(await revokeTill(db, params.tillId, clock.nowMs()))) throw unknownTill();
      await freezeLeases(db, params.tillId, null);
      signals.emit('revoked', { tillId: params.tillId });
      signals.emit('till', { tillId: params.tillId });
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/enrol',
    {
      schema: {
        summary: 'A till enrols with its code and public key',
        body: EnrolRequest,
        response: ok(Enrolment),
      },
      config: { open: true },
    },
    async ({ body }) => {
      const enrolled = await enrol(db, body, clock.nowMs());
      if (!enrolled.ok) throw new ApiProblem(403, enrolled.error.kind, ENROL_WORDS[enrolled.error.kind]);
      signals.emit('till', { tillId: enrolled.value.tillId });
      signals.emit('feed', {});
      const { tillId } = enrolled.value;
      const known = await lastReceiptSeq(db, tillId);
      return { ...enrolled.value, cloudId, cloudKey: cloudKey.publicKey, lastReceiptSeq: known };
    },
  );

  async function codeFor(tillId: string) {
    const code = await newEnrolmentCode(db, tillId, { nowMs: clock.nowMs(), chance });
    if (code === null) throw unknownTill();
    return { tillId, ...code };
  }
}

function registerWrites(app: App, { db, clock, signals }: ApiParts): void {
  const applied = (count: number) => {
    signals.emit('feed', {});
    return { applied: count };
  };
  app.get(
    '/api/v1/stores',
    {
      config: { ...may('stores.read', 'rows'), etag: true },
      schema: { summary: 'All stores', querystring: ListQuery, response: ok(StoreList) },
    },
    async ({ query }) => {
      const page = pageOf(await allStores(db), query, ({ id }) => id);
      return { stores: page.rows as unknown as StoreList['stores'], nextCursor: page.nextCursor };
    },
  );
  app.put(
    '/api/v1/stores',
    {
      config: { ...may('stores.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Add or change stores', body: StoreBatch, response: ok(Applied) },
    },
    async ({ body }) => {
      const result = await putStores(db, body.stores as Store[], clock.nowMs());
      if (!result.ok) throw new ApiProblem(422, result.error.kind, 'a store setting is wrong', result.error);
      return applied(result.value);
    },
  );
  app.put(
    '/api/v1/items',
    {
      config: may('catalog.write', 'chain'),
      schema: { summary: 'Add or change items', body: ItemBatch, response: ok(Applied) },
      bodyLimit: BATCH_BYTES_MAX,
    },
    async ({ body }) => {
      const result = await putItems(db, body.items as Item[], clock.nowMs());
      if (!result.ok)
        throw new ApiProblem(422, result.error.kind, 'an item is wrong; none was stored', result.error);
      return applied(result.value);
    },
  );
  app.get(
    '/api/v1/items/:sku',
    {
      config: { ...may('catalog.read', 'rows'), etag: true },
      schema: { summary: 'One item', params: ItemParams, response: ok(ItemShape) },
    },
    async ({ params }) => {
      const item = await itemBySku(db, params.sku);
      if (item === null) throw new ApiProblem(404, 'unknown_item', 'there is no such item');
      return item as unknown as z.infer<typeof ItemShape>;
    },
  );
  app.put(
    '/api/v1/items/:sku',
    {
      config: { ...may('catalog.write', 'chain'), ifMatch: 'may' },
      schema: {
        summary: 'Add or change one item',
        params: ItemParams,
        body: ItemShape,
        response: ok(Applied),
      },
    },
    async ({ params, body }) => {
      if (body.sku !== params.sku) throw otherId('sku');
      const result = await putItems(db, [body as Item], clock.nowMs());
      if (!result.ok)
        throw new ApiProblem(422, result.error.kind, 'the item is wrong; it was not stored', result.error);
      return applied(result.value);
    },
  );
  app.get(
    '/api/v1/stores/:storeId',
    {
      config: { ...may('stores.read', 'rows'), etag: true },
      schema: { summary: 'One store with its settings', params: StoreParams, response: ok(StoreShape) },
    },
    async ({ params }) => {
      const store = await storeById(db, params.storeId);
      if (store === null) throw new ApiProblem(404, 'unknown_store', 'there is no such store');
      return store as unknown as z.infer<typeof StoreShape>;
    },
  );
  app.put(
    '/api/v1/stores/:storeId',
    {
      config: { ...may('stores.write', 'chain'), ifMatch: 'may' },
      schema: {
        summary: 'Add or change one store',
        params: StoreParams,
        body: StoreShape,
        response: ok(Applied),
      },
    },
    async ({ params, body }) => {
      if (body.id !== params.storeId) throw otherId('id');
      const result = await putStores(db, [body as Store], clock.nowMs());
      if (!result.ok) throw new ApiProblem(422, result.error.kind, 'a store setting is wrong', result.error);
      return applied(result.value);
    },
  );
  app.get(
    '/api/v1/rules',
    {
      config: { ...may('promotions.read', 'rows'), etag: true },
      schema: { summary: 'The promotion rules that the tills price by', response: ok(CurrentRules) },
    },
    async () => ({ rules: (await currentRuleSet(db)) as z.infer<typeof CurrentRules>['rules'] }),
  );
  app.put(
    '/api/v1/rules',
    {
      config: { ...may('promotions.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Publish a promotion rule set', body: RuleSetShape, response: ok(Applied) },
      bodyLimit: BATCH_BYTES_MAX,
    },
    async ({ body }) => {
      const result = await publishRules(db, body, clock.nowMs());
      if (result.ok) {
        await tellSegments(db, { today: await todayOf(db, clock, null), atMs: clock.nowMs() });
        return applied(1);
      }
      if (result.error.kind === 'version_taken') {
        const { kind, version } = result.error;
        throw new ApiProblem(
          409,
          kind,
          `version ${version} is out with other rules, and sales name it: use a new version`,
        );
      }
      throw new ApiProblem(422, 'rules', 'a rule is wrong; nothing was published', result.error.problems);
    },
  );
  app.put(
    '/api/v1/tiers',
    {
      config: { ...may('programme.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Add or change tiers', body: TierBatch, response: ok(Applied) },
    },
    async (request) => {
      const { tiers } = request.body;
      const word = wordOf(request, clock);
      const count = await putTiers(db, tiers as Tier[], word.atMs, async (tx) =>
        keepVersion(tx, { kind: 'tiers', id: OF_CHAIN, data: await allTiers(tx) }, word),
      );
      return applied(count);
    },
  );
  app.put(
    '/api/v1/members',
    {
      config: may('members.write', 'chain'),
      schema: { summary: 'Add or change members', body: MemberBatch, response: ok(Applied) },
      bodyLimit: BATCH_BYTES_MAX,
    },
    async ({ body }) => {
      const result = await putMembers(db, body.members as MemberInput[], clock.nowMs(), 'erp');
      if (!result.ok) {
        const { error } = result;
        const path = memberPath(body.members, error);
        throw new ApiProblem(422, error.kind, memberWords(error), { ...error, path });
      }
      return applied(result.value);
    },
  );
}

const BATCH_BYTES_MAX = 32 * 1024 * 1024;

const ENROL_WORDS = {
  wrong_code: 'this enrolment code is wrong. Check it, or make a new one at HQ.',
  used_code: 'this enrolment code was used already: each works once. Make a new one at HQ.',
  expired_code: 'this enrolment code is too old. Make a new one at HQ.',
  bad_key: 'the public key is no Ed25519 key in SPKI DER, base64.',
} as const;

/** `members[3].cardNo` */
function memberPath(members: readonly { readonly id: string }[], error: MemberError): string {
  const at = `members[${members.findIndex(({ id }) => id === error.memberId)}]`;
  switch (error.kind) {
    case 'unknown_tier':
      return `${at}.tierId`;
    case 'card_taken':
      return `${at}.cardNo`;
    case 'merged':
    case 'erased':
      return `${at}.id`;
    case 'suppressed':
    case 'bad_value':
      return `${at}.${error.path}`;
  }
}

function memberWords(error: MemberError): string {
  const none = `none was stored: member ${error.memberId}`;
  switch (error.kind) {
    case 'unknown_tier':
      return `${none}: there is no tier ${error.tierId}`;
    case 'card_taken':
      return `${none}: the card is another member's`;
    case 'merged':
      return `${none} was merged into ${error.into}: write that one`;
    case 'erased':
      return `${none} was erased; whoever joins again gets a new id`;
    case 'suppressed':
      return `${none}: ${error.path} belonged to somebody who asked to be forgotten. If they want to join again, lift it first (POST /api/v1/suppressions/lift)`;
    case 'bad_value':
      return `${none}: ${error.path}: ${error.why}`;
  }
}

/** A body that is about another record than its address. */
function otherId(path: string): ApiProblem {
  return new ApiProblem(422, 'other_id', `${path} is not that of the address; nothing was changed`, { path });
}

function unknownTill(): ApiProblem {
  return new ApiProblem(404, 'unknown_till', 'there is no such till');
}
