/** Lucky draws: worked by hand with another SHA-256, fair, and the same for whoever works them again. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commitmentOf,
  type DrawTerms,
  drawWinners,
  oddsBp,
  type Ticket,
  ticketsHash,
} from '../../src/core/draw.ts';
import { sha256 } from './builders.ts';

const hex = (text: string) => createHash('sha256').update(text).digest('hex');
const SEED = 'ab'.repeat(32);
const terms: DrawTerms = {
  prizes: [
    { id: 'trip', name: '旅行', count: 1 },
    { id: 'mug', name: '杯子', count: 2 },
  ],
  oncePerMember: true,
};
const tickets: Ticket[] = [
  { no: 1, memberId: 'a' },
  { no: 2, memberId: 'b' },
  { no: 3, memberId: 'a' },
  { no: 4, memberId: 'c' },
  { no: 5, memberId: 'd' },
];

describe('a draw', () => {
  test('is what anyone works out with sha256 of seed, tickets and number', () => {
    const list = hex('1:a\n2:b\n3:a\n4:c\n5:d\n');
    expect(ticketsHash(sha256, tickets)).toBe(list);
    expect(commitmentOf(sha256, SEED)).toBe(hex(SEED));
    const order = tickets
      .map(({ no, memberId }) => ({ no, memberId, lot: hex(`${SEED}:${list}:${no}`) }))
      .toSorted((a, b) => (a.lot < b.lot ? -1 : 1))
      .filter(({ memberId }, index, all) => all.findIndex((other) => other.memberId === memberId) === index);
    expect(drawWinners(sha256, terms, SEED, tickets)).toEqual(
      ['trip', 'mug', 'mug'].map((prizeId, index) => ({
        prizeId,
        ticketNo: order[index]!.no,
        memberId: order[index]!.memberId,
      })),
    );
  });

  test('with fewer members than prizes gives each one, and with no ticket none', () => {
    expect(drawWinners(sha256, terms, SEED, tickets.slice(0, 1))).toHaveLength(1);
    expect(drawWinners(sha256, terms, SEED, [])).toEqual([]);
  });

  test('does not hang on the order in which the tickets are listed; one ticket more is another draw', () => {
    const listed = drawWinners(sha256, terms, SEED, tickets.toReversed());
    expect(listed).toEqual(drawWinners(sha256, terms, SEED, tickets));
    expect(ticketsHash(sha256, [...tickets, { no: 6, memberId: 'e' }])).not.toBe(
      ticketsHash(sha256, tickets),
    );
  });

  test('never gives more than there is, nor one member two where the draw says once', () => {
    const anyTickets = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 30 });
    fc.assert(
      fc.property(anyTickets, fc.string(), (members, seed) => {
        const list = members.map((memberId, index) => ({ no: index + 1, memberId }));
        const winners = drawWinners(sha256, terms, seed, list);
        expect(winners.length).toBe(Math.min(3, new Set(members).size));
        expect(new Set(winners.map(({ memberId }) => memberId)).size).toBe(winners.length);
      }),
    );
  });

  test('over 3000 seeds every ticket of ten wins the one prize about as often: 300 each, within five sigma', () => {
    const one: DrawTerms = { prizes: [{ id: 'p', name: 'p', count: 1 }], oncePerMember: false };
    const list = Array.from({ length: 10 }, (_, index) => ({ no: index + 1, memberId: `m${index}` }));
    const wins = new Array<number>(11).fill(0);
    for (let seed = 0; seed < 3_000; seed++)
      wins[drawWinners(sha256, one, `seed-${seed}`, list)[0]!.ticketNo]! += 1;
    for (const count of wins.slice(1))
      expect(Math.abs(count - 300)).toBeLessThan(5 * Math.sqrt(3_000 * 0.1 * 0.9));
  });

  test('odds of 3 prizes are 3000 in 10000 with 10 tickets, certain with 2', () => {
    expect([oddsBp(terms, 10), oddsBp(terms, 2), oddsBp(terms, 7)]).toEqual([3_000, 10_000, 4_285]);
  });
});
