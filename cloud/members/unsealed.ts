/**
 * What lies in clear from before the vault: sealed when HQ starts, and gone from the files before it serves.
 *
 * Safe to break off and to do again. Every till gets its members once more, because their feed rows are new ones.
 */
import type { Db, Queryable } from '../db/db.ts';
import { sayConsents } from './consents.ts';
import { sealEnrolments as sealTexts } from './enrolments.ts';
import { EMPTY_PROFILE, FACT_FIELDS, type Profile, stampNow } from './profile.ts';
import { type MemberWrite, writeMembers } from './store.ts';

const ROWS_AT_ONCE = 1_000;

export interface SealedOld {
  readonly members: number;
  readonly enrolments: number;
}

export async function sealOld(db: Db, nowMs: number): Promise<SealedOld> {
  const members = await inPages(() => db.transaction((tx) => sealMembers(tx, nowMs)));
  const enrolments = await inPages(() => db.transaction(sealEnrolments));
  if (members > 0) {
    await db.query('truncate member_unsealed');
    // Dropped columns and deleted rows lie in the files until these are written anew.
    await db.query('vacuum full member');
    await db.query('vacuum full feed_row');
  }
  if (enrolments > 0) await db.query('vacuum full personal');
  return { members, enrolments };
}

async function inPages(page: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const done = await page();
    total += done;
    if (done < ROWS_AT_ONCE) return total;
  }
}

interface OldRow {
  readonly id: string;
  readonly cardNo: string;
  readonly name: string;
  readonly phone: string | null;
  readonly data: Record<string, unknown>;
  readonly tierId: string;
}

async function sealMembers(tx: Queryable, nowMs: number): Promise<number> {
  const rows = await tx.query<OldRow>(
    `with page as (
       delete from member_unsealed where member_id in (select member_id from member_unsealed order by member_id limit $1)
       returning member_id, card_no, name, phone, data)
     select p.member_id as id, p.card_no as "cardNo", p.name, p.phone, p.data, m.tier_id as "tierId"
     from page p join member m using (member_id)`,
    [ROWS_AT_ONCE],
  );
  await writeMembers(
    tx,
    rows.map((row): MemberWrite => {
      const profile = profileOf(row);
      const stamp = stampNow({}, nowMs, 'import');
      const said = Object.entries(profile).filter(([, value]) => value !== null && value.length > 0);
      const stamps = Object.fromEntries(said.map(([field]) => [field, stamp]));
      return { id: row.id, tierId: row.tierId, profile, stamps, own: null, revision: 1 };
    }),
    nowMs,
  );
  await sayConsents(tx, rows.flatMap(wordsOf));
  return rows.length;
}

function profileOf({ cardNo, name, phone, data }: OldRow): Profile {
  const facts = Object.fromEntries(
    FACT_FIELDS.flatMap((field) =>
      data[field] === undefined || data[field] === null ? [] : [[field, data[field]]],
    ),
  ) as Partial<Profile>;
  const mails = typeof data.email === 'string' && data.email !== '' ? [data.email.toLowerCase()] : [];
  const address = typeof data.address === 'string' ? data.address : null;
  return {
    ...EMPTY_PROFILE,
    ...facts,
    name,
    cards: [cardNo],
    phones: phone === null ? [] : [phone],
    mails,
    address,
  };
}

interface OldConsent {
  readonly purpose: string;
  readonly textVersion: string;
  readonly granted: boolean;
  readonly channel: string;
  readonly atMs: number;
}

/** Who joined at a till before the vault has the consents in the profile. */
function wordsOf({ id, data }: OldRow) {
  const consents = Array.isArray(data.consents) ? (data.consents as OldConsent[]) : [];
  return consents.map(({ purpose, channel, granted, textVersion, atMs }) => ({
    memberId: id,
    entryId: `till:${purpose}:${atMs}`,
    ...{ purpose, channel, granted, textVersion, atMs },
    source: 'till',
  }));
}

async function sealEnrolments(tx: Queryable): Promise<number> {
  const rows = await tx.query<{ personal_id: string; member_id: string; data: string }>(
    `select personal_id, member_id, data from personal where data not like 's1.%' and member_id is not null
     order by personal_id limit $1`,
    [ROWS_AT_ONCE],
  );
  const sealed = await sealTexts(
    tx,
    rows.map(({ member_id, data }) => ({ memberId: member_id, data })),
  );
  await tx.query(
    `update personal p set data = n.data from unnest($1::text[], $2::text[]) as n(id, data) where p.personal_id = n.id`,
    [rows.map(({ personal_id }) => personal_id), sealed],
  );
  return rows.length;
}
