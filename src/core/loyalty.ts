/**
 * Loyalty: members and the tiers that set their benefits.
 *
 * Pure. The cloud derives a member's tier; a till uses the snapshot that the feed brought and says how old it is.
 */
import type { Named } from './item.ts';

export interface Tier extends Named {
  readonly id: string;
  /** Higher is better; the lowest is what a new member gets. */
  readonly rank: number;
  /** Off the list price of every item that allows discounts: 500 = 5 %. */
  readonly discountBp: number;
}

export interface Member {
  readonly id: string;
  readonly cardNo: string;
  readonly name: string;
  /** Digits only, with country code where known. */
  readonly phone: string | null;
  readonly tierId: string;
  /** `MM-DD` or `YYYY-MM-DD`. */
  readonly birthday?: string;
  readonly tags?: readonly string[];
  /** Cards beside `cardNo` that are this member's too. */
  readonly moreCards?: readonly string[];
  /** Joined at this till, and HQ has not answered yet. */
  readonly provisional?: boolean;
}

/** The tier of a member whom HQ has not given one: the lowest there is. */
export const NEW_MEMBER_TIER = '';

/** What a number typed at the till or found in a file is compared by: digits only, without trunk or country prefix signs. */
export function phoneDigits(text: string): string {
  return text.replace(/\D/g, '');
}

/** How a receipt names a member: the last four of the card, nothing more. */
export function cardTail(cardNo: string): string {
  return cardNo.slice(-4);
}

/** `MM-DD` or `YYYY-MM-DD` of a day that there is. */
export function isBirthDate(text: string): boolean {
  const match = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  // Without a year any year will do: 2000 had a 29 February.
  const date = new Date(Date.UTC(Number(match[1] ?? 2000), Number(match[2]) - 1, Number(match[3])));
  return date.getUTCMonth() + 1 === Number(match[2]) && date.getUTCDate() === Number(match[3]);
}
