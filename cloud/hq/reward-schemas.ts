/** Shapes of benefits, referrals and draws. */
import { z } from 'zod';
import { MOVEMENT_MAX } from '../../src/core/ledger.ts';

const id = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/);
const memberId = z.string().min(1).max(64);
const day = z.iso.date();
const reward = z.object({
  points: z.int().min(1).max(MOVEMENT_MAX).optional(),
  templateId: z.string().max(10).optional().describe('a coupon of this template'),
});
const daysAround = z.int().min(0).max(180);

export const BenefitShape = z
  .object({
    id,
    name: z.string().min(1).max(200),
    when: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('birthday'), daysBefore: daysAround, daysAfter: daysAround }),
      z.object({
        kind: z.literal('dates'),
        spans: z
          .array(z.object({ from: day, to: day }))
          .min(1)
          .max(100),
      }),
      z.object({ kind: z.literal('month_days'), days: z.array(z.int().min(1).max(31)).min(1).max(31) }),
    ]),
    tiers: z.array(z.string().max(64)).max(50).nullable(),
    give: reward,
    active: z.boolean(),
  })
  .meta({ id: 'Benefit' });
export const BenefitList = z.object({ benefits: z.array(BenefitShape) }).meta({ id: 'Benefits' });
export const BenefitsGiven = z.object({ given: z.record(z.string(), z.int()) }).meta({ id: 'BenefitsGiven' });

export const ReferralTermsShape = z
  .object({
    version: z.string().min(1).max(64),
    returnDays: z.int().min(0).max(366),
    fromMinor: z.record(z.string().regex(/^[A-Z]{3}$/), z.int().min(0)),
    referrer: reward,
    friend: reward,
  })
  .meta({ id: 'ReferralTerms' });
export const CurrentTerms = z
  .object({ terms: ReferralTermsShape.nullable() })
  .meta({ id: 'CurrentReferralTerms' });
export const ReferralShape = z.object({ friendId: memberId, referrerId: memberId }).meta({ id: 'Referral' });
export const ReferralsPaid = z.object({ paid: z.int() }).meta({ id: 'ReferralsPaid' });

export const DrawShape = z
  .object({
    id,
    name: z.string().min(1).max(200),
    prizes: z
      .array(z.object({ id, name: z.string().min(1).max(200), count: z.int().min(1).max(10_000) }))
      .min(1)
      .max(50),
    oncePerMember: z.boolean(),
    rewards: z.record(z.string(), reward),
  })
  .meta({ id: 'Draw' });
export const DrawParams = z.object({ drawId: z.string().max(64) });
export const TicketsAsked = z.object({ key: id, memberId, count: z.int().min(1).max(100).default(1) });
export const TicketsMade = z.object({ tickets: z.array(z.int()) }).meta({ id: 'DrawTickets' });
export const DrawDay = z.object({ on: day });
export const DrawPage = z
  .object({
    draw: DrawShape,
    commitment: z.string().describe('SHA-256 of the seed, hex, known before the first ticket'),
    tickets: z.array(z.object({ no: z.int(), memberId: z.string() })),
    oddsBp: z.int().describe('of one ticket, in ten thousandths'),
    result: z
      .object({
        seed: z.string(),
        ticketsHash: z.string(),
        winners: z.array(z.object({ prizeId: z.string(), ticketNo: z.int(), memberId: z.string() })),
      })
      .nullable(),
  })
  .meta({ id: 'DrawPage' });
