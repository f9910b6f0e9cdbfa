/**
 * Lucky draws that anyone can check: the seed is promised before the first ticket, shown after the last.
 *
 * Pure. `commitment = SHA-256(seed)`, hex, is published with the prizes. When the draw is closed, the list of tickets has a
 * hash of its own, and each ticket's number is `SHA-256(seed ‖ ":" ‖ ticketsHash ‖ ":" ‖ ticket)`. Prizes go to the tickets in
 * the order of these numbers, the first prize first. HQ cannot choose the seed after it knows the tickets, and whoever holds
 * the published result works it out again with any SHA-256. A member wins once where the draw says so.
 */
import { toHex } from './entry.ts';
import type { Sha256 } from './ports.ts';

export interface Prize {
  readonly id: string;
  readonly name: string;
  readonly count: number;
}

export interface DrawTerms {
  readonly prizes: readonly Prize[];
  /** One prize a member, however many tickets. */
  readonly oncePerMember: boolean;
}

/** A ticket as it is published: no name, only which one. */
export interface Ticket {
  readonly no: number;
  readonly memberId: string;
}

export interface Winner {
  readonly prizeId: string;
  readonly ticketNo: number;
  readonly memberId: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** @param seed hex of 32 bytes of chance */
export function commitmentOf(sha256: Sha256, seed: string): string {
  return toHex(sha256(bytes(seed)));
}

/** Of all tickets in the order of their numbers: `1:MEMBER` and a line feed each. */
export function ticketsHash(sha256: Sha256, tickets: readonly Ticket[]): string {
  const lines = inOrder(tickets).map(({ no, memberId }) => `${no}:${memberId}\n`);
  return toHex(sha256(bytes(lines.join(''))));
}

export function drawWinners(
  sha256: Sha256,
  terms: DrawTerms,
  seed: string,
  tickets: readonly Ticket[],
): Winner[] {
  const hash = ticketsHash(sha256, tickets);
  const drawn = inOrder(tickets)
    .map((ticket) => ({ ticket, lot: toHex(sha256(bytes(`${seed}:${hash}:${ticket.no}`))) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : a.ticket.no - b.ticket.no));
  const prizes = terms.prizes.flatMap(({ id, count }) => new Array<string>(count).fill(id));
  const winners: Winner[] = [];
  const lucky = new Set<string>();
  for (const { ticket } of drawn) {
    if (winners.length === prizes.length) break;
    if (terms.oncePerMember && lucky.has(ticket.memberId)) continue;
    lucky.add(ticket.memberId);
    winners.push({ prizeId: prizes[winners.length]!, ticketNo: ticket.no, memberId: ticket.memberId });
  }
  return winners;
}

function inOrder(tickets: readonly Ticket[]): Ticket[] {
  return tickets.toSorted((a, b) => a.no - b.no);
}

/** The odds of one ticket, as they are published: prizes to tickets, in ten thousandths, rounded down. */
export function oddsBp({ prizes }: Pick<DrawTerms, 'prizes'>, tickets: number): number {
  const count = prizes.reduce((sum, prize) => sum + prize.count, 0);
  return tickets === 0 ? 10_000 : Math.min(10_000, Math.floor((count * 10_000) / tickets));
}
