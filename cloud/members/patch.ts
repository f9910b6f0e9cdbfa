/**
 * One change of one profile, field by field: by somebody at HQ who saw it, or by a source that says when it was said.
 */
import { type Hlc, parseHlc } from '../../src/core/id.ts';
import { isBirthDate, phoneDigits } from '../../src/core/loyalty.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db } from '../db/db.ts';
import { mailForm } from './lookup.ts';
import { cardsTaken, isMail, isPhone, liveIdOf } from './members.ts';
import {
  applyPatch,
  type ProfileField,
  type ProfilePatch,
  type ProfileSource,
  SOURCE_RANKS,
  type Stamp,
  stampNow,
} from './profile.ts';
import { readMembers, type StoredMember, writeMembers } from './store.ts';
import { suppressedIn } from './suppression.ts';

export interface PatchAsked {
  readonly memberId: string;
  readonly set: ProfilePatch;
  readonly source: ProfileSource;
  /** `ms.n` of the source's hybrid clock; null: here and now, after all that is there. */
  readonly at: string | null;
  /** The revision that the writer saw; null: whatever there is. */
  readonly revision: number | null;
}

export type PatchRefusal =
  | { readonly kind: 'unknown_member' }
  | { readonly kind: 'other_revision'; readonly revision: number }
  | { readonly kind: 'bad_value'; readonly path: string; readonly why: string }
  | { readonly kind: 'card_taken'; readonly path: string }
  | { readonly kind: 'suppressed'; readonly path: string };

export interface Patched {
  readonly member: StoredMember;
  readonly changed: readonly ProfileField[];
  /** Said later by somebody else: they stay as they are. */
  readonly kept: readonly ProfileField[];
}

/** A clock further ahead than this is wrong, and would win for ever. */
const AHEAD_MS_MAX = 5 * 60_000;

export async function patchMember(
  db: Db,
  asked: PatchAsked,
  nowMs: number,
): Promise<Result<Patched, PatchRefusal>> {
  return db.transaction(async (tx) => {
    const id = await liveIdOf(tx, asked.memberId);
    const before = (await readMembers(tx, [id], true)).get(id);
    if (before === undefined) return err({ kind: 'unknown_member' });
    if (asked.revision !== null && asked.revision !== before.revision)
      return err({ kind: 'other_revision', revision: before.revision });
    const clock = asked.at === null ? null : parseHlc(asked.at);
    if (asked.at !== null && (clock === null || clock.ms > nowMs + AHEAD_MS_MAX))
      return err({ kind: 'bad_value', path: 'at', why: 'a hybrid clock `ms.n`, not ahead of HQ’s' });
    const patch = plainForms(asked.set);
    const bad = badValue(patch);
    if (bad !== null) return err({ kind: 'bad_value', ...bad });
    const cards = (patch.cards ?? []).map((card) => ({ memberId: id, card }));
    const taken = await cardsTaken(tx, cards);
    if (taken !== null) {
      return err({
        kind: 'card_taken',
        path: `cards[${cards.findIndex(({ card }) => card === taken.card)}]`,
      });
    }
    const [listed] = await suppressedIn(tx, [{ phones: patch.phones ?? [], mails: patch.mails ?? [] }]);
    if (listed != null) return err({ kind: 'suppressed', path: `${listed.field}[${listed.index}]` });
    const stamp = stampOf(clock, before, asked.source, nowMs);
    const { profile, stamps, changed, kept } = applyPatch(before, patch, stamp);
    const own = before.own === null ? null : applyPatch(before.own, patch, stamp);
    await writeMembers(
      tx,
      [
        {
          id,
          tierId: before.tierId,
          profile,
          stamps,
          own: own === null ? null : { profile: own.profile, stamps: own.stamps },
          revision: before.revision + (changed.length > 0 ? 1 : 0),
        },
      ],
      nowMs,
    );
    return ok({ member: (await readMembers(tx, [id])).get(id)!, changed, kept });
  });
}

function stampOf(clock: Hlc | null, { stamps }: StoredMember, source: ProfileSource, nowMs: number): Stamp {
  return clock === null ? stampNow(stamps, nowMs, source) : [clock.ms, clock.n, SOURCE_RANKS[source]];
}

function plainForms(set: ProfilePatch): ProfilePatch {
  const { phones, mails, cards, ...rest } = set;
  const each = (list: readonly string[], form: (text: string) => string) => [...new Set(list.map(form))];
  return {
    ...rest,
    ...(cards === undefined ? {} : { cards: each(cards, (text) => text.trim()) }),
    ...(phones === undefined
      ? {}
      : { phones: each(phones, (text) => (isPhone(text) ? phoneDigits(text) : text)) }),
    ...(mails === undefined ? {} : { mails: each(mails, mailForm) }),
  };
}

function badValue({ name, birthday, phones = [], mails = [], cards = [] }: ProfilePatch) {
  if (name !== undefined && name.trim() === '') return { path: 'name', why: 'a member has a name' };
  if (birthday != null && !isBirthDate(birthday))
    return { path: 'birthday', why: 'there is no such day; MM-DD or YYYY-MM-DD' };
  const phone = phones.findIndex((text) => !isPhone(text));
  if (phone >= 0) return { path: `phones[${phone}]`, why: 'a phone has 5 to 20 digits' };
  const mail = mails.findIndex((text) => !isMail(text));
  if (mail >= 0) return { path: `mails[${mail}]`, why: 'an address looks like name@example.org' };
  const card = cards.indexOf('');
  return card < 0 ? null : { path: `cards[${card}]`, why: 'a card has a number' };
}
