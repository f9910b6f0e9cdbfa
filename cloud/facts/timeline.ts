/**
 * The timeline of a member: everything that happened between it and the shop, the newest first, in one query a page.
 *
 * Each kind brings its newest rows before the cursor by an index of its own; the page is the newest of them all.
 */
import type { Queryable } from '../db/db.ts';
import { openSaid } from './interactions.ts';

export const TIMELINE_KINDS = [
  'sale',
  'interaction',
  'event',
  'consent',
  'tag',
  'tier',
  'points',
  'coupon',
  'contact',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface TimelineEntry {
  readonly kind: TimelineKind;
  readonly id: string;
  readonly atMs: number;
  /** What it is in full, by kind. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface TimelinePage {
  readonly entries: readonly TimelineEntry[];
  /** null at the end. */
  readonly nextCursor: string | null;
}

interface Part {
  readonly from: string;
  readonly at: string;
  readonly id: string;
  readonly data: string;
}

/** `t` is the row; each has its member in `t.member_id`. */
const PARTS: Readonly<Record<TimelineKind, Part>> = {
  sale: {
    from: 'sale t',
    at: 't.at',
    id: 't.sale_id',
    data: `'kind', t.kind, 'storeId', t.store_id, 'receiptNo', t.receipt_no, 'currency', t.currency, 'totalMinor', t.total_minor,
      'pieces', t.pieces, 'items', to_jsonb(t.line_name[1:5])`,
  },
  interaction: {
    from: 'interaction t',
    at: 't.at',
    id: 't.interaction_id',
    data: `'kind', t.kind, 'direction', t.direction, 'storeId', t.store_id, 'author', t.author, 'subject', t.subject, 'text', t.text,
      'outcome', t.outcome, 'originId', t.origin_id`,
  },
  event: {
    from: 'member_event t',
    at: 't.at',
    id: 't.event_id',
    data: `'kind', t.kind, 'subject', t.subject, 'data', t.data`,
  },
  consent: {
    from: 'member_consent t',
    at: 't.at',
    id: `t.purpose || '/' || t.channel`,
    data: `'purpose', t.purpose, 'channel', t.channel, 'granted', t.granted, 'textVersion', t.text_version`,
  },
  tag: {
    from: 'tag_change t',
    at: 't.at',
    id: 't.change_id',
    data: `'tag', t.tag, 'isSet', t.is_set, 'source', t.source, 'by', t.set_by, 'why', t.why`,
  },
  tier: {
    from: 'growth_entry t',
    at: 't.at',
    id: 't.entry_id',
    data: `'kind', t.kind, 'growth', t.growth, 'tierId', t.tier_id, 'reason', t.reason, 'by', t.author`,
  },
  points: {
    from: '(select *, holder_id as member_id from ledger_entry) t',
    at: 't.at',
    id: `t.purse || '/' || t.entry_id`,
    data: `'purse', t.purse, 'kind', t.kind, 'points', t.points, 'saleId', t.sale_id`,
  },
  coupon: {
    from: 'member_coupon t',
    at: 't.issued_at',
    id: 't.coupon_id',
    data: `'templateId', t.template_id, 'usedAtMs', (extract(epoch from t.used_at) * 1000)::bigint, 'validTo', t.valid_to, 'source', t.source`,
  },
  contact: {
    from: 'campaign_contact t',
    at: 't.at',
    id: 't.contact_id',
    data: `'campaignId', t.campaign_id, 'channel', t.channel, 'outcome', t.outcome`,
  },
};

/** @param cursor of the page before; null for the first. @returns null when the cursor is none of ours */
export async function timelineOf(
  db: Queryable,
  memberId: string,
  page: { readonly kinds: readonly TimelineKind[]; readonly cursor: string | null; readonly limit: number },
): Promise<TimelinePage | null> {
  const before = page.cursor === null ? { us: null, key: '' } : readCursor(page.cursor);
  if (before === null) return null;
  const parts = page.kinds.map((kind) => {
    const { from, at, id, data } = PARTS[kind];
    const key = `('${kind}:' || ${id}) collate "C"`;
    return `(select ${at} as at, ${key} as key, '${kind}' as kind, ${id} as id, jsonb_build_object(${data}) as data
      from ${from} where t.member_id = $1 and ($2::bigint is null or (${at} <= ${CURSOR_AT}
        and (${at} < ${CURSOR_AT} or ${key} < $3::text)))
      order by ${at} desc, ${key} desc limit $4)`;
  });
  const rows = await db.query<TimelineEntry & { readonly us: number; readonly key: string }>(
    `select kind, id, at as "atMs", data, key, (extract(epoch from at) * 1000000)::bigint as us
     from (${parts.join(' union all ')}) every
     order by at desc, key desc limit $4`,
    [memberId, before.us, before.key, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1)! : null;
  return {
    entries: await readable(db, shown),
    nextCursor: last === null ? null : Buffer.from(`${last.us}:${last.key}`).toString('base64url'),
  };
}

/** What was said to a member lies sealed: one more query for all keys of the page. */
async function readable(db: Queryable, rows: readonly TimelineEntry[]): Promise<TimelineEntry[]> {
  const talks = rows.filter(({ kind }) => kind === 'interaction');
  const said = await openSaid(
    db,
    talks.map(({ data }) => data as { originId: string; subject: string; text: string }),
  );
  const opened = new Map(talks.map((row, index) => [row, said[index]!]));
  return rows.map((row) => {
    const { originId: _, ...data } = row.data;
    const words = opened.get(row);
    return {
      kind: row.kind,
      id: row.id,
      atMs: row.atMs,
      data:
        words === undefined ? data : { ...data, subject: words?.subject ?? null, text: words?.text ?? null },
    };
  });
}

/** Whole microseconds, as the database has them: milliseconds would skip what happened in the same one. */
const CURSOR_AT = `(timestamptz 'epoch' + $2::bigint * interval '1 microsecond')`;

function readCursor(cursor: string): { us: number; key: string } | null {
  const match = /^(-?\d{1,16}):(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString());
  return match === null ? null : { us: Number(match[1]), key: match[2]! };
}
