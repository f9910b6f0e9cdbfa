/**
 * How members are found though nothing of them can be read: by card, phone and mail exactly, by parts of the name nearly.
 *
 * Card, phone and mail are HMACs of their one form: a copy of the database finds nobody, and whoever has a number but not the
 * index key cannot ask for it. Names must be found by two Han signs and by initials, so their parts are kept too, each cut to
 * `NAME_BITS`: one bucket in 65,536 holds many parts of many names. A search opens those whose buckets fit all parts asked for
 * and looks at the names themselves. What leaks without the key: that two members share a bucket, and which buckets are full.
 */

import { phoneDigits } from '../../src/core/loyalty.ts';
import { indexTerms, nameFits, nameQuery } from '../../src/core/name-search.ts';
import { normalisePhone, type PhoneRegion, phoneRegion } from '../../src/core/phone.ts';
import type { Queryable } from '../db/db.ts';
import type { Vault } from '../vault/vault.ts';
import type { Profile } from './profile.ts';

export type LookupKind = 'card' | 'phone' | 'mail' | 'name_birthday';

export interface Blind {
  readonly kind: LookupKind;
  readonly blind: string;
}

const NAME_BITS = 16;
/** Letters of initials and of Latin words by whose beginnings they are found. */
const START_CHARS = { least: 2, most: 6 };

/** Where a number without country code is from: by the clock of the chain's first store. */
export async function homeRegion(tx: Queryable): Promise<PhoneRegion> {
  const [row] = await tx.query<{ zone: string | null }>(
    `select data->>'timeZone' as zone from store order by store_id limit 1`,
  );
  return phoneRegion(row?.zone ?? 'Asia/Shanghai');
}

/** One form for one phone: with country code where it is one of CN, TW or HK, else its digits. */
export function phoneForm(text: string, home: PhoneRegion): string {
  const known = normalisePhone(text, home);
  return known.ok ? known.value : phoneDigits(text);
}

export function mailForm(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

export function cardForm(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase();
}

/** Every way in to a profile. */
export function blindsOf(vault: Vault, profile: Profile, home: PhoneRegion): Blind[] {
  const { cards, phones, mails, name, birthday } = profile;
  const blinds = [
    ...cards.map((card) => blindOf(vault, 'card', cardForm(card))),
    ...phones.map((phone) => blindOf(vault, 'phone', phoneForm(phone, home))),
    ...mails.map((mail) => blindOf(vault, 'mail', mailForm(mail))),
    ...(name === '' || birthday === null
      ? []
      : [blindOf(vault, 'name_birthday', nameBirthday(name, birthday))]),
  ];
  return [...new Map(blinds.map((each) => [`${each.kind} ${each.blind}`, each])).values()];
}

function blindOf(vault: Vault, kind: LookupKind, form: string): Blind {
  return { kind, blind: vault.blind(kind, form) };
}

function nameBirthday(name: string, birthday: string): string {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return `${plain}\n${birthday.slice(-5)}`;
}

/** Buckets of a name's parts, each once. */
export function nameBuckets(vault: Vault, name: string, initials: string): number[] {
  const starts = wordsOf(name).flatMap((word) => startsOf(word).map((start) => `w:${start}`));
  const terms = [
    ...indexTerms(name, initials),
    ...startsOf(initials).map((start) => `i:${start}`),
    ...starts,
  ];
  return [...new Set(terms.map((term) => vault.bucket('name', term, NAME_BITS)))].sort((a, b) => a - b);
}

function startsOf(text: string): string[] {
  const starts = [];
  for (let length = START_CHARS.least; length <= Math.min(text.length, START_CHARS.most); length++) {
    starts.push(text.slice(0, length));
  }
  return starts;
}

function wordsOf(name: string): string[] {
  return (
    name
      .normalize('NFKC')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  );
}

/** How to look for a name; null: fewer than two signs say too little. */
export interface NameSearch {
  /** Buckets that a member's must hold: all of one of these lists. */
  readonly buckets: readonly (readonly number[])[];
  readonly fits: (name: string, initials: string) => boolean;
}

export function nameSearch(vault: Vault, text: string): NameSearch | null {
  const wanted = text.normalize('NFKC').trim().toLowerCase();
  const bucket = (term: string) => vault.bucket('name', term, NAME_BITS);
  const query = nameQuery(wanted);
  if (query !== null && !query.prefix) {
    return {
      buckets: [query.terms.map(bucket)],
      fits: (name, initials) => nameFits(wanted, name, initials),
    };
  }
  const letters = wanted.replace(/[^\p{L}\p{N}]/gu, '');
  if (letters.length < START_CHARS.least) return null;
  const words = wordsOf(wanted).filter((word) => word.length >= START_CHARS.least);
  const byWords = words.map((word) => bucket(`w:${word.slice(0, START_CHARS.most)}`));
  return {
    buckets: [
      [bucket(`i:${letters.slice(0, START_CHARS.most)}`)],
      ...(byWords.length === 0 ? [] : [byWords]),
    ],
    fits: (name, initials) => {
      const own = wordsOf(name);
      const asWords = words.length > 0 && words.every((word) => own.some((each) => each.startsWith(word)));
      return asWords || initials.startsWith(letters);
    },
  };
}

/** Blind forms of what was typed as a phone, however it was written. */
export function phoneBlinds(vault: Vault, text: string): Blind[] {
  const forms = new Set((['CN', 'TW', 'HK'] as const).map((region) => phoneForm(text, region)));
  return [...forms].filter((form) => form !== '').map((form) => blindOf(vault, 'phone', form));
}

export function exactBlinds(vault: Vault, kind: 'card' | 'mail', text: string): Blind[] {
  return [blindOf(vault, kind, kind === 'card' ? cardForm(text) : mailForm(text))];
}

/** Members whom any of these leads to, by id. */
export async function membersBehind(
  tx: Queryable,
  blinds: readonly Blind[],
  limit: number,
): Promise<string[]> {
  if (blinds.length === 0) return [];
  const rows = await tx.query<{ member_id: string }>(
    `select distinct l.member_id from member_lookup l
     join unnest($1::text[], $2::text[]) as b(kind, blind) on b.kind = l.kind and b.blind = l.blind
     order by l.member_id limit $3`,
    [blinds.map(({ kind }) => kind), blinds.map(({ blind }) => blind), limit],
  );
  return rows.map(({ member_id }) => member_id);
}

/** Members whose name has these buckets: more than those who are meant. */
export async function membersInBuckets(
  tx: Queryable,
  buckets: readonly (readonly number[])[],
  limit: number,
): Promise<string[]> {
  const found = new Set<string>();
  for (const list of buckets) {
    const rows = await tx.query<{ member_id: string }>(
      'select member_id from member_person where name_terms @> $1::int[] order by member_id limit $2',
      [`{${list.join(',')}}`, limit],
    );
    for (const { member_id } of rows) found.add(member_id);
  }
  return [...found].slice(0, limit);
}
