/**
 * A row of a file as what it says about one member, checked cell by cell. An empty cell says nothing: what HQ knows stays.
 *
 * Pure but for what it is given: tiers, stores and custom fields.
 */
import { dateOf, type FieldValue, readFieldText } from '../../src/core/custom-field.ts';
import { isBirthDate } from '../../src/core/loyalty.ts';
import type { PhoneRegion } from '../../src/core/phone.ts';
import type { FieldDefinition } from '../facts/fields.ts';
import { cardForm, mailForm, phoneForm } from '../members/lookup.ts';
import { isMail, isPhone } from '../members/members.ts';
import { type ConsentSaid, type ConsentTarget, isConsentTarget, readConsentCell } from './consent-cell.ts';
import type { Mapping, ProfileTarget, Target } from './mapping.ts';
import type { TableRow } from './table.ts';
import { plainText } from './table-write.ts';

export interface RowFault {
  /** As a person counts in the file. */
  readonly row: number;
  /** Header of the column; null: the row as a whole. */
  readonly column: string | null;
  readonly kind: string;
  /** What was expected. Never what stands there: it may be somebody's phone. */
  readonly message: string;
}

export interface MemberRow {
  readonly no: number;
  readonly memberId?: string;
  readonly cardNo?: string;
  readonly name?: string;
  readonly phone?: string;
  readonly mail?: string;
  readonly birthday?: string;
  readonly gender?: string;
  readonly residence?: string;
  readonly address?: string;
  readonly tierId?: string;
  readonly tags?: readonly string[];
  readonly preferredPayment?: string;
  readonly needs?: string;
  readonly purchaseMotive?: string;
  readonly homeStoreId?: string;
  readonly note?: string;
  readonly fields: readonly { readonly field: FieldDefinition; readonly values: readonly FieldValue[] }[];
  readonly consents: readonly ConsentSaid[];
}

export interface RowGround {
  /** By id and by each of their names, in small letters. */
  readonly tiers: ReadonlyMap<string, string>;
  readonly stores: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  readonly region: PhoneRegion;
  readonly minorDigits: (currency: string) => number;
  readonly nowMs: number;
}

type Read = { readonly value: unknown } | { readonly kind: string; readonly message: string };
const fault = (kind: string, message: string) => ({ kind, message });
const value = (said: unknown) => ({ value: said });

export function readMemberRow(
  row: TableRow,
  headers: readonly string[],
  mapping: Mapping,
  ground: RowGround,
): { readonly member: MemberRow; readonly faults: readonly RowFault[] } {
  const faults: RowFault[] = [];
  const member: Record<string, unknown> = {};
  const fields: { field: FieldDefinition; values: readonly FieldValue[] }[] = [];
  const said: { readonly header: string; readonly target: ConsentTarget; readonly text: string }[] = [];
  if (row.width > headers.length) {
    const message = `expected ${headers.length} cells as in the first row, not ${row.width}: is a comma or quote wrong?`;
    faults.push({ row: row.no, column: null, kind: 'ragged', message });
  }
  for (const [index, header] of headers.entries()) {
    const target = mapping.get(header) ?? null;
    const text = plainText(row.cells[index]!.trim()).trim();
    if (target === null || text === '') continue;
    if (isConsentTarget(target)) {
      said.push({ header, target, text });
      continue;
    }
    const read = readCell(target, text, ground);
    if (!('value' in read)) faults.push({ row: row.no, column: header, ...read });
    else if (target.startsWith('field:')) {
      fields.push({ field: ground.fields.get(target.slice(6))!, values: read.value as FieldValue[] });
    } else member[PROPERTY[target as ProfileTarget] ?? target] = read.value;
  }
  const { consentAt = null, consentText = null, ...profile } = member;
  const consents: ConsentSaid[] = [];
  for (const { header, target, text } of said) {
    const read = readConsentCell(target, text, {
      nowMs: ground.nowMs,
      atText: consentAt as string | null,
      textVersion: consentText as string | null,
    });
    if (read.ok) consents.push(read.value);
    else faults.push({ row: row.no, column: header, ...read.error });
  }
  return { member: { no: row.no, ...profile, fields, consents }, faults };
}

const PROPERTY: Partial<Readonly<Record<ProfileTarget, keyof MemberRow>>> = {
  tier: 'tierId',
  homeStore: 'homeStoreId',
};

const TEXT_MAX: Partial<Readonly<Record<Target, number>>> = {
  note: 2_000,
  address: 500,
  needs: 500,
  purchaseMotive: 500,
};

function readCell(target: Target, text: string, ground: RowGround): Read {
  if (/^#(?:REF!|N\/A|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!)$/.test(text))
    return fault('cell_error', 'the spreadsheet itself has an error here');
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text))
    return fault('control', 'expected a text without control signs');
  if (target.startsWith('field:')) return readField(ground.fields.get(target.slice(6))!, text, ground);
  switch (target as ProfileTarget) {
    case 'memberId':
    case 'cardNo':
      if (SCIENTIFIC.test(text)) return cutNumber();
      return text.length <= 64
        ? value(target === 'cardNo' ? cardForm(text) : text)
        : fault('length', 'expected at most 64 characters');
    case 'phone':
      if (SCIENTIFIC.test(text)) return cutNumber();
      return isPhone(text)
        ? value(phoneForm(text, ground.region))
        : fault('phone', 'expected a phone number of 5 to 20 digits');
    case 'mail':
      return isMail(text)
        ? value(mailForm(text))
        : fault('mail', 'expected an address such as name@example.org');
    case 'birthday':
      return readBirthday(text);
    case 'gender':
      return readGender(text);
    case 'tier':
      return readOf(ground.tiers, text, 'tier');
    case 'homeStore':
      return readOf(ground.stores, text, 'store');
    case 'tags': {
      const tags = [
        ...new Set(
          text
            .split(/[;；|、,，]/)
            .map((tag) => tag.trim())
            .filter((tag) => tag !== ''),
        ),
      ];
      return tags.every((tag) => tag.length <= 60) && tags.length <= 100
        ? value(tags)
        : fault('length', 'expected at most 100 tags of at most 60 characters');
    }
    default: {
      const max = TEXT_MAX[target] ?? 200;
      return [...text].length <= max ? value(text) : fault('length', `expected at most ${max} characters`);
    }
  }
}

/** What Excel makes of a long number in a narrow column: its last digits are gone. */
const SCIENTIFIC = /^\d(?:\.\d+)?E\+?\d+$/i;

function cutNumber(): Read {
  return fault(
    'cut_number',
    'the spreadsheet cut this number off (1.38E+10): format the column as text and save again',
  );
}

function readField(field: FieldDefinition, text: string, { minorDigits }: RowGround): Read {
  const digits = field.limits.currency === undefined ? 2 : minorDigits(field.limits.currency);
  const read = readFieldText(field, text, digits);
  return read.ok ? value(read.value) : fault(read.error.kind, read.error.message);
}

function readBirthday(text: string): Read {
  const month = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  const day =
    month === null
      ? dateOf(text.replace(/[ T]00:00(?::00)?$/, ''))
      : `${month[1]!.padStart(2, '0')}-${month[2]!.padStart(2, '0')}`;
  return day !== null && isBirthDate(day)
    ? value(day)
    : fault('birthday', 'expected a day such as 1990-11-22 or 11-22');
}

const GENDERS: Readonly<Record<string, string>> = {
  f: 'f',
  female: 'f',
  woman: 'f',
  女: 'f',
  女性: 'f',
  女士: 'f',
  小姐: 'f',
  m: 'm',
  male: 'm',
  man: 'm',
  男: 'm',
  男性: 'm',
  先生: 'm',
  x: 'x',
  other: 'x',
  其他: 'x',
  保密: 'x',
};

function readGender(text: string): Read {
  const gender = GENDERS[text.toLowerCase()];
  return gender === undefined ? fault('gender', 'expected 女, 男 or 其他 (f, m, x)') : value(gender);
}

function readOf(known: ReadonlyMap<string, string>, text: string, what: string): Read {
  const id = known.get(text.toLowerCase());
  return id === undefined ? fault(`unknown_${what}`, `there is no such ${what}`) : value(id);
}
