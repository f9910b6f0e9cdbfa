/**
 * Personal data of somebody who joined at a till: kept and sent beside the journal, never in it.
 *
 * Pure. The entry holds `SHA-256(salt ‖ text)`: whoever has the row can prove it, and erasing the row leaves nothing to
 * guess names or phones by.
 */
import { canonicalJson, fromHex, toHex } from './entry.ts';
import type { Sha256 } from './ports.ts';

export interface PersonalData {
  readonly name: string;
  /** Digits with country code. */
  readonly phone: string;
  /** `MM-DD` or `YYYY-MM-DD`. */
  readonly birthday?: string;
}

/** As it is stored, sent and hashed: `data` is the canonical JSON of a `PersonalData`, `salt` 32 hex digits. */
export interface PersonalRow {
  readonly personalId: string;
  readonly salt: string;
  readonly data: string;
}

const utf8 = new TextEncoder();

/** @param salt 16 bytes of chance */
export function personalRow(personalId: string, person: PersonalData, salt: Uint8Array): PersonalRow {
  return { personalId, salt: toHex(salt), data: canonicalJson(person) };
}

/** 64 lower-case hex digits. */
export function commitmentOf(sha256: Sha256, row: Pick<PersonalRow, 'salt' | 'data'>): string {
  return toHex(sha256(fromHex(row.salt), utf8.encode(row.data)));
}

/** Whether a row is what an entry says; whatever the row holds, the answer is a value. */
export function isCommitted(
  sha256: Sha256,
  row: Pick<PersonalRow, 'salt' | 'data'>,
  commitment: string,
): boolean {
  return /^(?:[0-9a-f]{2})+$/.test(row.salt) && commitmentOf(sha256, row) === commitment;
}

/** @returns null when the text is no person's data */
export function parsePersonal(data: string): PersonalData | null {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(data) as Record<string, unknown> | null;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { name, phone, birthday } = value;
  if (typeof name !== 'string' || typeof phone !== 'string') return null;
  return { name, phone, ...(typeof birthday === 'string' ? { birthday } : {}) };
}
