/**
 * Saved segments: dynamic ones are counted from their rule each time, frozen ones are the members they once had. Their
 * sizes are kept by day.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type Audience, countAudience, freezeAudience, readAudience } from './audience.ts';
import type { RuleProblem } from './source.ts';

export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly kind: 'dynamic' | 'frozen';
  readonly rule: unknown;
  /** Of purchases that the rule asks about; null: the only one there is. */
  readonly currency: string | null;
  readonly revision: number;
  readonly updatedAtMs: number;
}

export interface SegmentDraft {
  readonly name: string;
  readonly note: string;
  readonly rule: unknown;
  readonly currency: string | null;
}

export type SegmentError =
  | { readonly kind: 'rule'; readonly problem: RuleProblem }
  | { readonly kind: 'name_taken' }
  | { readonly kind: 'unknown_segment' }
  /** Somebody else changed it since; `revision` is the one it has now. */
  | { readonly kind: 'changed'; readonly revision: number }
  /** A frozen segment keeps its members: only its name may change. */
  | { readonly kind: 'frozen' };

/** The day and time that a change or a count is of. */
export interface Now {
  readonly today: string;
  readonly atMs: number;
}

const COLUMNS = `segment_id as id, name, note, kind, rule->'rule' as rule, rule->>'currency' as currency, revision,
  updated_at as "updatedAtMs"`;

export async function listSegments(db: Queryable): Promise<Segment[]> {
  return db.query<Segment>(`select ${COLUMNS} from segment order by name`);
}

export async function segmentById(db: Queryable, id: string): Promise<Segment | null> {
  const [row] = await db.query<Segment>(`select ${COLUMNS} from segment where segment_id = $1`, [id]);
  return row ?? null;
}

export async function addSegment(
  db: Db,
  id: string,
  draft: SegmentDraft,
  now: Now,
): Promise<Result<Segment, SegmentError>> {
  const audience = await readAudience(db, { ...draft, asOf: now.today });
  if (!audience.ok) return err({ kind: 'rule', problem: audience.error });
  const [row] = await db.query<Segment>(
    `insert into segment (segment_id, name, note, kind, rule, revision, created_at, updated_at)
     values ($1, $2, $3, 'dynamic', $4::jsonb, 1, to_timestamp($5::float8 / 1000), to_timestamp($5::float8 / 1000))
     on conflict (name) do nothing returning ${COLUMNS}`,
    [id, draft.name, draft.note, ruleText(draft), now.atMs],
  );
  return row === undefined ? err({ kind: 'name_taken' }) : ok(row);
}

function ruleText({ rule, currency }: SegmentDraft): string {
  return JSON.stringify({ rule, currency });
}

/** @param revision the one that was read: a change that somebody else made meanwhile is not overwritten */
export async function changeSegment(
  db: Db,
  id: string,
  revision: number,
  draft: SegmentDraft,
  now: Now,
): Promise<Result<Segment, SegmentError>> {
  const audience = await readAudience(db, { ...draft, asOf: now.today });
  if (!audience.ok) return err({ kind: 'rule', problem: audience.error });
  return db.transaction(async (tx): Promise<Result<Segment, SegmentError>> => {
    const known = await locked(tx, id);
    if (known === null) return err({ kind: 'unknown_segment' });
    if (known.revision !== revision) return err({ kind: 'changed', revision: known.revision });
    if (known.kind === 'frozen' && !(await hasRule(tx, id, draft))) return err({ kind: 'frozen' });
    const others = await tx.query('select 1 from segment where name = $1 and segment_id <> $2', [
      draft.name,
      id,
    ]);
    if (others.length > 0) return err({ kind: 'name_taken' });
    const [row] = await tx.query<Segment>(
      `update segment set name = $2, note = $3, rule = $4::jsonb, revision = revision + 1,
         updated_at = to_timestamp($5::float8 / 1000)
       where segment_id = $1 returning ${COLUMNS}`,
      [id, draft.name, draft.note, ruleText(draft), now.atMs],
    );
    return ok(row!);
  });
}

/** The database compares: it keeps JSON in an order of its own. */
async function hasRule(tx: Queryable, id: string, draft: SegmentDraft): Promise<boolean> {
  const rows = await tx.query('select 1 from segment where segment_id = $1 and rule = $2::jsonb', [
    id,
    ruleText(draft),
  ]);
  return rows.length > 0;
}

async function locked(tx: Queryable, id: string): Promise<Segment | null> {
  const [row] = await tx.query<Segment>(`select ${COLUMNS} from segment where segment_id = $1 for update`, [
    id,
  ]);
  return row ?? null;
}

export async function dropSegment(db: Queryable, id: string): Promise<boolean> {
  return (await db.query('delete from segment where segment_id = $1 returning 1', [id])).length > 0;
}

/** Keeps the members it has today for ever. Frozen already: nothing changes. */
export async function freezeSegment(db: Db, id: string, now: Now): Promise<Result<Segment, SegmentError>> {
  return db.transaction(async (tx): Promise<Result<Segment, SegmentError>> => {
    const known = await locked(tx, id);
    if (known === null) return err({ kind: 'unknown_segment' });
    if (known.kind === 'frozen') return ok(known);
    const audience = await readAudience(tx, { ...known, asOf: now.today });
    if (!audience.ok) return err({ kind: 'rule', problem: audience.error });
    const members = await freezeAudience(tx, id, audience.value);
    await noteSize(tx, id, members, now);
    const [row] = await tx.query<Segment>(
      `update segment set kind = 'frozen', revision = revision + 1, updated_at = to_timestamp($2::float8 / 1000)
       where segment_id = $1 returning ${COLUMNS}`,
      [id, now.atMs],
    );
    return ok(row!);
  });
}

/** The rule that a segment's members are found by; of a frozen one, its list. */
export async function segmentAudience(
  db: Queryable,
  segment: Segment,
  asOf: string,
): Promise<Result<Audience, RuleProblem>> {
  const rule = segment.kind === 'frozen' ? { source: 'segment', segmentId: segment.id } : segment.rule;
  return readAudience(db, { rule, currency: segment.currency, asOf });
}

export interface Compared {
  readonly a: number;
  readonly b: number;
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
}

/** How two audiences of one day overlap; the parts add up to each. */
export async function compareAudiences(db: Db, a: Audience, b: Audience): Promise<Compared> {
  const both = await countAudience(db, {
    ...a,
    rule: { kind: 'all', path: 'rule', of: [a.rule, b.rule] },
  });
  const [inA, inB] = [await countAudience(db, a), await countAudience(db, b)];
  return { a: inA, b: inB, both, onlyA: inA - both, onlyB: inB - both };
}

// ---- sizes ----

export interface SegmentSize {
  readonly on: string;
  readonly members: number;
}

export async function segmentSizes(db: Queryable, id: string): Promise<SegmentSize[]> {
  return db.query<SegmentSize>(
    'select on_date as "on", members from segment_size where segment_id = $1 order by on_date',
    [id],
  );
}

export interface Refreshed {
  readonly counted: number;
  /** Segments whose rule does not hold any more: a custom field that is gone. */
  readonly failed: readonly { readonly segmentId: string; readonly problem: RuleProblem }[];
}

/** The daily job: the size of each segment today. Again on the same day it says the newest. */
export async function refreshSegments(db: Db, now: Now): Promise<Refreshed> {
  const failed: { segmentId: string; problem: RuleProblem }[] = [];
  let counted = 0;
  for (const segment of await listSegments(db)) {
    const audience = await segmentAudience(db, segment, now.today);
    if (!audience.ok) {
      failed.push({ segmentId: segment.id, problem: audience.error });
      continue;
    }
    await noteSize(db, segment.id, await countAudience(db, audience.value), now);
    counted++;
  }
  return { counted, failed };
}

async function noteSize(db: Queryable, id: string, members: number, now: Now): Promise<void> {
  // A segment that was dropped while it was counted has no size to keep.
  await db.query(
    `insert into segment_size (segment_id, on_date, members, counted_at)
     select segment_id, $2::date, $3, to_timestamp($4::float8 / 1000) from segment where segment_id = $1
     on conflict (segment_id, on_date) do update set members = excluded.members, counted_at = excluded.counted_at`,
    [id, now.today, members, now.atMs],
  );
}
