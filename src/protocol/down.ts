/**
 * What the cloud says to a till.
 */
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const seq = z.int().min(0);

/** First word on a connection: the nonce that `hello` signs. */
export const Challenge = z.object({
  t: z.literal('challenge'),
  nonce: z.string().max(128),
  cloudId: z.string().max(64),
});

export const Welcome = z.object({
  t: z.literal('welcome'),
  protocol: z.int(),
  cloudId: z.string().max(64),
  /** Last entry of this journal that the cloud holds on disk; 0: none. */
  ackedSeq: seq,
  ackedHash: hash.nullable(),
  serverTimeMs: z.int(),
  limits: z.object({
    batchEntriesMax: z.int().min(1),
    batchBytesMax: z.int().min(1),
    feedRowsMax: z.int().min(1),
  }),
  // ---- from protocol 3 on ----
  /** Of the cloud over the till's nonce and the head (trust.ts), with the key that the till has pinned. */
  sig: z.string().max(200).optional(),
  cloudKey: z.string().max(200).optional(),
  /** Keys that the cloud had before, oldest first, each with its word on the next one. */
  keyChain: z
    .array(z.object({ key: z.string().max(200), next: z.string().max(200), sig: z.string().max(200) }))
    .max(100)
    .optional(),
  /** Of the feed: a cursor of another generation is a place in a feed that is no more. */
  generation: z.string().max(64).optional(),
  /** A point in the cloud's own history, signed by it. One that it does not know is of a future that it has lost. */
  mark: z.string().max(200).optional(),
  /** The highest receipt number that HQ knows of this till: the next one is above it. */
  lastReceiptSeq: seq.optional(),
});
export type Welcome = z.infer<typeof Welcome>;

/** Sent after the commit, never before: all entries up to `throughSeq` are on the cloud's disk. */
export const Ack = z.object({
  t: z.literal('ack'),
  throughSeq: seq,
  hash,
  /** Of the cloud over this head (trust.ts); from protocol 3 on. */
  sig: z.string().max(200).optional(),
  /** How much the next pushes may hold: less from a cloud that is slow, more again from one that is not. */
  batchEntriesMax: z.int().min(1).optional(),
});
export type Ack = z.infer<typeof Ack>;

export const FeedRow = z.object({
  /** `item`, `member`, `tier`, `store` …; a till skips kinds that it does not know. */
  kind: z.string().max(32),
  key: z.string().max(128),
  /** null: gone. */
  data: z.unknown().nullable(),
});
export type FeedRow = z.infer<typeof FeedRow>;

/** Rows in cursor order; apply them and `nextCursor` in one transaction. `more`: pull again at once. */
export const Feed = z.object({
  t: z.literal('feed'),
  rows: z.array(FeedRow),
  nextCursor: seq,
  more: z.boolean(),
  /** With the first page of another generation: what the till has and these pages do not bring is gone. */
  generation: z.string().max(64).optional(),
});
export type Feed = z.infer<typeof Feed>;

export const SYNC_ERROR_KINDS = [
  'bad_frame',
  'unknown_till',
  'revoked',
  'bad_signature',
  'version',
  'gap',
  'chain',
  'forked',
  'foreign',
  'cloned',
  'ticket',
  'hello_first',
  'busy',
  'internal',
] as const;
export type SyncErrorKind = (typeof SYNC_ERROR_KINDS)[number];

/** Why the cloud did not take what was said. `retry`: the same words may work later. */
export const SyncError = z.object({
  t: z.literal('error'),
  kind: z.enum(SYNC_ERROR_KINDS),
  message: z.string(),
  retry: z.boolean(),
  /** With `gap`: where to go on from. */
  ackedSeq: seq.optional(),
});
export type SyncError = z.infer<typeof SyncError>;

export const Pong = z.object({
  t: z.literal('pong'),
  serverTimeMs: z.int(),
  mark: z.string().max(200).optional(),
  /** The till's push waits for its turn behind those of others: it will be acknowledged. */
  waits: z.literal(true).optional(),
});

/** Hashes of `fromSeq …` as the cloud holds them; fewer than asked: it holds no more. */
export const Heads = z.object({
  t: z.literal('heads'),
  journalId: z.string().max(64),
  fromSeq: z.int().min(1),
  hashes: z.array(hash),
});
export type Heads = z.infer<typeof Heads>;

const rightKey = z.string().min(1).max(200);

/** A lease for this till's journal; also those that its journal does not name yet, again after each welcome. */
export const Grant = z.object({
  t: z.literal('grant'),
  requestId: z.string().max(64),
  leaseId: z.string().min(1).max(64),
  key: rightKey,
  amount: z.int().min(1),
  purpose: z.enum(['visit', 'ahead']),
  epoch: z.int().min(0),
  untilMs: z.int(),
  /** Of the cloud over the lease (trust.ts); from protocol 3 on. */
  sig: z.string().max(200).optional(),
});
export type Grant = z.infer<typeof Grant>;

/** Nothing was granted. `free`: what HQ could still hand out; null: this is no right that HQ counts. */
export const Refused = z.object({
  t: z.literal('refused'),
  requestId: z.string().max(64),
  key: rightKey,
  free: z.int().min(0).nullable(),
  /** With what other tills hold: 0 is used up for good. Absent from an older cloud. */
  left: z.int().optional(),
});
export type Refused = z.infer<typeof Refused>;

/** Another till asks for this right: give back what nobody at the counter needs. */
export const Recall = z.object({ t: z.literal('recall'), key: rightKey });

export const Down = z.discriminatedUnion('t', [
  Challenge,
  Welcome,
  Ack,
  Feed,
  SyncError,
  Pong,
  Grant,
  Refused,
  Recall,
  Heads,
]);
export type Down = z.infer<typeof Down>;
