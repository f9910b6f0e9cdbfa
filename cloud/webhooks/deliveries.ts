/**
 * The rows of deliveries: which are due, what became of each try, and the log of them. Written here alone.
 */
import { holderOf, openSecret } from '../access/sealed-secret.ts';
import type { Db, Queryable } from '../db/db.ts';

export interface DueDelivery {
  readonly webhookId: string;
  readonly eventNo: number;
  readonly attempt: number;
  readonly url: string;
  readonly secret: string;
  /** null: there is none, or its time is over. */
  readonly oldSecret: string | null;
  readonly kind: string;
  readonly storeId: string | null;
  readonly data: object;
  readonly atMs: number;
}

/** Of one webhook at a time: a receiver that stalls holds up itself. */
const PER_WEBHOOK = 4;

/** Takes deliveries that are due and that nobody tries now; the taker may be silent until `untilMs`. */
export async function claimDue(
  db: Queryable,
  given: {
    readonly nowMs: number;
    readonly untilMs: number;
    readonly busy: readonly string[];
    readonly limit: number;
  },
): Promise<DueDelivery[]> {
  const due = await db.query<DueDelivery>(
    `with due as (
       select d.webhook_id, d.event_no from webhook w cross join lateral (
         select webhook_id, event_no, next_at from webhook_delivery d
         where d.webhook_id = w.webhook_id and d.state = 'waiting' and d.next_at <= to_timestamp($1::float8 / 1000)
           and (d.claimed_until is null or d.claimed_until < to_timestamp($1::float8 / 1000))
         order by d.next_at, d.event_no limit ${PER_WEBHOOK} for update skip locked) d
       where w.state = 'active' and w.webhook_id <> all($3::text[])
       order by d.next_at, d.event_no limit $4),
     mine as (
       update webhook_delivery d set claimed_until = to_timestamp($2::float8 / 1000), attempts = attempts + 1
       from due where d.webhook_id = due.webhook_id and d.event_no = due.event_no
       returning d.webhook_id, d.event_no, d.attempts)
     select m.webhook_id as "webhookId", m.event_no as "eventNo", m.attempts as attempt, w.url, w.secret,
       case when w.old_secret_until > to_timestamp($1::float8 / 1000) then w.old_secret end as "oldSecret",
       e.kind, e.store_id as "storeId", e.data, e.at as "atMs"
     from mine m join webhook w using (webhook_id) join webhook_event e using (event_no) order by m.event_no`,
    [given.nowMs, given.untilMs, given.busy, given.limit],
  );
  const opened = await Promise.all(
    due.map(async (delivery) => {
      const holder = holderOf.webhook(delivery.webhookId);
      const secret = await openSecret(db, holder, delivery.secret);
      return secret === null
        ? []
        : [{ ...delivery, secret, oldSecret: await openSecret(db, holder, delivery.oldSecret) }];
    }),
  );
  // Whose key is gone was dropped meanwhile.
  return opened.flat();
}

export interface Tried {
  readonly webhookId: string;
  readonly eventNo: number;
  readonly attempt: number;
  readonly nowMs: number;
  readonly tookMs: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly outcome: 'delivered' | 'dead' | 'gone' | { readonly againMs: number };
}

/** `gone`: the receiver wants nothing more; all that waits for it is dead. */
export async function noteTried(db: Db, tried: Tried): Promise<void> {
  const { webhookId, eventNo, attempt, nowMs, outcome } = tried;
  const state = typeof outcome === 'object' ? 'waiting' : outcome === 'delivered' ? 'delivered' : 'dead';
  await db.transaction(async (tx) => {
    // Who was too slow and lost the delivery to another says nothing more about its state.
    const mine = await tx.query(
      `update webhook_delivery set state = $4, claimed_until = null,
         next_at = case when $5::float8 is null then next_at else to_timestamp($5::float8 / 1000) end,
         delivered_at = case when $4 = 'delivered' then to_timestamp($6::float8 / 1000) end
       where webhook_id = $1 and event_no = $2 and attempts = $3 and state = 'waiting' returning 1`,
      [webhookId, eventNo, attempt, state, typeof outcome === 'object' ? outcome.againMs : null, nowMs],
    );
    await tx.query(
      `insert into webhook_attempt (webhook_id, event_no, attempt_no, at, took_ms, status, error)
       select webhook_id, event_no, $3, to_timestamp($4::float8 / 1000), $5, $6, $7 from webhook_delivery
       where webhook_id = $1 and event_no = $2 on conflict do nothing`,
      [webhookId, eventNo, attempt, nowMs, tried.tookMs, tried.status, tried.error],
    );
    if (outcome !== 'gone' || mine.length === 0) return;
    await tx.query(
      `update webhook set state = 'gone', revision = revision + 1, updated_at = to_timestamp($2::float8 / 1000)
       where webhook_id = $1`,
      [webhookId, nowMs],
    );
    await tx.query("update webhook_delivery set state = 'dead' where webhook_id = $1 and state = 'waiting'", [
      webhookId,
    ]);
  });
}

/** Tries anew what was delivered or is dead. @param eventNo null: all that is dead @returns how many */
export async function redeliver(
  db: Queryable,
  webhookId: string,
  eventNo: number | null,
  nowMs: number,
): Promise<number> {
  const rows = await db.query(
    `update webhook_delivery set state = 'waiting', next_at = to_timestamp($3::float8 / 1000), claimed_until = null
     where webhook_id = $1 and state <> 'waiting' and (event_no = $2 or ($2::bigint is null and state = 'dead')) returning 1`,
    [webhookId, eventNo, nowMs],
  );
  return rows.length;
}

export interface DeliveryRow {
  readonly eventNo: number;
  readonly kind: string;
  readonly storeId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly nextAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly tries: readonly {
    readonly attempt: number;
    readonly atMs: number;
    readonly tookMs: number;
    readonly status: number | null;
    readonly error: string | null;
  }[];
}

/** Newest first, each with its tries. */
export async function deliveriesOf(
  db: Queryable,
  webhookId: string,
  page: { readonly state: string | null; readonly before: number | null; readonly limit: number },
): Promise<DeliveryRow[]> {
  return db.query<DeliveryRow>(
    `select d.event_no as "eventNo", e.kind, e.store_id as "storeId", e.data, e.at as "atMs", d.state, d.attempts,
       case when d.state = 'waiting' then d.next_at end as "nextAtMs", d.delivered_at as "deliveredAtMs",
       coalesce((select json_agg(json_build_object('attempt', a.attempt_no, 'atMs', (extract(epoch from a.at) * 1000)::bigint,
          'tookMs', a.took_ms, 'status', a.status, 'error', a.error) order by a.attempt_no)
        from webhook_attempt a where a.webhook_id = d.webhook_id and a.event_no = d.event_no), '[]') as tries
     from webhook_delivery d join webhook_event e using (event_no)
     where d.webhook_id = $1 and ($2::text is null or d.state = $2) and ($3::bigint is null or d.event_no < $3)
     order by d.event_no desc limit $4`,
    [webhookId, page.state, page.before, page.limit],
  );
}

export interface DeliveryCount {
  readonly webhookId: string;
  readonly state: DeliveryRow['state'];
  readonly count: number;
}

export async function deliveryCounts(db: Queryable): Promise<DeliveryCount[]> {
  return db.query<DeliveryCount>(
    `select webhook_id as "webhookId", state, count(*) as count from webhook_delivery group by webhook_id, state`,
  );
}
