/**
 * People who joined at a till: a new member, or an alias of one whom HQ knows already.
 */
import type { ConsentGiven, JournalEntry } from '../../src/core/entry.ts';
import { isBirthDate, phoneDigits, type Tier } from '../../src/core/loyalty.ts';
import { isCommitted, type PersonalData, parsePersonal } from '../../src/core/personal.ts';
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import { join } from '../identity/merge.ts';
import { type ConsentWord, sayConsents, settleConsents } from '../members/consents.ts';
import { openEnrolment } from '../members/enrolments.ts';
import { membersBehind, phoneBlinds } from '../members/lookup.ts';
import { cardsTaken, liveIdOf } from '../members/members.ts';
import { EMPTY_PROFILE, SOURCE_RANKS, type StampedProfile } from '../members/profile.ts';
import { readMembers, writeMembers } from '../members/store.ts';
import { suppressedIn } from '../members/suppression.ts';
import { shredKeys } from '../vault/keys.ts';
import { vaultOf } from '../vault/vault.ts';
import type { JournalBatch } from './books.ts';

type Enrolled = JournalEntry & { readonly kind: 'member_enrolled' };

/** @returns how many members or aliases the tills are told */
export async function bookEnrolments(batch: JournalBatch, entries: readonly JournalEntry[]): Promise<number> {
  let told = 0;
  for (const entry of entries) {
    if (entry.kind === 'member_enrolled') told += (await bookEnrolment(batch, entry)) ? 1 : 0;
  }
  return told;
}

async function bookEnrolment(batch: JournalBatch, entry: Enrolled): Promise<boolean> {
  const { tx } = batch;
  const { body, atMs } = entry;
  const personal = await personalOf(batch, body.personalId, body.commitment);
  // Erased before it came, or not what the till committed to: the entry stands, there is nobody to make.
  if (personal === null) return false;
  if ((await liveIdOf(tx, body.memberId)) !== body.memberId) return false;
  if ((await readMembers(tx, [body.memberId])).size > 0) return false;
  const [listed] = await suppressedIn(tx, [{ phones: [personal.phone], mails: [] }]);
  if (listed !== null) {
    await refuse(batch, entry);
    return true;
  }
  // Two tills far from each other may have made the same provisional card: the first one has it.
  const taken = await cardsTaken(tx, [{ memberId: body.memberId, card: body.cardNo }]);
  const said = profileOf(body, personal, atMs, taken === null ? [body.cardNo] : []);
  const [known] = await membersBehind(tx, phoneBlinds(vaultOf(tx), personal.phone), 1);
  if (known !== undefined) {
    await readMembers(tx, [known], true);
    await join(
      tx,
      {
        ...{ fromId: body.memberId, intoId: known, own: said, tierId: null, revision: 0, author: null },
        reason: 'joined at a till with the phone of a member',
      },
      batch.nowMs,
    );
    await sayConsents(tx, consentsAtTill(body.memberId, body.consents, atMs));
    await settleConsents(tx, [known]);
    return true;
  }
  await addMember(batch, body, said, atMs);
  return true;
}

async function personalOf(
  batch: JournalBatch,
  personalId: string,
  commitment: string,
): Promise<PersonalData | null> {
  const [row] = await batch.tx.query<{ salt: string; data: string; memberId: string }>(
    'select salt, data, member_id as "memberId" from personal where personal_id = $1 and till_id = $2',
    [personalId, batch.tillId],
  );
  const data = row === undefined ? null : await openEnrolment(batch.tx, row);
  if (row === undefined || data === null) return null;
  return isCommitted(batch.sha256, { salt: row.salt, data }, commitment) ? parsePersonal(data) : null;
}

/** Somebody with this phone asked to be forgotten: nobody is made, the till forgets the person again, and HQ can read why. */
async function refuse(
  { tx, tillId, journalId, nowMs }: JournalBatch,
  { seq, body }: Enrolled,
): Promise<void> {
  await tx.query(
    `insert into quarantine (till_id, journal_id, seq, reason, text, at)
     select $1, $2, $3, $4, text, to_timestamp($5::float8 / 1000) from journal_entry where journal_id = $2 and seq = $3
     on conflict do nothing`,
    [tillId, journalId, seq, SUPPRESSED, nowMs],
  );
  await tx.query('delete from personal where member_id = $1', [body.memberId]);
  await shredKeys(tx, [body.memberId]);
  await publish(tx, [{ kind: 'member', key: body.memberId, storeId: null, data: null }]);
}

const SUPPRESSED =
  'suppressed: somebody with this phone asked to be forgotten. If they want to join again, lift it (POST /api/v1/suppressions/lift) and enrol them once more';

async function addMember(
  { tx, nowMs }: JournalBatch,
  { memberId: id, consents }: Enrolled['body'],
  said: StampedProfile,
  atMs: number,
): Promise<void> {
  await writeMembers(
    tx,
    [{ id, tierId: await lowestTier(tx, atMs), ...said, own: null, revision: 1 }],
    nowMs,
  );
  await sayConsents(tx, consentsAtTill(id, consents, atMs));
}

function profileOf(
  { storeId }: Enrolled['body'],
  { name, phone, birthday }: PersonalData,
  atMs: number,
  cards: readonly string[],
): StampedProfile {
  const profile = {
    ...EMPTY_PROFILE,
    name,
    cards,
    phones: [phoneDigits(phone)],
    birthday: birthday !== undefined && isBirthDate(birthday) ? birthday : null,
    homeStoreId: storeId,
  };
  const stamp = [atMs, 0, SOURCE_RANKS.till] as const;
  const stamps = { name: stamp, cards: stamp, phones: stamp, birthday: stamp, homeStoreId: stamp };
  return { profile, stamps };
}

function consentsAtTill(memberId: string, consents: readonly ConsentGiven[], atMs: number): ConsentWord[] {
  return consents.map(({ purpose, granted, textVersion }) => ({
    memberId,
    entryId: `till:${purpose}:${atMs}`,
    purpose,
    channel: 'till',
    granted,
    textVersion,
    atMs,
    source: 'till',
  }));
}

/** Where a chain has no tiers yet, it gets the one that says nothing but "member". */
async function lowestTier(tx: Queryable, atMs: number): Promise<string> {
  const [tier] = await tx.query<{ tier_id: string }>(
    "select tier_id from tier order by (data->>'rank')::int, tier_id limit 1",
  );
  if (tier !== undefined) return tier.tier_id;
  const plain: Tier = {
    id: 'member',
    name: '会员',
    names: { 'zh-TW': '會員', en: 'Member' },
    rank: 1,
    discountBp: 0,
  };
  await tx.query(
    'insert into tier (tier_id, data, updated_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))',
    [plain.id, JSON.stringify(plain), atMs],
  );
  await publish(tx, [{ kind: 'tier', key: plain.id, storeId: null, data: plain }]);
  return plain.id;
}
