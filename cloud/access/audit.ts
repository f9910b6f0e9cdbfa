/**
 * The audit log: an append-only chain of who wrote what, when and from where. The only writer of `audit_entry`.
 *
 * What is kept of a request is its shape: numbers, ids and words of closed sets stand as they are, any other text is `…`,
 * so no name, phone, secret or free text gets in.
 */
import { createHash } from 'node:crypto';
import type { Db, Queryable } from '../db/db.ts';

export interface AuditFacts {
  readonly phase: 'asked' | 'done';
  readonly atMs: number;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly address: string;
  readonly requestId: string;
  /** `PUT /api/v1/users/:userId`: the route, and so no value. */
  readonly route: string;
  readonly params: unknown;
  /** Of `asked`: what was sent, redacted. */
  readonly sent?: unknown;
  /** Of `done`. */
  readonly status?: number;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditEntry extends AuditFacts {
  readonly seq: number;
  readonly hash: string;
}

/** @returns the entry's place */
export function appendAudit(db: Db, facts: AuditFacts): Promise<number> {
  return db.transaction(async (tx) => {
    const [head] = await tx.query<{ seq: number; hash: string }>(
      'select seq, hash from audit_head for update',
    );
    const seq = head!.seq + 1;
    // The text itself is kept and hashed, so it needs no one form; a request may hold numbers that are not whole.
    const text = JSON.stringify({ seq, ...facts });
    const hash = hashOf(head!.hash, text);
    await tx.query(
      `insert into audit_entry values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7, $8)`,
      [seq, facts.atMs, facts.phase, facts.actor.kind, facts.actor.id, facts.route, text, hash],
    );
    await tx.query('update audit_head set seq = $1, hash = $2', [seq, hash]);
    return seq;
  });
}

/** Newest first. @param before null: from the newest on */
export async function auditBefore(
  db: Queryable,
  asked: { readonly before: number | null; readonly actorId: string | null; readonly limit: number },
): Promise<AuditEntry[]> {
  const rows = await db.query<{ text: string; hash: string }>(
    `select text, hash from audit_entry
     where ($1::bigint is null or seq < $1) and ($2::text is null or actor_id = $2) order by seq desc limit $3`,
    [asked.before, asked.actorId, asked.limit],
  );
  return rows.map(({ text, hash }) => ({ ...(JSON.parse(text) as AuditFacts & { seq: number }), hash }));
}

/** A write that was done, with what was asked for. */
export interface AuditDeed {
  readonly asked: AuditEntry;
  readonly done: AuditEntry;
}

/**
 * Writes by these routes that were done and not refused, newest first.
 *
 * @param asked.before  place of the outcome that was shown last; null: from the newest on
 */
export async function auditOfRoutes(
  db: Queryable,
  asked: { readonly routes: readonly string[]; readonly before: number | null; readonly limit: number },
): Promise<AuditDeed[]> {
  const rows = await db.query<{ done: string; doneHash: string; asked: string; askedHash: string }>(
    // Ids of requests begin anew with each process: of several the last one before it is meant.
    `select d.text as done, d.hash as "doneHash", a.text as asked, a.hash as "askedHash"
     from audit_entry d cross join lateral (
       select text, hash from audit_entry where route = d.route and seq < d.seq and phase = 'asked'
         and actor_id = d.actor_id and text::jsonb->>'requestId' = d.text::jsonb->>'requestId'
       order by seq desc limit 1) a
     where d.route = any($1::text[]) and d.phase = 'done' and (d.text::jsonb->>'status')::int < 400
       and ($2::bigint is null or d.seq < $2)
     order by d.seq desc limit $3`,
    [asked.routes, asked.before, asked.limit],
  );
  const entryOf = (text: string, hash: string) => ({ ...(JSON.parse(text) as AuditEntry), hash });
  return rows.map((row) => ({
    asked: entryOf(row.asked, row.askedHash),
    done: entryOf(row.done, row.doneHash),
  }));
}

const PIECE = 1_000;

/** Walks the whole chain. @returns the first place where it does not hold, null: none */
export async function proveAudit(
  db: Queryable,
): Promise<{ readonly entries: number; readonly headHash: string; readonly brokenAt: number | null }> {
  let [seq, hash] = [0, '0'.repeat(64)];
  for (;;) {
    const rows = await db.query<{ seq: number; text: string; hash: string }>(
      'select seq, text, hash from audit_entry where seq > $1 order by seq limit $2',
      [seq, PIECE],
    );
    for (const row of rows) {
      const inText = (JSON.parse(row.text) as { seq: number }).seq;
      if (row.seq !== seq + 1 || inText !== row.seq || hashOf(hash, row.text) !== row.hash)
        return { entries: seq, headHash: hash, brokenAt: seq + 1 };
      [seq, hash] = [row.seq, row.hash];
    }
    if (rows.length < PIECE) break;
  }
  const [head] = await db.query<{ seq: number; hash: string }>('select seq, hash from audit_head');
  // Entries taken off the end leave a head that points past them.
  const whole = head!.seq === seq && head!.hash === hash;
  return { entries: seq, headHash: hash, brokenAt: whole ? null : seq + 1 };
}

function hashOf(before: string, text: string): string {
  return createHash('sha256').update(before).update(text).digest('hex');
}

// ---- what is kept of a request ----

const ITEMS_MAX = 20;
const DEPTH_MAX = 8;
/** Keys whose text is an id or a word of a closed set. */
const PLAIN =
  /^(?:id|ids|.*Ids?|kind|kinds|version|role|login|rights|stores|status|state|sku|currency|from|to|date|days|day|asOf|dimension|revision|source|op|field|measure|mode|type|purse|tier|.*On|.*Date|businessDate|purpose|channel|granted|locale)$/;

export function redacted(value: unknown, key = '', depth = 0): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return PLAIN.test(key) && /^[\w.:@-]{0,64}$/.test(value) ? value : '…';
  if (typeof value !== 'object' || depth >= DEPTH_MAX) return value === undefined ? undefined : '…';
  if (Array.isArray(value)) {
    const kept = value.slice(0, ITEMS_MAX).map((one) => redacted(one, key, depth + 1));
    return value.length > ITEMS_MAX ? [...kept, { andMore: value.length - ITEMS_MAX }] : kept;
  }
  const entries = Object.entries(value).slice(0, 100);
  return Object.fromEntries(
    entries.map(([name, inner]) => [/^\w{1,64}$/.test(name) ? name : '…', redacted(inner, name, depth + 1)]),
  );
}
