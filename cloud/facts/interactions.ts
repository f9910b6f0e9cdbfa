/**
 * Interactions: every call, mail, chat, visit, service record and note, so that the next one who speaks with a member knows
 * what was said. Rows are only added; one id is one record, however often it is sent. What was said lies sealed.
 */
import type { Queryable } from '../db/db.ts';
import { isSealed, open, seal } from '../vault/cipher.ts';
import { keysOf, makeKeys } from '../vault/keys.ts';
import { membersMeant } from './aliases.ts';

export const INTERACTION_KINDS = ['call', 'mail', 'chat', 'visit', 'service', 'note'] as const;
export type InteractionKind = (typeof INTERACTION_KINDS)[number];

export interface Interaction {
  readonly interactionId: string;
  readonly memberId: string;
  readonly kind: InteractionKind;
  /** `in`: the member came to the shop. */
  readonly direction: 'in' | 'out';
  readonly storeId: string | null;
  /** Who spoke for the shop. */
  readonly author: string;
  readonly subject: string;
  readonly text: string;
  readonly outcome: string;
  readonly atMs: number;
}

export interface Added {
  readonly stored: number;
  readonly repeated: number;
}

/** @returns places of members who are not known: then nothing was stored */
export async function addInteractions(
  tx: Queryable,
  interactions: readonly Interaction[],
): Promise<Added | { readonly strangers: readonly number[] }> {
  const meant = await membersMeant(
    tx,
    interactions.map(({ memberId }) => memberId),
  );
  const strangers = interactions.flatMap(({ memberId }, index) => (meant.has(memberId) ? [] : [index]));
  if (strangers.length > 0) return { strangers };
  const keys = await makeKeys(tx, [...new Set(meant.values())]);
  const sealed = interactions.map(({ memberId, subject, text }) => {
    const holderId = meant.get(memberId)!;
    return seal(keys.get(holderId)!, { holderId, what: SEALED_AS }, JSON.stringify({ subject, text }));
  });
  const rows = await tx.query(
    `insert into interaction (member_id, interaction_id, origin_id, kind, direction, store_id, author, subject, text, outcome, at)
     select distinct on (member_id, interaction_id) member_id, interaction_id, member_id, kind, direction, store_id, author, subject,
       text, outcome, to_timestamp(at_ms / 1000)
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::float8[])
       as i(member_id, interaction_id, kind, direction, store_id, author, subject, text, outcome, at_ms)
     order by member_id, interaction_id
     on conflict do nothing returning 1`,
    [
      interactions.map(({ memberId }) => meant.get(memberId)!),
      interactions.map(({ interactionId }) => interactionId),
      interactions.map(({ kind }) => kind),
      interactions.map(({ direction }) => direction),
      interactions.map(({ storeId }) => storeId),
      interactions.map(({ author }) => author),
      interactions.map(() => ''),
      sealed,
      interactions.map(({ outcome }) => outcome),
      interactions.map(({ atMs }) => atMs),
    ],
  );
  return { stored: rows.length, repeated: interactions.length - rows.length };
}

const SEALED_AS = 'interaction';

export interface Said {
  readonly subject: string;
  readonly text: string;
}

/** What was said, in the order of the rows; null where the key is gone with the member it was said to. */
export async function openSaid(
  db: Queryable,
  rows: readonly { readonly originId: string; readonly subject: string; readonly text: string }[],
): Promise<(Said | null)[]> {
  const keys = await keysOf(db, [...new Set(rows.map(({ originId }) => originId))]);
  return rows.map(({ originId, subject, text }) => {
    if (!isSealed(text)) return { subject, text };
    const key = keys.get(originId);
    return key === undefined
      ? null
      : (JSON.parse(open(key, { holderId: originId, what: SEALED_AS }, text)) as Said);
  });
}
