/**
 * Export of members: all of them or those of a segment, with the columns that the import knows, so a file that was exported
 * can be imported again and changes nothing.
 */
import type { Db } from '../db/db.ts';
import { fieldValuesOf } from '../facts/field-values.ts';
import { listFields } from '../facts/fields.ts';
import { readMembers } from '../members/store.ts';
import { type Audience, pageOfAudience } from '../segments/audience.ts';
import { consentText } from './consent-cell.ts';
import type { ProfileTarget } from './mapping.ts';
import type { Cell } from './table-write.ts';

const COLUMNS: readonly ProfileTarget[] = [
  'memberId',
  'cardNo',
  'name',
  'phone',
  'mail',
  'birthday',
  'gender',
  'residence',
  'address',
  'tier',
  'tags',
  'preferredPayment',
  'needs',
  'purchaseMotive',
  'homeStore',
  'note',
];
const PIECE_ROWS = 1_000;

export interface MemberTable {
  readonly headers: readonly string[];
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** @param audience null: every member */
export async function exportMembers(db: Db, audience: Audience | null): Promise<MemberTable> {
  const fields = (await listFields(db)).filter(({ retired }) => !retired);
  const stores = await db.query<{ data: { currency?: { code: string; digits?: number } } }>(
    'select data from store',
  );
  const consents = await db.query<{ purpose: string; channel: string }>(
    `select distinct purpose, channel from member_consent
     where purpose ~ '^[a-z0-9_-]+$' and channel ~ '^[a-z0-9_-]+$' order by 1, 2`,
  );
  const digitsOf = new Map(
    stores.flatMap(({ data: { currency: c } }) => (c === undefined ? [] : [[c.code, c.digits ?? 2]])),
  );

  async function* rows(): AsyncGenerator<(readonly Cell[])[]> {
    let after: string | null = null;
    for (;;) {
      const ids: string[] = await nextIds(db, audience, after);
      if (ids.length === 0) return;
      const [members, values, words, tags] = await Promise.all([
        readMembers(db, ids),
        fieldValuesOf(db, ids),
        consentsOf(db, ids),
        db.query<{ id: string; tags: string[] }>(
          'select member_id as id, array_agg(distinct tag order by tag) as tags from member_tag where member_id = any($1::text[]) group by 1',
          [ids],
        ),
      ]);
      const tagsOf = new Map(tags.map(({ id, tags: list }) => [id, list]));
      yield ids.flatMap((id) => {
        const member = members.get(id);
        if (member === undefined) return [];
        const { profile, tierId } = member;
        const shown = new Map((values.get(id) ?? []).map((field) => [field.fieldId, field.value]));
        return [
          [
            id,
            profile.cards[0] ?? null,
            profile.name,
            profile.phones[0] ?? null,
            profile.mails[0] ?? null,
            profile.birthday,
            profile.gender,
            profile.residence,
            profile.address,
            tierId,
            (tagsOf.get(id) ?? []).join(';'),
            profile.preferredPayment,
            profile.needs,
            profile.purchaseMotive,
            profile.homeStoreId,
            profile.note,
            ...fields.map(({ id: fieldId, type, limits }) =>
              cellOf(
                shown.get(fieldId),
                type === 'money' ? (digitsOf.get(limits.currency ?? '') ?? 2) : null,
              ),
            ),
            ...consents.map(({ purpose, channel }) => words.get(`${id} ${purpose}:${channel}`) ?? null),
          ],
        ];
      });
      after = ids.at(-1)!;
    }
  }
  const headers = [
    ...COLUMNS,
    ...fields.map(({ id }) => `field:${id}`),
    ...consents.map(({ purpose, channel }) => `consent:${purpose}:${channel}`),
  ];
  return { headers, rows: rows() };
}

/** What holds now, as a cell says it: by member, purpose and channel. */
async function consentsOf(db: Db, memberIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ key: string; granted: boolean; textVersion: string; atMs: number }>(
    `select member_id || ' ' || purpose || ':' || channel as key, granted, text_version as "textVersion", at as "atMs"
     from member_consent where member_id = any($1::text[])`,
    [memberIds],
  );
  return new Map(rows.map(({ key, ...said }) => [key, consentText(said)]));
}

async function nextIds(db: Db, audience: Audience | null, after: string | null): Promise<string[]> {
  if (audience !== null) {
    const page = await pageOfAudience(db, audience, { after, limit: PIECE_ROWS });
    return page.map(({ memberId }) => memberId);
  }
  const rows = await db.query<{ id: string }>(
    `select member_id as id from member where $1::text is null or member_id > $1 order by member_id limit ${PIECE_ROWS}`,
    [after],
  );
  return rows.map(({ id }) => id);
}

/** @param digits of money: 1250 is written 12.50 */
function cellOf(value: unknown, digits: number | null): Cell {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.join(';');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return String(value);
  if (digits === null || digits === 0) return value;
  const text = String(Math.abs(value)).padStart(digits + 1, '0');
  return `${value < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
