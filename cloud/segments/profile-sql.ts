/**
 * Profile fields of a member as SQL on `m` (a row of `member`): the one list for segments and for structure reports.
 *
 * An expression never fails, whatever text stands in the profile: a birthday that is none has no age.
 */
import type { ValueType } from './comparison.ts';

export interface ProfileField {
  readonly type: ValueType;
  /** Stands in the narrow rows of audience-row too. */
  readonly inRow: boolean;
  /** @param asOf the day as a placeholder of type date */
  readonly sql: (asOf: string) => string;
}

/** Facts of the profile that have names of their own, here and in an audience row. */
export const PROFILE_FACTS = `data->>'gender' as gender, data->>'residence' as residence, data->>'birthday' as birthday`;
/** Members with those names: what `m` is. */
export const MEMBERS = `(select *, ${PROFILE_FACTS} from member) m`;

const text = (sql: string, inRow = false): ProfileField => ({ type: 'text', inRow, sql: () => sql });
const data = (key: string): ProfileField => text(`m.data->>'${key}'`);

const BIRTHDAY = 'm.birthday';
const FULL = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';
const ANY = '^([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';

/** Years of age: one born on 29 February turns on 1 March where the year has none. */
const ageSql = (asOf: string) =>
  `case when ${BIRTHDAY} ~ '${FULL}' then extract(year from ${asOf})::int - left(${BIRTHDAY}, 4)::int
     - (case when to_char(${asOf}, 'MM-DD') < right(${BIRTHDAY}, 5) then 1 else 0 end) end`;

/** The birthday in the year so many from the day's: 29 February is 1 March in a common year. */
const birthdayIn = (asOf: string, years: number) =>
  `(make_date(extract(year from ${asOf})::int + ${years}, left(right(${BIRTHDAY}, 5), 2)::int, 1)
     + right(${BIRTHDAY}, 2)::int - 1)`;

const daysToBirthdaySql = (asOf: string) =>
  `case when ${BIRTHDAY} ~ '${ANY}' then
     (case when ${birthdayIn(asOf, 0)} >= ${asOf} then ${birthdayIn(asOf, 0)} else ${birthdayIn(asOf, 1)} end) - ${asOf}
   end`;

export const PROFILE_FIELDS: Readonly<Record<string, ProfileField>> = {
  memberId: text('m.member_id', true),
  // Names, numbers and addresses are sealed: a segment can ask whether there is one.
  hasPhone: {
    type: 'boolean',
    inRow: false,
    sql: () => `coalesce((m.data->>'hasPhone')::boolean, false)`,
  },
  hasMail: {
    type: 'boolean',
    inRow: false,
    sql: () => `coalesce((m.data->>'hasMail')::boolean, false)`,
  },
  gender: text('m.gender', true),
  residence: text('m.residence', true),
  preferredPayment: data('preferredPayment'),
  needs: data('needs'),
  purchaseMotive: data('purchaseMotive'),
  homeStoreId: data('homeStoreId'),
  householdId: data('householdId'),
  age: { type: 'number', inRow: true, sql: ageSql },
  birthMonth: {
    type: 'number',
    inRow: true,
    sql: () => `case when ${BIRTHDAY} ~ '${ANY}' then left(right(${BIRTHDAY}, 5), 2)::int end`,
  },
  /** 0 on the day itself. */
  daysToBirthday: { type: 'number', inRow: true, sql: daysToBirthdaySql },
};
