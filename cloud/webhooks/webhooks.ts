/**
 * Webhooks: who is told of what, and with which secret it is signed.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import { holderOf, sealSecret } from '../access/sealed-secret.ts';
import { parseReachable, type ReachPolicy, type UrlProblem } from '../access/ssrf.ts';
import type { Db, Queryable } from '../db/db.ts';
import { EVENT_KINDS } from '../outbox/outbox.ts';
import { shredKeys } from '../vault/keys.ts';

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly kinds: readonly string[];
  readonly storeIds: readonly string[] | null;
  readonly note: string;
  readonly state: 'active' | 'paused' | 'gone';
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The former secret goes on signing until then; null: there is one. */
  readonly oldSecretUntilMs: number | null;
}

export interface WebhookDraft {
  readonly url: string;
  readonly kinds: readonly string[];
  readonly storeIds: readonly string[] | null;
  readonly note: string;
  readonly state: 'active' | 'paused';
}

export type WebhookError =
  | { readonly kind: 'url'; readonly path: 'url'; readonly why: UrlProblem['kind'] }
  | { readonly kind: 'unknown_kind'; readonly path: string; readonly known: readonly string[] }
  | { readonly kind: 'unknown_store'; readonly path: string }
  | { readonly kind: 'unknown_webhook' }
  /** Somebody else changed it since it was read. */
  | { readonly kind: 'changed'; readonly revision: number };

const COLUMNS = `webhook_id as id, url, kinds, store_ids as "storeIds", note, state, revision, created_at as "createdAtMs",
  updated_at as "updatedAtMs", case when old_secret is null then null else old_secret_until end as "oldSecretUntilMs"`;

export async function listWebhooks(db: Queryable): Promise<Webhook[]> {
  return db.query<Webhook>(`select ${COLUMNS} from webhook order by created_at, webhook_id`);
}

export async function webhookById(db: Queryable, id: string): Promise<Webhook | null> {
  const [row] = await db.query<Webhook>(`select ${COLUMNS} from webhook where webhook_id = $1`, [id]);
  return row ?? null;
}

export async function addWebhook(
  db: Db,
  draft: WebhookDraft,
  given: {
    readonly id: string;
    readonly secret: string;
    readonly policy: ReachPolicy;
    readonly nowMs: number;
  },
): Promise<Result<Webhook, WebhookError>> {
  const problem = await problemOf(db, draft, given.policy);
  if (problem !== null) return err(problem);
  const { url, kinds, storeIds, note, state } = draft;
  const secret = await sealSecret(db, holderOf.webhook(given.id), given.secret);
  const [row] = await db.query<Webhook>(
    `insert into webhook (webhook_id, url, kinds, store_ids, note, state, secret, revision, created_at, updated_at)
     values ($1, $2, $3::text[], $4::text[], $5, $6, $7, 1, to_timestamp($8::float8 / 1000), to_timestamp($8::float8 / 1000))
     returning ${COLUMNS}`,
    [given.id, url, kinds, storeIds, note, state, secret, given.nowMs],
  );
  return ok(row!);
}

/** @param revision the one that was read */
export async function changeWebhook(
  db: Db,
  id: string,
  draft: WebhookDraft & { readonly revision: number },
  given: { readonly policy: ReachPolicy; readonly nowMs: number },
): Promise<Result<Webhook, WebhookError>> {
  const problem = await problemOf(db, draft, given.policy);
  if (problem !== null) return err(problem);
  const { url, kinds, storeIds, note, state, revision } = draft;
  const [row] = await db.query<Webhook>(
    `update webhook set url = $2, kinds = $3::text[], store_ids = $4::text[], note = $5, state = $6,
       revision = revision + 1, updated_at = to_timestamp($8::float8 / 1000)
     where webhook_id = $1 and revision = $7 returning ${COLUMNS}`,
    [id, url, kinds, storeIds, note, state, revision, given.nowMs],
  );
  if (row !== undefined) return ok(row);
  const known = await webhookById(db, id);
  return err(known === null ? { kind: 'unknown_webhook' } : { kind: 'changed', revision: known.revision });
}

async function problemOf(
  db: Queryable,
  draft: WebhookDraft,
  policy: ReachPolicy,
): Promise<WebhookError | null> {
  const url = parseReachable(draft.url, policy);
  if (!url.ok) return { kind: 'url', path: 'url', why: url.error.kind };
  const known = [...Object.keys(EVENT_KINDS), ...groups(), '*'];
  const strange = draft.kinds.findIndex((kind) => !known.includes(kind));
  if (strange !== -1) return { kind: 'unknown_kind', path: `kinds[${strange}]`, known };
  if (draft.storeIds === null) return null;
  const stores = await db.query<{ store_id: string }>(
    'select store_id from store where store_id = any($1::text[])',
    [draft.storeIds],
  );
  const there = new Set(stores.map(({ store_id }) => store_id));
  const missing = draft.storeIds.findIndex((id) => !there.has(id));
  return missing === -1 ? null : { kind: 'unknown_store', path: `storeIds[${missing}]` };
}

/** `member.*`, `tier.*` … */
function groups(): string[] {
  return [...new Set(Object.keys(EVENT_KINDS).map((kind) => `${kind.split('.')[0]}.*`))];
}

export async function dropWebhook(db: Queryable, id: string): Promise<boolean> {
  const dropped = await db.query('delete from webhook where webhook_id = $1 returning 1', [id]);
  await shredKeys(db, [holderOf.webhook(id)]);
  return dropped.length === 1;
}

/** A new secret; the one that was goes on signing beside it until `oldUntilMs`. @returns false: no such webhook */
export async function rotateSecret(
  db: Queryable,
  id: string,
  given: { readonly secret: string; readonly oldUntilMs: number; readonly nowMs: number },
): Promise<boolean> {
  if ((await webhookById(db, id)) === null) return false;
  const secret = await sealSecret(db, holderOf.webhook(id), given.secret);
  const rows = await db.query(
    `update webhook set old_secret = secret, secret = $2, old_secret_until = to_timestamp($3::float8 / 1000),
       revision = revision + 1, updated_at = to_timestamp($4::float8 / 1000) where webhook_id = $1 returning 1`,
    [id, secret, given.oldUntilMs, given.nowMs],
  );
  return rows.length === 1;
}

/** An event for this webhook alone. @returns false: no such webhook */
export async function pingWebhook(db: Db, id: string, nowMs: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    if ((await webhookById(tx, id)) === null) return false;
    const dedupe = `webhook.ping:${id}:${nowMs}`;
    await tx.query(
      `with fresh as (insert into webhook_event (kind, dedupe, data, at)
         values ('webhook.ping', $2, jsonb_build_object('webhookId', $1::text), to_timestamp($3::float8 / 1000))
         on conflict (dedupe) do nothing returning event_no)
       insert into webhook_delivery (webhook_id, event_no, state, next_at)
       select $1, event_no, 'waiting', to_timestamp($3::float8 / 1000) from fresh`,
      [id, dedupe, nowMs],
    );
    return true;
  });
}
