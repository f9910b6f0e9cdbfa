/**
 * A member's profile as a value: its fields, who wrote each of them last, and what becomes of it when it is changed or when
 * two profiles turn out to be one person's.
 *
 * Pure. Each field has a stamp: the hybrid clock of the write and the rank of its source. The later stamp wins, at the same
 * clock the higher rank, then the greater text, so writes may arrive in any order and all end with the same profile
 * (DOMAIN 1). Sealed fields say who somebody is; facts say what segments ask for and name nobody.
 */
import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../../src/core/entry.ts';

export interface Profile {
  readonly name: string;
  /** The first is the primary one; of phones, mails and cards alike. Cards are one person's, phones may be shared. */
  readonly cards: readonly string[];
  /** Digits, with country code where known. */
  readonly phones: readonly string[];
  /** Lower case. */
  readonly mails: readonly string[];
  readonly address: string | null;
  readonly note: string | null;
  /** `MM-DD` or `YYYY-MM-DD`. */
  readonly birthday: string | null;
  readonly gender: string | null;
  /** Region or city, never a street: `address` is for that. */
  readonly residence: string | null;
  readonly preferredPayment: string | null;
  readonly needs: string | null;
  readonly purchaseMotive: string | null;
  readonly homeStoreId: string | null;
  readonly householdId: string | null;
  readonly tags: readonly string[];
}

export type ProfileField = keyof Profile;
export type ProfilePatch = { readonly [F in ProfileField]?: Profile[F] | undefined };

export const SEALED_FIELDS = ['name', 'cards', 'phones', 'mails', 'address', 'note'] as const;
export const FACT_FIELDS = [
  'birthday',
  'gender',
  'residence',
  'preferredPayment',
  'needs',
  'purchaseMotive',
  'homeStoreId',
  'householdId',
  'tags',
] as const;
export const PROFILE_FIELDS: readonly ProfileField[] = [...SEALED_FIELDS, ...FACT_FIELDS];

export const EMPTY_PROFILE: Profile = {
  name: '',
  cards: [],
  phones: [],
  mails: [],
  address: null,
  note: null,
  birthday: null,
  gender: null,
  residence: null,
  preferredPayment: null,
  needs: null,
  purchaseMotive: null,
  homeStoreId: null,
  householdId: null,
  tags: [],
};

/** Where a write comes from; the higher rank wins at the same clock. */
export const SOURCE_RANKS = { import: 1, web: 2, erp: 3, till: 4, hq: 5 } as const;
export type ProfileSource = keyof typeof SOURCE_RANKS;

/** Milliseconds and counter of the hybrid clock, then the source's rank. */
export type Stamp = readonly [ms: number, n: number, rank: number];
export type Stamps = { readonly [F in ProfileField]?: Stamp };

export interface StampedProfile {
  readonly profile: Profile;
  readonly stamps: Stamps;
}

export interface Patched extends StampedProfile {
  /** Fields whose value is another one now. */
  readonly changed: readonly ProfileField[];
  /** Fields that somebody wrote later, or with more right: they stay. */
  readonly kept: readonly ProfileField[];
}

/** Takes a patch in, field by field. */
export function applyPatch(before: StampedProfile, patch: ProfilePatch, stamp: Stamp): Patched {
  const profile: Record<string, unknown> = { ...before.profile };
  const stamps: Record<string, Stamp> = { ...before.stamps } as Record<string, Stamp>;
  const changed: ProfileField[] = [];
  const kept: ProfileField[] = [];
  for (const field of PROFILE_FIELDS) {
    const value = patch[field];
    if (value === undefined) continue;
    const same = isDeepStrictEqual(value, profile[field]);
    if (!wins([stamp, value], [before.stamps[field], before.profile[field]])) {
      if (!same) kept.push(field);
      continue;
    }
    if (!same) changed.push(field);
    profile[field] = value;
    stamps[field] = stamp;
  }
  return { profile: profile as unknown as Profile, stamps: stamps as Stamps, changed, kept };
}

type Said = readonly [stamp: Stamp | undefined, value: unknown];

/** Whether the first was said after the second. What nobody ever said loses to everything. */
function wins([stamp, value]: Said, [other, otherValue]: Said): boolean {
  if (stamp === undefined) return false;
  if (other === undefined) return true;
  const order = compareStamps(stamp, other);
  return order !== 0 ? order > 0 : canonicalJson(value) >= canonicalJson(otherValue);
}

export function compareStamps(a: Stamp, b: Stamp): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The stamp of a write that happens here and now: after everything that the profile has. */
export function stampNow(before: Stamps, nowMs: number, source: ProfileSource): Stamp {
  const last = Object.values(before).reduce<Stamp | null>(
    (max, stamp) => (max === null || compareStamps(stamp, max) > 0 ? stamp : max),
    null,
  );
  const rank = SOURCE_RANKS[source];
  return last === null || last[0] < nowMs ? [nowMs, 0, rank] : [last[0], last[1] + 1, rank];
}

const LISTS = ['cards', 'phones', 'mails', 'tags'] as const;
const LIST_FIELDS: readonly ProfileField[] = LISTS;

/** A profile that was merged into another, as it was on its own. */
export interface MergedProfile extends StampedProfile {
  readonly mergedAtMs: number;
}

/**
 * One profile of several that are one person's: each field as it was said last, lists with all that any has, the survivor's
 * first. An empty value never wins over one that says something. A list that was written after a merge stands as written.
 *
 * A function of the parts alone: taking one part away again gives what would be without it.
 */
export function foldProfiles(own: StampedProfile, merged: readonly MergedProfile[]): StampedProfile {
  const profile: Record<string, unknown> = { ...own.profile };
  const stamps: Record<string, Stamp> = { ...own.stamps } as Record<string, Stamp>;
  for (const part of merged) {
    for (const field of PROFILE_FIELDS) {
      const [mine, theirs] = [profile[field], part.profile[field]];
      if (LIST_FIELDS.includes(field)) {
        if ((own.stamps[field]?.[0] ?? 0) > part.mergedAtMs) continue;
        profile[field] = [...new Set([...(mine as readonly string[]), ...(theirs as readonly string[])])];
        continue;
      }
      if (isEmpty(theirs)) continue;
      if (!isEmpty(mine) && !wins([part.stamps[field], theirs], [stamps[field], mine])) continue;
      profile[field] = theirs;
      const stamp = part.stamps[field];
      if (stamp !== undefined) stamps[field] = stamp;
    }
  }
  return { profile: profile as unknown as Profile, stamps: stamps as Stamps };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '';
}
