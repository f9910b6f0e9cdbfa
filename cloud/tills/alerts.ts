/**
 * What is wrong with a till, for a person at HQ: one open row a till and kind, counted up while it goes on.
 */
import type { Queryable } from '../db/db.ts';

export type TillAlertKind =
  /** Somebody speaks for this till without its key. */
  | 'bad_signature'
  /** A till that was cut off calls. */
  | 'revoked'
  /** Two disks speak as one till: both are stopped. */
  | 'cloned'
  /** Its disk went back in time: it goes on under a new journal. */
  | 'journal_reopened'
  /** It holds fewer entries than HQ, or others: before it has opened a new journal. */
  | 'journal_behind'
  | 'forked'
  /** What arrived is not what was signed. */
  | 'chain'
  | 'foreign'
  /** It names a lease that HQ never granted. */
  | 'forged_lease'
  /** Its clock is wrong. */
  | 'clock'
  /** It does not speak the sync language, or says more than a till can. */
  | 'bad_frame'
  | 'flood'
  /** An entry was set aside. */
  | 'poison'
  /** An entry that HQ's books cannot take: its later ones wait. */
  | 'books_stuck'
  /** HQ's database was put back to an older state. */
  | 'hq_went_back'
  | 'rescued';

export interface TillAlert {
  readonly alertId: string;
  /** null: HQ itself. */
  readonly tillId: string | null;
  readonly tillCode: string | null;
  readonly storeId: string | null;
  readonly kind: string;
  readonly detail: Record<string, unknown>;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly times: number;
  readonly closedAtMs: number | null;
  readonly closedWhy: string | null;
}

/** Says it; said before and still open, it is counted. */
export async function tellTillAlert(
  db: Queryable,
  alert: {
    readonly tillId: string | null;
    readonly kind: TillAlertKind;
    readonly detail?: object;
    readonly atMs: number;
  },
): Promise<void> {
  await db.query(
    `insert into till_alert (till_id, kind, detail, first_at, last_at)
     values ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000))
     on conflict (coalesce(till_id, ''), kind) where closed_at is null
     do update set detail = excluded.detail, last_at = excluded.last_at, times = till_alert.times + 1`,
    [alert.tillId, alert.kind, JSON.stringify(alert.detail ?? {}), alert.atMs],
  );
}

/** Open ones first, then the newest. */
export async function listTillAlerts(
  db: Queryable,
  filter: {
    readonly tillId?: string | undefined;
    readonly open?: boolean | undefined;
    /** From there on; null: from the first. */
    readonly after: { readonly isOpen: boolean; readonly lastAtMs: number; readonly alertId: string } | null;
    readonly limit: number;
  },
): Promise<TillAlert[]> {
  return db.query<TillAlert>(
    `select a.alert_id::text as "alertId", a.till_id as "tillId", t.code as "tillCode", t.store_id as "storeId", a.kind,
       a.detail, a.first_at as "firstAtMs", a.last_at as "lastAtMs", a.times, a.closed_at as "closedAtMs",
       a.closed_why as "closedWhy"
     from till_alert a left join till t using (till_id)
     where ($1::text is null or a.till_id = $1) and ($2::boolean is null or (a.closed_at is null) = $2)
       and ($4::boolean is null or
         (a.closed_at is null, a.last_at, a.alert_id) < ($4, to_timestamp($5::float8 / 1000), $6::bigint))
     order by a.closed_at is null desc, a.last_at desc, a.alert_id desc limit $3`,
    [
      ...[filter.tillId ?? null, filter.open ?? null, filter.limit],
      ...[filter.after?.isOpen ?? null, filter.after?.lastAtMs ?? null, filter.after?.alertId ?? null],
    ],
  );
}

/** @returns false when there is no such open alert */
export async function closeTillAlert(
  db: Queryable,
  alertId: string,
  { reason, nowMs }: { readonly reason: string; readonly nowMs: number },
): Promise<boolean> {
  const rows = await db.query(
    `update till_alert set closed_at = to_timestamp($2::float8 / 1000), closed_why = $3
     where alert_id = $1::bigint and closed_at is null returning alert_id`,
    [alertId, nowMs, reason],
  );
  return rows.length === 1;
}
