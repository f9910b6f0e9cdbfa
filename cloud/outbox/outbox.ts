/**
 * The outbox: what happened at HQ, for systems that want to hear of it (cloud/webhooks sends it).
 *
 * An event is a row of the transaction that makes it true: it is there when that commits, and never otherwise. Nobody
 * subscribed, nothing is written. Events carry ids, amounts and words of ours; who may know more asks the API for it.
 */
import type { Queryable } from '../db/db.ts';

/** Stable: subscriptions and other systems hang on them. */
export const EVENT_KINDS = {
  'sale.booked': 'A sale, refund or exchange is in the books',
  'order.changed': 'An order of another channel has a new status',
  'member.created': 'Somebody joined, at HQ or at a till',
  'member.changed': 'A profile was changed',
  'member.merged': 'Two members are one: `memberId` is now `intoId`',
  'member.unmerged': 'A merge was taken back: `memberId` is its own again, out of `fromId`',
  'member.erased': 'Personal data of a member is gone',
  'tier.changed': 'A member is on another tier',
  'points.changed': 'The points balance of a member is another one',
  'value.changed': 'The stored value of a member is another one',
  'gift_card.changed': 'The balance of a gift card is another one',
  'coupon.issued': 'Members were given codes',
  'coupon.used': 'A code took something off a sale',
  'alert.raised': 'HQ must look at a sale or a till',
  'till.enrolled': 'A till of ours has its key',
  'till.revoked': 'A till was cut off',
  'webhook.ping': 'Asked for, to see that the line works',
} as const;
export type EventKind = keyof typeof EVENT_KINDS;

export interface OutboxEvent {
  readonly kind: EventKind;
  /** Said again under the same words it is the same event; left out: each time a new one. */
  readonly dedupe?: string;
  /** null: no one store's. */
  readonly storeId: string | null;
  readonly data: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

/** Whether a webhook `w` wants an event `e`. */
const WANTED = `w.state = 'active' and (e.kind = any(w.kinds) or split_part(e.kind, '.', 1) || '.*' = any(w.kinds) or '*' = any(w.kinds))
  and (w.store_ids is null or e.store_id is null or e.store_id = any(w.store_ids))`;

/** Says what happened, in the transaction that makes it so. */
export async function announce(tx: Queryable, events: readonly OutboxEvent[], nowMs: number): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `with e as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) with ordinality as e(kind, dedupe, store_id, data, place)),
     fresh as (
       insert into webhook_event (kind, dedupe, store_id, data, at)
       select kind, dedupe, store_id, data, to_timestamp($5::float8 / 1000) from e
       where exists (select 1 from webhook w where ${WANTED}) order by place
       on conflict (dedupe) do nothing returning event_no, kind, store_id)
     insert into webhook_delivery (webhook_id, event_no, state, next_at)
     select w.webhook_id, e.event_no, 'waiting', to_timestamp($5::float8 / 1000) from fresh e join webhook w on ${WANTED}`,
    [
      events.map(({ kind }) => kind),
      events.map(({ dedupe }) => dedupe ?? null),
      events.map(({ storeId }) => storeId),
      events.map(({ data }) => JSON.stringify(data)),
      nowMs,
    ],
  );
}
