/**
 * Events: what people do on the web and in apps: browse, cart, click, search, visit, rating.
 *
 * An event names a member, a visitor (a browser or app by an id that the shop gave it), or both. A visitor whom nobody knows
 * keeps its events until it logs in: then they are the member's, and so is what comes later. Where two people use one
 * browser, the later login counts from then on and takes nothing from the first. An event id stands once, however often
 * it is sent.
 */
import type { Queryable } from '../db/db.ts';
import { membersMeant } from './aliases.ts';
import { tagByEvents } from './tag-rules.ts';

export interface EventFacts {
  readonly eventId: string;
  /** `browse`, `cart`, `click` … */
  readonly kind: string;
  /** What it is about: a SKU, a page, a theme. */
  readonly subject: string;
  readonly atMs: number;
  readonly memberId: string | null;
  readonly visitorId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventFault {
  /** Place in the batch. */
  readonly index: number;
  readonly kind: 'nobody' | 'unknown_member' | 'future';
  readonly path: string;
  readonly message: string;
}

export interface EventsTaken {
  readonly stored: number;
  /** Known already: sent again. */
  readonly repeated: number;
  /** Events of visitors that became a member's by this batch. */
  readonly joined: number;
  readonly tagged: number;
  /** Those are left out, the others are in: a browser does not wait for the fault of another. */
  readonly refused: readonly EventFault[];
}

/** Clocks of browsers are wrong; more than a day ahead is a fault. */
const AHEAD_MS_MAX = 24 * 3_600_000;

export async function takeEvents(
  tx: Queryable,
  events: readonly EventFacts[],
  nowMs: number,
): Promise<EventsTaken> {
  const meant = await membersMeant(
    tx,
    events.flatMap(({ memberId }) => memberId ?? []),
  );
  const refused = events.flatMap((event, index) => faultOf(event, index, meant, nowMs) ?? []);
  const bad = new Set(refused.map(({ index }) => index));
  const good = events
    .filter((_event, index) => !bad.has(index))
    .map((event) => ({ ...event, memberId: event.memberId === null ? null : meant.get(event.memberId)! }));
  const logins = good.flatMap(({ memberId, visitorId, atMs }) =>
    memberId !== null && visitorId !== null ? [{ visitorId, memberId, atMs }] : [],
  );
  const joined = await joinVisitors(tx, logins, nowMs);
  const owners = await ownersOf(tx, good, nowMs);
  const placed = good.map((event) => ({
    ...event,
    memberId: event.memberId ?? owners.get(event.visitorId!) ?? null,
  }));
  const fresh = await storeOfMembers(
    tx,
    placed.filter(({ memberId }) => memberId !== null),
  );
  const anonymous = await storeOfVisitors(
    tx,
    placed.filter(({ memberId }) => memberId === null),
  );
  const tagged = await tagByEvents(tx, fresh, nowMs);
  const stored = fresh.length + anonymous;
  return {
    stored,
    repeated: good.length - stored,
    joined: joined.events,
    tagged: tagged + joined.tagged,
    refused,
  };
}

function faultOf(
  event: EventFacts,
  index: number,
  meant: ReadonlyMap<string, string>,
  nowMs: number,
): EventFault | null {
  const fault = (kind: EventFault['kind'], field: string, message: string): EventFault => ({
    index,
    kind,
    path: `events[${index}].${field}`,
    message,
  });
  if (event.memberId === null && event.visitorId === null)
    return fault('nobody', 'visitorId', 'an event names a member, a visitor or both');
  if (event.memberId !== null && !meant.has(event.memberId))
    return fault('unknown_member', 'memberId', 'there is no such member');
  if (event.atMs > nowMs + AHEAD_MS_MAX) return fault('future', 'atMs', 'this is more than a day from now');
  return null;
}

/** Notes that the visitors were seen, and tells whose they are; locked, so that no login comes between. */
async function ownersOf(
  tx: Queryable,
  events: readonly EventFacts[],
  nowMs: number,
): Promise<Map<string, string>> {
  const visitors = [...new Set(events.flatMap(({ visitorId }) => visitorId ?? []))].sort();
  if (visitors.length === 0) return new Map();
  const rows = await tx.query<{ visitorId: string; memberId: string | null }>(
    `insert into visitor as v (visitor_id, seen_at) select id, to_timestamp($2::float8 / 1000) from unnest($1::text[]) id
     on conflict (visitor_id) do update set seen_at = greatest(v.seen_at, excluded.seen_at)
     returning visitor_id as "visitorId", member_id as "memberId"`,
    [visitors, nowMs],
  );
  return new Map(
    rows.flatMap(({ visitorId, memberId }) => (memberId === null ? [] : [[visitorId, memberId]])),
  );
}

export interface StoredEvent {
  readonly memberId: string;
  readonly kind: string;
  readonly subject: string;
}

async function storeOfMembers(tx: Queryable, events: readonly EventFacts[]): Promise<StoredEvent[]> {
  if (events.length === 0) return [];
  return tx.query<StoredEvent>(
    `insert into member_event (member_id, event_id, origin_id, visitor_id, kind, subject, at, data)
     select distinct on (member_id, event_id) member_id, event_id, member_id, visitor_id, kind, subject, to_timestamp(at_ms / 1000), data
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::jsonb[])
       as e(member_id, event_id, visitor_id, kind, subject, at_ms, data)
     order by member_id, event_id
     on conflict do nothing
     returning member_id as "memberId", kind, subject`,
    [events.map(({ memberId }) => memberId), ...columnsOf(events)],
  );
}

async function storeOfVisitors(tx: Queryable, events: readonly EventFacts[]): Promise<number> {
  if (events.length === 0) return 0;
  const rows = await tx.query(
    `insert into visitor_event (event_id, visitor_id, kind, subject, at, data)
     select distinct on (visitor_id, event_id) event_id, visitor_id, kind, subject, to_timestamp(at_ms / 1000), data
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::jsonb[])
       as e(event_id, visitor_id, kind, subject, at_ms, data)
     -- An event of a visitor who was somebody's before a log-out is that one's.
     where not exists (select 1 from member_event m where m.visitor_id = e.visitor_id and m.event_id = e.event_id)
     order by visitor_id, event_id
     on conflict do nothing returning 1`,
    columnsOf(events),
  );
  return rows.length;
}

function columnsOf(events: readonly EventFacts[]) {
  return [
    events.map(({ eventId }) => eventId),
    events.map(({ visitorId }) => visitorId),
    events.map(({ kind }) => kind),
    events.map(({ subject }) => subject),
    events.map(({ atMs }) => atMs),
    events.map(({ data }) => JSON.stringify(data)),
  ];
}

// ---- visitors ----

export interface Login {
  readonly visitorId: string;
  readonly memberId: string;
  readonly atMs: number;
}

/** Makes what visitors did the members' who logged in there. @param logins members are known; the last of a visitor counts */
export async function joinVisitors(
  tx: Queryable,
  logins: readonly Login[],
  nowMs: number,
): Promise<{ readonly events: number; readonly tagged: number }> {
  if (logins.length === 0) return { events: 0, tagged: 0 };
  const last = new Map(logins.toSorted((a, b) => a.atMs - b.atMs).map((login) => [login.visitorId, login]));
  const pairs = [...last.values()].sort((a, b) => (a.visitorId < b.visitorId ? -1 : 1));
  await tx.query(
    `insert into visitor as v (visitor_id, member_id, seen_at, joined_at)
     select visitor_id, member_id, to_timestamp($4::float8 / 1000), to_timestamp(at_ms / 1000)
     from unnest($1::text[], $2::text[], $3::float8[]) as l(visitor_id, member_id, at_ms)
     on conflict (visitor_id) do update set member_id = excluded.member_id, joined_at = excluded.joined_at,
       seen_at = greatest(v.seen_at, excluded.seen_at)
     where v.joined_at is null or v.joined_at <= excluded.joined_at`,
    [
      pairs.map(({ visitorId }) => visitorId),
      pairs.map(({ memberId }) => memberId),
      pairs.map(({ atMs }) => atMs),
      nowMs,
    ],
  );
  const moved = await tx.query<StoredEvent>(
    `with gone as (
       delete from visitor_event e using visitor v
       where v.visitor_id = e.visitor_id and v.member_id is not null and e.visitor_id = any($1::text[])
       returning v.member_id, e.event_id, e.visitor_id, e.kind, e.subject, e.at, e.data)
     insert into member_event (member_id, event_id, origin_id, visitor_id, kind, subject, at, data)
     select member_id, event_id, member_id, visitor_id, kind, subject, at, data from gone
     on conflict do nothing
     returning member_id as "memberId", kind, subject`,
    [pairs.map(({ visitorId }) => visitorId)],
  );
  return { events: moved.length, tagged: await tagByEvents(tx, moved, nowMs) };
}

/** The member logged out there: what comes next is nobody's until the next login. */
export async function leaveVisitor(tx: Queryable, visitorId: string): Promise<boolean> {
  const rows = await tx.query(
    'update visitor set member_id = null, joined_at = null where visitor_id = $1 and member_id is not null returning 1',
    [visitorId],
  );
  return rows.length > 0;
}

// ---- what they tell ----

export interface Viewed {
  readonly subject: string;
  readonly times: number;
  readonly lastAtMs: number;
  /** The item by that SKU; null when there is none. */
  readonly name: string | null;
}

/** What a member looked at lately, the newest first. */
export async function recentlyViewed(db: Queryable, memberId: string, limit: number): Promise<Viewed[]> {
  return db.query<Viewed>(
    `select e.subject, e.times, e.at as "lastAtMs", i.data->>'name' as name from (
       select subject, count(*) as times, max(at) as at from member_event
       where member_id = $1 and kind = 'browse' group by subject order by at desc, subject limit $2) e
     left join item i on i.sku = e.subject order by e.at desc, e.subject`,
    [memberId, limit],
  );
}

export interface CartTry extends Viewed {
  /** Whether a sale with it came after the last try. */
  readonly bought: boolean;
}

/** What a member tried to put in the cart, and whether it was bought since. */
export async function cartTries(db: Queryable, memberId: string, limit: number): Promise<CartTry[]> {
  return db.query<CartTry>(
    `select e.subject, e.times, e.at as "lastAtMs", i.data->>'name' as name,
       exists (select 1 from sale s where s.member_id = $1 and s.at >= e.at and s.kind <> 'refund' and e.subject = any(s.line_sku)) as bought
     from (
       select subject, count(*) as times, max(at) as at from member_event
       where member_id = $1 and kind = 'cart' group by subject order by at desc, subject limit $2) e
     left join item i on i.sku = e.subject order by e.at desc, e.subject`,
    [memberId, limit],
  );
}

/** Events of visitors who never logged in are not kept for ever. @returns how many visitors are gone */
export async function forgetVisitors(tx: Queryable, seenBeforeMs: number): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `with gone as (delete from visitor where member_id is null and seen_at < to_timestamp($1::float8 / 1000) returning visitor_id),
     events as (delete from visitor_event e using gone g where e.visitor_id = g.visitor_id)
     select count(*) as n from gone`,
    [seenBeforeMs],
  );
  return row!.n;
}
