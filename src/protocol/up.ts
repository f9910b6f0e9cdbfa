/**
 * What a till says to the cloud.
 */
import { z } from 'zod';
import { unfoldEntries } from './entries.ts';
import { JOURNALS_MAX, PERSONAL_CHARS_MAX, PROBE_HASHES_MAX, PUSH_ENTRIES_MAX } from './limits.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().min(1).max(64);
const seq = z.int().min(0);

/** Proves the device key: `sig` is Ed25519 over `helloStatement`. */
export const Hello = z.object({
  t: z.literal('hello'),
  protocol: z.int(),
  tillId: id,
  journalId: id,
  headSeq: seq,
  headHash: hash,
  appVersion: z.string().max(64),
  sig: z.string().max(200),
  // ---- from protocol 3 on ----
  /** The till's own: the cloud signs it in `welcome`. */
  nonce: z.string().min(16).max(128).optional(),
  /** This journal and those that it follows, oldest first, each with the head it begins after. None: it follows none. */
  journals: z
    .array(z.object({ journalId: id, baseSeq: seq, baseHash: hash }))
    .max(JOURNALS_MAX)
    .optional(),
  /** What the cloud signed last: one that holds less has gone back in time. */
  acked: z.object({ journalId: id, seq, hash, sig: z.string().max(200) }).optional(),
  /** The last mark of the cloud's own history that this till was told. */
  mark: z.string().max(200).optional(),
  /** Of HQ, for a disk that is rescued: lets in what HQ has cut off or replaced, to push and nothing else. */
  ticket: z.string().max(128).optional(),
});
export type Hello = z.infer<typeof Hello>;

const pushed = {
  t: z.literal('push'),
  /** Not given: the journal of `hello`. Else one of those that it follows. */
  journalId: id.optional(),
  fromSeq: z.int().min(1),
  hash,
  sig: z.string().max(200),
  /** Entries on the till that are not in this push nor acknowledged. */
  unsent: z.int().min(0),
  /**
   * Who joined in these entries (`member_enrolled`): `data` is the canonical JSON that, after the salt's bytes, hashes to the
   * entry's commitment. Not signed: the commitment is. One that is missing was erased.
   */
  personal: z
    .array(
      z.object({
        personalId: id,
        salt: z.string().regex(/^(?:[0-9a-f]{2}){16,64}$/),
        data: z.string().max(PERSONAL_CHARS_MAX),
      }),
    )
    .max(10_000)
    .optional(),
};

/**
 * Entries `fromSeq …`; `hash` is the head after the last, `sig` signs `headStatement`. They travel as their canonical texts, or
 * from protocol 4 on as `folded` columns (protocol/entries): read, both are the texts.
 */
export const Push = z
  .object({
    ...pushed,
    entries: z.array(z.string()).min(1).max(PUSH_ENTRIES_MAX).optional(),
    folded: z
      .object({ count: z.int().min(1).max(PUSH_ENTRIES_MAX), column: z.array(z.unknown()).readonly() })
      .optional(),
  })
  .transform(({ entries, folded, ...push }, { issues, value }): Push => {
    const unfolded = folded === undefined ? null : unfoldEntries(folded);
    if (unfolded === null && entries !== undefined) return { ...push, entries };
    if (unfolded?.ok && entries === undefined) {
      return { ...push, entries: unfolded.value, isCanonical: true };
    }
    const message = unfolded?.ok === false ? unfolded.error.what : 'entries as texts or in columns';
    issues.push({ code: 'custom', path: ['folded'], message, input: value });
    return z.NEVER;
  });
export type Push = z.infer<z.ZodObject<typeof pushed>> & {
  readonly entries: readonly string[];
  /** The texts were written here, of columns. */
  readonly isCanonical?: true;
};

/**
 * Asks for feed rows after `cursor`; answered at once when there are some, else when there are. One at a time.
 * `generation`: of the feed that the cursor is a place in; another one begins anew.
 */
export const Pull = z.object({
  t: z.literal('pull'),
  cursor: seq,
  generation: z.string().max(64).optional(),
});
export type Pull = z.infer<typeof Pull>;

export const Ping = z.object({
  t: z.literal('ping'),
  unsent: z.int().min(0),
  /** How well the till would do with the line down (core/readiness); from protocol 3 on. */
  readiness: z
    .object({
      score: z.int().min(0).max(100),
      reasons: z
        .array(z.object({ kind: z.string().max(32), points: z.int().min(0).max(100) }))
        .max(32)
        .readonly(),
    })
    .optional(),
});
export type Ping = z.infer<typeof Ping>;

/**
 * Asks for a part of a right (core/lease). Asked again under the same id, the answer is the same lease.
 * `wanted`: points, minor units or uses.
 */
export const Lease = z.object({
  t: z.literal('lease'),
  requestId: id,
  key: z.string().min(1).max(200),
  wanted: z.int().min(1),
  purpose: z.enum(['visit', 'ahead']),
});
export type Lease = z.infer<typeof Lease>;

/** Asks what hashes the cloud holds of a journal: a disk that went back in time looks for the last entry that both have. */
export const Probe = z.object({
  t: z.literal('probe'),
  journalId: id,
  fromSeq: z.int().min(1),
  count: z.int().min(1).max(PROBE_HASHES_MAX),
});
export type Probe = z.infer<typeof Probe>;

export const Up = z.discriminatedUnion('t', [Hello, Push, Pull, Ping, Lease, Probe]);
export type Up = z.infer<typeof Up>;

const utf8 = new TextEncoder();

/** What a till signs to prove its key: bound to this connection by the nonce, to this cloud by its id. */
export function helloStatement(facts: {
  readonly nonce: string;
  readonly cloudId: string;
  readonly tillId: string;
  readonly journalId: string;
  readonly headSeq: number;
  readonly headHash: string;
}): Uint8Array {
  const { nonce, cloudId, tillId, journalId, headSeq, headHash } = facts;
  return utf8.encode(
    `counterfoil hello v1 ${nonce} ${cloudId} ${tillId} ${journalId} ${headSeq} ${headHash}`,
  );
}
